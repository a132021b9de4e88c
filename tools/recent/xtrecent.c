// SPDX-License-Identifier: GPL-2.0-only
/*
 * xtrecent: shows and changes the lists of the recent match, saves and restores
 * them, and lets another machine follow. See xtrecent(8).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/json.h"
#include "xtrecent-lists.h"
#include "xtrecent-netlink.h"
#include "xtrecent-table.h"
#include "xtrecent-top.h"

/* ---- text ---- */

static bool read_name(char *word)
{
	char *to = word;
	unsigned int c;

	for (; *word; word++) {
		if (*word != '\\') {
			*to++ = *word;
			continue;
		}
		if (strspn(word + 1, "01234567") < 3)
			return false;
		c = (word[1] - '0') << 6 | (word[2] - '0') << 3 |
		    (word[3] - '0');
		if (!c || c > 255)
			return false;
		*to++ = (char)c;
		word += 3;
	}
	*to = '\0';
	return true;
}

/* How a line of save, monitor and restore begins. */
static void print_entry(const char *verb, const struct message *m)
{
	unsigned int i, n = ages_of(m);

	printf("%s ", verb);
	print_name(name_of(m));
	printf(" %s", addr_of(m));
	if (n) {
		printf(" ttl %u age ", u8_of(m, XT_RECENT_A_TTL));
		for (i = 0; i < n; i++)
			printf("%s%" PRIu64, i ? "," : "", age_of(m, i));
	}
	putchar('\n');
}

static void json_entry(const char *event, const struct message *m)
{
	unsigned int i, n = ages_of(m);

	printf("{");
	if (event)
		printf("\"event\":\"%s\",", event);
	printf("\"list\":");
	json_string(name_of(m));
	printf(",\"address\":\"%s\"", addr_of(m));
	if (n) {
		printf(",\"ttl\":%u,\"hits\":%" PRIu64 ",\"age_ms\":[",
		       u8_of(m, XT_RECENT_A_TTL), u64_of(m, XT_RECENT_A_HITS));
		for (i = 0; i < n; i++)
			printf("%s%" PRIu64, i ? "," : "", age_of(m, i));
		printf("]");
	}
	printf("}");
}

/* ---- commands ---- */

struct show {
	bool save;		/* as lines that restore reads, or JSON's */
	unsigned int shown;
	struct names names;	/* of save; collected from LISTS */
	struct table *table;	/* of list on a terminal, or NULL */
};

static void json_list(const char *event, const struct message *m)
{
	printf("{");
	if (event)
		printf("\"event\":\"%s\",", event);
	printf("\"list\":");
	json_string(name_of(m));
	printf(",\"entries\":%u,\"size\":%u,\"stamps\":%u,\"timeout\":%u,\"full\":\"%s\"",
	       u32_of(m, XT_RECENT_A_COUNT), u32_of(m, XT_RECENT_A_SIZE),
	       u32_of(m, XT_RECENT_A_STAMPS), u32_of(m, XT_RECENT_A_TIMEOUT),
	       full_name(u8_of(m, XT_RECENT_A_FULL)));
	printf(",\"memory\":%" PRIu64 ",\"added\":%" PRIu64
	       ",\"evicted\":%" PRIu64 ",\"refused\":%" PRIu64
	       ",\"no_memory\":%" PRIu64 ",\"expired\":%" PRIu64 "}",
	       u64_of(m, XT_RECENT_A_MEMORY), u64_of(m, XT_RECENT_A_ADDED),
	       u64_of(m, XT_RECENT_A_EVICTED), u64_of(m, XT_RECENT_A_REFUSED),
	       u64_of(m, XT_RECENT_A_NO_MEMORY),
	       u64_of(m, XT_RECENT_A_EXPIRED));
}

