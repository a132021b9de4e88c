// SPDX-License-Identifier: GPL-2.0-only
/* The parser of rsh: captures, hand-made payloads, a naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "exact.h"
#include "parser.model.h"

#define BYTES(text)	text, sizeof(text) - 1

/* In memory of just its length; the naive model must agree. */
static enum rsh_error parse_port(const void *data, size_t len,
				 struct rsh_port *port)
{
	uint8_t *copy = exact_copy(data, len);
	struct rsh_port want;
	enum rsh_error error = rsh_parse_port(copy, len, port);

	assert_int_equal(error, model_port(copy, len, &want));
	assert_int_equal(rsh_may_announce(copy, len), error == RSH_MORE);
	if (error == RSH_OK) {
		assert_int_equal(port->number, want.number);
		assert_int_equal(port->len, want.len);
	}
	free(copy);
	return error;
}

static bool parse(const void *data, size_t len, bool whole,
		  struct rsh_head *head)
{
	uint8_t *copy = exact_copy(data, len);
	struct rsh_head want;
	bool ret = rsh_parse(copy, len, whole, head);

	assert_int_equal(ret, model_parse(copy, len, whole, &want));
	if (ret)
		assert_true(rsh_same(head, &want));
	free(copy);
	return ret;
}

static void test_ports(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		int number, digits;
	} cases[] = {
		{ BYTES("1022\0root\0bob\0id\0"), 1022, 4 },
		{ BYTES("512\0"), 512, 3 },
		{ BYTES("65535\0"), 65535, 5 },
		{ BYTES("\0root"), 0, 0 },
		{ BYTES("0\0"), 0, 1 },
		{ BYTES("00000\0"), 0, 5 },
		{ BYTES("0999\0"), 999, 4 },
		{ BYTES("00999\0"), 999, 5 },
	};
	struct rsh_port port;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse_port(cases[i].text, cases[i].len,
					    &port), RSH_OK);
		assert_int_equal(port.number, cases[i].number);
		assert_int_equal(port.len, cases[i].digits);
	}
}

static void test_bad_ports(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ BYTES("65536\0") }, { BYTES("65536") }, { BYTES("99999\0") },
		{ BYTES("001022\0") }, { BYTES("001022") },
		{ BYTES("+1022\0") }, { BYTES("-1\0") }, { BYTES(" 1022\0") },
		{ BYTES("1022 \0") }, { BYTES("10 22\0") }, { BYTES("1022\n") },
		{ BYTES("0x3fe\0") }, { BYTES("1022a\0") },
		{ BYTES("x1022\0") },
		{ BYTES("\n1022\0") }, { BYTES("/") }, { BYTES(":") },
		{ BYTES("\x80") }, { BYTES("\xff\0") },
		{ BYTES("GET / HTTP/1.1\r\n") },
	};
	struct rsh_port port;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(parse_port(cases[i].text, cases[i].len,
					    &port), RSH_BAD_PORT);
}

static void test_cut_ports(void **state)
{
	struct rsh_port port;
	uint8_t *copy;
	size_t n;

	(void)state;
	for_each_truncation(copy, n, "65535", 6)
		assert_int_equal(parse_port(copy, n, &port), RSH_MORE);
}

static void assert_head(const char *data, size_t len, bool whole,
			unsigned int has, int number, const char *user,
			const char *remote_user, const char *command)
{
	const char *want[] = { NULL, user, remote_user, command };
	struct rsh_head head;
	int i;

	assert_true(parse(data, len, whole, &head));
	assert_int_equal(head.has, has);
	assert_int_equal(head.port.number, number);
	for (i = RSH_USER; i < RSH_FIELDS; i++) {
		assert_int_equal(rsh_has(&head, (enum rsh_field)i), !!want[i]);
		if (want[i])
			assert_string_equal(data + head.at[i], want[i]);
	}
}

static void test_heads(void **state)
{
	(void)state;
	assert_head(BYTES("1022\0root\0bob\0id -u\0"), true, 0xf, 1022, "root",
		    "bob", "id -u");
	assert_head(BYTES("1022\0root\0bob\0id\0more"), true, 0xf, 1022,
		    "root", "bob", "id");
	assert_head(BYTES("\0root\0bob\0id\0"), true, 0xf, 0, "root", "bob",
		    "id");
	assert_head(BYTES("1022\0\0\0\0"), true, 0xf, 1022, "", "", "");
	assert_head(BYTES("1022\0"), true, 1, 1022, NULL, NULL, NULL);
	assert_head(BYTES("1022\0root"), true, 1, 1022, NULL, NULL, NULL);
	assert_head(BYTES("1022\0root\0"), true, 3, 1022, "root", NULL, NULL);
	assert_head(BYTES("1022\0root\0bob\0i"), true, 7, 1022, "root", "bob",
		    NULL);
	/* A number in front is never a user. */
	assert_head(BYTES("1022\0root\0bob\0"), true, 7, 1022, "root", "bob",
		    NULL);
	assert_head(BYTES("70000\0root\0bob\0"), true, 0xe, 0, "70000",
		    "root", "bob");
	assert_head(BYTES("root\0bob\0id\0"), true, 0xe, 0, "root", "bob",
		    "id");
}

