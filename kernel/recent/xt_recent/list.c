// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of a network namespace, and the parameters of the module.
 *
 * A list exists as long as a rule mentions it. It is freed by a worker: a
 * namespace that ends, or a rule set that is replaced, waits for no list.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/suspend.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "lib/account.h"
#include "lib/log.h"
#include "recent/xt_recent/internal.h"

/* Lists of all namespaces by recent_list.id, which is not 0. */
struct xarray recent_lists = XARRAY_INIT(recent_lists, XA_FLAGS_ALLOC1);
/* Resizing, expiry and freeing: lists may outlive their namespaces. */
struct workqueue_struct *recent_wq __read_mostly;

static unsigned int recent_net_id __read_mostly;

struct recent_range {
	unsigned int value, min, max;
};

static int recent_range_set(const char *text, const struct kernel_param *kp)
{
	struct recent_range *p = kp->arg;
	unsigned int value;

	if (kstrtouint(text, 0, &value) || value < p->min || value > p->max) {
		pr_err("%s: wanted a number from %u to %u\n", kp->name, p->min,
		       p->max);
		return -EINVAL;
	}
	WRITE_ONCE(p->value, value);
	return 0;
}

static int recent_range_get(char *buf, const struct kernel_param *kp)
{
	struct recent_range *p = kp->arg;

	return scnprintf(buf, PAGE_SIZE, "%u\n", READ_ONCE(p->value));
}

static const struct kernel_param_ops recent_range_ops = {
	.set = recent_range_set,
	.get = recent_range_get,
};

static struct recent_range ip_list_tot = {
	.value = 100, .min = 1, .max = XT_RECENT_MAX_SIZE,
};

module_param_cb(ip_list_tot, &recent_range_ops, &ip_list_tot, 0644);
__MODULE_PARM_TYPE(ip_list_tot, "uint");
MODULE_PARM_DESC(ip_list_tot,
		 "how many addresses a list holds, unless a rule has --list-size (default: 100)");

static struct recent_range ip_pkt_list_tot = { .max = XT_RECENT_MAX_STAMPS };

module_param_cb(ip_pkt_list_tot, &recent_range_ops, &ip_pkt_list_tot, 0644);
__MODULE_PARM_TYPE(ip_pkt_list_tot, "uint");
MODULE_PARM_DESC(ip_pkt_list_tot,
		 "how many packets are remembered of each address, in lists created from now on; --hitcount and --list-stamps can raise it (default: 0, which means 5)");

static struct recent_range ip_list_hash_size = { .max = 1 << 24 };

module_param_cb(ip_list_hash_size, &recent_range_ops, &ip_list_hash_size, 0644);
__MODULE_PARM_TYPE(ip_list_hash_size, "uint");
MODULE_PARM_DESC(ip_list_hash_size,
		 "least number of buckets in the hash tables of lists created from now on; they grow as needed (default: 0, which means 16)");

static struct recent_range net_lists_max = {
	.value = 10000, .min = 1, .max = 1 << 20,
};

module_param_cb(net_lists_max, &recent_range_ops, &net_lists_max, 0644);
__MODULE_PARM_TYPE(net_lists_max, "uint");
MODULE_PARM_DESC(net_lists_max,
		 "most lists in one network namespace (default: 10000)");

/* The largest number is no user and no group. */
unsigned int recent_uid, recent_gid, recent_perms = 0644;
static int recent_id_set(const char *text, const struct kernel_param *kp)
{
	unsigned int value;

	if (kstrtouint(text, 0, &value) || value == UINT_MAX) {
		pr_err("%s: wanted a number from 0 to %u\n", kp->name,
		       UINT_MAX - 1);
		return -EINVAL;
	}
	WRITE_ONCE(*(unsigned int *)kp->arg, value);
	return 0;
}

/* procfs takes no permissions at all for everybody's to read. */
static int recent_perms_set(const char *text, const struct kernel_param *kp)
{
	unsigned int value;

	if (kstrtouint(text, 0, &value) || !value || value & ~0666) {
		pr_err("%s: wanted some of the read and write permissions 0666\n",
		       kp->name);
		return -EINVAL;
	}
	WRITE_ONCE(recent_perms, value);
	return 0;
}

static const struct kernel_param_ops recent_id_ops = {
	.set = recent_id_set,
	.get = param_get_uint,
};

static const struct kernel_param_ops recent_perms_ops = {
	.set = recent_perms_set,
	.get = param_get_uint,
};

