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
#include <linux/netfilter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "abi/abi.h"

#define PATTERNS_MAX 256

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

static void learn(const struct family *f, unsigned int table)
{
	struct ipt_getinfo info;
	struct ipt_get_entries *e = table_entries(f, table, &info);
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
	r->family = one_in(16) ? &families[below(FAMILIES)] : p->family;
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
	if (one_in(32))
		r->size -= below(r->size < 4 ? r->size : 4); /* to nft_compat that is the same, and padding */
	r->claimed = r->size;
	if (one_in(32))
		r->claimed = rnd();
	r->not_proto = one_in(8);
}

void compare_data(const struct rule *r, const struct path *path, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] && (i >= r->size || data[i] != r->data[i]))
			errx(1, "%s.%u of %s through %s: byte %zu of the data comes back, and was not given",
			     r->name, r->revision, r->family->name, path->name, i);
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

static void try_rule(const struct rule *r, const struct path *path)
{
	int answer = path->give(r);

	judge(r, answer, path->name);
	if (answer)
		return;
	send_packets(r->family->number);
	path->read_back(r);
	if (!path->replaces || one_in(2))
		path->drop(r);
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
	open_tables();
	open_nft();
	for (f = 0; f < FAMILIES; f++)
		for (t = 0; t < TABLES; t++)
			learn(&families[f], t);
	if (!pattern_count)
		errx(1, "there is no rule of these extensions in the tables");
	empty_tables();
	while (n--) {
		make_rule(&r);
		try_rule(&r, one_in(2) ? &setsockopt_path : &nft_path);
	}
	empty_tables();
	tell();
	return 0;
}
