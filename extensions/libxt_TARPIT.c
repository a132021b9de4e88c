// SPDX-License-Identifier: GPL-2.0-only
/* The TARPIT target for iptables and ip6tables. */
#include <stdio.h>
#include <xtables.h>
#include <linux/netfilter/xt_TARPIT.h>

enum {
	O_TARPIT = 0,
	O_HONEYPOT,
	O_RESET,
	F_TARPIT = 1 << O_TARPIT,
	F_HONEYPOT = 1 << O_HONEYPOT,
	F_RESET = 1 << O_RESET,
};

static void tarpit_help(void)
{
	printf("TARPIT target options:\n"
"  --tarpit      accept connections and keep the peer waiting (the default)\n"
"  --honeypot    accept connections and read all that the peer sends\n"
"  --reset       refuse connections, reset those that are there\n");
}

static const struct xt_option_entry tarpit_opts[] = {
	{.name = "tarpit", .id = O_TARPIT, .type = XTTYPE_NONE,
	 .excl = F_HONEYPOT | F_RESET},
	{.name = "honeypot", .id = O_HONEYPOT, .type = XTTYPE_NONE,
	 .excl = F_TARPIT | F_RESET},
	{.name = "reset", .id = O_RESET, .type = XTTYPE_NONE,
	 .excl = F_TARPIT | F_HONEYPOT},
	XTOPT_TABLEEND,
};

static void tarpit_parse(struct xt_option_call *cb)
{
	struct xt_tarpit_tginfo *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_TARPIT:
		info->variant = XTTARPIT_TARPIT;
		break;
	case O_HONEYPOT:
		info->variant = XTTARPIT_HONEYPOT;
		break;
	case O_RESET:
		info->variant = XTTARPIT_RESET;
		break;
	}
}

/* The option, without dashes; a later kernel may know more than we do. */
static const char *tarpit_option(const struct xt_entry_target *target)
{
	const struct xt_tarpit_tginfo *info = (const void *)target->data;

	switch (info->variant) {
	case XTTARPIT_TARPIT:
		return "tarpit";
	case XTTARPIT_HONEYPOT:
		return "honeypot";
	case XTTARPIT_RESET:
		return "reset";
	}
	return "unknown-variant";
}

static void tarpit_print(const void *ip, const struct xt_entry_target *target,
			 int numeric)
{
	printf(" TARPIT %s", tarpit_option(target));
}

static void tarpit_save(const void *ip, const struct xt_entry_target *target)
{
	printf(" --%s", tarpit_option(target));
}

static struct xtables_target tarpit_tg_reg = {
	.version	= XTABLES_VERSION,
	.name		= "TARPIT",
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_tarpit_tginfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_tarpit_tginfo)),
	.help		= tarpit_help,
	.print		= tarpit_print,
	.save		= tarpit_save,
	.x6_parse	= tarpit_parse,
	.x6_options	= tarpit_opts,
};

static void __attribute__((constructor)) libxt_tarpit_init(void)
{
	xtables_register_target(&tarpit_tg_reg);
}
