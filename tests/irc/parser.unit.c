// SPDX-License-Identifier: GPL-2.0-only
/* irc_parse(): by hand, and against the naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exact.h"
#include "parser.model.h"

#define DCC(body)	"PRIVMSG bob :\1DCC " body "\1\r\n"

static enum irc_error parse_bytes(const void *line, size_t len,
				  struct irc_line *to)
{
	uint8_t *copy = exact_copy(line, len);
	struct irc_line want;
	enum irc_error error = irc_parse(copy, len, to);

	assert_int_equal(error, irc_model(copy, len, &want));
	assert_int_equal(to->command, want.command);
	assert_int_equal(to->dcc, want.dcc);
	if (error == IRC_OK)
		assert_true(irc_same(to, &want));
	free(copy);
	return error;
}

static enum irc_error parse(const char *line, struct irc_line *to)
{
	return parse_bytes(line, strlen(line), to);
}

static void assert_text(const char *line, struct pom_text text,
			const char *want)
{
	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(line + text.off, want, text.len);
}

static void test_requests(void **state)
{
	static const struct {
		const char *line;
		int dcc;
		const char *file, *addr, *port;
		int number, token;
	} cases[] = {
		{ DCC("CHAT chat 167772162 5000"), IRC_DCC_CHAT, "chat",
		  "167772162", "5000", 5000, 0 },
		{ DCC("CHAT chat 167772162 0 77"), IRC_DCC_CHAT, "chat",
		  "167772162", "0", 0, 1 },
		{ DCC("SCHAT chat 167772162 65535"), IRC_DCC_SCHAT, "chat",
		  "167772162", "65535", 65535, 0 },
		{ DCC("SEND notes.txt 167772162 1024 999"), IRC_DCC_SEND,
		  "notes.txt", "167772162", "1024", 1024, 0 },
		{ DCC("SEND \"two words\" 167772162 0 999 12"), IRC_DCC_SEND,
		  "two words", "167772162", "0", 0, 1 },
		{ DCC("TSEND a 0 1"), IRC_DCC_TSEND, "a", "0", "1", 1, 0 },
		{ DCC("MOVE a 4294967295 1"), IRC_DCC_MOVE, "a", "4294967295",
		  "1", 1, 0 },
		{ DCC("SEND a 2001:db8::1 5000 1"), IRC_DCC_SEND, "a",
		  "2001:db8::1", "5000", 5000, 0 },
		{ DCC("RESUME notes.txt 5000 100"), IRC_DCC_RESUME,
		  "notes.txt", "", "5000", 5000, 0 },
		{ DCC("ACCEPT \"two words\" 0 100 12"), IRC_DCC_ACCEPT,
		  "two words", "", "0", 0, 1 },
		{ DCC("send  a   167772162  5000 "), IRC_DCC_SEND, "a",
		  "167772162", "5000", 5000, 0 },
		/* Without the end of the message, and without CR. */
		{ "privmsg  bob  :\1DCC CHAT chat 167772162 5000\n",
		  IRC_DCC_CHAT, "chat", "167772162", "5000", 5000, 0 },
		{ "PRIVMSG bob :\1DCC CHAT chat 167772162 5000\1and more",
		  IRC_DCC_CHAT, "chat", "167772162", "5000", 5000, 0 },
		/* As a server passes it on. */
		{ ":ann!a@host PRIVMSG bob :\1DCC RESUME f 5000 1\1\r\n",
		  IRC_DCC_RESUME, "f", "", "5000", 5000, 0 },
		{ "@time=now :ann!a@host PRIVMSG bob :\1DCC RESUME f 5000 1\1\n",
		  IRC_DCC_RESUME, "f", "", "5000", 5000, 0 },
	};
	struct irc_line got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s", cases[i].line);
		assert_int_equal(parse(cases[i].line, &got), IRC_OK);
		assert_int_equal(got.command, IRC_PRIVMSG);
		assert_int_equal(got.dcc, cases[i].dcc);
		assert_text(cases[i].line, got.file, cases[i].file);
		assert_text(cases[i].line, got.to.addr, cases[i].addr);
		assert_text(cases[i].line, got.to.port, cases[i].port);
		assert_int_equal(got.to.at.port, cases[i].number);
		assert_int_equal(got.token, cases[i].token);
		assert_int_equal(irc_announces(&got), got.to.addr.len > 0);
		assert_int_equal(irc_is_passive(&got),
				 got.token && !got.to.at.port);
	}
}

