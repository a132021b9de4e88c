// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends one prepared packet through a hook of the writer's network
 * namespace, or copies of it through the whole stack, many times, and measures
 * the time:
 *
 *   echo "family=4 packets=100000 sources=100" >/proc/pom_bench/run
 *   cat /proc/pom_bench/run		nanoseconds, of the slowest CPU
 *
 * For the benchmarks of tests/lib/bench; nothing of it is installed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/nsproxy.h>
#include <linux/parser.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "kernel-packet.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Sends prepared packets through a hook and measures the time");
MODULE_LICENSE("GPL");

#define BATCH 64	/* packets between two looks at the scheduler */
#define MAX_PAYLOAD 65000

/**
 * struct order - what is to be sent
 * @net: where
 * @family: 4 or 6
 * @hook: number of the hook
 * @packets: how many each CPU sends
 * @sources: how many addresses they come from, in turn, in an order that
 *	jumps
 * @length: bytes of payload, of which the first come from the file payload
 * @fragment: bytes of payload a page fragment of the packet; 0: linear
 * @cpus: how many CPUs send at the same time, each its own packets
 * @apart: 1: each has its share of the addresses for itself, as network cards
 *	with several queues see to; 0: each CPU uses all of them
 * @tcp: 0: UDP; 1: segments of a TCP connection, in order, which conntrack
 *	knows (Linux 6.1 and newer)
 * @fresh: 1: each packet is the first one of a connection
 * @known: 1: packets belong to a connection that conntrack knows (Linux 6.1
 *	and newer)
 * @help: name of the helper that the connection has, or empty. It sees a
 *	handshake of TCP first, and then what the file opening has, from the
 *	client
 * @reply: 1: packets of the connection are from its server
 * @one: 1: all CPUs send packets of the same known connection
 * @iif: the index of an interface that receives a copy of the packet each
 *	time; 0: the packet passes the hook alone
 */
struct order {
	struct net *net;
	int family;
	int hook;
	int packets;
	int sources;
	int length;
	int fragment;
	int cpus;
	int apart;
	int drawn;
	int tcp;
	int fresh;
	int known;
	char help[NF_CT_HELPER_NAME_LEN];
	int reply;
	int one;
	int iif;
};

struct sender {
	const struct order *order;
	struct task_struct *task;
	struct sk_buff *skb;
	struct completion done;
	u64 elapsed;	/* nanoseconds */
	int first;	/* the source to begin with, or its first one */
	u64 lot;	/* what the next source is drawn from */
	u32 seq;	/* of the next segment */
	int status;
};

static DEFINE_MUTEX(bench_lock); /* one run at a time; also what follows */
static struct bytes {
	u8 *data;
	size_t size;
} payload, opening;
static u64 elapsed;
static atomic_t waiting; /* for the others, before the start */

static int accept_packet(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return 0;
}

static int add_fragments(struct sk_buff *skb, const struct order *order)
{
	int at, n = 0;

	for (at = 0; at < order->length; at += order->fragment) {
		int size = min(order->fragment, order->length - at);
		struct page *page;

		if (size > PAGE_SIZE || n == MAX_SKB_FRAGS)
			return -EINVAL;
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return -ENOMEM;
		if (at < payload.size)
			memcpy(page_address(page), payload.data + at,
			       min_t(size_t, size, payload.size - at));
		skb_add_rx_frag(skb, n++, page, 0, size, PAGE_SIZE);
	}
	return 0;
}

/* Both directions, between the addresses and ports of the packet. */
static void set_tuples(struct nf_conntrack_tuple *tuple,
		       const struct sk_buff *skb, const struct order *order)
{
	const struct udphdr *udp = (const void *)skb_transport_header(skb);
	struct nf_conntrack_tuple *to = &tuple[order->reply];
	struct nf_conntrack_tuple *back = &tuple[!order->reply];

	to->src.l3num = order->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	to->dst.protonum = order->tcp ? IPPROTO_TCP : IPPROTO_UDP;
	if (order->family == 4) {
		to->src.u3.ip = ip_hdr(skb)->saddr;
		to->dst.u3.ip = ip_hdr(skb)->daddr;
	} else {
		to->src.u3.in6 = ipv6_hdr(skb)->saddr;
		to->dst.u3.in6 = ipv6_hdr(skb)->daddr;
	}
	to->src.u.all = udp->source;
	to->dst.u.all = udp->dest;
	*back = *to;
	back->src.u3 = to->dst.u3;
	back->src.u.all = to->dst.u.all;
	back->dst.u3 = to->src.u3;
	back->dst.u.all = to->src.u.all;
	to->dst.dir = order->reply;
	back->dst.dir = !order->reply;
}

