// SPDX-License-Identifier: GPL-2.0-only
/* The ROUTE target for iptables and ip6tables. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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
	O_BALANCE,
	O_MARK_FIELD,
	O_DOWN,
	O_REPLY,
	F_OIF = 1 << O_OIF | 1 << O_IFACE,
	F_GW = 1 << O_GW | 1 << O_TO,
	F_IIF = 1 << O_IIF,
	F_CONTINUE = 1 << O_CONTINUE,
	F_TEE = 1 << O_TEE,
	F_UNTRACK = 1 << O_UNTRACK,
	F_BALANCE = 1 << O_BALANCE,
	F_MARK_FIELD = 1 << O_MARK_FIELD,
	F_DOWN = 1 << O_DOWN,
	F_REPLY = 1 << O_REPLY,
};

static const char *const balances[XT_ROUTE_BALANCES] = {
	[XT_ROUTE_CONNECTION] = "connection",
	[XT_ROUTE_SOURCE] = "source",
	[XT_ROUTE_PACKET] = "packet",
};

static const char *const downs[XT_ROUTE_DOWNS] = {
	[XT_ROUTE_DOWN_DROP] = "drop",
	[XT_ROUTE_DOWN_CONTINUE] = "continue",
};

/* What the data of the rule cannot hold until all options are known. */
struct words {
	char oif[IFNAMSIZ];	/* of --oif */
	bool own_oif;		/* --gw has an interface */
};

