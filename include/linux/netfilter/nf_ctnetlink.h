/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Generic netlink of nf_ctnetlink: lists, counts and changes the connections
 * that a filter selects.
 *
 * A request is about the connections of the network namespace of its socket.
 * It needs CAP_NET_ADMIN in the user namespace that owns that namespace.
 *
 * All commands are dumps, also CHANGE: the kernel works while it is read, in
 * parts of bounded time, one message each. A message may have no RECORDS. The
 * last message has SEEN and the other counters. If the reader closes the
 * socket, the request ends where it is.
 */
#ifndef POM_NF_CTNETLINK_H
#define POM_NF_CTNETLINK_H 1

#include <linux/types.h>

#define NF_CTNETLINK_GENL_NAME		"nf_ctnetlink"
#define NF_CTNETLINK_GENL_VERSION	1

/*
 * LIST:   answers have RECORDS. A connection that exists during the whole dump
 *         is listed once, also if the table is resized meanwhile. One that
 *         begins or ends meanwhile may be missing.
 * COUNT:  the last answers have GROUPS, if the request has GROUP.
 * CHANGE: deletes connections, or sets their MARK, TIMEOUT or LABELS. The last
 *         message has CHANGED, the SKIPPED_ counters and FAILED.
 *
 * A request without TERMS selects all connections.
 */
enum nf_ctnetlink_cmd {
	NF_CTNETLINK_CMD_UNSPEC,
	NF_CTNETLINK_CMD_LIST,
	NF_CTNETLINK_CMD_COUNT,
	NF_CTNETLINK_CMD_CHANGE,
};

enum nf_ctnetlink_attr {
	NF_CTNETLINK_A_UNSPEC,
	NF_CTNETLINK_A_PAD,
	/* Requests. */
	NF_CTNETLINK_A_TERMS,		/* struct nf_ctnetlink_term[] */
	NF_CTNETLINK_A_BLOCKS,		/* __u32, LIST: NF_CTNETLINK_BLOCK_* */
	NF_CTNETLINK_A_GROUP,		/* __u8, COUNT: NF_CTNETLINK_GROUP_* */
	NF_CTNETLINK_A_GROUPS_MAX,	/* __u32, COUNT: the most groups */
	NF_CTNETLINK_A_DELETE,		/* flag, CHANGE: alone */
	NF_CTNETLINK_A_MARK,		/* __u32 */
	NF_CTNETLINK_A_MARK_MASK,	/* __u32, bits that change; else all */
	NF_CTNETLINK_A_TIMEOUT,		/* __u32, seconds from now on */
	NF_CTNETLINK_A_LABELS,		/* __u32[4] */
	NF_CTNETLINK_A_LABELS_MASK,	/* __u32[4], bits that change */
	/* Answers. */
	NF_CTNETLINK_A_RECORDS,		/* struct nf_ctnetlink_record, packed */
	NF_CTNETLINK_A_GROUPS,		/* struct nf_ctnetlink_group[] */
	NF_CTNETLINK_A_SEEN,		/* __u64, of this network namespace */
	NF_CTNETLINK_A_MATCHED,		/* __u64, that the filter selects */
	NF_CTNETLINK_A_NO_ACCT,		/* __u64, see NF_CTNETLINK_F_BYTES */
	NF_CTNETLINK_A_NO_TSTAMP,	/* __u64, see NF_CTNETLINK_F_AGE */
	NF_CTNETLINK_A_OTHERS,		/* __u64, in no group: GROUPS_MAX */
	NF_CTNETLINK_A_CHANGED,		/* __u64 */
	NF_CTNETLINK_A_SKIPPED_DYING,	/* __u64, deleted meanwhile */
	NF_CTNETLINK_A_SKIPPED_OFFLOAD,	/* __u64, a flow table has them */
	NF_CTNETLINK_A_SKIPPED_LABELS,	/* __u64, cannot have labels */
	NF_CTNETLINK_A_FAILED,		/* __u64 */
	__NF_CTNETLINK_A_MAX,
	NF_CTNETLINK_A_MAX = __NF_CTNETLINK_A_MAX - 1,
};

/* Limits of a request. */
#define NF_CTNETLINK_TERMS_MAX		64
#define NF_CTNETLINK_GROUPS_DEFAULT	65536
#define NF_CTNETLINK_GROUPS_MOST	1048576