static void test_addresses(void **state)
{
	static const uint8_t v4[16] = { 10, 0, 0, 2 };
	static const uint8_t v6[16] = { 0xfd, [15] = 2 };
	struct irc_line got;

	(void)state;
	assert_int_equal(parse(DCC("CHAT c 167772162 5000"), &got), IRC_OK);
	assert_false(got.to.ipv6);
	assert_memory_equal(got.to.at.addr, v4, 16);
	assert_int_equal(parse(DCC("CHAT c fd00::2 5000"), &got), IRC_OK);
	assert_true(got.to.ipv6);
	assert_memory_equal(got.to.at.addr, v6, 16);
	assert_int_equal(parse(DCC("CHAT c FD00:0:0:0:0:0:0:2 1"), &got),
			 IRC_OK);
	assert_memory_equal(got.to.at.addr, v6, 16);
}

static void test_refused(void **state)
{
	static const struct {
		const char *line;
		enum irc_error error;
	} cases[] = {
		{ DCC("SEND"), IRC_BAD_FILENAME },
		{ DCC("SEND "), IRC_BAD_FILENAME },
		{ DCC("SEND \"a 167772162 5000"), IRC_BAD_FILENAME },
		{ DCC("SEND \"\" 167772162 5000"), IRC_BAD_FILENAME },
		{ DCC("SEND \"a\""), IRC_BAD_FILENAME },
		{ DCC("SEND \"a\"167772162 5000"), IRC_BAD_FILENAME },
		{ DCC("SEND a"), IRC_BAD_ADDRESS },
		{ DCC("SEND a b 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a 10.0.0.2 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a -1 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a +1 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a 0x0a000002 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a 0167772162 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a 4294967296 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a 167772162, 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a :: 5000x"), IRC_BAD_PORT },
		{ DCC("SEND a :::: 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a fd00::g 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a fe80::1%e0 5000"), IRC_BAD_ADDRESS },
		{ DCC("SEND a 167772162"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 "), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 -5000"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 +5000"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 65536"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 70536"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 005000"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 5000x"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 0x1388"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162 99999999999999999999"), IRC_BAD_PORT },
		{ DCC("SEND a 167772162\t5000"), IRC_BAD_ADDRESS },
		{ DCC("RESUME a"), IRC_BAD_PORT },
		{ DCC("RESUME a b"), IRC_BAD_PORT },
		{ DCC("CHAT chat 167772162 5000\t"), IRC_BAD_PORT },
		{ "", IRC_NO_COMMAND },
		{ "\r\n", IRC_NO_COMMAND },
		{ "  \n", IRC_NO_COMMAND },
		{ ":prefix\n", IRC_NO_COMMAND },
		{ "@tag :prefix \n", IRC_NO_COMMAND },
	};
	struct irc_line got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s", cases[i].line);
		assert_int_equal(parse(cases[i].line, &got), cases[i].error);
	}
}

/* Lines of IRC without a request of DCC. */
static void test_others(void **state)
{
	static const struct {
		const char *line;
		int command;
	} cases[] = {
		{ "PRIVMSG bob :hello\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob hello\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob\r\n", IRC_PRIVMSG },
		{ "PRIVMSG\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\1DCC\1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\1DCC \1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\1DCC   \1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\1ACTION waves\1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\1dcc CHAT chat 1 5000\1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :\1DCC GET a 1 5000\1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob : \1DCC CHAT chat 1 5000\1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob :a \1DCC CHAT chat 1 5000\1\r\n", IRC_PRIVMSG },
		{ "PRIVMSG bob \1DCC CHAT chat 1 5000\1\r\n", IRC_PRIVMSG },
		{ "NOTICE bob :\1DCC CHAT chat 1 5000\1\r\n", IRC_NOTICE },
		{ "XPRIVMSG bob :\1DCC CHAT chat 1 5000\1\r\n", IRC_OTHER },
		{ "a b PRIVMSG bob :\1DCC CHAT chat 1 5000\1\r\n", IRC_OTHER },
		{ ":irc.example 001 ann :Welcome\r\n", IRC_OTHER },
		{ "GET / HTTP/1.1\r\n", IRC_OTHER },
		{ "join #channel\r\n", IRC_JOIN },
		{ "AUTHENTICATE PLAIN\r\n", IRC_AUTHENTICATE },
		{ "PING\r\n", IRC_PING },
	};
	struct irc_line got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s", cases[i].line);
		assert_int_equal(parse(cases[i].line, &got), IRC_OK);
		assert_int_equal(got.command, cases[i].command);
		assert_int_equal(got.dcc, IRC_DCC_NONE);
	}
	for (i = 1; i < IRC_COMMANDS; i++) {
		assert_int_equal(parse(model_commands[i], &got), IRC_OK);
		assert_int_equal(got.command, i);
	}
	assert_null(model_commands[IRC_COMMANDS]);
}

