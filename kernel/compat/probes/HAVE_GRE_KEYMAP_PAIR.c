// SPDX-License-Identifier: GPL-2.0-only
/* 2026: nf_ct_gre_keymap_add() adds the keys of both directions at once. */
/* no: (incompatible|makes integer from pointer|makes pointer from integer) */
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include <linux/netfilter/nf_conntrack_proto_gre.h>

bool probe(struct nf_conn *ct, const struct nf_conntrack_tuple *t);

bool probe(struct nf_conn *ct, const struct nf_conntrack_tuple *t)
{
	return nf_ct_gre_keymap_add(ct, t, t);
}
