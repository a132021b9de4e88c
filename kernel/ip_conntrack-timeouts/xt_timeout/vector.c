// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vectors: timeouts that equal rules of a network namespace share.
 *
 * A connection points to one struct nf_ct_timeout of a vector. iptables-legacy
 * creates all rules of a table again when one is edited, and checks the new
 * ones before it destroys the old ones: a rule finds the vector of its
 * predecessor, and connections keep what they have.
 *
 * When the last rule is destroyed, no packet can give the vector to a
 * connection any more. It gets the namespace's values and is retired: a worker
 * takes it from the connections in the table, one second later for all that
 * were retired meanwhile. A rule with an equal list uses it again until then.
 *
 * A walk visits the connections of all namespaces and takes a lock that other
 * walks need. So there is one walk at a time, and the user namespaces of the
 * host share a tenth of the time.
 *
 * An unconfirmed connection, perhaps one that waits in a queue of user space,
 * is not in the table. So the vector is freed only after no connection can have
 * it, see compat/ct_timeout.h. Until then the worker comes back:
 *
 * - where connections hold references, with a walk, at last once in a minute
 * - where lists tell, after a random time of up to about a second, and walks
 *   when each list has been seen empty. A list that new connections always fill
 *   is rarely seen so
 * - where nothing tells, seven times in a minute. Then the vector waits until
 *   its namespace ends, and counts against the limit. A connection that waited
 *   longer in a queue keeps the namespace's values of then
 *
 * Where connections hold references, the kernel may free a struct nf_ct_timeout
 * itself, with kfree_rcu(). So each is an allocation of its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netns/generic.h>

#include "compat/conntrack.h"
#include "compat/ct_timeout.h"
#include "lib/ct_timeouts.h"
#include "lib/log.h"
#include "ip_conntrack-timeouts/xt_timeout/internal.h"

/* The most vectors of a namespace, with those that wait to be freed. */
#define TIMEOUT_VECTORS_MAX	256

/* Jiffies between two visits of the worker. */
#define TIMEOUT_WAIT_MIN	(1UL * HZ)
#define TIMEOUT_WAIT_MAX	(60UL * HZ)

/* After a walk, user namespaces pause for so many times its duration. */
#define TIMEOUT_PAUSE		9

/* Of a struct nf_ct_timeout, in l3num, which the kernel does not read. */
enum timeout_life {
	TIMEOUT_LIVE,
	TIMEOUT_RETIRED,
};

/*
 * Its address, in l4proto, tells this module's timeouts from others, which have
 * the address of a protocol tracker. The packet path does not read it.
 */
static const struct nf_conntrack_l4proto timeout_owner;

/**
 * struct timeout_net - a network namespace
 * @net: itself
 * @lock: guards the members below it but for @wait and @work, and the vectors.
 *	Process context.
 * @live: vectors that a rule uses
 * @retired: vectors that the worker does not know yet
 * @dying: vectors that the worker takes from connections
 * @count: how many vectors there are
 * @users: how many rules with TIMEOUT there are; packets read it
 * @hooked: families whose connections get a place for timeouts: 1 IPv4, 2 IPv6.
 *	They stay so until the namespace ends: removing a hook drops the
 *	packets that wait in queues
 * @closing: the worker is not called any more, and walks no table; it reads
 *	this without the lock
 * @dead: no connection uses a vector any more
 * @wait: jiffies until the worker's next visit; its own
 * @work: the worker
 */
struct timeout_net {
	struct net *net;
	struct mutex lock; /* see above */
	struct list_head live;
	struct list_head retired;
	struct list_head dying;
	unsigned int count;
	unsigned int users;
	u8 hooked;
	bool closing;
	bool dead;
	unsigned long wait;
	struct delayed_work work;
};

static unsigned int timeout_net_id __read_mostly;

/* For the workers of all namespaces: ordered, so one runs at a time. */
static struct workqueue_struct *timeout_wq;

/* The end of the pause after the last walk; only for the one that runs. */
static ktime_t timeout_pause_end;

/* The vectors of all namespaces. */
static atomic_t timeout_vectors = ATOMIC_INIT(0);

