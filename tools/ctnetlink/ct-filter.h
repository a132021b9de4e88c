/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): a filter in words, as terms for the kernel. */
#ifndef POM_CT_FILTER_H
#define POM_CT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/netfilter/nf_ctnetlink.h>

struct filter {
	unsigned int count;
	struct nf_ctnetlink_term term[NF_CTNETLINK_TERMS_MAX];
};

/*
 * Reads "[not] KEY VALUE[,VALUE]..." and so on, all @argc words. Returns NULL,
 * or what is wrong, until the next call.
 */
const char *filter_read(struct filter *filter, int argc, char **argv);

/* Reads "N" or "N/MASK". Returns false for others. */
bool read_masked(const char *text, uint32_t *value, uint32_t *mask);

/* Reads seconds, or a number with s, m, h or d. Returns false for others. */
bool read_seconds(const char *text, uint64_t *seconds);

#endif
