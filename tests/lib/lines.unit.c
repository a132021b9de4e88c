// SPDX-License-Identifier: GPL-2.0-only
/* kernel/lib/lines.h: the same lines, however the stream is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exact.h"
#include "lib/lines.h"

static void test_end(void **state)
{
	uint8_t data[40], *copy;
	size_t len, at;

	(void)state;
	for (len = 0; len < sizeof(data); len++) {
		/* Bytes next to LF in value, and with bit 7. */
		memset(data, len % 3 ? 0x0b : 0x8a, sizeof(data));
		copy = exact_copy(data, len);
		assert_int_equal(pom_line_end(copy, len), 0);
		for (at = 0; at < len; at++) {
			copy[at] = '\n';
			if (at)
				copy[at - 1] = 0x0a ^ 0x80;
			assert_int_equal(pom_line_end(copy, len), at + 1);
			copy[at] = 0x09;
		}
		free(copy);
	}
}

/* The same, byte by byte. */
static size_t lines_without(const uint8_t *data, size_t len, uint8_t byte)
{
	size_t i;

	while (len && data[len - 1] != '\n')
		len--;
	for (i = 0; i < len; i++)
		if (data[i] == byte)
			return 0;
	return len;
}

static void test_without(void **state)
{
	/* Bytes next to LF and 1 in value, and with bit 7. */
	static const uint8_t bytes[] = { 0, 1, 2, 0x81, 9, '\n', 0x0b, 0x8a };
	uint8_t data[40], *copy;
	size_t len, i;
	int round, has;

	(void)state;
	srand(2812);
	for (round = 0; round < 100000; round++) {
		len = (size_t)rand() % sizeof(data);
		has = rand() % 4;
		for (i = 0; i < len; i++)
			data[i] = bytes[rand() % 8];
		for (i = 0; i < len; i++)
			if ((data[i] == 1 && !(has & 1)) ||
			    (data[i] == '\n' && !(has & 2)))
				data[i] = 0x81;
		copy = exact_copy(data, len);
		assert_int_equal(pom_lines_without(copy, len, 1),
				 lines_without(copy, len, 1));
		free(copy);
	}
}

/* All lines of @text, cut into pieces of random sizes, one after the other. */
static size_t cut(const uint8_t *text, size_t len, int most, uint8_t *to)
{
	struct pom_line l = { 0 };
	const uint8_t *line;
	size_t off = 0, used = 0, piece, done, n;
	uint8_t *copy;

	while (off < len) {
		piece = 1 + (size_t)rand() % (size_t)most;
		if (piece > len - off)
			piece = len - off;
		copy = exact_copy(text + off, piece);
		for (done = 0; done < piece; done += n) {
			size_t line_len = 0;

			n = pom_line_cut(&l, copy + done, piece - done, &line,
					 &line_len);
			assert_in_range(n, 1, piece - done);
			if (!line)
				continue;
			memcpy(to + used, line, line_len);
			used += line_len;
		}
		free(copy);
		off += piece;
	}
	return used;
}

static void test_pieces(void **state)
{
	static uint8_t text[20000], want[20000], got[20000];
	size_t start, len, wanted, i;
	int round;

	(void)state;
	srand(1459);
	for (round = 0; round < 200; round++) {
		wanted = 0;
		start = 0;
		len = (size_t)rand() % sizeof(text);
		for (i = 0; i < len; i++) {
			text[i] = rand() % 300 ? (uint8_t)(rand() | 0x20)
					       : '\n';
			if (text[i] != '\n')
				continue;
			/* Lines that are too long are left out. */
			if (i + 1 - start <= POM_LINE_MAX) {
				memcpy(want + wanted, text + start,
				       i + 1 - start);
				wanted += i + 1 - start;
			}
			start = i + 1;
		}
		assert_int_equal(cut(text, len, 1 + rand() % 2000, got),
				 wanted);
		assert_memory_equal(got, want, wanted);
		assert_int_equal(cut(text, len, 1, got), wanted);
		assert_memory_equal(got, want, wanted);
	}
}

static void test_skip(void **state)
{
	struct pom_line l = { .skip = true };
	static const uint8_t text[] = "end of a line\nnext\nrest";
	const uint8_t *line;
	size_t len = 0;

	(void)state;
	assert_int_equal(pom_line_cut(&l, text, 5, &line, &len), 5);
	assert_null(line);
	assert_int_equal(pom_line_cut(&l, text + 5, 18, &line, &len), 9);
	assert_null(line);
	assert_int_equal(pom_line_cut(&l, text + 14, 9, &line, &len), 5);
	assert_ptr_equal(line, text + 14);
	assert_int_equal(len, 5);
	assert_int_equal(pom_line_cut(&l, text + 19, 4, &line, &len), 4);
	assert_null(line);
	assert_int_equal(l.len, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_skip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
