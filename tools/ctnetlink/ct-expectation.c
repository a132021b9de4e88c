// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): expectations, and how they are printed. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_ctnetlink_events.h>

#include "../lib/json.h"
#include "ct-expectation.h"
#include "ct-names.h"

/* NF_CT_EXPECT_* of the kernel. */
static const struct name flags[] = {
	{ "permanent", 1 }, { "inactive", 2 }, { "userspace", 4 }, { NULL, 0 },
};

static void end_read(struct expectation_end *end, uint8_t family,
		     const uint8_t *addr, uint16_t port)
{
	inet_ntop(family == NFPROTO_IPV4 ? AF_INET : AF_INET6, addr, end->addr,
		  sizeof(end->addr));
	end->port = ntohs(port);
}

bool expectation_of_event(struct expectation *e, const void *data, size_t len)
{
	static const uint8_t any[16];
	struct nf_ctnetlink_expect x;

	memset(e, 0, sizeof(*e));
	if (len < sizeof(x))
		return false;
	memcpy(&x, data, sizeof(x));
	if (x.len < sizeof(x) || x.len > len || x.helper[sizeof(x.helper) - 1])
		return false;
	e->helper = (const char *)data + offsetof(typeof(x), helper);
	e->proto = x.proto;
	e->protocol = name_of(protocols, x.proto, "unknown");
	e->left = x.left;
	e->flags = x.flags;
	e->class = x.class;
	e->zone = x.zone;
	end_read(&e->from, x.family, x.addr[0], x.port[0]);
	end_read(&e->to, x.family, x.addr[1], x.port[1]);
	e->from.any_addr = !memcmp(x.src_mask, any, sizeof(any));
	e->from.any_port = !x.src_mask_port;
	end_read(&e->client, x.master.family, x.master.addr[0],
		 x.master.port[0]);
	end_read(&e->server, x.master.family, x.master.addr[1],
		 x.master.port[1]);
	return true;
}

const char *expectation_end_text(const struct expectation_end *end, char *to,
				 size_t size)
{
	const char *addr = end->any_addr ? "any" : end->addr;
	bool brackets = strchr(addr, ':');
	char port[8] = "any";

	if (!end->any_port)
		snprintf(port, sizeof(port), "%u", end->port);
	snprintf(to, size, "%s%s%s:%s", brackets ? "[" : "", addr,
		 brackets ? "]" : "", port);
	return to;
}

const char *expectation_flags(const struct expectation *e, char *to,
			      size_t size)
{
	const struct name *flag;
	size_t len = 0;

	*to = 0;
	for (flag = flags; flag->name; flag++)
		if (e->flags & flag->number && len < size)
			len += (size_t)snprintf(to + len, size - len, "%s%s",
						len ? "," : "", flag->name);
	return to;
}

void expectation_line(const struct expectation *e)
{
	char from[64], to[64], client[64], server[64];
	const struct name *flag;

	printf("%-8s %-8s %6" PRIu32 " %-21s %-21s %s %s", e->helper,
	       e->protocol, e->left,
	       expectation_end_text(&e->from, from, sizeof(from)),
	       expectation_end_text(&e->to, to, sizeof(to)),
	       expectation_end_text(&e->client, client, sizeof(client)),
	       expectation_end_text(&e->server, server, sizeof(server)));
	for (flag = flags; flag->name; flag++)
		if (e->flags & flag->number)
			printf(" %s", flag->name);
	if (e->zone)
		printf(" zone=%u", e->zone);
	putchar('\n');
}

static void end_json(const struct expectation_end *end, const char *name)
{
	printf("\"%s\":", name);
	if (end->any_addr)
		printf("null");
	else
		printf("\"%s\"", end->addr);
	printf(",\"%s_port\":", name);
	if (end->any_port)
		printf("null");
	else
		printf("%u", end->port);
}

void expectation_json(const struct expectation *e)
{
	const struct name *flag;
	bool comma = false;

	printf("{\"helper\":");
	json_string(e->helper);
	printf(",\"class\":%" PRIu32 ",\"protocol\":\"%s\"", e->class,
	       e->protocol);
	printf(",\"protocol_number\":%u,\"timeout\":%" PRIu32 ",", e->proto,
	       e->left);
	end_json(&e->from, "src");
	putchar(',');
	end_json(&e->to, "dst");
	printf(",\"master\":{");
	end_json(&e->client, "src");
	putchar(',');
	end_json(&e->server, "dst");
	printf("},\"zone\":%u,\"flags\":[", e->zone);
	for (flag = flags; flag->name; flag++) {
		if (!(e->flags & flag->number))
			continue;
		printf("%s\"%s\"", comma ? "," : "", flag->name);
		comma = true;
	}
	printf("]}");
}
