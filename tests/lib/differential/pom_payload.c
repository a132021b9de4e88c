// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends UDP packets that a seed makes through PREROUTING of the writer's
 * network namespace. Marks and payloads are random; payloads consist mostly of
 * the letters a, b, A and B. Rules change marks and drop nothing.
 *
 *   echo "seed=1" >/proc/pom_payload
 *				starts again
 *   echo "packets=10000" >/proc/pom_payload
 *				continues
 *   cat /proc/pom_payload
 *				a digest of the marks that rules gave to these,
 *				and how many of them were changed
 *
 * For tests/lib/differential/run.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include "kernel-packet.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Sends packets with random payloads through the rules, and prints a digest of their marks");
MODULE_LICENSE("GPL");

static DEFINE_MUTEX(lock);	/* guards what follows */
static u64 state;		/* of the generator; never 0 */
static u64 digest;
static unsigned int changed;

/* xorshift64*, by S. Vigna; its high half. */
static u32 random_below(u32 limit)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return ((state * 0x2545f4914f6cdd1dULL >> 32) * limit) >> 32;
}

static int accept_packet(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return 0;
}

static void fill(u8 *payload, unsigned int len)
{
	while (len--)
		*payload++ = random_below(16) ? "abAB"[random_below(4)] :
						random_below(256);
}

static int send_one(struct net *net)
{
	unsigned int len = random_below(random_below(20) ? 120 : 1400);
	bool six = random_below(4) == 0;
	struct sk_buff *skb = packet_alloc(six, IPPROTO_UDP, 1000, len);
	u32 mark = random_below(U32_MAX);
	int verdict;

	if (!skb)
		return -ENOMEM;
	fill(skb_put(skb, len), len);
	skb->mark = mark;
	skb->dev = net->loopback_dev;
	local_bh_disable();
	verdict = nf_hook(six ? NFPROTO_IPV6 : NFPROTO_IPV4,
			  NF_INET_PRE_ROUTING, net, NULL, skb, skb->dev, NULL,
			  accept_packet);
	local_bh_enable();
	if (verdict != 1)
		return -EIO; /* a rule has freed the packet */
	changed += skb->mark != mark;
	/* FNV-1a, a mark in each step */
	digest = (digest ^ skb->mark) * 0x100000001b3ULL;
	kfree_skb(skb);
	return 0;
}

static int send_packets(struct net *net, int left)
{
	int status = 0;

	digest = 0xcbf29ce484222325ULL;
	changed = 0;
	if (!state)
		return -EINVAL;
	while (left-- > 0 && !status) {
		status = send_one(net);
		cond_resched();
	}
	return status;
}

static ssize_t payload_write(struct file *file, const char __user *data,
			     size_t size, loff_t *pos)
{
	unsigned long long seed;
	int status = 0, n;
	char text[64];

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	mutex_lock(&lock);
	if (sscanf(text, "seed=%llu", &seed) == 1 && seed)
		state = seed * 0x9e3779b97f4a7c15ULL;
	else if (sscanf(text, "packets=%d", &n) == 1)
		status = send_packets(current->nsproxy->net_ns, n);
	else
		status = -EINVAL;
	mutex_unlock(&lock);
	return status ?: size;
}

static ssize_t payload_read(struct file *file, char __user *data, size_t size,
			    loff_t *pos)
{
	char text[80];
	int n;

	mutex_lock(&lock);
	n = scnprintf(text, sizeof(text), "%016llx %u\n", digest, changed);
	mutex_unlock(&lock);
	return simple_read_from_buffer(data, size, pos, text, n);
}

static const struct proc_ops payload_ops = {
	.proc_read	= payload_read,
	.proc_write	= payload_write,
	.proc_lseek	= default_llseek,
};

static int __init pom_payload_init(void)
{
	return proc_create("pom_payload", 0600, NULL, &payload_ops) ? 0 :
								       -ENOMEM;
}

static void __exit pom_payload_exit(void)
{
	remove_proc_entry("pom_payload", NULL);
}

module_init(pom_payload_init);
module_exit(pom_payload_exit);
