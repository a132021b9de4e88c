// SPDX-License-Identifier: GPL-2.0-only
/* 5.15: one notifier has the functions for connections and expectations. */
/* no: no member named .*ct_event|undefined type|incomplete definition */
#include <net/netfilter/nf_conntrack_ecache.h>

int probe(const struct nf_ct_event_notifier *notifier,
	  const struct nf_ct_event *item);
int probe(const struct nf_ct_event_notifier *notifier,
	  const struct nf_ct_event *item)
{
	return notifier->ct_event(0, item);
}