/**
 * timeout_is_ours() - whether timeouts are part of a vector
 * @t: of a connection
 *
 * Any context, under rcu_read_lock.
 *
 * Return: false for those of CT --timeout, nftables and Open vSwitch
 */
bool timeout_is_ours(const struct nf_ct_timeout *t)
{
	return t->l4proto == &timeout_owner;
}

/**
 * timeout_vector_follow() - update the states that the rule does not set
 * @net: the network namespace, whose values they take
 * @v: the vector
 * @proto: a protocol of which the rule sets some states
 *
 * Any context. Nothing tells when a sysctl of the kernel changes.
 */
void timeout_vector_follow(struct net *net, const struct timeout_vector *v,
			   enum timeout_proto proto)
{
	struct pom_ct_timeouts from = pom_ct_timeouts(net,
						      timeout_l4proto(proto));
	unsigned int *to = (unsigned int *)v->timeout[proto]->data;
	u32 fixed = v->fixed[proto];
	unsigned int i, value;

	for (i = 0; i < from.count; i++) {
		if (fixed & BIT(i))
			continue;
		value = READ_ONCE(from.value[i]);
		if (READ_ONCE(to[i]) != value)
			WRITE_ONCE(to[i], value);
	}
}

static void vector_follow_all(struct net *net, const struct timeout_vector *v)
{
	enum timeout_proto proto;

	for (proto = 0; proto < TIMEOUT_PROTOS; proto++)
		if (v->timeout[proto])
			timeout_vector_follow(net, v, proto);
}

/* ---- one vector ---- */

/* Without the values; NULL where memory is short. */
static struct nf_ct_timeout *vector_alloc_proto(unsigned int count)
{
	struct nf_ct_timeout *t;

	t = kzalloc(sizeof(*t) + count * sizeof(unsigned int),
		    GFP_KERNEL_ACCOUNT);
	if (!t)
		return NULL;
	pom_ct_timeout_init(t);
	t->l3num = TIMEOUT_LIVE;
	t->l4proto = &timeout_owner;
	return t;
}

/* No connection can have it, or each has a reference. */
static void vector_free(struct timeout_vector *v)
{
	enum timeout_proto proto;

	for (proto = 0; proto < TIMEOUT_PROTOS; proto++)
		pom_ct_timeout_free(v->timeout[proto]);
	kfree(v);
	atomic_dec(&timeout_vectors);
}

static bool vector_set_state(struct net *net, struct timeout_vector *v,
			     unsigned int state)
{
	enum timeout_proto proto = timeout_state_proto(state);
	struct pom_ct_timeouts of = pom_ct_timeouts(net,
						    timeout_l4proto(proto));
	unsigned long bits = timeout_state_bits(state);
	unsigned int *data, i;

	/* a protocol that the kernel does not track */
	if (!of.count)
		return true;
	if (!v->timeout[proto])
		v->timeout[proto] = vector_alloc_proto(of.count);
	if (!v->timeout[proto])
		return false;
	data = (unsigned int *)v->timeout[proto]->data;
	for_each_set_bit(i, &bits, of.count)
		WRITE_ONCE(data[i], v->value[state] * HZ);
	v->fixed[proto] |= bits;
	return true;
}

/* Returns false where memory is short, which a vector has that was filled. */
static bool vector_fill(struct net *net, struct timeout_vector *v)
{
	unsigned int i;

	for (i = 0; i < XT_TIMEOUT_STATES; i++)
		if (v->set & BIT(i) && !vector_set_state(net, v, i))
			return false;
	vector_follow_all(net, v);
	return true;
}

static struct timeout_vector *
vector_create(struct net *net, const struct xt_timeout_tginfo *info)
{
	struct timeout_vector *v;

	v = kzalloc(sizeof(*v) + pom_ct_unseen_longs() * sizeof(*v->unseen),
		    GFP_KERNEL_ACCOUNT);
	if (!v)
		return NULL;
	atomic_inc(&timeout_vectors);
	v->set = info->set;
	memcpy(v->value, info->value, sizeof(v->value));
	if (!vector_fill(net, v)) {
		vector_free(v);
		return NULL;
	}
	return v;
}

static bool vector_is_equal(const struct timeout_vector *v,
			    const struct xt_timeout_tginfo *info)
{
	return v->set == info->set &&
	       !memcmp(v->value, info->value, sizeof(v->value));
}

