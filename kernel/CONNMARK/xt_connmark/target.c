// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target CONNMARK: change the mark of a connection, or copy it to or from
 * the packet.
 *
 * Packets of one connection run on several CPUs. Each change here is a
 * compare-and-exchange that starts again from the newer value, so rules with
 * separate masks never lose each other's bits. A mark that would stay the same
 * is not written, and makes no event.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#include "lib/conntrack.h"
#include "lib/log.h"
#include "lib/xtables.h"
#include "CONNMARK/xt_connmark/internal.h"

static u32 connmark_shift(u32 mark, u8 dir, u8 bits)
{
	return dir == D_SHIFT_RIGHT ? mark >> bits : mark << bits;
}

/* Sets the mark to @new if it still is *@old; else *@old is the newer one. */
static bool connmark_replace(struct nf_conn *ct, u32 *old, u32 new)
{
	u32 seen = cmpxchg(&ct->mark, *old, new);

	if (seen != *old) {
		*old = seen;
		return false;
	}
	nf_conntrack_event_cache(IPCT_MARK, ct);
	return true;
}

/* A different CPU has changed the mark to @old meanwhile. */
static noinline unsigned int connmark_retry(struct nf_conn *ct, u32 old,
					    u32 mark, u32 mask, u8 dir, u8 bits)
{
	u32 new;

	do {
		new = connmark_shift((old & ~mask) ^ mark, dir, bits);
	} while (new != old && !connmark_replace(ct, &old, new));
	return XT_CONTINUE;
}

/*
 * The first try is inline, and the others are a tail call: so no register is
 * saved, and a change costs four instructions more than a plain store.
 */
static __always_inline unsigned int
connmark_set(struct nf_conn *ct, u32 mark, u32 mask, u8 dir, u8 bits)
{
	u32 old = READ_ONCE(ct->mark), new, seen;

	new = connmark_shift((old & ~mask) ^ mark, dir, bits);
	if (new == old)
		return XT_CONTINUE;
	seen = cmpxchg(&ct->mark, old, new);
	if (unlikely(seen != old))
		return connmark_retry(ct, seen, mark, mask, dir, bits);
	nf_conntrack_event_cache(IPCT_MARK, ct);
	return XT_CONTINUE;
}

static __always_inline unsigned int
connmark_save(struct nf_conn *ct, const struct sk_buff *skb,
	      const struct xt_connmark_tginfo2 *info)
{
	u32 mark = connmark_shift(skb->mark & info->nfmask, info->shift_dir,
				  info->shift_bits);

	return connmark_set(ct, mark, info->ctmask, D_SHIFT_LEFT, 0);
}

static __always_inline void
connmark_restore(const struct nf_conn *ct, struct sk_buff *skb,
		 const struct xt_connmark_tginfo2 *info)
{
	u32 mark = connmark_shift(READ_ONCE(ct->mark) & info->ctmask,
				  info->shift_dir, info->shift_bits);

	skb->mark = (skb->mark & ~info->nfmask) ^ mark;
}

static unsigned int connmark_tg_v1(struct sk_buff *skb,
				   const struct xt_action_param *par)
{
	const struct xt_connmark_tginfo1 *info = par->targinfo;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct)
		return XT_CONTINUE;
	switch (info->mode) {
	case XT_CONNMARK_SET:
		return connmark_set(ct, info->ctmark, info->ctmask,
				    D_SHIFT_LEFT, 0);
	case XT_CONNMARK_SAVE:
		return connmark_set(ct, skb->mark & info->nfmask, info->ctmask,
				    D_SHIFT_LEFT, 0);
	case XT_CONNMARK_RESTORE:
		skb->mark = (skb->mark & ~info->nfmask) ^
			    (READ_ONCE(ct->mark) & info->ctmask);
		break;
	}
	return XT_CONTINUE;
}

/* For each direction on its own: a branch costs less than both shifts. */
static __always_inline unsigned int
connmark_set_v2(struct nf_conn *ct, const struct xt_connmark_tginfo2 *info)
{
	if (info->shift_dir == D_SHIFT_RIGHT)
		return connmark_set(ct, info->ctmark, info->ctmask,
				    D_SHIFT_RIGHT, info->shift_bits);
	return connmark_set(ct, info->ctmark, info->ctmask, D_SHIFT_LEFT,
			    info->shift_bits);
}

