// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands that are written to /proc/net/xt_recent/NAME and
 * /proc/net/ipt_recent/NAME, in the words of 2003 ("1.2.3.4", "+1.2.3.4",
 * "-1.2.3.4", "clear") and in those of the kernel's own module ("/").
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif
#include "recent/parser.h"

/**
 * recent_lines_feed - take bytes up to the end of a line
 * @lines: the stream; all zero at first
 * @data: what comes next
 * @len: how much of it, at least 1
 *
 * When it returns with lines->ended set, lines->text is a whole line.
 *
 * Return: how many bytes were taken, at least 1
 */
size_t recent_lines_feed(struct recent_lines *lines, const char *data,
			 size_t len)
{
	size_t i;

	if (lines->ended || !lines->number) {
		lines->number++;
		lines->len = 0;
		lines->ended = false;
		lines->overlong = false;
	}
	for (i = 0; i < len; i++) {
		if (data[i] == '\n') {
			lines->ended = true;
			return i + 1;
		}
		if (lines->len == RECENT_LINE_LEN)
			lines->overlong = true;
		else
			lines->text[lines->len++] = data[i];
	}
	return len;
}

/**
 * recent_line_parse - understand the line that was fed
 * @lines: the stream
 * @cmd: receives the command
 *
 * Return: NULL, or in words why the line is none
 */
const char *recent_line_parse(const struct recent_lines *lines,
			      struct recent_command *cmd)
{
	if (lines->overlong)
		return "the line is too long";
	return recent_parse(lines->text, lines->len, cmd);
}

static int digit(char c, int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value < base ? value : -1;
}

/*
 * A decimal number up to @max, of @*len bytes at most. Not with a leading
 * zero, which is octal to some readers. Returns -1 if there is none.
 */
static int number(const char *text, size_t *len, int max)
{
	int value = 0;
	size_t i;

	for (i = 0; i < *len && digit(text[i], 10) >= 0; i++) {
		if (i && text[0] == '0')
			return -1;
		value = value * 10 + digit(text[i], 10);
		if (value > max)
			return -1;
	}
	if (!i)
		return -1;
	*len = i;
	return value;
}

static bool parse4(const char *text, size_t len, uint8_t addr[4])
{
	size_t used;
	int i, value;

	for (i = 0; i < 4; i++) {
		if (i) {
			if (!len || *text != '.')
				return false;
			text++;
			len--;
		}
		used = len;
		value = number(text, &used, 255);
		if (value < 0)
			return false;
		addr[i] = (uint8_t)value;
		text += used;
		len -= used;
	}
	return !len;
}

/* One to four hexadecimal digits; returns how many, 0 if there is none. */
static size_t group(const char *text, size_t len, uint8_t addr[2])
{
	unsigned int value = 0;
	size_t i;

	for (i = 0; i < len && i < 4 && digit(text[i], 16) >= 0; i++)
		value = value * 16 + (unsigned int)digit(text[i], 16);
	addr[0] = (uint8_t)(value >> 8);
	addr[1] = (uint8_t)value;
	return i;
}

/* Opens the gap of "::": moves the groups after it to the end. */
static void open_gap(uint8_t addr[16], int gap, int end)
{
	int moved = end - gap;

	memmove(&addr[16 - moved], &addr[gap], (size_t)moved);
	memset(&addr[gap], 0, (size_t)(16 - moved - gap));
}

