// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often each pattern of a set was found. Each CPU has counters of its own,
 * so that packets on several CPUs do not write to the same cache line.
 */
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include "string/xt_string/set.h"

/*
 * The counters take no more memory than the patterns: to keep that limit, some
 * CPUs share counters.
 */
static u32 string_counts_shards(const struct string_patterns *p, size_t size)
{
	u32 shards = roundup_pow_of_two(nr_cpu_ids);

	while (shards > 1 && shards * size > p->memory)
		shards /= 2;
	return shards;
}

static struct string_counts *string_counts_alloc(size_t size)
{
	struct string_counts *c = kvzalloc(size, GFP_KERNEL_ACCOUNT);

	if (c)
		c->last = STRING_SET_NONE;
	return c;
}

/**
 * string_counts_create - make the counters of patterns
 * @p: the patterns; @memory includes everything but the counters
 *
 * Process context. string_counts_free() frees also what is incomplete.
 *
 * Return: 0; -ENOMEM; -ENOSPC: the namespace may load no more at once
 */
int string_counts_create(struct string_patterns *p)
{
	size_t size = ALIGN(sizeof(struct string_counts) +
			    p->set.count * sizeof(atomic64_t),
			    SMP_CACHE_BYTES);
	u32 shards = string_counts_shards(p, size), i;
	size_t all = shards * (size + sizeof(*p->counts));
	int err = string_loading_add(p->sn, all);

	if (err)
		return err;
	p->memory += all;
	p->counts = kcalloc(shards, sizeof(*p->counts), GFP_KERNEL_ACCOUNT);
	if (!p->counts)
		return -ENOMEM;
	p->shards = shards;
	for (i = 0; i < shards; i++) {
		p->counts[i] = string_counts_alloc(size);
		if (!p->counts[i])
			return -ENOMEM;
	}
	return 0;
}

void string_counts_free(struct string_patterns *p)
{
	u32 i;

	for (i = 0; i < p->shards; i++)
		kvfree(p->counts[i]);
	kfree(p->counts);
}

/* Counts a pattern that was found in a packet. Any context. */
void string_counts_hit(struct string_patterns *p, u32 number)
{
	struct string_counts *c;
	unsigned long now = jiffies;

	c = p->counts[raw_smp_processor_id() & (p->shards - 1)];
	atomic64_inc(&c->hits[number]);
	if (READ_ONCE(c->last) != number)
		WRITE_ONCE(c->last, number);
	if (READ_ONCE(c->when) != now)
		WRITE_ONCE(c->when, now);
}

u64 string_counts_sum(const struct string_patterns *p, u32 number)
{
	u64 sum = p->entries[number].hits;
	u32 i;

	for (i = 0; i < p->shards; i++)
		sum += atomic64_read(&p->counts[i]->hits[number]);
	return sum;
}

/* The last pattern that was found, or STRING_SET_NONE. */
u32 string_counts_last(const struct string_patterns *p)
{
	u32 last = STRING_SET_NONE, other, i;
	unsigned long when = 0, then;

	for (i = 0; i < p->shards; i++) {
		other = READ_ONCE(p->counts[i]->last);
		then = READ_ONCE(p->counts[i]->when);
		if (other == STRING_SET_NONE ||
		    (last != STRING_SET_NONE && !time_after(then, when)))
			continue;
		last = other;
		when = then;
	}
	return last;
}
