// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GRE connection of a call.
 *
 * The kernel finds the two directions of a call as one connection if its keymap
 * has both ids. It keeps one pair of keys for each control connection, in the
 * data of the helper. So each call has a holder for its keys, and the control
 * connection has none: the kernel frees those with the first GRE connection
 * that ends. Without keys, each direction would be a connection of its own,
 * which never gets a reply: it would be RELATED forever, have the short
 * timeout, and be the first to go when the table is full.
 *
 * A GRE connection takes its timeouts from a worker. The kernel overwrites
 * those that an expectfn sets, before the first packet has left.
 */

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_timeout.h>

#include "compat/compat.h"
#include "compat/gre.h"
#include "lib/memcg.h"
#include "pptp/nf_conntrack_pptp_core/internal.h"

/* When the worker looks for a new connection, and how often. */
#define LATE		(HZ / 10)
#define LATE_AGAIN	HZ
#define LATE_TRIES	10

static void remove_expectation(struct pptp_net *pn,
			       const struct pptp_call *call, u8 dir)
{
	struct nf_conntrack_expect *exp;

	exp = nf_ct_expect_find_get(pn->net, &call->zone, &call->tuple[dir]);
	if (!exp)
		return;
	if (exp->master == call->master)
		pom_expect_remove(exp);
	nf_ct_expect_put(exp);
}

/* Return: the GRE connection, with a reference, or NULL. */
static struct nf_conn *find_connection(struct pptp_net *pn,
				       const struct pptp_call *call)
{
	struct nf_conntrack_tuple_hash *h;
	struct nf_conn *ct;
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		h = nf_conntrack_find_get(pn->net, &call->zone,
					  &call->tuple[i]);
		if (!h)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(h);
		if (ct->master == call->master)
			return ct;
		nf_ct_put(ct);
	}
	return NULL;
}

/**
 * pptp_gre_withdraw() - end the GRE connection of a call
 * @pn: the namespace
 * @call: the call, which is not open any more
 * @holder: its holder, or NULL where it was never open
 *
 * Any context, without pptp_net.lock. A connection whose first packet is in a
 * queue of userspace is not found. It has no keys then, and ends with the
 * kernel's own timeout.
 */
void pptp_gre_withdraw(struct pptp_net *pn, const struct pptp_call *call,
		       struct nf_conn *holder)
{
	struct nf_conn *ct;

	if (!holder)
		return;
	remove_expectation(pn, call, IP_CT_DIR_ORIGINAL);
	remove_expectation(pn, call, IP_CT_DIR_REPLY);
	ct = find_connection(pn, call);
	if (ct) {
		nf_ct_delete(ct, 0, 0);
		nf_ct_put(ct);
	}
	pom_gre_holder_free(holder);
}

/* The address of the side that sends in @dir, and its id, where they arrive. */
static void set_mapping(const struct pptp_call *call,
			const struct nf_conn *master, u8 dir,
			struct pom_mapping *to)
{
	const struct nf_conntrack_tuple *back = &master->tuplehash[!dir].tuple;

	to->src = back->dst.u3;
	to->dst = back->src.u3;
	to->src_id = htons(call->end[dir].seen);
	to->dst_id = htons(call->end[!dir].own);
}

/*
 * The first packet of a call, in the direction of @exp. The other direction is
 * the same connection.
 */
static void begin(struct pptp_net *pn, struct pptp_call *call,
		  struct nf_conn *ct, u8 dir)
{
	const struct pom_nat *nat = rcu_dereference(pom_pptp_helper.nat);
	struct pom_mapping to;
	bool open;

	spin_lock_bh(&pn->lock);
	open = call->state == PPTP_OPEN && call->master == ct->master;
	if (open) {
		set_mapping(call, ct->master, dir, &to);
		call->tries = 0;
		list_move_tail(&call->watch, &pn->late);
		/* Under the lock: not after the namespace has ended calls. */
		queue_delayed_work(system_dfl_wq, &pn->late_work, LATE);
	}
	spin_unlock_bh(&pn->lock);
	if (!open)
		return;
	if (call->mapped && !nat) {
		/* It is being unloaded, and has not removed this one yet. */
		pptp_call_close(pn, call);
		return;
	}
	if (call->mapped)
		nat->map(ct, &to);
	remove_expectation(pn, call, !dir);
}

