/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The string match: searches packets and connections for bytes.
 *
 * Revisions 0 and 1 are those of the kernel's own xt_string, so that any
 * libxt_string.so works with this module; names and layouts are the same as in
 * the kernel's header of this name, which this one replaces.
 */
#ifndef _XT_STRING_H
#define _XT_STRING_H

#include <linux/types.h>

#define XT_STRING_MAX_PATTERN_SIZE	128
#define XT_STRING_MAX_ALGO_NAME_SIZE	16

enum {
	XT_STRING_FLAG_INVERT		= 0x01,
	XT_STRING_FLAG_IGNORECASE	= 0x02
};

/*
 * Revisions 0 and 1: one string, offsets from the network header.
 *
 * @from_offset: where the search begins
 * @to_offset:   where it ends, 65535 for the packet's end; the whole string
 *               must be before that
 * @algo:        "bm" or "kmp", without effect
 * @pattern:     the string, any bytes
 * @patlen:      how many, at least 1
 * @u:           revision 0: invert is 0 or 1; revision 1: XT_STRING_FLAG_*
 */
struct xt_string_info {
	__u16 from_offset;
	__u16 to_offset;
	char algo[XT_STRING_MAX_ALGO_NAME_SIZE];
	char pattern[XT_STRING_MAX_PATTERN_SIZE];
	__u8 patlen;
	union {
		struct {
			__u8 invert;
		} v0;
		struct {
			__u8 flags;
		} v1;
	} u;

	/* Used internally by the kernel */
	struct ts_config *config __attribute__((aligned(8)));
};

/* Longest string of revision 2, and of a pattern set, in bytes. */
#define XT_STRING_LEN_MAX	4096

/* Size of a pattern set's name, including the terminating NUL. */
#define XT_STRING_SET_NAME_LEN	32

/* xt_string_mtinfo_v2.to: the packet's end */
#define XT_STRING_TO_END	(~(__u32)0)

enum xt_string_flags {
	/* Match if nothing is found. */
	XT_STRING_INVERT	= 1 << 0,
	/* Letters A to Z are the same as a to z. */
	XT_STRING_ICASE		= 1 << 1,
	/* At @from only; with STREAM, at the beginning of the connection. */
	XT_STRING_PREFIX	= 1 << 2,
	/* @pattern is the name of a pattern set. */
	XT_STRING_SET		= 1 << 3,
	/* A packet with a pattern of the set gets the pattern's mark. */
	XT_STRING_MARK		= 1 << 4,
	/* Across the segments of a TCP connection. */
	XT_STRING_STREAM	= 1 << 5,
	/* The value of --algo, without effect. */
	XT_STRING_BM		= 1 << 6,
	XT_STRING_KMP		= 1 << 7,

	XT_STRING_FLAGS		= (1 << 8) - 1,
};

enum xt_string_more_flags {
	/* Connections whose receiver may read bytes that are not searched. */
	XT_STRING_AMBIGUOUS	= 1 << 0,
	XT_STRING_MORE_FLAGS	= (1 << 1) - 1,
};

/* The origin of offsets. */
enum xt_string_base {
	XT_STRING_BASE_NETWORK,		/* the IP header */
	XT_STRING_BASE_TRANSPORT,	/* after the IP header and extensions */
	XT_STRING_BASE_PAYLOAD,		/* after the transport header */
	XT_STRING_BASE_COUNT,
};

/*
 * Revision 2.
 *
 * @from, @to:  where the search begins and ends, in bytes from @base; the whole
 *              string must be between them. @to is over @from, or
 *              XT_STRING_TO_END.
 * @mark_mask:  with XT_STRING_MARK: bits of the packet's mark that are replaced
 *              by those of the pattern's. With a string of over
 *              XT_STRING_SHORT_MAX bytes: a hash of it, for userspace; the
 *              kernel ignores it. Else 0.
 * @len:        bytes of the string; 0 with XT_STRING_SET
 * @base:       of enum xt_string_base. With XT_STRING_STREAM it is
 *              XT_STRING_BASE_PAYLOAD, @from is 0 and @to is XT_STRING_TO_END.
 * @flags:      of enum xt_string_flags. XT_STRING_SET excludes
 *              XT_STRING_ICASE and XT_STRING_PREFIX, which each pattern has of
 *              its own; XT_STRING_MARK requires it.
 * @pattern:    the string, or the set's name, NUL-terminated, a file name; what
 *              is not used is 0
 */
struct xt_string_mtinfo_v2 {
	__u32 from;
	__u32 to;
	__u32 mark_mask;
	__u16 len;
	__u8 base;
	__u8 flags;
	__u8 pattern[XT_STRING_LEN_MAX];

	/* Used internally by the kernel */
	void *rule __attribute__((aligned(8)));
};

/* Longest string of revision 3. */
#define XT_STRING_SHORT_MAX	128

/*
 * Revision 3: the same for strings of up to XT_STRING_SHORT_MAX bytes, in the
 * size of revisions 0 and 1. Everything up to @pattern is as in revision 2.
 *
 * @more_flags: of enum xt_string_more_flags. With XT_STRING_AMBIGUOUS, @flags
 *              are XT_STRING_STREAM, with or without XT_STRING_INVERT, @len is
 *              0, and @pattern is empty.
 * @reserved:   0
 */
struct xt_string_mtinfo_v3 {
	__u32 from;
	__u32 to;
	__u32 mark_mask;
	__u16 len;
	__u8 base;
	__u8 flags;
	__u8 pattern[XT_STRING_SHORT_MAX];
	__u8 more_flags;
	__u8 reserved[7];

	/* Used internally by the kernel */
	void *rule __attribute__((aligned(8)));
};

#endif /* _XT_STRING_H */
