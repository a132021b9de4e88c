/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of messages of H.323, made to be obvious instead of quick,
 * to compare h323_next() with. Shared by the unit test and the fuzzer.
 */
#ifndef POM_H323_MESSAGES_MODEL_H
#define POM_H323_MESSAGES_MODEL_H

#include "exact.h"
#include "h323/h225_types.h"
#include "h323/h245_types.h"
#include "h323/messages.h"
#include "per.model.h"

/*
 * Where the user-user element of a message of Q.931 is. 0 where the message is
 * cut, has none, or breaks the rules in front of it.
 */
static size_t model_element(const uint8_t *q, size_t len, size_t *n)
{
	size_t at, size, set = 0, once = 0;
	bool shifted = false;

	if (len < 3 || q[0] != 8 || q[1] > 15 || len < 3u + q[1])
		return 0;
	for (at = 3u + q[1]; at < len; at += size) {
		size_t now = shifted ? once : set;

		if (q[at] >= 0x90 && q[at] < 0x98) {
			set = once = q[at] - 0x90u;
			size = 1;
			continue;
		}
		if (q[at] >= 0x98 && q[at] < 0xa0) {
			once = q[at] - 0x98u;
			shifted = true;
			size = 1;
			continue;
		}
		shifted = false;
		if (q[at] >= 0x80) {
			size = 1;
			continue;
		}
		if (at + 2 > len)
			return 0;
		size = 2u + q[at + 1];
		if (q[at] == 0x7e && now == 0) {
			if (at + 4 > len)
				return 0;
			size = q[at + 1] * 256u + q[at + 2];
			*n = size - 1;
			return size && at + 3 + size <= len && q[at + 3] == 5 ?
			       at + 4 : 0;
		}
		if (at + size > len)
			return 0;
	}
	return 0;
}

/* Of a whole message: where its PER part begins; 0 where it has none. */
static size_t model_begin(enum h323_protocol protocol, const uint8_t *data,
			  size_t len, size_t *n)
{
	size_t off;

	if (len <= H323_TPKT_LEN)
		return 0;
	*n = len - H323_TPKT_LEN;
	if (protocol == H323_PROTOCOL_CONTROL)
		return H323_TPKT_LEN;
	off = model_element(data + H323_TPKT_LEN, *n, n);
	return off ? off + H323_TPKT_LEN : 0;
}

static const struct per_field *model_root(enum h323_protocol protocol)
{
	if (protocol == H323_PROTOCOL_RAS)
		return &h225_ras_message;
	return protocol == H323_PROTOCOL_CALL ? &h225_user_information :
						&h245_message;
}

struct facts {
	enum per_result result;
	bool inside;		/* each address is within the bytes */
	size_t n;
	struct per_fact fact[MODEL_FACTS];
};

/* What h323_next() tells, in memory of just the bytes that are there. */
static void read_facts(struct facts *f, enum h323_protocol protocol,
		       const uint8_t *data, size_t have, size_t len)
{
	uint8_t *copy = exact_copy(data, have);
	struct per_fact *fact = f->fact;
	struct h323_reader r;

	f->n = 0;
	f->inside = true;
	f->result = h323_begin(&r, protocol, copy, have, len);
	while (f->result == PER_FACT && f->n < MODEL_FACTS - 1) {
		f->result = h323_next(&r, fact);
		if (f->result != PER_FACT)
			break;
		f->inside &= !fact->len || fact->off + fact->len + 2u <= have;
		f->n++;
		fact++;
	}
	free(copy);
}

/* Whether these are the facts of a whole message. */
static bool model_has(const struct facts *f, enum h323_protocol protocol,
		      const uint8_t *data, size_t len)
{
	size_t off = 0, n = len, i;
	const struct model *m;

	if (protocol != H323_PROTOCOL_RAS) {
		off = model_begin(protocol, data, len, &n);
		if (!off)
			return f->n == 0;
	}
	m = model_read(model_root(protocol), data + off, n, n);
	if (f->n < MODEL_FACTS - 1 && !model_agrees(m, f->result, f->n))
		return false;
	for (i = 0; i < f->n; i++) {
		struct per_fact want = m->fact[i];

		want.off += (uint16_t)(want.len ? off : 0);
		if (!model_same(&want, &f->fact[i]))
			return false;
	}
	return true;
}

#endif
