// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the Amanda helper to its ports. Only an administrator loads this
 * module; a request of the kernel loads nf_conntrack_amanda_core.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "amanda/nf_conntrack_amanda.h"
#include "autohelper/nf_autohelper.h"
#include "lib/param.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Amanda connection tracking helper, attached to port 10080");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_amanda");
MODULE_SOFTDEP("post: nf_nat_amanda");

#define TIMEOUT_MAX	86400	/* seconds */

static unsigned short ports[NF_AUTOHELPER_PORTS];
static unsigned int n_ports;
module_param_array(ports, ushort, &n_ports, 0400);
MODULE_PARM_DESC(ports,
		 "ports of hosts that are backed up, up to 8 (default: 10080)");

static unsigned int master_timeout = 300;

static int master_timeout_set(const char *text, const struct kernel_param *kp)
{
	unsigned int seconds;

	if (kstrtouint(text, 0, &seconds) ||
	    !pom_param_is_valid("master_timeout", seconds, TIMEOUT_MAX))
		return -EINVAL;
	WRITE_ONCE(master_timeout, seconds);
	return 0;
}

static const struct kernel_param_ops master_timeout_ops = {
	.set	= master_timeout_set,
	.get	= param_get_uint,
};
module_param_cb(master_timeout, &master_timeout_ops, &master_timeout, 0600);
__MODULE_PARM_TYPE(master_timeout, "uint");
MODULE_PARM_DESC(master_timeout, "seconds that a conversation stays open after a reply, 1 to 86400 (default: 300)");

/* The kernel's module searches text; scripts name the algorithm. */
static char *ts_algo = "kmp";
module_param(ts_algo, charp, 0400);
MODULE_PARM_DESC(ts_algo, "accepted, without effect");

static int __init nf_conntrack_amanda_init(void)
{
	int ret = nf_autohelper_attach(&pom_amanda_helper, ports, n_ports);

	if (ret == 0)
		pom_amanda_set_timeout(&master_timeout);
	return ret;
}

static void __exit nf_conntrack_amanda_exit(void)
{
	pom_amanda_set_timeout(NULL);
	/* Waits until no packet reads the timeout of this module. */
	nf_autohelper_detach(&pom_amanda_helper);
}

module_init(nf_conntrack_amanda_init);
module_exit(nf_conntrack_amanda_exit);
