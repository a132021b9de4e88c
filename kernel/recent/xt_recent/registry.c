// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of a network namespace: who they are, how long they live, and
 * what rules want of them.
 *
 * A list exists as long as a rule names it. A rule of revision 2 points to
 * its list; one of an older revision has space for a number only, which leads
 * to it.
 *
 * When a namespace is torn down, recent_net_exit() may run before the rules
 * of that namespace are destroyed: it takes the files away and leaves the
 * lists to the rules. The per-namespace data itself stays until all exit
 * functions of the namespace are through.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "recent/xt_recent/recent.h"

unsigned int recent_net_id __read_mostly;

struct recent_net *recent_pernet(const struct net *net)
{
	return net_generic(net, recent_net_id);
}

/**
 * recent_list_size - how many addresses a list may hold
 * @list: the list
 */
u32 recent_list_size(const struct recent_list *list)
{
	return READ_ONCE(list->size) ? : recent_param_get(&recent_list_tot);
}

/**
 * recent_list_find - the list of that name
 * @rn: where; its lock is held
 * @name: NUL-terminated
 *
 * Return: the list, no reference taken, or NULL
 */
struct recent_list *recent_list_find(struct recent_net *rn, const char *name)
{
	struct recent_list *list;

	lockdep_assert_held(&rn->lock);
	list_for_each_entry(list, &rn->lists, member)
		if (!strcmp(list->name, name))
			return list;
	return NULL;
}

/* Under rn->lock. Gives a list its number. */
static int recent_slot_get(struct recent_net *rn, struct recent_list *list)
{
	struct recent_slots *slots, *old;
	u32 i, size = 0;

	old = rcu_dereference_protected(rn->slots, lockdep_is_held(&rn->lock));
	if (old)
		size = old->size;
	for (i = 0; i < size; i++)
		if (!old->list[i])
			break;
	if (i == size) {
		size = size ? 2 * size : 8;
		slots = kvzalloc(struct_size(slots, list, size),
				 GFP_KERNEL_ACCOUNT);
		if (!slots)
			return -ENOMEM;
		slots->size = size;
		if (old)
			memcpy(slots->list, old->list,
			       old->size * sizeof(old->list[0]));
		rcu_assign_pointer(rn->slots, slots);
		if (old) {
			synchronize_rcu();
			kvfree(old);
		}
		old = slots;
	}
	WRITE_ONCE(old->list[i], list);
	list->id = i;
	return 0;
}

/* Under rn->lock, the list no longer among rn->lists. */
static void recent_slot_put(struct recent_net *rn, struct recent_list *list)
{
	struct recent_slots *slots;

	slots = rcu_dereference_protected(rn->slots,
					  lockdep_is_held(&rn->lock));
	WRITE_ONCE(slots->list[list->id], NULL);
	if (list_empty(&rn->lists)) {
		/* There is no rule that could read it. */
		RCU_INIT_POINTER(rn->slots, NULL);
		kvfree(slots);
	}
}

static struct recent_list *recent_list_alloc(struct net *net, const char *name)
{
	struct account_net *account = recent_pernet(net)->account;
	struct recent_list *list;
	struct recent_buckets *table;

	if (!account_charge(account, sizeof(*list), ACCOUNT_COMMON))
		return NULL;
	list = kzalloc(sizeof(*list), GFP_KERNEL_ACCOUNT);
	if (!list)
		goto err_account;
	table = recent_table_create(account,
				    recent_param_get(&recent_hash_size));
	if (!table)
		goto err_list;
	account_net_get(account);
	list->account = account;
	RCU_INIT_POINTER(list->table, table);
	list->grow_at = 1U << (32 - table->shift);
	list->net = net;
	list->oldest = U64_MAX;
	list->order = RB_ROOT_CACHED;
	list->stamps_asked = recent_param_get(&recent_pkt_list_tot) ? :
			     RECENT_STAMPS_INLINE;
	list->stamps = list->stamps_asked;
	list->full = XT_RECENT_FULL_EVICT;
	list->mask[0].ip = htonl(U32_MAX);
	memset(&list->mask[1], 0xff, sizeof(list->mask[1]));
	get_random_bytes(&list->secret, sizeof(list->secret));
	spin_lock_init(&list->lock);
	mutex_init(&list->resizing);
	INIT_WORK(&list->resize_work, recent_table_resize);
	INIT_DELAYED_WORK(&list->expire_work, recent_expire);
	strscpy(list->name, name, sizeof(list->name));
	return list;

err_list:
	kfree(list);
err_account:
	account_uncharge(account, sizeof(*list));
	return NULL;
}

/* The namespace's sockets may be gone before its lists are. */
static void recent_list_silence(struct recent_list *list)
{
	spin_lock_bh(&list->lock);
	WRITE_ONCE(list->silent, true);
	spin_unlock_bh(&list->lock);
}

/* No packet, no file and no other rule knows the list any more. */
static void recent_list_free(struct recent_list *list)
{
	recent_list_silence(list);
	WRITE_ONCE(list->timeout_ms, 0);
	cancel_delayed_work_sync(&list->expire_work);
	recent_flush(list);
	cancel_work_sync(&list->resize_work);
	recent_table_free(list->account,
			  rcu_dereference_protected(list->table, true));
	account_uncharge(list->account, sizeof(*list));
	account_net_put(list->account);
	kfree(list);
}

