// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source of events: a tap of the kernel's notifier, and a hook that lets
 * the kernel make events of new connections. Both are there only after a
 * program has asked for events.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

#include "compat/ct_events.h"
#include "ctnetlink/nf_ctnetlink_events/choice.h"
#include "ctnetlink/nf_ctnetlink_events/internal.h"

enum {
	/* Each costs every event of the namespace a comparison. */
	LISTENERS_MAX = 16,
};

#if POM_CT_TAP
static const struct {
	u32 events;
	u32 kind;
} tap_kinds[] = {
	{ BIT(IPCT_NEW) | BIT(IPCT_RELATED), NF_CTNETLINK_EVENT_NEW },
	{ BIT(IPCT_REPLY), NF_CTNETLINK_EVENT_REPLY },
	{ BIT(IPCT_ASSURED), NF_CTNETLINK_EVENT_ASSURED },
	{ BIT(IPCT_PROTOINFO), NF_CTNETLINK_EVENT_STATE },
	{ BIT(IPCT_MARK), NF_CTNETLINK_EVENT_MARK },
	{ BIT(IPCT_LABEL), NF_CTNETLINK_EVENT_LABELS },
	{ BIT(IPCT_HELPER), NF_CTNETLINK_EVENT_HELPER },
	{ BIT(IPCT_DESTROY), NF_CTNETLINK_EVENT_DESTROY },
};

static u32 kinds_of(u32 events)
{
	unsigned int i;
	u32 kinds = 0;

	for (i = 0; i < ARRAY_SIZE(tap_kinds); i++)
		if (events & tap_kinds[i].events)
			kinds |= tap_kinds[i].kind;
	return kinds;
}

/*
 * In an RCU read section. An event that the kernel's listener could not send
 * comes again, with the next one; only then it counts here.
 */
static int tap_ct_event(unsigned int events, pom_ct_event *item)
{
	struct ctn_events_net *en = ctn_events_net(nf_ct_net(item->ct));
	int ret = pom_ct_tap_next(&en->tap, events, item);
	struct ctn_listener *l;
	bool taken = false;
	u32 kinds;
	u16 choice;

	if (ret < 0 || list_empty(&en->listeners))
		return ret;
	kinds = kinds_of(events);
	choice = pom_ct_choice(item->ct);
	list_for_each_entry_rcu(l, &en->listeners, list)
		taken |= ctn_listener_event(l, kinds, item->ct,
					    choice & CTN_CHOICE_CHANNEL,
					    false);
	if (taken && choice & CTN_CHOICE_ONCE)
		pom_ct_choose(item->ct, CTN_CHOICE_NONE);
	return ret;
}

/*
 * The same. DESTROY is sent under nf_conntrack_expect_lock, under which a
 * master removes its expectations before it is freed. NEW is, too, or its
 * sender holds the master, on older kernels: then DESTROY may come first.
 */
static int tap_exp_event(unsigned int events, pom_exp_event *item)
{
	struct ctn_events_net *en = ctn_events_net(nf_ct_exp_net(item->exp));
	int ret = pom_ct_tap_next_exp(&en->tap, events, item);
	struct nf_conn *master = item->exp->master;
	struct ctn_listener *l;
	bool taken = false;
	u16 choice;
	u32 kind;

	if (list_empty(&en->listeners))
		return ret;
	choice = pom_ct_choice(master);
	kind = events & BIT(IPEXP_NEW) ? NF_CTNETLINK_EVENT_EXPECT_NEW :
					 NF_CTNETLINK_EVENT_EXPECT_DESTROY;
	list_for_each_entry_rcu(l, &en->listeners, list)
		taken |= ctn_listener_expect(l, kind, item->exp,
					     choice & CTN_CHOICE_CHANNEL);
	if (taken && choice & CTN_CHOICE_ONCE)
		pom_ct_choose(master, CTN_CHOICE_NONE);
	return ret;
}

static unsigned int tap_hook(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	if (!READ_ONCE(ctn_events_net(state->net)->all))
		return NF_ACCEPT;
	ct = nf_ct_get(skb, &ctinfo);
	if (ct && !nf_ct_is_confirmed(ct) && !nf_ct_is_template(ct))
		pom_ct_events_add(ct);
	return NF_ACCEPT;
}

#define TAP_HOOK(family, where, after) {				\
	.hook		= tap_hook,					\
	.pf		= (family),					\
	.hooknum	= (where),					\
	.priority	= (after) + 1,					\
}

static const struct nf_hook_ops tap_hooks[] = {
	TAP_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, NF_IP_PRI_CONNTRACK),
	TAP_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, NF_IP_PRI_CONNTRACK),
	TAP_HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING, NF_IP6_PRI_CONNTRACK),
	TAP_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT, NF_IP6_PRI_CONNTRACK),
};

static int hooks_register(struct net *net)
{
	return nf_register_net_hooks(net, tap_hooks, ARRAY_SIZE(tap_hooks));
}

static void hooks_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, tap_hooks, ARRAY_SIZE(tap_hooks));
}

static struct pom_ct_source tap_source =
	POM_CT_SOURCE_INIT(tap_source, tap_ct_event, tap_exp_event);

void ctn_tap_init(struct ctn_events_net *en)
{
	pom_ct_tap_init(&en->tap, &tap_source);
}

