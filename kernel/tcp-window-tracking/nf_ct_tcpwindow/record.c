// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many segments a network namespace has refused for each reason, and the
 * last of them.
 *
 * Anyone can send segments that are refused. So a CPU does not wait for another
 * to write to the list: it leaves the segment out.
 */

#include <linux/cpumask.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>

#include "lib/proc.h"
#include "tcp-window-tracking/nf_ct_tcpwindow/internal.h"
#include "tcp-window-tracking/window.h"

#define TCPWINDOW_RECORDS	100

static const char *const tcpwindow_names[WINDOW_REASONS] = {
	[WINDOW_SEQ_OVER]	= "seq-over",
	[WINDOW_ACK_OVER]	= "ack-over",
	[WINDOW_SEQ_UNDER]	= "seq-under",
	[WINDOW_ACK_UNDER]	= "ack-under",
	[WINDOW_RST]		= "rst",
	[WINDOW_STATE]		= "state",
	[WINDOW_FLAGS]		= "flags",
	[WINDOW_CHECKSUM]	= "checksum",
	[WINDOW_TRUNCATED]	= "truncated",
	[WINDOW_NO_CONNECTION]	= "no-connection",
	[WINDOW_UNKNOWN]	= "unknown",
};

/* Refused segments by reason. */
struct tcpwindow_counts {
	unsigned long refused[WINDOW_REASONS];
};

/**
 * struct tcpwindow_record - a refused segment
 * @when: seconds since 1970
 * @fault: why
 * @seg: the segment; all 0 for a truncated one
 * @saddr: its addresses; IPv4 uses the first 4 bytes
 * @daddr: the same
 * @ports: of the header, source and destination; 0 for a truncated one
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 */
struct tcpwindow_record {
	time64_t when;
	struct window_fault fault;
	struct window_segment seg;
	struct in6_addr saddr;
	struct in6_addr daddr;
	__be16 ports[2];
	u8 family;
};

/**
 * struct tcpwindow_list - the last refused segments
 * @lock: of the others
 * @next: the place of the next one, which replaces the oldest
 * @count: how many there are
 * @record: a ring
 */
struct tcpwindow_list {
	spinlock_t lock; /* of the others */
	unsigned int next;
	unsigned int count;
	struct tcpwindow_record record[TCPWINDOW_RECORDS];
};

/**
 * tcpwindow_record_alloc() - prepare memory for tcpwindow_record_add()
 * @tn: the namespace, with its lock held
 *
 * Process context; charged to its memory cgroup. The memory stays until
 * tcpwindow_record_free().
 *
 * Return: 0 or -ENOMEM
 */
int tcpwindow_record_alloc(struct tcpwindow_net *tn)
{
	struct tcpwindow_counts __percpu *counts = tn->counts;
	struct tcpwindow_list *list = tn->list;

	lockdep_assert_held(&tn->lock);
	if (!counts)
		counts = alloc_percpu_gfp(struct tcpwindow_counts,
					  GFP_KERNEL_ACCOUNT);
	if (!counts)
		return -ENOMEM;
	/* the files show what is complete */
	WRITE_ONCE(tn->counts, counts);
	if (list)
		return 0;
	list = kzalloc(sizeof(*list), GFP_KERNEL_ACCOUNT);
	if (!list)
		return -ENOMEM;
	spin_lock_init(&list->lock);
	/* pairs with tcpwindow_list_show() */
	smp_store_release(&tn->list, list);
	return 0;
}

/**
 * tcpwindow_record_free() - undo tcpwindow_record_alloc()
 * @tn: the namespace, in which no packet is in the hook
 */
void tcpwindow_record_free(struct tcpwindow_net *tn)
{
	kfree(tn->list);
	free_percpu(tn->counts);
}

static void tcpwindow_record_fill(struct tcpwindow_record *to,
				  const struct sk_buff *skb, u8 family,
				  const struct tcpwindow_refusal *r)
{
	const __be16 *ports;

	memset(to, 0, sizeof(*to));
	to->when = ktime_get_real_seconds();
	to->fault = r->fault;
	to->family = family;
	if (family == NFPROTO_IPV4) {
		to->saddr.s6_addr32[0] = ip_hdr(skb)->saddr;
		to->daddr.s6_addr32[0] = ip_hdr(skb)->daddr;
	} else {
		to->saddr = ipv6_hdr(skb)->saddr;
		to->daddr = ipv6_hdr(skb)->daddr;
	}
	if (r->fault.reason == WINDOW_TRUNCATED)
		return;
	to->seg = r->seg;
	ports = skb_header_pointer(skb, r->off, sizeof(to->ports), to->ports);
	if (ports && ports != to->ports)
		memcpy(to->ports, ports, sizeof(to->ports));
}

/**
 * tcpwindow_record_add() - note a refused segment
 * @tn: the namespace, after tcpwindow_record_alloc()
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @r: why, which is not WINDOW_NONE
 *
 * Softirq or process context.
 */
