// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helpers for talk and ntalk. A conversation begins like this:
 *
 *	caller -> daemon of the callee	ANNOUNCE, with the caller's TCP port
 *	daemon of the callee -> caller	SUCCESS
 *	callee -> daemon of the caller	LOOK_UP
 *	daemon of the caller -> callee	SUCCESS, with the same TCP port
 *	callee -> caller		TCP, to that port
 *
 * The first SUCCESS lets the callee's host reach the caller's daemon, and
 * reserves the TCP port. The second one opens it, but only if the caller's own
 * ANNOUNCE to the callee's host has named it: a daemon also repeats what other
 * hosts sent.
 */

#include <linux/module.h>

#include "lib/helper_core.h"
#include "talk/nf_conntrack_talk.h"
#include "talk/parser.h"

MODULE_DESCRIPTION("talk connection tracking helpers");
MODULE_ALIAS_NFCT_HELPER("talk");
MODULE_ALIAS_NFCT_HELPER("ntalk");
MODULE_SOFTDEP("post: nf_nat_talk");

/* Of struct pom_connection: the client has sent a LOOK_UP. */
#define LOOKED_UP	POM_OWN_BITS

/* Classes of expectations. */
enum {
	CONVERSATION,
	DAEMON,
};

/*
 * A daemon keeps an invitation for 60 seconds. The caller announces it again
 * every 30 seconds.
 */
#define INVITATION_TIME	60	/* seconds */

/*
 * Most masters of a connection that may be the master of others: two users call
 * each other by turns until they meet, with one client each.
 */
#define MASTERS_MAX	3

/* A client has one port, and a new one for its next invitation. */
static const struct nf_conntrack_expect_policy talk_policy[] = {
	[CONVERSATION] = {
		.max_expected	= 4,
		.timeout	= INVITATION_TIME,
	},
	[DAEMON] = {
		.max_expected	= 1,
		.timeout	= INVITATION_TIME,
	},
};

static unsigned int ntalk_versions = POM_NTALK_VERSIONS;

void pom_ntalk_set_versions(unsigned int versions)
{
	WRITE_ONCE(ntalk_versions, versions);
}
EXPORT_SYMBOL_GPL(pom_ntalk_set_versions);

/* Where the sender of @p is for its receiver. */
static struct pom_endpoint seen_at(const struct pom_packet *p, u16 port)
{
	struct pom_endpoint to = { .port = port };

	memcpy(to.addr, &p->ct->tuplehash[!p->dir].tuple.dst.u3.ip,
	       sizeof(__be32));
	return to;
}

/* Whether @addr is where @p comes from, before NAT or after it. */
static bool is_source(const struct pom_packet *p, const struct talk_addr *addr)
{
	const struct nf_conntrack_tuple_hash *h = p->ct->tuplehash;
	__be16 port = htons(addr->to.port);

	return addr->known && pom_is_own(p, addr->to.addr) &&
	       (port == h[p->dir].tuple.src.u.udp.port ||
		port == h[!p->dir].tuple.dst.u.udp.port);
}

/* A message also has addresses that it does not need; they are translated. */
static bool rewrite_request(const struct pom_packet *p,
			    const struct talk_message *msg, u16 port)
{
	const struct nf_conntrack_tuple *back =
		&p->ct->tuplehash[!p->dir].tuple;
	struct pom_field field[2];
	unsigned int n = 0;

	if (msg->addr.known && pom_is_own(p, msg->addr.to.addr))
		field[n++] = (struct pom_field) {
			.off = msg->addr.off,
			.len = 16,
			.encoding = POM_SOCKADDR_IN,
			.to = seen_at(p, port),
		};
	if (is_source(p, &msg->ctl_addr))
		field[n++] = (struct pom_field) {
			.off = msg->ctl_addr.off,
			.len = 16,
			.encoding = POM_SOCKADDR_IN,
			.to = seen_at(p, ntohs(back->dst.u.udp.port)),
		};
	return !n || pom_rewrite(p, field, n);
}

