// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_autohelper: attaches helpers that the modprobe command line lists.
 * nf_autohelper_core/param.h explains why this is a separate module.
 */

#include <linux/module.h>

#include "autohelper/nf_autohelper_core/param.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Conntrack helpers for new connections by port, without a rule");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

#define ATTACH_MAX	32

static char *attach[ATTACH_MAX];
static int n_attach;
module_param_array(attach, charp, &n_attach, 0444);
MODULE_PARM_DESC(attach, "helpers to attach in the initial network namespace: PROTO:PORT=HELPER,... for instance tcp:21=ftp,udp:5060=sip (up to 32)");

static int __init nf_autohelper_init(void)
{
	int i, ret;

	for (i = 0; i < n_attach; i++) {
		ret = nf_autohelper_param_attach(attach[i], THIS_MODULE);
		if (ret < 0)
			goto err_detach;
	}
	return 0;

err_detach:
	nf_autohelper_param_detach(THIS_MODULE);
	return ret;
}

static void __exit nf_autohelper_exit(void)
{
	nf_autohelper_param_detach(THIS_MODULE);
}

module_init(nf_autohelper_init);
module_exit(nf_autohelper_exit);
