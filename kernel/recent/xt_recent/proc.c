// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/xt_recent/NAME and /proc/net/ipt_recent/NAME: a list as a file,
 * in today's format and in that of 2003; /proc/net/xt_recent_stat: a line for
 * each list.
 *
 * Times are printed in ticks, as before, on a scale that is jiffies while the
 * machine has not slept; it does not jump, so a time reads the same tomorrow.
 */
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uidgid.h>
#include <net/net_namespace.h>
#include "compat/compat.h"
#include "lib/proc.h"
#include "recent/xt_recent/file.h"
#include "recent/xt_recent/recent.h"
#include "recent/xt_recent/seen.h"

static const char recent_dir[] = "xt_recent";
static const char recent_dir_classic[] = "ipt_recent";
static const char recent_stat[] = "xt_recent_stat";

/* How much is read at once: some 250 lines. */
#define RECENT_READ	(16 * 1024)

/* How many times are copied while the entry is locked. */
#define RECENT_COPY	32

/* What jiffies were when recent_now() was 0. */
static u64 recent_tick_zero __read_mostly;

static u64 recent_ticks(u64 ms)
{
	u32 rest;
	u64 seconds = div_u64_rem(ms, MSEC_PER_SEC, &rest);

	return seconds * HZ + rest * HZ / MSEC_PER_SEC;
}

static u64 recent_shown(u64 stamp)
{
	return recent_tick_zero + recent_ticks(stamp);
}

static void *recent_seq_after(struct recent_file *rf)
{
	return recent_table_find_after(rf->list, rf->told ? &rf->last : NULL);
}

static void recent_seq_told(struct recent_file *rf, const struct recent_entry *e)
{
	rf->last = recent_entry_key(e);
	rf->told++;
}

/* Continues after the last line, unless lseek() has moved the position. */
static void *recent_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	struct recent_file *rf = seq->private;
	struct recent_entry *e;

	mutex_lock(&rf->list->resizing);
	rcu_read_lock();
	if (*pos < rf->told)
		rf->told = 0;
	e = recent_seq_after(rf);
	while (e && rf->told < *pos) {
		recent_seq_told(rf, e);
		e = recent_seq_after(rf);
	}
	return e;
}

static void *recent_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct recent_file *rf = seq->private;

	recent_seq_told(rf, v);
	*pos = rf->told;
	return recent_seq_after(rf);
}

static void recent_seq_stop(struct seq_file *seq, void *v)
	__releases(RCU)
{
	struct recent_file *rf = seq->private;

	rcu_read_unlock();
	mutex_unlock(&rf->list->resizing);
}

/* Under the entry's lock. Some of its times, from @place on: how many. */
static u32 recent_copy_stamps(struct recent_entry *e, u32 place,
			      u64 stamp[RECENT_COPY])
{
	u32 n;

	for (n = 0; n < RECENT_COPY && place + n < e->count; n++)
		stamp[n] = recent_stamps_at(e, place + n);
	return n;
}

/* Without formats, whose interpretation takes longer than all else here. */
static void recent_seq_addr(struct seq_file *seq, const struct recent_entry *e)
{
	const u8 *byte = (const u8 *)&e->addr.ip;

	if (e->family != NFPROTO_IPV4) {
		seq_printf(seq, "src=%pI6", &e->addr.in6);
		return;
	}
	seq_put_decimal_ull(seq, "src=", byte[0]);
	seq_put_decimal_ull(seq, ".", byte[1]);
	seq_put_decimal_ull(seq, ".", byte[2]);
	seq_put_decimal_ull(seq, ".", byte[3]);
}

