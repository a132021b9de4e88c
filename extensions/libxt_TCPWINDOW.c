// SPDX-License-Identifier: GPL-2.0-only
/* The TCPWINDOW target for iptables and ip6tables. */
#include <stdint.h>
#include <stdio.h>
#include <xtables.h>
#include <linux/netfilter/xt_TCPWINDOW.h>

enum {
	O_LIBERAL = 0,
	O_STRICT,
	O_NO_WINDOW,
	O_ACCEPT,
	O_LOOSE,
	O_ZONE,
	F_LIBERAL = 1 << O_LIBERAL,
	F_STRICT = 1 << O_STRICT,
	F_NO_WINDOW = 1 << O_NO_WINDOW,
	F_ACCEPT = 1 << O_ACCEPT,
	F_LOOSE = 1 << O_LOOSE,
	F_ACTIONS = F_LIBERAL | F_STRICT | F_NO_WINDOW | F_ACCEPT | F_LOOSE,
};

static void tcpwindow_tg_help(void)
{
	printf("TCPWINDOW target options:\n"
"  --be-liberal    conntrack accepts what is outside of the connection's window\n"
"  --no-window     the same, and a RST with any number\n"
"  --strict        it does not, unless the whole namespace is liberal\n"
"  --loose number  check a connection that was picked up after so many packets\n"
"  --accept        give an INVALID segment back to its connection, for NAT\n"
"    --zone number in this conntrack zone\n");
}

#define s struct xt_tcpwindow_tginfo
static const struct xt_option_entry tcpwindow_tg_opts[] = {
	{.name = "be-liberal", .id = O_LIBERAL, .type = XTTYPE_NONE,
	 .excl = F_ACTIONS & ~F_LIBERAL},
	{.name = "strict", .id = O_STRICT, .type = XTTYPE_NONE,
	 .excl = F_ACTIONS & ~F_STRICT},
	{.name = "no-window", .id = O_NO_WINDOW, .type = XTTYPE_NONE,
	 .excl = F_ACTIONS & ~F_NO_WINDOW},
	{.name = "accept", .id = O_ACCEPT, .type = XTTYPE_NONE,
	 .excl = F_ACTIONS & ~F_ACCEPT},
	{.name = "loose", .id = O_LOOSE, .type = XTTYPE_UINT16, .min = 1,
	 .excl = F_ACTIONS & ~F_LOOSE, .flags = XTOPT_PUT,
	 XTOPT_POINTER(s, packets)},
	{.name = "zone", .id = O_ZONE, .type = XTTYPE_UINT16, .also = F_ACCEPT,
	 .flags = XTOPT_PUT, XTOPT_POINTER(s, zone)},
	XTOPT_TABLEEND,
};

#undef s

static const uint32_t option_flags[] = {
	[O_LIBERAL]	= XT_TCPWINDOW_LIBERAL,
	[O_STRICT]	= XT_TCPWINDOW_STRICT,
	[O_NO_WINDOW]	= XT_TCPWINDOW_NO_WINDOW,
	[O_ACCEPT]	= XT_TCPWINDOW_ACCEPT,
	[O_LOOSE]	= XT_TCPWINDOW_LOOSE,
	[O_ZONE]	= XT_TCPWINDOW_ZONE,
};

static void tcpwindow_tg_parse(struct xt_option_call *cb)
{
	struct xt_tcpwindow_tginfo *info = cb->data;

	xtables_option_parse(cb);
	info->flags |= option_flags[cb->entry->id];
}

static void tcpwindow_tg_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & F_ACTIONS))
		xtables_error(PARAMETER_PROBLEM,
			      "TCPWINDOW: needs --be-liberal, --strict, --no-window, --loose or --accept");
}

static void print_options(const struct xt_tcpwindow_tginfo *info,
			  const char *prefix)
{
	int id;

	for (id = O_LIBERAL; id < O_ZONE; id++)
		if (info->flags & option_flags[id])
			printf(" %s%s", prefix, tcpwindow_tg_opts[id].name);
	if (info->flags & XT_TCPWINDOW_LOOSE)
		printf(" %u", info->packets);
	if (info->flags & XT_TCPWINDOW_ZONE)
		printf(" %szone %u", prefix, info->zone);
}

static void tcpwindow_tg_save(const void *ip,
			      const struct xt_entry_target *target)
{
	print_options((const void *)target->data, "--");
}

static void tcpwindow_tg_print(const void *ip,
			       const struct xt_entry_target *target,
			       int numeric)
{
	printf(" TCPWINDOW");
	print_options((const void *)target->data, "");
}

static struct xtables_target tcpwindow_tg_reg = {
	.name		= "TCPWINDOW",
	.version	= XTABLES_VERSION,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_tcpwindow_tginfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_tcpwindow_tginfo)),
	.help		= tcpwindow_tg_help,
	.print		= tcpwindow_tg_print,
	.save		= tcpwindow_tg_save,
	.x6_parse	= tcpwindow_tg_parse,
	.x6_fcheck	= tcpwindow_tg_check,
	.x6_options	= tcpwindow_tg_opts,
};

static void __attribute__((constructor)) libxt_TCPWINDOW_init(void)
{
	xtables_register_target(&tcpwindow_tg_reg);
}