/* A line cut at every byte: never a request with another port than its own. */
static void test_cuts(void **state)
{
	static const char line[] =
		"@t :a!b@c PRIVMSG bob :\1DCC SEND \"a b\" 167772162 5000 9\1\r\n";
	struct irc_line got;
	uint8_t *copy;
	size_t len;

	(void)state;
	for_each_truncation(copy, len, line, sizeof(line) - 1) {
		assert_true(irc_may_announce(copy, len));
		parse_bytes(copy, len, &got);
	}
}

/* What the function returns for each beginning of a line. */
static void assert_each(bool (*function)(const uint8_t *, size_t),
			const char *const text[], size_t count, bool wanted)
{
	size_t i;

	for (i = 0; i < count; i++)
		assert_int_equal(function((const uint8_t *)text[i],
					  strlen(text[i])), wanted);
}

static void test_may_announce(void **state)
{
	static const char * const no[] = {
		"X", "PRIVMSGS", "PRIVMS bob", "NOTICE bob :\1DCC ",
		"PRIVMSG bob x", "PRIVMSG bob :x", "PRIVMSG bob :\1A",
		"PRIVMSG bob :\1DCCX", "PRIVMSG bob :\1dcc", "JOIN",
		":a PRIVMSG bob :hello", "001 bob :x",
	};
	static const char * const yes[] = {
		"", "P", "privmsg", "PRIVMSG ", "PRIVMSG b", "PRIVMSG b ",
		"PRIVMSG b :", "PRIVMSG b :\1DC", "PRIVMSG b :\1DCC X", ":",
		":a", ":a ", "@t", "@t :a P",
	};

	(void)state;
	assert_each(irc_may_announce, no, sizeof(no) / sizeof(no[0]), false);
	assert_each(irc_may_announce, yes, sizeof(yes) / sizeof(yes[0]), true);
}

/* What a connection of IRC can begin with. */
static void test_opens(void **state)
{
	static const char * const yes[] = {
		"NICK ann\r\n", "nick ann\n", "CAP LS 302\r\n", "PASS x\r\n",
		"USER ann 0 * :Ann of HTTP/1.1 fame\r\n", "AUTHENTICATE +\r\n",
		"SERVICE x * *.fr 0 0 :x\r\n", "SERVER a.example 1 :x\r\n",
		"WEBIRC x y z 10.0.0.1\r\n", "STARTTLS\r\n", "PING x\r\n",
		"PONG :x\r\n", "QUIT\r\n", "QUIT\r\r\n", ":ann NICK ann\r\n",
		"@label=1 CAP LS\r\n",
	};
	static const char * const no[] = {
		"", "\r\n", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\n",
		"NICK / HTTP/1.1\r\n", "USER / http/2.0\r\n",
		"PING x HTTP/1.0 \n",
		"PRIVMSG bob :\1DCC CHAT chat 1 5000\1\r\n", "JOIN #c\r\n",
		"NICKS ann\r\n", "NIC ann\r\n", "HELO a.example\r\n",
		"220 a.example\r\n", ":ann\r\n", "\26\3\1\2\1\n",
	};
	uint8_t *copy;
	size_t i, n, len;

	(void)state;
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		print_message("%s", yes[i]);
		len = strlen(yes[i]);
		copy = exact_copy(yes[i], len);
		assert_true(irc_opens(copy, len));
		assert_true(model_opens(copy, len));
		for (n = 0; n < len; n++)
			assert_true(irc_may_open(copy, n));
		free(copy);
	}
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		print_message("%s", no[i]);
		len = strlen(no[i]);
		copy = exact_copy(no[i], len);
		assert_false(irc_opens(copy, len));
		assert_false(model_opens(copy, len));
		free(copy);
	}
}