static void vector_set_life(struct timeout_vector *v, enum timeout_life life)
{
	enum timeout_proto proto;

	for (proto = 0; proto < TIMEOUT_PROTOS; proto++)
		if (v->timeout[proto])
			WRITE_ONCE(v->timeout[proto]->l3num, life);
}

/* No rule uses it: from now on it has the namespace's values. */
static void vector_retire(struct net *net, struct timeout_vector *v)
{
	memset(v->fixed, 0, sizeof(v->fixed));
	vector_follow_all(net, v);
	vector_set_life(v, TIMEOUT_RETIRED);
	pom_ct_unseen_fill(v->unseen);
}

/* A rule uses it again. A walk that has begun may still take it. */
static void vector_revive(struct net *net, struct timeout_vector *v)
{
	vector_set_life(v, TIMEOUT_LIVE);
	vector_fill(net, v);
}

static bool vector_is_unused(const struct timeout_vector *v)
{
	enum timeout_proto proto;

	for (proto = 0; proto < TIMEOUT_PROTOS; proto++)
		if (!pom_ct_timeout_is_unused(v->timeout[proto], v->unseen))
			return false;
	return true;
}

/* ---- the vectors of a namespace ---- */

static struct timeout_vector *
vector_find(struct list_head *vectors, const struct xt_timeout_tginfo *info)
{
	struct timeout_vector *v;

	list_for_each_entry(v, vectors, node)
		if (vector_is_equal(v, info))
			return v;
	return NULL;
}

/* Under the lock. Returns a live vector, or NULL. */
static struct timeout_vector *
timeout_vector_find(struct timeout_net *tn,
		    const struct xt_timeout_tginfo *info)
{
	struct timeout_vector *v = vector_find(&tn->live, info);

	if (v)
		return v;
	v = vector_find(&tn->retired, info);
	if (!v)
		v = vector_find(&tn->dying, info);
	if (v) {
		vector_revive(tn->net, v);
		list_move(&v->node, &tn->live);
	}
	return v;
}

/* Under the lock. Returns an error after a line in the log. */
static int timeout_vectors_full(struct timeout_net *tn)
{
	const struct timeout_vector *v;
	unsigned int live = 0;

	list_for_each_entry(v, &tn->live, node)
		live++;
	pom_info(tn->net, "TIMEOUT --set: this namespace has %u different lists in rules, and %u of deleted rules that connections may still have; the limit is %u\n",
		 live, tn->count - live, TIMEOUT_VECTORS_MAX);
	return -ENOSPC;
}

/* Under the lock. Returns a new vector in the list @live, or an error. */
static struct timeout_vector *
timeout_vector_add(struct timeout_net *tn, const struct xt_timeout_tginfo *info)
{
	struct timeout_vector *v;

	if (tn->count >= TIMEOUT_VECTORS_MAX)
		return ERR_PTR(timeout_vectors_full(tn));
	v = vector_create(tn->net, info);
	if (!v)
		return ERR_PTR(-ENOMEM);
	list_add(&v->node, &tn->live);
	tn->count++;
	return v;
}

/**
 * timeout_vector_get() - the vector of a rule
 * @net: the network namespace
 * @info: the rule, checked
 *
 * Process context.
 *
 * Return: the vector, for timeout_vector_put(); -ENOSPC, with the reason in the
 * log, or -ENOMEM
 */
struct timeout_vector *timeout_vector_get(struct net *net,
					  const struct xt_timeout_tginfo *info)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);
	struct timeout_vector *v;

	mutex_lock(&tn->lock);
	v = timeout_vector_find(tn, info);
	if (!v)
		v = timeout_vector_add(tn, info);
	if (!IS_ERR(v))
		v->rules++;
	mutex_unlock(&tn->lock);
	return v;
}

/**
 * timeout_vector_put() - undo timeout_vector_get()
 * @net: the network namespace, which may be at its end
 * @v: the vector; no packet is in the rule any more
 *
 * Process context.
 */
