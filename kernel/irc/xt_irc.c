// SPDX-License-Identifier: GPL-2.0-only
/* The match on lines of IRC, and on requests of DCC in them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <linux/netfilter/xt_irc.h>

#include "irc/parser.h"
#include "lib/glob.h"
#include "lib/lines_mt.h"
#include "lib/log.h"
#include "lib/xtables.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: IRC command, DCC request and file name match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_irc");
MODULE_ALIAS("ip6t_irc");

static bool irc_mt_agrees(const struct xt_irc_mtinfo *info, unsigned int test,
			  bool truth)
{
	return !(info->tests & test) || truth != !!(info->invert & test);
}

/* @scratch may hold the line: nothing else of it is needed any more. */
static bool irc_mt_filename(const struct xt_irc_mtinfo *info, const u8 *line,
			    struct pom_text file, u8 *scratch)
{
	memmove(scratch, line + file.off, file.len);
	scratch[file.len] = '\0';
	/* At most pattern times name steps. */
	return irc_mt_agrees(info, XT_IRC_FILENAME,
			     pom_glob(info->filename, (char *)scratch));
}

static bool irc_mt_line(const void *matchinfo, const u8 *line, size_t len,
			u8 *scratch)
{
	const struct xt_irc_mtinfo *info = matchinfo;
	struct irc_line found;
	enum irc_error error = irc_parse(line, len, &found);

	if (error == IRC_NO_COMMAND ||
	    !irc_mt_agrees(info, XT_IRC_COMMANDS,
			   info->commands & XT_IRC_COMMAND(found.command)))
		return false;
	if (!(info->tests & (XT_IRC_DCC | XT_IRC_FILENAME)))
		return true;
	if (error != IRC_OK || !found.dcc ||
	    !irc_mt_agrees(info, XT_IRC_DCC, info->dccs & 1 << found.dcc))
		return false;
	return !(info->tests & XT_IRC_FILENAME) ||
	       ((1 << found.dcc) & XT_IRC_DCC_FILES &&
		irc_mt_filename(info, line, found.file, scratch));
}

static bool irc_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	return pom_match_lines(skb, par, irc_mt_line);
}

/* The requests that @info lets through. */
static unsigned int irc_mt_dccs(const struct xt_irc_mtinfo *info)
{
	unsigned int dccs = XT_IRC_DCC_ALL;

	if (info->tests & XT_IRC_DCC)
		dccs = info->invert & XT_IRC_DCC ?
		       XT_IRC_DCC_ALL & ~info->dccs : info->dccs;
	if (info->tests & XT_IRC_FILENAME)
		dccs &= XT_IRC_DCC_FILES;
	return dccs;
}

static int irc_mt_check_values(struct net *net,
			       const struct xt_irc_mtinfo *info)
{
	size_t len = strnlen(info->filename, sizeof(info->filename));

	if (info->tests & ~XT_IRC_TESTS || info->invert & ~info->tests ||
	    info->dccs & ~XT_IRC_DCC_ALL ||
	    info->commands & ~XT_IRC_COMMAND_ALL) {
		pom_info(net,
			 "unknown flags; is libxt_irc newer than the module?\n");
		return -EINVAL;
	}
	if (len == sizeof(info->filename)) {
		pom_info(net, "file name pattern without an end\n");
		return -ENAMETOOLONG;
	}
	if (!info->tests) {
		pom_info(net,
			 "one of --dcc, --filename and --command is needed\n");
		return -EINVAL;
	}
	if (!(info->tests & XT_IRC_DCC) != !info->dccs ||
	    !(info->tests & XT_IRC_COMMANDS) != !info->commands ||
	    !(info->tests & XT_IRC_FILENAME) != !len) {
		pom_info(net, "a test without its value, or a value without its test\n");
		return -EINVAL;
	}
	return 0;
}

static int irc_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_irc_mtinfo *info = par->matchinfo;
	int ret = irc_mt_check_values(par->net, info);

	if (ret < 0)
		return ret;
	if (!irc_mt_dccs(info)) {
		pom_info(par->net, "no request can match (chat and schat have no file name)\n");
		return -EINVAL;
	}
	if (info->tests & XT_IRC_COMMANDS &&
	    info->tests & (XT_IRC_DCC | XT_IRC_FILENAME) &&
	    !irc_mt_agrees(info, XT_IRC_COMMANDS,
			   info->commands & XT_IRC_PRIVMSG)) {
		pom_info(par->net, "no line can match (only privmsg has requests of DCC)\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match irc_mt_reg[2] __read_mostly = {
	{
		.name		= "irc",
		.proto		= IPPROTO_TCP,
		.match		= irc_mt,
		.checkentry	= irc_mt_check,
		.matchsize	= sizeof(struct xt_irc_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init irc_mt_init(void)
{
	BUILD_BUG_ON(XT_IRC_DCC_CHAT != 1 << IRC_DCC_CHAT ||
		     XT_IRC_DCC_SEND != 1 << IRC_DCC_SEND ||
		     XT_IRC_DCC_SCHAT != 1 << IRC_DCC_SCHAT ||
		     XT_IRC_DCC_TSEND != 1 << IRC_DCC_TSEND ||
		     XT_IRC_DCC_MOVE != 1 << IRC_DCC_MOVE ||
		     XT_IRC_DCC_RESUME != 1 << IRC_DCC_RESUME ||
		     XT_IRC_DCC_ACCEPT != 1 << IRC_DCC_ACCEPT);
	BUILD_BUG_ON(XT_IRC_PRIVMSG != 1 << IRC_PRIVMSG ||
		     XT_IRC_COMMAND_ALL != (1U << IRC_COMMANDS) - 2);
	BUILD_BUG_ON(IRC_LINE_MAX != POM_LINE_MAX);
	return pom_register_matches(irc_mt_reg, 1);
}

static void __exit irc_mt_exit(void)
{
	pom_unregister_matches(irc_mt_reg, 1);
}

module_init(irc_mt_init);
module_exit(irc_mt_exit);
