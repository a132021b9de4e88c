// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/xt_recent/NAME and /proc/net/ipt_recent/NAME: a list as a file, in
 * the kernel's format and in that of 2003; /proc/net/xt_recent_stat: a line
 * for each list. Times are jiffies, including suspended time.
 *
 * A file of a list takes commands, one a line, split into writes in any way. A
 * text after the last newline is a line when the file is closed. A line that is
 * no command is the error of that write and is logged with its number. The rest
 * of that write is lost.
 *
 * Opening a file replaces its file operations by ours: see
 * kernel/condition/xt_condition/proc.c. An open file holds its list and its
 * namespace, so removing a list waits for no read or write. Both fail with
 * ENODEV once the last rule is gone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include "compat/compat.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "recent/xt_recent/internal.h"

static const char * const recent_dir[2] = { "xt_recent", "ipt_recent" };
static const char recent_stat[] = "xt_recent_stat";

/* How much is read at once: some 250 lines. */
#define RECENT_READ	(16 * 1024)

/**
 * struct recent_file - an open file
 * @list: of which list; holds a reference, and one of its namespace
 * @classic: whether it is read in the format of 2003
 * @told: how many entries have been read
 * @last: the last of them
 * @key: the next one, copied so that it is printed without its locks
 * @stamps: its times in the order of its ring
 * @count: how many; 0: it has expired
 * @size: of @stamps
 * @oldest: index of the oldest time
 * @newest: the newest time
 * @ttl: as in struct recent_entry
 * @writing: one write at a time; guards @lines
 * @lines: what was written since the last newline
 */
struct recent_file {
	struct recent_list *list;
	bool classic;
	loff_t told;
	struct recent_key last;
	struct recent_key key;
	u64 *stamps;
	u32 count;
	u32 size;
	u32 oldest;
	u64 newest;
	u8 ttl;
	struct mutex writing; /* see above */
	struct recent_lines lines;
};

/* Under both locks. Whether all of it was copied; if not, rf->count tells. */
static bool recent_file_copy(struct recent_file *rf, struct recent_entry *e)
{
	rf->count = e->count;
	if (rf->count > rf->size)
		return false;
	if (recent_expired(rf->list, e, recent_now()))
		rf->count = 0;
	rf->key = recent_entry_key(rf->list, e);
	rf->newest = recent_stamp(e, 1);
	rf->oldest = e->next ? : e->size;
	rf->ttl = e->ttl;
	memcpy(rf->stamps, recent_stamps(e), rf->count * sizeof(u64));
	return true;
}

/* Copies the entry after @last. Return: 1; 0: there is none; -ENOMEM. */
static int recent_file_next(struct recent_file *rf)
{
	struct recent_list *list = rf->list;
	struct recent_entry *e;
	bool copied;

	for (;;) {
		mutex_lock(&list->resizing);
		spin_lock_bh(&list->lock);
		e = recent_table_next(list, rf->told ? &rf->last : NULL);
		if (e) {
			spin_lock(&e->lock);
			copied = recent_file_copy(rf, e);
			spin_unlock(&e->lock);
		}
		spin_unlock_bh(&list->lock);
		mutex_unlock(&list->resizing);
		if (!e)
			return 0;
		if (copied)
			break;
		kvfree(rf->stamps);
		rf->size = 0;
		rf->stamps = kvmalloc_array(rf->count, sizeof(u64),
					    GFP_KERNEL_ACCOUNT);
		if (!rf->stamps)
			return -ENOMEM;
		rf->size = rf->count;
	}
	cond_resched();
	return 1;
}

static void *recent_seq_entry(struct recent_file *rf)
{
	int ret = recent_file_next(rf);

	return ret > 0 ? rf : ERR_PTR(ret);
}

static void recent_file_told(struct recent_file *rf)
{
	rf->last = rf->key;
	rf->told++;
}

/* Continues after the last line, unless lseek() has moved the position. */
static void *recent_seq_start(struct seq_file *seq, loff_t *pos)
{
	struct recent_file *rf = seq->private;
	void *entry;

	if (*pos < rf->told)
		rf->told = 0;
	entry = recent_seq_entry(rf);
	while (!IS_ERR_OR_NULL(entry) && rf->told < *pos) {
		recent_file_told(rf);
		entry = recent_seq_entry(rf);
	}
	return entry;
}

static void *recent_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct recent_file *rf = seq->private;

	recent_file_told(rf);
	*pos = rf->told;
	return recent_seq_entry(rf);
}

static void recent_seq_stop(struct seq_file *seq, void *v)
{
}

