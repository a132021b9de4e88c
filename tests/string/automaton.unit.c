// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search for many patterns, against a loop over all of them.
 *
 * inputs: tests*captures*
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "automaton.model.h"

static struct string_set_pattern patterns[STRING_SET_MAX];
static uint8_t bytes[STRING_SET_MAX * 40];
static struct string_set set;
static unsigned int pauses;
static uint64_t longest, last_pause;

/* Nanoseconds that this program has worked. */
static uint64_t worked(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static void pause_work(void)
{
	uint64_t now = worked();

	pauses++;
	if (now - last_pause > longest)
		longest = now - last_pause;
	last_pause = now;
}

static struct string_set_pause pausing = { .pause = pause_work };

static void begin(void)
{
	set = (struct string_set){ .patterns = patterns, .bytes = bytes };
}

static void add(const void *text, size_t len, uint16_t flags)
{
	uint32_t off = 0;

	if (set.count)
		off = patterns[set.count - 1].off + patterns[set.count - 1].len;
	patterns[set.count++] = (struct string_set_pattern){
		.off = off, .len = (uint16_t)len, .flags = flags,
	};
	memcpy(bytes + off, text, len);
}

static void add_text(const char *text, uint16_t flags)
{
	add(text, strlen(text), flags);
}

/* What is found first; @end of it. */
static uint32_t first_in(const char *text, size_t *end)
{
	struct string_set_place place = { { 0 } };
	uint32_t found;

	*end = string_set_scan(&set, &place, (const uint8_t *)text,
			       strlen(text), &found);
	return found;
}

static void test_known(void **state)
{
	size_t end;

	(void)state;
	begin();
	add_text("he", 0);
	add_text("she", 0);
	add_text("his", 0);
	add_text("hers", 0);
	add_text("UNION", STRING_SET_ICASE);
	add_text("GET", STRING_SET_PREFIX);
	add_text("post", STRING_SET_PREFIX | STRING_SET_ICASE);
	add_text("she", 0);
	set_prepare(&set, NULL);
	assert_int_equal(first_in("ushers", &end), 1);
	assert_int_equal(end, 4);
	assert_int_equal(first_in("this", &end), 2);
	assert_int_equal(first_in("a uNiOn", &end), 4);
	assert_int_equal(end, 7);
	assert_int_equal(first_in("GET she", &end), 5);
	assert_int_equal(end, 3);
	assert_int_equal(first_in("a GET", &end), STRING_SET_NONE);
	assert_int_equal(end, 5);
	assert_int_equal(first_in("Post", &end), 6);
	assert_int_equal(first_in("pos", &end), STRING_SET_NONE);
	assert_int_equal(first_in("", &end), STRING_SET_NONE);
	assert_int_equal(end, 0);
	set_discard(&set);

	begin();
	set_prepare(&set, NULL);
	assert_int_equal(first_in("anything", &end), STRING_SET_NONE);
	assert_int_equal(end, 8);
}

static uint32_t random_state = 1;

static uint32_t draw(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

/* Few different bytes, so that patterns hold each other and overlap. */
static void test_random(void **state)
{
	static const char letters[] = "aAbBc\0C";
	uint8_t text[200], cuts[16], pattern[24];
	unsigned int round, kinds, n, i, count, least;
	const char *wrong;

	(void)state;
	for (round = 0; round < 6000; round++) {
		kinds = 1 + draw(sizeof(letters) - 1);
		begin();
		count = draw(draw(4) ? 5 : 40);
		/* Where none is short, another search is used. */
		least = 1 + draw(2) * draw(11);
		while (set.count < count) {
			size_t len = least + draw(draw(2) ? 3 : 13);

			for (i = 0; i < len; i++)
				pattern[i] = (uint8_t)letters[draw(kinds)];
			add(pattern, len, (uint16_t)draw(STRING_SET_KINDS));
		}
		set_prepare(&set, &pausing);
		n = draw(sizeof(text));
		for (i = 0; i < n; i++)
			text[i] = draw(8) ? (uint8_t)letters[draw(kinds)] : '.';
		if (count && n >= sizeof(pattern)) {
			const struct string_set_pattern *p =
				patterns + draw(count);

			memcpy(text + draw(n - p->len + 1), bytes + p->off,
			       p->len);
		}
		for (i = 0; i < sizeof(cuts); i++)
			cuts[i] = (uint8_t)draw(draw(2) ? 5 : 40);
		wrong = set_check(&set, text, n, cuts, draw(sizeof(cuts)));
		if (wrong)
			fail_msg("%s: round %u", wrong, round);
		set_discard(&set);
	}
}

/* Ten thousand: each is found, in memory that was promised. */
static void test_many(void **state)
{
	struct string_set_place place;
	uint8_t pattern[32];
	uint32_t found, i;
	size_t end, len, j;

	(void)state;
	begin();
	while (set.count < 10000) {
		len = 8 + draw(25);
		for (j = 0; j < len; j++)
			pattern[j] = (uint8_t)(' ' + draw(95));
		add(pattern, len, set.count % 3 ? 0 : STRING_SET_ICASE);
	}
	pauses = 0;
	set_prepare(&set, &pausing);
	assert_true(pauses > 10);
	assert_true(set_memory(&set) <= 32 << 20);
	for (i = 0; i < set.count; i++) {
		memset(&place, 0, sizeof(place));
		end = string_set_scan(&set, &place, bytes + patterns[i].off,
				      patterns[i].len, &found);
		assert_int_equal(found, i);
		assert_int_equal(end, patterns[i].len);
	}
	set_discard(&set);
}

/* All bytes of all captures, one after the other. */
static size_t read_captures(uint8_t *text, size_t room)
{
	size_t n = 0, i;
	glob_t found;
	FILE *f;

	assert_int_equal(glob("tests/*/captures/*.pcap", 0, NULL, &found), 0);
	for (i = 0; i < found.gl_pathc; i++) {
		f = fopen(found.gl_pathv[i], "rb");
		assert_non_null(f);
		n += fread(text + n, 1, room - n, f);
		fclose(f);
	}
	globfree(&found);
	return n;
}

/* Some thousand signatures as such lists have them, over what was on a wire. */
static void test_captures(void **state)
{
	static const char *const verbs[] = {
		"GET /",	"POST /",  "cmd=",
		"?id=",		"octet",   "../",
		"User-Agent: ", "SELECT ", "\x90\x90\x90\x90",
		"MZ\x90",	"tsize",   "\5\1",
		"netascii",
	};
	static const char *const nouns[] = {
		"etc/passwd", "cgi-bin/", "admin",  "union",	 "boot",
		"shell",      "wget ",	  "sqlmap", "index.php", "\xcc\xcc",
		"blksize",    "1428",	  "exec",
	};
	static uint8_t text[1 << 16];
	static const uint8_t cuts[] = { 1, 0, 255, 7, 64, 255, 255, 3, 2, 1 };
	size_t n = read_captures(text, sizeof(text)), i, j, k;
	const char *wrong;
	char pattern[64];

	(void)state;
	assert_true(n > 1000);
	begin();
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		for (j = 0; j < sizeof(nouns) / sizeof(*nouns); j++)
			for (k = 0; k < 20; k++) {
				snprintf(pattern, sizeof(pattern), "%s%s%zu",
					 verbs[i], nouns[j], k);
				add_text(pattern, (uint16_t)(k % 4));
			}
	for (i = 0; i < 13; i++) {
		add_text(verbs[i], (uint16_t)(i % 4));
		add_text(nouns[i], STRING_SET_ICASE);
	}
	/* And some that are there. */
	for (i = 0; i + 12 < n; i += 61)
		add(text + i, 4 + i % 9, (uint16_t)(i % 2));
	assert_true(set.count > 3000);
	set_prepare(&set, NULL);
	wrong = set_check(&set, text, n, cuts, sizeof(cuts));
	if (wrong)
		fail_msg("%s", wrong);
	set_discard(&set);
}

/* The longest, of one byte, and texts all but it. */
static void test_worst(void **state)
{
	static uint8_t text[3 * STRING_SET_LEN_MAX];
	struct string_set_place place = { { 0 } };
	uint32_t found;
	size_t end;

	(void)state;
	begin();
	memset(text, 'a', sizeof(text));
	add(text, STRING_SET_LEN_MAX, 0);
	add(text, STRING_SET_LEN_MAX - 1, STRING_SET_PREFIX);
	text[STRING_SET_LEN_MAX - 1] = 'b';
	add(text, STRING_SET_LEN_MAX, STRING_SET_ICASE);
	set_prepare(&set, NULL);

	end = string_set_scan(&set, &place, text, STRING_SET_LEN_MAX, &found);
	assert_int_equal(found, 1);
	assert_int_equal(end, STRING_SET_LEN_MAX - 1);
	end = string_set_scan(&set, &place, text + end, 1, &found);
	assert_int_equal(found, 2);
	end = string_set_scan(&set, &place, text + STRING_SET_LEN_MAX,
			      sizeof(text) - STRING_SET_LEN_MAX, &found);
	assert_int_equal(found, 0);
	assert_int_equal(end, STRING_SET_LEN_MAX);
	set_discard(&set);
}

/*
 * A match at every other byte, in one kind of patterns, and none in another:
 * what continues after each match must not search all the rest again.
 */
static void test_matches(void **state)
{
	static uint8_t text[1 << 20];
	struct string_set_place place = { { 0 } };
	uint32_t found;
	size_t end, i;
	clock_t start;

	(void)state;
	begin();
	add_text("ab", STRING_SET_ICASE);
	add_text("ab", 0);
	add_text("zzzzzzzz", 0);
	add_text("zzzzzzzz", STRING_SET_PREFIX);
	set_prepare(&set, NULL);
	for (i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)"aB"[i & 1];
	start = clock();
	end = string_set_scan(&set, &place, text, sizeof(text), &found);
	assert_int_equal(end, 2);
	assert_int_equal(found, 0);
	string_set_pass(&set, &place, text + end, sizeof(text) - end);
	/* A hundredth of a second, or a minute. */
	assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
	assert_int_equal(string_set_scan(&set, &place, text, 2, &found), 2);
	assert_int_equal(found, 0);
	set_discard(&set);
}

/* Prepares the set; no 10 ms of work are without a pause. */
static void prepare_in_parts(const char *what)
{
	longest = 0;
	last_pause = worked();
	set_prepare(&set, &pausing);
	pause_work();
	if (longest > 10000000U)
		fail_msg("%s: %u us without a pause", what,
			 (unsigned int)(longest / 1000));
	set_discard(&set);
}

/* What takes longest to compare, to enter and to tell apart. */
static void test_pauses(void **state)
{
	uint8_t pattern[STRING_SET_LEN_MAX];
	uint32_t i;

	(void)state;
	begin();
	for (i = 0; i < STRING_SET_MAX; i++)
		add("a", 1, 0);
	prepare_in_parts("the same byte");
	begin();
	memset(pattern, 'a', sizeof(pattern));
	for (i = 0; i < sizeof(bytes) / sizeof(pattern) - 1; i++)
		add(pattern, sizeof(pattern), 0);
	prepare_in_parts("the same 4096 bytes");
	begin();
	for (i = 0; i < STRING_SET_MAX; i++) {
		pattern[36] = (uint8_t)(i >> 8);
		pattern[37] = (uint8_t)i;
		add(pattern, 38, 0);
	}
	prepare_in_parts("the same beginning");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_worst),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
