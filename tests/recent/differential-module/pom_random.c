// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends packets that a seed makes through PREROUTING of the writer's network
 * namespace, and tells what became of them:
 *
 *   echo "seed=1 ports=40 large=16" >/proc/pom_random
 *				starts again
 *   echo "packets=10000" >/proc/pom_random
 *				continues
 *   cat /proc/pom_random
 *				a digest of the fates of these, how many of them
 *				were marked, and the last of them as
 *				FAMILY:HOST/TTL>PORT
 *
 * Sources are one of 40 hosts, or one of 10,000 where the destination port is
 * 1000 + large or higher; ports 1000 to 1000 + ports - 1. Rules mark whom
 * they match, and drop nobody. For tests/recent/differential-many.
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
MODULE_DESCRIPTION("Sends packets that a seed makes through the rules, and tells a digest of what became of them");
MODULE_LICENSE("GPL");

#define BATCH	64	/* packets between two looks at the scheduler */

static DEFINE_MUTEX(lock);	/* guards what follows */
static u64 state;		/* of the generator; never 0 */
static u64 digest;
static unsigned int marked;
static char last[32];
static unsigned int ports = 1, large = 1;
static struct sk_buff *packets[2]; /* IPv4, IPv6 */

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

static void set_header4(struct sk_buff *skb, u32 host, u8 ttl)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->saddr = htonl(0xc0a80000 + host);
	iph->ttl = ttl;
}

static void set_header6(struct sk_buff *skb, u32 host, u8 ttl)
{
	struct ipv6hdr *iph = ipv6_hdr(skb);

	iph->saddr.s6_addr32[3] = htonl(host);
	iph->hop_limit = ttl;
}

static int send_one(struct net *net, bool telling)
{
	static const u8 ttls[] = { 64, 64, 64, 64, 64, 63, 1, 255 };
	bool six = random_below(4) == 0;
	u32 port = random_below(ports);
	u32 host = 1 + random_below(port < large ? 40 : 10000);
	u8 ttl = ttls[random_below(ARRAY_SIZE(ttls))];
	struct sk_buff *skb = packets[six];

	if (six)
		set_header6(skb, host, ttl);
	else
		set_header4(skb, host, ttl);
	udp_hdr(skb)->dest = htons(1000 + port);
	skb->mark = 0;
	skb->dev = net->loopback_dev;
	if (nf_hook(six ? NFPROTO_IPV6 : NFPROTO_IPV4, NF_INET_PRE_ROUTING, net,
		    NULL, skb, skb->dev, NULL, accept_packet) != 1) {
		packets[six] = NULL; /* a rule took it */
		return -EIO;
	}
	marked += skb->mark != 0;
	if (telling)
		scnprintf(last, sizeof(last), "%d:%u/%u>%u", six ? 6 : 4, host,
			  ttl, 1000 + port);
	/* FNV-1a, a bit in each byte */
	digest = (digest ^ (skb->mark != 0)) * 0x100000001b3ULL;
	return 0;
}

static int send_packets(struct net *net, int left)
{
	int i, status = 0;

	digest = 0xcbf29ce484222325ULL;
	marked = 0;
	if (!packets[0] || !packets[1] || !state)
		return -EINVAL;
	while (left > 0 && !status) {
		local_bh_disable();
		for (i = 0; i < BATCH && left > 0 && !status; i++, left--)
			status = send_one(net, left == 1);
		local_bh_enable();
		cond_resched();
	}
	return status;
}

static ssize_t random_write(struct file *file, const char __user *data,
			    size_t size, loff_t *pos)
{
	unsigned int new_ports, new_large;
	unsigned long long seed;
	int status = 0, n;
	char text[64];

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	mutex_lock(&lock);
	if (sscanf(text, "seed=%llu ports=%u large=%u", &seed, &new_ports,
		   &new_large) == 3 && seed && new_ports) {
		state = seed * 0x9e3779b97f4a7c15ULL;
		ports = new_ports;
		large = new_large;
	} else if (sscanf(text, "packets=%d", &n) == 1) {
		status = send_packets(current->nsproxy->net_ns, n);
	} else {
		status = -EINVAL;
	}
	mutex_unlock(&lock);
	return status ?: size;
}

static ssize_t random_read(struct file *file, char __user *data, size_t size,
			   loff_t *pos)
{
	char text[80];
	int n;

	mutex_lock(&lock);
	n = scnprintf(text, sizeof(text), "%016llx %u %s\n", digest,
		      marked, last);
	mutex_unlock(&lock);
	return simple_read_from_buffer(data, size, pos, text, n);
}

static const struct proc_ops random_ops = {
	.proc_read	= random_read,
	.proc_write	= random_write,
	.proc_lseek	= default_llseek,
};

static void free_packets(void)
{
	kfree_skb(packets[0]);
	kfree_skb(packets[1]);
}

static int __init pom_random_init(void)
{
	packets[0] = packet_alloc(false, IPPROTO_UDP, 1000, 0);
	packets[1] = packet_alloc(true, IPPROTO_UDP, 1000, 0);
	if (!packets[0] || !packets[1] ||
	    !proc_create("pom_random", 0600, NULL, &random_ops)) {
		free_packets();
		return -ENOMEM;
	}
	return 0;
}

static void __exit pom_random_exit(void)
{
	remove_proc_entry("pom_random", NULL);
	free_packets();
}

module_init(pom_random_init);
module_exit(pom_random_exit);
