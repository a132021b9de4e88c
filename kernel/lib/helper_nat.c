// SPDX-License-Identifier: GPL-2.0-only
/* Init and exit of the NAT half of a helper. */

#include <linux/rcupdate.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_helper.h>

#include "lib/helper_nat.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_LICENSE("GPL");

static const struct pom_nat nat = {
	.follow	= nf_nat_follow_master,
};

static struct nf_conntrack_nat_helper registered = {
	.module	= THIS_MODULE,
};

static int __init pom_nat_init(void)
{
	snprintf(registered.mod_name, sizeof(registered.mod_name),
		 NF_NAT_HELPER_NAME("%s"), pom_nat_of->name);
	nf_nat_helper_register(&registered);
	rcu_assign_pointer(pom_nat_of->nat, &nat);
	return 0;
}

static void __exit pom_nat_exit(void)
{
	nf_nat_helper_unregister(&registered);
	RCU_INIT_POINTER(pom_nat_of->nat, NULL);
	synchronize_rcu();
}

module_init(pom_nat_init);
module_exit(pom_nat_exit);
