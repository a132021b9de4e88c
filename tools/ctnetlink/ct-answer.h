/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): what the answer to a request consists of. */
#ifndef POM_CT_ANSWER_H
#define POM_CT_ANSWER_H

#include <stdint.h>

#include <linux/netfilter/nf_ctnetlink.h>

#include "ct-print.h"

struct answer {
	void (*connection)(const struct connection *c, void *data);
	void (*group)(const struct nf_ctnetlink_group *group, void *data);
	void *data;	/* for both */
	/* By NF_CTNETLINK_A_*, of the last message. */
	uint64_t number[NF_CTNETLINK_A_MAX + 1];
};

#endif
