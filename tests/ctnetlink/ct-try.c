// SPDX-License-Identifier: GPL-2.0-only
/* Prints terms of a filter, and records as ct(8) does: for ct.t. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_ctnetlink_events.h>

#include "../../tools/ctnetlink/ct-filter.h"
#include "../../tools/ctnetlink/ct-invalid.h"
#include "../../tools/ctnetlink/ct-print.h"
#include "../../tools/ctnetlink/ct-table.h"
#include "../../tools/ctnetlink/ct-watch.h"
#include "../../tools/lib/cli.h"

#define NOW	1000060u

static void print_term(const struct nf_ctnetlink_term *term)
{
	unsigned int i;

	printf("%u %u ", term->field, term->flags);
	if (term->family) {
		printf("%u/%u ", term->family, term->prefix);
		for (i = 0; i < (term->family == NFPROTO_IPV4 ? 4 : 16); i++)
			printf("%02x", term->addr[i]);
	} else if (term->field == NF_CTNETLINK_F_HELPER) {
		printf("\"%s\"", term->name);
	} else if (term->field == NF_CTNETLINK_F_MARK ||
		   term->field == NF_CTNETLINK_F_STATUS) {
		printf("%x/%x", term->bits.value, term->bits.mask);
	} else {
		printf("%" PRIu64 "-%" PRIu64, (uint64_t)term->range.min,
		       (uint64_t)term->range.max);
	}
	putchar('\n');
}

static int filter(int argc, char **argv)
{
	struct filter f;
	const char *wrong = filter_read(&f, argc, argv);
	unsigned int i;

	if (wrong) {
		printf("wrong: %s\n", wrong);
		return 1;
	}
	for (i = 0; i < f.count; i++)
		print_term(&f.term[i]);
	return 0;
}

static uint8_t bytes[512];
static size_t len;

static void put(const void *data, size_t n)
{
	memcpy(bytes + len, data, n);
	len += n;
}

static void put_block(uint32_t bit, const void *data, size_t n)
{
	struct nf_ctnetlink_block block = {
		.len = (uint16_t)(sizeof(block) + n),
		.type = (uint16_t)__builtin_ctz(bit),
	};

	put(&block, sizeof(block));
	put(data, n);
}

static struct nf_ctnetlink_record begin(uint8_t family, uint8_t proto,
					uint16_t first, uint16_t second)
{
	struct nf_ctnetlink_record r = {
		.family = family, .proto = proto, .left = 30, .uses = 1,
		.zone_dir = 3,
		.port = { { htons(first), htons(second) },
			  { htons(second), htons(first) } },
	};

	len = sizeof(r);
	return r;
}

static void put_addrs(const char *const addrs[4], int af)
{
	uint8_t addr[16];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		inet_pton(af, addrs[i], addr);
		put(addr, af == AF_INET ? 4 : 16);
	}
}

static void end(struct nf_ctnetlink_record *r)
{
	r->len = (uint16_t)len;
	memcpy(bytes, r, sizeof(*r));
}

static void make_tcp(void)
{
	static const char *const addrs[] = {
		"10.0.0.1", "10.0.0.2", "10.0.0.2", "255.255.255.255"
	};
	static const char helper[NF_CTNETLINK_NAME_LEN] = "ftp";
	static const uint32_t labels[4] = { 1, 2, 0, 1u << 31 };
	struct nf_ctnetlink_record r = begin(NFPROTO_IPV4, 6, 1234, 80);
	struct nf_ctnetlink_master master = { .id = 99 };
	uint64_t start = 1000000ull * 1000000000;

	r.flags = NF_CTNETLINK_RECORD_TCP | NF_CTNETLINK_RECORD_ACCT;
	r.state = 3;
	r.id = 4000000000u;
	r.left = 300;
	r.status = 6;
	r.mark = 5;
	r.zone = 7;
	r.packets[0] = 3;
	r.packets[1] = 2;
	r.bytes[0] = 180;
	r.bytes[1] = UINT64_MAX;
	r.blocks = 4;
	put_addrs(addrs, AF_INET);
	put_block(NF_CTNETLINK_BLOCK_HELPER, helper, sizeof(helper));
	put_block(NF_CTNETLINK_BLOCK_LABELS, labels, sizeof(labels));
	put_block(NF_CTNETLINK_BLOCK_START, &start, sizeof(start));
	put_block(NF_CTNETLINK_BLOCK_MASTER, &master, sizeof(master));
	end(&r);
}

static void make(const char *what)
{
	static const char *const addrs4[] = {
		"10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.1"
	};
	static const char *const addrs6[] = {
		"2001:db8::1", "2001:db8::2", "2001:db8::2", "2001:db8::1"
	};
	struct nf_ctnetlink_record r;

	if (!strcmp(what, "tcp")) {
		make_tcp();
		return;
	}
	if (!strcmp(what, "icmpv6")) {
		r = begin(NFPROTO_IPV6, 58, 77, 128 << 8);
		r.port[1][0] = htons(77);
		r.port[1][1] = htons(129 << 8);
		put_addrs(addrs6, AF_INET6);
	} else if (!strcmp(what, "gre")) {
		r = begin(NFPROTO_IPV4, 47, 1, 2);
		r.zone = 9;
		r.zone_dir = 1;
		put_addrs(addrs4, AF_INET);
	} else {
		r = begin(NFPROTO_IPV4, 17, 1, 2);
		r.status = 1u << 14;
		put_addrs(addrs4, AF_INET);
	}
	end(&r);
}

/* Each beginning of a record is none, and no byte behind it is read. */
static int cut(void)
{
	struct connection c;
	uint8_t *copy;
	size_t n;

	make_tcp();
	for (n = 0; n < len; n++) {
		copy = malloc(n ? n : 1);
		memcpy(copy, bytes, n);
		if (connection_read(&c, copy, n)) {
			printf("%zu bytes\n", n);
			return 1;
		}
		free(copy);
	}
	puts("none");
	return 0;
}