/* Without formats, whose interpretation takes longer than all else here. */
static void recent_seq_addr(struct seq_file *seq, const struct recent_key *key)
{
	const u8 *byte = (const u8 *)key->word;

	if (key->family != NFPROTO_IPV4) {
		seq_printf(seq, "src=%pI6", byte);
		return;
	}
	seq_put_decimal_ull(seq, "src=", byte[0]);
	seq_put_decimal_ull(seq, ".", byte[1]);
	seq_put_decimal_ull(seq, ".", byte[2]);
	seq_put_decimal_ull(seq, ".", byte[3]);
}

static int recent_seq_show(struct seq_file *seq, void *v)
{
	struct recent_file *rf = v;
	u32 i;

	if (!rf->count)
		return SEQ_SKIP;
	recent_seq_addr(seq, &rf->key);
	seq_put_decimal_ull(seq, " ttl: ", rf->ttl);
	seq_put_decimal_ull(seq, " last_seen: ", rf->newest);
	seq_put_decimal_ull(seq, " oldest_pkt: ", rf->oldest);
	if (rf->classic)
		seq_puts(seq, " last_pkts:");
	for (i = 0; i < rf->count && !seq_has_overflowed(seq); i++)
		seq_put_decimal_ull(seq, i ? ", " : " ", rf->stamps[i]);
	seq_putc(seq, '\n');
	return 0;
}

static const struct seq_operations recent_seq_ops = {
	.start	= recent_seq_start,
	.next	= recent_seq_next,
	.stop	= recent_seq_stop,
	.show	= recent_seq_show,
};

static int recent_command(struct recent_list *list,
			  const struct recent_command *cmd)
{
	u8 family = cmd->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	union nf_inet_addr addr;
	struct recent_key key;
	bool expired;

	memcpy(&addr, cmd->addr, sizeof(addr));
	key = recent_list_key(list, family, &addr);
	switch (cmd->verb) {
	case RECENT_ADD:
		return recent_see(list, &key, 0);
	case RECENT_DEL:
		if (cmd->prefix == (cmd->family == 4 ? 32 : 128))
			recent_remove(list, &key, &expired);
		else
			recent_remove_net(list, &key, cmd->prefix);
		break;
	case RECENT_FLUSH:
		recent_flush(list);
	}
	return 0;
}

static int recent_file_line(struct recent_file *rf)
{
	struct recent_command cmd;
	const char *wrong;
	int err = -EINVAL;

	wrong = recent_line_parse(&rf->lines, &cmd);
	if (!wrong) {
		err = recent_command(rf->list, &cmd);
		if (err == -ENOSPC)
			wrong = "the list is full; see --list-size and --list-full";
		else if (err)
			wrong = "no memory, or no more than (net_)memory_limit_mb allows";
	}
	if (wrong)
		pom_info(rf->list->net, "list \"%s\", line %u: %s\n",
			 rf->list->name, rf->lines.number, wrong);
	return err;
}

/* A line whose first byte is wrong will not become right. */
static bool recent_file_hopeless(const struct recent_lines *lines)
{
	return !lines->ended && lines->len &&
	       !strchr("0123456789abcdefABCDEF:+-/ \t\r", lines->text[0]);
}

static int recent_file_feed(struct recent_file *rf, const char *data,
			    size_t len)
{
	size_t taken;
	int err;

	for (; len; data += taken, len -= taken) {
		taken = recent_lines_feed(&rf->lines, data, len);
		if (!rf->lines.ended && !recent_file_hopeless(&rf->lines))
			continue;
		err = recent_file_line(rf);
		rf->lines.ended = true;
		if (err)
			return err;
	}
	return 0;
}

/* A line to which no newline has come yet. */
static bool recent_file_pending(const struct recent_file *rf)
{
	return rf->lines.number && !rf->lines.ended;
}

static struct recent_file *recent_file_of(const struct file *file)
{
	return ((struct seq_file *)file->private_data)->private;
}

static ssize_t recent_file_read(struct file *file, char __user *buf,
				size_t count, loff_t *pos)
{
	if (READ_ONCE(recent_file_of(file)->list->gone))
		return -ENODEV;
	return seq_read(file, buf, count, pos);
}

static ssize_t recent_file_write(struct file *file, const char __user *buf,
				 size_t count, loff_t *pos)
{
	struct recent_file *rf = recent_file_of(file);
	size_t done, len;
	char text[256];
	int err = 0;

	if (READ_ONCE(rf->list->gone))
		return -ENODEV;
	mutex_lock(&rf->writing);
	/* A program that writes from the beginning has ended its last line. */
	if (!*pos && recent_file_pending(rf)) {
		err = recent_file_line(rf);
		rf->lines.ended = true;
	}
	for (done = 0; done < count && !err; done += len) {
		len = min(count - done, sizeof(text));
		if (copy_from_user(text, buf + done, len))
			err = -EFAULT;
		else
			err = recent_file_feed(rf, text, len);
		if (!err && signal_pending(current) && done + len < count)
			count = done + len;
		cond_resched();
	}
	mutex_unlock(&rf->writing);
	if (err)
		return err;
	*pos += count;
	return count;
}