static int show_list(const struct nlmsghdr *nlh, void *data)
{
	struct show *show = data;
	struct message m;

	take_apart(nlh, &m);
	if (cli.json) {
		printf("%s\n ", show->shown++ ? "," : "");
		json_list(NULL, &m);
		return MNL_CB_OK;
	}
	if (show->table) {
		lists_table_row(show->table, &m);
		return MNL_CB_OK;
	}
	print_name(name_of(&m));
	printf(" entries %u size %u stamps %u timeout %u full %s memory %" PRIu64
	       " added %" PRIu64 " evicted %" PRIu64 " refused %" PRIu64
	       " no_memory %" PRIu64 " expired %" PRIu64 "\n",
	       u32_of(&m, XT_RECENT_A_COUNT), u32_of(&m, XT_RECENT_A_SIZE),
	       u32_of(&m, XT_RECENT_A_STAMPS), u32_of(&m, XT_RECENT_A_TIMEOUT),
	       full_name(u8_of(&m, XT_RECENT_A_FULL)),
	       u64_of(&m, XT_RECENT_A_MEMORY), u64_of(&m, XT_RECENT_A_ADDED),
	       u64_of(&m, XT_RECENT_A_EVICTED), u64_of(&m, XT_RECENT_A_REFUSED),
	       u64_of(&m, XT_RECENT_A_NO_MEMORY),
	       u64_of(&m, XT_RECENT_A_EXPIRED));
	return MNL_CB_OK;
}

static int show_entry(const struct nlmsghdr *nlh, void *data)
{
	struct show *show = data;
	struct message m;

	take_apart(nlh, &m);
	if (cli.json && show->save) {
		json_entry("add", &m);
		putchar('\n');
	} else if (cli.json) {
		printf("%s\n ", show->shown++ ? "," : "");
		json_entry(NULL, &m);
	} else if (show->save) {
		print_entry("add", &m);
	} else if (show->table) {
		entries_table_row(show->table, &m);
	} else {
		printf("%s ttl %u seen %" PRIu64 " times, last %.3f s ago\n",
		       addr_of(&m), u8_of(&m, XT_RECENT_A_TTL),
		       u64_of(&m, XT_RECENT_A_HITS),
		       ages_of(&m) ? (double)age_of(&m, 0) / 1000 : 0.0);
	}
	return MNL_CB_OK;
}

static int list_entries(const char *name, struct show *show)
{
	int status;

	if (table_fits())
		show->table = entries_table();
	status = dump(name, show_entry, show);
	if (show->table)
		entries_table_end(show->table);
	return status;
}

static int list_lists(struct show *show)
{
	int status;

	if (table_fits())
		show->table = lists_table();
	status = dump_lists(show_list, show, "list");
	if (show->table)
		lists_table_end(show->table);
	return status;
}

static int cmd_list(int argc, char **argv)
{
	struct show show = { 0 };
	int status;

	if (cli.json)
		printf("[");
	status = argc ? list_entries(argv[0], &show) : list_lists(&show);
	if (cli.json)
		printf("\n]\n");
	return status;
}

static size_t parse_addr(const char *text, uint8_t addr[16])
{
	if (inet_pton(AF_INET, text, addr) == 1)
		return 4;
	return inet_pton(AF_INET6, text, addr) == 1 ? 16 : 0;
}

static int cmd_add(int argc, char **argv)
{
	struct nlmsghdr *nlh;
	uint8_t addr[16];
	int i, status = 0;
	size_t len;

	for (i = 1; i < argc; i++) {
		len = parse_addr(argv[i], addr);
		if (!len)
			die("%s is no address", argv[i]);
		nlh = genl_request(XT_RECENT_CMD_ADD, NLM_F_ACK);
		mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, argv[0]);
		mnl_attr_put(nlh, XT_RECENT_A_ADDR, len, addr);
		status |= genl_converse(nlh, NULL, NULL, argv[i]) != 0;
	}
	return status;
}

static int cmd_delete(int argc, char **argv)
{
	struct nlmsghdr *nlh;
	uint8_t addr[16];
	int i, status = 0;
	char *slash, *end;
	unsigned long prefix = 0;
	size_t len;

	for (i = 1; i < argc; i++) {
		slash = strchr(argv[i], '/');
		if (slash) {
			*slash = '\0';
			prefix = strtoul(slash + 1, &end, 10);
			if (end == slash + 1 || *end || prefix > 128)
				die("%s/%s: wanted address/length", argv[i],
				    slash + 1);
		}
		len = parse_addr(argv[i], addr);
		if (!len)
			die("%s is no address", argv[i]);
		nlh = genl_request(XT_RECENT_CMD_DEL, NLM_F_ACK);
		mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, argv[0]);
		mnl_attr_put(nlh, XT_RECENT_A_ADDR, len, addr);
		if (slash)
			mnl_attr_put_u8(nlh, XT_RECENT_A_PREFIX,
					(uint8_t)prefix);
		status |= genl_converse(nlh, NULL, NULL, argv[i]) != 0;
	}
	return status;
}

