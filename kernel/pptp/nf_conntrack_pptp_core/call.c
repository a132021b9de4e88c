// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls, and the ids that they are found by.
 *
 * Under NAT several hosts may share an address, and choose the same id, as most
 * programs begin with 0 or 1. Then the other side gets to know a different id,
 * which no other call between the two addresses has.
 *
 * A call is in one of three lists of its namespace until it is removed: asked,
 * late (gre.c) and watched. A worker ends those that nobody uses, so that they
 * do not count for ever.
 */

#include <linux/random.h>
#include <net/netfilter/nf_conntrack.h>

#include "compat/compat.h"
#include "lib/memcg.h"
#include "pptp/nf_conntrack_pptp_core/internal.h"

/* How often a free id is looked for; few of 65535 are used. */
#define ID_TRIES	64

/* How long a call waits for its answer, jiffies; and if there are too many. */
#define ANSWER_TIME	(60 * HZ)
#define ANSWER_TIME_MIN	(10 * HZ)

/* How often the worker looks at a call, jiffies. */
#define WATCH		(30 * HZ)

/* Without a packet for so long it is dead; PPTP has an echo a minute. */
#define SILENCE		(180 * HZ)

static const struct rhashtable_params ids_params = {
	.key_len		= sizeof(struct pptp_key),
	.key_offset		= offsetof(struct pptp_id, key),
	.head_offset		= offsetof(struct pptp_id, node),
	.automatic_shrinking	= true,
};

/**
 * pptp_ids_init() - prepare the table of ids
 * @pn: the namespace
 *
 * Return: 0, or -ENOMEM. The table is empty when it is destroyed.
 */
int pptp_ids_init(struct pptp_net *pn)
{
	BUILD_BUG_ON(sizeof(struct pptp_key) !=
		     2 * sizeof(union nf_inet_addr) + sizeof(void *) + 8);
	return rhashtable_init(&pn->ids, &ids_params);
}

/* Under rcu_read_lock or pptp_net.lock. */
static struct pptp_call *find(struct pptp_net *pn, const struct pptp_key *key)
{
	struct pptp_id *id = rhashtable_lookup_fast(&pn->ids, key, ids_params);

	return id ? id->call : NULL;
}

static void set_control_key(struct pptp_key *key, const struct pptp_session *s,
			    u8 dir, u16 id)
{
	memset(key, 0, sizeof(*key));
	key->kind = PPTP_IN_CONTROL;
	key->session = s;
	key->dir = dir;
	key->id = id;
}

/* @t: of any packet from the other side to the one that has chosen @id */
static void set_gre_key(struct pptp_key *key,
			const struct nf_conntrack_tuple *t, u16 id)
{
	memset(key, 0, sizeof(*key));
	key->kind = PPTP_IN_GRE;
	key->src = t->src.u3;
	key->dst = t->dst.u3;
	key->l3num = t->src.l3num;
	key->id = id;
}

/**
 * pptp_call_find_gre() - the call of a GRE packet
 * @pn: the namespace
 * @t: of the packet, before NAT
 *
 * Under rcu_read_lock. Return: the call, or NULL.
 */
struct pptp_call *pptp_call_find_gre(struct pptp_net *pn,
				     const struct nf_conntrack_tuple *t)
{
	struct pptp_key key;

	set_gre_key(&key, t, ntohs(t->dst.u.gre.key));
	return find(pn, &key);
}

/**
 * pptp_call_find_own() - the call that the sender of a message has an id for
 * @g: the segment of the message
 * @id: an id that the sender has chosen
 *
 * Return: the call, or NULL.
 */
struct pptp_call *pptp_call_find_own(const struct pptp_segment *g, u16 id)
{
	struct pptp_key key;

	set_control_key(&key, g->s, g->p->dir, id);
	return find(g->pn, &key);
}

/**
 * pptp_call_find_peer() - the call that the other side has an id for
 * @g: the segment of a message
 * @id: an id that the other side has chosen, as the sender knows it
 *
 * Return: the call of this control connection, or NULL.
 */
struct pptp_call *pptp_call_find_peer(const struct pptp_segment *g, u16 id)
{
	struct pptp_call *call;
	struct pptp_key key;

	set_gre_key(&key, &g->p->ct->tuplehash[g->p->dir].tuple, id);
	call = find(g->pn, &key);
	return call && call->session == g->s ? call : NULL;
}

