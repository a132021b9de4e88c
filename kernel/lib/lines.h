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

/* Whether one of eight bytes is @byte: one that is 0 after the XOR borrows. */
static inline bool pom_word_has(uint64_t word, uint8_t byte)
{
	static const uint64_t ones = 0x0101010101010101;

	word ^= ones * byte;
	return (word - ones) & ~word & ones << 7;
}

/* Bytes up to and with the first LF, or 0 where there is none. */
static inline size_t pom_line_end(const uint8_t *data, size_t len)
{
	uint64_t word;
	size_t i = 0;

	for (; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		if (pom_word_has(word, '\n'))
			break;
	}
	for (; i < len; i++)
		if (data[i] == '\n')
			return i + 1;
	return 0;
}

/* Whether one of the bytes is @byte. */
static inline bool pom_bytes_have(const uint8_t *data, size_t len, uint8_t byte)
{
	uint64_t word;
	size_t i = 0;

	for (; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		if (pom_word_has(word, byte))
			return true;
	}
	for (; i < len; i++)
		if (data[i] == byte)
			return true;
	return false;
}

/* Bytes up to and with the last LF, or 0 where there is none; mostly all. */
static inline size_t pom_last_line_end(const uint8_t *data, size_t len)
{
	uint64_t word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, data + len - sizeof(word), sizeof(word));
		if (pom_word_has(word, '\n'))
			break;
	}
	while (len && data[len - 1] != '\n')
		len--;
	return len;
}

/* The same, but 0 also where one of these bytes is @byte. */
static inline size_t pom_lines_without(const uint8_t *data, size_t len,
				       uint8_t byte)
{
	size_t end = pom_last_line_end(data, len);

	return pom_bytes_have(data, end, byte) ? 0 : end;
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
