// SPDX-License-Identifier: GPL-2.0-only
/*
 * The recent match: puts addresses of packets into lists, and finds them
 * there. See include/linux/netfilter/xt_recent.h.
 *
 * A packet whose address is in the list takes no lock but that of its entry.
 * Adding and removing an address take the list's; --reap only if it is free.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include "lib/log.h"
#include "lib/name.h"
#include "lib/xtables.h"
#include "recent/xt_recent/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: match addresses that were seen recently, in lists in /proc/net/xt_recent");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_recent");
MODULE_ALIAS("ip6t_recent");

/*
 * Rules of revisions 0 and 1 have no member of the kernel's own. Where
 * alignment leaves bytes behind the structure, which user space neither writes
 * nor sees, they hold the number of the list. i386 leaves none: there the
 * address of the rule is the key of its list.
 */
#define RECENT_ROOM(type)						\
	(XT_ALIGN(sizeof(struct type)) >= sizeof(struct type) + sizeof(u32) && \
	 sizeof(struct type) % sizeof(u32) == 0)
#define RECENT_HAS_ROOM							\
	(RECENT_ROOM(xt_recent_mtinfo) && RECENT_ROOM(xt_recent_mtinfo_v1))

/* The lists by address of the rule; empty where RECENT_HAS_ROOM. */
static DEFINE_XARRAY(recent_rules);

/* recent_entry.listed is a part of recent_entry.order, set while it is used. */
static_assert(offsetof(struct recent_entry, listed) ==
	      offsetof(struct recent_entry, order.prev));

/* The same for 32-bit userland on a 64-bit kernel. */
static_assert(sizeof(struct xt_recent_mtinfo_v2) == 256);

/* An entry takes 128 bytes, unless locks are debugged or lines are longer. */
static_assert(sizeof(spinlock_t) > 4 || SMP_CACHE_BYTES > 128 ||
	      sizeof(struct recent_entry) + sizeof(void *) <= 128);

static __always_inline u32 *recent_number(const void *info, size_t size)
{
	return (u32 *)((u8 *)info + size);
}

static __always_inline struct recent_list *recent_numbered(const void *info,
							   size_t size)
{
	if (!RECENT_HAS_ROOM)
		return xa_load(&recent_rules, (unsigned long)info);
	return xa_load(&recent_lists, *recent_number(info, size));
}

/* How a rule of any revision begins. */
struct recent_rule {
	u32 seconds;
	u32 hit_count;
	u8 check_set;
	u8 invert;
};

#define RECENT_RULE_BEGINS(type)				\
	static_assert(offsetof(struct type, seconds) == 0 &&	\
		      offsetofend(struct type, invert) ==	\
		      offsetofend(struct recent_rule, invert))
RECENT_RULE_BEGINS(xt_recent_mtinfo);
RECENT_RULE_BEGINS(xt_recent_mtinfo_v1);
RECENT_RULE_BEGINS(xt_recent_mtinfo_v2);

static const struct recent_rule *recent_rule(const void *matchinfo)
{
	return matchinfo;
}

static __always_inline struct recent_key
recent_packet_key(const struct sk_buff *skb, const struct xt_action_param *par,
		  const struct recent_list *list, bool dest)
{
	const void *addr;

	if (xt_family(par) == NFPROTO_IPV4) {
		addr = dest ? &ip_hdr(skb)->daddr : &ip_hdr(skb)->saddr;
		return recent_list_key(list, NFPROTO_IPV4, addr);
	}
	addr = dest ? &ipv6_hdr(skb)->daddr : &ipv6_hdr(skb)->saddr;
	return recent_list_key(list, NFPROTO_IPV6, addr);
}

/* What it was before we took one off it. */
static __always_inline u8 recent_packet_ttl(const struct sk_buff *skb,
					    const struct xt_action_param *par)
{
	u8 ttl = xt_family(par) == NFPROTO_IPV4 ? ip_hdr(skb)->ttl :
						  ipv6_hdr(skb)->hop_limit;

	if (xt_out(par) &&
	    (!skb->sk || !net_eq(xt_net(par), sock_net(skb->sk))))
		ttl++;
	return ttl;
}

