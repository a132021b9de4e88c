/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The recent match: lists of addresses, and when each was seen.
 *
 * Revisions 0 and 1 have the layout of the kernel's own xt_recent, so that
 * the libxt_recent.so of distributions works with this module. Revision 2
 * adds what a rule can say about its list.
 *
 * A list belongs to a network namespace. The first rule that names it creates
 * it, empty; the last such rule removes it. IPv4 and IPv6 rules
 * share one set of names, and one list holds both kinds of addresses.
 */
#ifndef _XT_RECENT_H
#define _XT_RECENT_H 1

#include <linux/types.h>
#include <linux/netfilter.h>

enum {
	XT_RECENT_CHECK		= 1 << 0,
	XT_RECENT_SET		= 1 << 1,
	XT_RECENT_UPDATE	= 1 << 2,
	XT_RECENT_REMOVE	= 1 << 3,
	XT_RECENT_TTL		= 1 << 4,
	XT_RECENT_REAP		= 1 << 5,

	XT_RECENT_SOURCE	= 0,
	XT_RECENT_DEST		= 1,

	/* Size of a list's name, including the terminating NUL. */
	XT_RECENT_NAME_LEN	= 200,
};

/* What the rule does: exactly one of them. */
#define XT_RECENT_VERBS	(XT_RECENT_CHECK | XT_RECENT_SET | \
			 XT_RECENT_UPDATE | XT_RECENT_REMOVE)
/* Only with XT_RECENT_CHECK and XT_RECENT_UPDATE. */
#define XT_RECENT_MODIFIERS	(XT_RECENT_TTL | XT_RECENT_REAP)
#define XT_RECENT_VALID_FLAGS	(XT_RECENT_VERBS | XT_RECENT_MODIFIERS)

/* Limits of a list. */
#define XT_RECENT_MAX_SIZE	10000000
#define XT_RECENT_MAX_STAMPS	65535

/*
 * Revision 0.
 *
 * @seconds:   only times of the last so many seconds count; 0: all do
 * @hit_count: how many of them there must be, up to XT_RECENT_MAX_STAMPS; 0: 1
 * @check_set: of XT_RECENT_VALID_FLAGS
 * @invert:    1 to invert the match, else 0
 * @name:      the list, NUL-terminated
 * @side:      XT_RECENT_SOURCE or XT_RECENT_DEST
 */
struct xt_recent_mtinfo {
	__u32 seconds;
	__u32 hit_count;
	__u8 check_set;
	__u8 invert;
	char name[XT_RECENT_NAME_LEN];
	__u8 side;
};

/*
 * Revision 1.
 *
 * @mask: the bits of an address that count, in network byte order. A list
 *        has one mask for each family, that of its first rule of that family.
 */
struct xt_recent_mtinfo_v1 {
	__u32 seconds;
	__u32 hit_count;
	__u8 check_set;
	__u8 invert;
	char name[XT_RECENT_NAME_LEN];
	__u8 side;
	union nf_inet_addr mask;
};

/* What happens to a new address when the list is full. */
enum xt_recent_full {
	XT_RECENT_FULL_UNSET,	/* as another rule says, or else as EVICT */
	XT_RECENT_FULL_EVICT,	/* the address unseen for longest is removed */
	XT_RECENT_FULL_REFUSE,	/* it is not added */
	XT_RECENT_FULL_MAX = XT_RECENT_FULL_REFUSE,
};

/*
 * Revision 2. What it says about the list is true from the moment the rule is
 * loaded until another rule, or netlink, says otherwise.
 *
 * @list_size:    the most addresses, 1 to XT_RECENT_MAX_SIZE; 0: unsaid
 * @list_stamps:  the most times of one address, 1 to XT_RECENT_MAX_STAMPS; a
 *                larger hit_count of a rule raises it; 0: unsaid
 * @list_timeout: how many seconds after it was last seen an address is
 *                forgotten; 0: unsaid
 * @list_full:    of enum xt_recent_full
 * @reserved:     zero
 */
struct xt_recent_mtinfo_v2 {
	__u32 seconds;
	__u32 hit_count;
	__u8 check_set;
	__u8 invert;
	__u8 side;
	__u8 list_full;
	char name[XT_RECENT_NAME_LEN];
	union nf_inet_addr mask;
	__u32 list_size;
	__u32 list_stamps;
	__u32 list_timeout;
	__u32 reserved;

	/* Used internally by the kernel */
	void *list __attribute__((aligned(8)));
};

