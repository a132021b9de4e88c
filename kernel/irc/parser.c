// SPDX-License-Identifier: GPL-2.0-only
/* Lines of IRC: bytes in, facts out. */
#include "irc/parser.h"
#include "lib/encoding.h"
#include "lib/text.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#include <strings.h>
#endif

static const char * const irc_commands[IRC_COMMANDS] = {
	[IRC_OTHER] = "",
	[IRC_PRIVMSG] = "privmsg",
	[IRC_NOTICE] = "notice",
	[IRC_JOIN] = "join",
	[IRC_PART] = "part",
	[IRC_QUIT] = "quit",
	[IRC_NICK] = "nick",
	[IRC_USER] = "user",
	[IRC_PASS] = "pass",
	[IRC_MODE] = "mode",
	[IRC_TOPIC] = "topic",
	[IRC_KICK] = "kick",
	[IRC_INVITE] = "invite",
	[IRC_NAMES] = "names",
	[IRC_LIST] = "list",
	[IRC_WHO] = "who",
	[IRC_WHOIS] = "whois",
	[IRC_WHOWAS] = "whowas",
	[IRC_AWAY] = "away",
	[IRC_PING] = "ping",
	[IRC_PONG] = "pong",
	[IRC_ERROR] = "error",
	[IRC_OPER] = "oper",
	[IRC_KILL] = "kill",
	[IRC_SERVER] = "server",
	[IRC_SQUIT] = "squit",
	[IRC_CAP] = "cap",
	[IRC_AUTHENTICATE] = "authenticate",
};

static const char * const irc_dccs[IRC_DCCS] = {
	[IRC_DCC_NONE] = "",
	[IRC_DCC_CHAT] = "chat",
	[IRC_DCC_SEND] = "send",
	[IRC_DCC_SCHAT] = "schat",
	[IRC_DCC_TSEND] = "tsend",
	[IRC_DCC_MOVE] = "move",
	[IRC_DCC_RESUME] = "resume",
	[IRC_DCC_ACCEPT] = "accept",
};

/* Commands before anything else that a client sends, see irc_opens(). */
static const char * const irc_openings[] = {
	"",
	"cap",
	"nick",
	"pass",
	"user",
	"authenticate",
	"service",
	"server",
	"webirc",
	"starttls",
	"ping",
	"pong",
	"quit",
};

#define IRC_OPENINGS	(sizeof(irc_openings) / sizeof(irc_openings[0]))

/* Tags and the prefix, which servers write, are not looked at. */
static void skip_prefix(struct pom_rest *r)
{
	pom_skip_blanks(r);
	if (pom_at_byte(r, '@')) {
		pom_take_word(r);
		pom_skip_blanks(r);
	}
	if (pom_at_byte(r, ':')) {
		pom_take_word(r);
		pom_skip_blanks(r);
	}
}

/* From behind "PRIVMSG" to the text, behind the colon. */
static bool skip_target(struct pom_rest *r)
{
	pom_skip_blanks(r);
	if (!pom_take_word(r).len)
		return false;
	pom_skip_blanks(r);
	if (!pom_at_byte(r, ':'))
		return false;
	r->at++;
	return true;
}

/* As much of @word as there is; true where nothing contradicts it. */
static bool take_prefix_of(struct pom_rest *r, const char *word)
{
	size_t i;

	for (i = 0; word[i] && r->at < r->end; i++)
		if (r->line[r->at++] != (uint8_t)word[i])
			return false;
	return true;
}

/* In quotation marks, or up to a blank. */
static bool take_filename(struct pom_rest *r, struct pom_text *file)
{
	const uint8_t *mark;

	pom_skip_blanks(r);
	if (!pom_at_byte(r, '"')) {
		*file = pom_take_word(r);
		return file->len;
	}
	r->at++;
	mark = memchr(r->line + r->at, '"', r->end - r->at);
	if (!mark)
		return false;
	file->off = (uint16_t)r->at;
	file->len = (uint16_t)(mark - r->line - file->off);
	r->at += file->len + 1U;
	return file->len && pom_at_byte(r, ' ');
}

/* CHAT and SCHAT have a token behind the port, the others a size before it. */
static bool has_token(struct pom_rest r, const struct irc_line *to)
{
	bool chat = to->dcc == IRC_DCC_CHAT || to->dcc == IRC_DCC_SCHAT;

	pom_skip_blanks(&r);
	if (!chat) {
		pom_take_word(&r);
		pom_skip_blanks(&r);
	}
	return pom_take_word(&r).len;
}

