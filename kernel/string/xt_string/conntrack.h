/* SPDX-License-Identifier: GPL-2.0-only */
/* What conntrack has decided about a TCP segment. */
#ifndef POM_XT_STRING_CONNTRACK_H
#define POM_XT_STRING_CONNTRACK_H

#include "string/xt_string/internal.h"

struct nf_conn;

bool string_ct_accepts(const struct sk_buff *skb, unsigned int hook, u8 family,
		       const struct tcphdr *th, const struct string_window *w,
		       struct nf_conn *ct, u8 dir);
bool string_ct_closed(const struct nf_conn *ct);
u32 string_ct_acked(const struct nf_conn *ct, u8 dir, u32 seq);

#endif /* POM_XT_STRING_CONNTRACK_H */
