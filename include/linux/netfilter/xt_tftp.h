/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_TFTP_H
#define _XT_TFTP_H

#include <linux/types.h>

/* A file name pattern with its NUL. */
#define XT_TFTP_FILENAME_SIZE	128

/* Opcodes as bits: RFC 1350, RFC 2347. */
#define XT_TFTP_OP(opcode)	(1 << (opcode))
#define XT_TFTP_OP_REQUESTS	(XT_TFTP_OP(1) | XT_TFTP_OP(2))
#define XT_TFTP_OP_ALL		(XT_TFTP_OP_REQUESTS | XT_TFTP_OP(3) | \
				 XT_TFTP_OP(4) | XT_TFTP_OP(5) | XT_TFTP_OP(6))

/* Transfer modes as bits: RFC 1350. */
enum {
	XT_TFTP_MODE_NETASCII	= 1 << 1,
	XT_TFTP_MODE_OCTET	= 1 << 2,
	XT_TFTP_MODE_MAIL	= 1 << 3,
	XT_TFTP_MODE_ALL	= XT_TFTP_MODE_NETASCII | XT_TFTP_MODE_OCTET |
				  XT_TFTP_MODE_MAIL,
};

/* The tests of a rule: the bits of tests and invert. */
enum {
	XT_TFTP_OPCODE		= 1 << 0,
	XT_TFTP_FILENAME	= 1 << 1,
	XT_TFTP_MODE		= 1 << 2,
	XT_TFTP_TESTS		= XT_TFTP_OPCODE | XT_TFTP_FILENAME |
				  XT_TFTP_MODE,
};

/**
 * struct xt_tftp_mtinfo - -m tftp
 * @opcodes: with XT_TFTP_OPCODE: XT_TFTP_OP() bits
 * @modes: with XT_TFTP_MODE: XT_TFTP_MODE_x bits
 * @tests: the tests; without any, the rule matches every TFTP packet
 * @invert: those of @tests that must fail
 * @reserved: 0
 * @filename: with XT_TFTP_FILENAME: a pattern as in glob(7), NUL-terminated,
 *	not empty
 *
 * Members of tests that the rule does not have are 0. The module refuses a rule
 * that no packet can match: one that excludes all opcodes or all modes, or that
 * tests a file name or a mode and excludes all requests.
 */
struct xt_tftp_mtinfo {
	__u16 opcodes;
	__u8 modes;
	__u8 tests;
	__u8 invert;
	__u8 reserved;
	char filename[XT_TFTP_FILENAME_SIZE];
};

#endif
