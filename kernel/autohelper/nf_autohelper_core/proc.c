// SPDX-License-Identifier: GPL-2.0-only
/* /proc/net/nf_autohelper: the attached helpers of a namespace. */

#define pr_fmt(fmt) "nf_autohelper: " fmt

#include <linux/err.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "lib/proc.h"
#include "autohelper/nf_autohelper_core/internal.h"
#include "autohelper/parser.h"

static const char *families(const struct ah_binding *b)
{
	if (b->helper[AH_IPV4] && b->helper[AH_IPV6])
		return "ipv4,ipv6";
	return b->helper[AH_IPV4] ? "ipv4" : "ipv6";
}

static void show_entry(struct seq_file *m, const struct ah_entry *e,
		       const atomic_long_t *hits)
{
	static const char * const origins[] = {
		[AH_MODULE] = "module",
		[AH_PARAM] = "param",
		[AH_RUNTIME] = "runtime",
	};

	seq_printf(m, "%s %u %s %s %s %lu\n",
		   ah_proto_name(e->binding->l4proto), e->key & 0xffff,
		   e->binding->name, families(e->binding), origins[e->origin],
		   (unsigned long)atomic_long_read(hits));
}

/* Prints requests with keys from @from to below @to that apply to @an. */
static void show_requests(struct seq_file *m, struct ah_net *an, u64 from,
			  u64 to)
{
	struct ah_follow *f;
	struct ah_entry *e;

	rcu_read_lock();
	f = rcu_dereference(an->follow);
	list_for_each_entry_rcu(e, &ah_requests.entries, list) {
		if (e->key >= from && e->key < to &&
		    ah_request_find(f, e->key) == e)
			show_entry(m, e, &f->hits[e->slot]);
	}
	rcu_read_unlock();
}

static int ah_proc_show(struct seq_file *m, void *v)
{
	static const char * const modes[] = {
		[AH_OFF] = "off",
		[AH_OWN] = "on",
		[AH_FOLLOW] = "on",
	};
	struct ah_net *an = ah_net(seq_file_single_net(m));
	const struct ah_entry *e;
	u64 key = 0;

	mutex_lock(&an->table.lock);
	seq_printf(m, "# %s, %u of at most %u ports%s\n"
		   "# proto port helper families origin hits\n",
		   modes[an->mode], an->table.count, AH_MAX,
		   an->mode == AH_FOLLOW ?
		   " and those of the initial namespace" : "");
	list_for_each_entry(e, &an->table.entries, list) {
		show_requests(m, an, key, e->key);
		show_entry(m, e, &e->hits);
		key = (u64)e->key + 1;
	}
	show_requests(m, an, key, U64_MAX);
	mutex_unlock(&an->table.lock);
	return 0;
}

/* Waits for a grace period, so must be called without the lock. */
static void dispose(struct ah_entry *e)
{
	if (!e)
		return;
	synchronize_rcu();
	ah_entry_free(e);
}

static int detach(struct ah_net *an, const struct autohelper_cmd *o)
{
	u32 key = AH_KEY(o->l4proto, o->port);
	struct ah_entry *e;
	bool declined;

	mutex_lock(&an->table.lock);
	e = ah_table_find(&an->table, key);
	if (e) {
		ah_table_unlink(&an->table, e);
		ah_hooks_update(an, an->table.count);
	}
	rcu_read_lock();
	declined = ah_request_decline(rcu_dereference(an->follow), key);
	rcu_read_unlock();
	mutex_unlock(&an->table.lock);
	if (!e && !declined) {
		ah_say(an, "-%s:%u: nothing is attached there\n",
		       ah_proto_name(o->l4proto), o->port);
		return -ENOENT;
	}
	dispose(e);
	return 0;
}

/*
 * Compares the command with the port's present helper: 0 if it is the same,
 * -EEXIST if it conflicts, -EAGAIN to continue.
 */
static int settled(struct ah_net *an, const struct autohelper_cmd *o)
{
	u32 key = AH_KEY(o->l4proto, o->port);
	const struct ah_entry *e;
	int ret = -EAGAIN;

	rcu_read_lock();
	e = ah_table_find(&an->table, key);
	if (!e)
		e = ah_request_find(rcu_dereference(an->follow), key);
	if (e && !strcmp(e->binding->name, o->helper)) {
		ret = 0;
	} else if (e && o->verb != AUTOHELPER_SET) {
		ah_say(an, "+%s:%u=%s is refused: %s has that port already (no + replaces it)\n",
		       ah_proto_name(o->l4proto), o->port, o->helper,
		       e->binding->name);
		ret = -EEXIST;
	}
	rcu_read_unlock();
	return ret;
}