module_param_cb(ip_list_perms, &recent_perms_ops, &recent_perms, 0644);
__MODULE_PARM_TYPE(ip_list_perms, "uint");
MODULE_PARM_DESC(ip_list_perms,
		 "permissions of the files of lists created from now on (default: 0644)");
module_param_cb(ip_list_uid, &recent_id_ops, &recent_uid, 0644);
__MODULE_PARM_TYPE(ip_list_uid, "uint");
MODULE_PARM_DESC(ip_list_uid,
		 "owner of the files of lists created from now on, a user id of the namespace; its root where it has no such user (default: 0)");
module_param_cb(ip_list_gid, &recent_id_ops, &recent_gid, 0644);
__MODULE_PARM_TYPE(ip_list_gid, "uint");
MODULE_PARM_DESC(ip_list_gid,
		 "group of the files of lists created from now on, a group id of the namespace; its root where it has no such group (default: 0)");

static struct account recent_account = ACCOUNT_INIT(recent_account);
module_param_named(net_memory_limit_mb, recent_account.net_limit_mb, uint,
		   0644);
MODULE_PARM_DESC(net_memory_limit_mb,
		 "most memory for lists, in MiB, in one network namespace (default: a quarter of the host's; 0, written later: no limit)");
module_param_named(memory_limit_mb, recent_account.owner_limit_mb, uint, 0644);
MODULE_PARM_DESC(memory_limit_mb,
		 "most memory for lists, in MiB, in all network namespaces that one user owns; those of the initial user namespace do not count (default: an eighth of the host's; 0, written later: no limit)");

bool recent_debug __read_mostly;
module_param_named(debug, recent_debug, bool, 0644);
MODULE_PARM_DESC(debug,
		 "log which addresses come and go, rate-limited (default: no)");

/* Ticks that jiffies missed while the host was asleep. */
atomic64_t recent_slept __read_mostly;

static ktime_t recent_asleep(void)
{
	return ktime_sub(ktime_get_boottime(), ktime_get());
}

static void recent_slept_add(ktime_t slept)
{
	atomic64_add(nsecs_to_jiffies64(ktime_to_ns(slept)), &recent_slept);
}

static int recent_pm(struct notifier_block *nb, unsigned long event, void *data)
{
	static ktime_t asleep;

	if (event == PM_SUSPEND_PREPARE || event == PM_HIBERNATION_PREPARE)
		asleep = recent_asleep();
	else if (event == PM_POST_SUSPEND || event == PM_POST_HIBERNATION)
		recent_slept_add(ktime_sub(recent_asleep(), asleep));
	return NOTIFY_DONE;
}

static struct notifier_block recent_pm_block = { .notifier_call = recent_pm };

struct recent_net *recent_pernet(const struct net *net)
{
	return net_generic(net, recent_net_id);
}

/* How many addresses a list may hold. */
u32 recent_list_size(const struct recent_list *list)
{
	return READ_ONCE(list->size) ? : READ_ONCE(ip_list_tot.value);
}

/* A list and what procfs needs for its two files, which is in no cgroup. */
#define RECENT_LIST_BYTES	(sizeof(struct recent_list) + 1024)

/* Work of its own, since it may take long. No reference is left. */
static void recent_list_free(struct work_struct *work)
{
	struct recent_list *list = container_of(work, struct recent_list,
						free_work);

	/* Expiry queues a resize, and a resize sets new limits at its end. */
	WRITE_ONCE(list->timeout, 0);
	cancel_delayed_work_sync(&list->expire_work);
	cancel_work_sync(&list->resize_work);
	spin_lock_bh(&list->lock);
	list->grow_at = U32_MAX;
	list->shrink_at = 0;
	spin_unlock_bh(&list->lock);
	recent_flush(list);
	/* Not before: a reader that follows a reused entry needs the owner. */
	if (list->id)
		xa_erase(&recent_lists, list->id);
	recent_table_free(list->account,
			  rcu_dereference_protected(list->table, true));
	account_uncharge(list->account, RECENT_LIST_BYTES);
	account_net_put(list->account);
	mem_cgroup_put(list->memcg);
	kfree(list);
}

static struct recent_list *recent_list_alloc(struct net *net, const char *name)
{
	struct account_net *account = recent_pernet(net)->account;
	u32 buckets = READ_ONCE(ip_list_hash_size.value);
	struct recent_list *list;
	struct recent_table *table;

