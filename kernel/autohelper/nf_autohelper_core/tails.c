// SPDX-License-Identifier: GPL-2.0-only
/*
 * Beginnings of announcements whose end comes in a later TCP segment.
 *
 * A helper has a fixed number of places in each namespace, and a connection has
 * the same place each time. So nothing grows. A later announcement replaces an
 * earlier one in its place: an announcement waits for its end for the time that
 * a segment takes.
 */

#include <linux/hash.h>
#include <linux/slab.h>

#include "autohelper/nf_autohelper.h"
#include "autohelper/nf_autohelper_core/internal.h"
#include "lib/memcg.h"
#include "lib/reserve.h"

/* Compared, and not followed: @ct may be another connection by now. */
struct ah_tail {
	const struct nf_conn *ct;
	u32 next;
	u16 len;
	u8 dir;
	u8 bytes[POM_LINE_MAX];
};

/* The reserve of a namespace has at least and at most so many. */
#define TAILS_MIN	4
#define TAILS_MAX	64

/**
 * ah_tails_net_init() - prepare memory for the helpers of a namespace
 * @an: the namespace, with its memory cgroup
 *
 * Where packets cannot charge, the reserve has to be full before they come.
 */
void ah_tails_net_init(struct ah_net *an)
{
	pom_reserve_init(&an->tails, sizeof(struct ah_tail), TAILS_MIN,
			 TAILS_MAX, an->memcg);
	if (!POM_MEMCG_PACKET && !an->unpaid)
		pom_reserve_prefill(&an->tails);
}

/**
 * ah_tails_net_exit() - free that memory
 * @an: the namespace, which no packet uses any more
 */
void ah_tails_net_exit(struct ah_net *an)
{
	pom_reserve_free(&an->tails);
}

static struct ah_tail **place(struct ah_tails *t, const struct nf_conn *ct,
			      u8 dir)
{
	return &t->place[hash_ptr(ct, AH_TAIL_BITS) ^ dir];
}

/**
 * ah_tails_keep() - keep the beginning of an announcement
 * @t: of a helper in a namespace
 * @ct: the connection
 * @dir: its direction
 * @next: sequence number that follows
 * @bytes: the beginning
 * @len: bytes at @bytes, at most POM_LINE_MAX
 *
 * Softirq or process context, in an RCU read-side section in which @t was
 * found. The memory is charged as the namespace's. Nothing is kept in a
 * namespace with ah_net.unpaid.
 *
 * Return: 0, -EMSGSIZE, -ENOMEM, or -ESHUTDOWN after ah_tails_free().
 */
int ah_tails_keep(struct ah_tails *t, const struct nf_conn *ct, u8 dir,
		  u32 next, const u8 *bytes, u16 len)
{
	struct ah_net *an = ah_net(nf_ct_net(ct));
	struct ah_tail *tail, **at;

	if (len > sizeof(tail->bytes))
		return -EMSGSIZE;
	if (an->unpaid)
		return -ENOMEM;
	tail = pom_reserve_alloc(&an->tails);
	if (!tail)
		return -ENOMEM;
	tail->ct = ct;
	tail->next = next;
	tail->len = len;
	tail->dir = dir;
	memcpy(tail->bytes, bytes, len);

	spin_lock_bh(&t->lock);
	if (t->dead) {
		spin_unlock_bh(&t->lock);
		kfree(tail);
		return -ESHUTDOWN;
	}
	at = place(t, ct, dir);
	swap(*at, tail);
	spin_unlock_bh(&t->lock);
	kfree(tail);
	return 0;
}

/**
 * ah_tails_take() - take out what was kept
 * @t: of a helper in a namespace
 * @ct: the connection
 * @dir: its direction
 * @next: sequence number that follows
 * @bytes: space for it
 * @size: of @bytes
 *
 * Softirq or process context, as ah_tails_keep().
 *
 * Return: bytes, or 0 where nothing is kept.
 */
u16 ah_tails_take(struct ah_tails *t, const struct nf_conn *ct, u8 dir,
		  u32 next, u8 *bytes, u16 size)
{
	struct ah_tail *tail = NULL, **at = place(t, ct, dir);
	u16 len = 0;

	spin_lock_bh(&t->lock);
	if (*at && (*at)->ct == ct && (*at)->dir == dir && (*at)->next == next)
		swap(*at, tail);
	spin_unlock_bh(&t->lock);
	if (tail && tail->len <= size) {
		len = tail->len;
		memcpy(bytes, tail->bytes, len);
	}
	kfree(tail);
	return len;
}

/**
 * ah_tails_free() - free what was kept, for good
 * @t: of a helper in a namespace
 */
void ah_tails_free(struct ah_tails *t)
{
	unsigned int i;

	spin_lock_bh(&t->lock);
	t->dead = true;
	for (i = 0; i < ARRAY_SIZE(t->place); i++) {
		kfree(t->place[i]);
		t->place[i] = NULL;
	}
	spin_unlock_bh(&t->lock);
}
