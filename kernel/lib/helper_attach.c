// SPDX-License-Identifier: GPL-2.0-only
/* Parameter, init and exit of a module that attaches a helper to ports. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "lib/helper_attach.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static unsigned short ports[NF_AUTOHELPER_PORTS];
static unsigned int n_ports;
module_param_array(ports, ushort, &n_ports, 0400);
MODULE_PARM_DESC(ports,
		 "ports of servers, up to 8 (default: the protocol's usual one)");

static int __init pom_attach_init(void)
{
	return nf_autohelper_attach(pom_attach_of, ports, n_ports);
}

static void __exit pom_attach_exit(void)
{
	nf_autohelper_detach(pom_attach_of);
}

module_init(pom_attach_init);
module_exit(pom_attach_exit);
