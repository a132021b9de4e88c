// SPDX-License-Identifier: GPL-2.0-only
/* tftp_parse(): by hand, on real captures, and against the naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exact.h"
#include "pcap.h"
#include "parser.model.h"

/* A string literal as a packet; its own closing NUL is not part of it. */
#define PACKET(s)	(const uint8_t *)(s), sizeof(s) - 1

static enum tftp_error parse(const uint8_t *data, size_t len,
			     struct tftp_packet *pkt)
{
	struct tftp_packet want;
	enum tftp_error error = tftp_parse(data, len, len, pkt);

	assert_int_equal(error, tftp_model(data, len, &want));
	if (error == TFTP_OK)
		assert_true(tftp_same(pkt, &want));
	return error;
}

static void assert_text(const uint8_t *data, const struct tftp_packet *pkt,
			const char *want)
{
	assert_int_equal(pkt->text.len, strlen(want));
	assert_memory_equal(data + pkt->text.off, want, pkt->text.len);
}

static void test_requests(void **state)
{
	static const uint8_t rrq[] = "\0\1boot/pxelinux.0\0octet";
	static const uint8_t wrq[] = "\0\2x\0NetASCII";
	struct tftp_packet pkt;

	(void)state;
	assert_int_equal(parse(rrq, sizeof(rrq), &pkt), TFTP_OK);
	assert_int_equal(pkt.opcode, TFTP_RRQ);
	assert_int_equal(pkt.mode, TFTP_MODE_OCTET);
	assert_int_equal(pkt.options_seen, 0);
	assert_true(tftp_is_request(&pkt));
	assert_text(rrq, &pkt, "boot/pxelinux.0");

	assert_int_equal(parse(wrq, sizeof(wrq), &pkt), TFTP_OK);
	assert_int_equal(pkt.opcode, TFTP_WRQ);
	assert_int_equal(pkt.mode, TFTP_MODE_NETASCII);
	assert_true(tftp_is_request(&pkt));
	assert_text(wrq, &pkt, "x");

	assert_int_equal(parse(PACKET("\0\2u\0mail\0"), &pkt), TFTP_OK);
	assert_int_equal(pkt.mode, TFTP_MODE_MAIL);
}

static void test_bad_requests(void **state)
{
	static const struct {
		const char *data;
		size_t len;
		enum tftp_error error;
	} bad[] = {
#define BAD(s, error)	{ s, sizeof(s) - 1, error }
		BAD("", TFTP_CUT),
		BAD("\0", TFTP_CUT),
		BAD("\0\0", TFTP_BAD_OPCODE),
		BAD("\0\7", TFTP_BAD_OPCODE),
		BAD("\1\1f\0octet\0", TFTP_BAD_OPCODE),
		BAD("\0\1", TFTP_BAD_FILENAME),
		BAD("\0\1\0", TFTP_BAD_FILENAME),
		BAD("\0\1\0octet\0", TFTP_BAD_FILENAME),
		BAD("\0\1file", TFTP_BAD_FILENAME),
		BAD("\0\1file\0", TFTP_BAD_MODE),
		BAD("\0\1file\0octet", TFTP_BAD_MODE),
		BAD("\0\1file\0\0", TFTP_BAD_MODE),
		BAD("\0\1file\0octe\0", TFTP_BAD_MODE),
		BAD("\0\1file\0octets\0", TFTP_BAD_MODE),
		BAD("\0\1file\0binary\0", TFTP_BAD_MODE),
		BAD("\0\1file\0octet\0blksize", TFTP_BAD_OPTION),
		BAD("\0\1file\0octet\0blksize\0", TFTP_BAD_OPTION),
		BAD("\0\1file\0octet\0blksize\0" "512", TFTP_BAD_OPTION),
		BAD("\0\1file\0octet\0\0" "512\0", TFTP_BAD_OPTION),
		BAD("\0\1file\0octet\0\0x", TFTP_BAD_OPTION),
#undef BAD
	};
	struct tftp_packet pkt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse((const uint8_t *)bad[i].data,
				       bad[i].len, &pkt), bad[i].error);
}

/* Every beginning of a sound request is an error, or a request without the
 * options that are cut off whole.
 */