	if (!account_charge(account, RECENT_LIST_BYTES))
		return NULL;
	list = kzalloc(sizeof(*list), GFP_KERNEL_ACCOUNT);
	if (!list)
		goto err_account;
	list->base_bits = order_base_2(max(buckets, 16U));
	table = recent_table_create(account, list->base_bits);
	if (!table)
		goto err_list;
	RCU_INIT_POINTER(list->table, table);
	recent_table_limits(list, list->base_bits, list->base_bits);
	account_net_get(account);
	list->account = account;
	list->memcg = get_mem_cgroup_from_mm(current->mm);
	list->net = net;
	get_random_bytes(&list->secret, sizeof(list->secret));
	list->stamps_asked = READ_ONCE(ip_pkt_list_tot.value) ? : RECENT_INLINE;
	list->stamps = list->stamps_asked;
	list->full = XT_RECENT_FULL_EVICT;
	list->mask[0].ip = htonl(U32_MAX);
	memset(&list->mask[1], 0xff, sizeof(list->mask[1]));
	refcount_set(&list->references, 1);
	spin_lock_init(&list->lock);
	INIT_LIST_HEAD(&list->order);
	list->late = RB_ROOT_CACHED;
	mutex_init(&list->resizing);
	INIT_WORK(&list->resize_work, recent_table_resize);
	INIT_WORK(&list->free_work, recent_list_free);
	INIT_DELAYED_WORK(&list->expire_work, recent_expire);
	strscpy(list->name, name, sizeof(list->name));
	return list;

err_list:
	kfree(list);
err_account:
	account_uncharge(account, RECENT_LIST_BYTES);
	return NULL;
}

/*
 * Sets what is not 0 or NULL. Under the namespace's lock. A list that was made
 * smaller is to be given to recent_trim().
 */
void recent_list_set(struct recent_list *list, u32 size, u32 stamps,
		     const u32 *timeout, u8 full)
{
	if (size)
		WRITE_ONCE(list->size, size);
	if (stamps)
		list->stamps_asked = stamps;
	WRITE_ONCE(list->stamps, max(list->stamps_asked, list->hit_count));
	if (timeout)
		WRITE_ONCE(list->timeout, *timeout);
	if (timeout && *timeout)
		mod_delayed_work(recent_wq, &list->expire_work, HZ / 2);
	if (full)
		WRITE_ONCE(list->full, full);
}

/*
 * Whether the mask is that of the family's first rule. Addresses that were
 * written before are under no mask: the caller removes those with other bits,
 * which no packet would find.
 */
static bool recent_list_set_mask(struct recent_list *list,
				 const struct recent_list_config *config)
{
	bool six = config->family == NFPROTO_IPV6;
	union nf_inet_addr mask = config->mask;

	if (!six)
		memset(&mask.all[1], 0, sizeof(mask) - sizeof(mask.ip));
	if (list->masked & 1 << six) {
		if (memcmp(&list->mask[six], &mask, sizeof(mask)))
			pom_info(list->net, "the list \"%s\" keeps the mask of its first rule; for another mask use another --name\n",
				 list->name);
		return false;
	}
	spin_lock_bh(&list->lock);
	list->mask[six] = mask;
	list->masked |= 1 << six;
	spin_unlock_bh(&list->lock);
	return true;
}

/*
 * Under the namespace's lock. A list does what the latest rule says. Returns
 * whether addresses are to be given to recent_remove_unmasked().
 */
static bool recent_list_configure(struct recent_list *list,
				  const struct recent_list_config *config)
{
	list->hit_count = max(list->hit_count, config->hit_count);
	recent_list_set(list, config->size, config->stamps,
			config->timeout ? &config->timeout : NULL,
			config->full);
	return recent_list_set_mask(list, config);
}

static struct recent_list *recent_list_lookup(struct recent_net *rn,
					      const char *name)
{
	struct recent_list *list;

	lockdep_assert_held(&rn->lock);
	list_for_each_entry(list, &rn->lists, member)
		if (!strcmp(list->name, name))
			return list;
	return NULL;
}

/*
 * After it, no ADD and no DEL is sent. SEE may still be: the packet or request
 * that causes it keeps the namespace.
 */
static void recent_list_leave(struct recent_list *list)
{
	spin_lock_bh(&list->lock);
	WRITE_ONCE(list->gone, true);
	spin_unlock_bh(&list->lock);
}

