// SPDX-License-Identifier: GPL-2.0-only
/*
 * ct: lists, counts and changes the connections of this network namespace. See
 * ct(8).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/netfilter/nf_ctnetlink_events.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"
#include "ct-expect.h"
#include "ct-filter.h"
#include "ct-groups.h"
#include "ct-invalid.h"
#include "ct-print.h"
#include "ct-request.h"
#include "ct-stat.h"
#include "ct-table.h"
#include "ct-watch.h"

static void read_filter(struct filter *filter, int argc, char **argv)
{
	const char *error = filter_read(filter, argc, argv);

	if (error) {
		complain("%s", error);
		exit(EXIT_USAGE);
	}
}

/* For commands that change: all connections must be asked for. */
static void read_selection(struct filter *filter, int argc, char **argv)
{
	filter->count = 0;
	if (argc == 1 && !strcmp(argv[0], "all"))
		return;
	if (!argc) {
		complain("which connections? a filter, or \"all\"");
		exit(EXIT_USAGE);
	}
	read_filter(filter, argc, argv);
}

struct list {
	uint64_t now;
	bool some;
	struct table *table;	/* on a terminal, or NULL */
};

static void list_one(const struct connection *c, void *data)
{
	struct list *list = data;

	if (list->table) {
		connection_row(list->table, c, list->now);
		return;
	}
	if (!cli.json) {
		connection_line(c, list->now);
		return;
	}
	fputs(list->some ? ",\n " : "\n ", stdout);
	list->some = true;
	connection_json(c, list->now);
}

static int cmd_list(int argc, char **argv)
{
	struct list list = { .now = (uint64_t)time(NULL) };
	struct answer answer = { .connection = list_one, .data = &list };
	static char output[65536];
	struct filter filter;
	struct nlmsghdr *nlh;
	int status;

	read_filter(&filter, argc, argv);
	/* The default, a page, is a system call for each 20 lines. */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, output, _IOFBF, sizeof(output));
	nlh = request(NF_CTNETLINK_CMD_LIST, &filter);
	mnl_attr_put_u32(nlh, NF_CTNETLINK_A_BLOCKS, cli.json ?
			 NF_CTNETLINK_BLOCKS_ALL :
			 NF_CTNETLINK_BLOCK_HELPER | NF_CTNETLINK_BLOCK_START);
	if (table_fits())
		list.table = connections_table();
	if (cli.json)
		fputs("[", stdout);
	status = converse(nlh, &answer, "list");
	if (list.table)
		connections_table_end(list.table);
	if (cli.json)
		fputs("\n]\n", stdout);
	return status;
}

static int cmd_count(int argc, char **argv)
{
	struct answer answer = { .data = NULL };
	struct filter filter;
	uint64_t count;
	uint8_t by;
	int status;

	if (read_by(&argc, &argv, &by)) {
		read_filter(&filter, argc, argv);
		return count_groups(by, &filter);
	}
	read_filter(&filter, argc, argv);
	status = converse(request(NF_CTNETLINK_CMD_COUNT, &filter), &answer,
			  "count");
	if (status)
		return status;
	count = answer.number[NF_CTNETLINK_A_MATCHED];
	if (cli.json)
		printf("{\"connections\":%" PRIu64 "}\n", count);
	else
		printf("%" PRIu64 "\n", count);
	return EXIT_SUCCESS;
}

static int cmd_top(int argc, char **argv)
{
	uint8_t by = NF_CTNETLINK_GROUP_SRC;
	struct filter filter;

	read_by(&argc, &argv, &by);
	read_filter(&filter, argc, argv);
	return top_groups(by, &filter);
}

static void report(const struct answer *answer, unsigned int attr,
		   const char *text)
{
	if (answer->number[attr])
		complain("%" PRIu64 " %s", answer->number[attr], text);
}

/* Prints how many were changed. Those that failed make the status 1. */
static int change(struct nlmsghdr *nlh, const char *what)
{
	struct answer answer = { .data = NULL };
	int status = converse(nlh, &answer, what);
	uint64_t changed = answer.number[NF_CTNETLINK_A_CHANGED];

	if (status)
		return status;
	if (cli.json)
		printf("{\"changed\":%" PRIu64 ",\"dying\":%" PRIu64
		       ",\"offloaded\":%" PRIu64 ",\"without_labels\":%" PRIu64
		       ",\"failed\":%" PRIu64 "}\n", changed,
		       answer.number[NF_CTNETLINK_A_SKIPPED_DYING],
		       answer.number[NF_CTNETLINK_A_SKIPPED_OFFLOAD],
		       answer.number[NF_CTNETLINK_A_SKIPPED_LABELS],
		       answer.number[NF_CTNETLINK_A_FAILED]);
	else
		printf("%" PRIu64 "\n", changed);
	report(&answer, NF_CTNETLINK_A_SKIPPED_OFFLOAD,
	       "connections were skipped: a flow table has them");
	report(&answer, NF_CTNETLINK_A_SKIPPED_LABELS,
	       "connections were skipped: they cannot have labels; fix, for new ones: add a rule with -m connlabel");
	report(&answer, NF_CTNETLINK_A_FAILED,
	       "connections were not changed: their timeout is fixed");
	return answer.number[NF_CTNETLINK_A_FAILED] ? EXIT_FAILURE :
						      EXIT_SUCCESS;
}

