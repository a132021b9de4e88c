// SPDX-License-Identifier: GPL-2.0-only
/* The language of /proc/net/nf_autohelper, see parser.h. */

#include "autohelper/parser.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

struct text {
	const char *at;
	size_t left;
};

static bool take(struct text *t, const char *word)
{
	size_t len = strlen(word);

	if (t->left < len || memcmp(t->at, word, len))
		return false;
	t->at += len;
	t->left -= len;
	return true;
}

static const char *take_port(struct text *t, uint16_t *port)
{
	static const char wrong[] =
		"a port is a decimal number from 1 to 65535 without leading zeros";
	uint32_t value = 0;
	size_t digits = 0;

	while (digits < t->left && t->at[digits] >= '0' &&
	       t->at[digits] <= '9') {
		value = value * 10 + (uint32_t)(t->at[digits] - '0');
		if (!value || value > 65535)
			return wrong;
		digits++;
	}
	if (!digits)
		return wrong;
	t->at += digits;
	t->left -= digits;
	*port = (uint16_t)value;
	return NULL;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

static const char *take_helper(struct text *t, char *helper)
{
	size_t i;

	if (!take(t, "="))
		return "after the port comes = and the name of a helper";
	if (!t->left)
		return "the name of the helper is missing";
	if (t->left >= AUTOHELPER_NAME_LEN)
		return "the name of a helper has at most 15 letters";
	for (i = 0; i < t->left; i++) {
		if (!is_name_byte(t->at[i]))
			return "the name of a helper has letters, digits, - _ and . only";
		helper[i] = t->at[i];
	}
	return NULL;
}

const char *autohelper_parse(const char *text, size_t len,
			     struct autohelper_cmd *cmd)
{
	struct autohelper_cmd o = { .verb = AUTOHELPER_SET };
	struct text t = { .at = text, .left = len };
	const char *wrong;

	if (!len)
		return "the line is empty";
	if (take(&t, "+"))
		o.verb = AUTOHELPER_ADD;
	else if (take(&t, "-"))
		o.verb = AUTOHELPER_DEL;

	if (take(&t, "tcp:"))
		o.l4proto = 6;
	else if (take(&t, "udp:"))
		o.l4proto = 17;
	else
		return "it starts with tcp: or udp:, after an optional + or -";

	wrong = take_port(&t, &o.port);
	if (wrong)
		return wrong;
	if (o.verb != AUTOHELPER_DEL)
		wrong = take_helper(&t, o.helper);
	else if (t.left)
		wrong = "nothing comes after the port that is detached";
	if (wrong)
		return wrong;
	*cmd = o;
	return NULL;
}