static int recent_seq_show(struct seq_file *seq, void *v)
{
	struct recent_file *rf = seq->private;
	struct recent_entry *e = v;
	const char *delimiter = " ";
	u64 stamp[RECENT_COPY], newest;
	u32 i, n, oldest, place = 0;
	bool there;
	u8 ttl;

	spin_lock_bh(&e->lock);
	there = e->count && !recent_expired(rf->list, e, recent_now());
	ttl = e->ttl;
	newest = there ? recent_stamps_newest(e) : 0;
	oldest = e->next ? : e->size;
	n = recent_copy_stamps(e, 0, stamp);
	spin_unlock_bh(&e->lock);
	if (!there)
		return SEQ_SKIP;

	recent_seq_addr(seq, e);
	seq_put_decimal_ull(seq, " ttl: ", ttl);
	seq_put_decimal_ull(seq, " last_seen: ", recent_shown(newest));
	seq_put_decimal_ull(seq, " oldest_pkt: ", oldest);
	if (rf->classic)
		seq_puts(seq, " last_pkts:");
	while (n) {
		for (i = 0; i < n; i++, delimiter = ", ")
			seq_put_decimal_ull(seq, delimiter,
					    recent_shown(stamp[i]));
		if (n < RECENT_COPY || seq_has_overflowed(seq))
			break;
		place += n;
		spin_lock_bh(&e->lock);
		n = recent_copy_stamps(e, place, stamp);
		spin_unlock_bh(&e->lock);
	}
	seq_putc(seq, '\n');
	return 0;
}

static const struct seq_operations recent_seq_ops = {
	.start	= recent_seq_start,
	.next	= recent_seq_next,
	.stop	= recent_seq_stop,
	.show	= recent_seq_show,
};

/* Without one, seq_file takes a page, and reading calls four times as often. */
static void recent_file_buffer(struct seq_file *seq)
{
	seq->buf = kvmalloc(RECENT_READ, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (seq->buf)
		seq->size = RECENT_READ;
}

static int recent_file_open(struct inode *inode, struct file *file,
			    bool classic)
{
	struct recent_list *list = pde_data(inode);
	struct recent_file *rf;

	/* Without a reference, the end of the namespace would wait for us. */
	if (!maybe_get_net(list->net))
		return -ENXIO;
	rf = __seq_open_private(file, &recent_seq_ops, sizeof(*rf));
	if (!rf) {
		put_net(list->net);
		return -ENOMEM;
	}
	rf->list = list;
	rf->classic = classic;
	mutex_init(&rf->writing);
	if (file->f_mode & FMODE_READ)
		recent_file_buffer(file->private_data);
	return 0;
}

static int recent_proc_open(struct inode *inode, struct file *file)
{
	return recent_file_open(inode, file, false);
}

static int recent_proc_open_classic(struct inode *inode, struct file *file)
{
	return recent_file_open(inode, file, true);
}

static int recent_proc_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;
	struct recent_file *rf = seq->private;
	struct net *net = rf->list->net;
	int err;

	recent_file_end(rf);
	err = seq_release_private(inode, file);
	put_net(net);
	return err;
}

static const struct proc_ops recent_proc_ops = {
	.proc_open	= recent_proc_open,
	.proc_read	= seq_read,
	.proc_write	= recent_file_write,
	.proc_lseek	= pom_proc_seq_lseek,
	.proc_release	= recent_proc_release,
};

static const struct proc_ops recent_proc_ops_classic = {
	.proc_open	= recent_proc_open_classic,
	.proc_read	= seq_read,
	.proc_write	= recent_file_write,
	.proc_lseek	= pom_proc_seq_lseek,
	.proc_release	= recent_proc_release,
};

static int recent_stat_show(struct seq_file *seq, void *v)
{
	struct recent_net *rn = recent_pernet(seq_file_single_net(seq));
	struct recent_stats stats;
	struct recent_list *list;
	u32 count;

	mutex_lock(&rn->lock);
	list_for_each_entry(list, &rn->lists, member) {
		spin_lock_bh(&list->lock);
		stats = list->stats;
		count = list->count;
		spin_unlock_bh(&list->lock);
		seq_escape(seq, list->name, " \t\n\\");
		seq_printf(seq, " entries=%u size=%u stamps=%u timeout=%llu full=%s memory=%ld",
			   count, recent_list_size(list), list->stamps,
			   div_u64(list->timeout_ms, MSEC_PER_SEC),
			   list->full == XT_RECENT_FULL_REFUSE ? "refuse" :
			   "evict", atomic_long_read(&list->memory));
		seq_printf(seq, " added=%llu evicted=%llu refused=%llu no_memory=%llu expired=%llu\n",
			   stats.added, stats.evicted, stats.refused,
			   stats.no_memory, stats.expired);
	}
	mutex_unlock(&rn->lock);
	return 0;
}