static int cmd_flush(int argc, char **argv)
{
	struct nlmsghdr *nlh = genl_request(XT_RECENT_CMD_FLUSH, NLM_F_ACK);

	(void)argc;
	mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, argv[0]);
	return genl_converse(nlh, NULL, NULL, argv[0]) != 0;
}

/* One "size 1000" or the like. Returns false if it is none. */
static bool put_setting(struct nlmsghdr *nlh, const char *key,
			const char *value)
{
	unsigned long number;
	char *end;

	if (!strcmp(key, "full")) {
		if (strcmp(value, "evict") && strcmp(value, "refuse"))
			return false;
		mnl_attr_put_u8(nlh, XT_RECENT_A_FULL, *value == 'e' ?
				XT_RECENT_FULL_EVICT : XT_RECENT_FULL_REFUSE);
		return true;
	}
	number = strtoul(value, &end, 10);
	if (end == value || *end || *value == '-' || number > UINT32_MAX)
		return false;
	if (!strcmp(key, "size"))
		mnl_attr_put_u32(nlh, XT_RECENT_A_SIZE, (uint32_t)number);
	else if (!strcmp(key, "stamps"))
		mnl_attr_put_u32(nlh, XT_RECENT_A_STAMPS, (uint32_t)number);
	else if (!strcmp(key, "timeout"))
		mnl_attr_put_u32(nlh, XT_RECENT_A_TIMEOUT, (uint32_t)number);
	else
		return false;
	return true;
}

static int cmd_set(int argc, char **argv)
{
	struct nlmsghdr *nlh = genl_request(XT_RECENT_CMD_SET, NLM_F_ACK);
	int i;

	mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, argv[0]);
	for (i = 1; i + 1 < argc; i += 2)
		if (!put_setting(nlh, argv[i], argv[i + 1]))
			die("%s %s: wanted size N, stamps N, timeout N, full evict or full refuse",
			    argv[i], argv[i + 1]);
	if (i < argc)
		die("%s has no value", argv[i]);
	return genl_converse(nlh, NULL, NULL, argv[0]) != 0;
}

static int save_list(const struct nlmsghdr *nlh, void *data)
{
	struct show *show = data;
	struct message m;

	take_apart(nlh, &m);
	names_add(&show->names, name_of(&m));
	if (cli.json) {
		json_list("list", &m);
		putchar('\n');
		return MNL_CB_OK;
	}
	printf("list ");
	print_name(name_of(&m));
	printf(" size %u stamps %u timeout %u full %s\n",
	       u32_of(&m, XT_RECENT_A_SIZE), u32_of(&m, XT_RECENT_A_STAMPS),
	       u32_of(&m, XT_RECENT_A_TIMEOUT),
	       full_name(u8_of(&m, XT_RECENT_A_FULL)));
	return MNL_CB_OK;
}

/* The addresses of the lists that are named, or all lists. */
static int cmd_save(int argc, char **argv)
{
	struct show show = { .save = true };
	const struct named *named;
	int status = 0;

	if (argc) {
		for (; argc; argc--, argv++)
			status |= dump(*argv, show_entry, &show);
		return status;
	}
	status = dump_lists(save_list, &show, "save");
	for (named = show.names.first; named; named = named->next)
		status |= dump(named->name, show_entry, &show);
	names_free(&show.names);
	return status;
}

static bool put_ttl(struct nlmsghdr *nlh, const char *word)
{
	unsigned long ttl;
	char *end;

	ttl = strtoul(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || ttl > UINT8_MAX)
		return false;
	mnl_attr_put_u8(nlh, XT_RECENT_A_TTL, (uint8_t)ttl);
	return true;
}

static bool put_ages(struct nlmsghdr *nlh, char *word)
{
	uint64_t ages[XT_RECENT_GENL_AGES];
	unsigned int n = 0;
	char *end;

	do {
		if (n == XT_RECENT_GENL_AGES || *word < '0' || *word > '9')
			return false;
		ages[n++] = strtoull(word, &end, 10);
		word = end + 1;
	} while (*end == ',');
	mnl_attr_put(nlh, XT_RECENT_A_AGES, n * sizeof(ages[0]), ages);
	return !*end;
}