static void test_no_heads(void **state)
{
	struct rsh_head head;

	(void)state;
	assert_false(parse(BYTES(""), true, &head));
	assert_false(parse(BYTES("1022"), true, &head));
	assert_false(parse(BYTES("root\0bob\0id\0"), false, &head));
	assert_false(parse(BYTES("root\0bob\0id"), true, &head));
	assert_false(parse(BYTES("root\0bob\0id\0x"), true, &head));
	assert_false(parse(BYTES("root\0bob\0id\0x\0"), true, &head));
	assert_false(parse(BYTES("root\0bob\0"), true, &head));
	assert_false(parse(BYTES("root\0\0id\0"), true, &head));
	assert_false(parse(BYTES("root\0bob\0\0"), true, &head));
	assert_false(parse(BYTES("\1Permission denied.\n"), true, &head));
}

static void test_truncation(void **state)
{
	static const char text[] = "1022\0root\0bob\0id; echo err >&2";
	struct rsh_head head;
	uint8_t *copy;
	size_t n;

	(void)state;
	for_each_truncation(copy, n, text, sizeof(text)) {
		assert_int_equal(parse(copy, n, true, &head), n > 4);
		assert_int_equal(parse(copy, n, false, &head), n > 4);
		assert_false(n > 4 && head.port.number != 1022);
	}
}

static size_t load(const char *name, char *data, size_t size)
{
	char path[200];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "tests/rsh/captures/%s", name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("%s is missing", path);
	len = fread(data, 1, size, f);
	fclose(f);
	return len;
}

static void test_captures(void **state)
{
	char data[RSH_HEAD_MAX];
	struct rsh_head head;
	size_t len;

	(void)state;
	len = load("rsh-redone.client-1", data, sizeof(data));
	assert_head(data, len, true, 0xf, 1022, "root", "bob",
		    "id; echo err >&2");
	len = load("netkit-rsh.client-1", data, sizeof(data));
	assert_head(data, len, true, 1, 1020, NULL, NULL, NULL);
	len = load("netkit-rsh.client-2", data, sizeof(data));
	assert_head(data, len, true, 0xe, 0, "root", "bob",
		    "id; echo err >&2");
	len = load("netkit-rcp.client-1", data, sizeof(data));
	assert_head(data, len, true, 1, 0, NULL, NULL, NULL);
	len = load("netkit-rcp.client-2", data, sizeof(data));
	assert_head(data, len, true, 0xe, 0, "root", "bob", "rcp -t got");
	len = load("rsh-redone.server-2", data, sizeof(data));
	assert_false(parse(data, len, true, &head));
}

/* Payloads put together from likely pieces, many of them sound. */
static void test_model(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} piece[] = {
		{ BYTES("1022\0") }, { BYTES("512\0") }, { BYTES("70000\0") },
		{ BYTES("0\0") }, { BYTES("\0") }, { BYTES("10") },
		{ BYTES("root\0") }, { BYTES("bob\0") }, { BYTES("a") },
		{ BYTES("id; echo err >&2\0") }, { BYTES("-") },
	};
	size_t heads = 0, others = 0, len, n;
	struct rsh_head head;
	struct rsh_port port;
	char data[200];
	int i, pieces;

	(void)state;
	srand(514);
	for (i = 0; i < 200000; i++) {
		len = 0;
		for (pieces = rand() % 6; pieces; pieces--) {
			n = (size_t)rand() % (sizeof(piece) / sizeof(piece[0]));
			memcpy(data + len, piece[n].text, piece[n].len);
			len += piece[n].len;
		}
		if (len && rand() % 8 == 0)
			data[(size_t)rand() % len] = (char)rand();
		parse_port(data, len, &port);
		if (parse(data, len, rand() % 2, &head))
			heads++;
		else
			others++;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(heads, 20000, 180000);
	assert_in_range(others, 20000, 180000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_bad_ports),
		cmocka_unit_test(test_cut_ports),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_no_heads),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
