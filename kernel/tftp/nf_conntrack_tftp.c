// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TFTP helper attached to its ports, where an administrator loads this
 * module. No request of the kernel leads here: nf_conntrack_tftp_core serves
 * those.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "autohelper/nf_autohelper.h"
#include "tftp/nf_conntrack_tftp.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("TFTP connection tracking helper, attached to ports");
MODULE_LICENSE("GPL");
MODULE_ALIAS("ip_conntrack_tftp");
MODULE_SOFTDEP("post: nf_nat_tftp");

static unsigned short ports[NF_AUTOHELPER_PORTS];
static unsigned int n_ports;
module_param_array(ports, ushort, &n_ports, 0400);
MODULE_PARM_DESC(ports, "ports of TFTP servers, up to 8 (default 69)");

static int __init nf_conntrack_tftp_init(void)
{
	return nf_autohelper_attach(&pom_tftp_helper, ports, n_ports);
}

static void __exit nf_conntrack_tftp_exit(void)
{
	nf_autohelper_detach(&pom_tftp_helper);
}

module_init(nf_conntrack_tftp_init);
module_exit(nf_conntrack_tftp_exit);
