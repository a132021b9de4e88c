// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): connections by what they have in common. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>

#include "../lib/cli.h"
#include "../lib/json.h"
#include "../lib/top.h"
#include "ct-groups.h"
#include "ct-names.h"
#include "ct-request.h"

struct groups {
	uint8_t by;
	const struct filter *filter;
	struct nf_ctnetlink_group *group;
	size_t count, room;
	uint64_t others;
};

static const struct name kinds[] = {
	{ "src", NF_CTNETLINK_GROUP_SRC },
	{ "dst", NF_CTNETLINK_GROUP_DST },
	{ "dport", NF_CTNETLINK_GROUP_DPORT },
	{ "proto", NF_CTNETLINK_GROUP_PROTO },
	{ "state", NF_CTNETLINK_GROUP_STATE },
	{ "zone", NF_CTNETLINK_GROUP_ZONE },
	{ "mark", NF_CTNETLINK_GROUP_MARK },
	{ "helper", NF_CTNETLINK_GROUP_HELPER },
	{ NULL, 0 },
};

bool read_by(int *argc, char ***argv, uint8_t *by)
{
	const struct name *kind;

	if (!*argc || strcmp((*argv)[0], "by"))
		return false;
	kind = *argc > 1 ? name_find(kinds, (*argv)[1]) : NULL;
	if (!kind) {
		complain("by %s: wanted src, dst, dport, proto, state, zone, mark or helper",
			 *argc > 1 ? (*argv)[1] : "");
		exit(EXIT_USAGE);
	}
	*by = (uint8_t)kind->number;
	*argc -= 2;
	*argv += 2;
	return true;
}

static void group_store(const struct nf_ctnetlink_group *group, void *data)
{
	struct groups *g = data;

	if (g->count == g->room) {
		g->room = g->room ? 2 * g->room : 1024;
		g->group = reallocarray(g->group, g->room, sizeof(*g->group));
		if (!g->group)
			die("no memory");
	}
	g->group[g->count++] = *group;
}

/* Most connections first, then in the order of their keys. */
static int compare(const void *left, const void *right)
{
	const struct nf_ctnetlink_group *a = left, *b = right;

	if (a->connections != b->connections)
		return a->connections > b->connections ? -1 : 1;
	return memcmp(&a->key, &b->key, sizeof(a->key));
}

static int groups_read(void *data)
{
	struct groups *g = data;
	struct answer answer = { .group = group_store, .data = g };
	struct nlmsghdr *nlh = request(NF_CTNETLINK_CMD_COUNT, g->filter);

	mnl_attr_put_u8(nlh, NF_CTNETLINK_A_GROUP, g->by);
	g->count = 0;
	if (converse(nlh, &answer, "count"))
		return EXIT_FAILURE;
	g->others = answer.number[NF_CTNETLINK_A_OTHERS];
	if (g->count)
		qsort(g->group, g->count, sizeof(*g->group), compare);
	return EXIT_SUCCESS;
}

static void print_protocol(uint8_t proto)
{
	const char *name = name_of(protocols, proto, NULL);

	if (name)
		fputs(name, stdout);
	else
		printf("%u", proto);
}

static const char *state_name(const struct nf_ctnetlink_key *key)
{
	if (!key->proto)
		return "none";
	return name_of(key->proto == IPPROTO_TCP ? tcp_states : sctp_states,
		       key->number, "UNKNOWN");
}

static void print_key(uint8_t by, const struct nf_ctnetlink_key *key)
{
	char addr[INET6_ADDRSTRLEN];

	switch (by) {
	case NF_CTNETLINK_GROUP_SRC:
	case NF_CTNETLINK_GROUP_DST:
		inet_ntop(key->family == NFPROTO_IPV4 ? AF_INET : AF_INET6,
			  key->addr, addr, sizeof(addr));
		fputs(addr, stdout);
		break;
	case NF_CTNETLINK_GROUP_DPORT:
		print_protocol(key->proto);
		printf("/%u", key->number);
		break;
	case NF_CTNETLINK_GROUP_PROTO:
		print_protocol(key->proto);
		break;
	case NF_CTNETLINK_GROUP_STATE:
		fputs(state_name(key), stdout);
		if (key->proto == IPPROTO_SCTP)
			fputs("/sctp", stdout);
		break;
	case NF_CTNETLINK_GROUP_HELPER:
		fputs(key->name[0] ? key->name : "none", stdout);
		break;
	default:
		printf("%u", key->number);
	}
}

