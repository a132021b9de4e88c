// SPDX-License-Identifier: GPL-2.0-only
/* Matches opcode, file name and mode of a TFTP packet. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <linux/netfilter/xt_tftp.h>

#include "tftp/parser.h"
#include "lib/glob.h"
#include "lib/log.h"
#include "lib/udp_payload.h"
#include "lib/xtables.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: TFTP opcode, file name and mode match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_tftp");
MODULE_ALIAS("ip6t_tftp");

static bool tftp_mt_agrees(const struct xt_tftp_mtinfo *info,
			   unsigned int test, bool truth)
{
	return !(info->tests & test) || truth != !!(info->invert & test);
}

/* Compares file name and mode, which only requests have. */
static bool tftp_mt_request(const struct xt_tftp_mtinfo *info, const u8 *data,
			    const struct tftp_packet *pkt)
{
	if (!(info->tests & (XT_TFTP_FILENAME | XT_TFTP_MODE)))
		return true;
	if (!tftp_is_request(pkt))
		return false;
	/* pom_glob() takes at most pattern times name steps. */
	return tftp_mt_agrees(info, XT_TFTP_MODE,
			      info->modes & 1 << pkt->mode) &&
	       (!(info->tests & XT_TFTP_FILENAME) ||
		tftp_mt_agrees(info, XT_TFTP_FILENAME,
			       pom_glob(info->filename,
					(const char *)data + pkt->text.off)));
}

/*
 * A packet that is invalid or incomplete never matches. It is not dropped: UDP
 * on any port may carry a different protocol.
 */
static bool tftp_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_tftp_mtinfo *info = par->matchinfo;
	struct udp_payload payload;
	struct tftp_packet pkt;
	u8 buf[TFTP_REQUEST_MAX];

	if (par->fragoff)
		return false;
	if (!udp_payload_peek(skb, par->thoff, buf, sizeof(buf), &payload))
		return false;
	if (tftp_parse(payload.data, payload.have, payload.len, &pkt) !=
	    TFTP_OK)
		return false;

	return tftp_mt_agrees(info, XT_TFTP_OPCODE,
			      info->opcodes & XT_TFTP_OP(pkt.opcode)) &&
	       tftp_mt_request(info, payload.data, &pkt);
}

/* The opcodes that @info can match. */
static unsigned int tftp_mt_opcodes(const struct xt_tftp_mtinfo *info)
{
	if (!(info->tests & XT_TFTP_OPCODE))
		return XT_TFTP_OP_ALL;
	if (info->invert & XT_TFTP_OPCODE)
		return XT_TFTP_OP_ALL & ~info->opcodes;
	return info->opcodes;
}

static int tftp_mt_check_values(const struct net *net,
				const struct xt_tftp_mtinfo *info)
{
	size_t len = strnlen(info->filename, sizeof(info->filename));

	if (info->tests & ~XT_TFTP_TESTS || info->invert & ~info->tests ||
	    info->opcodes & ~XT_TFTP_OP_ALL ||
	    info->modes & ~XT_TFTP_MODE_ALL || info->reserved) {
		pom_info(net, "unknown flags; is libxt_tftp newer than the module?\n");
		return -EINVAL;
	}
	if (len == sizeof(info->filename)) {
		pom_info(net, "file name pattern without an end\n");
		return -ENAMETOOLONG;
	}
	if (!(info->tests & XT_TFTP_OPCODE) != !info->opcodes ||
	    !(info->tests & XT_TFTP_MODE) != !info->modes ||
	    !(info->tests & XT_TFTP_FILENAME) != !len) {
		pom_info(net, "a test without its value, or a value without its test\n");
		return -EINVAL;
	}
	return 0;
}

static int tftp_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_tftp_mtinfo *info = par->matchinfo;
	unsigned int opcodes = tftp_mt_opcodes(info);
	int ret = tftp_mt_check_values(par->net, info);

	if (ret < 0)
		return ret;
	if (info->tests & (XT_TFTP_FILENAME | XT_TFTP_MODE))
		opcodes &= XT_TFTP_OP_REQUESTS;
	if (!opcodes || (info->invert & XT_TFTP_MODE &&
			 info->modes == XT_TFTP_MODE_ALL)) {
		pom_info(par->net, "no packet can match (only rrq and wrq have a file name and a mode)\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match tftp_mt_reg[2] __read_mostly = {
	{
		.name		= "tftp",
		.proto		= IPPROTO_UDP,
		.match		= tftp_mt,
		.checkentry	= tftp_mt_check,
		.matchsize	= sizeof(struct xt_tftp_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init tftp_mt_init(void)
{
	BUILD_BUG_ON(XT_TFTP_MODE_NETASCII != 1 << TFTP_MODE_NETASCII ||
		     XT_TFTP_MODE_OCTET != 1 << TFTP_MODE_OCTET ||
		     XT_TFTP_MODE_MAIL != 1 << TFTP_MODE_MAIL);
	return pom_register_matches(tftp_mt_reg, 1);
}

static void __exit tftp_mt_exit(void)
{
	pom_unregister_matches(tftp_mt_reg, 1);
}

module_init(tftp_mt_init);
module_exit(tftp_mt_exit);