static enum irc_error parse_request(struct pom_rest *r, struct irc_line *to)
{
	if (!take_filename(r, &to->file))
		return IRC_BAD_FILENAME;
	if (irc_announces(to) && !pom_take_address(r, &to->to))
		return IRC_BAD_ADDRESS;
	if (!pom_take_field(r, POM_PORT_DECIMAL, &to->to.port, &to->to.at))
		return IRC_BAD_PORT;
	to->token = has_token(*r, to);
	return IRC_OK;
}

/* The text of a message is one of CTCP: its end may be missing. */
static bool skip_ctcp(struct pom_rest *r)
{
	const uint8_t *end;

	if (!pom_at_byte(r, IRC_CTCP))
		return false;
	r->at++;
	end = memchr(r->line + r->at, IRC_CTCP, r->end - r->at);
	if (end)
		r->end = (size_t)(end - r->line);
	return r->end - r->at > 4 && take_prefix_of(r, "DCC ");
}

/* The line behind its prefix. */
static struct pom_rest trim(const uint8_t *line, size_t len)
{
	struct pom_rest r = pom_rest_of(line, len);

	skip_prefix(&r);
	return r;
}

enum irc_error irc_parse(const uint8_t *line, size_t len, struct irc_line *to)
{
	struct pom_rest r = trim(line, len);
	struct pom_text word;

	memset(to, 0, sizeof(*to));
	word = pom_take_word(&r);
	if (!word.len)
		return IRC_NO_COMMAND;
	to->command = pom_find_name(&r, word, irc_commands, IRC_COMMANDS);
	if (to->command != IRC_PRIVMSG || !skip_target(&r) || !skip_ctcp(&r))
		return IRC_OK;
	pom_skip_blanks(&r);
	to->dcc = pom_find_name(&r, pom_take_word(&r), irc_dccs, IRC_DCCS);
	return to->dcc ? parse_request(&r, to) : IRC_OK;
}

/* As much of "privmsg", in either case, as there is; most lines end here. */
static bool take_privmsg(struct pom_rest *r)
{
	static const char name[] = "privmsg";
	size_t i;

	for (i = 0; name[i] && r->at < r->end; i++)
		if ((r->line[r->at++] | 0x20) != name[i])
			return false;
	return r->at == r->end || r->line[r->at] == ' ';
}

bool irc_may_announce(const uint8_t *line, size_t len)
{
	struct pom_rest r = { .line = line, .end = len };

	skip_prefix(&r);
	if (!take_privmsg(&r))
		return false;
	/* What is missing may be anything. */
	pom_skip_blanks(&r);
	pom_take_word(&r);
	pom_skip_blanks(&r);
	return take_prefix_of(&r, ":\1DCC ");
}

/* "GET / HTTP/1.1" */
static bool is_http(struct pom_rest *r)
{
	static const char name[] = "HTTP/";
	const size_t len = sizeof(name) - 1;
	struct pom_text word = { 0 }, last = { 0 };

	do {
		last = word;
		pom_skip_blanks(r);
		word = pom_take_word(r);
	} while (word.len);
	return last.len >= len &&
	       !strncasecmp((const char *)r->line + last.off, name, len);
}

bool irc_opens(const uint8_t *line, size_t len)
{
	struct pom_rest r = trim(line, len);

	return pom_find_name(&r, pom_take_word(&r), irc_openings,
			     IRC_OPENINGS) &&
	       !is_http(&r);
}

bool irc_may_open(const uint8_t *line, size_t len)
{
	struct pom_rest r = trim(line, len);
	struct pom_text word = pom_take_word(&r);
	size_t i;

	if (r.at < r.end)
		return pom_find_name(&r, word, irc_openings, IRC_OPENINGS);
	for (i = 1; i < IRC_OPENINGS; i++)
		if (word.len <= strlen(irc_openings[i]) &&
		    !strncasecmp((const char *)line + word.off,
				 irc_openings[i], word.len))
			return true;
	return false;
}

const char *irc_error_text(enum irc_error error)
{
	switch (error) {
	case IRC_OK:
		return "nothing wrong";
	case IRC_NO_COMMAND:
		return "not a line of IRC";
	case IRC_BAD_FILENAME:
		return "bad file name";
	case IRC_BAD_ADDRESS:
		return "bad address";
	case IRC_BAD_PORT:
		return "bad port";
	}
	return "unknown error";
}
