// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that hurt: what iptables would never say to the kernel. Takes the rules that are in the tables of this network namespace
 * (put there by iptables-legacy-restore) as patterns of matches and targets, empties the tables, and gives the kernel rules made
 * from the patterns with spoilt data, sizes, revisions, names, protocols, hooks and tables: whole tables through setsockopt as
 * iptables-legacy does, and single rules through nft_compat.
 *
 *   abi-fuzz [-s SEED] [-n COUNT] NAME...      the extensions to look at
 *
 * Every answer must be success or an error that user space knows. What was accepted meets a few packets, and is read back: the
 * kernel must not give out bytes of its own in place of those that it was given. Ends with 1 and the reason where that fails.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATTERNS_MAX 256
#define DATA_MAX 16384
#define BLOB_MAX 131072

static uint64_t random_state = 1;

static uint32_t rnd(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 0x2545f4914f6cdd1dULL) >> 32;
}

static uint32_t below(uint32_t n)
{
	return n ? rnd() % n : 0;
}

static bool one_in(uint32_t n)
{
	return !below(n);
}

/* The two kinds of tables differ in the head of an entry only. */
struct family {
	int number, level;
	unsigned char nfproto;
	size_t head; /* of an entry: struct ipt_entry, struct ip6t_entry */
	size_t address; /* the part of it that says which packets */
	size_t proto; /* offsets of the protocol, */
	size_t flags; /* of the flags, */
	size_t target_offset, next_offset; /* and of these */
	int socket;
};

static struct family families[] = {
	{ AF_INET, IPPROTO_IP, NFPROTO_IPV4, sizeof(struct ipt_entry), sizeof(struct ipt_ip), offsetof(struct ipt_ip, proto),
	  offsetof(struct ipt_ip, flags), offsetof(struct ipt_entry, target_offset), offsetof(struct ipt_entry, next_offset),
	  -1 },
	{ AF_INET6, IPPROTO_IPV6, NFPROTO_IPV6, sizeof(struct ip6t_entry), sizeof(struct ip6t_ip6), offsetof(struct ip6t_ip6, proto),
	  offsetof(struct ip6t_ip6, flags), offsetof(struct ip6t_entry, target_offset), offsetof(struct ip6t_entry, next_offset),
	  -1 },
};

static const struct {
	const char *name;
	unsigned int hooks;
	int priority;
} tables[] = {
	{ "filter", 1 << NF_INET_LOCAL_IN | 1 << NF_INET_FORWARD | 1 << NF_INET_LOCAL_OUT, 0 },
	{ "mangle", 0x1f, -150 },
	{ "raw", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT, -300 },
};
#define TABLES (sizeof(tables) / sizeof(*tables))

/* A match or a target as iptables gave it to the kernel. */
struct pattern {
	const struct family *family;
	bool target;
	unsigned int table;
	char name[XT_EXTENSION_MAXNAMELEN];
	uint8_t revision;
	uint8_t address[sizeof(struct ip6t_ip6)];
	uint16_t size; /* of data */
	uint8_t data[DATA_MAX];
};

static struct pattern patterns[PATTERNS_MAX];
static unsigned int pattern_count, name_count;
static char **names;
static unsigned long answers[256], accepted, tried;