/* The kernel's H.245 is registered as one of UDP. */
static struct nf_conntrack_helper *get_helper(const struct nf_conn *ct,
					      const struct order *order)
{
	struct nf_conntrack_helper *helper;

	helper = nf_conntrack_helper_try_module_get(order->help,
						    nf_ct_l3num(ct),
						    nf_ct_protonum(ct));
	if (helper || !order->tcp)
		return helper;
	return nf_conntrack_helper_try_module_get(order->help, nf_ct_l3num(ct),
						  IPPROTO_UDP);
}

/* The module of the helper stays loaded until the packets are freed. */
static int add_helper(struct nf_conn *ct, const struct order *order)
{
	struct nf_conntrack_helper *helper = get_helper(ct, order);
	struct nf_conn_help *help;

	if (!helper)
		return -ENOENT;
	help = nf_ct_helper_ext_add(ct, GFP_KERNEL);
	if (help)
		rcu_assign_pointer(help->helper, helper);
	nf_conntrack_helper_put(helper);
	return help ? 0 : -ENOMEM;
}

/* What the kernel does with connections that are in its table. */
static void end_connection(struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = skb ? nf_ct_get(skb, &ctinfo) : NULL;
	struct nf_conntrack_helper *helper;

	if (!ct || !nfct_help(ct))
		return;
	rcu_read_lock();
	helper = rcu_dereference(nfct_help(ct)->helper);
	if (helper && helper->destroy)
		helper->destroy(ct);
	rcu_read_unlock();
}

/*
 * As if conntrack had seen the start of the connection. The entry is freed with
 * the packet.
 */
static int add_connection(struct sk_buff *skb, const struct order *order)
{
	struct nf_conntrack_tuple tuple[IP_CT_DIR_MAX] = {};
	struct nf_conn *ct;
	int status = 0;

	set_tuples(tuple, skb, order);
	ct = nf_conntrack_alloc(order->net, &nf_ct_zone_dflt, &tuple[0],
				&tuple[1], GFP_KERNEL);
	if (IS_ERR(ct))
		return PTR_ERR(ct);
	if (*order->help)
		status = add_helper(ct, order);
	set_bit(IPS_CONFIRMED_BIT, &ct->status);
	refcount_set(&ct->ct_general.use, 1);
	nf_ct_set(skb, ct, order->reply ? IP_CT_ESTABLISHED_REPLY :
					  IP_CT_ESTABLISHED);
	return status;
}

static struct sk_buff *make_packet(const struct order *order)
{
	u8 protocol = order->tcp ? IPPROTO_TCP : IPPROTO_UDP;
	struct sk_buff *skb = packet_alloc(order->family == 6, protocol,
					   order->tcp ? 80 : 53, order->length);
	void *data;

	if (!skb)
		return NULL;
	skb->dev = order->net->loopback_dev;
	skb_reset_mac_header(skb);
	if (order->fragment) {
		if (!add_fragments(skb, order))
			return skb;
		kfree_skb(skb);
		return NULL;
	}
	data = skb_put_zero(skb, order->length);
	if (payload.size)
		memcpy(data, payload.data,
		       min_t(size_t, order->length, payload.size));
	return skb;
}

/*
 * To a different network than the source's, with a valid checksum: the whole
 * stack looks at both.
 */
static int receive_copy(const struct sk_buff *skb, const struct order *order)
{
	struct sk_buff *copy = skb_copy(skb, GFP_ATOMIC);

	if (!copy)
		return -ENOMEM;
	if (order->family == 4)
		ip_send_check(ip_hdr(copy));
	else
		ipv6_hdr(copy)->daddr.s6_addr32[1] = htonl(0x10000);
	netif_receive_skb(copy);
	return 0;
}

