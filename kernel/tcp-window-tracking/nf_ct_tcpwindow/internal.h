/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of nf_ct_tcpwindow know of each other.
 *
 * main.c    sysctls, namespaces, init and exit
 * watch.c   the hook that sees refused segments, and the classic log
 * record.c  counters by reason, and the last refused segments
 */
#ifndef POM_NF_CT_TCPWINDOW_INTERNAL_H
#define POM_NF_CT_TCPWINDOW_INTERNAL_H

#include <linux/bits.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include "lib/classic_sysctl.h"
#include "tcp-window-tracking/packet.h"

struct ctl_table_header;
struct net;
struct tcpwindow_counts;
struct tcpwindow_list;

/* What is done for each segment of a namespace. */
enum tcpwindow_watch {
	WATCH_WINDOW,	/* ip_ct_tcp_log_out_of_window */
	WATCH_SCALE,	/* ip_ct_tcp_log_invalid_scale */
	WATCH_RECORD,	/* ip_ct_tcp_record_invalid */
	WATCH_LOOSE,	/* ip_ct_tcp_loose of 2 or more */
};

/**
 * struct tcpwindow_net - a network namespace
 * @watch: a bit for each enum tcpwindow_watch
 * @loose: for WATCH_LOOSE, packets of each direction
 * @hooked: the hooks are registered, until the namespace ends
 * @lock: of those that are written
 * @limit: of lines in the log: of WATCH_WINDOW and of WATCH_SCALE, so that
 *	neither hides the other
 * @counts: for each CPU; NULL until WATCH_RECORD is set for the first time.
 *	Constant while the hooks are registered with WATCH_RECORD
 * @list: the same
 * @classic: the classic sysctls
 */
struct tcpwindow_net {
	unsigned long watch;
	unsigned int loose;
	bool hooked;
	struct mutex lock; /* of watch, loose and hooked */
	struct ratelimit_state limit[2];
	struct tcpwindow_counts __percpu *counts;
	struct tcpwindow_list *list;
	struct pom_classic classic;
};

/* main.c */
struct tcpwindow_net *tcpwindow_net(const struct net *net);

/* watch.c */
void tcpwindow_load_logger(struct net *net);
int tcpwindow_watch_set(struct net *net, enum tcpwindow_watch what, bool on);
int tcpwindow_loose_set(struct net *net, unsigned int number);
void tcpwindow_watch_net_exit(struct net *net);

/* record.c */
int tcpwindow_record_alloc(struct tcpwindow_net *tn);
void tcpwindow_record_free(struct tcpwindow_net *tn);
void tcpwindow_record_add(struct tcpwindow_net *tn,
			  const struct sk_buff *skb, u8 family,
			  const struct tcpwindow_refusal *r);
int tcpwindow_record_create(struct net *net);
void tcpwindow_record_remove(struct net *net);

#endif /* POM_NF_CT_TCPWINDOW_INTERNAL_H */
