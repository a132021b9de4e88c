// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the helpers RAS and Q.931 to ports 1719 and 1720. Only an
 * administrator loads this module; a request of the kernel loads
 * nf_conntrack_h323_core.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "autohelper/nf_autohelper.h"
#include "h323/nf_conntrack_h323.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("H.323 connection tracking helpers, attached to ports 1719 and 1720");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_h323");
MODULE_SOFTDEP("post: nf_nat_h323");

module_param_named(default_rrq_ttl, pom_h323_settings.default_rrq_ttl, uint,
		   0600);
MODULE_PARM_DESC(default_rrq_ttl,
		 "of a registration that names none: seconds (default: 300)");

module_param_named(gkrouted_only, pom_h323_settings.gkrouted_only, bool, 0600);
MODULE_PARM_DESC(gkrouted_only,
		 "only the gatekeeper calls registered endpoints (default: 1)");

module_param_named(callforward_filter, pom_h323_settings.callforward_filter,
		   bool, 0600);
MODULE_PARM_DESC(callforward_filter,
		 "expect no forwarded call if caller and new callee are in the same direction (default: 1)");

static void set_defaults(void)
{
	WRITE_ONCE(pom_h323_settings.default_rrq_ttl, POM_H323_RRQ_TTL);
	WRITE_ONCE(pom_h323_settings.gkrouted_only, true);
	WRITE_ONCE(pom_h323_settings.callforward_filter, true);
}

static int __init nf_conntrack_h323_init(void)
{
	int ret = nf_autohelper_attach(&pom_h323_ras_helper, NULL, 0);

	if (ret == 0) {
		ret = nf_autohelper_attach(&pom_h323_call_helper, NULL, 0);
		if (ret < 0)
			nf_autohelper_detach(&pom_h323_ras_helper);
	}
	if (ret < 0)
		set_defaults();
	return ret;
}

static void __exit nf_conntrack_h323_exit(void)
{
	nf_autohelper_detach(&pom_h323_call_helper);
	nf_autohelper_detach(&pom_h323_ras_helper);
	set_defaults();
}

module_init(nf_conntrack_h323_init);
module_exit(nf_conntrack_h323_exit);