/* Registers the hooks first: that may fail, and packets see no failed entry. */
static int add(struct ah_net *an, struct ah_entry *e)
{
	int ret;

	if (an->table.count >= AH_MAX) {
		ah_say(an, "%s:%u=%s is refused: this namespace has %u ports already\n",
		       ah_proto_name(e->binding->l4proto), e->key & 0xffff,
		       e->binding->name, AH_MAX);
		return -ENOSPC;
	}
	ret = ah_hooks_update(an, an->table.count + 1);
	if (!ret)
		ah_table_link(&an->table, e);
	return ret;
}

/* Sets *@e to the entry that the caller must free after a grace period. */
static int put_in_place(struct ah_net *an, const struct autohelper_cmd *o,
			struct ah_entry **e)
{
	struct ah_entry *old;
	int ret = settled(an, o);

	if (ret != -EAGAIN)
		return ret;
	old = ah_table_find(&an->table, (*e)->key);
	if (old) {
		ah_table_replace(old, *e);
	} else {
		ret = add(an, *e);
		if (ret < 0)
			return ret;
	}
	*e = old;
	return 0;
}

static int attach(struct ah_net *an, const struct autohelper_cmd *o)
{
	struct ah_binding *b;
	struct ah_entry *e;
	int ret = settled(an, o);

	if (ret != -EAGAIN)
		return ret;
	b = ah_binding_get(o->helper, o->l4proto);
	if (IS_ERR(b)) {
		if (PTR_ERR(b) == -ENOENT)
			ah_say(an, "%s:%u=%s: no %s helper of that name or module nfct-helper-%s\n",
			       ah_proto_name(o->l4proto), o->port, o->helper,
			       ah_proto_name(o->l4proto), o->helper);
		return PTR_ERR(b);
	}
	e = ah_entry_alloc(b, o->port, AH_RUNTIME);
	ah_binding_put(b);
	if (!e)
		return -ENOMEM;
	mutex_lock(&an->table.lock);
	ret = put_in_place(an, o, &e);
	mutex_unlock(&an->table.lock);
	dispose(e);
	return ret;
}

static int obey(struct ah_net *an, const char *line, size_t len)
{
	struct autohelper_cmd cmd;
	const char *wrong = autohelper_parse(line, len, &cmd);

	if (wrong) {
		ah_say(an, "\"%*pE\": %s\n", (int)min_t(size_t, len, 64),
		       line, wrong);
		return -EINVAL;
	}
	if (cmd.verb == AUTOHELPER_DEL)
		return detach(an, &cmd);
	return attach(an, &cmd);
}

/*
 * One command a line; the last newline may be missing. Commands before an
 * invalid one remain in effect, and their bytes count as written. A program
 * that then writes the rest gets the error of the invalid command.
 */
static int obey_all(struct ah_net *an, const char *buf, size_t size)
{
	size_t done = 0, len;
	const char *end;
	int ret;

	while (done < size) {
		if (signal_pending(current))
			return done ? done : -EINTR;
		end = memchr(buf + done, '\n', size - done);
		len = end ? end - (buf + done) : size - done;
		ret = obey(an, buf + done, len);
		if (ret < 0)
			return done ? done : ret;
		done += len + (end ? 1 : 0);
	}
	return 0;
}

/*
 * Holds a reference on this module. Otherwise its unloading could wait for this
 * write, and loading a helper's module here could wait for the unloading.
 */
static int ah_proc_obey(struct net *net, const char *text, size_t size)
{
	int ret;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	ret = obey_all(ah_net(net), text, size);
	module_put(THIS_MODULE);
	return ret;
}

static ssize_t ah_proc_write(struct file *file, const char __user *data,
			     size_t size, loff_t *pos)
{
	struct net *net = pde_data(file_inode(file));
	char *text;
	int ret;

	if (!pom_proc_may_write(file, net))
		return -EPERM;
	if (!size || size >= PAGE_SIZE)
		return -EINVAL;
	text = memdup_user_nul(data, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = ah_proc_obey(net, text, size);
	kfree(text);
	return ret ?: size;
}

static int ah_proc_open(struct inode *inode, struct file *file)
{
	return pom_proc_single_open_net(file, ah_proc_show, pde_data(inode));
}

static const struct proc_ops ah_proc_ops = {
	.proc_open	= ah_proc_open,
	.proc_read	= seq_read,
	.proc_write	= ah_proc_write,
	.proc_lseek	= pom_proc_seq_lseek,
	.proc_release	= pom_proc_single_release_net,
};

/**
 * ah_proc_create() - the file, for one namespace
 * @net: the namespace
 *
 * The file may belong to the host's root: lib/proc.h explains why, and which
 * users may write it.
 *
 * Return: 0 or -ENOMEM.
 */
int ah_proc_create(struct net *net)
{
	return proc_create_data("nf_autohelper", 0666, net->proc_net,
				&ah_proc_ops, net) ? 0 : -ENOMEM;
}

/**
 * ah_proc_remove() - remove the file, after all reads and writes have ended
 * @net: the namespace
 *
 * Process context, without the namespace's lock.
 */
void ah_proc_remove(struct net *net)
{
	remove_proc_entry("nf_autohelper", net->proc_net);
}