/*
 * Fields that a term compares, and the member of its union that it uses. An
 * address and a port are those of the original direction, unless REPLY is in
 * the name. ANY is one of both directions, source or destination.
 *
 * A connection without what a term asks for is not selected. Without accounting
 * it is counted as NO_ACCT, without timestamp as NO_TSTAMP, if it is this alone
 * that decides.
 */
enum nf_ctnetlink_field {
	NF_CTNETLINK_F_UNSPEC,
	NF_CTNETLINK_F_FAMILY,		/* range: NFPROTO_* */
	NF_CTNETLINK_F_PROTO,		/* range */
	NF_CTNETLINK_F_SRC,		/* addr */
	NF_CTNETLINK_F_DST,		/* addr */
	NF_CTNETLINK_F_REPLY_SRC,	/* addr */
	NF_CTNETLINK_F_REPLY_DST,	/* addr */
	NF_CTNETLINK_F_ANY_ADDR,	/* addr */
	NF_CTNETLINK_F_SPORT,		/* range */
	NF_CTNETLINK_F_DPORT,		/* range */
	NF_CTNETLINK_F_REPLY_SPORT,	/* range */
	NF_CTNETLINK_F_REPLY_DPORT,	/* range */
	NF_CTNETLINK_F_ANY_PORT,	/* range */
	NF_CTNETLINK_F_ICMP_TYPE,	/* range, ICMP and ICMPv6 */
	NF_CTNETLINK_F_ICMP_CODE,	/* range */
	NF_CTNETLINK_F_TCP_STATE,	/* range: enum tcp_conntrack */
	NF_CTNETLINK_F_SCTP_STATE,	/* range: enum sctp_conntrack */
	NF_CTNETLINK_F_STATUS,		/* bits: enum ip_conntrack_status */
	NF_CTNETLINK_F_MARK,		/* bits */
	NF_CTNETLINK_F_ZONE,		/* range */
	NF_CTNETLINK_F_LEFT,		/* range: seconds until it ends */
	NF_CTNETLINK_F_HELPER,		/* name; none if empty */
	NF_CTNETLINK_F_LABEL,		/* range: a label that is set */
	NF_CTNETLINK_F_AGE,		/* range: seconds; needs timestamps */
	NF_CTNETLINK_F_BYTES,		/* range; this and those below need */
	NF_CTNETLINK_F_BYTES_ORIG,	/*   accounting */
	NF_CTNETLINK_F_BYTES_REPLY,
	NF_CTNETLINK_F_PACKETS,
	NF_CTNETLINK_F_PACKETS_ORIG,
	NF_CTNETLINK_F_PACKETS_REPLY,
	__NF_CTNETLINK_F_MAX,
	NF_CTNETLINK_F_MAX = __NF_CTNETLINK_F_MAX - 1,
};

/* Flags of a term. */
#define NF_CTNETLINK_TERM_NOT	1	/* inverts the comparison */
#define NF_CTNETLINK_TERM_OR	2	/* or the term before; not the first */

#define NF_CTNETLINK_NAME_LEN	16	/* of a helper, including the NUL */

/*
 * struct nf_ctnetlink_term - one comparison
 * @field:    enum nf_ctnetlink_field
 * @flags:    NF_CTNETLINK_TERM_*
 * @family:   of @addr, NFPROTO_IPV4 or NFPROTO_IPV6; else 0
 * @prefix:   how many bits of @addr are compared; else 0
 * @reserved: 0
 * @addr:     4 or 16 bytes, the rest 0
 * @range:    both ends belong to it
 * @bits:     those of @mask must equal those of @value
 * @name:     NUL-terminated
 *
 * Terms that TERM_OR joins are alternatives. All groups of alternatives must
 * select the connection.
 */
struct nf_ctnetlink_term {
	__u8 field;
	__u8 flags;
	__u8 family;
	__u8 prefix;
	__u32 reserved;
	union {
		__u8 addr[16];
		struct {
			__aligned_u64 min;
			__aligned_u64 max;
		} range;
		struct {
			__u32 value;
			__u32 mask;
		} bits;
		char name[NF_CTNETLINK_NAME_LEN];
	};
};

/* Flags of a record. */
#define NF_CTNETLINK_RECORD_ACCT	1	/* has packets and bytes */
#define NF_CTNETLINK_RECORD_TCP		2	/* @state is a TCP state */
#define NF_CTNETLINK_RECORD_SCTP	4	/* @state is an SCTP state */

