/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of a link between two eggdrops, in both directions: how they share
 * their file of users. As share.c of eggdrop 1.6, 1.8 and 1.9 writes them:
 *
 *	s u?			offers the file
 *	s uy [FEATURE...]	accepts
 *	s un TEXT		refuses
 *	s us ADDRESS PORT SIZE	waits at PORT for a connection to fetch it. The
 *				address is one decimal number, or IPv6 text (1.8
 *				and later); +PORT asks for TLS (also 1.8)
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_EGGDROP_PARSER_H
#define POM_EGGDROP_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "lib/text.h"

/* Longest line that is read, LF included. */
#define EGG_LINE_MAX	512

/* Longest name of a bot (HANDLEN of eggdrop). */
#define EGG_HANDLE_MAX	32

enum egg_share {
	EGG_NONE,		/* any other line */
	EGG_OFFER,
	EGG_ACCEPT,
	EGG_REFUSE,
	EGG_SEND,
	EGG_SHARES
};

/* What is wrong with EGG_SEND. */
enum egg_error {
	EGG_OK,
	EGG_BAD_ADDRESS,	/* missing, or no decimal or IPv6 address */
	EGG_BAD_PORT,		/* missing, or no number up to 65535 */
	EGG_BAD_SIZE,		/* missing, no number, or words follow it */
};

struct egg_line {
	uint8_t share;		/* enum egg_share */
	bool tls;		/* of EGG_SEND: + in front of the port */
	struct pom_named to;	/* of EGG_SEND; the port without + */
};

/**
 * egg_parse() - read a line
 * @line: the line, with or without CR and LF at its end
 * @len: bytes at @line, EGG_LINE_MAX at most
 * @to: what it says; after an error, @share only
 *
 * The first two words are the same in either case, as for eggdrop.
 */
enum egg_error egg_parse(const uint8_t *line, size_t len, struct egg_line *to);

/**
 * egg_may_share() - whether the beginning of a line can become such a line
 * @line: the beginning; no LF in it
 * @len: bytes at @line
 *
 * Return: false where no end of the line makes it one of those above.
 */
bool egg_may_share(const uint8_t *line, size_t len);

/**
 * egg_opens() - whether a line can be the first one of a bot that links
 * @line: the line, with or without CR and LF at its end
 * @len: bytes at @line, EGG_LINE_MAX at most
 *
 * It is the name of the bot and nothing else. What a browser can be made to
 * send first has a blank or a control character.
 */
bool egg_opens(const uint8_t *line, size_t len);

/**
 * egg_may_open() - whether the beginning of a line can become such a line
 * @line: the beginning; no LF in it
 * @len: bytes at @line
 *
 * Return: false where no end of the line lets egg_opens() return true.
 */
bool egg_may_open(const uint8_t *line, size_t len);

/* What a server says to a bot before the link begins (greet_new_bot()). */
enum egg_greeting {
	EGG_NO_GREETING,
	EGG_HELLO,		/* "*hello!" */
	EGG_VERSION,		/* "version NUMBER ...", after it */
};

/**
 * egg_greets() - whether a line greets a bot
 * @line: the line, with or without CR and LF at its end
 * @len: bytes at @line, EGG_LINE_MAX at most
 */
enum egg_greeting egg_greets(const uint8_t *line, size_t len);

/**
 * egg_may_greet() - whether the beginning of a line can become such a line
 * @line: the beginning; no LF in it
 * @len: bytes at @line
 *
 * Return: false where no end of the line lets egg_greets() return a greeting.
 */
bool egg_may_greet(const uint8_t *line, size_t len);

/* What is wrong, in words for a log line. */
const char *egg_error_text(enum egg_error error);

#endif