/* The words behind the address of "add". */
static bool put_details(struct nlmsghdr *nlh, bool see)
{
	char *key, *value;

	while ((key = strtok(NULL, " \t"))) {
		value = strtok(NULL, " \t");
		if (!value)
			return false;
		if (!strcmp(key, "ttl")) {
			if (!put_ttl(nlh, value))
				return false;
		} else if (strcmp(key, "age") ||
			   (!see && !put_ages(nlh, value))) {
			return false;
		}
	}
	return true;
}

/* "list NAME size N ..."; what follows its name. */
static bool put_settings(struct nlmsghdr *nlh)
{
	char *key, *value;

	while ((key = strtok(NULL, " \t"))) {
		value = strtok(NULL, " \t");
		if (!value || !put_setting(nlh, key, value))
			return false;
	}
	return true;
}

/* A line of save or monitor as a request; NULL if it is none. */
static struct nlmsghdr *line_request(char *line)
{
	char *verb = strtok(line, " \t"), *name = strtok(NULL, " \t"), *addr;
	bool see = !strcmp(verb, "see");
	uint8_t cmd = !strcmp(verb, "del") ? XT_RECENT_CMD_DEL :
		      XT_RECENT_CMD_ADD;
	struct nlmsghdr *nlh;
	uint8_t bytes[16];
	size_t len;

	if (!name || !read_name(name) || strlen(name) >= XT_RECENT_NAME_LEN)
		return NULL;
	if (!strcmp(verb, "list")) {
		nlh = genl_request(XT_RECENT_CMD_SET, NLM_F_ACK);
		mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, name);
		return put_settings(nlh) ? nlh : NULL;
	}
	if (!see && strcmp(verb, "add") && strcmp(verb, "del"))
		return NULL;
	addr = strtok(NULL, " \t");
	len = addr ? parse_addr(addr, bytes) : 0;
	if (!len)
		return NULL;
	nlh = genl_request(cmd, NLM_F_ACK);
	mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, name);
	mnl_attr_put(nlh, XT_RECENT_A_ADDR, len, bytes);
	return put_details(nlh, see) ? nlh : NULL;
}

static int restore_line(char *line, unsigned int number)
{
	bool removal = !strncmp(line, "del ", 4);
	struct nlmsghdr *nlh;
	char what[32];
	int err;

	line[strcspn(line, "\r\n")] = '\0';
	if (!line[strspn(line, " \t")] || *line == '#')
		return 0;
	nlh = line_request(line);
	snprintf(what, sizeof(what), "line %u", number);
	if (!nlh) {
		complain("%s is nothing that save or monitor writes", what);
		return 1;
	}
	/* Who follows another may have forgotten an address already. */
	err = genl_converse(nlh, NULL, NULL, removal ? NULL : what);
	return err && !(removal && err == ENOENT);
}

static int cmd_restore(int argc, char **argv)
{
	FILE *file = stdin;
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	if (argc && strcmp(argv[0], "-")) {
		file = fopen(argv[0], "r");
		if (!file)
			die("%s: %s", argv[0], strerror(errno));
	}
	while (getline(&line, &size, file) >= 0)
		status |= restore_line(line, ++number);
	if (ferror(file))
		die("reading: %s", strerror(errno));
	free(line);
	return status;
}

static int show_event(const struct nlmsghdr *nlh, void *data)
{
	const char *only = data;
	const char *verb;
	struct message m;

	take_apart(nlh, &m);
	if (only && strcmp(only, name_of(&m)))
		return MNL_CB_OK;
	verb = m.cmd == XT_RECENT_CMD_ADD ? "add" :
	       m.cmd == XT_RECENT_CMD_SEE ? "see" :
	       m.cmd == XT_RECENT_CMD_DEL ? "del" : NULL;
	if (!verb)
		return MNL_CB_OK;
	if (cli.json) {
		json_entry(verb, &m);
		putchar('\n');
	} else {
		print_entry(verb, &m);
	}
	return MNL_CB_OK;
}

/* What is no event of a list: to people in words behind a #. */
static void monitor_says(const char *event, const char *words)
{
	if (cli.json)
		printf("{\"event\":\"%s\"}\n", event);
	else
		printf("# %s\n", words);
}

