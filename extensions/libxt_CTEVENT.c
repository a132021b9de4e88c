// SPDX-License-Identifier: GPL-2.0-only
/* The CTEVENT target for iptables and ip6tables. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_CTEVENT.h>

enum {
	O_CHANNEL = 0,
	O_SAMPLE,
	O_ONCE,
};

static void ctevent_help(void)
{
	printf(
"CTEVENT target options:\n"
"  --channel name  the channel that programs read (default: one without a name)\n"
"  --sample 1/n    choose one of n connections, at random\n"
"  --once          one event of each connection\n");
}

static const struct xt_option_entry ctevent_opts[] = {
	{.name = "channel", .id = O_CHANNEL, .type = XTTYPE_STRING,
	 .max = NF_CTNETLINK_CHANNEL_LEN - 1, .flags = XTOPT_PUT,
	 XTOPT_POINTER(struct xt_ctevent_tginfo, channel)},
	{.name = "sample", .id = O_SAMPLE, .type = XTTYPE_STRING},
	{.name = "once", .id = O_ONCE, .type = XTTYPE_NONE},
	XTOPT_TABLEEND,
};

static void parse_sample(const char *text, struct xt_ctevent_tginfo *info)
{
	unsigned int number;

	if (strncmp(text, "1/", 2) ||
	    !xtables_strtoui(text + 2, NULL, &number, 1,
			     XT_CTEVENT_SAMPLE_MAX))
		xtables_error(PARAMETER_PROBLEM,
			      "CTEVENT: --sample: \"%s\" is not 1/n, with n from 1 to %u",
			      text, XT_CTEVENT_SAMPLE_MAX);
	info->sample = number;
}

static void ctevent_parse(struct xt_option_call *cb)
{
	struct xt_ctevent_tginfo *info = cb->data;

	xtables_option_parse(cb);
	if (cb->entry->id == O_SAMPLE)
		parse_sample(cb->arg, info);
	else if (cb->entry->id == O_ONCE)
		info->flags |= XT_CTEVENT_ONCE;
}

static void ctevent_save(const void *ip, const struct xt_entry_target *target)
{
	const struct xt_ctevent_tginfo *info = (const void *)target->data;

	if (*info->channel) {
		printf(" --channel");
		xtables_save_string(info->channel);
	}
	if (info->sample)
		printf(" --sample 1/%u", info->sample);
	if (info->flags & XT_CTEVENT_ONCE)
		printf(" --once");
}

static void ctevent_print(const void *ip, const struct xt_entry_target *target,
			  int numeric)
{
	printf(" CTEVENT");
	ctevent_save(ip, target);
}

static struct xtables_target ctevent_tg_reg = {
	.version	= XTABLES_VERSION,
	.name		= "CTEVENT",
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_ctevent_tginfo)),
	.userspacesize	= offsetof(struct xt_ctevent_tginfo, choice),
	.help		= ctevent_help,
	.print		= ctevent_print,
	.save		= ctevent_save,
	.x6_parse	= ctevent_parse,
	.x6_options	= ctevent_opts,
};

static void __attribute__((constructor)) libxt_ctevent_init(void)
{
	xtables_register_target(&ctevent_tg_reg);
}
