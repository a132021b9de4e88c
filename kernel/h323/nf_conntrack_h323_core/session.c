// SPDX-License-Identifier: GPL-2.0-only
/* The state of TCP connections and of network namespaces. */

#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/generic.h>

#include "h323/nf_conntrack_h323_core/internal.h"
#include "lib/helper_session.h"
#include "lib/memcg.h"

static unsigned int h323_net_id __read_mostly;

/* While the module is loaded, the current task has created no namespace. */
static bool loading __read_mostly = true;

/**
 * h323_net() - the state of a network namespace
 * @net: the namespace
 *
 * Any context, as long as the namespace exists.
 */
struct h323_net *h323_net(const struct net *net)
{
	return net_generic(net, h323_net_id);
}

/**
 * h323_place_clear() - forget the message whose beginning is kept
 * @hn: the namespace
 * @pl: the place; its session is locked, or unlinked
 */
void h323_place_clear(struct h323_net *hn, struct h323_place *pl)
{
	if (pl->buf)
		atomic_sub(pl->len, &hn->buffered);
	kfree(pl->buf);
	pl->buf = NULL;
	pl->len = 0;
	pl->have = 0;
	pl->segments = 0;
}

/**
 * h323_place_skip() - do not read the message whose beginning is kept
 * @hn: the namespace
 * @pl: the place; its session is locked
 */
void h323_place_skip(struct h323_net *hn, struct h323_place *pl)
{
	pl->skip = pl->len - pl->have;
	h323_place_clear(hn, pl);
}

/* Under h323_net.lock. A CPU that reads a segment has the session's lock. */
static bool try_skip(struct h323_net *hn, struct h323_session *s)
{
	unsigned int i;

	if (!spin_trylock(&s->lock))
		return false;
	list_del_init(&s->keeper);
	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		if (s->dir[i].place.buf)
			h323_place_skip(hn, &s->dir[i].place);
		if (s->dir[i].missing.buf)
			h323_place_skip(hn, &s->dir[i].missing);
	}
	spin_unlock(&s->lock);
	return true;
}

static bool is_idle(const struct h323_session *s)
{
	return time_after_eq(jiffies, s->kept + H323_BUFFER_TIME * HZ);
}

/*
 * Gives up the messages of the session that has kept them for longest, not of
 * @self, whose lock the caller has.
 */
static bool give_up_idle(struct h323_net *hn, const struct h323_session *self)
{
	struct h323_session *s;
	bool ret = false;

	spin_lock_bh(&hn->lock);
	list_for_each_entry(s, &hn->keepers, keeper) {
		if (s == self)
			continue;
		ret = is_idle(s) && try_skip(hn, s);
		break;
	}
	spin_unlock_bh(&hn->lock);
	return ret;
}

/*
 * Takes @len bytes of what the namespace may keep. Sessions that keep nothing
 * any more leave the list here, too: each was added by one h323_place_alloc().
 */
static bool reserve(const struct h323_segment *g, unsigned int len)
{
	struct h323_net *hn = g->hn;

	while (atomic_add_return(len, &hn->buffered) > H323_BUFFERS_NET) {
		atomic_sub(len, &hn->buffered);
		if (!give_up_idle(hn, g->s))
			return false;
	}
	return true;
}

static bool has_buffers(const struct h323_session *s)
{
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		if (s->dir[i].place.buf || s->dir[i].missing.buf)
			return true;
	return false;
}

/*
 * A session that has buffers is in the list already, and keeps its time: small
 * messages do not save a large one.
 */
static void keep(struct h323_net *hn, struct h323_session *s)
{
	if (has_buffers(s))
		return;
	spin_lock_bh(&hn->lock);
	s->kept = jiffies;
	list_move_tail(&s->keeper, &hn->keepers);
	spin_unlock_bh(&hn->lock);
}

/**
 * h323_place_alloc() - space for a message that is in several segments
 * @g: the segment; its session is locked, and not dead, so it is linked
 * @pl: its place; @len is set
 *
 * Return: false at a limit, or where memory is short.
 */
bool h323_place_alloc(const struct h323_segment *g, struct h323_place *pl)
{
	struct h323_net *hn = g->hn;

	if (pl->len > H323_BUFFER_MAX || !reserve(g, pl->len))
		return false;
	keep(hn, g->s);
	pl->buf = pom_memcg_zalloc(hn->memcg, pl->len,
				   GFP_NOWAIT | __GFP_NOWARN);
	if (!pl->buf)
		atomic_sub(pl->len, &hn->buffered);
	return pl->buf;
}

static void clear_streams(struct h323_net *hn, struct h323_session *s)
{
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		h323_place_clear(hn, &s->dir[i].place);
		h323_place_clear(hn, &s->dir[i].missing);
	}
}

/* Of two CPUs that end a session, the one that unlinks it frees it. */
static bool unlink_session(struct h323_net *hn, struct h323_session *s)
{
	bool ret;

	spin_lock_bh(&hn->lock);
	ret = !list_empty(&s->list);
	if (ret) {
		list_del_init(&s->list);
		list_del_init(&s->keeper);
		hn->n_sessions--;
	}
	spin_unlock_bh(&hn->lock);
	return ret;
}

/* Under rcu_read_lock: a packet may still look at the session. */
static void end_session(struct h323_net *hn, struct h323_session *s)
{
	spin_lock_bh(&s->lock);
	s->dead = true;
	clear_streams(hn, s);
	spin_unlock_bh(&s->lock);
	if (unlink_session(hn, s))
		kfree_rcu(s, rcu);
}