static void expected(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	struct net *net = nf_ct_net(ct);
	struct pptp_call *call;

	rcu_read_lock();
	if (check_net(net)) {
		call = pptp_call_find_gre(pptp_net(net), &exp->tuple);
		if (call)
			begin(pptp_net(net), call, ct, exp->dir);
	}
	rcu_read_unlock();
}

/**
 * pptp_gre_mapped() - expectfn of a call under NAT
 * @ct: the GRE connection
 * @exp: its expectation, which the NAT half removes when it is unloaded
 *
 * Softirq, or process context with bottom halves off.
 */
void pptp_gre_mapped(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	expected(ct, exp);
}

static void set_tuples(const struct pptp_segment *g, struct pptp_call *call)
{
	const struct nf_conntrack_tuple *from;
	struct nf_conntrack_tuple *t;
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		from = &g->p->ct->tuplehash[i].tuple;
		t = &call->tuple[i];
		t->src.u3 = from->src.u3;
		t->src.l3num = from->src.l3num;
		t->dst.u3 = from->dst.u3;
		t->dst.protonum = IPPROTO_GRE;
		t->src.u.gre.key = htons(call->end[i].own);
		t->dst.u.gre.key = htons(call->end[!i].seen);
	}
}

static bool expect(const struct pptp_segment *g, const struct pptp_call *call,
		   u8 dir)
{
	const struct nf_conntrack_tuple *t = &call->tuple[dir];
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(g->p->ct);
	int ret;

	if (!exp)
		return false;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, t->src.l3num,
			  &t->src.u3, &t->dst.u3, IPPROTO_GRE,
			  &t->src.u.gre.key, &t->dst.u.gre.key);
	exp->dir = dir;
	exp->expectfn = call->mapped ? pptp_gre_mapped : expected;
	ret = nf_autohelper_expect(g->p->helper, exp);
	nf_ct_expect_put(exp);
	return ret == 0;
}

static struct nf_conn *alloc_holder(struct pptp_net *pn,
				    const struct pptp_call *call)
{
	gfp_t gfp = GFP_NOWAIT | __GFP_NOWARN;
	struct mem_cgroup *old;
	struct nf_conn *holder;

	if (!pn->memcg || !pom_memcg_can_charge(pn->memcg))
		return pom_gre_holder_alloc(pn->net, &call->zone,
					    &call->tuple[IP_CT_DIR_ORIGINAL],
					    &call->tuple[IP_CT_DIR_REPLY],
					    gfp);
	old = pom_memcg_enter(pn->memcg);
	holder = pom_gre_holder_alloc(pn->net, &call->zone,
				      &call->tuple[IP_CT_DIR_ORIGINAL],
				      &call->tuple[IP_CT_DIR_REPLY],
				      gfp | __GFP_ACCOUNT);
	pom_memcg_leave(old);
	return holder;
}

/* Return: false where the call has ended meanwhile, or memory is short. */
static bool set_holder(const struct pptp_segment *g, struct pptp_call *call)
{
	struct pptp_net *pn = g->pn;

	spin_lock_bh(&pn->lock);
	if (!pn->dead && call->state < PPTP_OPEN) {
		set_tuples(g, call);
		call->holder = alloc_holder(pn, call);
	}
	if (call->holder) {
		WRITE_ONCE(call->state, PPTP_OPEN);
		call->since = jiffies;
		list_move_tail(&call->watch, &pn->watched);
	}
	spin_unlock_bh(&pn->lock);
	return READ_ONCE(call->state) == PPTP_OPEN;
}

/*
 * A second control connection can end a call of this one. If it has done so
 * before both directions were expected, they are to be removed.
 */
static bool is_still_open(struct pptp_net *pn, const struct pptp_call *call)
{
	if (READ_ONCE(call->state) == PPTP_OPEN)
		return true;
	remove_expectation(pn, call, IP_CT_DIR_ORIGINAL);
	remove_expectation(pn, call, IP_CT_DIR_REPLY);
	return false;
}

