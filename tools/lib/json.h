/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON as all programs write it. */
#ifndef POM_TOOLS_JSON_H
#define POM_TOOLS_JSON_H

/*
 * Prints a string to stdout, in quotes. A byte that is not part of UTF-8
 * becomes the character with its number.
 */
void json_string(const char *string);

#endif