static __always_inline bool recent_rule_hit(const struct recent_rule *rule,
					    const struct recent_entry *e,
					    u64 now)
{
	u32 hits = rule->hit_count ? : 1;

	if (e->count < hits)
		return false;
	return !rule->seconds || recent_age(now, recent_stamp(e, hits)) <=
				 rule->seconds * (u64)HZ;
}

/* Under the entry's lock. */
static __always_inline bool recent_mt_entry(struct recent_list *list,
					    struct recent_entry *e,
					    const struct recent_rule *rule,
					    u8 ttl, u64 now)
{
	bool match;

	if (recent_expired(list, e, now))
		return false;
	if (unlikely(rule->check_set & XT_RECENT_TTL) && e->ttl && ttl &&
	    e->ttl != ttl)
		return false;
	match = recent_rule_hit(rule, e, now);
	if (rule->check_set & XT_RECENT_UPDATE && match != rule->invert) {
		e->ttl = ttl;
		recent_note(list, e, now);
	}
	return match;
}

static __always_inline bool recent_mt_check_list(struct recent_list *list,
						 const struct recent_key *key,
						 const struct recent_rule *rule,
						 u8 ttl)
{
	struct recent_entry *e = recent_find_lock(list, key);
	u64 now = recent_now();
	bool match;

	if (!e)
		return false;
	match = recent_mt_entry(list, e, rule, ttl, now);
	recent_unlock(e);
	if (unlikely(rule->check_set & XT_RECENT_REAP))
		recent_reap(list, now, rule->seconds * (u64)HZ);
	return match;
}

static __always_inline bool recent_mt_see(struct recent_list *list,
					  const struct recent_key *key, u8 ttl)
{
	struct recent_entry *e = recent_find_lock(list, key);

	if (unlikely(!e))
		return false;
	e->ttl = ttl;
	recent_note_anew(list, e, recent_now());
	recent_unlock(e);
	return true;
}

/*
 * What follows is called out of line, with a key in pieces, so that it stays
 * in registers for those who find their address.
 */
static noinline bool recent_mt_remove(struct recent_list *list, u64 word0,
				      u64 word1, u32 hash, u8 family)
{
	const struct recent_key key = {
		.hash = hash, .family = family, .word = { word0, word1 },
		.owner = RECENT_OWNER(list, family),
	};
	bool expired;

	return recent_find(list, &key) &&
	       recent_remove(list, &key, &expired) && !expired;
}

static noinline int recent_mt_add(struct recent_list *list, u64 word0,
				  u64 word1, u32 hash, u8 family, u8 ttl)
{
	const struct recent_key key = {
		.hash = hash, .family = family, .word = { word0, word1 },
		.owner = RECENT_OWNER(list, family),
	};
	int err = recent_add(list, &key, ttl, recent_now());

	return err == -EEXIST ? recent_see(list, &key, ttl) : err;
}

/* nf_tables leaves bottom halves on for what a process sends. */
static noinline bool recent_mt_bh(bool (*mt)(const struct sk_buff *skb,
					     struct xt_action_param *par),
				  const struct sk_buff *skb,
				  struct xt_action_param *par)
{
	bool match;

	local_bh_disable();
	match = mt(skb, par);
	local_bh_enable();
	return match;
}

/*
 * The revisions differ in where they know their list from, and their @side.
 * Bottom halves are off.
 */
static __always_inline bool recent_mt_rule(const struct sk_buff *skb,
					   struct xt_action_param *par,
					   struct recent_list *list,
					   const struct recent_rule *rule,
					   u8 side)
{
	const struct recent_key key = recent_packet_key(skb, par, list,
							side == XT_RECENT_DEST);
	u8 ttl = recent_packet_ttl(skb, par);
	bool match = true;

	if (rule->check_set & (XT_RECENT_CHECK | XT_RECENT_UPDATE))
		match = recent_mt_check_list(list, &key, rule, ttl);
	else if (rule->check_set & XT_RECENT_REMOVE)
		match = recent_mt_remove(list, key.word[0], key.word[1],
					 key.hash, key.family);
	else if (unlikely(!recent_mt_see(list, &key, ttl)) &&
		 recent_mt_add(list, key.word[0], key.word[1], key.hash,
			       key.family, ttl) == -ENOMEM)
		return false; /* whatever invert says: at a limit, no match */
	return match != rule->invert;
}

