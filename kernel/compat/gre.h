/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of GRE connections. A GRE packet of PPTP has the call id of its
 * receiver only. The kernel's keymap has the id of the sender for it, so that
 * both directions are one connection.
 *
 * The kernel keeps one pair of keys with a connection: in the data of its
 * helper, as struct nf_ct_pptp_master. A call that needs keys has a holder: a
 * template, which no packet ever has, with a helper extension and without a
 * helper.
 */
#ifndef POM_COMPAT_GRE_H
#define POM_COMPAT_GRE_H

#include <linux/netfilter/nf_conntrack_pptp.h>
#include <linux/netfilter/nf_conntrack_proto_gre.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include <net/netfilter/nf_conntrack_helper.h>

/*
 * The kernel frees the keys of the master of each GRE connection that ends. So
 * the data of a helper that expects GRE connections must be 0 from here on.
 */
#define POM_GRE_DATA_MAX	offsetof(struct nf_ct_pptp_master, keymap)

/**
 * pom_gre_holder_free() - free a holder, and its keys
 * @holder: from pom_gre_holder_alloc(); NULL is allowed
 *
 * Any context.
 */
static inline void pom_gre_holder_free(struct nf_conn *holder)
{
	if (!holder)
		return;
	nf_ct_gre_keymap_destroy(holder);
	nf_ct_tmpl_free(holder);
}

static inline bool pom_gre_keymap_add(struct nf_conn *holder,
				      const struct nf_conntrack_tuple *orig,
				      const struct nf_conntrack_tuple *reply)
{
#ifdef HAVE_GRE_KEYMAP_PAIR
	return nf_ct_gre_keymap_add(holder, orig, reply);
#else
	struct nf_conntrack_tuple t[IP_CT_DIR_MAX] = { *orig, *reply };

	return nf_ct_gre_keymap_add(holder, IP_CT_DIR_ORIGINAL,
				    &t[IP_CT_DIR_ORIGINAL]) == 0 &&
	       nf_ct_gre_keymap_add(holder, IP_CT_DIR_REPLY,
				    &t[IP_CT_DIR_REPLY]) == 0;
#endif
}

/**
 * pom_gre_holder_alloc() - add the keys of a GRE connection
 * @net: the network namespace
 * @zone: of the connection; the kernel does not compare it
 * @orig: a packet of one direction, with both keys
 * @reply: one of the other direction
 * @gfp: of the holder. The keys are GFP_ATOMIC
 *
 * Any context.
 *
 * Return: the holder, or NULL where memory is short.
 */
static inline struct nf_conn *
pom_gre_holder_alloc(struct net *net, const struct nf_conntrack_zone *zone,
		     const struct nf_conntrack_tuple *orig,
		     const struct nf_conntrack_tuple *reply, gfp_t gfp)
{
	struct nf_conn *holder = nf_ct_tmpl_alloc(net, zone, gfp);

	if (!holder)
		return NULL;
	if (!nf_ct_helper_ext_add(holder, gfp)) {
		nf_ct_tmpl_free(holder);
		return NULL;
	}
#ifdef HAVE_CT_EXT_GEN_ID
	/* Found until the end: what the extension has refers to no module. */
	holder->ext->gen_id = 0;
#endif
	if (pom_gre_keymap_add(holder, orig, reply))
		return holder;
	pom_gre_holder_free(holder);
	return NULL;
}

#endif /* POM_COMPAT_GRE_H */
