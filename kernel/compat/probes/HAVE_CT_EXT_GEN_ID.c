// SPDX-License-Identifier: GPL-2.0-only
/*
 * From 5.19 to 2026: the extensions of an unconfirmed connection are not found
 * any more once a module that connections may refer to has been unloaded.
 */
/* no: no member named .*gen_id */
#include <net/netfilter/nf_conntrack_extend.h>

unsigned int probe(const struct nf_ct_ext *ext);

unsigned int probe(const struct nf_ct_ext *ext)
{
	return ext->gen_id;
}
