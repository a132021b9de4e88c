/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tests/debug/kernel adds these barriers to User Mode Linux, for benchmarks.
 * Its own smp_load_acquire() and smp_store_release() are full barriers, three
 * on the path of each packet. On x86 both need only a compiler barrier, as the
 * CPU reorders neither loads with loads nor stores with stores. Debug kernels
 * keep the full barriers.
 */
#ifndef CONFIG_PROVE_LOCKING
#define __smp_mb()							\
	asm volatile("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define __smp_rmb()	barrier()
#define __smp_wmb()	barrier()

#define __smp_load_acquire(p)				\
({							\
	typeof(*(p)) loaded = READ_ONCE(*(p));		\
							\
	compiletime_assert_atomic_type(*(p));		\
	barrier();					\
	loaded;						\
})

#define __smp_store_release(p, v)			\
do {							\
	compiletime_assert_atomic_type(*(p));		\
	barrier();					\
	WRITE_ONCE(*(p), v);				\
} while (0)
#endif
