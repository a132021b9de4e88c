// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): names of numbers. */
#include <stddef.h>
#include <strings.h>

#include <netinet/in.h>

#include "ct-names.h"

const struct name protocols[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "icmp", IPPROTO_ICMP },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
	{ "sctp", IPPROTO_SCTP },
	{ "dccp", IPPROTO_DCCP },
	{ "gre", IPPROTO_GRE },
	{ "udplite", IPPROTO_UDPLITE },
	{ NULL, 0 },
};

/* enum tcp_conntrack. */
const struct name tcp_states[] = {
	{ "NONE", 0 }, { "SYN_SENT", 1 }, { "SYN_RECV", 2 },
	{ "ESTABLISHED", 3 }, { "FIN_WAIT", 4 }, { "CLOSE_WAIT", 5 },
	{ "LAST_ACK", 6 }, { "TIME_WAIT", 7 }, { "CLOSE", 8 },
	{ "SYN_SENT2", 9 }, { NULL, 0 },
};

/* enum sctp_conntrack; 9 is gone since Linux 6.4. */
const struct name sctp_states[] = {
	{ "NONE", 0 }, { "CLOSED", 1 }, { "COOKIE_WAIT", 2 },
	{ "COOKIE_ECHOED", 3 }, { "ESTABLISHED", 4 }, { "SHUTDOWN_SENT", 5 },
	{ "SHUTDOWN_RECD", 6 }, { "SHUTDOWN_ACK_SENT", 7 },
	{ "HEARTBEAT_SENT", 8 }, { "HEARTBEAT_ACKED", 9 }, { NULL, 0 },
};

/* enum ip_conntrack_status. */
const struct name statuses[] = {
	{ "expected", 1u << 0 }, { "seen_reply", 1u << 1 },
	{ "assured", 1u << 2 }, { "confirmed", 1u << 3 },
	{ "snat", 1u << 4 }, { "dnat", 1u << 5 }, { "seq_adjust", 1u << 6 },
	{ "fixed_timeout", 1u << 10 }, { "helper", 1u << 13 },
	{ "offload", 1u << 14 }, { "hw_offload", 1u << 15 }, { NULL, 0 },
};

const char *name_of(const struct name *names, uint32_t number,
		    const char *other)
{
	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	return other;
}

const struct name *name_find(const struct name *names, const char *text)
{
	for (; names->name; names++)
		if (!strcasecmp(names->name, text))
			return names;
	return NULL;
}