/* Return: 0; -EEXIST where the table has the key; or memory is short. */
static int link(struct pptp_net *pn, struct pptp_call *call, struct pptp_id *id)
{
	int ret;

	lockdep_assert_held(&pn->lock);
	id->call = call;
	ret = rhashtable_lookup_insert_fast(&pn->ids, &id->node, ids_params);
	id->linked = ret == 0;
	return ret;
}

static void unlink(struct pptp_net *pn, struct pptp_id *id)
{
	lockdep_assert_held(&pn->lock);
	if (id->linked)
		rhashtable_remove_fast(&pn->ids, &id->node, ids_params);
	id->linked = false;
}

/* Return: the holder of a call that was open. */
static struct nf_conn *set_over(struct pptp_net *pn, struct pptp_call *call,
				enum pptp_state state)
{
	struct nf_conn *holder = NULL;

	lockdep_assert_held(&pn->lock);
	if (call->state < PPTP_CLEARING)
		pn->n_calls--;
	WRITE_ONCE(call->state, state);
	call->since = jiffies;
	list_move_tail(&call->watch, &pn->watched);
	swap(holder, call->holder);
	return holder;
}

static struct nf_conn *set_ended(struct pptp_net *pn, struct pptp_call *call)
{
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		unlink(pn, &call->end[i].control);
		unlink(pn, &call->end[i].gre);
	}
	return set_over(pn, call, PPTP_ENDED);
}

/* Ends a call, which its session or the worker removes. */
static void end(struct pptp_net *pn, struct pptp_call *call)
{
	struct nf_conn *holder = NULL;

	spin_lock_bh(&pn->lock);
	if (call->state != PPTP_ENDED)
		holder = set_ended(pn, call);
	spin_unlock_bh(&pn->lock);
	pptp_gre_withdraw(pn, call, holder);
}

/**
 * pptp_call_close() - end the GRE connection of a call, and keep its ids
 * @pn: the namespace
 * @call: the call; found under the rcu_read_lock that the caller still holds
 */
void pptp_call_close(struct pptp_net *pn, struct pptp_call *call)
{
	struct nf_conn *holder = NULL;

	spin_lock_bh(&pn->lock);
	if (call->state < PPTP_CLEARING)
		holder = set_over(pn, call, PPTP_CLEARING);
	spin_unlock_bh(&pn->lock);
	pptp_gre_withdraw(pn, call, holder);
}

/**
 * pptp_call_answered() - a call of a PAC was answered
 * @pn: the namespace
 * @call: the call
 */
void pptp_call_answered(struct pptp_net *pn, struct pptp_call *call)
{
	spin_lock_bh(&pn->lock);
	if (call->state == PPTP_REQUESTED)
		WRITE_ONCE(call->state, PPTP_ANSWERED);
	spin_unlock_bh(&pn->lock);
}

/**
 * pptp_call_remove() - end and free a call
 * @pn: the namespace
 * @s: its session, locked
 * @call: the call; not valid afterwards outside of an RCU section
 */
void pptp_call_remove(struct pptp_net *pn, struct pptp_session *s,
		      struct pptp_call *call)
{
	lockdep_assert_held(&s->lock);
	end(pn, call);
	list_del_init(&call->list);
	s->n_calls--;
	spin_lock_bh(&pn->lock);
	list_del_init(&call->watch);
	pn->n_kept--;
	spin_unlock_bh(&pn->lock);
	kfree_rcu(call, rcu);
}

/**
 * pptp_calls_remove() - end and free calls of a control connection
 * @pn: the namespace
 * @s: the session, locked
 * @max: most of them
 *
 * Return: whether there are more.
 */
bool pptp_calls_remove(struct pptp_net *pn, struct pptp_session *s,
		       unsigned int max)
{
	struct pptp_call *call, *next;

	list_for_each_entry_safe(call, next, &s->calls, list) {
		if (!max--)
			return true;
		pptp_call_remove(pn, s, call);
	}
	return false;
}

/*
 * Messages may still have the ids of calls that are over: those of the newest
 * ones are kept, but no call is refused for them.
 */
static void make_room(struct pptp_net *pn, struct pptp_session *s)
{
	unsigned int keep = s->n_calls < pptp_max_calls() ? PPTP_OVER_MAX : 0;
	struct pptp_call *call, *next;

	list_for_each_entry_safe_reverse(call, next, &s->calls, list) {
		if (READ_ONCE(call->state) < PPTP_CLEARING)
			continue;
		if (keep)
			keep--;
		else
			pptp_call_remove(pn, s, call);
	}
}

