/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of nf_conntrack_pptp_core: main.c (the helper, sessions of control
 * connections), net.c (network namespaces, parameters, sysctls), stream.c
 * (segments of one direction), message.c (what a message does to a call),
 * call.c (calls and their ids), gre.c (their GRE connections).
 *
 * A control connection has a session from its first message on, and a session
 * has calls. Locks, outermost first: pptp_session.lock (the streams, the list
 * of calls), pptp_net.lock (everything else of a namespace). Both are
 * spinlocks, BH off. A packet of GRE takes the second one only if it is the
 * first of its call. nf_conn.lock is never held together with one of the two.
 *
 * Locks of the kernel are taken inside of pptp_session.lock: that of the
 * autohelper's records, nf_conntrack_expect_lock, those of the connection
 * table, and a logger's. Inside of pptp_net.lock: that of the GRE keymap, and
 * what the last nf_ct_put() of a GRE connection takes.
 *
 * A session is found in the data of its connection, a call by an id in
 * pptp_net.ids. Both are freed a grace period after they were unlinked. The
 * helper's destroy function ends a session: in softirq, or much later than the
 * connection's timeout, when the kernel removes it from its table. A packet in
 * a queue of userspace can arrive later still, and finds no session.
 */
#ifndef POM_NF_CONNTRACK_PPTP_CORE_INTERNAL_H
#define POM_NF_CONNTRACK_PPTP_CORE_INTERNAL_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "compat/sysctl.h"
#include "lib/helper.h"
#include "lib/tcp_payload.h"
#include "pptp/nf_conntrack_pptp.h"
#include "pptp/parser.h"

/* Ids of one direction that were rewritten, for segments that come again. */
#define PPTP_PATCHES	32

/* Calls of a control connection that may wait for their first GRE packet. */
#define PPTP_WAITING_MAX	127

/* Calls that a lock is held for at a time. */
#define PPTP_BATCH	16

/* Calls of a control connection that are over, but whose ids are known. */
#define PPTP_OVER_MAX	16

/*
 * Messages of a segment that are handled; each that is refused costs as much as
 * so many others. GRO makes segments of 64 KiB, with 4096 messages.
 */
#define PPTP_WORK_MAX		256
#define PPTP_WORK_REFUSED	16

/**
 * struct pptp_key - what an id is found by
 * @src: PPTP_IN_GRE: the address that packets with it come from
 * @dst: PPTP_IN_GRE: the address that they go to; both before NAT
 * @session: PPTP_IN_CONTROL: the control connection
 * @id: the id
 * @l3num: PPTP_IN_GRE: the family
 * @kind: enum pptp_key_kind
 * @dir: PPTP_IN_CONTROL: direction of its owner
 * @pad: 0
 *
 * The kernel finds the sender's key by addresses and id, whatever the zone. So
 * an id is unique in all zones of a namespace.
 */
struct pptp_key {
	union nf_inet_addr src;
	union nf_inet_addr dst;
	const struct pptp_session *session;
	u16 id;
	u8 l3num;
	u8 kind;
	u8 dir;
	u8 pad[3];
};

enum pptp_key_kind {
	PPTP_IN_CONTROL,	/* as its owner knows it */
	PPTP_IN_GRE,		/* as the other side knows it */
};

/**
 * struct pptp_id - an id in pptp_net.ids
 * @node: in the table
 * @call: its call
 * @key: what it is found by
 * @linked: it is in the table
 */
struct pptp_id {
	struct rhash_head node;
	struct pptp_call *call;
	struct pptp_key key;
	bool linked;
};

/**
 * struct pptp_end - one side of a call
 * @own: its id, as the side itself knows it
 * @seen: the same id, as the other side knows it; only NAT makes a difference
 * @known: the side has announced it
 * @control: @own
 * @gre: @seen, in packets to that side
 */
struct pptp_end {
	u16 own;
	u16 seen;
	bool known;
	struct pptp_id control;
	struct pptp_id gre;
};

enum pptp_state {
	PPTP_REQUESTED,
	PPTP_ANSWERED,		/* of a call of a PAC: it has to confirm */
	PPTP_OPEN,		/* GRE may flow */
	PPTP_CLEARING,		/* GRE is closed, the ids are known */
	PPTP_ENDED,		/* without ids; to be removed */
};

