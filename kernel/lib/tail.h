/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Announcements that are split over two TCP segments: a helper keeps the end
 * of a segment, and reads it together with the beginning of the next one.
 *
 * Plain C: the modules and the unit test share this file.
 */
#ifndef POM_LIB_TAIL_H
#define POM_LIB_TAIL_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#endif

/* Bytes that are kept of one direction of a connection. */
#define POM_TAIL_MAX	120

/**
 * struct pom_tail - the end of what one direction has sent
 * @seq: the sequence number that follows it
 * @len: bytes of it in @bytes; 0 where nothing is kept
 * @bytes: the end
 */
struct pom_tail {
	uint32_t seq;
	uint8_t len;
	uint8_t bytes[POM_TAIL_MAX];
};

/**
 * pom_tail_join() - the kept end and a segment that follows it, in one piece
 * @tail: of this direction
 * @seq: the segment's sequence number
 * @data: its payload
 * @len: bytes at @data
 * @buf: space for both
 * @size: bytes of space; POM_TAIL_MAX or more
 *
 * Uses the kept bytes only if @seq follows them exactly. Otherwise drops them,
 * but a retransmission of an earlier segment changes nothing.
 *
 * Return: kept bytes at the beginning of @buf; as much of the payload as fits
 * follows them. 0 if nothing was kept; @buf is then not written.
 */
static inline size_t pom_tail_join(struct pom_tail *tail, uint32_t seq,
				   const uint8_t *data, size_t len,
				   uint8_t *buf, size_t size)
{
	size_t kept = tail->len;

	if (!kept || (int32_t)(seq - tail->seq) < 0)
		return 0;
	tail->len = 0;
	if (seq != tail->seq)
		return 0;
	if (len > size - kept)
		len = size - kept;
	memcpy(buf, tail->bytes, kept);
	memcpy(buf + kept, data, len);
	return kept;
}

/**
 * pom_tail_keep() - keep the end of a segment
 * @tail: of this direction
 * @next: the sequence number that follows the segment
 * @data: the beginning of an announcement, up to the end of the segment
 * @len: bytes at @data
 *
 * Return: false if @len is 0 or over POM_TAIL_MAX; nothing is kept then.
 */
static inline bool pom_tail_keep(struct pom_tail *tail, uint32_t next,
				 const uint8_t *data, size_t len)
{
	tail->len = 0;
	if (!len || len > POM_TAIL_MAX)
		return false;
	memcpy(tail->bytes, data, len);
	tail->seq = next;
	tail->len = (uint8_t)len;
	return true;
}

#endif /* POM_LIB_TAIL_H */
