// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of connections that began before the first listener. The kernel
 * decides with their first packet that it makes no events of them. A worker
 * holds them, and looks for changes every second, or for a tenth of the time.
 *
 * A connection that has ended keeps its memory, and counts as one of the
 * namespace, until the worker has seen its end.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#include "compat/compat.h"
#include "ctnetlink/nf_ctnetlink/internal.h"
#include "ctnetlink/nf_ctnetlink_events/internal.h"
#include "lib/account.h"
#include "lib/log.h"

enum {
	/* What a change of the status may tell. */
	OLD_STATUS = IPS_SEEN_REPLY | IPS_ASSURED,
	/* The worker sleeps so many times as long as it has worked. */
	OLD_SLEEP = 9,
};

/**
 * struct old_entry - a connection, and what listeners know of it
 * @ct: with a reference
 * @mark: its mark
 * @status: bits of OLD_STATUS
 * @state: of ctn_state()
 */
struct old_entry {
	struct nf_conn *ct;
	u32 mark;
	u16 status;
	u8 state;
};

/**
 * struct old_page - some of them; a page of memory, which is charged
 * @list: of struct ctn_old
 * @count: how many
 * @entry: the connections
 */
struct old_page {
	struct list_head list;
	unsigned int count;
	struct old_entry entry[];
};

#define OLD_PER_PAGE							\
	((PAGE_SIZE - sizeof(struct old_page)) / sizeof(struct old_entry))

/**
 * struct ctn_old - the older connections of a network namespace
 * @en: the network namespace
 * @list: of olds
 * @lock: of @pages
 * @pages: struct old_page
 * @work: the worker
 */
struct ctn_old {
	struct ctn_events_net *en;
	struct list_head list;
	struct mutex lock; /* of @pages */
	struct list_head pages;
	struct delayed_work work;
};

/* Each one that may hold connections. Taken before ctn_old.lock. */
static LIST_HEAD(olds);
static DEFINE_MUTEX(olds_lock);

/* What has changed since the last time, as NF_CTNETLINK_EVENT_*. */
static u32 entry_update(struct old_entry *e)
{
	u16 status = READ_ONCE(e->ct->status) & OLD_STATUS;
	u32 mark = READ_ONCE(e->ct->mark);
	u8 state = ctn_state(e->ct);
	u32 kinds = 0;

	if (status & ~e->status & IPS_SEEN_REPLY)
		kinds |= NF_CTNETLINK_EVENT_REPLY;
	if (status & ~e->status & IPS_ASSURED)
		kinds |= NF_CTNETLINK_EVENT_ASSURED;
	if (state != e->state)
		kinds |= NF_CTNETLINK_EVENT_STATE;
	if (mark != e->mark)
		kinds |= NF_CTNETLINK_EVENT_MARK;
	e->status = status;
	e->state = state;
	e->mark = mark;
	return kinds;
}

/* In an RCU read section. Returns whether the connection has ended. */
static bool entry_check(const struct ctn_old *old, struct old_entry *e)
{
	bool dead = nf_ct_is_dying(e->ct);
	u32 kinds = entry_update(e);
	struct ctn_listener *l;

	if (dead)
		kinds |= NF_CTNETLINK_EVENT_DESTROY;
	if (kinds)
		list_for_each_entry_rcu(l, &old->en->listeners, list)
			ctn_listener_event(l, kinds, e->ct, 0, dead);
	return dead;
}

static void page_check(const struct ctn_old *old, struct old_page *page)
{
	unsigned int i = 0;

	rcu_read_lock();
	while (i < page->count) {
		if (!entry_check(old, &page->entry[i])) {
			i++;
			continue;
		}
		nf_ct_put(page->entry[i].ct);
		page->entry[i] = page->entry[--page->count];
	}
	rcu_read_unlock();
}

static void page_free(const struct ctn_old *old, struct old_page *page)
{
	while (page->count)
		nf_ct_put(page->entry[--page->count].ct);
	list_del(&page->list);
	kfree(page);
	account_uncharge(old->en->account, PAGE_SIZE);
}

static void old_work(struct work_struct *work)
{
	struct ctn_old *old = container_of(to_delayed_work(work),
					   struct ctn_old, work);
	unsigned long begun = jiffies, pause;
	struct old_page *page, *next;
	bool empty;

	mutex_lock(&old->lock);
	list_for_each_entry_safe(page, next, &old->pages, list) {
		page_check(old, page);
		if (!page->count)
			page_free(old, page);
		cond_resched();
	}
	empty = list_empty(&old->pages);
	mutex_unlock(&old->lock);
	if (empty)
		return;
	pause = max_t(unsigned long, HZ, OLD_SLEEP * (jiffies - begun));
	queue_delayed_work(system_dfl_wq, &old->work, pause);
}

/* A page with space, or an error. */
static struct old_page *page_get(struct ctn_old *old)
{
	struct old_page *page = list_first_entry_or_null(&old->pages,
							 struct old_page, list);

