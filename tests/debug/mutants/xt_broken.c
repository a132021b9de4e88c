// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small match for mutation tests: without a fault, or with one of the FAULTs
 * that the layers of tests/debug must detect. It counts UDP datagrams and
 * matches those whose payload contains a byte. It is never installed;
 * tests/debug/mutants/run builds it in a tree of its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/udp.h>
#include <linux/workqueue.h>

#include <linux/netfilter/xt_broken.h>

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: a match with planted faults");
MODULE_LICENSE("GPL");
MODULE_ALIAS("ipt_broken");
MODULE_ALIAS("ip6t_broken");

#define FAULT BROKEN_NONE

enum fault {
	BROKEN_NONE,
	BROKEN_UNLOAD, /* unloading does not cancel a work item */
	BROKEN_LEAK, /* a failed load leaks memory */
	BROKEN_SLEEP, /* allocates with GFP_KERNEL under a spinlock */
	BROKEN_RCU, /* dereferences a pointer outside of the RCU read side */
	BROKEN_LENGTH, /* trusts the length field of a packet */
	BROKEN_MOVED, /* keeps a pointer to a header that has moved */
	BROKEN_MEMORY, /* does not check the result of an allocation */
	BROKEN_COUNT, /* a rule takes a module reference and never drops it */
	BROKEN_RACE, /* a plain read of a counter that packets write */
	BROKEN_TWICE, /* a module parameter is read twice for one packet */
	BROKEN_PUBLISHED, /* a report is made of an object that another CPU can
			     free */
	BROKEN_LIMIT, /* all network namespaces share a limit, and a packet
			 beyond it is dropped */
};

struct broken_total {
	atomic_long_t packets;
};

struct broken_rule {
	struct list_head list;
	u8 byte;
};

static DEFINE_SPINLOCK(broken_lock); /* of broken_rules and broken_last */
static LIST_HEAD(broken_rules);
static struct broken_total __rcu *broken_total;

static unsigned long broken_bytes; /* of BROKEN_RACE: bytes searched */

static unsigned int broken_size = 8; /* bytes to copy from a packet's head */
module_param(broken_size, uint, 0644);

#define BROKEN_SIZE_MAX		1024U
#define BROKEN_REPORT_ROUNDS	64
#define BROKEN_LIMIT_MAX	4000

struct broken_seen {
	u32 words[16];
};

static struct broken_seen *broken_last; /* under broken_lock */
static u32 broken_reported;
static atomic_t broken_used = ATOMIC_INIT(0); /* of BROKEN_LIMIT_MAX */

static unsigned long *broken_ticks;
static struct delayed_work broken_work;

/* Reads 10,000 times: KCSAN samples one access in some thousands. */
static unsigned long broken_read(void)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < 10000; i++) {
		sum += broken_bytes;
		barrier();
	}
	return sum;
}

static void broken_tick(struct work_struct *work)
{
	(*broken_ticks)++;
	if (FAULT == BROKEN_RACE)
		*broken_ticks += broken_read();
	schedule_delayed_work(&broken_work, 1);
}

/* Whether @len bytes of the packet from @at contain @byte. */
static bool broken_find(const struct sk_buff *skb, unsigned int at,
			unsigned int len, u8 byte)
{
	const u8 *p;
	bool found = false;
	u8 buf;

	if (FAULT == BROKEN_LENGTH) {
		for (p = skb->data + at; len; p++, len--)
			found |= *p == byte;
		return found;
	}
	for (; len; at++, len--) {
		if (FAULT == BROKEN_RACE)
			broken_bytes++;
		p = skb_header_pointer(skb, at, 1, &buf);
		if (!p)
			return false;
		if (*p == byte)
			return true;
	}
	return false;
}

/* Copies broken_size bytes from the head of the packet. */
static void broken_copy(const struct sk_buff *skb)
{
	unsigned int size = min(READ_ONCE(broken_size), BROKEN_SIZE_MAX);
	u8 *copy = kmalloc(size, GFP_ATOMIC);

	if (!copy)
		return;
	if (FAULT == BROKEN_TWICE)
		size = min(READ_ONCE(broken_size), BROKEN_SIZE_MAX);
	skb_copy_bits(skb, 0, copy, min(size, skb->len));
	kfree(copy);
}

static void broken_report(const struct broken_seen *seen)
{
	u32 sum = 0;
	int i, round;

	for (round = 0; round < BROKEN_REPORT_ROUNDS; round++)
		for (i = 0; i < ARRAY_SIZE(seen->words); i++)
			sum += READ_ONCE(seen->words[i]);
	WRITE_ONCE(broken_reported, sum);
}

/*
 * Stores the length of the last packet, and reports it before it is published
 * and so before a different CPU can free it.
 */
static void broken_remember(const struct sk_buff *skb)
{
	struct broken_seen *seen = kzalloc(sizeof(*seen), GFP_ATOMIC), *old;

	if (!seen)
		return;
	seen->words[0] = skb->len;
	if (FAULT != BROKEN_PUBLISHED)
		broken_report(seen);
	spin_lock_bh(&broken_lock);
	old = broken_last;
	broken_last = seen;
	spin_unlock_bh(&broken_lock);
	if (FAULT == BROKEN_PUBLISHED)
		broken_report(seen);
	kfree(old);
}

