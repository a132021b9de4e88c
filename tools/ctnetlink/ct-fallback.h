/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ct(8) without nf_ctnetlink: the same requests and answers, through the
 * kernel's own ctnetlink. The kernel sends all connections, and the program
 * compares, counts and changes them.
 */
#ifndef POM_CT_FALLBACK_H
#define POM_CT_FALLBACK_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_ctnetlink.h>

#include "ctnetlink/filter.h"
#include "ct-answer.h"

/*
 * Answers the request that is in @nlh. Reports an error as @what, and returns
 * the exit status.
 */
int fallback_converse(const struct nlmsghdr *nlh, struct answer *answer,
		      const char *what);

/* ct-fallback-record.c */

/*
 * Reads a connection of ctnetlink. The master has no id there, so that it is
 * left out. Returns false for other messages.
 */
bool fallback_record(struct connection *c, const struct nlmsghdr *nlh);

/* What a filter compares; points into @c, and is valid until the next call. */
void fallback_facts(struct ctn_facts *facts, const struct connection *c);

/* ct-fallback-groups.c */

struct fallback_groups {
	uint8_t by;		/* NF_CTNETLINK_GROUP_* */
	unsigned int count;
	uint64_t others;	/* connections in no group */
	void *tree;		/* of tsearch() */
	struct fallback_group *first;
};

void fallback_group_add(struct fallback_groups *groups,
			const struct connection *c,
			const struct ctn_facts *facts);

/* Passes them on, and frees them. */
void fallback_groups_end(struct fallback_groups *groups,
			 struct answer *answer);

/* ct-fallback-change.c */

struct fallback_change {
	struct mnl_socket *nl;
	bool delete, set_mark, set_timeout, set_labels;
	uint32_t mark, mark_mask, seconds;
	uint32_t labels[4], labels_mask[4];
};

/* Reads what the request changes, by the number of the attribute. */
void fallback_change_read(struct fallback_change *change,
			  const struct nlattr **attrs);

/* Changes the connection of @nlh, and counts it in @number. Exits on error. */
void fallback_change(const struct fallback_change *change,
		     const struct connection *c, const struct nlmsghdr *nlh,
		     uint64_t *number);

#endif
