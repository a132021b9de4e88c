// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as packets of MMS: no access out of bounds (the sanitizers see to
 * that), the same reading as the naive model's, and patches that do what they
 * should.
 */
#include "exact.h"
#include "parser.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct model_message messages[MMS_READ_MAX];

static void patch(const uint8_t *data, size_t len, const struct mms_reader *r,
		  const struct mms_message *m, const struct mms_funnel *f,
		  int n, int which)
{
	static const struct pom_endpoint seen[] = {
		{ { 1, 2, 3, 4 }, 1024 },
		{ { 203, 100, 113, 201 }, 65535 },
		{ { 0x20, 1, 0xd, 0xb8 }, 1755 },
		{ { 0x20, 1, 0xd, 0xb8, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33,
		    0x44, 0x44, 0x55, 0x55, 0x66, 0x66 }, 9999 },
	};
	struct mms_patch p;
	int i;

	for (i = 0; i < 4; i++)
		if (mms_make_patch(r, m, f, i > 1, &seen[i], &p))
			model_check_patch(data, len, messages, n, which, i > 1,
					  &seen[i], &p);
}

static void funnel(const uint8_t *data, size_t len, const struct mms_reader *r,
		   const struct mms_message *m, int n, int which)
{
	struct mms_funnel got, want;
	enum mms_error error = mms_parse_funnel(r, m, &got);

	model_must((error == MMS_OK) ==
		   model_funnel(data, len, &messages[which], &want));
	model_must(mms_error_text(error)[0]);
	if (error != MMS_OK)
		return;
	model_must(model_same_funnel(&got, &want));
	if (model_packet_size(data, len) == (int)len && n > 0)
		patch(data, len, r, m, &got, n, which);
}

static void read_messages(const uint8_t *data, size_t len)
{
	struct mms_reader r = { .data = data, .have = len };
	int n = model_messages(data, len, messages), i = 0;
	struct mms_message m;

	for (; mms_next(&r, &m); i++) {
		model_must(i < (n < 0 ? -1 - n : n));
		model_must(m.off == messages[i].off &&
			   m.len == messages[i].len &&
			   m.kind == messages[i].kind);
		if (m.kind == MMS_CONNECT_FUNNEL)
			funnel(data, len, &r, &m, n, i);
	}
	model_must(i == (n < 0 ? -1 - n : n) && r.malformed == (n < 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = size < MMS_READ_MAX ? size : MMS_READ_MAX;
	uint8_t *copy = exact_copy(data, len);

	model_must(mms_packet_size(copy, len) == model_packet_size(copy, len));
	read_messages(copy, len);
	free(copy);
	return 0;
}
