// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/xt_ROUTE: a line for each next hop, with its counters. A write is
 * one command, "down HOP", "up HOP", "auto HOP" or "auto", with or without a
 * newline, at any position. HOP is ADDRESS, ADDRESS%INTERFACE or %INTERFACE.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/inet.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "compat/compat.h"
#include "lib/proc.h"
#include "ROUTE/xt_ROUTE/internal.h"

/* "down ", an IPv6 address, "%", an interface and a newline fit. */
#define ROUTE_COMMAND_MAX	80

/* The position is the id to continue with; seq->private is the namespace. */
static void *route_seq_find(struct seq_file *seq, loff_t *pos)
{
	struct route_net *rn = route_pernet(seq->private);
	unsigned long id = *pos;
	struct route_hop *hop;

	if (*pos > INT_MAX)
		return NULL;
	hop = xa_find(&rn->hops, &id, INT_MAX, XA_PRESENT);
	if (hop)
		*pos = id;
	return hop;
}

/*
 * Only who can list the rules may read them here. A mode would refuse the root
 * of a user namespace that was made with the network namespace in one step,
 * since the file belongs to root of the host.
 */
static void *route_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	const struct net *net = seq->private;

	rcu_read_lock();
	if (!file_ns_capable(seq->file, net->user_ns, CAP_NET_ADMIN))
		return ERR_PTR(-EACCES);
	return route_seq_find(seq, pos);
}

static void *route_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return route_seq_find(seq, pos);
}

static void route_seq_stop(struct seq_file *seq, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

static unsigned long route_seq_sum(const struct route_hop *hop,
				   enum route_count what)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(hop->counts, cpu)->n[what];
	return sum;
}

static int route_seq_show(struct seq_file *seq, void *v)
{
	static const char *const counts[ROUTE_COUNTS] = {
		[ROUTE_ROUTED]		= "packets",
		[ROUTE_NO_INTERFACE]	= "no-interface",
		[ROUTE_NO_ROUTE]	= "no-route",
		[ROUTE_NO_HOPS]		= "no-hops",
		[ROUTE_ALL_DOWN]	= "all-down",
	};
	const struct route_hop *hop = v;
	const struct route_key *key = &hop->key;
	unsigned int i;

	seq_puts(seq, key->family == NFPROTO_IPV4 ? "ipv4" : "ipv6");
	if (key->name[0])
		seq_printf(seq, " %s=%s", key->receive ? "iif" : "oif",
			   key->name);
	if (key->has_gw && key->family == NFPROTO_IPV4)
		seq_printf(seq, " gw=%pI4", &key->gw.ip);
	else if (key->has_gw)
		seq_printf(seq, " gw=%pI6c", &key->gw.in6);
	if (key->reply)
		seq_puts(seq, " reply");
	for (i = 0; i < ROUTE_COUNTS; i++)
		seq_printf(seq, " %s=%lu", counts[i], route_seq_sum(hop, i));
	if (READ_ONCE(hop->number))
		seq_printf(seq, " number=%u", READ_ONCE(hop->number));
	if (READ_ONCE(hop->watchers))
		seq_printf(seq, " state=%s%s",
			   READ_ONCE(hop->usable) ? "up" : "down",
			   READ_ONCE(hop->forced) ? "(set)" : "");
	seq_putc(seq, '\n');
	return 0;
}

static const struct seq_operations route_seq_ops = {
	.start	= route_seq_start,
	.next	= route_seq_next,
	.stop	= route_seq_stop,
	.show	= route_seq_show,
};

static int route_command_parse(const char *word, enum route_forced *forced)
{
	static const char *const words[] = {
		[ROUTE_AUTO] = "auto",
		[ROUTE_UP] = "up",
		[ROUTE_DOWN] = "down",
	};
	int i = match_string(words, ARRAY_SIZE(words), word);

	if (i < 0)
		return -EINVAL;
	*forced = i;
	return 0;
}

/* Changes @text. */
static int route_key_parse(char *text, struct route_key *key)
{
	char *name = strchr(text, '%');
	const char *end;
	bool is_address;

	if (name) {
		*name++ = '\0';
		if (!*name || strlen(name) >= IFNAMSIZ)
			return -EINVAL;
		strscpy(key->name, name, sizeof(key->name));
		if (!*text)
			return 0;
	}
	key->has_gw = true;
	key->family = strchr(text, ':') ? NFPROTO_IPV6 : NFPROTO_IPV4;
	is_address = key->family == NFPROTO_IPV4 ?
		     in4_pton(text, -1, (u8 *)&key->gw.ip, -1, &end) :
		     in6_pton(text, -1, (u8 *)&key->gw.in6, -1, &end);
	return is_address && !*end ? 0 : -EINVAL;
}

/* Changes @text. */
static int route_command(struct net *net, char *text)
{
	struct route_key key = {};
	enum route_forced forced;
	char *rest = strim(text);
	char *word = strsep(&rest, " ");
	int err = route_command_parse(word, &forced);

	if (err)
		return err;
	if (!rest)
		return forced == ROUTE_AUTO ?
		       route_watch_force(route_pernet(net), NULL, forced) :
		       -EINVAL;
	err = route_key_parse(skip_spaces(rest), &key);
	return err ?: route_watch_force(route_pernet(net), &key, forced);
}

static ssize_t route_file_write(struct file *file, const char __user *data,
				size_t size, loff_t *pos)
{
	struct net *net = pde_data(file_inode(file));
	char *text;
	int err;

	if (!pom_proc_may_write(file, net))
		return -EPERM;
	if (!size || size > ROUTE_COMMAND_MAX)
		return -EINVAL;
	text = memdup_user_nul(data, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = strlen(text) == size ? route_command(net, text) : -EINVAL;
	kfree(text);
	return err ?: size;
}

static int route_file_open(struct inode *inode, struct file *file)
{
	struct net *net = pde_data(inode);
	int err = pom_proc_open_net(file, net);

	if (err)
		return err;
	err = seq_open(file, &route_seq_ops);
	if (err) {
		put_net(net);
		return err;
	}
	((struct seq_file *)file->private_data)->private = net;
	return 0;
}

static int route_file_release(struct inode *inode, struct file *file)
{
	int err = seq_release(inode, file);

	put_net(pde_data(inode));
	return err;
}

static const struct proc_ops route_proc_ops = {
	.proc_open	= route_file_open,
	.proc_read	= seq_read,
	.proc_write	= route_file_write,
	.proc_lseek	= pom_proc_seq_lseek,
	.proc_release	= route_file_release,
};

int __net_init route_proc_net_init(struct net *net)
{
	return proc_create_data("xt_ROUTE", 0666, net->proc_net,
				&route_proc_ops, net) ? 0 : -ENOMEM;
}

void __net_exit route_proc_net_exit(struct net *net)
{
	remove_proc_entry("xt_ROUTE", net->proc_net);
}
