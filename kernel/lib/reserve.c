// SPDX-License-Identifier: GPL-2.0-only
/* Objects for packets in a memory cgroup that is full, see reserve.h. */

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "lib/memcg.h"
#include "lib/reserve.h"

/* Jiffies between refills while they fail: the first and the longest pause. */
#define RESERVE_WAIT_MIN	(HZ / 10 + 1UL)
#define RESERVE_WAIT_MAX	(30UL * HZ)

/* The pointer to the next object. */
static void **next_of(void *object)
{
	return object;
}

static void reserve_add(struct pom_reserve *r, void *object)
{
	spin_lock_bh(&r->lock);
	*next_of(object) = r->first;
	r->first = object;
	r->count++;
	spin_unlock_bh(&r->lock);
}

static bool reserve_is_short(struct pom_reserve *r)
{
	bool is_short;

	spin_lock_bh(&r->lock);
	is_short = r->count < r->wanted && !r->closing;
	spin_unlock_bh(&r->lock);
	return is_short;
}

/**
 * pom_reserve_prefill() - fill the reserve before packets come
 * @r: the reserve
 *
 * Process context. The kernel reclaims memory of the cgroup where it can. At
 * the limit this stops without killing a process. It ends after one allocation
 * once pom_reserve_free() has begun.
 */
void pom_reserve_prefill(struct pom_reserve *r)
{
	unsigned int i;
	void *object;

	for (i = 0; i < r->max && reserve_is_short(r); i++) {
		object = pom_memcg_zalloc(r->memcg, r->size, GFP_KERNEL |
					  __GFP_NORETRY | __GFP_NOWARN);
		if (!object) {
			WRITE_ONCE(r->wait, clamp(2 * r->wait, RESERVE_WAIT_MIN,
						  RESERVE_WAIT_MAX));
			return;
		}
		reserve_add(r, object);
		cond_resched();
	}
	WRITE_ONCE(r->wait, 0);
}

static void reserve_refill(struct work_struct *work)
{
	pom_reserve_prefill(container_of(to_delayed_work(work),
					 struct pom_reserve, refill));
}

/**
 * pom_reserve_init() - prepare an empty reserve
 * @r: the reserve
 * @size: bytes of an object, at least those of a pointer
 * @min: how many objects it has after the first refill
 * @max: how many it has at most
 * @memcg: pays for them; NULL if nobody does. The caller keeps its reference
 *	until pom_reserve_free().
 */
void pom_reserve_init(struct pom_reserve *r, size_t size, unsigned int min,
		      unsigned int max, struct mem_cgroup *memcg)
{
	spin_lock_init(&r->lock);
	r->first = NULL;
	r->count = 0;
	r->wanted = min;
	r->max = max;
	r->closing = false;
	r->wait = 0;
	r->size = size;
	r->memcg = memcg;
	INIT_DELAYED_WORK(&r->refill, reserve_refill);
}

/**
 * pom_reserve_take() - take an object out of the reserve
 * @r: the reserve
 *
 * Any context. A worker refills the reserve; it waits after a failure.
 *
 * Return: zeroed memory for kfree(), or NULL
 */
void *pom_reserve_take(struct pom_reserve *r)
{
	void *object;

	spin_lock_bh(&r->lock);
	object = r->first;
	if (object) {
		r->first = *next_of(object);
		*next_of(object) = NULL;
		r->count--;
	} else {
		r->wanted = min(2 * r->wanted, r->max);
	}
	/* Under the lock: pom_reserve_free() cancels what was queued before. */
	if (r->count <= r->wanted / 2 && !r->closing)
		queue_delayed_work(system_dfl_wq, &r->refill,
				   READ_ONCE(r->wait));
	spin_unlock_bh(&r->lock);
	return object;
}

/**
 * pom_reserve_alloc() - allocate an object
 * @r: the reserve, which is used where the packet path cannot allocate
 *
 * Any context.
 *
 * Return: zeroed memory for kfree(), or NULL
 */
void *pom_reserve_alloc(struct pom_reserve *r)
{
	void *object = NULL;

	if (pom_memcg_can_charge(r->memcg))
		object = pom_memcg_zalloc(r->memcg, r->size,
					  GFP_NOWAIT | __GFP_NOWARN);
	return object ?: pom_reserve_take(r);
}

/**
 * pom_reserve_free() - free the objects of a reserve
 * @r: the reserve, which no packet uses any more
 *
 * Process context.
 */
void pom_reserve_free(struct pom_reserve *r)
{
	void *object;

	spin_lock_bh(&r->lock);
	r->closing = true;
	spin_unlock_bh(&r->lock);
	cancel_delayed_work_sync(&r->refill);
	while ((object = r->first)) {
		r->first = *next_of(object);
		kfree(object);
	}
	r->count = 0;
}
