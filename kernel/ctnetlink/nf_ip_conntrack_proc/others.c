// SPDX-License-Identifier: GPL-2.0-only
/* /proc/net/ip_conntrack_expect and /proc/net/stat/ip_conntrack. */
#include <linux/bottom_half.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "compat/compat.h"
#include "compat/conntrack.h"
#include "ctnetlink/nf_ip_conntrack_proc/internal.h"
#include "lib/proc.h"

static void expect_show_one(struct seq_file *m,
			    const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *tuple = &exp->tuple;
	const __be32 addr[] = { tuple->src.u3.ip, tuple->dst.u3.ip };
	const __be16 port[] = { tuple->src.u.all, tuple->dst.u.all };
	long left = pom_expect_left(exp);

	if (left < 0)
		return;
	seq_printf(m, "%ld proto=%u", left, tuple->dst.protonum);
	ip_conntrack_show_tuple(m, tuple->dst.protonum, addr, port);
	seq_putc(m, ' ');
	seq_putc(m, '\n');
}

/*
 * The lock of a bucket's expectations is that of all. An expectation in the
 * table has a master.
 */
static void expect_show_bucket(struct seq_file *m, struct net *net,
			       struct hlist_head *bucket)
{
	struct nf_conntrack_expect *exp;

	if (hlist_empty(bucket))
		return;
	spin_lock_bh(&nf_conntrack_expect_lock);
	hlist_for_each_entry(exp, bucket, hnode)
		if (net_eq(nf_ct_exp_net(exp), net) &&
		    exp->tuple.src.l3num == NFPROTO_IPV4)
			expect_show_one(m, exp);
	spin_unlock_bh(&nf_conntrack_expect_lock);
}

/* The kernel has few expectations: four times the buckets at most. */
static int expect_show(struct seq_file *m, void *v)
{
	unsigned int i;

	for (i = 0; i < nf_ct_expect_hsize; i++)
		expect_show_bucket(m, m->private, &nf_ct_expect_hash[i]);
	return 0;
}

static int expect_open(struct inode *inode, struct file *file)
{
	struct net *net = pde_data(inode);

	if (!ip_conntrack_may_read(file, net))
		return -EACCES;
	return pom_proc_single_open_net(file, expect_show, net);
}

const struct proc_ops ip_conntrack_expect_ops = {
	.proc_open	= expect_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= pom_proc_single_release_net,
};

/*
 * The columns of 2006, in hexadecimal. The kernel no longer counts those that
 * are 0 here. The CPU counts on meanwhile.
 */
static __no_kcsan void stat_show_cpu(struct seq_file *m, unsigned int entries,
				     const struct ip_conntrack_stat *st)
{
	seq_printf(m, "%08x  %08x %08x %08x %08x %08x %08x %08x %08x %08x %08x %08x %08x  %08x %08x %08x %08x\n",
		   entries, 0, st->found, 0, st->invalid, 0, 0, 0, st->insert,
		   st->insert_failed, st->drop, st->early_drop, st->error,
		   st->expect_new, st->expect_create, st->expect_delete,
		   st->search_restart);
}

static int stat_show(struct seq_file *m, void *v)
{
	struct net *net = m->private;
	unsigned int cpu, entries = pom_ct_count(net);

	seq_puts(m, "entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n");
	for_each_possible_cpu(cpu)
		stat_show_cpu(m, entries, per_cpu_ptr(net->ct.stat, cpu));
	return 0;
}

static int stat_open(struct inode *inode, struct file *file)
{
	return pom_proc_single_open_net(file, stat_show, pde_data(inode));
}

const struct proc_ops ip_conntrack_stat_ops = {
	.proc_open	= stat_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= pom_proc_single_release_net,
};