/* A user id that the namespace does not know falls back to its root. */
static kuid_t recent_file_uid(struct user_namespace *ns)
{
	kuid_t uid = make_kuid(ns, recent_param_get(&recent_uid));

	if (!uid_valid(uid))
		uid = make_kuid(ns, 0);
	return uid_valid(uid) ? uid : GLOBAL_ROOT_UID;
}

static kgid_t recent_file_gid(struct user_namespace *ns)
{
	kgid_t gid = make_kgid(ns, recent_param_get(&recent_gid));

	if (!gid_valid(gid))
		gid = make_kgid(ns, 0);
	return gid_valid(gid) ? gid : GLOBAL_ROOT_GID;
}

static struct proc_dir_entry *recent_file_create(struct recent_list *list,
						 struct proc_dir_entry *dir,
						 const struct proc_ops *ops)
{
	struct user_namespace *ns = list->net->user_ns;
	struct proc_dir_entry *pde;

	pde = proc_create_data(list->name, recent_param_get(&recent_perms), dir,
			       ops, list);
	if (pde)
		proc_set_user(pde, recent_file_uid(ns), recent_file_gid(ns));
	return pde;
}

/**
 * recent_proc_add - make the files of a list
 * @rn: its namespace's lists
 * @list: a complete list; it can be read and written from here on
 *
 * Return: 0 or -ENOMEM
 */
int recent_proc_add(struct recent_net *rn, struct recent_list *list)
{
	list->proc = recent_file_create(list, rn->proc_dir, &recent_proc_ops);
	if (!list->proc)
		return -ENOMEM;
	list->proc_classic = recent_file_create(list, rn->proc_dir_classic,
						&recent_proc_ops_classic);
	if (!list->proc_classic) {
		recent_proc_remove(list);
		return -ENOMEM;
	}
	return 0;
}

/**
 * recent_proc_remove - take the files of a list away
 * @list: the list; harmless when repeated
 *
 * Waits for concurrent reads and writes. Files that are open stay
 * so, but lead nowhere.
 */
void recent_proc_remove(struct recent_list *list)
{
	proc_remove(list->proc);
	proc_remove(list->proc_classic);
	list->proc = NULL;
	list->proc_classic = NULL;
}

/**
 * recent_proc_net_init - make the directories of a namespace
 * @net: the namespace
 * @rn: its lists
 *
 * Return: 0 or -ENOMEM
 */
int recent_proc_net_init(struct net *net, struct recent_net *rn)
{
	rn->proc_dir = proc_mkdir(recent_dir, net->proc_net);
	if (!rn->proc_dir)
		return -ENOMEM;
	rn->proc_dir_classic = proc_mkdir(recent_dir_classic, net->proc_net);
	if (!rn->proc_dir_classic ||
	    !proc_create_net_single(recent_stat, 0444, net->proc_net,
				    recent_stat_show, NULL)) {
		recent_proc_net_exit(net, rn);
		return -ENOMEM;
	}
	return 0;
}

/**
 * recent_proc_net_exit - remove what recent_proc_net_init() made
 * @net: the namespace
 * @rn: its lists, all of them without files by now
 */
void recent_proc_net_exit(struct net *net, struct recent_net *rn)
{
	/* Unlike remove_proc_entry(), silent about a name that is not there. */
	remove_proc_subtree(recent_stat, net->proc_net);
	proc_remove(rn->proc_dir_classic);
	proc_remove(rn->proc_dir);
}

/* When the module is loaded. */
void __init recent_proc_init(void)
{
	recent_tick_zero = jiffies - recent_ticks(recent_now());
}