static void test_truncation(void **state)
{
	static const uint8_t rrq[] = "\0\1a/b\0octet\0blksize\0"
				     "1428\0tsize\0"
				     "0";
	struct tftp_packet pkt;
	size_t len, sound = 0;
	uint8_t *copy;

	(void)state;
	for_each_truncation(copy, len, rrq, sizeof(rrq)) {
		sound += parse(copy, len, &pkt) == TFTP_OK;
		/* Bytes that exist but are not at hand. */
		assert_int_equal(tftp_parse(copy, len, sizeof(rrq), &pkt),
				 TFTP_CUT);
	}
	assert_int_equal(sound, 2);
	assert_int_equal(parse(rrq, sizeof(rrq), &pkt), TFTP_OK);
}

static void test_length(void **state)
{
	uint8_t data[TFTP_REQUEST_MAX + 1] = { 0, TFTP_RRQ };
	struct tftp_packet pkt;

	(void)state;
	memset(data + 2, 'a', sizeof(data) - 2);
	memcpy(data + TFTP_REQUEST_MAX - 7, "\0octet\0", 7);
	assert_int_equal(parse(data, TFTP_REQUEST_MAX, &pkt), TFTP_OK);
	assert_int_equal(pkt.text.len, TFTP_REQUEST_MAX - 9);

	data[TFTP_REQUEST_MAX] = '\0';
	assert_int_equal(parse(data, TFTP_REQUEST_MAX + 1, &pkt),
			 TFTP_TOO_LONG);
	data[1] = TFTP_OACK;
	assert_int_equal(parse(data, TFTP_REQUEST_MAX + 1, &pkt),
			 TFTP_TOO_LONG);
	data[1] = TFTP_ERROR;
	memset(data + 4, 'a', sizeof(data) - 4);
	assert_int_equal(parse(data, sizeof(data), &pkt), TFTP_OK);
	assert_int_equal(pkt.text.len, TFTP_REQUEST_MAX - 4);
}

static uint64_t option_value(const char *name, const char *value, int option)
{
	uint8_t data[200];
	struct tftp_packet pkt;
	int len = snprintf((char *)data, sizeof(data), "%c%cf%coctet%c%s%c%s%c",
			   0, TFTP_RRQ, 0, 0, name, 0, value, 0);

	assert_int_equal(parse(data, (size_t)len, &pkt), TFTP_OK);
	assert_int_equal(pkt.options_seen, 1);
	if (!pkt.options)
		return UINT64_MAX;
	assert_int_equal(pkt.options, 1 << option);
	return pkt.value[option];
}

