/* SPDX-License-Identifier: GPL-2.0-only */
/* How an address is found in a list; in line, since each packet does it. */
#ifndef POM_XT_RECENT_FIND_H
#define POM_XT_RECENT_FIND_H

#include <linux/rculist.h>
#include <linux/string.h>
#include "recent/parser.h"
#include "recent/xt_recent/recent.h"

static __always_inline u64 recent_word(const __u32 half[2])
{
	u64 word;

	memcpy(&word, half, sizeof(word));
	return word;
}

/* An IPv4 address as the first word of a key. */
static __always_inline u64 recent_word4(__be32 ip)
{
	u64 word = (__force u32)ip;

	return IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? word << 32 : word;
}

/**
 * recent_list_key - the key under which an address is in a list
 * @list: the list
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: the address; of IPv4, only the first word is looked at
 */
static __always_inline struct recent_key
recent_list_key(const struct recent_list *list, u8 family,
		const union nf_inet_addr *addr)
{
	u64 word0, word1 = 0;

	if (family == NFPROTO_IPV4) {
		word0 = recent_word4(addr->ip & list->mask[0].ip);
	} else {
		word0 = recent_word(&addr->all[0]) &
			recent_word(&list->mask[1].all[0]);
		word1 = recent_word(&addr->all[2]) &
			recent_word(&list->mask[1].all[2]);
	}
	return (struct recent_key){
		.word	= { word0, word1 },
		.hash	= recent_hash(&list->secret, word0, word1),
		.family	= family,
	};
}

static inline struct recent_key recent_entry_key(const struct recent_entry *e)
{
	return (struct recent_key){
		.word	= { e->word[0], e->word[1] },
		.hash	= e->hash,
		.family	= e->family,
	};
}

static __always_inline struct recent_entry *
recent_bucket_find(struct recent_buckets *table, const struct recent_key *key)
{
	struct recent_entry *e;

	hlist_for_each_entry_rcu(e, &table->bucket[key->hash >> table->shift],
				 node, true)
		if (e->word[0] == key->word[0] && e->word[1] == key->word[1] &&
		    e->family == key->family)
			return e;
	return NULL;
}

/**
 * recent_table_find - look an address up
 * @list: where
 * @key: the address
 *
 * Any context, under rcu_read_lock(), which keeps the entry's memory; that it
 * is still in the list is known under its lock.
 *
 * Return: the entry, or NULL if there is none
 */
static __always_inline struct recent_entry *
recent_table_find(struct recent_list *list, const struct recent_key *key)
{
	/* Before the table: pairs with recent_table_move(). */
	unsigned int resizes = smp_load_acquire(&list->resizes);
	struct recent_entry *e;

	e = recent_bucket_find(rcu_dereference(list->table), key);
	if (e)
		return e;
	smp_rmb(); /* the chain, then whether an entry could leave it */
	if (unlikely(resizes & 1 || READ_ONCE(list->resizes) != resizes))
		return recent_table_find_again(list, key->hash, key->family,
					       key->word[0], key->word[1]);
	return NULL;
}

#endif /* POM_XT_RECENT_FIND_H */