/**
 * pptp_gre_open() - expect the GRE connection of a call
 * @g: the segment that opens it
 * @call: the call, with the ids of both sides
 *
 * Counts. Return: false where it cannot be expected; the caller removes the
 * call.
 */
bool pptp_gre_open(struct pptp_segment *g, struct pptp_call *call)
{
	nf_autohelper_count(g->p->helper, g->p->ct, POM_ANNOUNCEMENTS);
	if (set_holder(g, call) &&
	    expect(g, call, IP_CT_DIR_ORIGINAL) &&
	    expect(g, call, IP_CT_DIR_REPLY) && is_still_open(g->pn, call))
		return true;
	pptp_refuse(g, POM_NOT_EXPECTED, "cannot add expectation");
	return false;
}

static bool is_expected(struct pptp_net *pn, const struct pptp_call *call,
			u8 dir)
{
	struct nf_conntrack_expect *exp;

	exp = nf_ct_expect_find_get(pn->net, &call->zone, &call->tuple[dir]);
	if (exp)
		nf_ct_expect_put(exp);
	return exp;
}

/**
 * pptp_gre_is_used() - whether a call has a GRE connection, or may get one
 * @pn: the namespace
 * @call: the call, which is open or was
 *
 * Any context, without pptp_net.lock. A connection is found from its first
 * packet on that has left; until then, the call is in pptp_net.late.
 */
bool pptp_gre_is_used(struct pptp_net *pn, const struct pptp_call *call)
{
	struct nf_conn *ct = find_connection(pn, call);

	if (!ct)
		return is_expected(pn, call, IP_CT_DIR_ORIGINAL) ||
		       is_expected(pn, call, IP_CT_DIR_REPLY);
	nf_ct_put(ct);
	return true;
}

/* Return: false where there is no connection yet. */
static bool set_timeouts(struct pptp_net *pn, const struct pptp_call *call)
{
	unsigned int timeout = READ_ONCE(pn->timeout) * HZ;
	unsigned int stream = READ_ONCE(pn->stream_timeout) * HZ;
	struct nf_conn *ct = find_connection(pn, call);

	if (!ct)
		return false;
	/* A rule has given it others. */
	if (!nf_ct_timeout_find(ct)) {
		WRITE_ONCE(ct->proto.gre.timeout, timeout);
		WRITE_ONCE(ct->proto.gre.stream_timeout, stream);
		pom_ct_refresh(ct, READ_ONCE(ct->status) & IPS_SEEN_REPLY ?
				   stream : timeout);
	}
	nf_ct_put(ct);
	return true;
}

/* Return: whether the worker has to look again. */
static bool late_one(struct pptp_net *pn, struct list_head *todo)
{
	struct pptp_call *call = list_first_entry(todo, struct pptp_call,
						  watch);

	lockdep_assert_held(&pn->lock);
	if (!set_timeouts(pn, call) && ++call->tries < LATE_TRIES) {
		list_move_tail(&call->watch, &pn->late);
		return true;
	}
	call->since = jiffies;
	list_move_tail(&call->watch, &pn->watched);
	return false;
}

/**
 * pptp_gre_late() - give new GRE connections their timeouts
 * @work: of a namespace
 */
void pptp_gre_late(struct work_struct *work)
{
	struct pptp_net *pn = container_of(to_delayed_work(work),
					   struct pptp_net, late_work);
	unsigned int n = 0;
	bool again = false;
	LIST_HEAD(todo);

	spin_lock_bh(&pn->lock);
	list_splice_init(&pn->late, &todo);
	while (!list_empty(&todo)) {
		again |= late_one(pn, &todo);
		if (++n % PPTP_BATCH)
			continue;
		spin_unlock_bh(&pn->lock);
		cond_resched();
		spin_lock_bh(&pn->lock);
	}
	if (again && !pn->dead)
		queue_delayed_work(system_dfl_wq, &pn->late_work, LATE_AGAIN);
	spin_unlock_bh(&pn->lock);
}