static void test_options(void **state)
{
	static const struct {
		const char *name, *value;
		int option;
		uint64_t want;	/* UINT64_MAX: not sound, not taken */
	} cases[] = {
		{ "blksize", "7", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "blksize", "8", TFTP_OPT_BLKSIZE, 8 },
		{ "BlkSize", "1428", TFTP_OPT_BLKSIZE, 1428 },
		{ "blksize", "65464", TFTP_OPT_BLKSIZE, 65464 },
		{ "blksize", "65465", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "blksize", "", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "blksize", "0x200", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "blksize", "-512", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "blksize", " 512", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "blksize", "512 ", TFTP_OPT_BLKSIZE, UINT64_MAX },
		{ "timeout", "0", TFTP_OPT_TIMEOUT, UINT64_MAX },
		{ "timeout", "1", TFTP_OPT_TIMEOUT, 1 },
		{ "timeout", "255", TFTP_OPT_TIMEOUT, 255 },
		{ "timeout", "256", TFTP_OPT_TIMEOUT, UINT64_MAX },
		{ "tsize", "0", TFTP_OPT_TSIZE, 0 },
		{ "tsize", "4294967296", TFTP_OPT_TSIZE, 4294967296ULL },
		{ "tsize", "9999999999999999999", TFTP_OPT_TSIZE,
		  9999999999999999999ULL },
		{ "tsize", "18446744073709551616", TFTP_OPT_TSIZE, UINT64_MAX },
		{ "windowsize", "0", TFTP_OPT_WINDOWSIZE, UINT64_MAX },
		{ "windowsize", "65535", TFTP_OPT_WINDOWSIZE, 65535 },
		{ "windowsize", "65536", TFTP_OPT_WINDOWSIZE, UINT64_MAX },
		{ "multicast", "", 0, UINT64_MAX },
		{ "blksize2", "512", 0, UINT64_MAX },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(option_value(cases[i].name, cases[i].value,
					      cases[i].option), cases[i].want);
}

static void test_option_lists(void **state)
{
	struct tftp_packet pkt;

	(void)state;
	/* Padding, as boot ROMs send it. */
	assert_int_equal(parse(PACKET("\0\1f\0octet\0\0\0\0"), &pkt), TFTP_OK);
	assert_int_equal(pkt.options_seen, 0);
	assert_int_equal(parse(PACKET("\0\1f\0octet\0tsize\0" "0\0\0\0"), &pkt),
			 TFTP_OK);
	assert_int_equal(pkt.options_seen, 1);
	/* Twice: the first counts. */
	assert_int_equal(parse(PACKET("\0\1f\0octet\0timeout\0" "3\0"
				      "timeout\0" "5\0"), &pkt), TFTP_OK);
	assert_int_equal(pkt.options_seen, 2);
	assert_int_equal(pkt.value[TFTP_OPT_TIMEOUT], 3);
}

static void test_replies(void **state)
{
	static const uint8_t error[] = "\0\5\0\1File not found";
	struct tftp_packet pkt;

	(void)state;
	assert_int_equal(parse(PACKET("\0\3\1\2"), &pkt), TFTP_OK);
	assert_int_equal(pkt.opcode, TFTP_DATA);
	assert_int_equal(pkt.number, 258);
	assert_false(tftp_is_request(&pkt));
	assert_int_equal(parse(PACKET("\0\4\377\377"), &pkt), TFTP_OK);
	assert_int_equal(pkt.number, 65535);
	assert_int_equal(parse(PACKET("\0\4\0\0x"), &pkt), TFTP_OK);
	assert_int_equal(parse(PACKET("\0\3\1"), &pkt), TFTP_CUT);
	assert_int_equal(parse(PACKET("\0\4\1"), &pkt), TFTP_CUT);
	assert_int_equal(parse(PACKET("\0\5\1"), &pkt), TFTP_CUT);

	/* With its NUL, without it, and without a message. */
	assert_int_equal(parse(error, sizeof(error), &pkt), TFTP_OK);
	assert_int_equal(pkt.number, 1);
	assert_text(error, &pkt, "File not found");
	assert_int_equal(parse(error, sizeof(error) - 1, &pkt), TFTP_OK);
	assert_text(error, &pkt, "File not found");
	assert_int_equal(parse(error, 4, &pkt), TFTP_OK);
	assert_int_equal(pkt.text.len, 0);

	assert_int_equal(parse(PACKET("\0\6blksize\0" "1024\0"), &pkt),
			 TFTP_OK);
	assert_int_equal(pkt.options, 1 << TFTP_OPT_BLKSIZE);
	assert_int_equal(pkt.value[TFTP_OPT_BLKSIZE], 1024);
	assert_int_equal(parse(PACKET("\0\6"), &pkt), TFTP_BAD_OPTION);
	assert_int_equal(parse(PACKET("\0\6\0\0"), &pkt), TFTP_BAD_OPTION);
	assert_int_equal(parse(PACKET("\0\6blksize\0"), &pkt),
			 TFTP_BAD_OPTION);
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = TFTP_OK; error <= TFTP_BAD_OPTION; error++)
		assert_string_not_equal(tftp_error_text(error),
					tftp_error_text(-1));
}

/* What a capture holds, one letter a packet: Read, Write, Data, Ack, Error,
 * Oack; and the request that opens it.
 */
static void read_capture(const char *path, char *ops, size_t size,
			 struct tftp_packet *first, char *name)
{
	FILE *f = pcap_open(path);
	struct pcap_payload p;
	struct tftp_packet pkt;
	size_t n = 0;
	int more;