/* Both directions: of arrays, the first is the original one. */
#define NF_CTNETLINK_ORIG	0
#define NF_CTNETLINK_REPLY	1

/*
 * struct nf_ctnetlink_record - a connection
 * @len:      of the record with addresses and blocks, a multiple of 4
 * @family:   NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto:    IPPROTO_*
 * @flags:    NF_CTNETLINK_RECORD_*
 * @state:    as @flags say, else 0
 * @zone_dir: bits of the directions in which @zone is the zone
 * @blocks:   how many follow the addresses
 * @zone:     0 is the default
 * @id:       as in ctnetlink
 * @status:   enum ip_conntrack_status
 * @mark:     0 without
 * @left:     seconds until it ends
 * @uses:     references to it
 * @port:     in network byte order: source and destination of each direction;
 *            ICMP has its id, and type * 256 + code; GRE the two keys
 * @packets:  of each direction
 * @bytes:    of each direction
 *
 * Source and destination address of each direction follow, of 4 or 16 bytes.
 * Then come @blocks of struct nf_ctnetlink_block. A record may begin at any
 * multiple of 4.
 */
struct nf_ctnetlink_record {
	__u16 len;
	__u8 family;
	__u8 proto;
	__u8 flags;
	__u8 state;
	__u8 zone_dir;
	__u8 blocks;
	__u16 zone;
	__u16 reserved;
	__u32 id;
	__u32 status;
	__u32 mark;
	__u32 left;
	__u32 uses;
	__be16 port[2][2];
	__aligned_u64 packets[2];
	__aligned_u64 bytes[2];
};

/* Bits of BLOCKS; a block's type is the number of its bit. */
#define NF_CTNETLINK_BLOCK_HELPER	1u	/* name, padded with NUL */
#define NF_CTNETLINK_BLOCK_LABELS	2u	/* __u32[4] */
#define NF_CTNETLINK_BLOCK_START	4u	/* __u64: ns since 1970 */
#define NF_CTNETLINK_BLOCK_MASTER	8u	/* struct nf_ctnetlink_master */
#define NF_CTNETLINK_BLOCKS_ALL		15u

/* A record has a block if the connection has what the block is about. */
struct nf_ctnetlink_block {
	__u16 len;		/* of the block, a multiple of 4 */
	__u16 type;
};

/* The original direction of the connection that expected this one. */
struct nf_ctnetlink_master {
	__u32 id;
	__u8 family;
	__u8 proto;
	__u16 zone;
	__be16 port[2];		/* source and destination */
	__u8 addr[2][16];	/* the first 4 bytes of IPv4 */
};

/* What COUNT groups by, and what the key of a group is. */
enum nf_ctnetlink_group_by {
	NF_CTNETLINK_GROUP_NONE,
	NF_CTNETLINK_GROUP_SRC,		/* address, of the original direction */
	NF_CTNETLINK_GROUP_DST,		/* address, of the original direction */
	NF_CTNETLINK_GROUP_DPORT,	/* @number is the port, @proto set */
	NF_CTNETLINK_GROUP_PROTO,	/* @proto */
	NF_CTNETLINK_GROUP_STATE,	/* @number, @proto TCP or SCTP or 0 */
	NF_CTNETLINK_GROUP_ZONE,	/* @number */
	NF_CTNETLINK_GROUP_MARK,	/* @number */
	NF_CTNETLINK_GROUP_HELPER,	/* @name; none if empty */
	__NF_CTNETLINK_GROUP_MAX,
	NF_CTNETLINK_GROUP_MAX = __NF_CTNETLINK_GROUP_MAX - 1,
};

/*
 * struct nf_ctnetlink_key - what the connections of a group have in common
 * @addr:   4 or 16 bytes, the rest 0
 * @name:   of a helper
 * @number: as the group says
 * @family: of @addr
 * @proto:  as the group says
 */
struct nf_ctnetlink_key {
	union {
		__u8 addr[16];
		char name[NF_CTNETLINK_NAME_LEN];
		__u32 number;
	};
	__u8 family;
	__u8 proto;
	__u16 reserved;
};

/* @packets and @bytes are 0 without accounting. */
struct nf_ctnetlink_group {
	struct nf_ctnetlink_key key;
	__u32 reserved;
	__aligned_u64 connections;
	__aligned_u64 packets;
	__aligned_u64 bytes;
};

#endif /* POM_NF_CTNETLINK_H */