static void source_end(void)
{
	pom_ct_source_end(&tap_source);
}
#else
static int hooks_register(struct net *net)
{
	return -EOPNOTSUPP;
}

static void hooks_unregister(struct net *net)
{
}

void ctn_tap_init(struct ctn_events_net *en)
{
}

static void source_end(void)
{
}
#endif

/* Whether events come. */
bool ctn_tap_is_open(const struct net *net)
{
	return pom_ct_tap_is_open(net, &ctn_events_net(net)->tap);
}

/*
 * Under the lock. The tap may have been closed under earlier listeners, by
 * unloading nf_conntrack_netlink, which waits until no CPU is in it.
 */
static int tap_open(struct net *net, struct ctn_events_net *en)
{
	int err = 0;

	if (!en->hooked) {
		err = hooks_register(net);
		if (err)
			return err;
		en->hooked = true;
	}
	if (!ctn_tap_is_open(net))
		err = pom_ct_tap_open(net, &en->tap);
	return err;
}

/* Under the lock. */
static void tap_update(struct ctn_events_net *en)
{
	const struct ctn_listener *l;
	bool all = false;

	list_for_each_entry(l, &en->listeners, list)
		all |= !l->channel;
	WRITE_ONCE(en->all, all);
	WRITE_ONCE(en->active, en->count);
}

/* Whether a listener asks for events that an older connection may have. */
static bool is_for_old(const struct ctn_listener *l)
{
	return !l->channel && l->kinds & CTN_OLD_KINDS;
}

/*
 * Under the lock. The first such listener finds the older connections, before
 * it has events: its rings have no space for those of so long a time.
 */
static int old_begin(struct ctn_listener *l, struct ctn_events_net *en)
{
	struct ctn_old *old;

	if (en->old || !is_for_old(l))
		return 0;
	/* From now on, new connections have events of the kernel. */
	WRITE_ONCE(en->all, true);
	old = ctn_old_create(l->net, en);
	if (IS_ERR(old))
		return PTR_ERR(old);
	en->old = old;
	return 0;
}

/* Under the lock. */
static void old_end(struct ctn_events_net *en)
{
	const struct ctn_listener *l;

	list_for_each_entry(l, &en->listeners, list)
		if (is_for_old(l))
			return;
	if (en->old)
		ctn_old_free(en->old);
	en->old = NULL;
}

static int tap_add(struct ctn_listener *l)
{
	struct ctn_events_net *en = ctn_events_net(l->net);
	int err;

	mutex_lock(&en->lock);
	err = en->count < LISTENERS_MAX ? tap_open(l->net, en) : -EUSERS;
	if (err)
		goto unlock;
	err = old_begin(l, en);
	if (!err) {
		list_add_tail_rcu(&l->list, &en->listeners);
		en->count++;
	} else if (!en->count) {
		pom_ct_tap_close(l->net, &en->tap);
		/* As in ctn_tap_del(). */
		synchronize_rcu();
	}
	tap_update(en);
unlock:
	mutex_unlock(&en->lock);
	return err;
}

/**
 * ctn_tap_add() - begin to send events to a listener
 * @l: after ctn_listener_setup()
 *
 * Process context. Loads nf_conntrack_netlink, whose notifier the tap needs.
 *
 * Return: 0; -EUSERS where the namespace has too many listeners; -EOPNOTSUPP
 * where there is no notifier; -EAGAIN, an error of the hooks, or one of
 * ctn_old_create()
 */
int ctn_tap_add(struct ctn_listener *l)
{
	int err = tap_add(l);

	if (err == -ENOENT) {
		request_module("nf_conntrack_netlink");
		err = tap_add(l);
	}
	return err == -ENOENT ? -EOPNOTSUPP : err;
}

/**
 * ctn_tap_del() - end that
 * @l: after ctn_tap_add(), or one that was not added
 *
 * Process context; waits until no CPU uses the listener.
 */
void ctn_tap_del(struct ctn_listener *l)
{
	struct ctn_events_net *en = ctn_events_net(l->net);

	if (list_empty(&l->list))
		return;
	mutex_lock(&en->lock);
	list_del_rcu(&l->list);
	en->count--;
	tap_update(en);
	old_end(en);
	if (!en->count)
		pom_ct_tap_close(l->net, &en->tap);
	/* Before the lock is free, since the next tap_open() writes to it. */
	synchronize_rcu();
	INIT_LIST_HEAD(&l->list);
	mutex_unlock(&en->lock);
}

/*
 * Ends all listeners: nf_conntrack_netlink took its notifier away, and has
 * waited until no CPU is in it. Its memory is still there. Process context.
 */
void ctn_tap_end_all(void)
{
	struct ctn_events_net *en;
	struct ctn_listener *l;
	struct net *net;

	source_end();
	down_read(&net_rwsem);
	for_each_net(net) {
		en = ctn_events_net(net);
		rcu_read_lock();
		list_for_each_entry_rcu(l, &en->listeners, list) {
			WRITE_ONCE(l->ended, true);
			ctn_listener_wake(l);
		}
		rcu_read_unlock();
	}
	up_read(&net_rwsem);
}

/* There are no listeners: their files hold the namespace. */
void ctn_tap_pre_exit(struct net *net)
{
	struct ctn_events_net *en = ctn_events_net(net);

	if (en->hooked)
		hooks_unregister(net);
	en->hooked = false;
}