static bool is_older(const struct pptp_call *call, unsigned long than)
{
	return time_after_eq(jiffies, call->since + than);
}

/*
 * If there are too many calls, one that gets no answer is ended for this. It is
 * not open, so it has no holder.
 */
static bool admit(struct pptp_net *pn, struct pptp_call *call)
{
	struct pptp_call *old;
	bool ret;

	spin_lock_bh(&pn->lock);
	old = list_first_entry_or_null(&pn->asked, struct pptp_call, watch);
	if (old && pn->n_calls >= pptp_max_calls_net() &&
	    is_older(old, ANSWER_TIME_MIN))
		set_ended(pn, old);
	ret = !pn->dead && pn->n_calls < pptp_max_calls_net();
	if (ret) {
		pn->n_calls++;
		pn->n_kept++;
		call->since = jiffies;
		list_add_tail(&call->watch, &pn->asked);
		queue_delayed_work(system_dfl_wq, &pn->watch_work, WATCH);
	}
	spin_unlock_bh(&pn->lock);
	return ret;
}

static struct pptp_call *alloc_call(const struct pptp_segment *g, bool incoming)
{
	struct pptp_call *call;

	call = pom_memcg_zalloc(g->pn->memcg, sizeof(*call),
				GFP_NOWAIT | __GFP_NOWARN);
	if (!call)
		return NULL;
	call->session = g->s;
	call->caller = g->p->dir;
	call->incoming = incoming;
	call->mapped = pom_is_mapped(g->p);
	call->master = g->p->ct;
	call->zone = *nf_ct_zone(g->p->ct);
	return call;
}

/**
 * pptp_call_create() - a call that the sender of a segment has requested
 * @g: the segment
 * @incoming: the sender is a PAC
 *
 * Return: the call, without ids; or NULL, and it is counted as refused.
 */
struct pptp_call *pptp_call_create(struct pptp_segment *g, bool incoming)
{
	struct pptp_session *s = g->s;
	struct pptp_call *call;

	make_room(g->pn, s);
	if (s->n_calls >= pptp_max_calls()) {
		pptp_refuse(g, POM_NOT_EXPECTED, "too many calls");
		return NULL;
	}
	call = alloc_call(g, incoming);
	if (!call) {
		pptp_refuse(g, POM_NOT_EXPECTED, "no memory");
		return NULL;
	}
	if (!admit(g->pn, call)) {
		kfree(call);
		pptp_refuse(g, POM_NOT_EXPECTED,
			    "too many calls in the namespace");
		return NULL;
	}
	list_add_tail(&call->list, &s->calls);
	s->n_calls++;
	return call;
}

static bool has_zone(const struct pptp_call *call, const struct nf_conn *ct)
{
	const struct nf_conntrack_zone *zone = nf_ct_zone(ct);

	return call->zone.id == zone->id && call->zone.dir == zone->dir;
}

static bool is_silent(const struct pptp_session *s)
{
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		if (time_after(jiffies, READ_ONCE(s->last[i]) + SILENCE))
			return true;
	return false;
}

/*
 * Without NAT here, the side's own host has chosen the id, now and before: it
 * has restarted, or its last control connection ended without a FIN. A control
 * connection that is alive may belong to a different user of the host, or to a
 * host behind its NAT. In a different zone, a host with this address is a
 * different one.
 */
static void end_forgotten(const struct pptp_segment *g, u16 own)
{
	const struct nf_conntrack_tuple *to =
		&g->p->ct->tuplehash[!g->p->dir].tuple;
	struct pptp_call *old;
	struct pptp_key key;

	set_gre_key(&key, to, own);
	old = find(g->pn, &key);
	if (old && !old->mapped && has_zone(old, g->p->ct) &&
	    (READ_ONCE(old->state) >= PPTP_CLEARING ||
	     is_silent(old->session)))
		end(g->pn, old);
}

/* @tries: other ids that may be tried */
static int link_gre(struct pptp_net *pn, struct pptp_call *call,
		    struct pptp_end *e, const struct nf_conntrack_tuple *to,
		    unsigned int tries)
{
	u16 id = e->own;
	int ret;

	do {
		set_gre_key(&e->gre.key, to, id);
		e->seen = id;
		ret = link(pn, call, &e->gre);
		id = 1 + get_random_u32() % U16_MAX;
	} while (ret == -EEXIST && tries--);
	return ret;
}