static __always_inline unsigned int
connmark_run_v2(struct nf_conn *ct, struct sk_buff *skb,
		const struct xt_connmark_tginfo2 *info)
{
	switch (info->mode) {
	case XT_CONNMARK_SET:
		return connmark_set_v2(ct, info);
	case XT_CONNMARK_SAVE:
		return connmark_save(ct, skb, info);
	case XT_CONNMARK_RESTORE:
		connmark_restore(ct, skb, info);
		break;
	}
	return XT_CONTINUE;
}

static unsigned int connmark_tg_v2(struct sk_buff *skb,
				   const struct xt_action_param *par)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct ? connmark_run_v2(ct, skb, par->targinfo) : XT_CONTINUE;
}

/**
 * struct connmark_source - what a rule of revision 3 sets a mark from
 * @value: for XT_CONNMARK_SET and _SAVE, the bits to be set
 * @number: for the other modes, what the field becomes or changes by
 */
struct connmark_source {
	u32 value;
	u32 number;
};

static u32 connmark_new(u32 old, const struct xt_connmark_tginfo3 *info,
			const struct connmark_source *from)
{
	u32 mask = info->ctmask, field;

	if (info->mode == XT_CONNMARK_SET)
		return connmark_shift((old & ~mask) ^ from->value,
				      info->shift_dir, info->shift_bits);
	if (info->mode == XT_CONNMARK_SAVE)
		return (old & ~mask) ^ from->value;
	field = from->number << __ffs(mask);
	if (info->mode == XT_CONNMARK_ADD)
		field = old + field;
	else if (info->mode == XT_CONNMARK_SUB)
		field = (old & mask) - field;
	return (old & ~mask) | (field & mask);
}

static void connmark_change(struct nf_conn *ct,
			    const struct xt_connmark_tginfo3 *info,
			    const struct connmark_source *from)
{
	u32 old = READ_ONCE(ct->mark), new;

	do {
		if (info->flags & XT_CONNMARK_ONCE && old & info->ctmask)
			return;
		new = connmark_new(old, info, from);
	} while (new != old && !connmark_replace(ct, &old, new));
}

static unsigned int connmark_tg_v3(struct sk_buff *skb,
				   const struct xt_action_param *par)
{
	const struct xt_connmark_tginfo3 *info = par->targinfo;
	struct connmark_source from = { .value = info->ctmark,
					.number = info->ctmark };
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct)
		return XT_CONTINUE;
	switch (info->mode) {
	case XT_CONNMARK_RESTORE:
		connmark_restore(ct, skb, par->targinfo);
		return XT_CONTINUE;
	case XT_CONNMARK_SAVE:
		from.value = connmark_shift(skb->mark & info->nfmask,
					    info->shift_dir, info->shift_bits);
		break;
	case XT_CONNMARK_RANDOM:
		from.number = connmark_random(info);
		break;
	case XT_CONNMARK_HASH:
		/* A reply comes in through a different device. */
		if (info->flags & XT_CONNMARK_HASH_IIF &&
		    CTINFO2DIR(ctinfo) == IP_CT_DIR_REPLY)
			return XT_CONTINUE;
		from.number =
			connmark_hash(xt_net(par), ct,
				      xt_in(par) ? xt_in(par)->ifindex : 0,
				      info);
		break;
	}
	connmark_change(ct, info, &from);
	return XT_CONTINUE;
}

static int connmark_tg_check(const struct xt_tgchk_param *par)
{
	return pom_conntrack_get(par->net, par->family);
}

static const char *connmark_shift_error(u8 dir, u8 bits)
{
	if (dir > D_SHIFT_RIGHT)
		return "unknown direction of a shift";
	return bits < 32 ? NULL : "a mark has 32 bits: shift by 0 to 31";
}

static int connmark_tg_check_v2(const struct xt_tgchk_param *par)
{
	const struct xt_connmark_tginfo2 *info = par->targinfo;
	const char *error = connmark_shift_error(info->shift_dir,
						 info->shift_bits);

	if (error) {
		pom_info(par->net, "%s\n", error);
		return -EINVAL;
	}
	return connmark_tg_check(par);
}