/* Returns an error if the packet did not pass: a rule has freed it. */
static int pass_hook(struct sender *sender)
{
	const struct order *order = sender->order;
	u8 pf = order->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;

	if (nf_hook(pf, order->hook, order->net, NULL, sender->skb,
		    sender->skb->dev, NULL, accept_packet) == 1)
		return 0;
	sender->skb = NULL;
	return -EIO;
}

/*
 * A prime above every number of sources: each has its turn before the first
 * comes again.
 */
#define STEP 2654435761U

static void set_source(struct sk_buff *skb, const struct order *order,
		       u32 number)
{
	if (order->family == 4)
		ip_hdr(skb)->saddr = htonl(0x0b000000 + number);
	else
		ipv6_hdr(skb)->saddr.s6_addr32[3] = htonl(number);
}

/* Drawn with Knuth's generator (MMIX), of which the upper half is good. */
static u32 next_source(struct sender *sender, u32 source, u32 sources)
{
	if (!sender->order->drawn)
		return ((u64)source + STEP) % sources;
	sender->lot =
		sender->lot * 6364136223846793005ULL + 1442695040888963407ULL;
	return (sender->lot >> 32) * sources >> 32;
}

static int send_batch(struct sender *sender, int n, u32 *source)
{
	const struct order *order = sender->order;
	u32 sources = order->sources / (order->apart ? order->cpus : 1);
	u32 base = order->apart ? sender->first : 0;
	int status = 0;

	local_bh_disable();
	while (n-- && !status) {
		*source = next_source(sender, *source, sources);
		set_source(sender->skb, order, base + *source);
		if (order->fresh)
			nf_reset_ct(sender->skb);
		if (order->tcp) {
			tcp_hdr(sender->skb)->seq = htonl(sender->seq);
			sender->seq += order->length;
		}
		status = order->iif ? receive_copy(sender->skb, order) :
				      pass_hook(sender);
	}
	local_bh_enable();
	return status;
}

static int sender_thread(void *data)
{
	struct sender *sender = data;
	u32 source = sender->first;
	int left = sender->order->packets;
	u64 start;

	atomic_dec(&waiting);
	while (atomic_read(&waiting) > 0)
		cond_resched();
	start = ktime_get_ns();
	while (left > 0 && !sender->status) {
		sender->status = send_batch(sender, min(left, BATCH), &source);
		left -= BATCH;
		cond_resched();
	}
	sender->elapsed = ktime_get_ns() - start;
	complete(&sender->done);
	return 0;
}

static int connect_packet(struct sk_buff *skb, const struct order *order,
			  const struct sender *first)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	if (!order->one || skb == first->skb)
		return add_connection(skb, order);
	ct = nf_ct_get(first->skb, &ctinfo);
	nf_conntrack_get(&ct->ct_general);
	nf_ct_set(skb, ct, ctinfo);
	return 0;
}

/* Returns an error if the segment did not pass. */
static int pass_segment(const struct sender *sender, bool reply, bool syn,
			const struct bytes *bytes)
{
	const struct order *order = sender->order;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(sender->skb, &ctinfo);
	struct sender one = { .order = order };
	int status;

	one.skb = packet_alloc(order->family == 6, nf_ct_protonum(ct), 80,
			       bytes->size);
	if (!one.skb)
		return -ENOMEM;
	one.skb->dev = sender->skb->dev;
	if (order->tcp) {
		tcp_hdr(one.skb)->syn = syn;
		tcp_hdr(one.skb)->seq = htonl(!syn);
	}
	if (bytes->size)
		skb_put_data(one.skb, bytes->data, bytes->size);
	nf_conntrack_get(&ct->ct_general);
	nf_ct_set(one.skb, ct, reply ? IP_CT_ESTABLISHED_REPLY :
				       IP_CT_ESTABLISHED);
	local_bh_disable();
	status = pass_hook(&one);
	local_bh_enable();
	kfree_skb(one.skb);
	return status;
}