/*
 * The port of the last announcement is where TCP has the beginning of a line:
 * nothing is expected before the other daemon has accepted the call.
 */
static void set_announced(struct pom_connection *c, u16 port)
{
	WRITE_ONCE(c->dir[IP_CT_DIR_ORIGINAL].begin[0], port);
	pom_set_asked(c);
}

static u16 get_announced(const struct pom_connection *c)
{
	return READ_ONCE(c->dir[IP_CT_DIR_ORIGINAL].begin[0]);
}

static void announce(const struct pom_packet *p,
		     const struct talk_message *msg, u16 seen)
{
	if (!msg->addr.known || !msg->ctl_addr.known)
		pom_refuse(p, POM_MALFORMED, "no IPv4 address");
	else if (!pom_is_own(p, msg->addr.to.addr) ||
		 !is_source(p, &msg->ctl_addr))
		pom_refuse(p, POM_FOREIGN, "not the caller's own address");
	else if (msg->addr.to.port < POM_PORT_USER)
		pom_refuse(p, POM_BAD_PORT, "port that may not be announced");
	else if (rewrite_request(p, msg, seen))
		set_announced(nfct_help_data(p->ct), msg->addr.to.port);
}

/* The way to the daemon stays open: a second user may need it. */
static void forget_conversations(const struct pom_packet *p)
{
	struct pom_connection *c = nfct_help_data(p->ct);
	const struct nf_conn_help *help = nfct_help(p->ct);
	struct nf_conntrack_expect *exp;

	/* As before the first announcement. */
	WRITE_ONCE(c->dir[IP_CT_DIR_ORIGINAL].next, 0);
	hlist_for_each_entry_rcu(exp, &help->expectations, lnode) {
		if (exp->class != CONVERSATION ||
		    !refcount_inc_not_zero(&exp->use))
			continue;
		pom_expect_remove(exp);
		nf_ct_expect_put(exp);
	}
}

static void handle_request(const struct pom_packet *p,
			   const struct talk_message *msg)
{
	struct pom_connection *c = nfct_help_data(p->ct);
	u16 port = msg->addr.to.port;
	u16 seen = pom_announced_port(p, p->dir, port) ?: port;

	if (msg->type == TALK_ANNOUNCE) {
		announce(p, msg, seen);
		return;
	}
	if (msg->type == TALK_LOOK_UP)
		set_bit(LOOKED_UP, &c->bits);
	rewrite_request(p, msg, seen);
	/* The caller has given up, or the callee has come. */
	if (msg->type == TALK_DELETE)
		forget_conversations(p);
}

/*
 * Whether an announcement of the host that sends @p has raised @exp, in any of
 * its connections.
 */
static bool is_of_sender(const struct nf_conntrack_expect *exp,
			 const struct pom_packet *p)
{
	lockdep_assert_held(&nf_conntrack_expect_lock);
	return pom_expect_is_of(exp, p->helper) &&
	       exp->master->tuplehash[!exp->dir].tuple.src.u3.ip ==
	       p->ct->tuplehash[p->dir].tuple.src.u3.ip;
}

/* Of a connection from the peer to the sender of @p, as the peer sees them. */
static struct nf_conntrack_expect *find(const struct pom_packet *p, u8 l4proto,
					u16 port)
{
	struct nf_conntrack_tuple tuple = p->ct->tuplehash[!p->dir].tuple;

	tuple.dst.protonum = l4proto;
	tuple.dst.u.all = htons(port);
	return nf_ct_expect_find_get(nf_ct_net(p->ct), nf_ct_zone(p->ct),
				     &tuple);
}

/*
 * A second user of the caller's host may wait for the same daemon. The newer
 * expectation replaces the other one, since it ends later.
 */
static void replace_daemon(const struct pom_packet *p, u16 port)
{
	struct nf_conntrack_expect *exp = find(p, IPPROTO_UDP, port);
	bool found;

	if (!exp)
		return;
	spin_lock_bh(&nf_conntrack_expect_lock);
	found = is_of_sender(exp, p) && exp->master != p->ct;
	spin_unlock_bh(&nf_conntrack_expect_lock);
	if (found)
		pom_expect_remove(exp);
	nf_ct_expect_put(exp);
}