static void ROUTE_help(void)
{
	printf("ROUTE target options:\n"
"  --oif NAME    send packets through this interface\n"
"  --gw ADDRESS  send packets to this gateway\n"
"  --gw ADDRESS[%%NAME][*WEIGHT],...\n"
"                send them to one of up to 8 gateways that is up; %%NAME alone:\n"
"                through this interface\n"
"  --balance connection|source|packet\n"
"                for what one of them is chosen (default: connection)\n"
"  --mark-field MASK\n"
"                bits of the connection's mark that store the choice (default:\n"
"                0xff000000)\n"
"  --down drop|continue\n"
"                if all are down, drop packets (default) or go on with the next\n"
"                rule\n"
"  --reply       send replies to the gateway from which the first packet of\n"
"                their connection came; each gateway needs %%NAME\n"
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
	{.name = "gw", .id = O_GW, .type = XTTYPE_STRING, .excl = 1 << O_TO},
	{.name = "to", .id = O_TO, .type = XTTYPE_STRING, .excl = 1 << O_GW},
	{.name = "iif", .id = O_IIF, .type = XTTYPE_STRING},
	{.name = "continue", .id = O_CONTINUE, .type = XTTYPE_NONE},
	{.name = "tee", .id = O_TEE, .type = XTTYPE_NONE},
	{.name = "untrack", .id = O_UNTRACK, .type = XTTYPE_NONE},
	{.name = "balance", .id = O_BALANCE, .type = XTTYPE_STRING},
	{.name = "mark-field", .id = O_MARK_FIELD, .type = XTTYPE_UINT32},
	{.name = "down", .id = O_DOWN, .type = XTTYPE_STRING},
	{.name = "reply", .id = O_REPLY, .type = XTTYPE_NONE},
	XTOPT_TABLEEND,
};

/* What the kernel would also accept as a name, but no pattern. */
static void parse_interface(const struct xt_option_call *cb, const char *name,
			    char *to)
{
	size_t len = strlen(name);
	const char *c;

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

static void __attribute__((noreturn))
bad_gw(const char *gw, const char *reason)
{
	xtables_error(PARAMETER_PROBLEM, "ROUTE: --gw %s: %s\n", gw, reason);
}

/* The address or name of a host, as in other options of iptables. */
static union nf_inet_addr parse_host(const struct xt_option_call *cb,
				     const char *text)
{
	static const struct xt_option_entry entry = {
		.name = "gw", .id = O_GW, .type = XTTYPE_HOST,
	};
	struct xt_option_call host = *cb;

	host.xflags = 0;
	host.entry = &entry;
	host.arg = text;
	xtables_option_parse(&host);
	return host.val.haddr;
}

static __u16 parse_weight(const char *hop, const char *text)
{
	unsigned int weight;

	if (!xtables_strtoui(text, NULL, &weight, 1, XT_ROUTE_WEIGHT_MAX))
		bad_gw(hop, "a weight is a number from 1 to 255");
	return weight;
}

/* In a list of next hops, these would not be read as a name again. */
static void check_listed_name(const char *name)
{
	if (strpbrk(name, ",*%"))
		xtables_error(PARAMETER_PROBLEM,
			      "ROUTE: %s: several gateways need an interface name without , * and %%\n",
			      name);
}

/* ADDRESS[%NAME][*WEIGHT], or %NAME[*WEIGHT] */
static void parse_hop(const struct xt_option_call *cb, const char *text,
		      struct xt_route_nexthop *hop)
{
	struct words *words = cb->udata;
	char copy[256], *name, *weight;

	if (strlen(text) >= sizeof(copy))
		bad_gw(text, "too long");
	memcpy(copy, text, strlen(text) + 1);
	hop->weight = 1;
	weight = strrchr(copy, '*');
	if (weight) {
		*weight++ = '\0';
		hop->weight = parse_weight(text, weight);
	}
	name = strchr(copy, '%');
	if (name) {
		*name++ = '\0';
		parse_interface(cb, name, hop->oif);
		check_listed_name(name);
		words->own_oif = true;
	}
	if (!*copy && !name)
		bad_gw(cb->arg, "a gateway is missing");
	if (*copy)
		hop->gw = parse_host(cb, copy);
}

static bool has_gw(const struct xt_route_nexthop *hop)
{
	static const union nf_inet_addr none;

	return memcmp(&hop->gw, &none, sizeof(none));
}

static void parse_hops(const struct xt_option_call *cb)
{
	struct xt_route_tginfo *info = cb->data;
	char *list = strdup(cb->arg), *rest = list, *text;

	if (!list)
		xtables_error(OTHER_PROBLEM, "ROUTE: no memory\n");
	while ((text = strsep(&rest, ","))) {
		if (info->hops == XT_ROUTE_HOPS)
			bad_gw(cb->arg, "a rule has up to 8 next hops");
		parse_hop(cb, text, &info->hop[info->hops]);
		if (has_gw(&info->hop[info->hops++]))
			info->flags |= XT_ROUTE_GW;
	}
	free(list);
	/* Without a second one, a weight has no effect. */
	if (info->hops == 1)
		info->hop[0].weight = 0;
}

/* The place of a word in a list */
static unsigned int parse_word(const struct xt_option_call *cb,
			       const char *const *list, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(cb->arg, list[i]))
			return i;
	xtables_error(PARAMETER_PROBLEM,
		      "ROUTE: --%s %s: unknown; see iptables -j ROUTE --help\n",
		      cb->entry->name, cb->arg);
}

/* Is it one run of at least 4 bits? */
static bool is_field(uint32_t mask)
{
	uint64_t run = (uint64_t)mask / (mask ? mask & -mask : 1) + 1;

	return run > XT_ROUTE_HOPS && !(run & (run - 1));
}

static void parse_field(const struct xt_option_call *cb)
{
	struct xt_route_tginfo *info = cb->data;

	info->mark_field = cb->val.u32;
	if (!is_field(info->mark_field))
		xtables_error(PARAMETER_PROBLEM,
			      "ROUTE: --mark-field %s: not one run of 4 or more bits; fix: --mark-field 0xff000000\n",
			      cb->arg);
}

static void ROUTE_parse(struct xt_option_call *cb)
{
	struct xt_route_tginfo *info = cb->data;
	struct words *words = cb->udata;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_OIF:
	case O_IFACE:
		parse_interface(cb, cb->arg, words->oif);
		break;
	case O_GW:
	case O_TO:
		parse_hops(cb);
		break;
	case O_BALANCE:
		info->balance = parse_word(cb, balances, XT_ROUTE_BALANCES);
		break;
	case O_MARK_FIELD:
		parse_field(cb);
		break;
	case O_DOWN:
		info->down = parse_word(cb, downs, XT_ROUTE_DOWNS);
		break;
	case O_IIF:
		parse_interface(cb, cb->arg, info->iif);
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
	case O_REPLY:
		info->flags |= XT_ROUTE_REPLY;
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
	if (flags & F_IIF && flags & (F_BALANCE | F_MARK_FIELD | F_DOWN))
		return "--iif with --balance, --mark-field or --down: these are for gateways";
	if (flags & F_UNTRACK && flags & (F_IIF | F_TEE))
		return "--untrack with --iif or --tee: these have no connection anyway";
	if (flags & F_TEE && flags & F_CONTINUE)
		return "--tee with --continue: the next rule follows --tee anyway";
	return NULL;
}

static const char *reply_error(unsigned int flags)
{
	if (!(flags & F_REPLY))
		return NULL;
	if (flags & F_IIF)
		return "--reply with --iif: packets are sent or received, not both";
	if (flags & (F_TEE | F_UNTRACK))
		return "--reply with --tee or --untrack: replies need their connection";
	if (flags & F_BALANCE)
		return "--reply with --balance: the first packet of a connection decides";
	return NULL;
}

static const char *several_error(const struct xt_route_tginfo *info,
				 unsigned int flags)
{
	if (info->hops > 1 && flags & F_TEE)
		return "--tee with several gateways; fix: a rule for each";
	if (flags & F_TEE && flags & F_DOWN)
		return "--tee with --down: the next rule follows anyway";
	if (info->hops < 2 && flags & (F_BALANCE | F_MARK_FIELD) &&
	    !(flags & F_REPLY))
		return "--balance is for several gateways, --mark-field also for --reply";
	if (info->balance == XT_ROUTE_PACKET && flags & F_MARK_FIELD)
		return "--mark-field with --balance packet: nothing is stored";
	return NULL;
}

/* --oif is for all gateways that have no interface of their own. */
static void set_interfaces(struct xt_route_tginfo *info,
			   const struct words *words)
{
	unsigned int i;

	if (!words->oif[0])
		return;
	if (words->own_oif)
		xtables_error(PARAMETER_PROBLEM,
			      "ROUTE: --oif with --gw ADDRESS%%NAME; fix: %%NAME for each gateway\n");
	if (!info->hops)
		info->hops = 1;
	if (info->hops > 1)
		check_listed_name(words->oif);
	for (i = 0; i < info->hops; i++)
		memcpy(info->hop[i].oif, words->oif, IFNAMSIZ);
}

static void check_reply(const struct xt_route_tginfo *info)
{
	unsigned int i;

	for (i = 0; i < info->hops; i++) {
		if (!info->hop[i].oif[0])
			xtables_error(PARAMETER_PROBLEM,
				      "ROUTE: --reply needs the interface of each gateway; fix: --gw ADDRESS%%NAME\n");
		if (info->hop[i].weight > 1)
			xtables_error(PARAMETER_PROBLEM,
				      "ROUTE: --reply with a weight: the first packet of a connection decides\n");
	}
}

static bool is_repeated(const struct xt_route_tginfo *info, unsigned int i)
{
	unsigned int j;

	for (j = 0; j < i; j++)
		if (!memcmp(&info->hop[i].gw, &info->hop[j].gw,
			    sizeof(info->hop[i].gw)) &&
		    !strcmp(info->hop[i].oif, info->hop[j].oif))
			return true;
	return false;
}

static void check_gw4(const struct xt_route_nexthop *hop)
{
	uint32_t number = ntohl(hop->gw.ip);

	if (number >> 24 == 0 || number >> 24 == 127 || IN_MULTICAST(number) ||
	    number == INADDR_BROADCAST)
		bad_gw(xtables_ipaddr_to_numeric(&hop->gw.in),
		       "not the address of a host on a link");
}

static void check_gw6(const struct xt_route_nexthop *hop)
{
	const struct in6_addr *gw = &hop->gw.in6;

	if (IN6_IS_ADDR_UNSPECIFIED(gw) || IN6_IS_ADDR_LOOPBACK(gw) ||
	    IN6_IS_ADDR_MULTICAST(gw))
		bad_gw(xtables_ip6addr_to_numeric(gw),
		       "not the address of a host on a link");
	if (IN6_IS_ADDR_LINKLOCAL(gw) && !hop->oif[0])
		bad_gw(xtables_ip6addr_to_numeric(gw),
		       "a link-local address is on every link; fix: add --oif NAME");
}

static void check(const struct xt_fcheck_call *cb,
		  void (*check_gw)(const struct xt_route_nexthop *hop))
{
	struct xt_route_tginfo *info = cb->data;
	const char *error = reply_error(cb->xflags) ?:
			    combination_error(cb->xflags) ?:
			    several_error(info, cb->xflags);
	unsigned int i;

	if (error)
		xtables_error(PARAMETER_PROBLEM, "ROUTE: %s\n", error);
	set_interfaces(info, cb->udata);
	if (info->flags & XT_ROUTE_REPLY)
		check_reply(info);
	for (i = 0; i < info->hops; i++) {
		if (is_repeated(info, i))
			xtables_error(PARAMETER_PROBLEM,
				      "ROUTE: --gw has the same next hop twice; fix: ADDRESS*WEIGHT\n");
		if (has_gw(&info->hop[i]))
			check_gw(&info->hop[i]);
		else if (!info->hop[i].oif[0])
			bad_gw("0", "not the address of a host on a link");
	}
	if (!info->mark_field &&
	    (info->flags & XT_ROUTE_REPLY ||
	     (info->hops > 1 && info->balance != XT_ROUTE_PACKET)))
		info->mark_field = XT_ROUTE_MARK_FIELD;
}

static void ROUTE_fcheck4(struct xt_fcheck_call *cb)
{
	check(cb, check_gw4);
}

static void ROUTE_fcheck6(struct xt_fcheck_call *cb)
{
	check(cb, check_gw6);
}

/* A name may have characters that restore programs would take for quotes. */
static void show_name(const char *name)
{
	if (strpbrk(name, "\"'\\"))
		xtables_save_string(name);
	else
		printf(" %s", name);
}

static void show_hops(const struct xt_route_tginfo *info, const char *dashes,
		      const char *(*address)(const union nf_inet_addr *gw))
{
	char list[XT_ROUTE_HOPS * (INET6_ADDRSTRLEN + IFNAMSIZ + 8)], *c = list;
	const struct xt_route_nexthop *hop;

	for (hop = info->hop; hop < info->hop + info->hops; hop++) {
		if (hop > info->hop)
			*c++ = ',';
		if (has_gw(hop))
			c += sprintf(c, "%s", address(&hop->gw));
		if (hop->oif[0])
			c += sprintf(c, "%%%s", hop->oif);
		if (hop->weight > 1)
			c += sprintf(c, "*%u", hop->weight);
	}
	*c = '\0';
	printf(" %sgw", dashes);
	show_name(list);
}

static void show_hop(const struct xt_route_tginfo *info, const char *dashes,
		     const char *(*address)(const union nf_inet_addr *gw))
{
	if (info->hop[0].oif[0]) {
		printf(" %soif", dashes);
		show_name(info->hop[0].oif);
	}
	if (info->flags & XT_ROUTE_GW)
		printf(" %sgw %s", dashes, address(&info->hop[0].gw));
}

/* @dashes: "--" in rules, "" in lists. */
static void show(const struct xt_entry_target *target, const char *dashes,
		 const char *(*address)(const union nf_inet_addr *gw))
{
	const struct xt_route_tginfo *info = (const void *)target->data;

	if (info->hops > 1)
		show_hops(info, dashes, address);
	else
		show_hop(info, dashes, address);
	if (info->flags & XT_ROUTE_IIF) {
		printf(" %siif", dashes);
		show_name(info->iif);
	}
	if (info->balance)
		printf(" %sbalance %s", dashes, balances[info->balance]);
	if (info->mark_field && info->mark_field != XT_ROUTE_MARK_FIELD)
		printf(" %smark-field 0x%x", dashes, info->mark_field);
	if (info->down)
		printf(" %sdown %s", dashes, downs[info->down]);
	if (info->flags & XT_ROUTE_REPLY)
		printf(" %sreply", dashes);
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
		.udata_size	= sizeof(struct words),
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
		.udata_size	= sizeof(struct words),
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