/* The helper may read a stream from its beginning only. */
static int begin_stream(struct sender *sender)
{
	const struct bytes none = {};
	enum ip_conntrack_info ctinfo;
	struct ip_ct_tcp *tcp =
		&nf_ct_get(sender->skb, &ctinfo)->proto.tcp;
	int status;

	tcp->state = TCP_CONNTRACK_SYN_RECV;
	tcp->seen[IP_CT_DIR_ORIGINAL].td_end = 1;
	tcp->seen[IP_CT_DIR_REPLY].td_end = 1;
	tcp->last_end = 1;
	status = pass_segment(sender, true, true, &none);
	tcp->state = TCP_CONNTRACK_ESTABLISHED;
	sender->seq = 1;
	if (!sender->order->reply)
		sender->seq += opening.size;
	return status;
}

static int begin_helped(struct sender *sender)
{
	int status = sender->order->tcp ? begin_stream(sender) : 0;

	if (status || !opening.size)
		return status;
	return pass_segment(sender, false, false, &opening);
}

static int start_sender(struct sender *sender, int cpu,
			const struct sender *first, struct net_device *dev)
{
	const struct order *order = sender->order;
	int status;

	init_completion(&sender->done);
	sender->skb = make_packet(order);
	if (!sender->skb)
		return -ENOMEM;
	if (dev)
		sender->skb->dev = dev;
	if (order->tcp || order->known || order->one) {
		set_source(sender->skb, order, 0);
		status = connect_packet(sender->skb, order, first);
		if (!status && *order->help)
			status = begin_helped(sender);
		if (status)
			return status;
	}
	sender->task =
		kthread_create(sender_thread, sender, "pom_bench/%d", cpu);
	if (IS_ERR(sender->task))
		return PTR_ERR(sender->task);
	kthread_bind(sender->task, cpu);
	return 0;
}

static int run(const struct order *order, struct net_device *dev)
{
	struct sender *senders =
		kcalloc(order->cpus, sizeof(*senders), GFP_KERNEL);
	int i, status = 0;

	if (!senders)
		return -ENOMEM;
	for (i = 0; i < order->cpus; i++) {
		senders[i].order = order;
		senders[i].lot = i;
		senders[i].first = i * (order->sources / order->cpus);
		status = status ?: start_sender(&senders[i], i, senders, dev);
	}
	rcu_barrier(); /* do not count what RCU frees of earlier packets */
	atomic_set(&waiting, order->cpus);
	elapsed = 0;
	for (i = 0; i < order->cpus; i++) {
		if (IS_ERR_OR_NULL(senders[i].task))
			continue;
		if (status) {
			kthread_stop(senders[i].task);
			continue;
		}
		wake_up_process(senders[i].task);
	}
	for (i = 0; i < order->cpus; i++) {
		if (!status) {
			wait_for_completion(&senders[i].done);
			elapsed = max(elapsed, senders[i].elapsed);
		}
	}
	for (i = 0; i < order->cpus; i++) {
		status = status ?: senders[i].status;
		end_connection(senders[i].skb);
		kfree_skb(senders[i].skb);
	}
	kfree(senders);
	return status;
}

static int run_on_device(const struct order *order)
{
	struct net_device *dev;
	int status;

	if (!order->iif)
		return run(order, NULL);
	dev = dev_get_by_index(order->net, order->iif);
	if (!dev)
		return -ENODEV;
	status = run(order, dev);
	dev_put(dev);
	return status;
}

static const match_table_t words = {
	{ 0, "family=%d" },  { 1, "hook=%d" },	 { 2, "packets=%d" },
	{ 3, "sources=%d" }, { 4, "length=%d" }, { 5, "fragment=%d" },
	{ 6, "cpus=%d" },    { 7, "tcp=%d" },	 { 8, "apart=%d" },
	{ 9, "drawn=%d" },   { 10, "fresh=%d" }, { 11, "known=%d" },
	{ 12, "reply=%d" },  { 13, "one=%d" },	 { 14, "iif=%d" },
	{ 15, "help=%s" },   { -1, NULL },
};