	if (!f)
		fail_msg("%s is missing or no capture", path);
	while ((more = pcap_next(f, &p)) > 0) {
		if (tftp_parse(p.data, p.have, p.len, &pkt) != TFTP_OK)
			fail_msg("%s: packet %zu", path, n + 1);
		if (!n) {
			*first = pkt;
			snprintf(name, TFTP_REQUEST_MAX, "%s",
				 (char *)p.data + pkt.text.off);
		}
		assert_true(n + 1 < size);
		ops[n++] = "-RWDAEO"[pkt.opcode];
	}
	assert_int_equal(more, 0);
	ops[n] = '\0';
	fclose(f);
}

static void test_captures(void **state)
{
	static const struct {
		const char *file, *ops, *name;
		int mode, options_seen, options;
	} cases[] = {
#define OPT(x)	(1 << TFTP_OPT_ ## x)
		{ "hpa-get", "RDADA", "boot/pxe.cfg", TFTP_MODE_OCTET },
		{ "hpa-get-v6", "RDADA", "boot/pxe.cfg", TFTP_MODE_OCTET },
		{ "hpa-netascii-put", "WADADA", "boot/up.txt",
		  TFTP_MODE_NETASCII },
		{ "hpa-missing", "REA", "no/such", TFTP_MODE_OCTET },
		{ "atftp-get-options", "ROADA", "boot/pxe.cfg",
		  TFTP_MODE_OCTET, 4, OPT(BLKSIZE) | OPT(TSIZE) |
		  OPT(TIMEOUT) | OPT(WINDOWSIZE) },
		{ "atftp-multicast", "RO", "boot/pxe.cfg", TFTP_MODE_OCTET,
		  2, OPT(BLKSIZE) },
		{ "atftp-put", "WADADA", "boot/up2.txt", TFTP_MODE_OCTET },
		{ "curl-get", "ROADADA", "boot/pxe.cfg", TFTP_MODE_OCTET,
		  3, OPT(BLKSIZE) | OPT(TSIZE) | OPT(TIMEOUT) },
		{ "curl-put", "WODADA", "boot/up3.txt", TFTP_MODE_OCTET,
		  3, OPT(BLKSIZE) | OPT(TSIZE) | OPT(TIMEOUT) },
		{ "busybox-get", "ROADA", "boot/pxe.cfg", TFTP_MODE_OCTET,
		  2, OPT(BLKSIZE) | OPT(TSIZE) },
		{ "busybox-dnsmasq", "ROADA", "boot/pxe.cfg",
		  TFTP_MODE_OCTET, 2, OPT(BLKSIZE) | OPT(TSIZE) },
#undef OPT
	};
	char path[200], ops[64], name[TFTP_REQUEST_MAX];
	struct tftp_packet first;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(path, sizeof(path), "tests/tftp/captures/%s.pcap",
			 cases[i].file);
		read_capture(path, ops, sizeof(ops), &first, name);
		print_message("%s: %s\n", path, ops);
		assert_string_equal(ops, cases[i].ops);
		assert_string_equal(name, cases[i].name);
		assert_int_equal(first.mode, cases[i].mode);
		assert_int_equal(first.options_seen, cases[i].options_seen);
		assert_int_equal(first.options, cases[i].options);
	}
}

/* Packets put together from likely pieces, many of them sound. */
static void test_model(void **state)
{
	static const char * const piece[] = {
		"octet", "netascii", "MAIL", "blksize", "timeout", "tsize",
		"windowsize", "512", "0", "99999", "x/y", "", "\xff",
		"12345678901234567890",
	};
	struct tftp_packet pkt;
	uint8_t data[600];
	size_t len, sound = 0;
	int i, words;

	(void)state;
	srand(69);
	for (i = 0; i < 200000; i++) {
		data[0] = 0;
		data[1] = (uint8_t)(rand() % 8);
		len = 2;
		for (words = rand() % 8; words; words--) {
			size_t pick = (size_t)rand() % 14;

			memcpy(data + len, piece[pick],
			       strlen(piece[pick]) + 1);
			len += strlen(piece[pick]) + 1;
		}
		if (rand() % 4 == 0)
			len -= (size_t)rand() % len;
		if (rand() % 8 == 0 && len)
			data[(size_t)rand() % len] = (uint8_t)rand();
		sound += parse(data, len, &pkt) == TFTP_OK;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(sound, 20000, 180000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_option_lists),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
