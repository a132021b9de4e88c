// SPDX-License-Identifier: GPL-2.0-only
/* Filters, from the terms of a user. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ctnetlink/filter.h"
#include "ctnetlink/nf_ctnetlink/internal.h"

/**
 * pom_ctn_filter_create() - a filter of some terms
 * @terms: struct nf_ctnetlink_term[]; at any address
 * @len: bytes; 0 selects all connections
 * @wrong: with -EINVAL, what is wrong with them
 *
 * Process context; sleeps.
 *
 * Return: for kfree(); -EINVAL or -ENOMEM
 */
struct ctn_filter *pom_ctn_filter_create(const void *terms, unsigned int len,
					 const char **wrong)
{
	struct ctn_filter *filter;
	unsigned int bad;

	if (len % sizeof(*filter->term)) {
		*wrong = "the last term is not complete";
		return ERR_PTR(-EINVAL);
	}
	filter = kzalloc(sizeof(*filter) + len, GFP_KERNEL_ACCOUNT);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	filter->count = len / sizeof(*filter->term);
	if (len)
		memcpy(filter->term, terms, len);
	*wrong = ctn_filter_check(filter, &bad);
	if (!*wrong)
		return filter;
	kfree(filter);
	return ERR_PTR(-EINVAL);
}
EXPORT_SYMBOL_GPL(pom_ctn_filter_create);

/**
 * pom_ctn_filter_selects() - compare a connection with all terms
 * @filter: of pom_ctn_filter_create()
 * @ct: the connection, with a reference, or in an event of it
 * @dead: it ended some time ago, and the module of its helper may be gone
 *
 * Any context.
 *
 * Return: false also where a fact is missing that decides
 */
bool pom_ctn_filter_selects(const struct ctn_filter *filter,
			    const struct nf_conn *ct, bool dead)
{
	struct ctn_facts facts;
	enum ctn_result result;
	unsigned int lacks;

	if (!filter->count)
		return true;
	facts.has = 0;
	ctn_facts_basic(&facts, ct);
	/* the name of a helper */
	rcu_read_lock();
	if (filter->needs)
		ctn_facts_more(&facts, ct, dead ?
			       filter->needs & ~CTN_HAS_MORE : filter->needs);
	result = ctn_filter_match(filter, &facts, &lacks);
	rcu_read_unlock();
	return result == CTN_YES;
}
EXPORT_SYMBOL_GPL(pom_ctn_filter_selects);