	if (page && page->count < OLD_PER_PAGE)
		return page;
	if (!account_charge(old->en->account, PAGE_SIZE))
		return ERR_PTR(-ENOBUFS);
	page = kmalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);
	if (!page) {
		account_uncharge(old->en->account, PAGE_SIZE);
		return ERR_PTR(-ENOMEM);
	}
	page->count = 0;
	list_add(&page->list, &old->pages);
	return page;
}

static int old_add(struct ctn_old *old, struct nf_conn *ct)
{
	struct old_page *page;
	struct old_entry *e;

	if (nf_ct_ecache_find(ct))
		return 0;
	page = page_get(old);
	if (IS_ERR(page))
		return PTR_ERR(page);
	nf_conntrack_get(&ct->ct_general);
	e = &page->entry[page->count++];
	*e = (struct old_entry) { .ct = ct };
	entry_update(e);
	return 0;
}

static int old_collect(struct ctn_old *old, struct ctn_scan *scan)
{
	unsigned int i;
	int err = 0;

	pom_ctn_scan_begin(scan);
	while (!err && !scan->done) {
		err = pom_ctn_scan_next(scan, CTN_BATCH);
		for (i = 0; !err && i < scan->found; i++)
			err = old_add(old, scan->batch[i]);
		pom_ctn_scan_put(scan);
	}
	return err;
}

static int old_fill(struct ctn_old *old, struct net *net)
{
	struct ctn_scan *scan = kvzalloc(sizeof(*scan), GFP_KERNEL_ACCOUNT);
	const char *wrong;
	int err;

	if (!scan)
		return -ENOMEM;
	scan->net = net;
	scan->hold = true;
	scan->filter = pom_ctn_filter_create(NULL, 0, &wrong);
	if (IS_ERR(scan->filter)) {
		err = PTR_ERR(scan->filter);
		kvfree(scan);
		return err;
	}
	err = old_collect(old, scan);
	pom_ctn_scan_free(scan);
	kvfree(scan);
	return err;
}

/**
 * ctn_old_create() - find the connections without events, and begin to look
 * @net: their network namespace, which adds events to new connections by now
 * @en: the same
 *
 * Process context; takes up to a microsecond for each connection. Without
 * memory for all of them, the rest has no events, and a line in the log says
 * so.
 *
 * Return: for ctn_old_free(); -ENOMEM, or -EINTR where the process is being
 * killed
 */
struct ctn_old *ctn_old_create(struct net *net, struct ctn_events_net *en)
{
	struct ctn_old *old = kmalloc(sizeof(*old), GFP_KERNEL_ACCOUNT);
	int err;

	if (!old)
		return ERR_PTR(-ENOMEM);
	old->en = en;
	mutex_init(&old->lock);
	INIT_LIST_HEAD(&old->pages);
	INIT_DELAYED_WORK(&old->work, old_work);
	mutex_lock(&olds_lock);
	list_add(&old->list, &olds);
	mutex_unlock(&olds_lock);
	/*
	 * Packets that have passed the hook before. Of these, one that waits in
	 * a queue of user space is not in the table yet, and gets no events.
	 */
	synchronize_net();
	mutex_lock(&old->lock);
	err = old_fill(old, net);
	mutex_unlock(&old->lock);
	if (err == -ENOBUFS || err == -ENOMEM) {
		pom_info(net, "cannot watch all older connections: no memory, or no more than (net_)memory_limit_mb allows\n");
		err = 0;
	}
	if (err) {
		ctn_old_free(old);
		return ERR_PTR(err);
	}
	queue_delayed_work(system_dfl_wq, &old->work, HZ);
	return old;
}

/**
 * ctn_old_free() - undo ctn_old_create()
 * @old: of it
 *
 * Process context; sleeps.
 */
void ctn_old_free(struct ctn_old *old)
{
	struct old_page *page, *next;

	mutex_lock(&old->lock);
	list_for_each_entry_safe(page, next, &old->pages, list) {
		page_free(old, page);
		cond_resched();
	}
	mutex_unlock(&old->lock);
	/* Not before: ctn_old_flush() may still need to wait for this. */
	mutex_lock(&olds_lock);
	list_del(&old->list);
	mutex_unlock(&olds_lock);
	cancel_delayed_work_sync(&old->work);
	kfree(old);
}

/**
 * ctn_old_flush() - let go of all connections that have ended
 *
 * While a module is unloaded, after its exit function: up to 6.12, the kernel
 * asks the helper of a master when it frees a connection of GRE, and nf_nat
 * has pointers into a connection that was translated. Process context; sleeps.
 */
void ctn_old_flush(void)
{
	struct ctn_old *old;

	mutex_lock(&olds_lock);
	list_for_each_entry(old, &olds, list)
		mod_delayed_work(system_dfl_wq, &old->work, 0);
	list_for_each_entry(old, &olds, list)
		flush_delayed_work(&old->work);
	mutex_unlock(&olds_lock);
}
