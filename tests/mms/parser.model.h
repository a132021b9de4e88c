/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of MMS, made to be obvious instead of quick, to compare the
 * parser with: numbers by multiplication, texts as C strings in a regular
 * expression. Shared by the unit test and the fuzzer.
 */
#ifndef POM_MMS_PARSER_MODEL_H
#define POM_MMS_PARSER_MODEL_H

#include <arpa/inet.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mms/parser.h"

/* MIDs by kind, as the titles of [MS-MMSP] 2.2.4.x have them. */
static const long model_mids[MMS_KINDS] = {
	0, 196609, 196610, 196613, 196615, 196617, 196621, 196629, 196632,
	196634, 196635, 196645, 196648, 196658, 196659, 262145, 262146, 262147,
	262149, 262150, 262154, 262161, 262165, 262170, 262171, 262174, 262176,
	262177, 262178,
};

static inline unsigned long long model_number(const uint8_t *at)
{
	return at[0] + 256ULL * (at[1] + 256ULL * (at[2] + 256ULL * at[3]));
}

/* The bytes from @at to @to, as far as they are there, are those of @want. */
static inline bool model_has(const uint8_t *data, size_t len, size_t at,
			     const char *want, size_t n)
{
	if (len <= at)
		return true;
	return !memcmp(data + at, want, n < len - at ? n : len - at);
}

static inline int model_packet_size(const uint8_t *data, size_t len)
{
	unsigned long long size, count;

	if (!model_has(data, len, 0, "\1\0\0", 3) ||
	    !model_has(data, len, 4, "\xce\xfa\x0b\xb0", 4) ||
	    !model_has(data, len, 12, "MMS ", 4))
		return -1;
	if (len < 20)
		return 0;
	size = model_number(data + 8) + 16;
	count = model_number(data + 16);
	if (size < 32 || size > 8192 || size % 8)
		return -1;
	return count * 8 == size || count * 8 + 16 == size ? (int)size : -1;
}

struct model_message {
	size_t off;
	size_t len;
	int kind;
};

/* All messages; returns how many, or -1 - how many where one is malformed. */
static inline int model_messages(const uint8_t *data, size_t len,
				 struct model_message *to)
{
	size_t begin = 0, at;
	int n = 0, size;
	long mid;

	for (; begin + 32 <= len; begin += (size_t)size) {
		size = model_packet_size(data + begin, len - begin);
		if (size < 32)
			return n;
		for (at = begin + 32; at < begin + (size_t)size;
		     at += to[n++].len) {
			if (at + 8 > len)
				return n;
			if (model_number(data + at) < 1 ||
			    model_number(data + at) * 8 >
			    begin + (size_t)size - at)
				return -1 - n;
			to[n].off = at;
			to[n].len = model_number(data + at) * 8;
			mid = (long)model_number(data + at + 4);
			for (to[n].kind = MMS_KINDS - 1;
			     to[n].kind && model_mids[to[n].kind] != mid;
			     to[n].kind--)
				;
		}
	}
	return n;
}

/* The text up to its end; what is not ASCII becomes a control character. */
static inline void model_text(const uint8_t *message, size_t len, char *text)
{
	size_t at, n = 0;

	for (at = 28; at + 2 <= len && (message[at] || message[at + 1]);
	     at += 2)
		text[n++] = message[at + 1] || message[at] > 126 ?
			    '\1' : (char)message[at];
	text[n] = '\0';
}

static inline bool model_funnel(const uint8_t *data, size_t len,
				const struct model_message *m,
				struct mms_funnel *to)
{
	static regex_t regex;
	static bool compiled;
	char text[MMS_PACKET_MAX];
	regmatch_t part[4];

	if (!compiled && regcomp(&regex, "^\\\\\\\\[^\\]{1,64}"
				 "\\\\(TCP|UDP)\\\\([0-9]{1,5})$",
				 REG_EXTENDED | REG_ICASE))
		abort();
	compiled = true;
	if (m->off + m->len > len)
		return false;
	model_text(data + m->off, m->len, text);
	if (regexec(&regex, text, 4, part, 0) ||
	    atol(text + part[2].rm_so) > 65535)
		return false;
	to->transport = strchr("Tt", text[part[1].rm_so]) ? MMS_TCP : MMS_UDP;
	to->port = (uint16_t)atol(text + part[2].rm_so);
	to->digits = (uint8_t)(part[2].rm_eo - part[2].rm_so);
	return true;
}

static inline void model_must(int truth)
{
	if (!truth)
		abort();
}

static inline bool model_same_funnel(const struct mms_funnel *a,
				     const struct mms_funnel *b)
{
	return a->transport == b->transport && a->port == b->port &&
	       a->digits == b->digits;
}

/* The packet after a patch; returns its length. */
static inline size_t model_apply(const uint8_t *data, size_t len,
				 const struct mms_patch *p, uint8_t *to)
{
	model_must(p->n <= MMS_PATCH_MAX && p->off + p->len <= len);
	memcpy(to, data, p->off);
	memcpy(to + p->off, p->bytes, p->n);
	memcpy(to + p->off + p->n, data + p->off + p->len,
	       len - p->off - p->len);
	return len - p->len + p->n;
}

/*
 * What a patch of one packet does, whatever it looks like: the same messages,
 * of the same lengths but for this one, which has the new text and only 0s
 * behind it; all other bytes are the same, but for the three lengths.
 */
static inline void model_check_patch(const uint8_t *data, size_t len,
				     const struct model_message *m, int n,
				     int which, bool ipv6,
				     const struct pom_endpoint *seen,
				     const struct mms_patch *patch)
{
	struct model_message got[MMS_READ_MAX];
	uint8_t now[MMS_READ_MAX + MMS_PATCH_MAX];
	size_t now_len = model_apply(data, len, patch, now), grown, end, i;
	char want[120], text[MMS_PACKET_MAX], addr[46];

	model_must(now_len >= len && (now_len - len) % 8 == 0);
	grown = now_len - len;
	model_must(model_packet_size(now, now_len) == (int)now_len);
	model_must(model_messages(now, now_len, got) == n);
	for (i = 0; i < (size_t)n; i++) {
		model_must(got[i].kind == m[i].kind);
		model_must(got[i].len == m[i].len +
			   (i == (size_t)which ? grown : 0));
	}
	inet_ntop(ipv6 ? AF_INET6 : AF_INET, seen->addr, addr, sizeof(addr));
	snprintf(want, sizeof(want), "\\\\%s\\UDP\\%u", addr, seen->port);
	model_text(now + got[which].off, got[which].len, text);
	model_must(!strcmp(text, want));
	end = m[which].off + m[which].len;
	for (i = got[which].off + 28 + 2 * strlen(want); i < end + grown; i++)
		model_must(!now[i]);
	model_must(!memcmp(now + end + grown, data + end, len - end));
	for (i = 0; i < m[which].off + 28; i++)
		if ((i < 8 || i > 11) && (i < 16 || i > 19) &&
		    (i < m[which].off || i > m[which].off + 3))
			model_must(now[i] == data[i]);
	model_must(model_number(now + 8) == model_number(data + 8) + grown);
	model_must(model_number(now + 16) ==
		   model_number(data + 16) + grown / 8);
}

#endif /* POM_MMS_PARSER_MODEL_H */
