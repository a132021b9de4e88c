/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether segments of a TCP connection overlap with different bytes.
 *
 * One direction keeps its newest STRING_OVERLAP_KEEP bytes, and which of them
 * have arrived. So a copy is compared byte by byte, however it is cut, and
 * behind any number of gaps. Bytes that the receiver has acknowledged are not
 * compared: it has chosen. Bytes in flight that are further back than the kept
 * ones cannot be compared.
 *
 * A bound in bytes, not in segments with a checksum each: a sender could cut
 * the second copy at different places, and no checksum would cover it. The
 * cost is a copy of each segment, and about ten instructions for each byte
 * that overlaps, at most STRING_OVERLAP_KEEP bytes of each piece.
 *
 * Plain C: the module, the unit tests and the fuzzer share this file.
 */
#ifndef POM_STRING_OVERLAP_H
#define POM_STRING_OVERLAP_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* A multiple of 8. Two directions and a struct string_flow take 8 KiB. */
#define STRING_OVERLAP_KEEP	3512U

/**
 * struct string_overlap - one direction of a connection; all 0 at its beginning
 * @start: sequence number of its first byte
 * @next: the one behind its newest byte
 * @at: the index of @next in @bytes
 * @started: @start and @next are valid
 * @known: bit by index: this byte has arrived
 * @bytes: the newest ones; the byte before @next is at @at - 1, or at the end
 */
struct string_overlap {
	uint32_t start;
	uint32_t next;
	uint16_t at;
	uint8_t started;
	uint8_t known[STRING_OVERLAP_KEEP / 8];
	uint8_t bytes[STRING_OVERLAP_KEEP];
};

/* The result of a comparison. */
enum string_overlap_result {
	STRING_OVERLAP_EQUAL,	/* or nothing overlaps */
	STRING_OVERLAP_UNKNOWN,	/* bytes in flight are no longer kept */
	STRING_OVERLAP_DIFFERS,
};

/**
 * string_overlap_begin() - a SYN arrives
 * @o: its direction
 * @seq: sequence number of the first byte
 * @end: the one behind the bytes of the SYN
 *
 * A retransmitted SYN changes nothing, nor does one that ends where the bytes
 * end that have arrived: conntrack cannot tell it from one of the connection.
 *
 * Return: whether it replaces another beginning
 */
bool string_overlap_begin(struct string_overlap *o, uint32_t seq, uint32_t end);

/**
 * string_overlap_add() - compare a piece of a segment, and keep what is new
 * @o: its direction
 * @seq: the sequence number of its first byte
 * @data: the piece
 * @len: bytes of it, under 2^30
 * @acked: bytes before this sequence number are not compared; that of the
 *	segment if the receiver has acknowledged none
 *
 * Of two different copies the first one is kept.
 *
 * Return: the highest result that applies
 */
enum string_overlap_result string_overlap_add(struct string_overlap *o,
					      uint32_t seq,
					      const uint8_t *data, uint32_t len,
					      uint32_t acked);

#endif
