/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The expectations of one helper in one namespace: at most as many as there are
 * slots. The caller serializes all calls for the same slots.
 */
#ifndef POM_NF_AUTOHELPER_CORE_SLOTS_H
#define POM_NF_AUTOHELPER_CORE_SLOTS_H

#include <linux/overflow.h>
#include <linux/siphash.h>
#include <net/netfilter/nf_conntrack_expect.h>

/**
 * struct ah_slot - space for an expectation
 * @exp: the expectation, with a reference; NULL for none
 * @number: counts up, modulo 2^32: the least is the oldest
 * @host: hash of the client of its master
 */
struct ah_slot {
	struct nf_conntrack_expect *exp;
	u32 number;
	u8 host;
};

/**
 * struct ah_slots - all of them
 * @key: of ah_slot.host: no host can choose one with which it shares a hash
 * @number: of the last expectation
 * @next: a slot that is probably free
 * @n: of @slot
 * @slot: the slots
 */
struct ah_slots {
	siphash_key_t key;
	u32 number;
	unsigned int next;
	unsigned int n;
	struct ah_slot slot[];
};

/**
 * ah_slots_size() - the size of struct ah_slots
 * @n: slots that it has
 */
static inline size_t ah_slots_size(unsigned int n)
{
	return struct_size((struct ah_slots *)NULL, slot, n);
}

void ah_slots_init(struct ah_slots *s, unsigned int n);
struct ah_slot *ah_slots_free(struct ah_slots *s);
struct ah_slot *ah_slots_find(struct ah_slots *s);
bool ah_slot_evict(struct ah_slot *slot);
void ah_slots_set(struct ah_slots *s, struct ah_slot *slot,
		  struct nf_conntrack_expect *exp);
void ah_slots_empty(struct ah_slots *s);

#endif
