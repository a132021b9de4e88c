// SPDX-License-Identifier: GPL-2.0-only
/* /proc/net/nf_autohelper: what is attached in this namespace. */

#define pr_fmt(fmt) "nf_autohelper: " fmt

#include <linux/capability.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>

#include "nf_autohelper_core/core.h"
#include "proto/autohelper.h"

static void *ah_seq_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&ah_lock);
	return seq_list_start_head(&ah_net(seq_file_net(m))->entries, *pos);
}

static void *ah_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &ah_net(seq_file_net(m))->entries, pos);
}

static void ah_seq_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&ah_lock);
}

static const char *families(const struct ah_binding *b)
{
	if (b->helper[AH_IPV4] && b->helper[AH_IPV6])
		return "ipv4,ipv6";
	return b->helper[AH_IPV4] ? "ipv4" : "ipv6";
}

static int ah_seq_show(struct seq_file *m, void *v)
{
	static const char * const origins[] = {
		[AH_MODULE] = "module",
		[AH_PARAM] = "param",
		[AH_RUNTIME] = "runtime",
	};
	struct ah_net *an = ah_net(seq_file_net(m));
	const struct ah_entry *e;

	if (v == &an->entries) {
		seq_printf(m, "# %s, %u of at most %u ports\n"
			   "# proto port helper families origin hits\n",
			   an->enabled ? "on" : "off", an->count, AH_MAX);
		return 0;
	}
	e = list_entry(v, struct ah_entry, list);
	seq_printf(m, "%s %u %s %s %s %lu\n",
		   ah_proto_name(e->binding->l4proto), e->key & 0xffff,
		   e->binding->name, families(e->binding), origins[e->origin],
		   (unsigned long)atomic_long_read(&e->hits));
	return 0;
}

static const struct seq_operations ah_seq_ops = {
	.start	= ah_seq_start,
	.next	= ah_seq_next,
	.stop	= ah_seq_stop,
	.show	= ah_seq_show,
};

static int detach(struct ah_net *an, const struct autohelper_order *o)
{
	struct ah_entry *e;
	LIST_HEAD(gone);

	mutex_lock(&ah_lock);
	e = ah_table_find(an, AH_KEY(o->l4proto, o->port));
	if (e)
		ah_table_unlink(an, e, &gone);
	mutex_unlock(&ah_lock);
	if (!e) {
		ah_say("-%s:%u: nothing is attached there\n",
		       ah_proto_name(o->l4proto), o->port);
		return -ENOENT;
	}
	ah_table_dispose(&gone);
	return 0;
}

/*
 * Whether the port's present helper settles the matter: 0 where it is the one
 * that is asked for, -EEXIST where it is in the way, -EAGAIN to go on.
 */
static int settled(struct ah_net *an, const struct autohelper_order *o)
{
	const struct ah_entry *e;

	e = ah_table_find(an, AH_KEY(o->l4proto, o->port));
	if (!e)
		return -EAGAIN;
	if (!strcmp(e->binding->name, o->helper))
		return 0;
	if (o->verb == AUTOHELPER_SET)
		return -EAGAIN;
	ah_say("+%s:%u=%s is refused: %s has that port already (no + replaces it)\n",
	       ah_proto_name(o->l4proto), o->port, o->helper,
	       e->binding->name);
	return -EEXIST;
}

static int put_in_place(struct ah_net *an, const struct autohelper_order *o,
			struct ah_binding *b, struct list_head *gone)
{
	struct ah_entry *e;
	int ret = settled(an, o);

	if (ret != -EAGAIN)
		return ret;
	e = ah_table_find(an, AH_KEY(o->l4proto, o->port));
	if (e)
		return ah_table_replace(e, b, gone);
	ret = ah_table_add(an, b, o->port, AH_RUNTIME, NULL);
	if (ret == -ENOSPC)
		ah_say("%s:%u=%s is refused: this namespace has %u ports already\n",
		       ah_proto_name(o->l4proto), o->port, o->helper, AH_MAX);
	return ret;
}

static int attach(struct ah_net *an, const struct autohelper_order *o)
{
	struct ah_binding *b;
	LIST_HEAD(gone);
	int ret;

	mutex_lock(&ah_lock);
	ret = settled(an, o);
	mutex_unlock(&ah_lock);
	if (ret != -EAGAIN)
		return ret;

	b = ah_binding_get(o->helper, o->l4proto);
	if (IS_ERR(b)) {
		if (PTR_ERR(b) == -ENOENT)
			ah_say("%s:%u=%s: no %s helper of that name or module nfct-helper-%s\n",
			       ah_proto_name(o->l4proto), o->port, o->helper,
			       ah_proto_name(o->l4proto), o->helper);
		return PTR_ERR(b);
	}
	mutex_lock(&ah_lock);
	ret = put_in_place(an, o, b, &gone);
	mutex_unlock(&ah_lock);
	ah_table_dispose(&gone);
	ah_binding_put(b);
	return ret;
}

static int obey(struct ah_net *an, const char *line, size_t len)
{
	struct autohelper_order order;
	const char *wrong = autohelper_parse(line, len, &order);

	if (wrong) {
		ah_say("\"%*pE\": %s\n", (int)min_t(size_t, len, 64), line,
		       wrong);
		return -EINVAL;
	}
	if (order.verb == AUTOHELPER_DEL)
		return detach(an, &order);
	return attach(an, &order);
}

/*
 * One order a line; the last newline may be missing. The orders before a bad
 * one hold, and the bytes up to there count as written, so that a program
 * that writes the rest again gets that order's error.
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
 * Our module is held, because loading another one would not end while the
 * unloading of ours waits for this write.
 */
static int ah_proc_write(struct file *file, char *buf, size_t size)
{
	struct net *net = seq_file_net(file->private_data);
	int ret;

	if (!file_ns_capable(file, net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	ret = obey_all(ah_net(net), buf, size);
	module_put(THIS_MODULE);
	return ret;
}

/**
 * ah_proc_create() - the file, for one namespace
 * @net: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int ah_proc_create(struct net *net)
{
	return proc_create_net_data_write("nf_autohelper", 0644, net->proc_net,
					  &ah_seq_ops, ah_proc_write,
					  sizeof(struct seq_net_private),
					  NULL) ? 0 : -ENOMEM;
}

/**
 * ah_proc_remove() - take the file away, once nobody is at it
 * @net: the namespace
 *
 * Process context, without ah_lock.
 */
void ah_proc_remove(struct net *net)
{
	remove_proc_entry("nf_autohelper", net->proc_net);
}