void timeout_vector_put(struct net *net, struct timeout_vector *v)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);

	mutex_lock(&tn->lock);
	if (--v->rules)
		goto unlock;
	list_del(&v->node);
	vector_retire(net, v);
	if (tn->dead) {
		tn->count--;
		vector_free(v);
		goto unlock;
	}
	/* Later ones do not postpone the visit. */
	if (list_empty(&tn->retired) && !tn->closing)
		mod_delayed_work(timeout_wq, &tn->work, TIMEOUT_WAIT_MIN);
	list_add(&v->node, &tn->retired);
unlock:
	mutex_unlock(&tn->lock);
}

/*
 * GRE's timeouts are in the connection, too. Those that the pptp helper has
 * chosen were replaced by the rule.
 */
static void timeout_reset_gre(struct nf_conn *ct)
{
#ifdef CONFIG_NF_CT_PROTO_GRE
	struct pom_ct_timeouts of = pom_ct_timeouts(nf_ct_net(ct), IPPROTO_GRE);

	WRITE_ONCE(ct->proto.gre.timeout,
		   READ_ONCE(of.value[GRE_CT_UNREPLIED]));
	WRITE_ONCE(ct->proto.gre.stream_timeout,
		   READ_ONCE(of.value[GRE_CT_REPLIED]));
#endif
}

/*
 * Takes a retired vector from a connection in the table; all vectors, where
 * @data is NULL. Packets may give the connection another vector meanwhile.
 * nf_ct_untimeout() would not notice that, and needs a walk for each protocol.
 */
static int timeout_take(struct nf_conn *ct, void *data)
{
	struct nf_conn_timeout *ext = nf_ct_timeout_find(ct);
	struct nf_ct_timeout *t;

	if (!ext)
		return 0;
	rcu_read_lock();
	t = rcu_dereference(ext->timeout);
	if (!t || !timeout_is_ours(t) ||
	    (data && READ_ONCE(t->l3num) != TIMEOUT_RETIRED))
		goto unlock;
	if (cmpxchg((struct nf_ct_timeout __force **)&ext->timeout, t, NULL) !=
	    t)
		goto unlock;
	if (nf_ct_protonum(ct) == IPPROTO_GRE)
		timeout_reset_gre(ct);
	pom_ct_timeout_put(t);
unlock:
	rcu_read_unlock();
	return 0;
}

/*
 * Returns true where it postpones the visit. The pause does not concern the
 * namespaces of the host's own users. Of those that wait, a random one is next.
 */
static bool timeout_postpone(struct timeout_net *tn)
{
	s64 wait_us = ktime_us_delta(timeout_pause_end, ktime_get());

	if (tn->net->user_ns == &init_user_ns || wait_us <= 0)
		return false;
	queue_delayed_work(timeout_wq, &tn->work,
			   usecs_to_jiffies(wait_us) + get_random_u32() % HZ);
	return true;
}

/* Returns true where @dying has got vectors. */
static bool timeout_take_retired(struct timeout_net *tn)
{
	bool some;

	mutex_lock(&tn->lock);
	some = !list_empty(&tn->retired);
	list_splice_tail_init(&tn->retired, &tn->dying);
	mutex_unlock(&tn->lock);
	return some;
}

/* Returns true where a walk may find the last connection of a vector. */
static bool timeout_update_dying(struct timeout_net *tn)
{
	struct timeout_vector *v;
	bool may_be_last = false;

	mutex_lock(&tn->lock);
	list_for_each_entry(v, &tn->dying, node) {
		vector_follow_all(tn->net, v);
		pom_ct_unseen_update(tn->net, v->unseen);
		may_be_last |= pom_ct_unseen_may_be_last(v->unseen);
	}
	mutex_unlock(&tn->lock);
	return may_be_last;
}

/* Without the lock, under which rules are checked: a walk takes long. */
static void timeout_walk(struct timeout_net *tn)
{
	ktime_t begin;
	u64 pause_us;

	/* Connections that left a list are in the table. */
	if (pom_ct_unseen_longs())
		synchronize_rcu();
	begin = ktime_get();
	pom_ct_walk(tn->net, timeout_take, tn);
	pause_us = TIMEOUT_PAUSE * ktime_us_delta(ktime_get(), begin);
	pause_us = min_t(u64, pause_us,
			 jiffies_to_usecs(TIMEOUT_WAIT_MAX));
	timeout_pause_end = ktime_add_us(ktime_get(), pause_us);
}

