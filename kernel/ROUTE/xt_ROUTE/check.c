// SPDX-License-Identifier: GPL-2.0-only
/* What is wrong with a rule. */
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "ROUTE/xt_ROUTE/internal.h"

/* NUL-padded to the end, as two rules are compared. */
static bool route_is_name(const char *name)
{
	size_t len = strnlen(name, IFNAMSIZ), i;

	if (len == IFNAMSIZ || memchr_inv(name + len, 0, IFNAMSIZ - len) ||
	    !dev_valid_name(name))
		return false;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || !isgraph(name[i]))
			return false;
	return true;
}

static bool route_is_empty(const char *name)
{
	return !memchr_inv(name, 0, IFNAMSIZ);
}

static bool route_has_gw(const struct xt_route_nexthop *hop)
{
	return memchr_inv(&hop->gw, 0, sizeof(hop->gw));
}

static const char *route_gw_error(const struct xt_route_nexthop *hop, u8 family)
{
	int type;

	if (family == NFPROTO_IPV4) {
		if (memchr_inv(&hop->gw.all[1], 0, sizeof(hop->gw) - 4))
			return "--gw is no IPv4 address";
		if (ipv4_is_zeronet(hop->gw.ip) || ipv4_is_lbcast(hop->gw.ip) ||
		    ipv4_is_multicast(hop->gw.ip) ||
		    ipv4_is_loopback(hop->gw.ip))
			return "--gw is not the address of a host on a link";
		return NULL;
	}
	type = ipv6_addr_type(&hop->gw.in6);
	if (type == IPV6_ADDR_ANY ||
	    type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK))
		return "--gw is not the address of a host on a link";
	if (type & IPV6_ADDR_LINKLOCAL && !hop->oif[0])
		return "a link-local --gw needs --oif";
	return NULL;
}

static const char *route_hop_error(const struct xt_route_nexthop *hop,
				   u8 family)
{
	if (!route_is_empty(hop->oif) && !route_is_name(hop->oif))
		return "--oif is no name of an interface";
	if (route_has_gw(hop))
		return route_gw_error(hop, family);
	return hop->oif[0] ? NULL : "--oif, --gw or --iif is needed";
}

static bool route_is_repeated(const struct xt_route_tginfo *info,
			      unsigned int i)
{
	unsigned int j;

	for (j = 0; j < i; j++)
		if (!memcmp(&info->hop[j].gw, &info->hop[i].gw,
			    sizeof(info->hop[i].gw)) &&
		    !memcmp(info->hop[j].oif, info->hop[i].oif, IFNAMSIZ))
			return true;
	return false;
}

/* In a list, the extension could not read such a name again. */
static const char *route_listed_error(const struct xt_route_tginfo *info,
				      const struct xt_route_nexthop *hop)
{
	return info->hops > 1 && strpbrk(hop->oif, ",*%") ?
	       "--gw: in a list, a name has no comma, * or %" : NULL;
}

static const char *route_weight_error(const struct xt_route_tginfo *info,
				      const struct xt_route_nexthop *hop)
{
	if (info->hops == 1)
		return hop->weight ? "one next hop has a weight" : NULL;
	if (info->flags & XT_ROUTE_REPLY && hop->weight != 1)
		return "--reply does not go with a weight";
	return hop->weight && hop->weight <= XT_ROUTE_WEIGHT_MAX ?
	       NULL : "--gw: a weight is 1 to 255";
}

static const char *route_hops_error(const struct xt_route_tginfo *info,
				    u8 family)
{
	const struct xt_route_nexthop *hop;
	const char *error;
	bool has_gw = false;
	unsigned int i;

	for (i = 0; i < info->hops; i++) {
		hop = &info->hop[i];
		error = route_hop_error(hop, family) ?:
			route_listed_error(info, hop) ?:
			route_weight_error(info, hop);
		if (error)
			return error;
		if (info->flags & XT_ROUTE_REPLY && !hop->oif[0])
			return "--reply needs the interface of each gateway";
		if (route_is_repeated(info, i))
			return "--gw has the same next hop twice";
		has_gw |= route_has_gw(hop);
	}
	return has_gw == !!(info->flags & XT_ROUTE_GW) ?
	       NULL : "--gw does not agree with its flag";
}

