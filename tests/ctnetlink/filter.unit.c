// SPDX-License-Identifier: GPL-2.0-only
/* Terms: what is refused, each field, alternatives, missing facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctnetlink/filter.h"

#define NOT	NF_CTNETLINK_TERM_NOT
#define OR	NF_CTNETLINK_TERM_OR
#define F(name)	NF_CTNETLINK_F_##name

static struct {
	struct ctn_filter filter;
	struct nf_ctnetlink_term term[8];
} f;

static const uint8_t addrs[4][4] = {
	{ 10, 0, 0, 1 }, { 192, 0, 2, 80 },
	{ 10, 9, 9, 9 }, { 198, 51, 100, 7 },
};
static const uint8_t addr6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0xff };
static const unsigned long labels[128 / (8 * sizeof(long))] = { 1ul << 5 };

/* A connection of TCP that was translated, with everything. */
static struct ctn_facts full(void)
{
	struct ctn_facts facts = {
		.has = CTN_HAS_ACCT | CTN_HAS_TSTAMP | CTN_HAS_MORE,
		.family = 2, .proto = 6, .zone = 7, .status = 0x1e,
		.flags = NF_CTNETLINK_RECORD_TCP, .state = 3,
		.mark = 0x1234, .left = 300, .has_ports = true,
		.port = { { 1000, 80 }, { 8080, 61000 } },
		.addr = { { addrs[0], addrs[1] }, { addrs[2], addrs[3] } },
		.age = 60, .packets = { 3, 2 }, .bytes = { 300, 2000 },
		.helper = "ftp", .labels = labels,
	};

	return facts;
}

static struct nf_ctnetlink_term *add(uint8_t field, uint8_t flags)
{
	struct nf_ctnetlink_term *term = &f.filter.term[f.filter.count++];

	assert_true(f.filter.count <= 8);
	memset(term, 0, sizeof(*term));
	term->field = field;
	term->flags = flags;
	return term;
}

static void range(uint8_t field, uint8_t flags, uint64_t min, uint64_t max)
{
	struct nf_ctnetlink_term *term = add(field, flags);

	term->range.min = min;
	term->range.max = max;
}

static void addr(uint8_t field, uint8_t flags, const char *bytes,
		 uint8_t prefix)
{
	struct nf_ctnetlink_term *term = add(field, flags);

	term->family = 2;
	term->prefix = prefix;
	memcpy(term->addr, bytes, 4);
}

static void begin(void)
{
	f.filter.count = 0;
}

static enum ctn_result match_lacks(const struct ctn_facts *facts,
				   unsigned int *lacks)
{
	unsigned int bad;

	assert_null(ctn_filter_check(&f.filter, &bad));
	return ctn_filter_match(&f.filter, facts, lacks);
}

static enum ctn_result match(const struct ctn_facts *facts)
{
	unsigned int lacks;

	return match_lacks(facts, &lacks);
}

static void assert_refused(void)
{
	unsigned int bad = 99;

	assert_non_null(ctn_filter_check(&f.filter, &bad));
	assert_int_equal(bad, f.filter.count - 1);
}

/* The one that holds, and its opposite. */
static void assert_range(uint8_t field, uint64_t value)
{
	struct ctn_facts facts = full();

	begin();
	range(field, 0, value, value);
	assert_int_equal(match(&facts), CTN_YES);
	begin();
	range(field, NOT, value, value);
	assert_int_equal(match(&facts), CTN_NO);
	begin();
	range(field, 0, value + 1, value + 1);
	assert_int_equal(match(&facts), CTN_NO);
}