/* After a walk. */
static void timeout_free_dying(struct timeout_net *tn)
{
	struct timeout_vector *v, *next;

	mutex_lock(&tn->lock);
	list_for_each_entry_safe(v, next, &tn->dying, node) {
		if (!vector_is_unused(v))
			continue;
		list_del(&v->node);
		vector_free(v);
		tn->count--;
	}
	mutex_unlock(&tn->lock);
}

static void timeout_come_back(struct timeout_net *tn)
{
	unsigned long wait = tn->wait;
	bool done;

	mutex_lock(&tn->lock);
	done = list_empty(&tn->dying);
	mutex_unlock(&tn->lock);
	if (done || (wait == TIMEOUT_WAIT_MAX && !pom_ct_timeout_is_followed()))
		return;
	tn->wait = min(2 * wait, TIMEOUT_WAIT_MAX);
	/* A regular visit might always meet a regular packet. */
	if (pom_ct_unseen_longs())
		wait = HZ / 10 + get_random_u32() % HZ;
	queue_delayed_work(timeout_wq, &tn->work, wait);
}

static void timeout_work(struct work_struct *work)
{
	struct timeout_net *tn = container_of(to_delayed_work(work),
					      struct timeout_net, work);
	bool some, walk;

	if (timeout_postpone(tn))
		return;
	some = timeout_take_retired(tn);
	if (some)
		tn->wait = TIMEOUT_WAIT_MIN;
	/* Packets that were in a rule have given what it had to give. */
	if (some && !READ_ONCE(tn->closing))
		synchronize_rcu();
	walk = timeout_update_dying(tn) || some;
	/* Namespaces end one after another, and wait for a worker that runs. */
	if (READ_ONCE(tn->closing))
		return;
	if (walk) {
		timeout_walk(tn);
		timeout_free_dying(tn);
	}
	timeout_come_back(tn);
}

/* ---- a place for timeouts in each new connection ---- */

/*
 * On Linux 5.10, nftables makes an expectation of a connection that is not
 * confirmed. The expectation points into the connection's extensions, and one
 * extension more may move them. Its timer also writes there, under this lock.
 * Only this CPU adds expectations to a connection that is not confirmed.
 */
static bool timeout_has_expectations(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	bool none;

	if (!help)
		return false;
	spin_lock_bh(&nf_conntrack_expect_lock);
	none = hlist_empty(&help->expectations);
	spin_unlock_bh(&nf_conntrack_expect_lock);
	return !none;
}

/**
 * timeout_place() - find a connection's place for timeouts, or add it
 * @ct: the connection, whose packet the caller looks at
 *
 * Packet path. A connection that is confirmed gets no place, nor does one that
 * has expectations.
 *
 * Return: the place, or NULL
 */
struct nf_conn_timeout *timeout_place(struct nf_conn *ct)
{
	struct nf_conn_timeout *ext = nf_ct_timeout_find(ct);

	if (ext || nf_ct_is_confirmed(ct) || timeout_has_expectations(ct))
		return ext;
	return nf_ct_ext_add(ct, NF_CT_EXT_TIMEOUT, GFP_ATOMIC);
}

/*
 * The last hook before a connection is confirmed, after which it cannot get an
 * extension any more. By then, other targets have given it theirs.
 */
static unsigned int timeout_hook(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct timeout_net *tn = net_generic(state->net, timeout_net_id);
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (ct && !nf_ct_is_confirmed(ct) && !nf_ct_is_template(ct) &&
	    READ_ONCE(tn->users))
		timeout_place(ct);
	return NF_ACCEPT;
}

/*
 * IPv6 confirms local connections one step before all others. Of two hooks with
 * the same priority, the kernel calls the one first that was registered later.
 */
#define TIMEOUT_PRIORITY	(NF_IP_PRI_CONNTRACK_CONFIRM - 2)

#define TIMEOUT_HOOK(family, number) {					\
	.hook		= timeout_hook,					\
	.pf		= (family),					\
	.hooknum	= (number),					\
	.priority	= TIMEOUT_PRIORITY,				\
}

enum { TIMEOUT_HOOKS = 2 };

