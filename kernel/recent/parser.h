/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What xt_recent computes without a kernel: the commands that are written to
 * its files, the order of a list, and the ring of times of an address.
 */
#ifndef POM_RECENT_PARSER_H
#define POM_RECENT_PARSER_H

#ifdef __KERNEL__
#include <linux/math64.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Random bytes, unknown to who chooses addresses. */
struct recent_secret {
	uint64_t word[4];
};

/* Both halves of the product of two words, folded into one. */
static inline uint64_t recent_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	const __uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	return (a * b) ^ mul_u64_u64_shr(a, b, 64);
#endif
}

/**
 * recent_hash - a hash that cannot be aimed at without the secret
 * @secret: the key
 * @a: the first half of an address
 * @b: the second
 *
 * As in wyhash, on which the maps of the Go runtime rely where strangers
 * choose the keys. A tenth of what SipHash costs for so few bytes.
 *
 * Return: 32 bits, of which the upper ones are as good as the lower ones
 */
static inline uint32_t recent_hash(const struct recent_secret *secret,
				   uint64_t a, uint64_t b)
{
	uint64_t mixed = recent_fold(a ^ secret->word[0], b ^ secret->word[1]);

	return (uint32_t)(recent_fold(mixed ^ secret->word[2],
				      secret->word[3]) >> 32);
}

/* Longer than any command: a sign, an IPv6 address in its longest form, /128 */
#define RECENT_LINE_LEN		64

/* A command without its reason not to be one. */
enum recent_verb {
	RECENT_NOTHING,		/* an empty line */
	RECENT_ADD,		/* addr or +addr: seen now */
	RECENT_DEL,		/* -addr or -addr/len */
	RECENT_FLUSH,		/* clear or / */
};

/**
 * struct recent_command - one line, understood
 * @verb: of enum recent_verb
 * @family: 4 or 6; 0 where the verb has no address
 * @prefix: how many bits of @addr count; all of them for RECENT_ADD
 * @addr: in network byte order, 4 or 16 bytes, the rest zero; bits behind
 *	@prefix are zero
 */
struct recent_command {
	uint8_t verb;
	uint8_t family;
	uint8_t prefix;
	uint8_t addr[16];
};

/**
 * struct recent_lines - a stream of bytes on its way to become lines
 * @number: of the line that @text holds, from 1
 * @len: how many bytes of it have come
 * @ended: @text is a whole line; the next byte begins another
 * @overlong: it had more bytes than @text can hold
 * @text: without the newline
 *
 * All zero before the first byte.
 */
struct recent_lines {
	uint32_t number;
	uint8_t len;
	bool ended;
	bool overlong;
	char text[RECENT_LINE_LEN];
};

size_t recent_lines_feed(struct recent_lines *lines, const char *data,
			 size_t len);
const char *recent_line_parse(const struct recent_lines *lines,
			      struct recent_command *cmd);
const char *recent_parse(const char *text, size_t len,
			 struct recent_command *cmd);
bool recent_addr_parse(const char *text, size_t len, uint8_t *family,
		       uint8_t addr[16]);
void recent_addr_mask(uint8_t addr[16], unsigned int prefix);

/**
 * recent_ring_next - the place after @place in a ring
 * @place: 0 to @size - 1
 * @size: of the ring, at least 1
 */
static inline uint32_t recent_ring_next(uint32_t place, uint32_t size)
{
	return place + 1 < size ? place + 1 : 0;
}

/**
 * recent_ring_back - the place of the @n-th newest
 * @next: where the next one will be put
 * @n: 1 for the newest, up to @size for the oldest
 * @size: of the ring
 */
static inline uint32_t recent_ring_back(uint32_t next, uint32_t n,
					uint32_t size)
{
	return next >= n ? next - n : next + size - n;
}

#endif
