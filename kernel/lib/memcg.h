/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that packets and workers allocate.
 *
 * In process context GFP_KERNEL_ACCOUNT charges the current task. A packet or a
 * worker has no task to charge. So a module keeps the memory cgroup of the task
 * that created the rule or the namespace, and charges that.
 */
#ifndef POM_LIB_MEMCG_H
#define POM_LIB_MEMCG_H

#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "compat/memcg.h"

/**
 * pom_memcg_get() - the memory cgroup of the current task
 *
 * Process context.
 *
 * Return: with a reference for mem_cgroup_put(); NULL without memory cgroups
 */
static inline struct mem_cgroup *pom_memcg_get(void)
{
	return get_mem_cgroup_from_mm(current->mm);
}

/**
 * pom_memcg_can_charge() - whether the current context can charge a cgroup
 * @memcg: the cgroup; NULL, and there is nothing to charge
 */
static inline bool pom_memcg_can_charge(const struct mem_cgroup *memcg)
{
	return POM_MEMCG_PACKET || !memcg || !in_interrupt();
}

/**
 * pom_memcg_zalloc() - allocate zeroed memory, charged to a memory cgroup
 * @memcg: with a reference; NULL charges nobody
 * @size: bytes
 * @gfp: a packet says GFP_NOWAIT, which fails at the limit of the cgroup;
 *	GFP_ATOMIC would exceed it
 *
 * Any context. Where pom_memcg_can_charge() is false, this charges nobody.
 *
 * Return: memory for kfree(), or NULL
 */
static inline void *pom_memcg_zalloc(struct mem_cgroup *memcg, size_t size,
				     gfp_t gfp)
{
	struct mem_cgroup *old;
	void *p;

	if (!memcg || !pom_memcg_can_charge(memcg))
		return kzalloc(size, gfp);
	old = pom_memcg_enter(memcg);
	p = kzalloc(size, gfp | __GFP_ACCOUNT);
	pom_memcg_leave(old);
	return p;
}

#endif /* POM_LIB_MEMCG_H */