static int cmd_delete(int argc, char **argv)
{
	struct filter filter;
	struct nlmsghdr *nlh;

	read_selection(&filter, argc, argv);
	nlh = request(NF_CTNETLINK_CMD_CHANGE, &filter);
	mnl_attr_put(nlh, NF_CTNETLINK_A_DELETE, 0, NULL);
	return change(nlh, "delete");
}

/* What set puts into its request. */
struct settings {
	bool mark, timeout, labels;
	uint32_t mark_value, mark_mask, seconds;
	uint32_t label[4], label_mask[4];
};

static bool read_label(struct settings *s, const char *text, bool set)
{
	unsigned long number;
	char *end;

	number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || number > 127)
		return false;
	s->labels = true;
	s->label_mask[number / 32] |= 1u << number % 32;
	if (set)
		s->label[number / 32] |= 1u << number % 32;
	else
		s->label[number / 32] &= ~(1u << number % 32);
	return true;
}

static bool read_setting(struct settings *s, const char *key,
			 const char *value)
{
	uint64_t seconds;

	if (!strcmp(key, "mark")) {
		s->mark = true;
		return read_masked(value, &s->mark_value, &s->mark_mask) &&
		       !(s->mark_value & ~s->mark_mask);
	}
	if (!strcmp(key, "timeout")) {
		s->timeout = read_seconds(value, &seconds) &&
			     seconds <= UINT32_MAX;
		s->seconds = (uint32_t)seconds;
		return s->timeout;
	}
	if (!strcmp(key, "label"))
		return read_label(s, value, true);
	return !strcmp(key, "unlabel") && read_label(s, value, false);
}

static void put_settings(struct nlmsghdr *nlh, const struct settings *s)
{
	if (s->mark) {
		mnl_attr_put_u32(nlh, NF_CTNETLINK_A_MARK, s->mark_value);
		mnl_attr_put_u32(nlh, NF_CTNETLINK_A_MARK_MASK, s->mark_mask);
	}
	if (s->timeout)
		mnl_attr_put_u32(nlh, NF_CTNETLINK_A_TIMEOUT, s->seconds);
	if (s->labels) {
		mnl_attr_put(nlh, NF_CTNETLINK_A_LABELS, sizeof(s->label),
			     s->label);
		mnl_attr_put(nlh, NF_CTNETLINK_A_LABELS_MASK,
			     sizeof(s->label_mask), s->label_mask);
	}
}

static int cmd_set(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct filter filter;
	struct nlmsghdr *nlh;

	for (; argc > 1 && strcmp(argv[0], "for"); argc -= 2, argv += 2) {
		if (read_setting(&settings, argv[0], argv[1]))
			continue;
		complain("%s %s: wanted mark N[/MASK], timeout SECONDS, label N or unlabel N",
			 argv[0], argv[1]);
		return EXIT_USAGE;
	}
	if (!argc || strcmp(argv[0], "for")) {
		complain("\"for\" and a filter are missing");
		return EXIT_USAGE;
	}
	if (!settings.mark && !settings.timeout && !settings.labels) {
		complain("what is to be set? mark, timeout or label");
		return EXIT_USAGE;
	}
	read_selection(&filter, argc - 1, argv + 1);
	nlh = request(NF_CTNETLINK_CMD_CHANGE, &filter);
	put_settings(nlh, &settings);
	return change(nlh, "set");
}

/* The words of watch that are no filter. Returns false where one is wrong. */
static bool read_watched(int *argc, char ***argv, uint32_t *kinds,
			 const char **channel)
{
	const char *key, *value;

	for (; *argc; *argc -= 2, *argv += 2) {
		key = (*argv)[0];
		value = *argc > 1 ? (*argv)[1] : "";
		if (!strcmp(key, "for")) {
			*kinds = watch_kinds(value);
			if (*kinds)
				continue;
			complain("for %s: wanted kinds of events; ct --help lists them",
				 value);
			return false;
		}
		if (strcmp(key, "channel"))
			return true;
		*channel = value;
		if (*argc < 2 || strlen(value) >= NF_CTNETLINK_CHANNEL_LEN) {
			complain("channel %s: wanted a name of at most %d bytes",
				 value, NF_CTNETLINK_CHANNEL_LEN - 1);
			return false;
		}
	}
	return true;
}

