// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics and expectations of each helper in each namespace.
 *
 * A record is created with the first packet of a helper in a namespace, and
 * freed with the helper or the namespace. Packets may arrive until after
 * ah_net() of their namespace was freed. They use it only where the namespace
 * has a user, see ah_net_of().
 */

#include <linux/mutex.h>
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

/* Most expectations of one helper in one namespace. */
#define EXPECT_MAX	512
/* The same where nobody is charged, see ah_net.unpaid. */
#define EXPECT_UNPAID	16

/**
 * struct ah_stats - a helper in a namespace
 * @list: in ah_net.stats, read under rcu_read_lock
 * @gone: links records that were unlinked together, until they are freed
 * @rcu: for kfree_rcu()
 * @helper: compared, and followed under ah_net.stats_lock
 * @count: of each kind
 * @tails: beginnings of announcements
 * @lock: of @dead and @slots
 * @dead: the record is unlinked, and has no expectations
 * @slots: its expectations
 */
struct ah_stats {
	struct list_head list;
	struct list_head gone;
	struct rcu_head rcu;
	const struct pom_helper *helper;
	atomic_long_t count[POM_COUNTS];
	struct ah_tails tails;
	spinlock_t lock; /* of dead and slots */
	bool dead;
	struct ah_slots slots; /* the last member */
};

/* The namespaces, for nf_autohelper_forget(). No packet takes this lock. */
static DEFINE_MUTEX(stats_nets_lock);	/* outside of each ah_net.stats_lock */
static LIST_HEAD(stats_nets);

/*
 * The state of the namespace of a connection, in an RCU section. NULL if the
 * namespace has no user: it is about to be removed. A namespace that has one
 * keeps its ah_net() until the RCU section ends.
 */
static struct ah_net *ah_net_of(const struct nf_conn *ct)
{
	struct net *net = nf_ct_net(ct);

	return check_net(net) ? ah_net(net) : NULL;
}

/* Few helpers exist, so a list is short enough for the packet path. */
static struct ah_stats *find(const struct ah_net *an,
			     const struct pom_helper *h)
{
	struct ah_stats *s;

	list_for_each_entry_rcu(s, &an->stats, list,
				lockdep_is_held(&an->stats_lock)) {
		if (s->helper == h)
			return s;
	}
	return NULL;
}

/*
 * nf_conntrack_expect_max is not visible to modules. Its default is the size of
 * the table of connections, divided by 64.
 */
static unsigned int expect_limit(const struct ah_net *an)
{
	return clamp(READ_ONCE(nf_conntrack_htable_size) / 128, 1U,
		     an->unpaid ? EXPECT_UNPAID + 0U : EXPECT_MAX + 0U);
}

static size_t record_size(unsigned int slots)
{
	return offsetof(struct ah_stats, slots) + ah_slots_size(slots);
}

/* The reserve of a namespace has at least and at most so many records. */
#define RECORDS_MIN	2
#define RECORDS_MAX	8

/**
 * ah_stats_net_init() - begin without records, and prepare memory for them
 * @an: the namespace, with its memory cgroup
 *
 * Where packets cannot charge, the reserve has to be full before they come.
 */
void ah_stats_net_init(struct ah_net *an)
{
	INIT_LIST_HEAD(&an->stats);
	spin_lock_init(&an->stats_lock);
	mutex_lock(&stats_nets_lock);
	list_add(&an->stats_nets, &stats_nets);
	mutex_unlock(&stats_nets_lock);
	an->slots = expect_limit(an);
	pom_reserve_init(&an->records, record_size(an->slots), RECORDS_MIN,
			 RECORDS_MAX, an->memcg);
	if (!POM_MEMCG_PACKET && !an->unpaid)
		pom_reserve_prefill(&an->records);
}

/**
 * ah_stats_net_exit() - free that memory
 * @an: the namespace, which no packet uses any more
 */
void ah_stats_net_exit(struct ah_net *an)
{
	pom_reserve_free(&an->records);
	mutex_lock(&stats_nets_lock);
	list_del(&an->stats_nets);
	mutex_unlock(&stats_nets_lock);
}

static struct ah_stats *allocate(struct ah_net *an)
{
	unsigned int slots = expect_limit(an);
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

static struct ah_stats *make(struct ah_net *an, const struct pom_helper *h)
{
	struct ah_stats *s, *other;

	s = allocate(an);
	if (!s)
		return NULL;
	s->helper = h;
	spin_lock_init(&s->lock);
	spin_lock_init(&s->tails.lock);

	spin_lock_bh(&an->stats_lock);
	other = find(an, h);
	/* A namespace that is being removed gets no new record. */
	if (!other && check_net(an->net)) {
		list_add_tail_rcu(&s->list, &an->stats);
		other = s;
	}
	spin_unlock_bh(&an->stats_lock);
	if (other != s)
		kfree(s);
	return other;
}

static struct ah_stats *get(const struct nf_conn *ct,
			    const struct pom_helper *h)
{
	struct ah_net *an = ah_net_of(ct);

	if (!an)
		return NULL;
	return find(an, h) ?: make(an, h);
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
	struct ah_net *an = ah_net_of(ct);
	struct ah_stats *s = an ? find(an, h) : NULL;

	return s ? ah_tails_take(&s->tails, ct, dir, next, bytes, size) : 0;
}
EXPORT_SYMBOL_GPL(nf_autohelper_take);

/* Withdraws the record of one helper, or all if @h is NULL. */
static void unlink(struct ah_net *an, const struct pom_helper *h,
		   struct list_head *gone)
{
	struct ah_stats *s, *next;

	spin_lock_bh(&an->stats_lock);
	list_for_each_entry_safe(s, next, &an->stats, list) {
		if (h && s->helper != h)
			continue;
		list_del_rcu(&s->list);
		list_add(&s->gone, gone);
	}
	spin_unlock_bh(&an->stats_lock);
}

/* Marks each record as dead for those that still hold a pointer to it. */
static void release(struct list_head *gone)
{
	struct ah_stats *s, *next;

	list_for_each_entry_safe(s, next, gone, gone) {
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
	struct ah_net *an;
	LIST_HEAD(gone);

	mutex_lock(&stats_nets_lock);
	list_for_each_entry(an, &stats_nets, stats_nets)
		unlink(an, h, &gone);
	mutex_unlock(&stats_nets_lock);
	release(&gone);
}
EXPORT_SYMBOL_GPL(nf_autohelper_forget);

/**
 * ah_stats_leave() - free the records of a namespace
 * @an: the namespace, which no process and no socket uses any more
 */
void ah_stats_leave(struct ah_net *an)
{
	LIST_HEAD(gone);

	unlink(an, NULL, &gone);
	release(&gone);
}

static int ah_stats_show(struct seq_file *m, void *v)
{
	struct ah_net *an = ah_net(seq_file_single_net(m));
	const struct ah_stats *s;
	unsigned int i;

	seq_puts(m, "# helper connections announcements expectations evicted malformed not-expected wrong-side foreign bad-port split\n");
	spin_lock_bh(&an->stats_lock);
	list_for_each_entry(s, &an->stats, list) {
		seq_puts(m, s->helper->name);
		for (i = 0; i < POM_COUNTS; i++)
			seq_printf(m, " %lu", (unsigned long)
				   atomic_long_read(&s->count[i]));
		seq_putc(m, '\n');
	}
	spin_unlock_bh(&an->stats_lock);
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