/* Under rn->lock. */
static struct recent_list *recent_list_create(struct net *net,
					      struct recent_net *rn,
					      const char *name)
{
	struct recent_list *list = recent_list_alloc(net, name);
	int err;

	if (!list) {
		pr_info_ratelimited("--name: no list more: no memory, or no more than (net_)memory_limit_mb allows\n");
		return ERR_PTR(-ENOMEM);
	}
	err = recent_slot_get(rn, list);
	if (err)
		goto err_list;
	err = recent_proc_add(rn, list);
	if (err)
		goto err_slot;
	list_add_tail(&list->member, &rn->lists);
	return list;

err_slot:
	recent_slot_put(rn, list);
err_list:
	recent_list_free(list);
	return ERR_PTR(err);
}

/**
 * recent_list_set_size - how many addresses a list may hold from now on
 * @list: the list; its namespace's lock is held
 * @size: 1 to XT_RECENT_MAX_SIZE
 *
 * Of those that are too many, the ones unseen for longest go.
 */
void recent_list_set_size(struct recent_list *list, u32 size)
{
	WRITE_ONCE(list->size, size);
	recent_trim(list);
}

/**
 * recent_list_set_timeout - when addresses are to be forgotten
 * @list: the list; its namespace's lock is held
 * @seconds: after they were last seen; 0 for never
 */
void recent_list_set_timeout(struct recent_list *list, u32 seconds)
{
	WRITE_ONCE(list->timeout_ms, (u64)seconds * MSEC_PER_SEC);
	if (seconds)
		mod_delayed_work(system_power_efficient_wq, &list->expire_work,
				 msecs_to_jiffies(500));
}

/**
 * recent_list_set_stamps - how many times an address may have
 * @list: the list; its namespace's lock is held
 * @stamps: 1 to XT_RECENT_MAX_STAMPS; a rule's hit_count may make it more
 */
void recent_list_set_stamps(struct recent_list *list, u32 stamps)
{
	list->stamps_asked = stamps;
	WRITE_ONCE(list->stamps, max(stamps, list->hit_count));
}

static void recent_list_set_mask(struct recent_list *list,
				 const struct recent_wish *wish)
{
	bool six = wish->family == NFPROTO_IPV6;
	union nf_inet_addr mask = wish->mask;
	u8 bit = 1 << six;

	if (!six)
		memset(&mask.all[1], 0, sizeof(mask) - sizeof(mask.ip));
	if (!(list->masked & bit)) {
		list->mask[six] = mask;
		list->masked |= bit;
	} else if (memcmp(&list->mask[six], &mask, sizeof(mask))) {
		pr_info_ratelimited("the list \"%s\" keeps the mask of its first rule; this one has another, which needs a list of another --name\n",
				    list->name);
	}
}

/* Under rn->lock. A list does what the latest rule says, and no rule unsays. */
static void recent_list_wish(struct recent_list *list,
			     const struct recent_wish *wish)
{
	list->hit_count = max(list->hit_count, wish->hit_count);
	recent_list_set_stamps(list, wish->stamps ? : list->stamps_asked);
	recent_list_set_mask(list, wish);
	if (wish->size)
		recent_list_set_size(list, wish->size);
	if (wish->timeout)
		recent_list_set_timeout(list, wish->timeout);
	if (wish->full)
		WRITE_ONCE(list->full, wish->full);
}

/**
 * recent_list_get - a rule begins to use a list
 * @net: the rule's namespace
 * @wish: what the rule says, all of it valid
 *
 * Creates the list for the first rule. Process context.
 *
 * Return: the list, to be given back with recent_list_put(), or an ERR_PTR
 */
struct recent_list *recent_list_get(struct net *net,
				    const struct recent_wish *wish)
{
	struct recent_net *rn = recent_pernet(net);
	struct recent_list *list;

	mutex_lock(&rn->lock);
	list = recent_list_find(rn, wish->name);
	if (!list)
		list = recent_list_create(net, rn, wish->name);
	if (!IS_ERR(list)) {
		recent_list_wish(list, wish);
		list->rules++;
	}
	mutex_unlock(&rn->lock);
	return list;
}

/**
 * recent_list_put - a rule no longer uses a list
 * @net: the rule's namespace
 * @list: what recent_list_get() returned
 *
 * No packet may be under way in that rule. Process context.
 */
void recent_list_put(struct net *net, struct recent_list *list)
{
	struct recent_net *rn = recent_pernet(net);
	bool last;

	mutex_lock(&rn->lock);
	last = --list->rules == 0;
	if (last) {
		list_del(&list->member);
		recent_proc_remove(list);
		recent_slot_put(rn, list);
	}
	mutex_unlock(&rn->lock);
	if (last)
		recent_list_free(list);
}

static int __net_init recent_net_init(struct net *net)
{
	struct recent_net *rn = recent_pernet(net);
	int err;

	mutex_init(&rn->lock);
	INIT_LIST_HEAD(&rn->lists);
	rn->account = account_net_create(&recent_account, net);
	if (!rn->account)
		return -ENOMEM;
	err = recent_proc_net_init(net, rn);
	if (err)
		account_net_put(rn->account);
	return err;
}

static void __net_exit recent_net_exit(struct net *net)
{
	struct recent_net *rn = recent_pernet(net);
	struct recent_list *list;

	mutex_lock(&rn->lock);
	list_for_each_entry(list, &rn->lists, member) {
		recent_proc_remove(list);
		recent_list_silence(list);
	}
	mutex_unlock(&rn->lock);
	recent_proc_net_exit(net, rn);
	account_net_put(rn->account);
}

static struct pernet_operations recent_net_ops = {
	.init	= recent_net_init,
	.exit	= recent_net_exit,
	.id	= &recent_net_id,
	.size	= sizeof(struct recent_net),
};

int __init recent_registry_init(void)
{
	return register_pernet_subsys(&recent_net_ops);
}

void recent_registry_exit(void)
{
	unregister_pernet_subsys(&recent_net_ops);
}
