/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of xt_connmark know of each other.
 *
 * match.c   the match connmark, init and exit
 * target.c  the target CONNMARK
 * number.c  the numbers that it chooses: random, or by a hash of the connection
 */
#ifndef POM_XT_CONNMARK_INTERNAL_H
#define POM_XT_CONNMARK_INTERNAL_H

#include <linux/types.h>
#include <linux/netfilter/xt_connmark.h>

struct net;
struct nf_conn;

/* target.c */
int connmark_tg_init(void);
void connmark_tg_exit(void);

/* number.c */
u32 connmark_random(const struct xt_connmark_tginfo3 *info);
u32 connmark_hash(const struct net *net, const struct nf_conn *ct, int iif,
		  const struct xt_connmark_tginfo3 *info);
int connmark_number_init(void);
void connmark_number_exit(void);

#endif /* POM_XT_CONNMARK_INTERNAL_H */
