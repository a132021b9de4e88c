// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): connections by what they have in common. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>

#include "../lib/cli.h"
#include "../lib/json.h"
#include "../lib/table.h"
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

#define KEY_LEN	64

static const char *protocol_text(uint8_t proto, char text[KEY_LEN])
{
	const char *name = name_of(protocols, proto, NULL);

	if (name)
		return name;
	snprintf(text, KEY_LEN, "%u", proto);
	return text;
}

static const char *state_name(const struct nf_ctnetlink_key *key)
{
	if (!key->proto)
		return "none";
	return name_of(key->proto == IPPROTO_TCP ? tcp_states : sctp_states,
		       key->number, "UNKNOWN");
}

/* Returns the text of a key, which may be in @text. */
static const char *key_text(uint8_t by, const struct nf_ctnetlink_key *key,
			    char text[KEY_LEN])
{
	char number[KEY_LEN];

	switch (by) {
	case NF_CTNETLINK_GROUP_SRC:
	case NF_CTNETLINK_GROUP_DST:
		return inet_ntop(key->family == NFPROTO_IPV4 ? AF_INET :
				 AF_INET6, key->addr, text, KEY_LEN);
	case NF_CTNETLINK_GROUP_DPORT:
		snprintf(text, KEY_LEN, "%.16s/%u",
			 protocol_text(key->proto, number), key->number);
		return text;
	case NF_CTNETLINK_GROUP_PROTO:
		return protocol_text(key->proto, text);
	case NF_CTNETLINK_GROUP_STATE:
		snprintf(text, KEY_LEN, "%.32s%s", state_name(key),
			 key->proto == IPPROTO_SCTP ? "/sctp" : "");
		return text;
	case NF_CTNETLINK_GROUP_HELPER:
		snprintf(text, KEY_LEN, "%.*s", (int)sizeof(key->name),
			 key->name[0] ? key->name : "none");
		return text;
	default:
		snprintf(text, KEY_LEN, "%u", key->number);
		return text;
	}
}

static void json_key(uint8_t by, const struct nf_ctnetlink_key *key)
{
	char text[KEY_LEN];

	if (by == NF_CTNETLINK_GROUP_ZONE || by == NF_CTNETLINK_GROUP_MARK)
		printf("%u", key->number);
	else
		json_string(key_text(by, key, text));
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
	char text[KEY_LEN];
	size_t i;

	(void)columns;
	printf("connections by %s\n%12s %12s %15s  %s\n",
	       name_of(kinds, g->by, ""), "CONNECTIONS", "PACKETS", "BYTES",
	       "KEY");
	for (i = 0; i < g->count && i < rows; i++) {
		printf("%12" PRIu64 " %12" PRIu64 " %15" PRIu64 "  %s\n",
		       (uint64_t)g->group[i].connections,
		       (uint64_t)g->group[i].packets,
		       (uint64_t)g->group[i].bytes,
		       key_text(g->by, &g->group[i].key, text));
	}
}

/* In the order of groups_read(). */
static void groups_table(const struct groups *g)
{
	static const struct table_column columns[] = {
		{ "CONNECTIONS", TABLE_NUMBER },
		{ "PACKETS", TABLE_NUMBER },
		{ "BYTES", TABLE_BYTES },
		{ "KEY", TABLE_TEXT },
	};
	struct table *table = TABLE_BEGIN(columns);
	char text[KEY_LEN];
	size_t i;

	for (i = 0; i < g->count; i++) {
		table_number(table, g->group[i].connections);
		table_number(table, g->group[i].packets);
		table_number(table, g->group[i].bytes);
		table_text(table, key_text(g->by, &g->group[i].key, text));
	}
	table_end(table, TABLE_UNSORTED, false, UINT_MAX);
}

static void groups_lines(const struct groups *g)
{
	char text[KEY_LEN];
	size_t i;

	for (i = 0; i < g->count; i++)
		printf("%" PRIu64 " %s\n", (uint64_t)g->group[i].connections,
		       key_text(g->by, &g->group[i].key, text));
}

int count_groups(uint8_t by, const struct filter *filter)
{
	struct groups g = { .by = by, .filter = filter };
	int status = groups_read(&g);

	if (status)
		return status;
	if (cli.json)
		json_groups(&g);
	else if (table_fits())
		groups_table(&g);
	else
		groups_lines(&g);
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
	char text[KEY_LEN];
	size_t i;

	if (status)
		return status;
	printf("# HELP conntrack_connections_by_%s Connections by %s.\n"
	       "# TYPE conntrack_connections_by_%s gauge\n", name, name, name);
	for (i = 0; i < g.count; i++) {
		key = &g.group[i].key;
		if (by == NF_CTNETLINK_GROUP_STATE && !key->proto)
			continue;
		printf("conntrack_connections_by_%s{protocol=\"%s", name,
		       protocol_text(key->proto, text));
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
