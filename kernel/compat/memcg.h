/* SPDX-License-Identifier: GPL-2.0-only */
/* Charging memory to the memory cgroup of the task that created an object. */
#ifndef POM_COMPAT_MEMCG_H
#define POM_COMPAT_MEMCG_H

#include <linux/gfp.h>
#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

/*
 * pom_memcg_enter(), pom_memcg_leave() - charge allocations to a cgroup
 * @memcg: from get_mem_cgroup_from_mm(), or NULL
 * @old: what pom_memcg_enter() returned
 *
 * In between, allocations with __GFP_ACCOUNT are charged to @memcg, also in a
 * worker. Where POM_MEMCG_PACKET is 1, they are in the packet path, too.
 * 5.10 does not export int_active_memcg to modules. With PREEMPT_RT it belongs
 * to a CPU on which several softirqs may take turns.
 */
#if defined(HAVE_INT_ACTIVE_MEMCG) && !defined(CONFIG_PREEMPT_RT)
#define POM_MEMCG_PACKET	1

static inline struct mem_cgroup *pom_memcg_enter(struct mem_cgroup *memcg)
{
	return set_active_memcg(memcg);
}

static inline void pom_memcg_leave(struct mem_cgroup *old)
{
	set_active_memcg(old);
}
#else
#define POM_MEMCG_PACKET	0

static inline struct mem_cgroup *pom_memcg_enter(struct mem_cgroup *memcg)
{
	struct mem_cgroup *old = NULL;

#ifdef CONFIG_MEMCG
	if (!in_interrupt()) {
		old = current->active_memcg;
		current->active_memcg = memcg;
	}
#endif
	return old;
}

static inline void pom_memcg_leave(struct mem_cgroup *old)
{
#ifdef CONFIG_MEMCG
	if (!in_interrupt())
		current->active_memcg = old;
#endif
}
#endif

#endif /* POM_COMPAT_MEMCG_H */