static void test_ranges(void **state)
{
	(void)state;
	assert_range(F(FAMILY), 2);
	assert_range(F(PROTO), 6);
	assert_range(F(SPORT), 1000);
	assert_range(F(DPORT), 80);
	assert_range(F(REPLY_SPORT), 8080);
	assert_range(F(REPLY_DPORT), 61000);
	assert_range(F(ANY_PORT), 61000);
	assert_range(F(TCP_STATE), 3);
	assert_range(F(ZONE), 7);
	assert_range(F(LEFT), 300);
	assert_range(F(LABEL), 5);
	assert_range(F(AGE), 60);
	assert_range(F(BYTES), 2300);
	assert_range(F(BYTES_ORIG), 300);
	assert_range(F(BYTES_REPLY), 2000);
	assert_range(F(PACKETS), 5);
	assert_range(F(PACKETS_ORIG), 3);
	assert_range(F(PACKETS_REPLY), 2);
}

static void test_other_protocol(void **state)
{
	struct ctn_facts facts = full();

	(void)state;
	begin();
	range(F(SCTP_STATE), 0, 0, 255);
	assert_int_equal(match(&facts), CTN_NO);
	begin();
	range(F(ICMP_TYPE), 0, 0, 255);
	assert_int_equal(match(&facts), CTN_NO);

	facts.has_ports = false;
	facts.is_icmp = true;
	facts.icmp = 0x0801;
	begin();
	range(F(ANY_PORT), 0, 0, 65535);
	assert_int_equal(match(&facts), CTN_NO);
	begin();
	range(F(DPORT), NOT, 80, 80);
	assert_int_equal(match(&facts), CTN_YES);
	begin();
	range(F(ICMP_TYPE), 0, 8, 8);
	range(F(ICMP_CODE), 0, 1, 1);
	assert_int_equal(match(&facts), CTN_YES);
}

static void test_addresses(void **state)
{
	static const uint8_t fields[] = {
		F(SRC), F(DST), F(REPLY_SRC), F(REPLY_DST)
	};
	struct ctn_facts facts = full();
	unsigned int i, prefix;
	char other[4];

	(void)state;
	for (i = 0; i < 4; i++) {
		for (prefix = 0; prefix <= 32; prefix++) {
			memcpy(other, addrs[i], 4);
			if (prefix < 32)	/* the first bit behind it */
				other[prefix / 8] ^= (char)(0x80 >> prefix % 8);
			begin();
			addr(fields[i], 0, other, (uint8_t)prefix);
			assert_int_equal(match(&facts), CTN_YES);
			begin();
			addr(F(ANY_ADDR), 0, other, (uint8_t)prefix);
			assert_int_equal(match(&facts), CTN_YES);
			if (prefix == 32)
				continue;
			begin();
			addr(fields[i], 0, other, (uint8_t)(prefix + 1));
			assert_int_equal(match(&facts), CTN_NO);
		}
	}
	facts.family = 10;
	for (i = 0; i < 4; i++)
		facts.addr[i / 2][i % 2] = addr6;
	begin();
	addr(F(SRC), 0, "\x20\x01\x0d\xb8", 0);
	assert_int_equal(match(&facts), CTN_NO);
}

static void test_bits_and_names(void **state)
{
	struct ctn_facts facts = full();
	struct nf_ctnetlink_term *term;

	(void)state;
	begin();
	term = add(F(MARK), 0);
	term->bits.value = 0x200;
	term->bits.mask = 0xf00;
	term = add(F(STATUS), 0);
	term->bits.value = term->bits.mask = 2;
	assert_int_equal(match(&facts), CTN_YES);
	term->flags = NOT;
	assert_int_equal(match(&facts), CTN_NO);

	begin();
	term = add(F(HELPER), 0);
	strcpy(term->name, "ftp");
	assert_int_equal(match(&facts), CTN_YES);
	facts.helper = NULL;
	assert_int_equal(match(&facts), CTN_NO);
	memset(term->name, 0, sizeof(term->name));
	assert_int_equal(match(&facts), CTN_YES);

	facts.labels = NULL;
	begin();
	range(F(LABEL), 0, 0, 127);
	assert_int_equal(match(&facts), CTN_NO);
}