/* Events of the next 10 ms may be missing: see xt_recent.h. */
static void settle(void)
{
	poll(NULL, 0, 20);
}

/*
 * Prints the current state, then all events: a reader can follow the lists.
 * Returns 0 or 1.
 */
static int monitor_begin(struct mnl_socket *events, int argc, char **argv)
{
	if (mnl_socket_setsockopt(events, NETLINK_ADD_MEMBERSHIP,
				  &events_group, sizeof(events_group)) < 0)
		die("listening: %s", cli_strerror(errno));
	settle();
	if (cmd_save(argc, argv) && argc)
		return 1;
	monitor_says("listening", "listening");
	return 0;
}

static int cmd_monitor(int argc, char **argv)
{
	struct mnl_socket *events = mnl_socket_open(NETLINK_GENERIC);
	static char event[GENL_BUF_LEN];
	int bytes = GENL_SOCKET_LEN;
	ssize_t len;

	if (!events || mnl_socket_bind(events, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink: %s", strerror(errno));
	setsockopt(mnl_socket_get_fd(events), SOL_SOCKET, SO_RCVBUFFORCE,
		   &bytes, sizeof(bytes));
	/* A rule may create the list later, but a wrong name never matches. */
	if (monitor_begin(events, argc, argv))
		return 1;
	for (;;) {
		if (fflush(stdout))
			return 1;
		len = mnl_socket_recvfrom(events, event, sizeof(event));
		if (len < 0 && errno == ENOBUFS) {
			/* Too quick for us: what was lost is in the lists. */
			monitor_says("lost", "events were lost; all again");
			settle();
			/* A list may be replaced or deleted meanwhile. */
			cmd_save(argc, argv);
			continue;
		}
		if (len < 0)
			die("netlink: %s", strerror(errno));
		mnl_cb_run(event, (size_t)len, 0, 0, show_event,
			   argc ? argv[0] : NULL);
	}
}

/* ---- */

static const char usage[] =
"Usage: xtrecent COMMAND\n"
"  list                      all lists\n"
"  list NAME                 the addresses of a list\n"
"  add NAME ADDRESS...       each was seen now\n"
"  delete NAME ADDRESS[/LENGTH]...\n"
"  flush NAME                removes all addresses\n"
"  set NAME [size N] [stamps N] [timeout SECONDS] [full evict|refuse]\n"
"  save [NAME...]            writes lists as text, with the ages of all times\n"
"  restore [FILE]            reads that, or what monitor writes, from FILE or\n"
"                            stdin\n"
"  monitor [NAME]            the current state, then all events, until\n"
"                            interrupted\n"
"  top [NAME]                the busiest addresses of a list, or of all; live on\n"
"                            a terminal, where q quits\n"
CLI_OPTIONS
CLI_REPEAT_OPTIONS
"Examples:\n"
"    xtrecent list --json ssh\n"
"    xtrecent add ssh 192.0.2.1 2001:db8::1\n"
"    xtrecent delete ssh 192.0.2.0/24\n"
"    xtrecent top ssh --count 10 --delay 0.5\n"
"    xtrecent save >/var/lib/recent\n";

static const struct cli_command commands[] = {
	{ "list", "[NAME]", 0, 1, CLI_JSON, cmd_list },
	{ "add", "NAME ADDRESS...", 2, -1, 0, cmd_add },
	{ "delete", "NAME ADDRESS[/LENGTH]...", 2, -1, 0, cmd_delete },
	{ "flush", "NAME", 1, 1, 0, cmd_flush },
	{ "set", "NAME [size N] [stamps N] [timeout SECONDS] [full evict|refuse]",
	  3, 9, 0, cmd_set },
	{ "save", "[NAME]...", 0, -1, CLI_JSON, cmd_save },
	{ "restore", "[FILE]", 0, 1, 0, cmd_restore },
	{ "monitor", "[NAME]", 0, 1, CLI_JSON, cmd_monitor },
	{ "top", "[NAME]", 0, 1, CLI_REPEATS, cmd_top },
	{ NULL },
};

struct cli cli = {
	.program = "xtrecent",
	.alias = "recent",
	.usage = usage,
	.commands = commands,
	.begin = connect_kernel,
};

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