/*
 * A connection keeps its master until it ends. Two hosts that call each other
 * in turns would make a chain of them that has no end.
 */
static bool has_many_masters(const struct nf_conn *ct)
{
	unsigned int n;

	for (n = 0; ct->master; ct = ct->master)
		if (++n == MASTERS_MAX)
			return true;
	return false;
}

/* The callee may call more than once: his client has a new port each time. */
static bool expect_callee(const struct pom_packet *p)
{
	u16 port = p->helper->default_port;
	struct pom_announced a = {
		.port = port,
		.low = port,
		.high = port,
		.l4proto = IPPROTO_UDP,
		.class = DAEMON,
		.flags = NF_CT_EXPECT_PERMANENT,
		.assign = p->helper->registered[0],
	};

	if (has_many_masters(p->ct)) {
		pom_refuse(p, POM_NOT_EXPECTED, "too many calls in turns");
		return false;
	}
	replace_daemon(p, port);
	if (!pom_expect_port(p, &a))
		return false;
	pom_expected(&a, true);
	return true;
}

/* What was open stays so when the call is announced again. */
static void reserve(const struct pom_packet *p, u16 port)
{
	struct nf_conntrack_expect *old =
		find(p, IPPROTO_TCP, pom_announced_port(p, p->dir, port) ?:
				     port);
	struct pom_announced a = {
		.port = port,
		.low = POM_PORT_USER,
		.high = POM_PORT_LAST,
		.l4proto = IPPROTO_TCP,
		.class = CONVERSATION,
		.flags = NF_CT_EXPECT_INACTIVE,
	};
	bool expected = pom_expect_port(p, &a);

	if (expected && old) {
		spin_lock_bh(&nf_conntrack_expect_lock);
		if (old->master == p->ct &&
		    !(old->flags & NF_CT_EXPECT_INACTIVE))
			WRITE_ONCE(a.exp->flags, a.exp->flags &
						 ~NF_CT_EXPECT_INACTIVE);
		spin_unlock_bh(&nf_conntrack_expect_lock);
	}
	if (expected)
		pom_expected(&a, true);
	if (old)
		nf_ct_expect_put(old);
}

/* The daemon of the callee has accepted the call. */
static void accepted(const struct pom_packet *p)
{
	struct pom_packet caller = *p;

	/* What @p answers: the announcement. */
	caller.dir = !p->dir;
	if (!expect_callee(&caller))
		return;
	reserve(&caller, get_announced(nfct_help_data(p->ct)));
	if (nf_ct_expires(p->ct) < INVITATION_TIME * HZ)
		pom_ct_refresh(p->ct, INVITATION_TIME * HZ);
}

/* The port as the callee sees it; only NAT makes a difference. */
static u16 seen_port(const struct pom_packet *p, u16 port)
{
	struct pom_packet caller = {
		.ct = p->ct->master,
		.dir = IP_CT_DIR_ORIGINAL,
	};
	u16 seen = 0;

	if (caller.ct && nfct_help(caller.ct))
		seen = pom_announced_port(&caller, caller.dir, port);
	return seen ?: port;
}

/* Returns an expectation that is open now, or NULL. */
static struct nf_conntrack_expect *open_port(const struct pom_packet *p,
					     u16 port)
{
	struct nf_conntrack_expect *exp = find(p, IPPROTO_TCP,
					       seen_port(p, port));
	bool found;

	if (!exp)
		return NULL;
	spin_lock_bh(&nf_conntrack_expect_lock);
	found = is_of_sender(exp, p) && exp->saved_proto.all == htons(port);
	if (found)
		WRITE_ONCE(exp->flags, exp->flags & ~NF_CT_EXPECT_INACTIVE);
	spin_unlock_bh(&nf_conntrack_expect_lock);
	if (found)
		return exp;
	nf_ct_expect_put(exp);
	return NULL;
}