static int cmd_watch(int argc, char **argv)
{
	uint32_t kinds = NF_CTNETLINK_EVENTS_ALL;
	const char *channel = NULL;
	struct filter filter;

	if (!read_watched(&argc, &argv, &kinds, &channel))
		return EXIT_USAGE;
	read_filter(&filter, argc, argv);
	return watch(kinds, channel, &filter);
}

/* ---- */

static const char usage[] =
"Usage: ct COMMAND, or the options of conntrack(8): ct -L\n"
"  list [FILTER]             connections, one a line, as conntrack -L\n"
"  count [by KEY] [FILTER]   how many, perhaps of each group\n"
"  top [by KEY] [FILTER]     the largest groups (by src); live on a terminal,\n"
"                            where q quits\n"
"  delete FILTER|all         prints how many were deleted\n"
"  set [mark N[/MASK]] [timeout SECONDS] [label N]... [unlabel N]...\n"
"      for FILTER|all\n"
"                            prints how many were changed\n"
"  watch [for KIND[,KIND]...] [channel NAME] [FILTER]\n"
"                            events, one a line, until it is stopped; those of a\n"
"                            channel are of connections that -j CTEVENT chose\n"
"  expect [HELPER]           what helpers expect: from where, to where, for how\n"
"                            many seconds, and of which connection\n"
"  invalid                   refused TCP segments: how many for each reason, and\n"
"                            the last 100 (with the patchlet tcp-window-tracking)\n"
"  stat                      how full the table is, and what the kernel counted\n"
"  export                    the same for Prometheus, by CPU, protocol and state\n"
"FILTER is [not] WHAT VALUE[,VALUE]... and so on; all must hold:\n"
"  family proto src dst reply-src reply-dst addr\n"
"  sport dport reply-sport reply-dport port icmp-type icmp-code\n"
"  state status mark zone helper label left age\n"
"  bytes orig-bytes reply-bytes packets orig-packets reply-packets\n"
"A number is N, N-M, '<N' or '>N'.\n"
"KEY is src, dst, dport, proto, state, zone, mark or helper.\n"
"KIND is new, reply, assured, state, mark, labels, helper, destroy,\n"
"expect-new or expect-destroy.\n"
CLI_OPTIONS
CLI_REPEAT_OPTIONS
"                 watch: stop after N events; read them after SECONDS (0.1)\n"
"Examples:\n"
"    ct list proto tcp dport 443 src 10.0.0.0/8 bytes '>1M'\n"
"    ct count by dst state ESTABLISHED\n"
"    ct delete proto udp not dport 53 left '<10'\n"
"    ct set mark 0x10/0xf0 for src 192.0.2.0/24,2001:db8::/32\n"
"    ct watch for new,destroy proto tcp dport 22\n";

static const struct cli_command commands[] = {
	{ "list", "[FILTER]", 0, -1, CLI_JSON, cmd_list },
	{ "count", "[by KEY] [FILTER]", 0, -1, CLI_JSON, cmd_count },
	{ "top", "[by KEY] [FILTER]", 0, -1, CLI_REPEATS, cmd_top },
	{ "delete", "FILTER|all", 1, -1, CLI_JSON, cmd_delete },
	{ "set", "[mark N[/MASK]] [timeout SECONDS] [label N]... [unlabel N]... for FILTER|all",
	  3, -1, CLI_JSON, cmd_set },
	{ "watch", "[for KIND[,KIND]...] [channel NAME] [FILTER]", 0, -1,
	  CLI_JSON | CLI_REPEATS, cmd_watch },
	{ "expect", "[HELPER]", 0, 1, CLI_JSON, cmd_expect },
	{ "invalid", "", 0, 0, CLI_JSON, cmd_invalid },
	{ "stat", "", 0, 0, CLI_JSON, cmd_stat },
	{ "export", "", 0, 0, 0, cmd_export },
	{ NULL },
};

struct cli cli = {
	.program = "ct",
	.usage = usage,
	.commands = commands,
};

int main(int argc, char **argv)
{
	if (conntrack_meant(argc, argv))
		return conntrack_main(argc, argv);
	return cli_main(argc, argv);
}
