// SPDX-License-Identifier: GPL-2.0-only
/* Init and exit of the NAT half of a helper. */

#include <linux/rcupdate.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_helper.h>

#include "lib/helper_nat.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

/*
 * A merged UDP packet cannot change its length, because it is several packets
 * again further on.
 */
static bool can_replace(const struct pom_packet *p, unsigned int len,
			unsigned int n)
{
	if (n != len && p->helper->l4proto == IPPROTO_UDP &&
	    skb_is_gso(p->skb))
		return false;
	/* Connections that had the helper when NAT began have this. */
	if (n != len && p->helper->l4proto == IPPROTO_TCP &&
	    !nfct_seqadj(p->ct))
		return false;
	return p->skb->len - len + n <= U16_MAX;
}

static bool replace(const struct pom_packet *p, unsigned int off,
		    unsigned int len, const u8 *bytes, unsigned int n)
{
	enum ip_conntrack_info ctinfo = p->dir == IP_CT_DIR_ORIGINAL ?
					IP_CT_ESTABLISHED :
					IP_CT_ESTABLISHED_REPLY;

	if (!can_replace(p, len, n))
		return false;
	if (p->helper->l4proto == IPPROTO_UDP)
		return nf_nat_mangle_udp_packet(p->skb, p->ct, ctinfo,
						p->protoff, off, len,
						(const char *)bytes, n);
	return __nf_nat_mangle_tcp_packet(p->skb, p->ct, ctinfo, p->protoff,
					  off, len, (const char *)bytes, n,
					  false);
}

/*
 * The kernel knows one place of a correction. What begins there, or in front of
 * it, keeps the numbers that it had. What begins behind it gets the new ones.
 */
static void resized(const struct pom_packet *p, u32 seq, int grown)
{
	nf_ct_seqadj_set(p->ct, p->dir == IP_CT_DIR_ORIGINAL ?
			 IP_CT_ESTABLISHED : IP_CT_ESTABLISHED_REPLY,
			 htonl(seq), grown);
}

/*
 * Only the destination: rules of POSTROUTING decide about the source, as for
 * any other connection.
 */
static void follow_any(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *sender =
		&ct->master->tuplehash[!exp->dir].tuple;
	struct nf_nat_range2 range = {
		.flags		= NF_NAT_RANGE_MAP_IPS |
				  NF_NAT_RANGE_PROTO_SPECIFIED,
		.min_addr	= sender->src.u3,
		.max_addr	= sender->src.u3,
		.min_proto	= exp->saved_proto,
		.max_proto	= exp->saved_proto,
	};

	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);
}

/* Rules of PREROUTING may change the destination besides. */
static void follow_source(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *back =
		&ct->master->tuplehash[!exp->dir].tuple;
	struct nf_nat_range2 range = {
		.flags		= NF_NAT_RANGE_MAP_IPS,
		.min_addr	= back->dst.u3,
		.max_addr	= back->dst.u3,
	};

	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}

static void map_end(struct nf_conn *ct, const union nf_inet_addr *addr,
		    __be16 id, enum nf_nat_manip_type type)
{
	struct nf_nat_range2 range = {
		.flags		= NF_NAT_RANGE_MAP_IPS |
				  NF_NAT_RANGE_PROTO_SPECIFIED,
		.min_addr	= *addr,
		.max_addr	= *addr,
		.min_proto.all	= id,
		.max_proto.all	= id,
	};

	nf_nat_setup_info(ct, &range, type);
}

static void map(struct nf_conn *ct, const struct pom_mapping *to)
{
	map_end(ct, &to->src, to->src_id, NF_NAT_MANIP_SRC);
	map_end(ct, &to->dst, to->dst_id, NF_NAT_MANIP_DST);
}

static const struct pom_nat nat = {
	.follow		= nf_nat_follow_master,
	.follow_any	= follow_any,
	.follow_source	= follow_source,
	.map		= map,
	.replace	= replace,
	.resized	= resized,
};

static struct nf_conntrack_nat_helper registered[POM_NAT_HELPERS];

static int __init pom_nat_init(void)
{
	struct nf_conntrack_nat_helper *r = registered;
	struct pom_helper *h;
	unsigned int n = 0;

	for (h = pom_nat_of; h; h = h->next)
		n++;
	if (n > ARRAY_SIZE(registered))
		return -EINVAL;
	for (h = pom_nat_of; h; h = h->next, r++) {
		r->module = THIS_MODULE;
		snprintf(r->mod_name, sizeof(r->mod_name),
			 NF_NAT_HELPER_NAME("%s"), h->name);
		nf_nat_helper_register(r);
		rcu_assign_pointer(h->nat, &nat);
	}
	return 0;
}

/*
 * Helpers of other modules use nf_nat_follow_master(), too. Called under
 * nf_conntrack_expect_lock.
 */
static bool needs_nat_half(struct nf_conntrack_expect *exp, void *data)
{
	struct pom_helper *h;

	for (h = pom_nat_of; h; h = h->next)
		if (h->expectfn && exp->expectfn == h->expectfn)
			return true;
	if (exp->expectfn == nat.follow_any ||
	    exp->expectfn == nat.follow_source)
		return true;
	if (exp->expectfn != nat.follow)
		return false;
	for (h = pom_nat_of; h; h = h->next)
		if (pom_expect_is_of(exp, h))
			return true;
	return false;
}

/*
 * An expectation may exist for minutes. The kernel's NAT module, which has
 * nf_nat_follow_master(), may be unloaded after this one.
 */
static void __exit pom_nat_exit(void)
{
	struct nf_conntrack_nat_helper *r = registered;
	struct pom_helper *h;

	for (h = pom_nat_of; h; h = h->next, r++) {
		nf_nat_helper_unregister(r);
		RCU_INIT_POINTER(h->nat, NULL);
	}
	/* Until no packet adds expectations of this module. */
	synchronize_rcu();
	nf_ct_expect_iterate_destroy(needs_nat_half, NULL);
	/* Until no packet uses one that it has found before. */
	synchronize_rcu();
}

module_init(pom_nat_init);
module_exit(pom_nat_exit);