static bool recent_mt_v0(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_recent_mtinfo *info = par->matchinfo;

	if (unlikely(!softirq_count()))
		return recent_mt_bh(recent_mt_v0, skb, par);
	return recent_mt_rule(skb, par,
			      recent_numbered(info, sizeof(*info)),
			      recent_rule(info), info->side);
}

static bool recent_mt_v1(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_recent_mtinfo_v1 *info = par->matchinfo;

	if (unlikely(!softirq_count()))
		return recent_mt_bh(recent_mt_v1, skb, par);
	return recent_mt_rule(skb, par,
			      recent_numbered(info, sizeof(*info)),
			      recent_rule(info), info->side);
}

static bool recent_mt_v2(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_recent_mtinfo_v2 *info = par->matchinfo;

	if (unlikely(!softirq_count()))
		return recent_mt_bh(recent_mt_v2, skb, par);
	return recent_mt_rule(skb, par, info->list, recent_rule(info),
			      info->side);
}

/* Says what is wrong with a rule, in the words of who wrote it. */
static const char *recent_rule_wrong(const struct recent_rule *rule, u8 side)
{
	u8 verb = rule->check_set & XT_RECENT_VERBS;

	if (rule->check_set & ~XT_RECENT_VALID_FLAGS)
		return "there are unknown flags in check_set";
	if (hweight8(verb) != 1)
		return "exactly one of --set, --rcheck, --update and --remove is needed";
	if (verb & (XT_RECENT_SET | XT_RECENT_REMOVE) &&
	    (rule->seconds || rule->hit_count ||
	     rule->check_set & XT_RECENT_MODIFIERS))
		return "--seconds, --hitcount, --rttl, --reap: only with --rcheck and --update";
	if (rule->check_set & XT_RECENT_REAP && !rule->seconds)
		return "--reap needs --seconds";
	if (rule->hit_count > XT_RECENT_MAX_STAMPS)
		return "--hitcount is over 65535";
	if (rule->invert > 1)
		return "invert is neither 0 nor 1";
	if (side > XT_RECENT_DEST)
		return "side is neither 0 nor 1";
	return NULL;
}

static struct recent_list *
recent_mt_list(const struct xt_mtchk_param *par, u8 side,
	       const struct recent_list_config *config)
{
	const char *wrong = recent_rule_wrong(par->matchinfo, side);
	int len = strnlen(config->name, XT_RECENT_NAME_LEN);

	if (wrong) {
		pom_info(par->net, "%s\n", wrong);
		return ERR_PTR(-EINVAL);
	}
	wrong = pom_name_error(config->name, XT_RECENT_NAME_LEN, "");
	if (wrong) {
		pom_info(par->net, "--name \"%*pE\" %s\n", len, config->name,
			 wrong);
		return ERR_PTR(len == XT_RECENT_NAME_LEN ? -ENAMETOOLONG :
							   -EINVAL);
	}
	return recent_list_get(par->net, config);
}

static int recent_mt_check_old(const struct xt_mtchk_param *par, u8 side,
			       const struct recent_list_config *config,
			       size_t size)
{
	struct recent_list *list = recent_mt_list(par, side, config);
	int err;

	if (IS_ERR(list))
		return PTR_ERR(list);
	if (RECENT_HAS_ROOM) {
		*recent_number(par->matchinfo, size) = list->id;
		return 0;
	}
	err = xa_err(xa_store(&recent_rules, (unsigned long)par->matchinfo,
			      list, GFP_KERNEL_ACCOUNT));
	if (err)
		recent_list_put(list, true);
	return err;
}

static int recent_mt_check_v0(const struct xt_mtchk_param *par)
{
	const struct xt_recent_mtinfo *info = par->matchinfo;
	struct recent_list_config config = {
		.name		= info->name,
		.family		= par->family,
		.hit_count	= info->hit_count,
	};

	memset(&config.mask, 0xff, sizeof(config.mask));
	return recent_mt_check_old(par, info->side, &config, sizeof(*info));
}