void tcpwindow_record_add(struct tcpwindow_net *tn,
			  const struct sk_buff *skb, u8 family,
			  const struct tcpwindow_refusal *r)
{
	struct tcpwindow_list *list = tn->list;

	this_cpu_inc(tn->counts->refused[r->fault.reason]);
	local_bh_disable();
	if (spin_trylock(&list->lock)) {
		tcpwindow_record_fill(&list->record[list->next], skb, family,
				      r);
		list->next = (list->next + 1) % TCPWINDOW_RECORDS;
		if (list->count < TCPWINDOW_RECORDS)
			list->count++;
		spin_unlock(&list->lock);
	}
	local_bh_enable();
}

/* ---- /proc/net/stat/nf_ct_tcpwindow ---- */

/* Hexadecimal columns and a line for each CPU, as the files next to it. */
static int tcpwindow_counts_show(struct seq_file *m, void *v)
{
	struct tcpwindow_net *tn = tcpwindow_net(seq_file_single_net(m));
	struct tcpwindow_counts __percpu *counts = READ_ONCE(tn->counts);
	const unsigned long *refused;
	unsigned int cpu, i;

	for (i = 0; i < WINDOW_REASONS; i++)
		seq_printf(m, "%s%c", tcpwindow_names[i],
			   i + 1 < WINDOW_REASONS ? ' ' : '\n');
	if (!counts)
		return 0;
	for_each_possible_cpu(cpu) {
		refused = per_cpu_ptr(counts, cpu)->refused;
		for (i = 0; i < WINDOW_REASONS; i++)
			seq_printf(m, "%08lx%c", READ_ONCE(refused[i]),
				   i + 1 < WINDOW_REASONS ? ' ' : '\n');
	}
	return 0;
}

/* ---- /proc/net/nf_ct_tcpwindow ---- */

static void tcpwindow_show_flags(struct seq_file *m, u8 flags)
{
	static const char letters[] = "FSRPAUEC";
	unsigned int i;

	seq_puts(m, " flags=");
	for (i = 0; i < 8; i++)
		if (flags & BIT(i))
			seq_putc(m, letters[i]);
}

static void tcpwindow_show_record(struct seq_file *m,
				  const struct tcpwindow_record *r)
{
	seq_printf(m, "%lld %s", r->when, tcpwindow_names[r->fault.reason]);
	if (r->family == NFPROTO_IPV4)
		seq_printf(m, " src=%pI4 dst=%pI4", &r->saddr, &r->daddr);
	else
		seq_printf(m, " src=%pI6c dst=%pI6c", &r->saddr, &r->daddr);
	if (r->fault.reason != WINDOW_TRUNCATED) {
		seq_printf(m, " sport=%u dport=%u", ntohs(r->ports[0]),
			   ntohs(r->ports[1]));
		tcpwindow_show_flags(m, r->seg.flags);
		seq_printf(m, " seq=%u ack=%u len=%u win=%u", r->seg.seq,
			   r->seg.ack, r->seg.len, r->seg.window);
	}
	if (r->fault.reason <= WINDOW_ACK_UNDER)
		seq_printf(m, " bound=%u", r->fault.bound);
	seq_putc(m, '\n');
}

/*
 * Newest last. The addresses are for those who may see connections. A copy, so
 * that the reader does not hold the lock while it prints.
 */
static int tcpwindow_list_show(struct seq_file *m, void *v)
{
	struct net *net = seq_file_single_net(m);
	struct tcpwindow_list *list, *copy;
	unsigned int i;

	/* pairs with tcpwindow_record_alloc() */
	list = smp_load_acquire(&tcpwindow_net(net)->list);
	if (!file_ns_capable(m->file, net->user_ns, CAP_NET_ADMIN))
		return -EACCES;
	if (!list)
		return 0;
	copy = kmalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	spin_lock_bh(&list->lock);
	copy->next = list->next;
	copy->count = list->count;
	memcpy(copy->record, list->record, sizeof(copy->record));
	spin_unlock_bh(&list->lock);
	for (i = TCPWINDOW_RECORDS - copy->count; i < TCPWINDOW_RECORDS; i++)
		tcpwindow_show_record(m, &copy->record[(copy->next + i) %
						       TCPWINDOW_RECORDS]);
	kfree(copy);
	return 0;
}

/**
 * tcpwindow_record_create() - create the files of a namespace
 * @net: the network namespace
 *
 * Process context. Return: 0 or -ENOMEM
 */
int tcpwindow_record_create(struct net *net)
{
	if (!proc_create_net_single("nf_ct_tcpwindow", 0444,
				    net->proc_net_stat, tcpwindow_counts_show,
				    NULL))
		return -ENOMEM;
	if (!proc_create_net_single("nf_ct_tcpwindow", 0444, net->proc_net,
				    tcpwindow_list_show, NULL)) {
		remove_proc_entry("nf_ct_tcpwindow", net->proc_net_stat);
		return -ENOMEM;
	}
	return 0;
}

/**
 * tcpwindow_record_remove() - undo tcpwindow_record_create()
 * @net: the network namespace
 *
 * Process context. Waits for readers to end.
 */
void tcpwindow_record_remove(struct net *net)
{
	remove_proc_entry("nf_ct_tcpwindow", net->proc_net);
	remove_proc_entry("nf_ct_tcpwindow", net->proc_net_stat);
}