static void test_alternatives(void **state)
{
	struct ctn_facts facts = full();

	(void)state;
	begin();
	assert_int_equal(match(&facts), CTN_YES);
	range(F(DPORT), 0, 443, 443);
	range(F(DPORT), OR, 80, 80);
	range(F(PROTO), 0, 6, 6);
	assert_int_equal(match(&facts), CTN_YES);
	range(F(ZONE), 0, 1, 1);
	assert_int_equal(match(&facts), CTN_NO);
	range(F(ZONE), OR | NOT, 1, 1);
	assert_int_equal(match(&facts), CTN_YES);
}

static void test_unknown(void **state)
{
	struct ctn_facts facts = full();
	unsigned int lacks;

	(void)state;
	facts.has = CTN_HAS_MORE;
	begin();
	range(F(BYTES), NOT, 1, 2);
	assert_int_equal(match_lacks(&facts, &lacks), CTN_UNKNOWN);
	assert_int_equal(lacks, CTN_HAS_ACCT);
	range(F(AGE), 0, 1, 2);
	assert_int_equal(match_lacks(&facts, &lacks), CTN_UNKNOWN);
	assert_int_equal(lacks, CTN_HAS_ACCT | CTN_HAS_TSTAMP);

	/* Others decide. */
	range(F(PROTO), OR, 6, 6);
	assert_int_equal(match_lacks(&facts, &lacks), CTN_UNKNOWN);
	assert_int_equal(lacks, CTN_HAS_ACCT);
	range(F(ZONE), 0, 9, 9);
	assert_int_equal(match_lacks(&facts, &lacks), CTN_NO);
}

static void test_refused(void **state)
{
	struct nf_ctnetlink_term *term;
	uint8_t field;

	(void)state;
	for (field = F(MAX) + 1; field > F(MAX); field++) {
		begin();
		range(field, 0, 0, 0);
		assert_refused();
	}
	begin();
	range(F(UNSPEC), 0, 0, 0);
	assert_refused();
	begin();
	range(F(DPORT), 4, 0, 0);
	assert_refused();
	begin();
	range(F(DPORT), OR, 0, 0);
	assert_refused();
	begin();
	range(F(DPORT), 0, 0, 0);
	range(F(DPORT), 0, 2, 1);
	assert_refused();
	begin();
	range(F(DPORT), 0, 0, 65536);
	assert_refused();
	begin();
	range(F(LABEL), 0, 0, 128);
	assert_refused();
	begin();
	term = add(F(MARK), 0);
	term->bits.value = 1;
	assert_refused();
	begin();
	term = add(F(HELPER), 0);
	memset(term->name, 'x', sizeof(term->name));
	assert_refused();
	begin();
	addr(F(SRC), 0, "1234", 33);
	assert_refused();
	begin();
	addr(F(SRC), 0, "1234", 32);
	f.filter.term[0].addr[4] = 1;
	assert_refused();
	begin();
	addr(F(SRC), 0, "1234", 32);
	f.filter.term[0].family = 3;
	assert_refused();
	begin();
	range(F(DPORT), 0, 0, 0);
	f.filter.term[0].prefix = 1;
	assert_refused();
	begin();
	range(F(DPORT), 0, 0, 0);
	f.filter.term[0].reserved = 1;
	assert_refused();
}

static void test_needs(void **state)
{
	unsigned int bad;

	(void)state;
	begin();
	range(F(DPORT), 0, 0, 0);
	assert_null(ctn_filter_check(&f.filter, &bad));
	assert_int_equal(f.filter.needs, 0);
	range(F(BYTES), 0, 0, 0);
	range(F(LABEL), 0, 0, 0);
	assert_null(ctn_filter_check(&f.filter, &bad));
	assert_int_equal(f.filter.needs, CTN_HAS_ACCT | CTN_HAS_MORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_other_protocol),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_bits_and_names),
		cmocka_unit_test(test_alternatives),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
