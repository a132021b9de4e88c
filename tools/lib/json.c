// SPDX-License-Identifier: GPL-2.0-only
/* JSON as all programs write it. */
#include <stdio.h>

#include "json.h"

/* The length of the UTF-8 character at @text; 0 if it is none. */
static size_t utf8_len(const unsigned char *text)
{
	/* The least that the second byte may be, and one more than the most. */
	unsigned char least = text[0] == 0xe0 ? 0xa0 :
			      text[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char end = text[0] == 0xed ? 0xa0 :
			    text[0] == 0xf4 ? 0x90 : 0xc0;
	size_t i, len = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 :
			text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 :
			text[0] < 0xf5 ? 4 : 0;

	if (len > 1 && (text[1] < least || text[1] >= end))
		return 0;
	for (i = 2; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

void json_string(const char *string)
{
	const unsigned char *text = (const unsigned char *)string;
	size_t len;

	putchar('"');
	for (; *text; text += len) {
		len = utf8_len(text);
		if (!len || *text < ' ' || *text == '\\' || *text == '"') {
			len = 1;
			printf("\\u%04x", *text);
		} else {
			fwrite(text, 1, len, stdout);
		}
	}
	putchar('"');
}
