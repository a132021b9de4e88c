/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests/debug/kernel adds to the barriers of User Mode Linux. A load that acquires and a store that releases are full barriers
 * there, three in the way of each packet; on the processors that it runs on they only bind the compiler (x86 does not reorder loads
 * with loads, nor stores with stores), and times measured on it are to be those of x86. Kernels that look for mistakes are left alone.
 */
#ifndef CONFIG_PROVE_LOCKING
#define __smp_mb()	asm volatile("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
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