static bool link_session(struct h323_net *hn, struct h323_session *s)
{
	bool ret;

	spin_lock_bh(&hn->lock);
	ret = !hn->dead && hn->n_sessions < H323_SESSIONS_NET;
	if (ret) {
		list_add_tail(&s->list, &hn->sessions);
		hn->n_sessions++;
	}
	spin_unlock_bh(&hn->lock);
	return ret;
}

static struct h323_session *alloc_session(const struct h323_segment *g)
{
	struct h323_session *s;

	s = pom_memcg_zalloc(g->hn->memcg, sizeof(*s),
			     GFP_NOWAIT | __GFP_NOWARN);
	if (!s) {
		pom_refuse(g->p, POM_NOT_EXPECTED, "no memory");
		return NULL;
	}
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->keeper);
	if (link_session(g->hn, s))
		return s;
	kfree(s);
	pom_refuse(g->p, POM_NOT_EXPECTED, "too many connections");
	return NULL;
}

static void begin_streams(void *session, const u32 *begin)
{
	struct h323_session *s = session;
	unsigned int i;

	memset(s->dir, 0, sizeof(s->dir));
	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		s->dir[i].place.next = begin[i];
		s->dir[i].missing.next = begin[i];
		s->dir[i].missing_end = begin[i];
	}
}

/**
 * h323_session_make() - create the session of a connection
 * @g: a packet of the connection
 * @d: its data
 *
 * Return: NULL where memory is short, or at the limit; counts.
 */
struct h323_session *h323_session_make(const struct h323_segment *g,
				       struct pom_session_data *d)
{
	struct h323_session *s = alloc_session(g);

	if (!s || pom_session_install(g->p->ct, d, s, begin_streams))
		return s;
	end_session(g->hn, s);
	return pom_session_find(d);
}

/**
 * h323_session_begin() - read a SYN/ACK: where both directions begin
 * @g: the packet
 * @d: the data of its connection
 */
void h323_session_begin(const struct h323_segment *g,
			struct pom_session_data *d)
{
	u32 begin[IP_CT_DIR_MAX];
	struct h323_session *s;
	void *session;

	if (!pom_session_syn(g->p, &g->payload, d, begin, &session) || !session)
		return;
	s = session;
	spin_lock_bh(&s->lock);
	if (!s->dead) {
		clear_streams(g->hn, s);
		begin_streams(s, begin);
	}
	spin_unlock_bh(&s->lock);
}

/**
 * h323_session_refuse() - read nothing of a connection any more
 * @g: a packet of it, whose session is not locked
 * @d: its data
 */
void h323_session_refuse(const struct h323_segment *g,
			 struct pom_session_data *d)
{
	struct h323_session *s = pom_session_uninstall(g->p->ct, d);

	if (s)
		end_session(g->hn, s);
}

/**
 * h323_session_destroy() - the kernel removes a connection from its table
 * @ct: the connection
 *
 * The .destroy of the helpers, which the kernel calls under rcu_read_lock. A
 * packet that was in a queue of userspace can arrive later, and finds no
 * session. A namespace ends its sessions itself.
 */
void h323_session_destroy(struct nf_conn *ct)
{
	struct h323_session *s = pom_session_uninstall(ct, nfct_help_data(ct));

	if (s && check_net(nf_ct_net(ct)))
		end_session(h323_net(nf_ct_net(ct)), s);
}

static int __net_init h323_net_init(struct net *net)
{
	struct h323_net *hn = h323_net(net);

	spin_lock_init(&hn->lock);
	INIT_LIST_HEAD(&hn->sessions);
	INIT_LIST_HEAD(&hn->keepers);
	hn->memcg = READ_ONCE(loading) ? NULL : pom_memcg_get();
	return 0;
}

/* Before conntrack ends in this namespace, without a call of .destroy. */
static void __net_exit h323_net_pre_exit(struct net *net)
{
	struct h323_net *hn = h323_net(net);
	struct h323_session *s;

	do {
		rcu_read_lock();
		spin_lock_bh(&hn->lock);
		hn->dead = true;
		s = list_first_entry_or_null(&hn->sessions,
					     struct h323_session, list);
		spin_unlock_bh(&hn->lock);
		if (s)
			end_session(hn, s);
		rcu_read_unlock();
		cond_resched();
	} while (s);
}

/* A grace period later: no packet looks at it any more. */
static void __net_exit h323_net_exit(struct net *net)
{
	mem_cgroup_put(h323_net(net)->memcg);
}

static struct pernet_operations h323_net_ops = {
	.init		= h323_net_init,
	.pre_exit	= h323_net_pre_exit,
	.exit		= h323_net_exit,
	.id		= &h323_net_id,
	.size		= sizeof(struct h323_net),
};

/**
 * h323_net_register() - create the state of each namespace
 *
 * Module init. Return: 0 or -ENOMEM.
 */
int __init h323_net_register(void)
{
	int ret = register_pernet_subsys(&h323_net_ops);

	WRITE_ONCE(loading, false);
	return ret;
}

/**
 * h323_net_unregister() - undo h323_net_register()
 *
 * The helpers are unregistered: no packet is in them.
 */
void h323_net_unregister(void)
{
	unregister_pernet_subsys(&h323_net_ops);
}