static int parse(char *text, struct order *order)
{
	int *const values[] = { &order->family,	 &order->hook,
				&order->packets, &order->sources,
				&order->length,	 &order->fragment,
				&order->cpus,	 &order->tcp,
				&order->apart,	 &order->drawn,
				&order->fresh,	 &order->known,
				&order->reply,	 &order->one,
				&order->iif };
	substring_t args[MAX_OPT_ARGS];
	char *word;

	while ((word = strsep(&text, " \n"))) {
		int which = *word ? match_token(word, words, args) : -2;

		if (which == -2)
			continue;
		if (which == 15)
			match_strlcpy(order->help, &args[0],
				      sizeof(order->help));
		else if (which < 0 || match_int(&args[0], values[which]))
			return -EINVAL;
	}
	if ((order->family != 4 && order->family != 6) || order->hook < 0 ||
	    order->hook >= NF_INET_NUMHOOKS || order->packets < 1 ||
	    order->sources < 1 || order->length < 0 ||
	    order->length > MAX_PAYLOAD || order->fragment < 0 ||
	    order->cpus < 1 || order->cpus > num_online_cpus() ||
	    order->iif < 0 || order->reply < 0 || order->reply > 1 ||
	    (order->apart && order->sources < order->cpus))
		return -EINVAL;
	return 0;
}

static ssize_t run_write(struct file *file, const char __user *data,
			 size_t size, loff_t *pos)
{
	struct order order = {
		.net = current->nsproxy->net_ns,
		.family = 4,
		.hook = NF_INET_PRE_ROUTING,
		.packets = 1000,
		.sources = 1,
		.cpus = 1,
	};
	char text[256];
	int status;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	status = parse(text, &order);
	if (status)
		return status;
	mutex_lock(&bench_lock);
	status = run_on_device(&order);
	mutex_unlock(&bench_lock);
	return status ?: size;
}

static ssize_t run_read(struct file *file, char __user *data, size_t size,
			loff_t *pos)
{
	char text[24];
	int n = scnprintf(text, sizeof(text), "%llu\n", elapsed);

	return simple_read_from_buffer(data, size, pos, text, n);
}

static ssize_t set_bytes(struct bytes *to, const char __user *data, size_t size)
{
	u8 *copy, *old;

	if (size > MAX_PAYLOAD)
		return -EFBIG;
	copy = memdup_user(data, size);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	mutex_lock(&bench_lock);
	old = to->data;
	to->data = copy;
	to->size = size;
	mutex_unlock(&bench_lock);
	kfree(old);
	return size;
}

/* One write is the payload of all packets that follow. */
static ssize_t payload_write(struct file *file, const char __user *data,
			     size_t size, loff_t *pos)
{
	return set_bytes(&payload, data, size);
}

/* One write is what the client sends first where there is a helper. */
static ssize_t opening_write(struct file *file, const char __user *data,
			     size_t size, loff_t *pos)
{
	return set_bytes(&opening, data, size);
}

static const struct proc_ops run_ops = { .proc_read = run_read,
					 .proc_write = run_write,
					 .proc_lseek = default_llseek };
static const struct proc_ops payload_ops = { .proc_write = payload_write,
					     .proc_lseek = default_llseek };
static const struct proc_ops opening_ops = { .proc_write = opening_write,
					     .proc_lseek = default_llseek };

static int __init pom_bench_init(void)
{
	struct proc_dir_entry *dir = proc_mkdir("pom_bench", NULL);

	if (!dir)
		return -ENOMEM;
	if (!proc_create("run", 0600, dir, &run_ops) ||
	    !proc_create("payload", 0200, dir, &payload_ops) ||
	    !proc_create("opening", 0200, dir, &opening_ops)) {
		remove_proc_subtree("pom_bench", NULL);
		return -ENOMEM;
	}
	return 0;
}

static void __exit pom_bench_exit(void)
{
	remove_proc_subtree("pom_bench", NULL);
	kfree(payload.data);
	kfree(opening.data);
}

module_init(pom_bench_init);
module_exit(pom_bench_exit);
