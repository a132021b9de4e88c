// SPDX-License-Identifier: GPL-2.0-only
/* The ROUTE target for iptables and ip6tables. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <xtables.h>
#include <linux/netfilter/xt_ROUTE.h>

enum {
	O_OIF = 0,
	O_GW,
	O_IIF,
	O_CONTINUE,
	O_TEE,
	O_IFACE,
	O_TO,
	O_UNTRACK,
	F_OIF = 1 << O_OIF | 1 << O_IFACE,
	F_GW = 1 << O_GW | 1 << O_TO,
	F_IIF = 1 << O_IIF,
	F_CONTINUE = 1 << O_CONTINUE,
	F_TEE = 1 << O_TEE,
	F_UNTRACK = 1 << O_UNTRACK,
};

static void ROUTE_help(void)
{
	printf("ROUTE target options:\n"
"  --oif NAME    send packets through this interface\n"
"  --gw ADDRESS  send packets to this gateway\n"
"  --iif NAME    receive packets again, as if on this interface\n"
"  --tee         send a copy, and go on with the packet itself\n"
"  --continue    go on with the next rule\n"
"  --untrack     take the connection away from the packet: no NAT\n"
"  --iface, --to old names of --oif and --gw\n");
}

static const struct xt_option_entry ROUTE_opts[] = {
	{.name = "oif", .id = O_OIF, .type = XTTYPE_STRING,
	 .excl = 1 << O_IFACE},
	{.name = "iface", .id = O_IFACE, .type = XTTYPE_STRING,
	 .excl = 1 << O_OIF},
	{.name = "gw", .id = O_GW, .type = XTTYPE_HOST, .excl = 1 << O_TO},
	{.name = "to", .id = O_TO, .type = XTTYPE_HOST, .excl = 1 << O_GW},
	{.name = "iif", .id = O_IIF, .type = XTTYPE_STRING},
	{.name = "continue", .id = O_CONTINUE, .type = XTTYPE_NONE},
	{.name = "tee", .id = O_TEE, .type = XTTYPE_NONE},
	{.name = "untrack", .id = O_UNTRACK, .type = XTTYPE_NONE},
	XTOPT_TABLEEND,
};

/* What the kernel would also accept as a name, but no pattern. */
static void parse_interface(const struct xt_option_call *cb, char *to)
{
	const char *name = cb->arg, *c;
	size_t len = strlen(name);

	if (!len || len >= IFNAMSIZ)
		xtables_error(PARAMETER_PROBLEM,
			      "ROUTE: --%s \"%s\": a name has 1 to %d characters\n",
			      cb->entry->name, name, IFNAMSIZ - 1);
	if (name[len - 1] == '+')
		xtables_error(PARAMETER_PROBLEM,
			      "ROUTE: --%s %s: a packet needs one interface, not a pattern\n",
			      cb->entry->name, name);
	for (c = name; *c; c++)
		if (!isascii(*c) || !isgraph(*c) || *c == '/' || *c == ':')
			break;
	if (*c || !strcmp(name, ".") || !strcmp(name, ".."))
		xtables_error(PARAMETER_PROBLEM,
			      "ROUTE: --%s \"%s\": no interface can have this name\n",
			      cb->entry->name, name);
	memcpy(to, name, len);
}

static void ROUTE_parse(struct xt_option_call *cb)
{
	struct xt_route_tginfo *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_OIF:
	case O_IFACE:
		parse_interface(cb, info->hop[0].oif);
		info->hops = 1;
		break;
	case O_GW:
	case O_TO:
		info->hop[0].gw = cb->val.haddr;
		info->flags |= XT_ROUTE_GW;
		info->hops = 1;
		break;
	case O_IIF:
		parse_interface(cb, info->iif);
		info->flags |= XT_ROUTE_IIF;
		break;
	case O_CONTINUE:
		info->flags |= XT_ROUTE_CONTINUE;
		break;
	case O_TEE:
		info->flags |= XT_ROUTE_TEE;
		break;
	case O_UNTRACK:
		info->flags |= XT_ROUTE_UNTRACK;
		break;
	}
}

static const char *combination_error(unsigned int flags)
{
	if (!(flags & (F_OIF | F_GW | F_IIF)))
		return "no next hop; fix: --oif NAME, --gw ADDRESS or --iif NAME";
	if (flags & F_IIF && flags & (F_OIF | F_GW))
		return "--iif with --oif or --gw: packets are received or sent, not both";
	if (flags & F_IIF && flags & F_CONTINUE)
		return "--iif with --continue: the packet has left the chain";
	if (flags & F_IIF && flags & F_TEE)
		return "--iif with --tee: a copy can be sent (--oif, --gw), not received";
	if (flags & F_UNTRACK && flags & (F_IIF | F_TEE))
		return "--untrack with --iif or --tee: these have no connection anyway";
	if (flags & F_TEE && flags & F_CONTINUE)
		return "--tee with --continue: the next rule follows --tee anyway";
	return NULL;
}

static void check_combination(const struct xt_fcheck_call *cb)
{
	const char *error = combination_error(cb->xflags);

	if (error)
		xtables_error(PARAMETER_PROBLEM, "ROUTE: %s\n", error);
}