/* Under the namespace's lock. The list is complete before it can be seen. */
static struct recent_list *
recent_list_create(struct net *net, struct recent_net *rn,
		   const struct recent_list_config *config)
{
	struct recent_list *list;
	int err;
	u32 id;

	if (rn->count >= READ_ONCE(net_lists_max.value)) {
		pom_info(net, "--name %s: the network namespace has %u lists; more need a larger module parameter net_lists_max\n",
			 config->name, rn->count);
		return ERR_PTR(-ENOSPC);
	}
	list = recent_list_alloc(net, config->name);
	if (!list) {
		pom_info(net, "--name %s: cannot create the list: no memory, or no more than (net_)memory_limit_mb allows\n",
			 config->name);
		return ERR_PTR(-ENOMEM);
	}
	/* It sets the id even where it fails. Another list gets that one. */
	err = xa_alloc(&recent_lists, &id, list, xa_limit_31b,
		       GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_list;
	list->id = id;
	list->owner = id << 1;
	list->serial = ++rn->serial;
	recent_list_configure(list, config);
	err = recent_proc_add(rn, list);
	if (err)
		goto err_list;
	list_add_tail(&list->member, &rn->lists);
	rn->count++;
	return list;

err_list:
	/* One of its two files may have been open. */
	recent_list_leave(list);
	if (refcount_dec_and_test(&list->references))
		queue_work(recent_wq, &list->free_work);
	return ERR_PTR(err);
}

/**
 * recent_list_get - a rule begins to use a list
 * @net: the rule's namespace
 * @config: what the rule says, all of it valid
 *
 * Creates the list for the first rule. Process context.
 *
 * Return: the list, for recent_list_put(), or an ERR_PTR
 */
struct recent_list *recent_list_get(struct net *net,
				    const struct recent_list_config *config)
{
	struct recent_net *rn = recent_pernet(net);
	struct recent_list *list;
	bool unmasked = false;

	mutex_lock(&rn->lock);
	list = recent_list_lookup(rn, config->name);
	if (list)
		unmasked = recent_list_configure(list, config);
	else
		list = recent_list_create(net, rn, config);
	if (!IS_ERR(list) && list->rules++)
		refcount_inc(&list->references);
	mutex_unlock(&rn->lock);
	if (IS_ERR(list))
		return list;
	if (unmasked)
		recent_remove_unmasked(list, config->family);
	recent_trim(list);
	return list;
}

/* The list of that name, for recent_list_put(), or NULL. Process context. */
struct recent_list *recent_list_find(struct net *net, const char *name)
{
	struct recent_net *rn = recent_pernet(net);
	struct recent_list *list;

	mutex_lock(&rn->lock);
	list = recent_list_lookup(rn, name);
	if (list)
		refcount_inc(&list->references);
	mutex_unlock(&rn->lock);
	return list;
}

/**
 * recent_list_put - give a list back
 * @list: from recent_list_get() or recent_list_find()
 * @rule: by a rule; no packet may be under way in it. The last rule takes the
 *	list's name, files and events along.
 *
 * Process context.
 */
void recent_list_put(struct recent_list *list, bool rule)
{
	struct recent_net *rn = recent_pernet(list->net);

	mutex_lock(&rn->lock);
	if (rule && --list->rules == 0) {
		list_del(&list->member);
		rn->count--;
		recent_proc_remove(list);
		recent_list_leave(list);
	}
	mutex_unlock(&rn->lock);
	if (refcount_dec_and_test(&list->references))
		queue_work(recent_wq, &list->free_work);
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

/* May run before the rules of the namespace are destroyed. */
static void __net_exit recent_net_exit(struct net *net)
{
	struct recent_net *rn = recent_pernet(net);
	struct recent_list *list;

	mutex_lock(&rn->lock);
	list_for_each_entry(list, &rn->lists, member) {
		recent_proc_remove(list);
		recent_list_leave(list);
		cond_resched();
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

int __init recent_list_init(void)
{
	unsigned long host_mb = totalram_pages() >> (20 - PAGE_SHIFT);
	int err;

	if (!recent_account.net_limit_mb)
		recent_account.net_limit_mb = max(host_mb / 4, 1UL);
	if (!recent_account.owner_limit_mb)
		recent_account.owner_limit_mb = max(host_mb / 8, 1UL);
	recent_wq = alloc_workqueue("xt_recent", WQ_UNBOUND, 0);
	if (!recent_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&recent_net_ops);
	if (err)
		destroy_workqueue(recent_wq);
	else
		register_pm_notifier(&recent_pm_block);
	return err;
}

void recent_list_exit(void)
{
	unregister_pm_notifier(&recent_pm_block);
	unregister_pernet_subsys(&recent_net_ops);
	destroy_workqueue(recent_wq); /* waits until all lists are freed */
}
