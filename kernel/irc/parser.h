/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of IRC (RFC 1459 section 2.3.1, RFC 2812; tags of IRCv3) and the
 * requests of DCC inside them, in both directions.
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_IRC_PARSER_H
#define POM_IRC_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "lib/text.h"

/* Longest line, CR and LF among them (RFC 1459 section 2.3). */
#define IRC_LINE_MAX	512

/* Begins and ends a message of CTCP. */
#define IRC_CTCP	'\1'

/* In the order of irc_command_name(). */
enum irc_command {
	IRC_OTHER,		/* any other command, or a number */
	IRC_PRIVMSG,
	IRC_NOTICE,
	IRC_JOIN,
	IRC_PART,
	IRC_QUIT,
	IRC_NICK,
	IRC_USER,
	IRC_PASS,
	IRC_MODE,
	IRC_TOPIC,
	IRC_KICK,
	IRC_INVITE,
	IRC_NAMES,
	IRC_LIST,
	IRC_WHO,
	IRC_WHOIS,
	IRC_WHOWAS,
	IRC_AWAY,
	IRC_PING,
	IRC_PONG,
	IRC_ERROR,
	IRC_OPER,
	IRC_KILL,
	IRC_SERVER,
	IRC_SQUIT,
	IRC_CAP,
	IRC_AUTHENTICATE,
	IRC_COMMANDS
};

/* In the order of irc_dcc_name(). */
enum irc_dcc {
	IRC_DCC_NONE,		/* no request of DCC that has a name here */
	IRC_DCC_CHAT,
	IRC_DCC_SEND,
	IRC_DCC_SCHAT,		/* CHAT over TLS */
	IRC_DCC_TSEND,		/* SEND without acknowledgements */
	IRC_DCC_MOVE,		/* announces like SEND */
	IRC_DCC_RESUME,		/* the receiver asks for the rest of a file */
	IRC_DCC_ACCEPT,		/* the sender agrees */
	IRC_DCCS
};

/* What is wrong with a request of DCC. */
enum irc_error {
	IRC_OK,
	IRC_NO_COMMAND,		/* not a line of IRC */
	IRC_BAD_FILENAME,	/* none, or a quotation mark without a second */
	IRC_BAD_ADDRESS,	/* none, or neither a number nor IPv6 */
	IRC_BAD_PORT,		/* none, or not a number up to 65535 */
};

struct irc_line {
	uint8_t command;	/* enum irc_command */
	uint8_t dcc;		/* enum irc_dcc; of PRIVMSG only */
	bool token;		/* the last word of a passive request exists */
	struct pom_text file;	/* without quotation marks; of CHAT: the word */
	struct pom_named to;	/* no address in RESUME and ACCEPT */
};

/**
 * irc_parse() - read a line
 * @line: the line, with or without CR and LF at its end
 * @len: bytes at @line, IRC_LINE_MAX at most
 * @to: what it says; after an error, @command and @dcc only
 *
 * Strict in what it takes for a request of DCC: a PRIVMSG whose whole text is
 * one CTCP message. Names of commands and requests are the same in either case.
 * Sizes, positions and tokens behind the port are only counted.
 */
enum irc_error irc_parse(const uint8_t *line, size_t len, struct irc_line *to);

/**
 * irc_may_announce() - whether the beginning of a line can become a request
 * @line: the beginning; no LF in it
 * @len: bytes at @line
 *
 * Return: false where no end of the line makes it a request of DCC.
 */
bool irc_may_announce(const uint8_t *line, size_t len);

/**
 * irc_opens() - whether a line can be the first one of a client
 * @line: the line, with or without CR and LF at its end
 * @len: bytes at @line, IRC_LINE_MAX at most
 *
 * A command of RFC 2812 section 3.1, 3.7 or of IRCv3 with which clients, other
 * servers and gateways register. A browser can be made to post lines of IRC,
 * but a request of HTTP does not count, whatever its method is. FTP and POP3
 * share the words USER, PASS and QUIT, and do count.
 */
bool irc_opens(const uint8_t *line, size_t len);

/**
 * irc_may_open() - whether the beginning of a line can become such a line
 * @line: the beginning; no LF in it
 * @len: bytes at @line
 *
 * Return: false where no end of the line lets irc_opens() return true.
 */
bool irc_may_open(const uint8_t *line, size_t len);

/* What is wrong, in words for a log line. */
const char *irc_error_text(enum irc_error error);

/* A request that says where its sender waits for a connection. */
static inline bool irc_announces(const struct irc_line *line)
{
	return line->dcc >= IRC_DCC_CHAT && line->dcc <= IRC_DCC_MOVE;
}

/*
 * Port 0 and a token ask the other client to wait for the connection. It
 * answers with the same request, its own address and the token.
 */
static inline bool irc_is_passive(const struct irc_line *line)
{
	return line->token && !line->to.at.port;
}

#endif
