/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The match connmark and the target CONNMARK.
 *
 * Revisions 1 and 2 of the target and 1 of the match are the kernel's. The
 * others are of this project. All values are in host byte order.
 *
 * iptables-nft compares two rules by their first bytes, as many as the kernel's
 * revision 1 has. The other revisions have a hash of what follows there.
 */
#ifndef _XT_CONNMARK_H
#define _XT_CONNMARK_H

#include <linux/types.h>

/* What the target does; the last four in revision 3 only. */
enum {
	XT_CONNMARK_SET = 0,
	XT_CONNMARK_SAVE,
	XT_CONNMARK_RESTORE,
	XT_CONNMARK_ADD,
	XT_CONNMARK_SUB,
	XT_CONNMARK_RANDOM,
	XT_CONNMARK_HASH,
};

enum {
	D_SHIFT_LEFT = 0,
	D_SHIFT_RIGHT,
};

/* Flags of revision 3 of the target. */
enum {
	XT_CONNMARK_ONCE = 1 << 0,
	XT_CONNMARK_HASH_SRC = 1 << 1,
	XT_CONNMARK_HASH_DST = 1 << 2,
	XT_CONNMARK_HASH_SPORT = 1 << 3,
	XT_CONNMARK_HASH_DPORT = 1 << 4,
	XT_CONNMARK_HASH_IIF = 1 << 5,
	XT_CONNMARK_HASH_ANY = XT_CONNMARK_HASH_SRC | XT_CONNMARK_HASH_DST |
			       XT_CONNMARK_HASH_SPORT | XT_CONNMARK_HASH_DPORT |
			       XT_CONNMARK_HASH_IIF,
};

/* Flags of revisions 2 and 3 of the match. */
enum {
	XT_CONNMARK_INVERT = 1 << 0,
	XT_CONNMARK_NFMARK = 1 << 1,
};

/* Most ranges of one match. */
#define XT_CONNMARK_RANGES	16

/**
 * struct xt_connmark_tginfo1 - target, revision 1
 * @ctmark: bits for XT_CONNMARK_SET
 * @ctmask: bits of the connection's mark that change or are read
 * @nfmask: bits of the packet's mark that are read or change
 * @mode: XT_CONNMARK_SET, _SAVE or _RESTORE
 */
struct xt_connmark_tginfo1 {
	__u32 ctmark, ctmask, nfmask;
	__u8 mode;
};

/**
 * struct xt_connmark_tginfo2 - target, revision 2
 * @ctmark: as in revision 1, and so on
 * @shift_dir: D_SHIFT_LEFT or D_SHIFT_RIGHT
 * @shift_bits: 0 to 31
 */
struct xt_connmark_tginfo2 {
	__u32 ctmark, ctmask, nfmask;
	__u8 shift_dir, shift_bits, mode;
};

/**
 * struct xt_connmark_tginfo3 - target, revision 3
 * @ctmark: as in revision 2; for the new modes a number, or the lowest one
 * @ctmask: for the new modes one run of bits, the field that a number is
 *	written to: bit 0 of the number is its lowest bit
 * @nfmask: for XT_CONNMARK_RANDOM and _HASH the highest number, which fits
 *	into the field
 * @shift_dir: as in revision 2, 0 for the new modes
 * @shift_bits: as in revision 2, 0 for the new modes
 * @mode: any of XT_CONNMARK_*
 * @flags: XT_CONNMARK_ONCE: only where the bits of @ctmask are zero.
 *	XT_CONNMARK_HASH_*: what the hash is made from.
 */
struct xt_connmark_tginfo3 {
	__u32 ctmark, ctmask, nfmask;
	__u8 shift_dir, shift_bits, mode;
	__u8 flags;
};

/**
 * struct xt_connmark_mtinfo1 - match, revision 1
 * @mark: what the bits of @mask are
 * @mask: the bits that are compared
 * @invert: 1 to match every other mark
 */
struct xt_connmark_mtinfo1 {
	__u32 mark, mask;
	__u8 invert;
};

/**
 * struct xt_connmark_range - marks
 * @min: lowest value of the bits of @mask
 * @max: highest value
 * @mask: the bits that are compared
 */
struct xt_connmark_range {
	__u32 min, max, mask;
};

/**
 * struct xt_connmark_mtinfo2 - match, revision 2: one of several ranges
 * @count: of @range, 1 to XT_CONNMARK_RANGES
 * @flags: XT_CONNMARK_INVERT
 * @pad: 0
 * @sum: a hash of @range, for userspace; the kernel ignores it
 * @range: the rest is 0
 */
struct xt_connmark_mtinfo2 {
	__u8 count;
	__u8 flags;
	__u16 pad;
	__u32 sum;
	struct xt_connmark_range range[XT_CONNMARK_RANGES];
};

/**
 * struct xt_connmark_mtinfo3 - match, revision 3: a range, or the packet's mark
 * @flags: XT_CONNMARK_INVERT, XT_CONNMARK_NFMARK
 * @pad: 0
 * @sum: a hash of @range, for userspace; the kernel ignores it
 * @range: with XT_CONNMARK_NFMARK, the bits of @range.mask are those of the
 *	packet's mark, and the rest is 0
 */
struct xt_connmark_mtinfo3 {
	__u8 flags;
	__u8 pad;
	__u16 sum;
	struct xt_connmark_range range;
};

#endif /* _XT_CONNMARK_H */
