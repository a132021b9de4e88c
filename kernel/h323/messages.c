// SPDX-License-Identifier: GPL-2.0-only
/* Messages of H.323, see messages.h. */
#include "h323/messages.h"
#include "h323/h225_types.h"
#include "h323/h245_types.h"
#include "lib/per.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Elements of one byte have this bit. */
#define Q931_SHORT		0x80
#define Q931_SHIFT_MASK		0xf0
#define Q931_SHIFT		0x90	/* to a different set of elements */
#define Q931_SHIFT_ONCE		0x08	/* for the next element only */

/* In H.323 two bytes have its length, where other elements have one. */
#define Q931_USER_USER		0x7e
/* First byte of its content: the rest is ASN.1 (X.208). */
#define Q931_X208		5

/**
 * struct place - what is read of a message of Q.931
 * @data: the message
 * @have: bytes at @data
 * @len: bytes of the whole message
 * @at: where the next element begins
 */
struct place {
	const uint8_t *data;
	size_t have;
	size_t len;
	size_t at;
};

/* Whether @n bytes can be read: PER_FACT, PER_CUT or PER_MALFORMED. */
static enum per_result are_here(const struct place *p, size_t n)
{
	if (n > p->len - p->at)
		return PER_MALFORMED;
	return p->at > p->have || n > p->have - p->at ? PER_CUT : PER_FACT;
}

/* Call reference and type of the message are not needed. */
static enum per_result skip_head(struct place *p)
{
	enum per_result ret = are_here(p, 2);

	if (ret != PER_FACT)
		return ret;
	if (p->data[0] != Q931_DISCRIMINATOR || p->data[1] & 0xf0)
		return PER_MALFORMED;
	if (p->len < 3u + p->data[1])
		return PER_MALFORMED;
	p->at = 3u + p->data[1];
	return PER_FACT;
}

int q931_type(const uint8_t *data, size_t have)
{
	struct place p = { .data = data, .have = have, .len = have };

	return skip_head(&p) == PER_FACT ? data[p.at - 1] : -1;
}

/* A user-user element begins at @p->at. */
static enum per_result read_user_user(const struct place *p,
				      struct h323_element *found)
{
	enum per_result ret = are_here(p, 4);
	size_t n;

	if (ret != PER_FACT)
		return ret;
	n = (size_t)p->data[p->at + 1] << 8 | p->data[p->at + 2];
	if (n < 1 || n > p->len - p->at - 3 ||
	    p->data[p->at + 3] != Q931_X208)
		return PER_MALFORMED;
	found->off = p->at + 4;
	found->len = n - 1;
	return PER_FACT;
}

static enum per_result skip_element(struct place *p)
{
	enum per_result ret = are_here(p, 2);

	if (ret != PER_FACT)
		return ret;
	if (p->data[p->at + 1] > p->len - p->at - 2)
		return PER_MALFORMED;
	p->at += 2u + p->data[p->at + 1];
	return PER_FACT;
}

enum per_result q931_find(const uint8_t *data, size_t have, size_t len,
			  struct h323_element *found)
{
	struct place p = { .data = data, .have = have, .len = len };
	enum per_result ret = skip_head(&p);
	uint8_t set = 0, next = 0;

	while (ret == PER_FACT && p.at < len) {
		ret = are_here(&p, 1);
		if (ret != PER_FACT)
			break;
		if ((data[p.at] & Q931_SHIFT_MASK) == Q931_SHIFT) {
			next = data[p.at] & 7;
			if (!(data[p.at] & Q931_SHIFT_ONCE))
				set = next;
			p.at++;
			continue;
		}
		if (data[p.at] == Q931_USER_USER && !next)
			return read_user_user(&p, found);
		if (data[p.at] & Q931_SHORT)
			p.at++;
		else
			ret = skip_element(&p);
		next = set;
	}
	return ret == PER_FACT ? PER_END : ret;
}

static void begin_per(struct h323_reader *r, const struct per_field *root,
		      const uint8_t *data, size_t have, size_t len)
{
	per_begin(&r->per, root, data, have, len);
	if (r->per.steps > H323_STEPS_MAX)
		r->per.steps = H323_STEPS_MAX;
}

/* In one direction a keep-alive has a header of RFC 1006 and nothing else. */
static enum per_result begin_tpkt(struct h323_reader *r,
				  enum h323_protocol protocol,
				  const uint8_t *data, size_t have, size_t len)
{
	struct h323_element element = { .len = len - H323_TPKT_LEN };
	enum per_result ret = PER_FACT;

	r->off = H323_TPKT_LEN;
	if (len == H323_TPKT_LEN)
		return PER_END;
	if (have < H323_TPKT_LEN)
		return PER_CUT;
	if (protocol == H323_PROTOCOL_CALL)
		ret = q931_find(data + H323_TPKT_LEN, have - H323_TPKT_LEN,
				len - H323_TPKT_LEN, &element);
	if (ret != PER_FACT)
		return ret;
	/* What q931_find() has found begins within @have. */
	r->off += element.off;
	begin_per(r, protocol == H323_PROTOCOL_CALL ?
		  &h225_user_information : &h245_message, data + r->off,
		  have - r->off, element.len);
	return PER_FACT;
}

enum per_result h323_begin(struct h323_reader *r, enum h323_protocol protocol,
			   const uint8_t *data, size_t have, size_t len)
{
	r->off = 0;
	if (protocol == H323_PROTOCOL_RAS) {
		begin_per(r, &h225_ras_message, data, have, len);
		return PER_FACT;
	}
	if (len < H323_TPKT_LEN)
		return PER_MALFORMED;
	return begin_tpkt(r, protocol, data, have, len);
}

enum per_result h323_next(struct h323_reader *r, struct per_fact *fact)
{
	enum per_result ret = per_next(&r->per, fact);

	if (ret == PER_FACT && fact->len)
		fact->off += (uint16_t)r->off;
	return ret;
}

void h323_move(struct h323_reader *r, const uint8_t *data)
{
	r->per.data = data + r->off;
}

const char *h323_error_text(enum per_result error)
{
	switch (error) {
	case PER_FACT:
	case PER_END:
		return "nothing wrong";
	case PER_CUT:
		return "not the whole message";
	case PER_MALFORMED:
		return "no message of H.323";
	case PER_TOO_DEEP:
		return "message with too many levels";
	case PER_TOO_LONG:
		return "message that takes too long to read";
	}
	return "unknown error";
}