/* RFC 4291, section 2.2: groups, at most one "::", and IPv4 at the end. */
static bool parse6(const char *text, size_t len, uint8_t addr[16])
{
	int at = 0, gap = -1;
	size_t used;

	if (len >= 2 && text[0] == ':' && text[1] == ':') {
		gap = 0;
		text += 2;
		len -= 2;
	}
	while (len) {
		if (at == 16)
			return false;
		if (at <= 12 && memchr(text, '.', len) &&
		    !memchr(text, ':', len)) {
			if (!parse4(text, len, addr + at))
				return false;
			at += 4;
			break;
		}
		used = group(text, len, addr + at);
		if (!used)
			return false;
		at += 2;
		text += used;
		len -= used;
		if (!len)
			break;
		if (*text != ':' || len == 1)
			return false;
		text++;
		len--;
		if (*text != ':')
			continue;
		if (gap >= 0)
			return false;
		gap = at;
		text++;
		len--;
	}
	if (gap < 0)
		return at == 16;
	if (at > 14)
		return false;
	open_gap(addr, gap, at);
	return true;
}

/**
 * recent_addr_parse - text to address
 * @text: 1.2.3.4 or any form of RFC 4291; need not end with a NUL
 * @len: all of it has to be the address
 * @family: receives 4 or 6
 * @addr: receives the address, the rest zero; undefined when it fails
 *
 * Return: whether it is an address
 */
bool recent_addr_parse(const char *text, size_t len, uint8_t *family,
		       uint8_t addr[16])
{
	memset(addr, 0, 16);
	if (memchr(text, ':', len)) {
		*family = 6;
		return parse6(text, len, addr);
	}
	*family = 4;
	return parse4(text, len, addr);
}

/**
 * recent_addr_mask - clear the bits behind a prefix
 * @addr: in network byte order
 * @prefix: 0 to 128
 */
void recent_addr_mask(uint8_t addr[16], unsigned int prefix)
{
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (prefix >= 8) {
			prefix -= 8;
			continue;
		}
		addr[i] &= (uint8_t)~(0xff >> prefix);
		prefix = 0;
	}
}

static const char *parse_removal(const char *text, size_t len,
				 struct recent_command *cmd)
{
	const char *slash = memchr(text, '/', len);
	size_t addr_len = slash ? (size_t)(slash - text) : len;
	size_t used;
	int prefix, max;

	cmd->verb = RECENT_DEL;
	if (!recent_addr_parse(text, addr_len, &cmd->family, cmd->addr))
		return "what follows the - is no address";
	max = cmd->family == 4 ? 32 : 128;
	prefix = max;
	if (slash) {
		used = len - addr_len - 1;
		prefix = number(slash + 1, &used, max);
		if (prefix < 0 || used != len - addr_len - 1)
			return "what follows the / is no length of a prefix";
	}
	cmd->prefix = (uint8_t)prefix;
	recent_addr_mask(cmd->addr, (unsigned int)prefix);
	return NULL;
}

static const char *parse_addition(const char *text, size_t len,
				  struct recent_command *cmd)
{
	cmd->verb = RECENT_ADD;
	if (memchr(text, '/', len))
		return "only a single address can be added, but a prefix removed";
	if (!recent_addr_parse(text, len, &cmd->family, cmd->addr))
		return "wanted an address, +address, -address, -address/length, clear or /";
	cmd->prefix = cmd->family == 4 ? 32 : 128;
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/**
 * recent_parse - understand one line
 * @text: the line, without its newline; blanks around it do not count
 * @len: of it
 * @cmd: receives the command; undefined if it is none
 *
 * Return: NULL, or in words why the line is no command
 */
const char *recent_parse(const char *text, size_t len,
			 struct recent_command *cmd)
{
	while (len && is_blank(text[len - 1]))
		len--;
	while (len && is_blank(*text)) {
		text++;
		len--;
	}
	memset(cmd, 0, sizeof(*cmd));
	if (!len)
		return NULL;
	if ((len == 1 && *text == '/') ||
	    (len == 5 && !memcmp(text, "clear", 5))) {
		cmd->verb = RECENT_FLUSH;
		return NULL;
	}
	if (*text == '-')
		return parse_removal(text + 1, len - 1, cmd);
	if (*text == '+')
		return parse_addition(text + 1, len - 1, cmd);
	return parse_addition(text, len, cmd);
}