static bool is_ours(const char *name)
{
	unsigned int i;

	for (i = 0; i < name_count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static uint16_t get16(const void *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

static void remember(const struct family *f, unsigned int table, const uint8_t *entry, const uint8_t *at, bool target)
{
	const struct xt_entry_match *m = (const void *)at; /* a target looks the same */
	struct pattern *p = &patterns[pattern_count];
	size_t size = m->u.match_size - sizeof(*m);

	if (!is_ours(m->u.user.name) || pattern_count == PATTERNS_MAX || size > DATA_MAX)
		return;
	p->family = f;
	p->target = target;
	p->table = table;
	p->revision = m->u.user.revision;
	p->size = size;
	memcpy(p->name, m->u.user.name, sizeof(p->name));
	memcpy(p->address, entry, f->address);
	memcpy(p->data, m->data, size);
	pattern_count++;
}

/* struct ipt_getinfo and ip6t_getinfo are the same, as are the get_entries. */
static bool table_info(const struct family *f, unsigned int table, struct ipt_getinfo *info)
{
	socklen_t len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	strcpy(info->name, tables[table].name);
	return !getsockopt(f->socket, f->level, IPT_SO_GET_INFO, info, &len);
}

static struct ipt_get_entries *table_entries(const struct family *f, unsigned int table)
{
	struct ipt_get_entries *e;
	struct ipt_getinfo info;
	socklen_t len;

	if (!table_info(f, table, &info))
		return NULL;
	len = sizeof(*e) + info.size;
	e = calloc(1, len);
	if (!e)
		err(1, "calloc");
	strcpy(e->name, tables[table].name);
	e->size = info.size;
	if (getsockopt(f->socket, f->level, IPT_SO_GET_ENTRIES, e, &len))
		err(1, "reading the table %s", tables[table].name);
	return e;
}

static void learn(const struct family *f, unsigned int table)
{
	struct ipt_get_entries *e = table_entries(f, table);
	uint8_t *entry, *end, *at;

	if (!e)
		return;
	entry = (uint8_t *)e->entrytable;
	end = entry + e->size;
	for (; entry < end; entry += get16(entry + f->next_offset)) {
		for (at = entry + f->head; at < entry + get16(entry + f->target_offset); at += get16(at))
			remember(f, table, entry, at, false);
		remember(f, table, entry, entry + get16(entry + f->target_offset), true);
	}
	free(e);
}

/* A rule to be, and what became of the pattern in it. */
struct rule {
	const struct family *family;
	bool target;
	unsigned int table, hook;
	char name[XT_EXTENSION_MAXNAMELEN];
	uint8_t revision;
	uint8_t address[sizeof(struct ip6t_ip6)];
	uint16_t size, claimed; /* of data; the size that is said to the kernel where that can lie */
	uint8_t data[DATA_MAX + 64];
};

static void spoil_data(struct rule *r)
{
	static const uint64_t numbers[] = { 0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
					    0x7fffffffffffffff, 0x8000000000000000, ~0ull };
	unsigned int times = 1 + below(one_in(4) ? 16 : 3), width, at, i;
	uint64_t v;

	if (!r->size)
		return;
	if (one_in(16)) {
		for (i = 0; i < r->size; i++)
			r->data[i] = rnd();
		return;
	}
	while (times--) {
		width = 1u << below(4);
		/* The first bytes hold counts and flags more often than not. */
		at = below(one_in(2) && r->size > 16 ? 16 : r->size);
		if (width > r->size - at)
			width = 1;
		v = numbers[below(sizeof(numbers) / sizeof(*numbers))];
		switch (below(5)) {
		case 0: r->data[at] ^= 1 << below(8); break;
		case 1: memcpy(r->data + at, &v, width); break;
		case 2: r->data[at] = rnd(); break;
		case 3: memset(r->data + at, rnd(), 1 + below(r->size - at)); break; /* texts without an end */
		default: memmove(r->data + at, r->data + below(r->size), 1); break;
		}
	}
}

static unsigned int choose_hook(unsigned int table)
{
	unsigned int hook;

	do
		hook = below(NF_INET_NUMHOOKS);
	while (!(tables[table].hooks & 1 << hook));
	return hook;
}

static void make_rule(struct rule *r)
{
	const struct pattern *p = &patterns[below(pattern_count)];

	memset(r, 0, sizeof(*r));
	r->family = one_in(16) ? &families[below(2)] : p->family;
	r->target = p->target;
	r->table = one_in(4) ? below(TABLES) : p->table;
	r->hook = choose_hook(r->table);
	r->revision = p->revision;
	r->size = p->size;
	memcpy(r->name, p->name, sizeof(r->name));
	memcpy(r->address, p->address, sizeof(r->address));
	memcpy(r->data, p->data, p->size);
	if (!one_in(8))
		spoil_data(r);
	if (one_in(16))
		r->revision = one_in(2) ? below(5) : rnd();
	if (one_in(16))
		r->address[r->family->proto] = rnd();
	if (one_in(32))
		r->address[r->family->flags] = rnd();
	if (one_in(64))
		r->name[below(sizeof(r->name))] = rnd();
	if (one_in(64))
		r->target = !r->target;
	if (one_in(16))
		r->size = below(DATA_MAX / 8) * 8;
	r->claimed = r->size;
	if (one_in(32))
		r->claimed = rnd();
}

/* What builds a table: entries one behind the other. */
static uint8_t blob[sizeof(struct ipt_replace) + BLOB_MAX];
static size_t blob_len;

static uint8_t *add(size_t len)
{
	uint8_t *at = blob + blob_len;

	memset(at, 0, len);
	blob_len += len;
	return at;
}

static void add_head(const struct family *f, const uint8_t *address, size_t to_target, size_t to_next)
{
	uint8_t *entry = add(f->head);
	uint16_t v = f->head + to_target;

	if (address)
		memcpy(entry, address, f->address);
	memcpy(entry + f->target_offset, &v, sizeof(v));
	v = f->head + to_next;
	memcpy(entry + f->next_offset, &v, sizeof(v));
}

static void add_extension(const struct rule *r)
{
	struct xt_entry_match *m = (void *)add(sizeof(*m) + r->size);

	m->u.match_size = sizeof(*m) + r->claimed;
	m->u.user.revision = r->revision;
	memcpy(m->u.user.name, r->name, sizeof(r->name));
	memcpy(m->data, r->data, r->size);
}

/* Accepts, or where a rule has no target goes on. */
static void add_standard(int verdict)
{
	struct xt_standard_target *t = (void *)add(sizeof(*t));

	t->target.u.user.target_size = sizeof(*t);
	t->verdict = verdict;
}

static void add_rule(const struct rule *r)
{
	size_t extension = XT_ALIGN(sizeof(struct xt_entry_match)) + r->size, standard = sizeof(struct xt_standard_target);
	size_t behind = blob_len + r->family->head + extension + standard;

	if (r->target) {
		add_head(r->family, r->address, 0, extension);
		add_extension(r);
	} else {
		add_head(r->family, r->address, extension, extension + standard);
		add_extension(r);
		add_standard(behind - sizeof(struct ipt_replace)); /* to the next rule */
	}
}

/* A table with @r in it, or an empty one. Returns errno, or 0. */
static int give_table(const struct family *f, unsigned int table, const struct rule *r)
{
	struct ipt_replace *replace = (void *)blob;
	struct xt_error_target *error;
	struct xt_counters *counters;
	struct ipt_getinfo info;
	unsigned int hook;
	int answer;

	if (!table_info(f, table, &info))
		return errno;
	blob_len = 0;
	add(sizeof(*replace));
	strcpy(replace->name, tables[table].name);
	replace->valid_hooks = tables[table].hooks;
	for (hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		if (!(tables[table].hooks & 1 << hook))
			continue;
		replace->hook_entry[hook] = blob_len - sizeof(*replace);
		if (r && r->hook == hook) {
			add_rule(r);
			replace->num_entries++;
		}
		replace->underflow[hook] = blob_len - sizeof(*replace);
		add_head(f, NULL, 0, sizeof(struct xt_standard_target));
		add_standard(-NF_ACCEPT - 1);
		replace->num_entries++;
	}
	add_head(f, NULL, 0, sizeof(*error));
	error = (void *)add(sizeof(*error));
	error->target.u.user.target_size = sizeof(*error);
	strcpy(error->target.u.user.name, XT_ERROR_TARGET);
	strcpy(error->errorname, XT_ERROR_TARGET);
	replace->num_entries++;
	replace->size = blob_len - sizeof(*replace);
	replace->num_counters = info.num_entries;
	counters = calloc(info.num_entries, sizeof(*counters));
	replace->counters = counters;
	answer = setsockopt(f->socket, f->level, IPT_SO_SET_REPLACE, blob, blob_len) ? errno : 0;
	free(counters);
	return answer;
}

/* What the kernel gives back of an accepted rule: what it was given, or nothing. */
static void read_back(const struct rule *r)
{
	struct ipt_get_entries *e = table_entries(r->family, r->table);
	const uint8_t *entry, *end, *at, *data;
	unsigned int i;

	if (!e)
		errx(1, "the table %s is gone", tables[r->table].name);
	entry = (uint8_t *)e->entrytable;
	end = entry + e->size;
	for (; entry < end; entry += get16(entry + r->family->next_offset)) {
		at = entry + (r->target ? get16(entry + r->family->target_offset) : r->family->head);
		if (get16(entry + r->family->next_offset) <= r->family->head + sizeof(struct xt_standard_target) && !r->target)
			continue;
		if (strncmp(((const struct xt_entry_match *)at)->u.user.name, r->name, sizeof(r->name)))
			continue;
		data = ((const struct xt_entry_match *)at)->data;
		for (i = 0; i < r->size; i++)
			if (data[i] && data[i] != r->data[i])
				errx(1, "%s revision %u: the kernel gives back other bytes at offset %u of the data than it was given",
				     r->name, r->revision, i);
	}
	free(e);
}

static struct mnl_socket *nl;

static struct nlmsghdr *put_message(struct mnl_nlmsg_batch *batch, uint16_t type, uint16_t flags, int family)
{
	static uint32_t seq;
	struct nlmsghdr *h = mnl_nlmsg_put_header(mnl_nlmsg_batch_current(batch));
	struct nfgenmsg *g;
	bool frame = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;

	h->nlmsg_type = frame ? type : NFNL_SUBSYS_NFTABLES << 8 | type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_seq = ++seq;
	g = mnl_nlmsg_put_extra_header(h, sizeof(*g));
	g->nfgen_family = frame ? AF_UNSPEC : family;
	g->version = NFNETLINK_V0;
	g->res_id = frame ? htons(NFNL_SUBSYS_NFTABLES) : 0;
	return h;
}

static void put_chain(struct mnl_nlmsg_batch *batch, const struct rule *r, const char *chain)
{
	struct nlattr *nest;
	struct nlmsghdr *h;

	h = put_message(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE, r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_TABLE_NAME, tables[r->table].name);
	mnl_nlmsg_batch_next(batch);

	h = put_message(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE, r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_CHAIN_TABLE, tables[r->table].name);
	mnl_attr_put_strz(h, NFTA_CHAIN_NAME, chain);
	nest = mnl_attr_nest_start(h, NFTA_CHAIN_HOOK);
	mnl_attr_put_u32(h, NFTA_HOOK_HOOKNUM, htonl(r->hook));
	mnl_attr_put_u32(h, NFTA_HOOK_PRIORITY, htonl(tables[r->table].priority));
	mnl_attr_nest_end(h, nest);
	mnl_attr_put_strz(h, NFTA_CHAIN_TYPE, "filter");
	mnl_nlmsg_batch_next(batch);
}

static void put_rule(struct mnl_nlmsg_batch *batch, const struct rule *r, const char *chain)
{
	struct nlattr *list, *element, *data;
	struct nlmsghdr *h;
	char name[sizeof(r->name) + 1] = "";

	memcpy(name, r->name, sizeof(r->name));
	h = put_message(batch, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_RULE_TABLE, tables[r->table].name);
	mnl_attr_put_strz(h, NFTA_RULE_CHAIN, chain);
	list = mnl_attr_nest_start(h, NFTA_RULE_EXPRESSIONS);
	element = mnl_attr_nest_start(h, NFTA_LIST_ELEM);
	mnl_attr_put_strz(h, NFTA_EXPR_NAME, r->target ? "target" : "match");
	data = mnl_attr_nest_start(h, NFTA_EXPR_DATA);
	/* NFTA_TARGET_* are the same numbers. */
	mnl_attr_put_strz(h, NFTA_MATCH_NAME, name);
	mnl_attr_put_u32(h, NFTA_MATCH_REV, htonl(r->revision));
	mnl_attr_put(h, NFTA_MATCH_INFO, r->size, r->data);
	mnl_attr_nest_end(h, data);
	mnl_attr_nest_end(h, element);
	mnl_attr_nest_end(h, list);
	list = mnl_attr_nest_start(h, NFTA_RULE_COMPAT);
	mnl_attr_put_u32(h, NFTA_RULE_COMPAT_PROTO, htonl(r->address[r->family->proto]));
	mnl_attr_put_u32(h, NFTA_RULE_COMPAT_FLAGS, htonl(one_in(8) ? NFT_RULE_COMPAT_F_INV : 0));
	mnl_attr_nest_end(h, list);
	mnl_nlmsg_batch_next(batch);
}

/* Sends a batch; returns the first error that comes back, or 0. */
static int give_batch(struct mnl_nlmsg_batch *batch)
{
	static char buffer[BLOB_MAX]; /* an error brings the whole message that it is about */
	int answer = 0, answers = 0;
	ssize_t n;

	if (mnl_socket_sendto(nl, mnl_nlmsg_batch_head(batch), mnl_nlmsg_batch_size(batch)) < 0)
		return errno;
	/* The answers are there when the call returns. */
	while ((n = recv(mnl_socket_get_fd(nl), buffer, sizeof(buffer), MSG_DONTWAIT)) > 0) {
		const struct nlmsghdr *h = (void *)buffer;
		int left = n;

		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			if (h->nlmsg_type == NLMSG_ERROR && ++answers && !answer)
				answer = -((const struct nlmsgerr *)mnl_nlmsg_get_payload(h))->error;
	}
	if (!answers)
		errx(1, "nftables says nothing to a batch");
	return answer;
}

static int give_nft(const struct rule *r)
{
	static char buffer[BLOB_MAX];
	struct mnl_nlmsg_batch *batch = mnl_nlmsg_batch_start(buffer, sizeof(buffer) / 2);
	char chain[16];
	int answer;

	snprintf(chain, sizeof(chain), "hook%u", r->hook);
	put_message(batch, NFNL_MSG_BATCH_BEGIN, 0, 0);
	mnl_nlmsg_batch_next(batch);
	put_chain(batch, r, chain);
	put_rule(batch, r, chain);
	put_message(batch, NFNL_MSG_BATCH_END, 0, 0);
	mnl_nlmsg_batch_next(batch);
	answer = give_batch(batch);
	mnl_nlmsg_batch_stop(batch);
	return answer;
}

static void drop_nft(const struct rule *r)
{
	static char buffer[BLOB_MAX];
	struct mnl_nlmsg_batch *batch = mnl_nlmsg_batch_start(buffer, sizeof(buffer) / 2);
	struct nlmsghdr *h;
	int answer;

	put_message(batch, NFNL_MSG_BATCH_BEGIN, 0, 0);
	mnl_nlmsg_batch_next(batch);
	h = put_message(batch, NFT_MSG_DELTABLE, NLM_F_ACK, r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_TABLE_NAME, tables[r->table].name);
	mnl_nlmsg_batch_next(batch);
	put_message(batch, NFNL_MSG_BATCH_END, 0, 0);
	mnl_nlmsg_batch_next(batch);
	answer = give_batch(batch);
	mnl_nlmsg_batch_stop(batch);
	if (answer)
		errx(1, "the nftables table %s cannot be deleted: %s", tables[r->table].name, strerror(answer));
}

/* A few packets to this machine itself, through the rule that was accepted. */
static void send_packets(int family)
{
	static const uint16_t ports[] = { 69, 21, 23, 7 };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *to = family == AF_INET ? (void *)&to4 : (void *)&to6;
	socklen_t len = family == AF_INET ? sizeof(to4) : sizeof(to6);
	char payload[64] = "\0\1file\0octet";
	int udp = socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0), tcp = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	to4.sin_port = to6.sin6_port = htons(ports[below(4)]);
	sendto(udp, payload, 13, 0, to, len);
	sendto(udp, payload, below(sizeof(payload)), 0, to, len);
	(void)!connect(tcp, to, len);
	close(udp);
	close(tcp);
}

static void judge(const struct rule *r, int answer, const char *path)
{
	if (answer < 0 || answer > 133) /* EHWPOISON is the last that user space has a name for */
		errx(1, "%s revision %u through %s: the answer %d is no error of user space's", r->name, r->revision, path, answer);
	answers[answer]++;
	accepted += !answer;
	tried++;
}

static void try_legacy(const struct rule *r)
{
	int answer = give_table(r->family, r->table, r);

	judge(r, answer, "setsockopt");
	if (answer)
		return;
	send_packets(r->family->number);
	read_back(r);
	if (one_in(2))
		return; /* the next one replaces it */
	answer = give_table(r->family, r->table, NULL);
	if (answer)
		errx(1, "the table %s cannot be emptied: %s", tables[r->table].name, strerror(answer));
}

static void try_nft(const struct rule *r)
{
	int answer = give_nft(r);

	judge(r, answer, "nft_compat");
	if (answer)
		return;
	send_packets(r->family->number);
	drop_nft(r);
}

static void empty_all(void)
{
	unsigned int f, t;
	struct ipt_getinfo info;

	for (f = 0; f < 2; f++)
		for (t = 0; t < TABLES; t++)
			if (table_info(&families[f], t, &info) && give_table(&families[f], t, NULL))
				errx(1, "the table %s cannot be emptied", tables[t].name);
}

static void tell(void)
{
	unsigned int i;

	printf("%lu rules from %u patterns: %lu accepted", tried, pattern_count, accepted);
	for (i = 1; i < 256; i++)
		if (answers[i])
			printf(", %lu %s", answers[i], strerror(i));
	putchar('\n');
}

int main(int argc, char **argv)
{
	unsigned long n = 1000;
	unsigned int f, t;
	struct rule r;
	int option;

	while ((option = getopt(argc, argv, "s:n:")) != -1) {
		switch (option) {
		case 's': random_state = strtoull(optarg, NULL, 10) * 0x9e3779b97f4a7c15ULL | 1; break;
		case 'n': n = strtoul(optarg, NULL, 10); break;
		default: errx(2, "usage: abi-fuzz [-s SEED] [-n COUNT] NAME...");
		}
	}
	names = argv + optind;
	name_count = argc - optind;
	nl = mnl_socket_open(NETLINK_NETFILTER);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink");
	for (f = 0; f < 2; f++) {
		families[f].socket = socket(families[f].number, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
		if (families[f].socket < 0)
			err(1, "socket");
		for (t = 0; t < TABLES; t++)
			learn(&families[f], t);
	}
	if (!pattern_count)
		errx(1, "there is no rule of these extensions in the tables");
	empty_all();
	while (n--) {
		make_rule(&r);
		if (one_in(2))
			try_legacy(&r);
		else
			try_nft(&r);
	}
	empty_all();
	tell();
	return 0;
}