static bool broken_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_broken_mtinfo *info = par->matchinfo;
	const struct udphdr *udp;
	struct udphdr buf;

	if (par->fragoff)
		return false;
	udp = skb_header_pointer(skb, par->thoff, sizeof(buf), &buf);
	if (!udp || ntohs(udp->len) < sizeof(buf))
		return false;
	/* A match must not call pskb_may_pull(): other code holds pointers. */
	if (FAULT == BROKEN_MOVED) {
		udp = (const void *)skb->data + par->thoff;
		if (!pskb_may_pull((struct sk_buff *)skb,
				   par->thoff + sizeof(buf)) ||
		    ntohs(udp->len) < sizeof(buf))
			return false;
	}
	atomic_long_inc(&rcu_dereference(broken_total)->packets);
	broken_copy(skb);
	broken_remember(skb);
	if (FAULT == BROKEN_LIMIT &&
	    atomic_inc_return(&broken_used) > BROKEN_LIMIT_MAX) {
		par->hotdrop = true;
		return false;
	}
	return broken_find(skb, par->thoff + sizeof(buf),
			   ntohs(udp->len) - sizeof(buf), info->rule->byte);
}

static int broken_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_broken_mtinfo *info = par->matchinfo;
	struct broken_rule *rule;

	if (memchr_inv(info->reserved, 0, sizeof(info->reserved)))
		return -EINVAL;
	if (FAULT == BROKEN_RCU &&
	    !atomic_long_read(&rcu_dereference(broken_total)->packets))
		pr_debug("no packet yet\n");

	if (FAULT == BROKEN_SLEEP)
		spin_lock_bh(&broken_lock);
	rule = kmalloc(sizeof(*rule), GFP_KERNEL);
	if (FAULT == BROKEN_SLEEP)
		spin_unlock_bh(&broken_lock);
	if (!rule && FAULT != BROKEN_MEMORY)
		return -ENOMEM;

	rule->byte = info->byte;
	spin_lock_bh(&broken_lock);
	list_add(&rule->list, &broken_rules);
	spin_unlock_bh(&broken_lock);
	if (FAULT == BROKEN_COUNT)
		__module_get(THIS_MODULE);
	info->rule = rule;
	return 0;
}

static void broken_mt_destroy(const struct xt_mtdtor_param *par)
{
	const struct xt_broken_mtinfo *info = par->matchinfo;

	spin_lock_bh(&broken_lock);
	list_del(&info->rule->list);
	spin_unlock_bh(&broken_lock);
	kfree(info->rule);
}

static struct xt_match broken_mt_reg[] __read_mostly = {
	{
		.name		= "broken",
		.family		= NFPROTO_IPV4,
		.proto		= IPPROTO_UDP,
		.match		= broken_mt,
		.checkentry	= broken_mt_check,
		.destroy	= broken_mt_destroy,
		.matchsize	= sizeof(struct xt_broken_mtinfo),
		.usersize	= offsetof(struct xt_broken_mtinfo, rule),
		.me		= THIS_MODULE,
	},
	{
		.name		= "broken",
		.family		= NFPROTO_IPV6,
		.proto		= IPPROTO_UDP,
		.match		= broken_mt,
		.checkentry	= broken_mt_check,
		.destroy	= broken_mt_destroy,
		.matchsize	= sizeof(struct xt_broken_mtinfo),
		.usersize	= offsetof(struct xt_broken_mtinfo, rule),
		.me		= THIS_MODULE,
	},
};

static int __init broken_mt_init(void)
{
	struct broken_total *total;
	int err = -ENOMEM;

	broken_ticks = kzalloc(sizeof(*broken_ticks), GFP_KERNEL);
	if (!broken_ticks)
		return -ENOMEM;
	total = kzalloc(sizeof(*total), GFP_KERNEL);
	if (!total)
		goto err_ticks;
	RCU_INIT_POINTER(broken_total, total);
	INIT_DELAYED_WORK(&broken_work, broken_tick);
	err = xt_register_matches(broken_mt_reg, ARRAY_SIZE(broken_mt_reg));
	if (err)
		goto err_total;
	schedule_delayed_work(&broken_work, 1);
	return 0;

err_total:
	kfree(total);
err_ticks:
	if (FAULT != BROKEN_LEAK)
		kfree(broken_ticks);
	broken_ticks = NULL;
	return err;
}

static void __exit broken_mt_exit(void)
{
	xt_unregister_matches(broken_mt_reg, ARRAY_SIZE(broken_mt_reg));
	if (FAULT != BROKEN_UNLOAD)
		cancel_delayed_work_sync(&broken_work);
	kfree(broken_ticks);
	kfree(broken_last);
	kfree(rcu_dereference_protected(broken_total, true));
}

module_init(broken_mt_init);
module_exit(broken_mt_exit);