static int recent_file_release(struct inode *inode, struct file *file)
{
	struct recent_file *rf = recent_file_of(file);
	struct recent_list *list = rf->list;
	struct net *net = list->net;
	int err;

	if (recent_file_pending(rf) && !READ_ONCE(list->gone))
		recent_file_line(rf);
	kvfree(rf->stamps);
	err = seq_release_private(inode, file);
	recent_list_put(list, false);
	put_net(net);
	return err;
}

static const struct file_operations recent_fops = {
	.owner		= THIS_MODULE,
	.read		= recent_file_read,
	.write		= recent_file_write,
	.llseek		= pom_proc_seq_lseek,
	.release	= recent_file_release,
};

static int recent_seq_open(struct recent_list *list, struct file *file,
			   bool classic)
{
	struct recent_file *rf;
	struct seq_file *seq;

	rf = __seq_open_private(file, &recent_seq_ops, sizeof(*rf));
	if (!rf)
		return -ENOMEM;
	rf->list = list;
	rf->classic = classic;
	mutex_init(&rf->writing);
	seq = file->private_data;
	/* Without a buffer, seq_file takes a page: four times as many reads. */
	if (file->f_mode & FMODE_READ)
		seq->buf = kvmalloc(RECENT_READ,
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (seq->buf)
		seq->size = RECENT_READ;
	return 0;
}

/* procfs keeps the entry, and so a rule's reference, while this runs. */
static int recent_file_open(struct inode *inode, struct file *file,
			    bool classic)
{
	const struct file_operations *fops = &recent_fops;
	struct recent_list *list = pde_data(inode);
	int err = -ENXIO;

	if (!fops_get(fops))
		return err;
	if (!maybe_get_net(list->net))
		goto err_fops;
	err = recent_seq_open(list, file, classic);
	if (err)
		goto err_net;
	refcount_inc(&list->references);
	replace_fops(file, fops);
	return 0;

err_net:
	put_net(list->net);
err_fops:
	fops_put(fops);
	return err;
}

static int recent_proc_open(struct inode *inode, struct file *file)
{
	return recent_file_open(inode, file, false);
}

static int recent_proc_open_classic(struct inode *inode, struct file *file)
{
	return recent_file_open(inode, file, true);
}

/* Without a proc_lseek, which is never called, procfs makes it unseekable. */
static const struct proc_ops recent_proc_ops[2] = {
	{ .proc_open = recent_proc_open, .proc_lseek = seq_lseek },
	{ .proc_open = recent_proc_open_classic, .proc_lseek = seq_lseek },
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
		seq_printf(seq, " entries=%u size=%u stamps=%u timeout=%u full=%s memory=%ld",
			   count, recent_list_size(list),
			   READ_ONCE(list->stamps), READ_ONCE(list->timeout),
			   READ_ONCE(list->full) == XT_RECENT_FULL_REFUSE ?
			   "refuse" : "evict", atomic_long_read(&list->memory));
		seq_printf(seq, " added=%llu evicted=%llu refused=%llu no_memory=%llu expired=%llu\n",
			   stats.added, stats.evicted, stats.refused,
			   stats.no_memory, stats.expired);
	}
	mutex_unlock(&rn->lock);
	return 0;
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
	int i;

	for (i = 0; i < 2; i++) {
		list->proc[i] = proc_create_data(list->name,
						 READ_ONCE(recent_perms),
						 rn->dir[i],
						 &recent_proc_ops[i], list);
		if (!list->proc[i]) {
			recent_proc_remove(list);
			return -ENOMEM;
		}
		pom_proc_own(list->proc[i], list->net, READ_ONCE(recent_uid),
			     READ_ONCE(recent_gid));
	}
	return 0;
}

/* Waits for a concurrent open(). Harmless when repeated. */
void recent_proc_remove(struct recent_list *list)
{
	int i;

	for (i = 0; i < 2; i++) {
		proc_remove(list->proc[i]);
		list->proc[i] = NULL;
	}
}

int recent_proc_net_init(struct net *net, struct recent_net *rn)
{
	rn->dir[0] = proc_mkdir(recent_dir[0], net->proc_net);
	rn->dir[1] = proc_mkdir(recent_dir[1], net->proc_net);
	if (rn->dir[0] && rn->dir[1] &&
	    proc_create_net_single(recent_stat, 0444, net->proc_net,
				   recent_stat_show, NULL))
		return 0;
	recent_proc_net_exit(net, rn);
	return -ENOMEM;
}

void recent_proc_net_exit(struct net *net, struct recent_net *rn)
{
	/* Unlike remove_proc_entry(), silent about a name that is not there. */
	remove_proc_subtree(recent_stat, net->proc_net);
	proc_remove(rn->dir[1]);
	proc_remove(rn->dir[0]);
}