/**
 * struct pptp_call - a call
 * @list: in pptp_session.calls, under that one's lock; empty once removed
 * @watch: in one of the lists of pptp_net; empty once removed
 * @since: jiffies: when it came into pptp_net.asked or pptp_net.watched
 * @rcu: for kfree_rcu()
 * @session: its control connection; valid as long as the call is found, and an
 *	RCU grace period longer
 * @caller: direction of the side that has requested it
 * @incoming: requested by a PAC, with PPTP_IN_REQUEST
 * @mapped: NAT applies to the control connection
 * @state: enum pptp_state
 * @tries: how often a worker has looked for the GRE connection in vain: before
 *	it gets its timeouts
 * @missed: the same, afterwards; used by the worker only
 * @end: the side that sends in each direction of the control connection
 * @tuple: GRE packets in each direction, before NAT; since PPTP_OPEN
 * @holder: has their keys; see compat/gre.h
 * @master: the control connection; compared only
 * @zone: its zone
 */
struct pptp_call {
	struct list_head list;
	struct list_head watch;
	unsigned long since;
	struct rcu_head rcu;
	struct pptp_session *session;
	u8 caller;
	bool incoming;
	bool mapped;
	u8 state;
	u8 tries;
	u8 missed;
	struct pptp_end end[IP_CT_DIR_MAX];
	struct nf_conntrack_tuple tuple[IP_CT_DIR_MAX];
	struct nf_conn *holder;
	const struct nf_conn *master;
	struct nf_conntrack_zone zone;
};

/**
 * struct pptp_patch - an id that was rewritten
 * @seq: sequence number of its first byte
 * @from: as the sender has sent it
 * @to: as it was forwarded
 */
struct pptp_patch {
	u32 seq;
	__be16 from;
	__be16 to;
};

/**
 * struct pptp_place - where bytes of a stream are read
 * @next: sequence number of the byte after the last one that was read
 * @skip: bytes of the message before @next that are to come, and not read
 * @have: bytes at @head
 * @head: the beginning of a message that is not there as a whole
 */
struct pptp_place {
	u32 next;
	u16 skip;
	u8 have;
	u8 head[PPTP_READ_MAX];
};

/**
 * struct pptp_stream - one direction of a control connection
 * @place: where it is read
 * @missing: the same for bytes that were missing when a later segment came
 * @missing_end: sequence number of their end; equal to that of @missing where
 *	nothing is missing
 * @oldest: the patch that the next one replaces, once there are so many
 * @patches: how many
 * @patch: ring
 */
struct pptp_stream {
	struct pptp_place place;
	struct pptp_place missing;
	u32 missing_end;
	u8 oldest;
	u8 patches;
	struct pptp_patch patch[PPTP_PATCHES];
};

/**
 * struct pptp_session - a control connection
 * @list: in pptp_net.sessions, under pptp_net.lock
 * @rcu: for kfree_rcu()
 * @last: jiffies of the last packet of each direction; any context
 * @lock: of all that is below
 * @dead: unlinked, or being so
 * @asked: the client has asked to start
 * @started: the server has agreed
 * @closed: TCP ends
 * @dir: the streams
 * @calls: the calls, the oldest first
 * @n_calls: how many
 */
struct pptp_session {
	struct list_head list;
	struct rcu_head rcu;
	unsigned long last[IP_CT_DIR_MAX];
	spinlock_t lock; /* of dead to n_calls */
	bool dead;
	bool asked;
	bool started;
	bool closed;
	struct pptp_stream dir[IP_CT_DIR_MAX];
	struct list_head calls;
	unsigned int n_calls;
};

