/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of nf_conntrack_h323_core: main.c (the helpers), session.c (state
 * of TCP connections and of network namespaces), stream.c (segments of one
 * direction), address.c (what an address of a call opens), forward.c (forwarded
 * calls), ras.c (messages of RAS).
 *
 * A TCP connection has a session from its first bytes on. It is found in the
 * data of the connection, and freed a grace period after the helper's destroy
 * function, or the end of the namespace or module, has unlinked it. Locks,
 * outermost first: h323_session.lock, h323_net.lock or those of the kernel
 * (nf_conntrack_expect_lock, nf_conn.lock). All are spinlocks, BH off. A CPU
 * with h323_net.lock may try to take the lock of a session, without waiting.
 */
#ifndef POM_NF_CONNTRACK_H323_CORE_INTERNAL_H
#define POM_NF_CONNTRACK_H323_CORE_INTERNAL_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include "h323/messages.h"
#include "h323/nf_conntrack_h323.h"
#include "lib/helper.h"
#include "lib/helper_session.h"
#include "lib/tcp_payload.h"

/* Ports of one direction whose translation is known. */
#define H323_PORTS	16

/* Most bytes of a message that are kept until its last segment. */
#define H323_BUFFER_MAX	8192

/* Most segments of such a message: it is read again with each. */
#define H323_SEGMENTS_MAX	16

/*
 * Most bytes that a namespace keeps, and most sessions that it has. At the
 * limit, a message that is not complete after so many seconds is not kept.
 */
#define H323_BUFFER_TIME	10
#define H323_BUFFERS_NET	(1024 * 1024)
#define H323_SESSIONS_NET	4096

/*
 * Most messages that are read of a packet: GRO makes large ones. Reading them
 * takes at most H323_STEPS_MAX steps together.
 */
#define H323_MESSAGES_MAX	64

/* Most addresses of a packet that open something, or are rewritten. */
#define H323_ADDRESSES_MAX	32

/* Addresses of one direction that were rewritten, for segments sent again. */
#define H323_PATCHES	H323_ADDRESSES_MAX

/*
 * Most masters of a connection whose helper gives a helper to others: a
 * gatekeeper, two calls that are forwarded, the last call.
 */
#define H323_MASTERS_MAX	4

/* Bytes of an address and its port. */
#define H323_ADDRESS_LEN	18

/* Classes of expectations. */
enum {
	H323_CLASS_SIGNAL,	/* TCP: a control connection, or a call */
	H323_CLASS_MEDIA,	/* UDP: RTP and RTCP */
	H323_CLASS_DATA,	/* TCP: T.120 */
	H323_CLASSES
};

/* The same of RAS. */
enum {
	H323_CLASS_ANSWER,	/* what a gatekeeper names */
	H323_CLASS_REGISTRATION,
	H323_RAS_CLASSES
};

/**
 * struct h323_patch - an address that was rewritten
 * @seq: sequence number of its first byte
 * @len: bytes, with the port
 * @bytes: as they were forwarded
 */
struct h323_patch {
	u32 seq;
	u8 len;
	u8 bytes[H323_ADDRESS_LEN];
};

/**
 * struct h323_port - a port that was announced, and translated
 * @own: as its owner knows it; 0 for none
 * @seen: as the peer knows it
 * @l4proto: IPPROTO_TCP or IPPROTO_UDP
 */
struct h323_port {
	u16 own;
	u16 seen;
	u8 l4proto;
};

/**
 * struct h323_place - where bytes of a stream are read
 * @next: sequence number of the byte behind the last one that was read
 * @lost: where a message begins is not known
 * @skip: bytes of the current message that are to come, and not read
 * @len: of the message whose beginning is kept; 0 while its length is not known
 * @have: bytes of it that are here
 * @segments: segments that they were in
 * @head: the first bytes of it
 * @buf: all of them, once @len is known
 */
struct h323_place {
	u32 next;
	bool lost;
	u32 skip;
	u16 len;
	u16 have;
	u8 segments;
	u8 head[H323_TPKT_LEN];
	u8 *buf;
};

/**
 * struct h323_stream - one direction of a connection
 * @place: where it is read
 * @missing: the same for bytes that were missing when a later segment came
 * @missing_end: sequence number of their end; that of @missing.next where
 *	nothing is missing
 * @begun: the first bytes were read, and can be those of H.323
 * @oldest: the patch that the next one replaces
 * @oldest_port: the same of @port
 * @patch: ring
 * @port: ring
 */
struct h323_stream {
	struct h323_place place;
	struct h323_place missing;
	u32 missing_end;
	bool begun;
	u8 oldest;
	u8 oldest_port;
	struct h323_patch patch[H323_PATCHES];
	struct h323_port port[H323_PORTS];
};

