/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic netlink as the newest kernel has it, for families. */
#ifndef POM_COMPAT_GENETLINK_H
#define POM_COMPAT_GENETLINK_H

#include <net/genetlink.h>

/*
 * GENL_MCGRP_FLAGS - an initializer of struct genl_multicast_group
 * @cap: GENL_MCAST_CAP_NET_ADMIN, what joining the group needs
 *
 * In kernels without it, every user of the network namespace can join.
 */
#ifdef HAVE_GENL_MCGRP_FLAGS
#define GENL_MCGRP_FLAGS(cap)	.flags = (cap)
#else
#define GENL_MCGRP_FLAGS(cap)
#endif

/* 6.7, and stable trees since 6.1: groups have flags of their own. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN	GENL_UNS_ADMIN_PERM
#endif

/* 6.1: reports the attribute that a request lacks, if the kernel can. */
#ifndef GENL_REQ_ATTR_CHECK
#define GENL_REQ_ATTR_CHECK(info, attr)	(!(info)->attrs[(attr)])
#endif

/**
 * pom_genl_dump_attrs() - the attributes of the request that began a dump
 * @cb: the dump
 */
static inline struct nlattr **pom_genl_dump_attrs(struct netlink_callback *cb)
{
#ifdef HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* POM_COMPAT_GENETLINK_H */
