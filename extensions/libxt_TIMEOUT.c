// SPDX-License-Identifier: GPL-2.0-only
/* The TIMEOUT target for iptables and ip6tables. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_TIMEOUT.h>
#include "timeout-time.h"

enum {
	O_SET = 0,
	O_NOW,
	O_CAP,
	O_EXPIRE,
	F_SET = 1 << O_SET,
	F_NOW = 1 << O_NOW,
	F_CAP = 1 << O_CAP,
	F_EXPIRE = 1 << O_EXPIRE,
};

/* The names of net.netfilter.nf_conntrack_*, shortened. */
static const char *const state_names[XT_TIMEOUT_STATES] = {
	[XT_TIMEOUT_TCP_SYN_SENT]		= "syn_sent",
	[XT_TIMEOUT_TCP_SYN_RECV]		= "syn_recv",
	[XT_TIMEOUT_TCP_ESTABLISHED]		= "established",
	[XT_TIMEOUT_TCP_FIN_WAIT]		= "fin_wait",
	[XT_TIMEOUT_TCP_CLOSE_WAIT]		= "close_wait",
	[XT_TIMEOUT_TCP_LAST_ACK]		= "last_ack",
	[XT_TIMEOUT_TCP_TIME_WAIT]		= "time_wait",
	[XT_TIMEOUT_TCP_CLOSE]			= "close",
	[XT_TIMEOUT_TCP_SYN_SENT2]		= "syn_sent2",
	[XT_TIMEOUT_TCP_MAX_RETRANS]		= "max_retrans",
	[XT_TIMEOUT_TCP_UNACKNOWLEDGED]		= "unacknowledged",
	[XT_TIMEOUT_UDP]			= "udp",
	[XT_TIMEOUT_UDP_STREAM]			= "udp_stream",
	[XT_TIMEOUT_ICMP]			= "icmp",
	[XT_TIMEOUT_ICMPV6]			= "icmpv6",
	[XT_TIMEOUT_SCTP_CLOSED]		= "sctp_closed",
	[XT_TIMEOUT_SCTP_COOKIE_WAIT]		= "sctp_cookie_wait",
	[XT_TIMEOUT_SCTP_COOKIE_ECHOED]		= "sctp_cookie_echoed",
	[XT_TIMEOUT_SCTP_ESTABLISHED]		= "sctp_established",
	[XT_TIMEOUT_SCTP_SHUTDOWN_SENT]		= "sctp_shutdown_sent",
	[XT_TIMEOUT_SCTP_SHUTDOWN_RECD]		= "sctp_shutdown_recd",
	[XT_TIMEOUT_SCTP_SHUTDOWN_ACK_SENT]	= "sctp_shutdown_ack_sent",
	[XT_TIMEOUT_SCTP_HEARTBEAT_SENT]	= "sctp_heartbeat_sent",
	[XT_TIMEOUT_GRE]			= "gre",
	[XT_TIMEOUT_GRE_STREAM]			= "gre_stream",
	[XT_TIMEOUT_GENERIC]			= "generic",
};

static void timeout_help(void)
{
	unsigned int i;

	printf("TIMEOUT target options:\n"
"  --set state=time[,state=time...]  give the connection timeouts of its own\n"
"    --now                           and set its timer by them at each packet\n"
"  --cap time                        shorten the timer to that time\n"
"  --expire                          end the connection with this packet\n"
"A time is a number of seconds, or a number with s, m, h or d. States:\n");
	for (i = 0; i < XT_TIMEOUT_STATES; i++)
		printf("%s%s%s", i % 6 ? " " : "  ", state_names[i],
		       i % 6 == 5 || i + 1 == XT_TIMEOUT_STATES ? "\n" : "");
}

static const struct xt_option_entry timeout_opts[] = {
	{.name = "set", .id = O_SET, .type = XTTYPE_STRING, .excl = F_EXPIRE},
	{.name = "now", .id = O_NOW, .type = XTTYPE_NONE, .also = F_SET,
	 .excl = F_EXPIRE},
	{.name = "cap", .id = O_CAP, .type = XTTYPE_STRING, .excl = F_EXPIRE},
	{.name = "expire", .id = O_EXPIRE, .type = XTTYPE_NONE,
	 .excl = F_SET | F_NOW | F_CAP},
	XTOPT_TABLEEND,
};

