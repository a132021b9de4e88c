// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the addresses of messages of H.323, for compare-tshark. Each line of
 * standard input is PROTOCOL (ras, call, control) and the PER part of a message
 * in hexadecimal digits. Each line of the output is the result of per_next()
 * after the last fact, and the addresses as ADDRESS:PORT.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h323/h225_types.h"
#include "h323/h245_types.h"

#define LINE_MAX_LEN	(2 * PER_MESSAGE_MAX + 16)

static const struct per_field *root(const char *protocol)
{
	if (strcmp(protocol, "ras") == 0)
		return &h225_ras_message;
	return strcmp(protocol, "call") == 0 ? &h225_user_information :
					       &h245_message;
}

static void print_addresses(const struct per_field *type, const uint8_t *data,
			    size_t len)
{
	static char text[1 << 20];
	struct per_reader p;
	struct per_fact fact;
	enum per_result ret;
	size_t n = 0;
	unsigned int i;

	per_begin(&p, type, data, len, len);
	while ((ret = per_next(&p, &fact)) == PER_FACT) {
		if (!fact.len || n + 64 > sizeof(text))
			continue;
		text[n++] = ' ';
		for (i = 0; i < fact.len; i++)
			n += (size_t)sprintf(text + n, "%02x",
					     data[fact.off + i]);
		n += (size_t)sprintf(text + n, ":%u", fact.port);
	}
	text[n] = '\0';
	printf("%d%s\n", ret, text);
}

int main(void)
{
	static char line[LINE_MAX_LEN];
	static uint8_t data[PER_MESSAGE_MAX];
	char protocol[8];
	unsigned int byte;
	const char *hex;
	size_t len;
	int at;

	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%7s %n", protocol, &at) != 1)
			return EXIT_FAILURE;
		hex = line + at;
		for (len = 0; len < sizeof(data) &&
		     sscanf(hex, "%2x", &byte) == 1; hex += 2)
			data[len++] = (uint8_t)byte;
		print_addresses(root(protocol), data, len);
	}
	return EXIT_SUCCESS;
}
