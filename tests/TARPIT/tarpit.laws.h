/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold for every segment that a tarpit is shown, said a second
 * time and as plainly as possible. For the unit test and the fuzzer.
 */
#ifndef POM_TESTS_TARPIT_LAWS_H
#define POM_TESTS_TARPIT_LAWS_H

#include <stdlib.h>
#include <string.h>

#include "TARPIT/tarpit.h"

/* Everything but the segment that an answer depends on. */
struct tarpit_setting {
	enum tarpit_variant variant;
	enum tarpit_standing standing;
	struct tarpit_listener host;
};

/* The answer to LEN octets at TCP, HAVE of which can be seen; 0 for none. */
static inline unsigned int tarpit_answer(const struct tarpit_setting *set,
					 const uint8_t *tcp, size_t have,
					 size_t len, uint8_t *answer)
{
	struct tarpit_segment seg;
	struct tarpit_reply reply;
	enum tarpit_kind kind;

	if (!tarpit_parse(tcp, have, len, &seg))
		return 0;
	kind = tarpit_classify(set->variant, &seg);
	if (kind != TARPIT_REFUSE)
		tarpit_parse_options(tcp, &seg);
	if (!tarpit_compose(kind, &seg, set->standing, &set->host, &reply))
		return 0;
	return tarpit_write(&reply, answer);
}

/* Answers between two tarpits that know nothing of each other. */
static inline unsigned int tarpit_volleys(const struct tarpit_setting *set,
					  const uint8_t *tcp, unsigned int len,
					  enum tarpit_variant other)
{
	struct tarpit_setting there = *set;
	uint8_t ball[2][TARPIT_TCP_MAX];
	unsigned int volleys = 0;

	memcpy(ball[0], tcp, len);
	there.standing = TARPIT_FOREIGN;
	there.variant = other;
	while (volleys < 10) {
		len = tarpit_answer(&there, ball[volleys & 1], len, len,
				    ball[~volleys & 1]);
		if (!len)
			break;
		volleys++;
		there.variant = volleys & 1 ? set->variant : other;
	}
	return volleys;
}

/* The law that the answer to a segment breaks; NULL when it obeys. */
static inline const char *tarpit_broken_law(const struct tarpit_setting *set,
					    const uint8_t *tcp, size_t have,
					    size_t len)
{
	uint8_t answer[TARPIT_TCP_MAX];
	struct tarpit_segment reply;
	unsigned int n, other;
	uint8_t flags;

	n = tarpit_answer(set, tcp, have, len, answer);
	if (!n)
		return NULL;
	if (have < 20 || (size_t)(tcp[12] >> 4) * 4 > have)
		return "only a whole header is answered";
	if (n > (unsigned int)(tcp[12] >> 4) * 4)
		return "no answer is larger than the segment";
	if (n % 4 || !tarpit_parse(answer, n, n, &reply) ||
	    tarpit_header_len(answer) != n)
		return "an answer is a TCP header";
	if (memcmp(answer, tcp + 2, 2) || memcmp(answer + 2, tcp, 2))
		return "an answer swaps the addresses of its packet";

	flags = tcp[13];
	if (flags & TARPIT_RST)
		return "a RST is not answered";
	if ((flags & TARPIT_SYN) && (flags & TARPIT_FIN))
		return "SYN+FIN is not answered";
	if (!(flags & (TARPIT_SYN | TARPIT_ACK)))
		return "neither SYN nor ACK: no answer";
	if (!(flags & TARPIT_SYN) && set->standing == TARPIT_FOREIGN &&
	    !(reply.flags & TARPIT_RST))
		return "a foreign ACK is not answered, or by a RST";
	if ((reply.flags & TARPIT_RST) &&
	    set->variant != TARPIT_VARIANT_RESET)
		return "only --reset resets";
	if ((reply.flags & TARPIT_FIN) && !(flags & TARPIT_FIN))
		return "only a FIN is answered by a FIN";
	if (set->variant == TARPIT_VARIANT_HOLD && !(flags & TARPIT_SYN) &&
	    reply.window)
		return "who is held has no window";

	for (other = TARPIT_VARIANT_HOLD; other <= TARPIT_VARIANT_RESET;
	     other++)
		if (tarpit_volleys(set, answer, n, other) > 1)
			return "two tarpits do not answer each other for ever";
	return NULL;
}

#endif