static int link_ids(const struct pptp_segment *g, struct pptp_call *call,
		    u16 own, unsigned int tries)
{
	u8 dir = g->p->dir;
	struct pptp_end *e = &call->end[dir];
	int ret = -EEXIST;

	spin_lock_bh(&g->pn->lock);
	if (call->state != PPTP_ENDED) {
		e->own = own;
		e->known = true;
		set_control_key(&e->control.key, g->s, dir, own);
		ret = link(g->pn, call, &e->control);
	}
	if (!ret)
		ret = link_gre(g->pn, call, e,
			       &g->p->ct->tuplehash[!dir].tuple, tries);
	spin_unlock_bh(&g->pn->lock);
	return ret;
}

/**
 * pptp_call_claim() - give a call the id that the sender has chosen for it
 * @g: the segment
 * @call: the call; no other call of the sender has the id
 * @own: the id
 * @fixed: the other side gets to know the same id, with NAT, too
 *
 * Return: false where the other side cannot know the call by any id; the caller
 * removes the call. It is counted as refused.
 */
bool pptp_call_claim(struct pptp_segment *g, struct pptp_call *call, u16 own,
		     bool fixed)
{
	bool mapped = call->mapped;
	int ret;

	if (mapped && !g->p->nat) {
		pptp_refuse(g, POM_NOT_EXPECTED, "NAT half is not loaded");
		return false;
	}
	if (!mapped)
		end_forgotten(g, own);
	ret = link_ids(g, call, own, mapped && !fixed ? ID_TRIES : 0);
	if (!ret)
		return true;
	if (ret != -EEXIST)
		pptp_refuse(g, POM_NOT_EXPECTED, "no memory");
	else if (fixed && mapped)
		pptp_refuse(g, POM_SPLIT, "call id in an earlier segment");
	else
		pptp_refuse(g, POM_NOT_EXPECTED, "no free call id");
	return false;
}

/* Return: a call that the worker has to look at, or NULL. */
static struct pptp_call *take_old(struct pptp_net *pn, struct list_head *from,
				  unsigned long age)
{
	struct pptp_call *call;

	spin_lock_bh(&pn->lock);
	call = list_first_entry_or_null(from, struct pptp_call, watch);
	if (call && !is_older(call, age))
		call = NULL;
	if (call) {
		call->since = jiffies;
		list_move_tail(&call->watch, &pn->watched);
	}
	spin_unlock_bh(&pn->lock);
	return call;
}

/* Twice: a first packet may be between its expectation and its connection. */
static void look_for_gre(struct pptp_net *pn, struct pptp_call *call)
{
	if (pptp_gre_is_used(pn, call))
		call->missed = 0;
	else if (++call->missed == 2)
		pptp_call_close(pn, call);
}

/* Nobody answers it, it is over, or its packets have ended. */
static void look_at(struct pptp_net *pn, struct pptp_call *call)
{
	struct pptp_session *s = call->session;

	if (READ_ONCE(call->state) == PPTP_OPEN) {
		look_for_gre(pn, call);
		return;
	}
	spin_lock_bh(&s->lock);
	/* Its session may have opened or removed it meanwhile. */
	if (!list_empty(&call->list) && READ_ONCE(call->state) != PPTP_OPEN)
		pptp_call_remove(pn, s, call);
	spin_unlock_bh(&s->lock);
}

static bool look_at_one(struct pptp_net *pn)
{
	struct pptp_call *call;

	rcu_read_lock();
	call = take_old(pn, &pn->asked, ANSWER_TIME) ?:
	       take_old(pn, &pn->watched, WATCH);
	if (call)
		look_at(pn, call);
	rcu_read_unlock();
	return call;
}

/**
 * pptp_calls_watch() - end calls that nobody uses
 * @work: of a namespace
 */
void pptp_calls_watch(struct work_struct *work)
{
	struct pptp_net *pn = container_of(to_delayed_work(work),
					   struct pptp_net, watch_work);

	while (look_at_one(pn))
		cond_resched();
	spin_lock_bh(&pn->lock);
	if (pn->n_kept && !pn->dead)
		queue_delayed_work(system_dfl_wq, &pn->watch_work, WATCH);
	spin_unlock_bh(&pn->lock);
}