/* ct-invalid.c and ct-watch.c report errors. */
struct cli cli = { .program = "ct" };

static int invalid(const char *counters, const char *list, bool json)
{
	FILE *files[] = { fopen(counters, "r"), fopen(list, "r") };

	cli.json = json;
	if (!files[0] || !files[1] || invalid_print(files[0], files[1])) {
		printf("wrong\n");
		return 1;
	}
	return 0;
}

/* An event with the record that make() left, which begins a connection. */
static size_t make_event(uint8_t *to, uint32_t kinds, uint32_t lost)
{
	struct nf_ctnetlink_event event = {
		.len = (uint16_t)((sizeof(event) + len + 7) / 8 * 8),
		.kinds = (uint16_t)kinds, .lost = lost,
		.time = 1000060ull * 1000000000 + 1002003,
	};

	memcpy(to, &event, sizeof(event));
	memcpy(to + sizeof(event), bytes, len);
	return event.len;
}

static int events(bool json)
{
	uint8_t two[2048] = { 0 }, *copy;
	uint64_t lost = 0;
	size_t n, size;

	cli.json = json;
	make("icmpv6");
	size = make_event(two, NF_CTNETLINK_EVENT_NEW, 0);
	size += make_event(two + size, NF_CTNETLINK_EVENT_MARK |
			   NF_CTNETLINK_EVENT_DESTROY, 3);
	if (watch_print(two, size, 5, &lost) != 2 || lost != 3 ||
	    watch_print(two, size, 1, &lost) != 1)
		return 1;
	for (n = 1; n < size / 2; n++) {
		copy = malloc(n);
		memcpy(copy, two, n);
		if (watch_print(copy, n, 5, &lost) >= 0) {
			printf("%zu bytes\n", n);
			return 1;
		}
		free(copy);
	}
	return 0;
}