/* Is it one run of at least 4 bits? */
static bool route_is_field(u32 mask)
{
	u64 run;

	if (!mask)
		return false;
	run = (u64)(mask >> __ffs(mask)) + 1;
	return run > XT_ROUTE_HOPS && !(run & (run - 1));
}

static const char *route_field_error(const struct xt_route_tginfo *info)
{
	if (info->flags & XT_ROUTE_REPLY ||
	    (info->hops > 1 && info->balance != XT_ROUTE_PACKET))
		return route_is_field(info->mark_field) ?
		       NULL : "--mark-field is not one run of 4 or more bits";
	return info->mark_field ?
	       "--mark-field needs several next hops or --reply, and no --balance packet" :
	       NULL;
}

/* Why other options do not go with --reply. */
static const char *route_reply_error(const struct xt_route_tginfo *info)
{
	if (!(info->flags & XT_ROUTE_REPLY))
		return NULL;
	if (info->flags & (XT_ROUTE_TEE | XT_ROUTE_UNTRACK))
		return "--reply does not go with --tee or --untrack";
	return info->balance ? "--reply does not go with --balance" : NULL;
}

static const char *route_several_error(const struct xt_route_tginfo *info)
{
	if (info->balance && info->hops < 2)
		return "--balance needs several next hops";
	if (info->flags & XT_ROUTE_TEE && info->hops > 1)
		return "--tee needs a single next hop";
	if (info->flags & XT_ROUTE_TEE && info->down)
		return "--tee does not go with --down";
	return route_field_error(info);
}

static const char *route_iif_error(const struct xt_route_tginfo *info)
{
	if (info->flags != XT_ROUTE_IIF || info->balance || info->down ||
	    info->mark_field)
		return "--iif allows no other option";
	if (info->hops)
		return "--iif has a next hop";
	return route_is_name(info->iif) ? NULL :
					  "--iif is no name of an interface";
}

/* Fields that have no meaning are 0, as two rules are compared. */
static bool route_is_unknown(const struct xt_route_tginfo *info)
{
	unsigned int i;

	if (info->flags & ~XT_ROUTE_FLAGS || info->hops > XT_ROUTE_HOPS ||
	    info->balance >= XT_ROUTE_BALANCES ||
	    info->down >= XT_ROUTE_DOWNS ||
	    memchr_inv(info->pad, 0, sizeof(info->pad)) ||
	    memchr_inv(&info->hop[info->hops], 0,
		       (XT_ROUTE_HOPS - info->hops) * sizeof(info->hop[0])))
		return true;
	for (i = 0; i < info->hops; i++)
		if (info->hop[i].pad)
			return true;
	return false;
}

/**
 * route_error() - why a rule is not valid
 * @info: the rule
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Return: the reason, or NULL for a valid rule
 */
const char *route_error(const struct xt_route_tginfo *info, u8 family)
{
	if (route_is_unknown(info))
		return "unknown options: the iptables extension has a different version";
	if (info->flags & XT_ROUTE_IIF)
		return route_iif_error(info);
	if (!route_is_empty(info->iif))
		return "--iif has a name, but no flag";
	if (!info->hops)
		return "--oif, --gw or --iif is needed";
	if (info->flags & XT_ROUTE_TEE && info->flags & XT_ROUTE_CONTINUE)
		return "--tee does not go with --continue";
	if (info->flags & XT_ROUTE_TEE && info->flags & XT_ROUTE_UNTRACK)
		return "--tee does not go with --untrack";
	return route_reply_error(info) ?: route_several_error(info) ?:
	       route_hops_error(info, family);
}
