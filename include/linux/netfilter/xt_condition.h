/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The condition match: rules match while a value that user space sets is 1.
 *
 * A condition is a named boolean of one network namespace. The first rule
 * that names it creates it, as 0; the last such rule removes it.
 * Its value is read and written in /proc/net/nf_condition/NAME, and over
 * generic netlink (below). IPv4 and IPv6 rules share one set of names.
 *
 * A name is a file name: 1 to 30 bytes, neither "." nor "..", and without
 * slashes, commas, white space and control characters.
 */
#ifndef _XT_CONDITION_H
#define _XT_CONDITION_H

#include <linux/types.h>

/* Size of a name, including the terminating NUL. */
#define XT_CONDITION_NAME_LEN	31

/* How many conditions one rule can test. */
#define XT_CONDITION_MAX	16

/*
 * Revision 1: one condition. The layout that xtables-addons uses, so that
 * its libxt_condition.so works with this kernel module and vice versa.
 *
 * @name:   the condition, NUL-terminated
 * @invert: 1 to match while the condition is 0, else 0
 */
struct xt_condition_mtinfo {
	char name[XT_CONDITION_NAME_LEN];
	__u8 invert;

	/* Used internally by the kernel */
	void *condvar __attribute__((aligned(8)));
};

enum xt_condition_flags {
	/* Match if any of the conditions is 1; without it, if all are. */
	XT_CONDITION_ANY	= 1 << 0,
	/* Invert the match. */
	XT_CONDITION_INVERT	= 1 << 1,

	XT_CONDITION_FLAGS	= XT_CONDITION_ANY | XT_CONDITION_INVERT,
};

/*
 * Revision 2: one or several conditions.
 *
 * @names:    the conditions, each NUL-terminated, none twice; unused ones
 *            are all zero
 * @count:    how many there are, 1 to XT_CONDITION_MAX
 * @flags:    of enum xt_condition_flags
 * @reserved: zero
 */
struct xt_condition_mtinfo_v2 {
	char names[XT_CONDITION_MAX][XT_CONDITION_NAME_LEN];
	__u8 count;
	__u8 flags;
	__u8 reserved[6];

	/* Used internally by the kernel */
	void *conditions __attribute__((aligned(8)));
};

/*
 * Generic netlink. Requests, and joining the group, need CAP_NET_ADMIN in
 * the user namespace that owns the network namespace; they see the
 * conditions of the network namespace of the socket.
 */
#define NF_CONDITION_GENL_NAME		"nf_condition"
#define NF_CONDITION_GENL_VERSION	1

/* Multicast group: events of conditions, in order. */
#define NF_CONDITION_GENL_EVENTS	"events"

/*
 * GET: the condition called NF_CONDITION_A_NAME, or with NLM_F_DUMP all of
 *      them, ordered by name. Answers are messages of type GET.
 *      -ENOENT if no rule uses that name.
 * SET: gives the condition NF_CONDITION_A_NAME the value NF_CONDITION_A_VALUE.
 *      -ENOENT as above.
 * NEW, CHANGE, DEL: events. The first rule of that name was added; the value
 *      changed (writing the same value is no change); the last rule of that
 *      name was removed.
 *
 * Answers and events hold both attributes. DEL has the last value.
 */
enum nf_condition_cmd {
	NF_CONDITION_CMD_UNSPEC,
	NF_CONDITION_CMD_GET,
	NF_CONDITION_CMD_SET,
	NF_CONDITION_CMD_NEW,
	NF_CONDITION_CMD_CHANGE,
	NF_CONDITION_CMD_DEL,
};

enum nf_condition_attr {
	NF_CONDITION_A_UNSPEC,
	NF_CONDITION_A_NAME,	/* NUL-terminated string */
	NF_CONDITION_A_VALUE,	/* __u8, 0 or 1 */
	__NF_CONDITION_A_MAX,
	NF_CONDITION_A_MAX = __NF_CONDITION_A_MAX - 1,
};

#endif /* _XT_CONDITION_H */