static void open_conversation(const struct pom_packet *p,
			      const struct talk_message *msg)
{
	struct pom_field field = {
		.off = msg->addr.off,
		.len = 16,
		.encoding = POM_SOCKADDR_IN,
	};
	struct nf_conntrack_expect *exp;

	if (!msg->addr.known) {
		pom_refuse(p, POM_MALFORMED, "no IPv4 address");
		return;
	}
	if (!pom_is_own(p, msg->addr.to.addr)) {
		pom_refuse(p, POM_FOREIGN, "not the caller's own address");
		return;
	}
	exp = open_port(p, msg->addr.to.port);
	if (!exp) {
		pom_refuse(p, POM_WRONG_SIDE,
			   "a port that the caller has not announced");
		return;
	}
	field.to = seen_at(p, ntohs(exp->tuple.dst.u.tcp.port));
	if (!pom_rewrite(p, &field, 1))
		pom_expect_remove(exp);
	nf_ct_expect_put(exp);
}

static void handle_response(const struct pom_packet *p,
			    const struct talk_message *msg)
{
	struct pom_connection *c = nfct_help_data(p->ct);

	if (msg->answer != TALK_SUCCESS)
		return;
	if (msg->type == TALK_ANNOUNCE) {
		if (pom_has_asked(c))
			accepted(p);
		else
			pom_refuse(p, POM_WRONG_SIDE,
				   "an answer to no announcement");
	} else if (msg->type == TALK_LOOK_UP) {
		if (test_bit(LOOKED_UP, &c->bits))
			open_conversation(p, msg);
		else
			pom_refuse(p, POM_WRONG_SIDE,
				   "an answer to no look-up");
	}
}

static void handle(const struct pom_packet *p, const struct talk_message *msg)
{
	unsigned int versions = READ_ONCE(ntalk_versions);
	bool of_daemon = p->dir == IP_CT_DIR_REPLY;

	if (msg->version && !(versions & BIT(msg->version)))
		return;
	if (msg->response != of_daemon)
		pom_refuse(p, POM_WRONG_SIDE, msg->response ?
			   "a response of a client" : "a request of a daemon");
	else if (msg->response)
		handle_response(p, msg);
	else
		handle_request(p, msg);
}

static int help(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		enum ip_conntrack_info ctinfo, const struct pom_helper *helper,
		enum talk_protocol protocol)
{
	struct pom_packet p = {
		.helper	= helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct talk_message msg;
	enum talk_error error;
	u8 buf[TALK_HEAD_MAX] pom_space;

	if (!pom_packet_udp(&p, protoff, buf, sizeof(buf)))
		return NF_ACCEPT;
	error = talk_parse(protocol, p.data, p.len, &msg);
	if (error != TALK_OK)
		pom_refuse(&p, POM_MALFORMED, talk_error_text(error));
	else
		handle(&p, &msg);
	return NF_ACCEPT;
}

static int talk_help(struct sk_buff *skb, unsigned int protoff,
		     struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	return help(skb, protoff, ct, ctinfo, &pom_talk_helper, TALK_OLD);
}

static int ntalk_help(struct sk_buff *skb, unsigned int protoff,
		      struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	return help(skb, protoff, ct, ctinfo, &pom_ntalk_helper, TALK_NEW);
}

/* Messages have IPv4 addresses only. */
struct pom_helper pom_talk_helper = {
	.name		= "talk",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 517,
	.ipv4_only	= true,
	.policy		= talk_policy,
	.class_max	= ARRAY_SIZE(talk_policy) - 1,
	.help		= talk_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_talk_helper);

struct pom_helper pom_ntalk_helper = {
	.name		= "ntalk",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 518,
	.ipv4_only	= true,
	.policy		= talk_policy,
	.class_max	= ARRAY_SIZE(talk_policy) - 1,
	.help		= ntalk_help,
	.me		= THIS_MODULE,
	.next		= &pom_talk_helper,
};
EXPORT_SYMBOL_GPL(pom_ntalk_helper);
struct pom_helper *const pom_core_of = &pom_ntalk_helper;