/* An event of an expectation of IPv4, or one of IPv6 with all of its source. */
static size_t make_expected(uint8_t *to, bool v6)
{
	struct nf_ctnetlink_expect x = {
		.len = sizeof(x), .proto = IPPROTO_TCP, .left = 300,
		.family = v6 ? NFPROTO_IPV6 : NFPROTO_IPV4,
		.flags = v6 ? 0 : 2, .class = v6 ? 0 : 2, .zone = v6 ? 0 : 7,
		.src_mask_port = v6 ? 0xffff : 0,
		.port = { htons(20), htons(4001) }, .helper = "ftp",
		.master = { .port = { htons(999), htons(21) } },
	};
	struct nf_ctnetlink_event event = {
		.len = (sizeof(event) + sizeof(x) + 7) / 8 * 8,
		.kinds = v6 ? NF_CTNETLINK_EVENT_EXPECT_DESTROY :
			 NF_CTNETLINK_EVENT_EXPECT_NEW,
		.time = 1000060ull * 1000000000 + 1002003,
	};
	int af = v6 ? AF_INET6 : AF_INET;

	inet_pton(af, v6 ? "2001:db8::1" : "10.0.1.2", x.addr[0]);
	inet_pton(af, v6 ? "2001:db8::2" : "10.0.0.2", x.addr[1]);
	memset(x.src_mask, 0xff, v6 ? 16 : 4);
	x.master.family = x.family;
	memcpy(x.master.addr[0], x.addr[1], 16);
	memcpy(x.master.addr[1], x.addr[0], 16);
	memcpy(to, &event, sizeof(event));
	memcpy(to + sizeof(event), &x, sizeof(x));
	return event.len;
}

static int expected(bool json)
{
	uint8_t two[1024] = { 0 }, *copy;
	uint64_t lost = 0;
	size_t n, size;

	cli.json = json;
	size = make_expected(two, false);
	size += make_expected(two + size, true);
	if (watch_print(two, size, 5, &lost) != 2)
		return 1;
	for (n = 1; n < size / 2; n++) {
		copy = malloc(n);
		memcpy(copy, two, n);
		if (watch_print(copy, n, 5, &lost) >= 0) {
			printf("%zu bytes\n", n);
			return 1;
		}
		free(copy);
	}
	return 0;
}

/* The records that are named, as a table. */
static int rows(int count, char **names)
{
	struct table *table = connections_table();
	struct connection c;

	for (; count; count--, names++) {
		make(*names);
		if (connection_read(&c, bytes, len) != len)
			return 1;
		connection_row(table, &c, NOW);
	}
	connections_table_end(table);
	return 0;
}

int main(int argc, char **argv)
{
	struct connection c;

	if (argc > 1 && !strcmp(argv[1], "table"))
		return rows(argc - 2, argv + 2);
	if (argc > 1 && !strcmp(argv[1], "filter"))
		return filter(argc - 2, argv + 2);
	if (argc > 1 && !strcmp(argv[1], "cut"))
		return cut();
	if (argc > 3 && !strcmp(argv[1], "invalid"))
		return invalid(argv[2], argv[3], argc > 4);
	if (argc > 2 && !strcmp(argv[1], "events"))
		return events(!strcmp(argv[2], "json"));
	if (argc > 2 && !strcmp(argv[1], "expected"))
		return expected(!strcmp(argv[2], "json"));
	if (argc > 2 && !strcmp(argv[1], "kinds")) {
		printf("%u\n", watch_kinds(argv[2]));
		return 0;
	}
	if (argc < 3)
		return 2;
	make(argv[2]);
	if (connection_read(&c, bytes, len) != len)
		return 1;
	if (!strcmp(argv[1], "line")) {
		connection_line(&c, NOW);
	} else {
		connection_json(&c, NOW);
		putchar('\n');
	}
	return 0;
}
