// SPDX-License-Identifier: GPL-2.0-only
/* 6.5: the list of uncached routes links struct dst_entry. */
/* no: no member named .*rt_uncached */
#include <net/dst.h>

void probe(struct dst_entry *dst);

void probe(struct dst_entry *dst)
{
	INIT_LIST_HEAD(&dst->rt_uncached);
}
