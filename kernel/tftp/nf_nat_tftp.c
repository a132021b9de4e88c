// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the TFTP helper. No packet carries an address, so there is
 * nothing to rewrite: the transfer that answers a request is mapped as the
 * request was.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/rcupdate.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_helper.h>

#include "tftp/nf_conntrack_tftp.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("NAT for the TFTP connection tracking helper");
MODULE_LICENSE("GPL");
/* The alias is the classic name too: ip_nat_tftp. */
MODULE_ALIAS_NF_NAT_HELPER("tftp");

static struct nf_conntrack_nat_helper tftp_nat_helper =
	NF_CT_NAT_HELPER_INIT("tftp");

/*
 * The expected packet travels in the reply direction: its destination is the
 * address and port that the client really has, and comes from the address that the
 * client has asked.
 */
static void tftp_nat_prepare(const struct nf_conn *ct,
			     struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *request =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	exp->saved_proto.udp.port = request->src.u.udp.port;
	exp->dir = IP_CT_DIR_REPLY;
	exp->expectfn = nf_nat_follow_master;
}

static int __init nf_nat_tftp_init(void)
{
	nf_nat_helper_register(&tftp_nat_helper);
	rcu_assign_pointer(pom_nat_tftp_prepare, tftp_nat_prepare);
	return 0;
}

static void __exit nf_nat_tftp_exit(void)
{
	nf_nat_helper_unregister(&tftp_nat_helper);
	RCU_INIT_POINTER(pom_nat_tftp_prepare, NULL);
	synchronize_rcu();
}

module_init(nf_nat_tftp_init);
module_exit(nf_nat_tftp_exit);