static void bad_gw(const char *gw, const char *reason)
{
	xtables_error(PARAMETER_PROBLEM, "ROUTE: --gw %s: %s\n", gw, reason);
}

static void ROUTE_fcheck4(struct xt_fcheck_call *cb)
{
	const struct xt_route_tginfo *info = cb->data;
	const struct in_addr *gw = &info->hop[0].gw.in;
	uint32_t number = ntohl(gw->s_addr);

	check_combination(cb);
	if (cb->xflags & F_GW &&
	    (number >> 24 == 0 || number >> 24 == 127 || IN_MULTICAST(number) ||
	     number == INADDR_BROADCAST))
		bad_gw(xtables_ipaddr_to_numeric(gw),
		       "not the address of a host on a link");
}

static void ROUTE_fcheck6(struct xt_fcheck_call *cb)
{
	const struct xt_route_tginfo *info = cb->data;
	const struct in6_addr *gw = &info->hop[0].gw.in6;

	check_combination(cb);
	if (!(cb->xflags & F_GW))
		return;
	if (IN6_IS_ADDR_UNSPECIFIED(gw) || IN6_IS_ADDR_LOOPBACK(gw) ||
	    IN6_IS_ADDR_MULTICAST(gw))
		bad_gw(xtables_ip6addr_to_numeric(gw),
		       "not the address of a host on a link");
	if (IN6_IS_ADDR_LINKLOCAL(gw) && !(cb->xflags & F_OIF))
		bad_gw(xtables_ip6addr_to_numeric(gw),
		       "a link-local address is on every link; fix: add --oif NAME");
}

/* A name may have characters that restore programs would take for quotes. */
static void show_name(const char *name)
{
	if (strpbrk(name, "\"'\\"))
		xtables_save_string(name);
	else
		printf(" %s", name);
}

/* @dashes: "--" in rules, "" in lists. */
static void show(const struct xt_entry_target *target, const char *dashes,
		 const char *(*address)(const union nf_inet_addr *gw))
{
	const struct xt_route_tginfo *info = (const void *)target->data;

	if (info->hop[0].oif[0]) {
		printf(" %soif", dashes);
		show_name(info->hop[0].oif);
	}
	if (info->flags & XT_ROUTE_GW)
		printf(" %sgw %s", dashes, address(&info->hop[0].gw));
	if (info->flags & XT_ROUTE_IIF) {
		printf(" %siif", dashes);
		show_name(info->iif);
	}
	if (info->flags & XT_ROUTE_TEE)
		printf(" %stee", dashes);
	if (info->flags & XT_ROUTE_UNTRACK)
		printf(" %suntrack", dashes);
	if (info->flags & XT_ROUTE_CONTINUE)
		printf(" %scontinue", dashes);
}

static const char *address4(const union nf_inet_addr *gw)
{
	return xtables_ipaddr_to_numeric(&gw->in);
}

static const char *address6(const union nf_inet_addr *gw)
{
	return xtables_ip6addr_to_numeric(&gw->in6);
}

static void ROUTE_save4(const void *ip, const struct xt_entry_target *target)
{
	show(target, "--", address4);
}

static void ROUTE_save6(const void *ip, const struct xt_entry_target *target)
{
	show(target, "--", address6);
}

static void ROUTE_print4(const void *ip, const struct xt_entry_target *target,
			 int numeric)
{
	printf(" ROUTE");
	show(target, "", address4);
}

static void ROUTE_print6(const void *ip, const struct xt_entry_target *target,
			 int numeric)
{
	printf(" ROUTE");
	show(target, "", address6);
}

static struct xtables_target ROUTE_reg[] = {
	{
		.version	= XTABLES_VERSION,
		.name		= "ROUTE",
		.revision	= 0,
		.family		= NFPROTO_IPV4,
		.size		= XT_ALIGN(sizeof(struct xt_route_tginfo)),
		.userspacesize	= offsetof(struct xt_route_tginfo, state),
		.help		= ROUTE_help,
		.print		= ROUTE_print4,
		.save		= ROUTE_save4,
		.x6_parse	= ROUTE_parse,
		.x6_fcheck	= ROUTE_fcheck4,
		.x6_options	= ROUTE_opts,
	},
	{
		.version	= XTABLES_VERSION,
		.name		= "ROUTE",
		.revision	= 0,
		.family		= NFPROTO_IPV6,
		.size		= XT_ALIGN(sizeof(struct xt_route_tginfo)),
		.userspacesize	= offsetof(struct xt_route_tginfo, state),
		.help		= ROUTE_help,
		.print		= ROUTE_print6,
		.save		= ROUTE_save6,
		.x6_parse	= ROUTE_parse,
		.x6_fcheck	= ROUTE_fcheck6,
		.x6_options	= ROUTE_opts,
	},
};

static void __attribute__((constructor)) libxt_ROUTE_init(void)
{
	xtables_register_targets(ROUTE_reg,
				 sizeof(ROUTE_reg) / sizeof(*ROUTE_reg));
}