static unsigned int find_state(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < XT_TIMEOUT_STATES; i++)
		if (strlen(state_names[i]) == len &&
		    !strncmp(state_names[i], name, len))
			return i;
	xtables_error(PARAMETER_PROBLEM,
		      "TIMEOUT: --set does not know the state \"%.*s\"",
		      (int)len, name);
	return 0;
}

/* One `state=time', of @len bytes. */
static void parse_state(const char *text, size_t len,
			struct xt_timeout_tginfo *info)
{
	const char *equals = memchr(text, '=', len);
	size_t name = equals ? (size_t)(equals - text) : len;
	unsigned int state;

	if (!equals)
		xtables_error(PARAMETER_PROBLEM,
			      "TIMEOUT: --set: \"%.*s\" is not state=time",
			      (int)len, text);
	state = find_state(text, name);
	if (info->set & 1U << state)
		xtables_error(PARAMETER_PROBLEM,
			      "TIMEOUT: --set has \"%s\" twice",
			      state_names[state]);
	info->set |= 1U << state;
	info->value[state] = parse_time(equals + 1, len - name - 1, 1,
					XT_TIMEOUT_MAX, "TIMEOUT: --set");
}

static void parse_set(const char *list, struct xt_timeout_tginfo *info)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		parse_state(list, len, info);
		if (!list[len])
			return;
		list += len + 1;
	}
}

static void timeout_parse(struct xt_option_call *cb)
{
	struct xt_timeout_tginfo *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_SET:
		parse_set(cb->arg, info);
		break;
	case O_NOW:
		info->flags |= XT_TIMEOUT_NOW;
		break;
	case O_CAP:
		info->flags |= XT_TIMEOUT_CAP;
		info->cap = parse_time(cb->arg, strlen(cb->arg), 1,
				       XT_TIMEOUT_MAX, "TIMEOUT: --cap");
		break;
	case O_EXPIRE:
		info->flags |= XT_TIMEOUT_EXPIRE;
		break;
	}
}

static void timeout_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_SET | F_CAP | F_EXPIRE)))
		xtables_error(PARAMETER_PROBLEM,
			      "TIMEOUT: needs --set, --cap or --expire");
}

/* All options, each with @dashes before it. */
static void print_options(const struct xt_entry_target *target,
			  const char *dashes)
{
	const struct xt_timeout_tginfo *info = (const void *)target->data;
	const char *comma = "";
	unsigned int i;

	if (info->set)
		printf(" %sset ", dashes);
	for (i = 0; i < XT_TIMEOUT_STATES; i++) {
		if (!(info->set & 1U << i))
			continue;
		printf("%s%s=", comma, state_names[i]);
		print_time(info->value[i]);
		comma = ",";
	}
	if (info->flags & XT_TIMEOUT_NOW)
		printf(" %snow", dashes);
	if (info->flags & XT_TIMEOUT_CAP) {
		printf(" %scap ", dashes);
		print_time(info->cap);
	}
	if (info->flags & XT_TIMEOUT_EXPIRE)
		printf(" %sexpire", dashes);
}

static void timeout_save(const void *ip, const struct xt_entry_target *target)
{
	print_options(target, "--");
}

static void timeout_print(const void *ip, const struct xt_entry_target *target,
			  int numeric)
{
	printf(" TIMEOUT");
	print_options(target, "");
}

static struct xtables_target timeout_tg_reg = {
	.version	= XTABLES_VERSION,
	.name		= "TIMEOUT",
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_timeout_tginfo)),
	.userspacesize	= offsetof(struct xt_timeout_tginfo, vector),
	.help		= timeout_help,
	.print		= timeout_print,
	.save		= timeout_save,
	.x6_parse	= timeout_parse,
	.x6_fcheck	= timeout_check,
	.x6_options	= timeout_opts,
};

static void __attribute__((constructor)) libxt_timeout_init(void)
{
	xtables_register_target(&timeout_tg_reg);
}
