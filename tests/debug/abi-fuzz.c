// SPDX-License-Identifier: GPL-2.0-only
/*
 * Malformed rules, which iptables would never give to the kernel. The rules in
 * the tables of this network namespace (loaded by iptables-legacy-restore) are
 * the patterns. abi-fuzz empties the tables and mutates the patterns: data,
 * sizes, revisions, names, protocols, hooks and tables. The kernel gets whole
 * tables through setsockopt, as from iptables-legacy, and single rules through
 * nft_compat.
 *
 *   abi-fuzz [-s SEED] [-n COUNT] [-t SECONDS] [-r FILE] NAME...
 *           tests the extensions NAME; FILE lists their revisions. With -t,
 *           other processes may change the tables once the number of patterns
 *           is printed
 *   abi-fuzz -l NAME...
 *           prints FILE: the kernel's revisions and their sizes; needs root
 *
 * The exit status is 0 if
 * - the kernel answers every rule with success or an errno of user space,
 * - an accepted rule, after some packets, is read back with the bytes that the
 *   kernel was given, and with none of the kernel's own (with -t, unless
 *   another process has removed it), and
 * - before any mutation, the kernel accepts a pattern for each of its
 *   revisions, in each family and through both interfaces; patterns of the
 *   nearest revision are tried first.
 * Otherwise the status is 1, and the reason is printed.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/netfilter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "abi/abi.h"

#define PATTERNS_MAX 1024

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

/* A match or target as iptables gave it to the kernel. */
struct pattern {
	const struct family *family;
	bool target;
	unsigned int table, hook;
	char name[XT_EXTENSION_MAXNAMELEN];
	uint8_t revision;
	uint8_t address[sizeof(struct ip6t_ip6)];
	uint16_t size; /* of data */
	uint8_t data[DATA_MAX];
};

static const struct path *const paths[PATHS] = { &setsockopt_path, &nft_path };
static struct pattern patterns[PATTERNS_MAX];
static unsigned int pattern_count, name_count;
static char **names;
static unsigned long answers[256], accepted[PATHS][FAMILIES], tried;
static unsigned long read_back[PATHS];
bool others_change;

