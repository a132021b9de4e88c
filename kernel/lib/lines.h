/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of a stream that comes in pieces: the segments of one direction of a
 * connection, and the pieces that a packet has in memory.
 *
 * Plain C: the modules and the unit test share this file.
 */
#ifndef POM_LIB_LINES_H
#define POM_LIB_LINES_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#endif

/* Longest line that is put together from pieces, LF included. */
#define POM_LINE_MAX	512

/**
 * struct pom_line - a line whose end has not come yet
 * @len: bytes at @bytes
 * @skip: bytes up to the next LF belong to a line that is not read
 * @bytes: the beginning of the line
 */
struct pom_line {
	uint16_t len;
	bool skip;
	uint8_t bytes[POM_LINE_MAX];
};

/* Bytes up to and with the first LF, or 0 where there is none. */
static inline size_t pom_line_end(const uint8_t *data, size_t len)
{
	static const uint64_t ones = 0x0101010101010101;
	uint64_t word;
	size_t i = 0;

	/* Eight at a time: a byte that is 0 after the XOR borrows. */
	for (; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		word ^= ones * '\n';
		if ((word - ones) & ~word & ones << 7)
			break;
	}
	for (; i < len; i++)
		if (data[i] == '\n')
			return i + 1;
	return 0;
}

/* Adds to the line; a line that becomes too long is not read. */
static inline void pom_line_add(struct pom_line *l, const uint8_t *data,
				size_t len)
{
	if (l->skip)
		return;
	if (len > sizeof(l->bytes) - l->len) {
		l->skip = true;
		l->len = 0;
		return;
	}
	memcpy(l->bytes + l->len, data, len);
	l->len = (uint16_t)(l->len + len);
}

/**
 * pom_line_cut() - take the bytes up to the end of a line from a piece
 * @l: what came before; all 0 at the beginning of a line
 * @data: the piece
 * @len: bytes at @data, 1 or more
 * @line: the line with its LF; NULL where it has not ended, or is not read
 * @line_len: bytes at @line
 *
 * @line is in @data or in @l, and stays valid until the next call.
 *
 * Return: bytes of @data that were taken, 1 or more.
 */
static inline size_t pom_line_cut(struct pom_line *l, const uint8_t *data,
				  size_t len, const uint8_t **line,
				  size_t *line_len)
{
	size_t n = pom_line_end(data, len);

	*line = NULL;
	if (!n) {
		pom_line_add(l, data, len);
		return len;
	}
	if (l->len) {
		pom_line_add(l, data, n);
		*line = l->bytes;
		*line_len = l->len;
	} else {
		*line = data;
		*line_len = n;
	}
	if (l->skip || *line_len > POM_LINE_MAX)
		*line = NULL;
	l->skip = false;
	l->len = 0;
	return n;
}

#endif /* POM_LIB_LINES_H */