/**
 * struct h323_session - a TCP connection
 * @list: in h323_net.sessions, under h323_net.lock
 * @keeper: in h323_net.keepers, under h323_net.lock
 * @kept: jiffies since when it has always had an h323_place.buf, under
 *	h323_net.lock
 * @rcu: for kfree_rcu()
 * @lock: of all that is below
 * @dead: unlinked, or being so
 * @dir: the streams
 */
struct h323_session {
	struct list_head list;
	struct list_head keeper;
	unsigned long kept;
	struct rcu_head rcu;
	spinlock_t lock; /* of dead and dir */
	bool dead;
	struct h323_stream dir[IP_CT_DIR_MAX];
};

/**
 * struct h323_net - the state of a network namespace
 * @lock: of @dead to @n_sessions
 * @dead: the namespace ends
 * @sessions: all of them
 * @keepers: those that may have an h323_place.buf, the oldest first
 * @n_sessions: how many
 * @buffered: bytes of all h323_place.buf
 * @memcg: of the task that created the namespace; pays for what packets
 *	allocate. NULL, and nobody pays, where the namespace is older
 */
struct h323_net {
	spinlock_t lock; /* of dead to n_sessions */
	bool dead;
	struct list_head sessions;
	struct list_head keepers;
	unsigned int n_sessions;
	atomic_t buffered;
	struct mem_cgroup *memcg;
};

/**
 * struct h323_segment - a packet that is being read
 * @p: the packet
 * @hn: its namespace
 * @protocol: what it has
 * @settings: as they were when it came
 * @s: of TCP: its session, locked
 * @st: of TCP: the stream of its direction
 * @payload: of TCP
 * @messages: how many it had
 * @steps: that reading them has taken
 * @addresses: for H323_ADDRESSES_MAX
 * @fresh: what is before in the payload is in the hands of the receiver
 * @at: where the current message begins in the payload; negative where an
 *	earlier segment has its beginning
 */
struct h323_segment {
	const struct pom_packet *p;
	struct h323_net *hn;
	enum h323_protocol protocol;
	struct pom_h323_settings settings;
	struct h323_session *s;
	struct h323_stream *st;
	struct tcp_payload payload;
	unsigned int messages;
	u32 steps;
	unsigned int addresses;
	int fresh;
	int at;
};

/**
 * struct h323_address - an address of a message
 * @fact: where it is, and what
 * @to: itself
 */
struct h323_address {
	struct per_fact fact;
	struct pom_endpoint to;
};

/* main.c */
void h323_read_settings(struct pom_h323_settings *to);
extern struct pom_helper pom_h323_control_helper;
extern struct pom_helper pom_h323_old_helper;

/* session.c */
struct h323_net *h323_net(const struct net *net);
struct h323_session *h323_session_make(const struct h323_segment *g,
				       struct pom_session_data *d);
void h323_session_begin(const struct h323_segment *g,
			struct pom_session_data *d);
void h323_session_refuse(const struct h323_segment *g,
			 struct pom_session_data *d);
void h323_session_destroy(struct nf_conn *ct);
void h323_place_clear(struct h323_net *hn, struct h323_place *pl);
bool h323_place_alloc(const struct h323_segment *g, struct h323_place *pl);
void h323_place_skip(struct h323_net *hn, struct h323_place *pl);
int h323_net_register(void);
void h323_net_unregister(void);

/* stream.c */
bool h323_stream_read(struct h323_segment *g);
bool h323_write(struct h323_segment *g, const struct h323_address *a,
		const struct pom_endpoint *to);

const u8 *h323_look(const struct h323_segment *g, unsigned int off,
		    unsigned int n, u8 **copy);

/* address.c */
unsigned int h323_addr_len(const struct pom_packet *p);
bool h323_admit(struct h323_segment *g);
bool h323_get_address(const struct h323_segment *g, const u8 *data,
		      const struct per_fact *fact, struct h323_address *a);
struct nf_conntrack_helper *h323_assign(const struct pom_packet *p,
					const struct pom_helper *h);
bool h323_is_unset(const struct h323_address *a);
bool h323_is_peer(const struct pom_packet *p, const struct pom_endpoint *to);
void h323_translate(struct h323_segment *g, const struct h323_address *a);
void h323_open(struct h323_segment *g, const struct h323_address *a);

/* forward.c */
void h323_forward(struct h323_segment *g, struct h323_address *a);

/* ras.c */
int h323_ras_help(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		  enum ip_conntrack_info ctinfo);

#endif
