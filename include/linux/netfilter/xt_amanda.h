/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_AMANDA_H
#define _XT_AMANDA_H

#include <linux/types.h>

/* Types of packets, as bits. */
enum {
	XT_AMANDA_REQ		= 1 << 0,
	XT_AMANDA_REP		= 1 << 1,
	XT_AMANDA_PREP		= 1 << 2,
	XT_AMANDA_ACK		= 1 << 3,
	XT_AMANDA_NAK		= 1 << 4,
	XT_AMANDA_PACKETS	= (1 << 5) - 1,
};

/* Services that a request asks for, as bits. */
enum {
	XT_AMANDA_NOOP		= 1 << 0,
	XT_AMANDA_SENDSIZE	= 1 << 1,
	XT_AMANDA_SENDBACKUP	= 1 << 2,
	XT_AMANDA_SELFCHECK	= 1 << 3,
	XT_AMANDA_AMINDEXD	= 1 << 4,
	XT_AMANDA_AMIDXTAPED	= 1 << 5,
	XT_AMANDA_AMDUMPD	= 1 << 6,
	XT_AMANDA_SENDDISCOVER	= 1 << 7,
	XT_AMANDA_RESTORE	= 1 << 8,
	XT_AMANDA_AMBACKUPD	= 1 << 9,
	XT_AMANDA_SERVICES	= (1 << 10) - 1,
};

/* What a rule asks about: the bits of tests and invert. */
enum {
	XT_AMANDA_PACKET	= 1 << 0,
	XT_AMANDA_SERVICE	= 1 << 1,
	XT_AMANDA_TESTS		= XT_AMANDA_PACKET | XT_AMANDA_SERVICE,
};

/**
 * struct xt_amanda_mtinfo - match data of amanda, revision 0
 * @services: with XT_AMANDA_SERVICE: bits of services
 * @packets: with XT_AMANDA_PACKET: bits of types
 * @tests: what is asked; without any, whether the packet is Amanda's at all
 * @invert: of @tests, those that must not hold
 * @reserved: 0
 *
 * What is not asked about is 0. A rule that no packet can satisfy, because it
 * asks for a service and excludes requests, or excludes all types, is refused.
 */
struct xt_amanda_mtinfo {
	__u16 services;
	__u8 packets;
	__u8 tests;
	__u8 invert;
	__u8 reserved[3];
};

#endif /* _XT_AMANDA_H */