/* Is it one run of bits? */
static bool connmark_is_field(u32 mask)
{
	u64 run;

	if (!mask)
		return false;
	run = (u64)(mask >> __ffs(mask)) + 1;
	return !(run & (run - 1));
}

static const char *connmark_number_error(const struct xt_connmark_tginfo3 *info)
{
	bool range = info->mode == XT_CONNMARK_RANDOM ||
		     info->mode == XT_CONNMARK_HASH;
	u32 max = range ? info->nfmask : info->ctmark;

	if (!connmark_is_field(info->ctmask))
		return "--mask is not one run of bits";
	if (!range && info->nfmask)
		return "--nfmask is not for a number";
	if (max > info->ctmask >> __ffs(info->ctmask))
		return "the number does not fit into --mask";
	if (range && info->ctmark > info->nfmask)
		return "the range ends before it begins";
	if (info->shift_dir || info->shift_bits)
		return "a number cannot be shifted";
	return NULL;
}

static const char *connmark_hash_error(const struct xt_connmark_tginfo3 *info,
				       unsigned int hooks)
{
	u8 hash = info->flags & XT_CONNMARK_HASH_ANY;

	if (info->mode != XT_CONNMARK_HASH)
		return hash ? "--hash needs --set-hash" : NULL;
	if (!hash)
		return "--set-hash needs --hash";
	if (hash & XT_CONNMARK_HASH_IIF &&
	    hooks & (1 << NF_INET_LOCAL_OUT | 1 << NF_INET_POST_ROUTING))
		return "--hash iif: OUTPUT and POSTROUTING have no input device";
	return NULL;
}

static const char *connmark_error_v3(const struct xt_connmark_tginfo3 *info,
				     unsigned int hooks)
{
	const char *error;

	if (info->mode > XT_CONNMARK_HASH ||
	    info->flags & ~(XT_CONNMARK_ONCE | XT_CONNMARK_HASH_ANY))
		return "unknown mode or flag: the iptables extension has a different version";
	if (info->flags & XT_CONNMARK_ONCE &&
	    info->mode == XT_CONNMARK_RESTORE)
		return "--once does not go with --restore-mark";
	error = info->mode > XT_CONNMARK_RESTORE ?
		connmark_number_error(info) :
		connmark_shift_error(info->shift_dir, info->shift_bits);
	return error ?: connmark_hash_error(info, hooks);
}

static int connmark_tg_check_v3(const struct xt_tgchk_param *par)
{
	const char *error = connmark_error_v3(par->targinfo, par->hook_mask);

	if (error) {
		pom_info(par->net, "%s\n", error);
		return -EINVAL;
	}
	return connmark_tg_check(par);
}

static void connmark_tg_destroy(const struct xt_tgdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

enum { CONNMARK_REVISIONS = 3 };

/* The first half is complete but for the family. */
static struct xt_target connmark_tg_reg[2 * CONNMARK_REVISIONS]
__read_mostly = {
	{
		.name		= "CONNMARK",
		.revision	= 1,
		.target		= connmark_tg_v1,
		.checkentry	= connmark_tg_check,
		.destroy	= connmark_tg_destroy,
		.targetsize	= sizeof(struct xt_connmark_tginfo1),
		.me		= THIS_MODULE,
	},
	{
		.name		= "CONNMARK",
		.revision	= 2,
		.target		= connmark_tg_v2,
		.checkentry	= connmark_tg_check_v2,
		.destroy	= connmark_tg_destroy,
		.targetsize	= sizeof(struct xt_connmark_tginfo2),
		.me		= THIS_MODULE,
	},
	{
		.name		= "CONNMARK",
		.revision	= 3,
		.target		= connmark_tg_v3,
		.checkentry	= connmark_tg_check_v3,
		.destroy	= connmark_tg_destroy,
		.targetsize	= sizeof(struct xt_connmark_tginfo3),
		.me		= THIS_MODULE,
	},
};

int __init connmark_tg_init(void)
{
	return pom_register_targets(connmark_tg_reg, CONNMARK_REVISIONS);
}

void connmark_tg_exit(void)
{
	pom_unregister_targets(connmark_tg_reg, CONNMARK_REVISIONS);
}