static int recent_mt_check_v1(const struct xt_mtchk_param *par)
{
	const struct xt_recent_mtinfo_v1 *info = par->matchinfo;
	const struct recent_list_config config = {
		.name		= info->name,
		.family		= par->family,
		.hit_count	= info->hit_count,
		.mask		= info->mask,
	};

	return recent_mt_check_old(par, info->side, &config, sizeof(*info));
}

static const char *recent_config_wrong(const struct xt_recent_mtinfo_v2 *info)
{
	if (info->list_size > XT_RECENT_MAX_SIZE)
		return "--list-size is over 10000000";
	if (info->list_stamps > XT_RECENT_MAX_STAMPS)
		return "--list-stamps is over 65535";
	if (info->list_full > XT_RECENT_FULL_MAX)
		return "list_full is none of enum xt_recent_full";
	if (info->reserved)
		return "unused bytes of a rule are not zero";
	return NULL;
}

static int recent_mt_check_v2(const struct xt_mtchk_param *par)
{
	struct xt_recent_mtinfo_v2 *info = par->matchinfo;
	const struct recent_list_config config = {
		.name		= info->name,
		.family		= par->family,
		.full		= info->list_full,
		.hit_count	= info->hit_count,
		.size		= info->list_size,
		.stamps		= info->list_stamps,
		.timeout	= info->list_timeout,
		.mask		= info->mask,
	};
	const char *wrong = recent_config_wrong(info);
	struct recent_list *list;

	if (wrong) {
		pom_info(par->net, "%s\n", wrong);
		return -EINVAL;
	}
	list = recent_mt_list(par, info->side, &config);
	if (IS_ERR(list))
		return PTR_ERR(list);
	info->list = list;
	return 0;
}

static void recent_mt_destroy_old(const struct xt_mtdtor_param *par,
				  size_t size)
{
	struct recent_list *list = recent_numbered(par->matchinfo, size);

	if (!RECENT_HAS_ROOM)
		xa_erase(&recent_rules, (unsigned long)par->matchinfo);
	recent_list_put(list, true);
}

static void recent_mt_destroy_v0(const struct xt_mtdtor_param *par)
{
	recent_mt_destroy_old(par, sizeof(struct xt_recent_mtinfo));
}

static void recent_mt_destroy_v1(const struct xt_mtdtor_param *par)
{
	recent_mt_destroy_old(par, sizeof(struct xt_recent_mtinfo_v1));
}

static void recent_mt_destroy_v2(const struct xt_mtdtor_param *par)
{
	const struct xt_recent_mtinfo_v2 *info = par->matchinfo;

	recent_list_put(info->list, true);
}

#define RECENT_MT(rev, type, user)				\
	{							\
		.name		= "recent",			\
		.revision	= rev,				\
		.match		= recent_mt_v##rev,		\
		.checkentry	= recent_mt_check_v##rev,	\
		.destroy	= recent_mt_destroy_v##rev,	\
		.matchsize	= sizeof(struct type),		\
		.usersize	= user,				\
		.me		= THIS_MODULE,			\
	}

#define RECENT_REVISIONS	3

/* For both families: see pom_register_matches(). */
static struct xt_match recent_mt_reg[2 * RECENT_REVISIONS] __read_mostly = {
	RECENT_MT(0, xt_recent_mtinfo, 0),
	RECENT_MT(1, xt_recent_mtinfo_v1, 0),
	RECENT_MT(2, xt_recent_mtinfo_v2,
		  offsetof(struct xt_recent_mtinfo_v2, list)),
};

static int __init recent_mt_init(void)
{
	int err;

	err = recent_entry_init();
	if (err)
		return err;
	err = recent_list_init();
	if (err)
		goto err_entry;
	err = recent_netlink_init();
	if (err)
		goto err_list;
	err = pom_register_matches(recent_mt_reg, RECENT_REVISIONS);
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	recent_netlink_exit();
err_list:
	recent_list_exit();
err_entry:
	recent_entry_exit();
	return err;
}

static void __exit recent_mt_exit(void)
{
	pom_unregister_matches(recent_mt_reg, RECENT_REVISIONS);
	recent_netlink_exit();
	recent_list_exit();
	recent_entry_exit();
}

module_init(recent_mt_init);
module_exit(recent_mt_exit);
