// SPDX-License-Identifier: GPL-2.0-only
/* Lines of a link between eggdrops: bytes in, facts out. */
#include "eggdrop/parser.h"
#include "lib/encoding.h"
#include "lib/text.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#include <strings.h>
#endif

static const char * const egg_shares[EGG_SHARES] = {
	[EGG_NONE] = "",
	[EGG_OFFER] = "u?",
	[EGG_ACCEPT] = "uy",
	[EGG_REFUSE] = "un",
	[EGG_SEND] = "us",
};

static bool is_digits(const struct pom_rest *r, struct pom_text word)
{
	size_t i;

	for (i = word.off; i < (size_t)word.off + word.len; i++)
		if (r->line[i] < '0' || r->line[i] > '9')
			return false;
	return word.len;
}

/* The size itself is not needed. Only blanks may follow it. */
static bool take_size(struct pom_rest *r)
{
	pom_skip_blanks(r);
	if (!is_digits(r, pom_take_word(r)))
		return false;
	pom_skip_blanks(r);
	return r->at == r->end;
}

static enum egg_error parse_send(struct pom_rest *r, struct egg_line *to)
{
	if (!pom_take_address(r, &to->to))
		return EGG_BAD_ADDRESS;
	pom_skip_blanks(r);
	to->tls = pom_at_byte(r, '+');
	r->at += to->tls;
	/* No blank follows the sign. */
	if ((to->tls && pom_at_byte(r, ' ')) ||
	    !pom_take_field(r, POM_PORT_DECIMAL, &to->to.port, &to->to.at))
		return EGG_BAD_PORT;
	return take_size(r) ? EGG_OK : EGG_BAD_SIZE;
}

/* The command of bots that has the words above behind it. */
static bool take_s(struct pom_rest *r)
{
	if (!pom_at_byte(r, 's') && !pom_at_byte(r, 'S'))
		return false;
	r->at++;
	return pom_at_byte(r, ' ');
}

enum egg_error egg_parse(const uint8_t *line, size_t len, struct egg_line *to)
{
	struct pom_rest r = pom_rest_of(line, len);

	memset(to, 0, sizeof(*to));
	if (!take_s(&r))
		return EGG_OK;
	pom_skip_blanks(&r);
	to->share = pom_find_name(&r, pom_take_word(&r), egg_shares,
				  EGG_SHARES);
	return to->share == EGG_SEND ? parse_send(&r, to) : EGG_OK;
}

/* Most lines end at the first or the third byte. */
bool egg_may_share(const uint8_t *line, size_t len)
{
	struct pom_rest r = { .line = line, .end = len };
	struct pom_text word;
	size_t i;

	if (!len)
		return true;
	if (!take_s(&r) && (!r.at || r.at < len))
		return false;
	pom_skip_blanks(&r);
	word = pom_take_word(&r);
	/* What is missing may be anything. */
	if (r.at < r.end)
		return pom_find_name(&r, word, egg_shares, EGG_SHARES);
	/* CR may be the end of the line already. */
	if (word.len && line[word.off + word.len - 1] == '\r')
		return true;
	for (i = 1; i < EGG_SHARES; i++)
		if (word.len <= strlen(egg_shares[i]) &&
		    !strncasecmp((const char *)line + word.off, egg_shares[i],
				 word.len))
			return true;
	return false;
}

/* Eggdrop takes no name with these (check of handles in its misc.c). */
static bool is_handle_byte(uint8_t byte, bool first)
{
	if (byte <= ' ' || byte == 0x7f || byte == '@')
		return false;
	return !first || !memchr("-,+*=:!.#;$%&", byte, 13);
}

bool egg_may_open(const uint8_t *line, size_t len)
{
	struct pom_rest r = pom_rest_of(line, len);

	if (r.end > EGG_HANDLE_MAX || (len && !r.end))
		return false;
	while (r.at < r.end && is_handle_byte(line[r.at], !r.at))
		r.at++;
	return r.at == r.end;
}

bool egg_opens(const uint8_t *line, size_t len)
{
	return len && egg_may_open(line, len);
}

static const char egg_hello[] = "*hello!";
static const char egg_version[] = "version ";

/* Up to the length of the shorter one. */
static bool is_beginning(const struct pom_rest *r, const char *text)
{
	size_t len = strlen(text);

	return !memcmp(r->line, text, r->end < len ? r->end : len);
}

enum egg_greeting egg_greets(const uint8_t *line, size_t len)
{
	struct pom_rest r = pom_rest_of(line, len);

	if (r.end == strlen(egg_hello) && is_beginning(&r, egg_hello))
		return EGG_HELLO;
	r.at = strlen(egg_version);
	if (r.end > r.at && is_beginning(&r, egg_version) &&
	    line[r.at] >= '0' && line[r.at] <= '9')
		return EGG_VERSION;
	return EGG_NO_GREETING;
}

bool egg_may_greet(const uint8_t *line, size_t len)
{
	struct pom_rest r = pom_rest_of(line, len);

	return is_beginning(&r, egg_version) ||
	       (r.end <= strlen(egg_hello) && is_beginning(&r, egg_hello));
}

const char *egg_error_text(enum egg_error error)
{
	switch (error) {
	case EGG_OK:
		return "nothing wrong";
	case EGG_BAD_ADDRESS:
		return "bad address";
	case EGG_BAD_PORT:
		return "bad port";
	case EGG_BAD_SIZE:
		return "bad size";
	}
	return "unknown error";
}
