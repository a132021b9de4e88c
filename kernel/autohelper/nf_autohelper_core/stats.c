// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics and expectations of each helper in each namespace.
 *
 * A record is created with the first packet of a helper in a namespace, and
 * freed with the helper or the namespace. Packets may arrive until after
 * ah_net() of their namespace was freed, so they look up the record in a hash
 * table of all namespaces.
 */

#include <linux/overflow.h>
#include <linux/proc_fs.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "autohelper/nf_autohelper.h"
#include "autohelper/nf_autohelper_core/internal.h"
#include "autohelper/nf_autohelper_core/slots.h"
#include "lib/memcg.h"
#include "lib/reserve.h"

#define STATS_HASH_BITS	8
/* Most expectations of one helper in one namespace. */
#define EXPECT_MAX	512

/**
 * struct ah_stats - a helper in a namespace
 * @hash: in stats_hash, read under rcu_read_lock
 * @list: in ah_net.stats, under stats_lock
 * @rcu: for kfree_rcu()
 * @net: compared, and followed only as long as it exists
 * @helper: compared, and followed under stats_lock
 * @count: of each kind
 * @tails: beginnings of announcements
 * @lock: of @dead and @slots
 * @dead: the record is unlinked, and has no expectations
 * @slots: its expectations
 */
struct ah_stats {
	struct hlist_node hash;
	struct list_head list;
	struct rcu_head rcu;
	const struct net *net;
	const struct pom_helper *helper;
	atomic_long_t count[POM_COUNTS];
	struct ah_tails tails;
	spinlock_t lock; /* of dead and slots */
	bool dead;
	struct ah_slots slots; /* the last member */
};

static DEFINE_SPINLOCK(stats_lock);	/* stats_hash and each ah_net.stats */
static DEFINE_HASHTABLE(stats_hash, STATS_HASH_BITS);

static unsigned long hash_key(const struct net *net, const struct pom_helper *h)
{
	return (unsigned long)net ^ (unsigned long)h;
}

static struct ah_stats *find(const struct net *net, const struct pom_helper *h)
{
	struct ah_stats *s;

	hash_for_each_possible_rcu(stats_hash, s, hash, hash_key(net, h)) {
		if (s->net == net && s->helper == h)
			return s;
	}
	return NULL;
}

/*
 * nf_conntrack_expect_max is not visible to modules. Its default is the size of
 * the table of connections, divided by 64.
 */
static unsigned int expect_limit(void)
{
	return clamp(READ_ONCE(nf_conntrack_htable_size) / 128, 1U,
		     (unsigned int)EXPECT_MAX);
}

static size_t record_size(unsigned int slots)
{
	return offsetof(struct ah_stats, slots) + ah_slots_size(slots);
}

/* The reserve of a namespace has at least and at most so many records. */
#define RECORDS_MIN	2
#define RECORDS_MAX	8

/**
 * ah_stats_net_init() - prepare memory for the records of a namespace
 * @an: the namespace, with its memory cgroup
 *
 * Where packets cannot charge, the reserve has to be full before they come.
 */
void ah_stats_net_init(struct ah_net *an)
{
	an->slots = expect_limit();
	pom_reserve_init(&an->records, record_size(an->slots), RECORDS_MIN,
			 RECORDS_MAX, an->memcg);
	if (!POM_MEMCG_PACKET)
		pom_reserve_prefill(&an->records);
}

/**
 * ah_stats_net_exit() - free that memory
 * @an: the namespace, which no packet uses any more
 */
void ah_stats_net_exit(struct ah_net *an)
{
	pom_reserve_free(&an->records);
}

static struct ah_stats *allocate(struct ah_net *an)
{
	unsigned int slots = expect_limit();
	struct ah_stats *s = NULL;

	if (pom_memcg_can_charge(an->memcg))
		s = pom_memcg_zalloc(an->memcg, record_size(slots),
				     GFP_NOWAIT | __GFP_NOWARN);
	if (!s) {
		s = pom_reserve_take(&an->records);
		slots = an->slots;
	}
	if (s)
		ah_slots_init(&s->slots, slots);
	return s;
}

static struct ah_stats *make(struct net *net, const struct pom_helper *h)
{
	struct ah_stats *s, *other;

	/* In this RCU section, a namespace with a user keeps its ah_net(). */
	if (!check_net(net))
		return NULL;
	s = allocate(ah_net(net));
	if (!s)
		return NULL;
	s->net = net;
	s->helper = h;
	spin_lock_init(&s->lock);
	spin_lock_init(&s->tails.lock);

	spin_lock_bh(&stats_lock);
	other = find(net, h);
	/* A namespace that is being removed gets no new record. */
	if (!other && check_net(net)) {
		list_add_tail(&s->list, &ah_net(net)->stats);
		hash_add_rcu(stats_hash, &s->hash, hash_key(net, h));
		other = s;
	}
	spin_unlock_bh(&stats_lock);
	if (other != s)
		kfree(s);
	return other;
}

static struct ah_stats *get(const struct nf_conn *ct,
			    const struct pom_helper *h)
{
	struct net *net = nf_ct_net(ct);
	struct ah_stats *s = find(net, h);

	return s ?: make(net, h);
}

void nf_autohelper_count(const struct pom_helper *h, const struct nf_conn *ct,
			 enum pom_count what)
{
	struct ah_stats *s = get(ct, h);