static bool is_selected(const char *name)
{
	unsigned int i;

	for (i = 0; i < name_count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* The hook whose chain holds @offset; no table has user-defined chains. */
static unsigned int hook_of(const struct ipt_getinfo *info, unsigned int offset)
{
	unsigned int hook, best = 0, begin = 0;

	for (hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		if (!(info->valid_hooks & 1 << hook) ||
		    info->hook_entry[hook] > offset ||
		    info->hook_entry[hook] < begin)
			continue;
		best = hook;
		begin = info->hook_entry[hook];
	}
	return best;
}

static void add_pattern(const struct pattern *like, const uint8_t *entry,
			const uint8_t *at, bool target)
{
	const struct xt_entry_match *m =
		(const void *)at; /* a target looks the same */
	struct pattern *p = &patterns[pattern_count];
	size_t size = m->u.match_size - sizeof(*m);

	if (!is_selected(m->u.user.name) || size > DATA_MAX)
		return;
	if (pattern_count++ == PATTERNS_MAX)
		errx(1, "more than %u rules are in the tables", PATTERNS_MAX);
	p->family = like->family;
	p->table = like->table;
	p->hook = like->hook;
	p->target = target;
	p->revision = m->u.user.revision;
	p->size = size;
	memcpy(p->name, m->u.user.name, sizeof(p->name));
	memcpy(p->address, entry, p->family->address);
	memcpy(p->data, m->data, size);
}

static void read_patterns(const struct family *f, unsigned int table)
{
	static struct pattern like;
	struct ipt_getinfo info;
	struct ipt_get_entries *e = table_entries(f, table, &info);
	uint8_t *begin, *entry, *end, *at;

	if (!e)
		return;
	like.family = f;
	like.table = table;
	begin = (uint8_t *)e->entrytable;
	end = begin + e->size;
	for (entry = begin; entry < end;
	     entry += get16(entry + f->next_offset)) {
		like.hook = hook_of(&info, entry - begin);
		for (at = entry + f->head;
		     at < entry + get16(entry + f->target_offset);
		     at += get16(at))
			add_pattern(&like, entry, at, false);
		add_pattern(&like, entry,
			    entry + get16(entry + f->target_offset), true);
	}
	free(e);
}

/*
 * Queries the revisions of all patterns; those from iptables have the right
 * size.
 */
static void query_pattern_revisions(void)
{
	const struct pattern *p;
	struct revision *v;

	for (p = patterns; p < patterns + pattern_count; p++) {
		if (!revision_of(p->name, p->family, p->revision))
			query_revisions(p->name, p->target);
		v = revision_of(p->name, p->family, p->revision);
		if (!v)
			errx(1, "%s.%u of %s is in a table, but the kernel does not list that revision",
			     p->name, p->revision, p->family->name);
		set_size(v, p->size);
	}
}

static void mutate_data(struct rule *r)
{
	static const uint64_t numbers[] = { 0,
					    1,
					    0x7f,
					    0x80,
					    0xff,
					    0x7fff,
					    0x8000,
					    0xffff,
					    0x7fffffff,
					    0x80000000,
					    0xffffffff,
					    0x7fffffffffffffff,
					    0x8000000000000000,
					    ~0ull };
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
		/* Counts and flags are often in the first bytes. */
		at = below(one_in(2) && r->size > 16 ? 16 : r->size);
		if (width > r->size - at)
			width = 1;
		v = numbers[below(sizeof(numbers) / sizeof(*numbers))];
		switch (below(5)) {
		case 0: r->data[at] ^= 1 << below(8); break;
		case 1: memcpy(r->data + at, &v, width); break;
		case 2: r->data[at] = rnd(); break;
		case 3:
			memset(r->data + at, rnd(), 1 + below(r->size - at));
			break; /* strings without an end */
		default:
			memmove(r->data + at, r->data + below(r->size), 1);
			break;
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

/*
 * The rule of @p, with its data as data of @v: the first bytes may have the
 * same meaning in a different revision.
 */
static void plain_rule(struct rule *r, const struct pattern *p,
		       const struct revision *v)
{
	memset(r, 0, sizeof(*r));
	r->family = p->family;
	r->target = p->target;
	r->table = p->table;
	r->hook = p->hook;
	r->revision = v->number;
	r->size = v->size;
	r->claimed = r->size;
	memcpy(r->name, p->name, sizeof(r->name));
	memcpy(r->address, p->address, sizeof(r->address));
	memcpy(r->data, p->data, p->size < v->size ? p->size : v->size);
}

/* A random revision other than that of @p, if the kernel has one. */
static const struct revision *other_revision(const struct pattern *p)
{
	const struct revision *v,
		*chosen = revision_of(p->name, p->family, p->revision);
	unsigned int n = 0;

	for (v = revisions; v < revisions + revision_count; v++)
		if (v->family == p->family && v->number != p->revision &&
		    !strcmp(v->name, p->name) && one_in(++n))
			chosen = v;
	return chosen;
}

static void mutate_rule(struct rule *r)
{
	if (!one_in(8))
		mutate_data(r);
	if (one_in(16))
		r->family = &families[below(FAMILIES)];
	if (one_in(4)) {
		r->table = below(TABLES);
		r->hook = choose_hook(r->table);
	}
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
		/* nft_compat takes the difference as padding. */
		r->size -= below(r->size < 4 ? r->size : 4);
	r->claimed = r->size;
	if (one_in(32))
		r->claimed = rnd();
	r->not_proto = one_in(8);
}

static void make_rule(struct rule *r)
{
	const struct pattern *p = &patterns[below(pattern_count)];

	plain_rule(r, p,
		   one_in(4) ? other_revision(p)
			     : revision_of(p->name, p->family, p->revision));
	r->hook = choose_hook(r->table);
	mutate_rule(r);
}

void compare_data(const struct rule *r, const struct path *path,
		  const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] && (i >= r->size || data[i] != r->data[i]))
			errx(1,
			     "%s.%u of %s through %s: byte %zu of the returned data was not in the rule",
			     r->name, r->revision, r->family->name, path->name,
			     i);
}

/* Sends a few packets to loopback, through the accepted rule. */
static void send_packets(int family)
{
	static const uint16_t ports[] = { 69, 21, 23, 7 };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in to4 = { .sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *to = family == AF_INET ? (void *)&to4 : (void *)&to6;
	socklen_t len = family == AF_INET ? sizeof(to4) : sizeof(to6);
	char payload[64] = "\0\1file\0octet";
	int udp = socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0),
	    tcp = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	to4.sin_port = to6.sin6_port = htons(ports[below(4)]);
	sendto(udp, payload, 13, 0, to, len);
	sendto(udp, payload, below(sizeof(payload)), 0, to, len);
	(void)!connect(tcp, to, len);
	close(udp);
	close(tcp);
}

static void count_answer(const struct rule *r, int answer, unsigned int path)
{
	struct revision *v = revision_of(r->name, r->family, r->revision);

	if (answer < 0 || answer > 133) /* EHWPOISON, the last of user space */
		errx(1, "%s.%u of %s through %s: the result %d is no errno of user space",
		     r->name, r->revision, r->family->name,
		     paths[path]->name, answer);
	tried++;
	answers[answer]++;
	if (answer)
		return;
	accepted[path][r->family - families]++;
	if (v)
		v->accepted++;
}

/* Returns errno, or 0. */
static int try_rule(const struct rule *r, unsigned int path)
{
	int answer = paths[path]->give(r);

	count_answer(r, answer, path);
	if (answer)
		return answer;
	send_packets(r->family->number);
	read_back[path] += paths[path]->read_back(r);
	if (!paths[path]->replaces || one_in(2))
		paths[path]->drop(r);
	return 0;
}

/* Exits if the kernel accepts no pattern as a rule of @v. */
static void expect_accepted(const struct revision *v, unsigned int path)
{
	static struct rule r;
	unsigned int distance, fit = 0;
	const struct pattern *p;
	int answer = 0;

	for (distance = 0; distance < 256; distance++) {
		for (p = patterns; p < patterns + pattern_count; p++) {
			if (p->family != v->family ||
			    strcmp(p->name, v->name) ||
			    (unsigned int)abs(p->revision - v->number) !=
				    distance)
				continue;
			plain_rule(&r, p, v);
			answer = try_rule(&r, path);
			if (!answer)
				return;
			fit++;
		}
	}
	errx(1, "%s.%u of %s through %s: the kernel accepted none of %u patterns without mutation%s%s",
	     v->name, v->number, v->family->name, paths[path]->name, fit,
	     fit ? "; the last error: " : "", fit ? strerror(answer) : "");
}

static void expect_all_accepted(void)
{
	const struct revision *v;
	unsigned int path;

	for (v = revisions; v < revisions + revision_count; v++) {
		if (v->size < 0)
			errx(1, "the size of %s.%u of %s is unknown; fix: -r FILE, with the output of abi-fuzz -l",
			     v->name, v->number, v->family->name);
		for (path = 0; path < PATHS; path++)
			expect_accepted(v, path);
	}
}

/* Prints the sum of both families for each revision. */
static void print_revisions(void)
{
	const struct revision *v, *other;
	unsigned long n;

	for (v = revisions; v < revisions + revision_count; v++) {
		if (v->family != families &&
		    revision_of(v->name, families, v->number))
			continue;
		other = v->family == families
				? revision_of(v->name, &families[1], v->number)
				: NULL;
		n = v->accepted + (other ? other->accepted : 0);
		printf("%s%s.%u %lu", v == revisions ? "" : ", ", v->name,
		       v->number, n);
	}
}

static void print_summary(void)
{
	unsigned long sum = 0;
	unsigned int i, f;

	for (i = 0; i < PATHS; i++)
		for (f = 0; f < FAMILIES; f++)
			sum += accepted[i][f];
	printf("%lu rules from %u patterns: %lu accepted (", tried,
	       pattern_count, sum);
	print_revisions();
	for (i = 0; i < PATHS; i++)
		for (f = 0; f < FAMILIES; f++)
			printf("%s%s %s %lu", i || f ? ", " : "; ",
			       paths[i]->name, families[f].name,
			       accepted[i][f]);
	putchar(')');
	for (i = 1; i < 256; i++)
		if (answers[i])
			printf(", %lu %s", answers[i], strerror(i));
	putchar('\n');
}

static void fuzz(unsigned long n, unsigned int seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned int path;
	static struct rule r;

	expect_all_accepted();
	while (seconds ? time(NULL) < end : n--) {
		make_rule(&r);
		try_rule(&r, below(PATHS));
	}
	empty_tables();
	for (path = 0; path < PATHS; path++)
		if (!read_back[path])
			errx(1, "no rule through %s was read back",
			     paths[path]->name);
	print_summary();
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	unsigned long n = 1000;
	bool list = false;
	unsigned int f, t, seconds = 0;
	int option;

	while ((option = getopt(argc, argv, "s:n:t:r:l")) != -1) {
		switch (option) {
		case 's':
			random_state = strtoull(optarg, NULL, 10) *
					       0x9e3779b97f4a7c15ULL |
				       1;
			break;
		case 'n': n = strtoul(optarg, NULL, 10); break;
		case 't':
			seconds = strtoul(optarg, NULL, 10);
			others_change = true;
			break;
		case 'r': file = optarg; break;
		case 'l': list = true; break;
		default: errx(2, "usage: abi-fuzz [-s SEED] [-n COUNT] [-t SECONDS] [-r FILE] NAME..., or abi-fuzz -l NAME...");
		}
	}
	names = argv + optind;
	name_count = argc - optind;
	open_tables();
	open_nft();
	for (f = 0; f < FAMILIES; f++)
		for (t = 0; t < TABLES; t++)
			read_patterns(&families[f], t);
	if (!pattern_count)
		errx(1, "the tables have no rule of these extensions");
	query_pattern_revisions();
	empty_tables();
	if (others_change) {
		/* The next process may fill the tables with its patterns. */
		printf("%u patterns\n", pattern_count);
		fflush(stdout);
	}
	if (file)
		read_revisions(file);
	if (list) {
		measure_revisions();
		write_revisions();
	} else {
		fuzz(n, seconds);
	}
	return 0;
}