/**
 * struct pptp_net - the state of a network namespace
 * @net: the namespace
 * @lock: of @dead to @n_kept, and of struct pptp_call except its list
 * @dead: the namespace ends
 * @ids: struct pptp_id
 * @sessions: all of them
 * @asked: calls that are not open yet, the oldest first
 * @late: calls whose GRE connection has to get its timeouts
 * @watched: all other calls, first those that came first
 * @n_sessions: how many sessions
 * @n_calls: how many calls in states up to PPTP_OPEN
 * @n_kept: how many calls at all
 * @late_work: gives GRE connections their timeouts
 * @watch_work: ends calls that nobody uses; pending while there are calls
 * @timeout: seconds, sysctl: of a GRE connection without a reply
 * @stream_timeout: seconds, sysctl: of one with a reply
 * @memcg: of the task that created the namespace; pays for what packets
 *	allocate. NULL, and nobody pays, where the namespace is older
 * @sysctl_table: with the empty entry that older kernels need
 * @sysctl: its registration
 */
struct pptp_net {
	struct net *net;
	spinlock_t lock; /* of dead to n_kept, and of calls */
	bool dead;
	struct rhashtable ids;
	struct list_head sessions;
	struct list_head asked;
	struct list_head late;
	struct list_head watched;
	unsigned int n_sessions;
	unsigned int n_calls;
	unsigned int n_kept;
	struct delayed_work late_work;
	struct delayed_work watch_work;
	int timeout;
	int stream_timeout;
	struct mem_cgroup *memcg;
	struct ctl_table sysctl_table[3];
	struct ctl_table_header *sysctl;
};

/**
 * struct pptp_segment - a segment that is being read
 * @p: the packet
 * @pn: its namespace
 * @s: its session, locked
 * @st: the stream of its direction
 * @payload: its payload
 * @writable: the payload can be written to
 * @work: what its messages have cost, see PPTP_WORK_MAX
 * @refused: one was refused
 * @fresh: what is before in the payload has been forwarded earlier
 * @at: where the current message begins in the payload; negative where an
 *	earlier segment has its beginning
 */
struct pptp_segment {
	const struct pom_packet *p;
	struct pptp_net *pn;
	struct pptp_session *s;
	struct pptp_stream *st;
	struct tcp_payload payload;
	bool writable;
	unsigned int work;
	bool refused;
	int fresh;
	int at;
};

/* net.c */
unsigned int pptp_max_calls(void);
unsigned int pptp_max_calls_net(void);
unsigned int pptp_max_sessions(void);
struct pptp_net *pptp_net(const struct net *net);
int pptp_net_register(void);
void pptp_net_unregister(void);

/* main.c */
void pptp_session_end(struct pptp_net *pn, struct pptp_session *s);

/* stream.c */
bool pptp_stream_read(struct pptp_segment *g);
bool pptp_stream_rewrite(struct pptp_segment *g, u8 off, u16 from, u16 to);

/* message.c */
void pptp_refuse(struct pptp_segment *g, enum pom_count reason,
		 const char *text);
bool pptp_message_read(struct pptp_segment *g, const struct pptp_message *msg);

/* call.c */
int pptp_ids_init(struct pptp_net *pn);
struct pptp_call *pptp_call_find_gre(struct pptp_net *pn,
				     const struct nf_conntrack_tuple *t);
struct pptp_call *pptp_call_find_own(const struct pptp_segment *g, u16 id);
struct pptp_call *pptp_call_find_peer(const struct pptp_segment *g, u16 id);
struct pptp_call *pptp_call_create(struct pptp_segment *g, bool incoming);
bool pptp_call_claim(struct pptp_segment *g, struct pptp_call *call, u16 own,
		     bool fixed);
void pptp_call_answered(struct pptp_net *pn, struct pptp_call *call);
void pptp_call_close(struct pptp_net *pn, struct pptp_call *call);
void pptp_call_remove(struct pptp_net *pn, struct pptp_session *s,
		      struct pptp_call *call);
bool pptp_calls_remove(struct pptp_net *pn, struct pptp_session *s,
		       unsigned int max);
void pptp_calls_watch(struct work_struct *work);

/* gre.c */
void pptp_gre_mapped(struct nf_conn *ct, struct nf_conntrack_expect *exp);
bool pptp_gre_open(struct pptp_segment *g, struct pptp_call *call);
bool pptp_gre_is_used(struct pptp_net *pn, const struct pptp_call *call);
void pptp_gre_withdraw(struct pptp_net *pn, const struct pptp_call *call,
		       struct nf_conn *holder);
void pptp_gre_late(struct work_struct *work);

#endif