	if (s)
		atomic_long_inc(&s->count[what]);
}
EXPORT_SYMBOL_GPL(nf_autohelper_count);

/* Returns a free slot. */
static struct ah_slot *make_slot(struct ah_stats *s)
{
	struct ah_slot *slot = ah_slots_find(&s->slots);

	if (ah_slot_evict(slot))
		atomic_long_inc(&s->count[POM_EVICTED]);
	return slot;
}

/*
 * What is refused evicts nothing, unless the table of the namespace is full:
 * then an expectation of this helper is replaced.
 */
static int relate(struct ah_stats *s, struct nf_conntrack_expect *exp)
{
	int ret = nf_ct_expect_related(exp, 0);

	if (ret != -EMFILE || ah_slots_free(&s->slots))
		return ret;
	make_slot(s);
	return nf_ct_expect_related(exp, 0);
}

static int expect(struct ah_stats *s, struct nf_conntrack_expect *exp)
{
	int ret;

	lockdep_assert_held(&s->lock);
	if (s->dead)
		return -ESHUTDOWN;
	ret = relate(s, exp);
	if (ret < 0)
		return ret;
	ah_slots_set(&s->slots, make_slot(s), exp);
	atomic_long_inc(&s->count[POM_EXPECTATIONS]);
	return 0;
}

int nf_autohelper_expect(const struct pom_helper *h,
			 struct nf_conntrack_expect *exp)
{
	struct ah_stats *s = get(exp->master, h);
	int ret;

	if (!s)
		return -ENOMEM;
	spin_lock_bh(&s->lock);
	ret = expect(s, exp);
	spin_unlock_bh(&s->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(nf_autohelper_expect);

int nf_autohelper_keep(const struct pom_helper *h, const struct nf_conn *ct,
		       u8 dir, u32 next, const u8 *bytes, u16 len)
{
	struct ah_stats *s = get(ct, h);

	return s ? ah_tails_keep(&s->tails, ct, dir, next, bytes, len) :
		   -ENOMEM;
}
EXPORT_SYMBOL_GPL(nf_autohelper_keep);

u16 nf_autohelper_take(const struct pom_helper *h, const struct nf_conn *ct,
		       u8 dir, u32 next, u8 *bytes, u16 size)
{
	struct ah_stats *s = find(nf_ct_net(ct), h);

	return s ? ah_tails_take(&s->tails, ct, dir, next, bytes, size) : 0;
}
EXPORT_SYMBOL_GPL(nf_autohelper_take);

static void unlink(struct ah_stats *s, struct list_head *gone)
{
	lockdep_assert_held(&stats_lock);
	hash_del_rcu(&s->hash);
	list_move(&s->list, gone);
}

/* Marks each record as dead for those that still hold a pointer to it. */
static void release(struct list_head *gone)
{
	struct ah_stats *s, *next;

	list_for_each_entry_safe(s, next, gone, list) {
		spin_lock_bh(&s->lock);
		s->dead = true;
		ah_slots_empty(&s->slots);
		spin_unlock_bh(&s->lock);
		ah_tails_free(&s->tails);
		kfree_rcu(s, rcu);
	}
}

void nf_autohelper_forget(const struct pom_helper *h)
{
	struct hlist_node *next;
	struct ah_stats *s;
	LIST_HEAD(gone);
	int i;

	spin_lock_bh(&stats_lock);
	hash_for_each_safe(stats_hash, i, next, s, hash) {
		if (s->helper == h)
			unlink(s, &gone);
	}
	spin_unlock_bh(&stats_lock);
	release(&gone);
}
EXPORT_SYMBOL_GPL(nf_autohelper_forget);

/**
 * ah_stats_leave() - free the records of a namespace
 * @an: the namespace, which no process and no socket uses any more
 */
void ah_stats_leave(struct ah_net *an)
{
	struct ah_stats *s, *next;
	LIST_HEAD(gone);

	spin_lock_bh(&stats_lock);
	list_for_each_entry_safe(s, next, &an->stats, list)
		unlink(s, &gone);
	spin_unlock_bh(&stats_lock);
	release(&gone);
}

static int ah_stats_show(struct seq_file *m, void *v)
{
	struct ah_net *an = ah_net(seq_file_single_net(m));
	const struct ah_stats *s;
	unsigned int i;

	seq_puts(m, "# helper connections announcements expectations evicted malformed not-expected wrong-side foreign bad-port split\n");
	spin_lock_bh(&stats_lock);
	list_for_each_entry(s, &an->stats, list) {
		seq_puts(m, s->helper->name);
		for (i = 0; i < POM_COUNTS; i++)
			seq_printf(m, " %lu", (unsigned long)
				   atomic_long_read(&s->count[i]));
		seq_putc(m, '\n');
	}
	spin_unlock_bh(&stats_lock);
	return 0;
}

/**
 * ah_stats_create() - the file, for one namespace
 * @an: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int ah_stats_create(struct ah_net *an)
{
	return proc_create_net_single("nf_autohelper_stats", 0444,
				      an->net->proc_net, ah_stats_show,
				      NULL) ? 0 : -ENOMEM;
}

/**
 * ah_stats_remove() - remove the file, after all reads have ended
 * @an: the namespace
 */
void ah_stats_remove(struct ah_net *an)
{
	remove_proc_entry("nf_autohelper_stats", an->net->proc_net);
}
