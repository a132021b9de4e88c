/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * By which rules connection tracking refuses TCP segments.
 *
 * No header shows the rules. So probes look for other changes of about the same
 * time. Linux 5.19 and 6.0 count among those with the rules of 6.1.
 */
#ifndef POM_COMPAT_TCP_WINDOW_H
#define POM_COMPAT_TCP_WINDOW_H

#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_l4proto.h>

/*
 * 6.1: a segment that is too old, and one that is a little too long, pass
 * without a change of the connection.
 */
#ifdef HAVE_CT_PCPU_LISTS
#define POM_TCP_TOLERANT	false
#else
#define POM_TCP_TOLERANT	true
#endif

/* 5.14: a RST closes what is closing, or what was reopened. */
#ifdef HAVE_TCP_IGNORE_INVALID_RST
#define POM_TCP_LENIENT_RST	true
#else
#define POM_TCP_LENIENT_RST	false
#endif

/**
 * pom_tcp_any_rst() - whether a RST may have an old sequence number
 * @net: the network namespace
 */
static inline bool pom_tcp_any_rst(struct net *net)
{
#ifdef HAVE_TCP_IGNORE_INVALID_RST
	return READ_ONCE(nf_tcp_pernet(net)->tcp_ignore_invalid_rst);
#else
	return false;
#endif
}

#endif /* POM_COMPAT_TCP_WINDOW_H */