static const struct nf_hook_ops timeout_hooks[][TIMEOUT_HOOKS] = {
	{
		TIMEOUT_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN),
		TIMEOUT_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING),
	},
	{
		TIMEOUT_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_IN),
		TIMEOUT_HOOK(NFPROTO_IPV6, NF_INET_POST_ROUTING),
	},
};

/**
 * timeout_hooks_get() - a rule with TIMEOUT is added
 * @net: the network namespace
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Process context.
 *
 * Return: 0, or an error of nf_register_net_hooks()
 */
int timeout_hooks_get(struct net *net, u8 family)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);
	unsigned int i = family == NFPROTO_IPV6;
	int err = 0;

	mutex_lock(&tn->lock);
	if (!(tn->hooked & BIT(i)))
		err = nf_register_net_hooks(net, timeout_hooks[i],
					    TIMEOUT_HOOKS);
	if (!err) {
		tn->hooked |= BIT(i);
		WRITE_ONCE(tn->users, tn->users + 1);
	}
	mutex_unlock(&tn->lock);
	return err;
}

/**
 * timeout_hooks_put() - undo timeout_hooks_get()
 * @net: the network namespace
 *
 * Process context.
 */
void timeout_hooks_put(struct net *net)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);

	mutex_lock(&tn->lock);
	WRITE_ONCE(tn->users, tn->users - 1);
	mutex_unlock(&tn->lock);
}

/* ---- namespaces ---- */

static int __net_init timeout_net_init(struct net *net)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);

	tn->net = net;
	mutex_init(&tn->lock);
	INIT_LIST_HEAD(&tn->live);
	INIT_LIST_HEAD(&tn->retired);
	INIT_LIST_HEAD(&tn->dying);
	tn->wait = TIMEOUT_WAIT_MIN;
	INIT_DELAYED_WORK(&tn->work, timeout_work);
	return 0;
}

/*
 * A rule that ends with its namespace needs no visit of the worker. Packets may
 * run the hooks until the grace period that follows.
 */
static void __net_exit timeout_net_pre_exit(struct net *net)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);
	unsigned int i;

	mutex_lock(&tn->lock);
	WRITE_ONCE(tn->closing, true);
	mutex_unlock(&tn->lock);
	for (i = 0; i < ARRAY_SIZE(timeout_hooks); i++)
		if (tn->hooked & BIT(i))
			nf_unregister_net_hooks(net, timeout_hooks[i],
						TIMEOUT_HOOKS);
}

static void timeout_net_free(struct timeout_net *tn)
{
	struct timeout_vector *v, *next;

	list_for_each_entry_safe(v, next, &tn->dying, node) {
		list_del(&v->node);
		vector_free(v);
		tn->count--;
	}
}

/*
 * When a namespace ends, no packet runs in it any more, and conntrack frees its
 * connections next, without reading their timeouts. Its rules may be destroyed
 * later, and then free their vectors. When the module is unloaded, there are no
 * rules, and the connections that remain have no vector.
 */
static void __net_exit timeout_net_exit(struct net *net)
{
	struct timeout_net *tn = net_generic(net, timeout_net_id);

	cancel_delayed_work_sync(&tn->work);
	mutex_lock(&tn->lock);
	tn->dead = true;
	list_splice_tail_init(&tn->retired, &tn->dying);
	timeout_net_free(tn);
	mutex_unlock(&tn->lock);
}

static struct pernet_operations timeout_net_ops = {
	.init	= timeout_net_init,
	.pre_exit = timeout_net_pre_exit,
	.exit	= timeout_net_exit,
	.id	= &timeout_net_id,
	.size	= sizeof(struct timeout_net),
};

int __init timeout_vector_init(void)
{
	int err;

	timeout_wq = alloc_ordered_workqueue("xt_timeout", 0);
	if (!timeout_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&timeout_net_ops);
	if (err)
		destroy_workqueue(timeout_wq);
	return err;
}

void timeout_vector_exit(void)
{
	/*
	 * No rules are left, but perhaps connections with a retired vector. It
	 * would keep the values of now, and this module would not know it when
	 * it is loaded again.
	 */
	if (atomic_read(&timeout_vectors))
		pom_ct_timeout_flush(timeout_take);
	unregister_pernet_subsys(&timeout_net_ops);
	destroy_workqueue(timeout_wq);
}