static void test_may_open(void **state)
{
	static const char * const no[] = {
		"X", "POST", "GET ", "NICKS", "NIC ", ":a b", "PRIVMSG b",
	};
	static const char * const yes[] = {
		"", "C", "ca", "nick", "NICK ", "NICK a", ":", ":a", ":a u",
		"@t", "@t :a P", "QUIT\r",
	};

	(void)state;
	assert_each(irc_may_open, no, sizeof(no) / sizeof(no[0]), false);
	assert_each(irc_may_open, yes, sizeof(yes) / sizeof(yes[0]), true);
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = IRC_OK; error <= IRC_BAD_PORT; error++)
		assert_string_not_equal(irc_error_text(error),
					irc_error_text(-1));
}

/*
 * The requests of a capture, a letter each: Chat, Send, Resume, Accept; small
 * where the port is 0.
 */
static void read_capture(const char *path, char *requests, size_t size)
{
	static const char letters[] = "-CSCSSRA";
	FILE *f = fopen(path, "rb");
	struct irc_line got;
	char line[1024];
	size_t n = 0;

	if (!f)
		fail_msg("%s is missing", path);
	while (fgets(line, sizeof(line), f)) {
		assert_int_equal(parse(line, &got), IRC_OK);
		if (!got.dcc)
			continue;
		assert_true(n + 1 < size);
		requests[n] = letters[got.dcc];
		if (!got.to.at.port) {
			assert_true(irc_is_passive(&got));
			requests[n] = (char)(requests[n] | 0x20);
		}
		n++;
	}
	requests[n] = '\0';
	fclose(f);
}

static void test_captures(void **state)
{
	static const char * const cases[][2] = {
		{ "irssi.client", "SCcsR" },
		{ "irssi.server", "SA" },
		{ "weechat-ann.client", "SACSA" },
		{ "weechat-ann.server", "RR" },
		{ "weechat-bob.client", "R" },
		{ "weechat-bob.server", "SACSCcsS" },
		{ "weechat-ipv6.client", "S" },
		{ "weechat-ipv6.server", "" },
	};
	char path[200], requests[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(path, sizeof(path), "tests/irc/captures/%s",
			 cases[i][0]);
		read_capture(path, requests, sizeof(requests));
		print_message("%s: %s\n", path, requests);
		assert_string_equal(requests, cases[i][1]);
	}
}

/* Lines put together from likely pieces, many of them sound. */
static void test_model(void **state)
{
	static const char * const start[] = {
		"PRIVMSG bob :\1DCC ", ":a!b@c PRIVMSG bob :\1DCC ",
		"@x privmsg #c  :\1DCC ", "NOTICE bob :\1DCC ", "",
	};
	static const char * const piece[] = {
		"CHAT", "SEND", "schat", "TSEND", "MOVE", "RESUME", "ACCEPT",
		"chat", "\"a b\"", "\"", "a.txt", "167772162", "fd00::2",
		"5000", "0", "65535", "65536", "\1", "", "x", "4294967296",
	};
	struct irc_line got;
	char line[300];
	size_t sound = 0;
	int i, words;

	(void)state;
	srand(6667);
	for (i = 0; i < 300000; i++) {
		strcpy(line, start[rand() % 5]);
		strcat(line, piece[rand() % 7]);
		for (words = rand() % 7; words; words--) {
			if (rand() % 16)
				strcat(line, " ");
			strcat(line, piece[rand() % 4 ? 7 + rand() % 9 :
					   rand() % 21]);
		}
		strcat(line, rand() % 2 ? "\1\r\n" : "\n");
		if (rand() % 8 == 0)
			line[(size_t)rand() % strlen(line)] = (char)rand();
		sound += parse(line, &got) == IRC_OK && got.dcc;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(sound, 10000, 290000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_may_announce),
		cmocka_unit_test(test_opens),
		cmocka_unit_test(test_may_open),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
