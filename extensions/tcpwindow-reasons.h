/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of reasons of the match tcpwindow. */
#ifndef POM_TCPWINDOW_REASONS_H
#define POM_TCPWINDOW_REASONS_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_tcpwindow.h>

/* Groups come first: a list that has all of a group is printed with it. */
static const struct {
	const char *name;
	uint32_t bits;
} reason_names[] = {
	{"window", XT_TCPWINDOW_WINDOW},
	{"malformed", XT_TCPWINDOW_MALFORMED},
	{"seq-over", 1U << XT_TCPWINDOW_SEQ_OVER},
	{"ack-over", 1U << XT_TCPWINDOW_ACK_OVER},
	{"seq-under", 1U << XT_TCPWINDOW_SEQ_UNDER},
	{"ack-under", 1U << XT_TCPWINDOW_ACK_UNDER},
	{"rst", 1U << XT_TCPWINDOW_RST},
	{"state", 1U << XT_TCPWINDOW_STATE},
	{"flags", 1U << XT_TCPWINDOW_FLAGS},
	{"checksum", 1U << XT_TCPWINDOW_CHECKSUM},
	{"truncated", 1U << XT_TCPWINDOW_TRUNCATED},
	{"no-connection", 1U << XT_TCPWINDOW_NO_CONNECTION},
	{"unknown", 1U << XT_TCPWINDOW_UNKNOWN},
};

#define REASON_NAMES (sizeof(reason_names) / sizeof(*reason_names))

/* The bits of a name of @len bytes; 0 for one that does not exist. */
static inline uint32_t reason_bits(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < REASON_NAMES; i++)
		if (strlen(reason_names[i].name) == len &&
		    !strncmp(reason_names[i].name, name, len))
			return reason_names[i].bits;
	return 0;
}

/*
 * The reasons of a list, all of which @allowed has. Exits with a message that
 * begins with @option otherwise, and where one is in the list twice.
 */
static inline uint32_t parse_reasons(const char *list, uint32_t allowed,
				     const char *option)
{
	uint32_t all = 0, bits;
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		bits = reason_bits(list, len);
		if (!bits || bits & ~allowed)
			xtables_error(PARAMETER_PROBLEM,
				      "%s does not know \"%.*s\"", option,
				      (int)len, list);
		if (all & bits)
			xtables_error(PARAMETER_PROBLEM,
				      "%s has \"%.*s\" twice", option,
				      (int)len, list);
		all |= bits;
		if (!list[len])
			return all;
	}
}

static inline void print_reasons(uint32_t bits)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < REASON_NAMES; i++) {
		if ((bits & reason_names[i].bits) != reason_names[i].bits)
			continue;
		printf("%s%s", comma, reason_names[i].name);
		bits &= ~reason_names[i].bits;
		comma = ",";
	}
}

#endif /* POM_TCPWINDOW_REASONS_H */
