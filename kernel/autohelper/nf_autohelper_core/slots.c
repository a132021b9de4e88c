// SPDX-License-Identifier: GPL-2.0-only
/* The expectations of one helper in one namespace, see slots.h. */

#include <linux/random.h>
#include <net/netfilter/nf_conntrack.h>

#include "autohelper/nf_autohelper_core/slots.h"
#include "compat/conntrack.h"
#include "lib/helper.h"

/* Hosts that share this many bits of a hash count as one. */
#define HOST_BITS	8

/**
 * ah_slots_init() - begin with free slots
 * @s: zeroed memory
 * @n: slots that it has
 */
void ah_slots_init(struct ah_slots *s, unsigned int n)
{
	get_random_bytes(&s->key, sizeof(s->key));
	s->n = n;
}

/* A host can have all addresses of an IPv6 network of 64 bits. */
static u8 host_of(const struct ah_slots *s, const struct nf_conn *master)
{
	const struct nf_conntrack_tuple *tuple = nf_ct_tuple(master,
							     IP_CT_DIR_ORIGINAL);
	u64 addr = (__force u32)tuple->src.u3.ip;

	if (nf_ct_l3num(master) == NFPROTO_IPV6)
		memcpy(&addr, &tuple->src.u3.in6, sizeof(addr));
	return siphash_1u64(addr, &s->key) >> (64 - HOST_BITS);
}

/* The reference of its slot is the last one of an expectation that ended. */
static bool is_free(const struct ah_slot *slot)
{
	return !slot->exp || refcount_read(&slot->exp->use) == 1;
}

/*
 * The oldest expectation of the host that has the most: a host that has many
 * connections ends what it has opened itself. Before that, one that has expired
 * and that the kernel has not removed yet. No slot is free.
 */
static struct ah_slot *find_victim(struct ah_slots *s)
{
	u16 count[1 << HOST_BITS] = { 0 };
	struct ah_slot *slot, *ret = NULL;
	u16 most = 0;

	for (slot = s->slot; slot < s->slot + s->n; slot++) {
		if (pom_expect_left(slot->exp) < 0)
			return slot;
		most = max(most, ++count[slot->host]);
	}
	for (slot = s->slot; slot < s->slot + s->n; slot++) {
		if (count[slot->host] == most &&
		    (!ret || (s32)(slot->number - ret->number) < 0))
			ret = slot;
	}
	return ret;
}

/**
 * ah_slots_free() - find a free slot
 * @s: the slots
 *
 * Return: NULL if there is none.
 */
struct ah_slot *ah_slots_free(struct ah_slots *s)
{
	struct ah_slot *slot;

	if (is_free(&s->slot[s->next]))
		return &s->slot[s->next];
	for (slot = s->slot; slot < s->slot + s->n; slot++) {
		if (is_free(slot))
			return slot;
	}
	return NULL;
}

/**
 * ah_slots_find() - find a slot for a new expectation
 * @s: the slots
 *
 * Return: a free slot, or the one to evict; ah_slot_evict() does so.
 */
struct ah_slot *ah_slots_find(struct ah_slots *s)
{
	return ah_slots_free(s) ?: find_victim(s);
}

static void put_slot(struct ah_slot *slot)
{
	if (slot->exp)
		nf_ct_expect_put(slot->exp);
	slot->exp = NULL;
}

/**
 * ah_slot_evict() - make a slot free
 * @slot: the slot
 *
 * BH off, nf_conntrack_expect_lock not held.
 *
 * Return: whether an expectation was removed for that.
 */
bool ah_slot_evict(struct ah_slot *slot)
{
	bool ret = !is_free(slot);

	if (ret)
		pom_expect_remove(slot->exp);
	put_slot(slot);
	return ret;
}

/**
 * ah_slots_set() - remember an expectation
 * @s: the slots
 * @slot: a free one of them, after ah_slot_evict()
 * @exp: the expectation; its slot has a reference on it
 */
void ah_slots_set(struct ah_slots *s, struct ah_slot *slot,
		  struct nf_conntrack_expect *exp)
{
	refcount_inc(&exp->use);
	slot->exp = exp;
	slot->number = ++s->number;
	slot->host = host_of(s, exp->master);
	s->next = (slot - s->slot + 1) % s->n;
}

/**
 * ah_slots_empty() - forget all expectations, and let them exist
 * @s: the slots
 */
void ah_slots_empty(struct ah_slots *s)
{
	unsigned int i;

	for (i = 0; i < s->n; i++)
		put_slot(&s->slot[i]);
}
