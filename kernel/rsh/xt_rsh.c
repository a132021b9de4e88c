// SPDX-License-Identifier: GPL-2.0-only
/* The match on what a client of rsh says first. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <linux/netfilter/xt_rsh.h>

#include "lib/glob.h"
#include "lib/log.h"
#include "lib/tcp_payload.h"
#include "lib/xtables.h"
#include "rsh/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: rsh port, user and command match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_rsh");
MODULE_ALIAS("ip6t_rsh");

static bool rsh_mt_agrees(const struct xt_rsh_mtinfo *info, unsigned int test,
			  bool truth)
{
	return truth != !!(info->invert & test);
}

static bool rsh_mt_port(const struct xt_rsh_mtinfo *info,
			const struct rsh_head *head)
{
	return rsh_mt_agrees(info, XT_RSH_STDERR_PORT,
			     head->port.number >= info->low &&
			     head->port.number <= info->high);
}

/* At most pattern times command steps. */
static bool rsh_mt_command(const struct xt_rsh_mtinfo *info, const char *text)
{
	return rsh_mt_agrees(info, XT_RSH_COMMAND,
			     pom_glob(info->command, text));
}

/* What the segment does not have is neither equal nor unequal to anything. */
static bool rsh_mt_head(const struct xt_rsh_mtinfo *info, const char *data,
			const struct rsh_head *head)
{
	if (info->tests & ~head->has)
		return false;
	if (info->tests & XT_RSH_STDERR_PORT && !rsh_mt_port(info, head))
		return false;
	if (info->tests & XT_RSH_USER &&
	    !rsh_mt_agrees(info, XT_RSH_USER,
			   !strcmp(info->user, data + head->at[RSH_USER])))
		return false;
	if (info->tests & XT_RSH_REMOTE_USER &&
	    !rsh_mt_agrees(info, XT_RSH_REMOTE_USER,
			   !strcmp(info->remote_user,
				   data + head->at[RSH_REMOTE_USER])))
		return false;
	return !(info->tests & XT_RSH_COMMAND) ||
	       rsh_mt_command(info, data + head->at[RSH_COMMAND]);
}

static bool rsh_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_rsh_mtinfo *info = par->matchinfo;
	struct tcp_payload payload;
	struct rsh_head head;
	u8 buf[RSH_HEAD_MAX];
	unsigned int have;
	const u8 *data;

	if (par->fragoff || !tcp_payload_find(skb, par->thoff, &payload) ||
	    !payload.len)
		return false;
	have = min_t(unsigned int, payload.len, sizeof(buf));
	data = skb_header_pointer(skb, payload.off, have, buf);
	return data && rsh_parse(data, have, have == payload.len, &head) &&
	       rsh_mt_head(info, (const char *)data, &head);
}

static bool rsh_mt_is_text(const char *text, size_t size, bool asked)
{
	size_t len = strnlen(text, size);

	return asked ? len && len < size : !memchr_inv(text, 0, size);
}

static int rsh_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_rsh_mtinfo *info = par->matchinfo;
	const u8 tests = info->tests;

	if (tests & ~XT_RSH_TESTS || info->invert & ~tests ||
	    memchr_inv(info->reserved, 0, sizeof(info->reserved))) {
		pom_info(par->net,
			 "unknown flags; is libxt_rsh newer than the module?\n");
		return -EINVAL;
	}
	if (!tests) {
		pom_info(par->net, "one of --stderr-port, --user, --remote-user and --command is needed\n");
		return -EINVAL;
	}
	if (info->low > info->high ||
	    (!(tests & XT_RSH_STDERR_PORT) && info->high)) {
		pom_info(par->net, "--stderr-port: not a range of ports\n");
		return -EINVAL;
	}
	if (!rsh_mt_is_text(info->user, sizeof(info->user),
			    tests & XT_RSH_USER) ||
	    !rsh_mt_is_text(info->remote_user, sizeof(info->remote_user),
			    tests & XT_RSH_REMOTE_USER) ||
	    !rsh_mt_is_text(info->command, sizeof(info->command),
			    tests & XT_RSH_COMMAND)) {
		pom_info(par->net, "a test without its text, or a text without its test or end\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match rsh_mt_reg[2] __read_mostly = {
	{
		.name		= "rsh",
		.proto		= IPPROTO_TCP,
		.match		= rsh_mt,
		.checkentry	= rsh_mt_check,
		.matchsize	= sizeof(struct xt_rsh_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init rsh_mt_init(void)
{
	BUILD_BUG_ON(XT_RSH_STDERR_PORT != 1 << RSH_PORT ||
		     XT_RSH_USER != 1 << RSH_USER ||
		     XT_RSH_REMOTE_USER != 1 << RSH_REMOTE_USER ||
		     XT_RSH_COMMAND != 1 << RSH_COMMAND);
	return pom_register_matches(rsh_mt_reg, 1);
}

static void __exit rsh_mt_exit(void)
{
	pom_unregister_matches(rsh_mt_reg, 1);
}

module_init(rsh_mt_init);
module_exit(rsh_mt_exit);