static void json_key(uint8_t by, const struct nf_ctnetlink_key *key)
{
	if (by == NF_CTNETLINK_GROUP_ZONE || by == NF_CTNETLINK_GROUP_MARK) {
		printf("%u", key->number);
	} else if (by == NF_CTNETLINK_GROUP_HELPER) {
		json_string(key->name[0] ? key->name : "none");
	} else {
		putchar('"');
		print_key(by, key);
		putchar('"');
	}
}

static void json_groups(const struct groups *g)
{
	const char *kind = name_of(kinds, g->by, "");
	size_t i;

	printf("[");
	for (i = 0; i < g->count; i++) {
		printf("%s\n {\"%s\":", i ? "," : "", kind);
		json_key(g->by, &g->group[i].key);
		printf(",\"connections\":%" PRIu64 ",\"packets\":%" PRIu64
		       ",\"bytes\":%" PRIu64 "}",
		       (uint64_t)g->group[i].connections,
		       (uint64_t)g->group[i].packets,
		       (uint64_t)g->group[i].bytes);
	}
	printf("\n]\n");
}

static void groups_print(const void *data, unsigned int rows,
			 unsigned int columns)
{
	const struct groups *g = data;
	size_t i;

	(void)columns;
	printf("connections by %s\n%12s %12s %15s  %s\n",
	       name_of(kinds, g->by, ""), "CONNECTIONS", "PACKETS", "BYTES",
	       "KEY");
	for (i = 0; i < g->count && i < rows; i++) {
		printf("%12" PRIu64 " %12" PRIu64 " %15" PRIu64 "  ",
		       (uint64_t)g->group[i].connections,
		       (uint64_t)g->group[i].packets,
		       (uint64_t)g->group[i].bytes);
		print_key(g->by, &g->group[i].key);
		putchar('\n');
	}
}

int count_groups(uint8_t by, const struct filter *filter)
{
	struct groups g = { .by = by, .filter = filter };
	int status = groups_read(&g);
	size_t i;

	if (status)
		return status;
	if (cli.json)
		json_groups(&g);
	for (i = 0; !cli.json && i < g.count; i++) {
		printf("%" PRIu64 " ", (uint64_t)g.group[i].connections);
		print_key(by, &g.group[i].key);
		putchar('\n');
	}
	if (g.others)
		complain("%" PRIu64 " connections are in further groups",
			 g.others);
	free(g.group);
	return EXIT_SUCCESS;
}

int top_groups(uint8_t by, const struct filter *filter)
{
	static const struct top_table table = {
		.read	= groups_read,
		.print	= groups_print,
	};
	struct groups g = { .by = by, .filter = filter };
	int status = top_run(&table, &g);

	free(g.group);
	return status;
}

static int export_by(uint8_t by, const char *name)
{
	struct filter all = { .count = 0 };
	struct groups g = { .by = by, .filter = &all };
	const struct nf_ctnetlink_key *key;
	int status = groups_read(&g);
	size_t i;

	if (status)
		return status;
	printf("# HELP conntrack_connections_by_%s Connections by %s.\n"
	       "# TYPE conntrack_connections_by_%s gauge\n", name, name, name);
	for (i = 0; i < g.count; i++) {
		key = &g.group[i].key;
		if (by == NF_CTNETLINK_GROUP_STATE && !key->proto)
			continue;
		printf("conntrack_connections_by_%s{protocol=\"", name);
		print_protocol(key->proto);
		if (by == NF_CTNETLINK_GROUP_STATE)
			printf("\",state=\"%s", state_name(key));
		printf("\"} %" PRIu64 "\n", (uint64_t)g.group[i].connections);
	}
	free(g.group);
	return EXIT_SUCCESS;
}

int groups_export(void)
{
	int status;

	if (!request_possible())
		return EXIT_SUCCESS;
	status = export_by(NF_CTNETLINK_GROUP_PROTO, "protocol");
	return status ? status : export_by(NF_CTNETLINK_GROUP_STATE, "state");
}
