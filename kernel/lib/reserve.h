/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects that packets allocate in a memory cgroup that is full.
 *
 * A packet cannot wait until the kernel has reclaimed memory of the cgroup, for
 * example its page cache. Some kernels cannot charge a packet's memory at all
 * (POM_MEMCG_PACKET is 0). A reserve has a few objects that a worker has
 * allocated and charged. It is refilled when packets have taken half of it.
 */
#ifndef POM_LIB_RESERVE_H
#define POM_LIB_RESERVE_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct mem_cgroup;

/**
 * struct pom_reserve - objects of one size
 * @lock: guards @first, @count, @wanted and @closing
 * @first: the objects; each begins with a pointer to the next one
 * @count: how many
 * @wanted: how many there should be; doubles when packets have taken all
 * @max: most of @wanted
 * @closing: pom_reserve_free() has begun: the worker stops
 * @wait: jiffies until the next refill; over 0 after one that failed
 * @size: bytes of an object
 * @memcg: pays for them; NULL if nobody does. The caller has a reference.
 * @refill: allocates them
 */
struct pom_reserve {
	spinlock_t lock; /* guards first, count, wanted and closing */
	void *first;
	unsigned int count;
	unsigned int wanted;
	unsigned int max;
	bool closing;
	unsigned long wait;
	size_t size;
	struct mem_cgroup *memcg;
	struct delayed_work refill;
};

void pom_reserve_init(struct pom_reserve *r, size_t size, unsigned int min,
		      unsigned int max, struct mem_cgroup *memcg);
void pom_reserve_prefill(struct pom_reserve *r);
void *pom_reserve_take(struct pom_reserve *r);
void *pom_reserve_alloc(struct pom_reserve *r);
void pom_reserve_free(struct pom_reserve *r);

#endif /* POM_LIB_RESERVE_H */