/*
 * Generic netlink. Requests, and joining the group, need CAP_NET_ADMIN in
 * the user namespace that owns the network namespace; they are about the
 * lists of the network namespace of the socket.
 */
#define XT_RECENT_GENL_NAME	"xt_recent"
#define XT_RECENT_GENL_VERSION	1

/* Multicast group: events of the addresses of all lists. */
#define XT_RECENT_GENL_EVENTS	"events"

/* How many times of an address a message has at most: the newest ones. */
#define XT_RECENT_GENL_AGES	256

/*
 * LISTS: a dump of all lists; answers are messages of type LISTS with NAME,
 *        COUNT, SIZE, STAMPS, TIMEOUT, FULL, MEMORY and the counters.
 * SET:   changes SIZE, STAMPS, TIMEOUT and FULL of the list NAME, as present.
 * GET:   a dump of the list NAME; answers are messages of type GET with NAME,
 *        ADDR, TTL, HITS and AGES. With ADDR in the request it begins behind
 *        that address, so that a dump that broke off can be resumed. Where
 *        a new list takes the name meanwhile, the dump ends, and its last
 *        message has NLM_F_DUMP_INTR.
 * ADD:   puts ADDR into the list NAME, or notes that it was seen now. With
 *        AGES, it was seen at those times and no others; with TTL, the last
 *        time with that one.
 * DEL:   removes ADDR from the list NAME. With a PREFIX that is shorter than
 *        the address, it removes all addresses whose first PREFIX bits equal
 *        those of ADDR. Bits that the list's mask clears are not compared.
 * FLUSH: empties the list NAME.
 *
 * Requests fail with ENOENT where no rule uses a list of that name, DEL of a
 * single address also if it is not there; ADD with ENOSPC where the list is
 * full and refuses; with ENOMEM.
 *
 * Events: ADD, an address is new; SEE, it was seen again; DEL, it was removed,
 * for any reason. ADD and SEE have NAME, ADDR, TTL, HITS and AGES, of which SEE
 * has only the newest; DEL has NAME and ADDR. There is no event for a list that
 * is removed with its last rule. A listener may miss the events of 10 ms after
 * it has joined, has read ENOBUFS, or its socket filter has refused an event;
 * who follows a list dumps it after that.
 */
enum xt_recent_cmd {
	XT_RECENT_CMD_UNSPEC,
	XT_RECENT_CMD_LISTS,
	XT_RECENT_CMD_SET,
	XT_RECENT_CMD_GET,
	XT_RECENT_CMD_ADD,
	XT_RECENT_CMD_SEE,
	XT_RECENT_CMD_DEL,
	XT_RECENT_CMD_FLUSH,
};

enum xt_recent_attr {
	XT_RECENT_A_UNSPEC,
	XT_RECENT_A_NAME,	/* NUL-terminated string */
	XT_RECENT_A_ADDR,	/* 4 or 16 bytes, network byte order */
	XT_RECENT_A_PREFIX,	/* __u8 */
	XT_RECENT_A_TTL,	/* __u8; 0: it was no packet */
	XT_RECENT_A_AGES,	/* __u64[], milliseconds ago, newest first */
	XT_RECENT_A_COUNT,	/* __u32, addresses in the list */
	XT_RECENT_A_SIZE,	/* __u32, as xt_recent_mtinfo_v2.list_size */
	XT_RECENT_A_STAMPS,	/* __u32, as .list_stamps */
	XT_RECENT_A_TIMEOUT,	/* __u32, as .list_timeout; 0: none */
	XT_RECENT_A_FULL,	/* __u8, as .list_full */
	XT_RECENT_A_MEMORY,	/* __u64, bytes */
	XT_RECENT_A_ADDED,	/* __u64, addresses that were new */
	XT_RECENT_A_EVICTED,	/* __u64, evicted for new ones */
	XT_RECENT_A_REFUSED,	/* __u64, refused because the list was full */
	XT_RECENT_A_NO_MEMORY,	/* __u64, refused for lack of memory */
	XT_RECENT_A_EXPIRED,	/* __u64, reaped, or past the timeout */
	XT_RECENT_A_PAD,
	XT_RECENT_A_HITS,	/* __u64, how often it was seen while listed */
	__XT_RECENT_A_MAX,
	XT_RECENT_A_MAX = __XT_RECENT_A_MAX - 1,
};

#endif /* _XT_RECENT_H */
