/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pattern sets: named, of one network namespace, shared by its rules, and
 * replaced as a whole under traffic.
 *
 * Locks, outermost first: string_net.sets.lock (lib/named.h),
 * string_net.load_lock (patterns of sets, and memory). The packet path takes
 * neither.
 */
#ifndef POM_XT_STRING_SET_H
#define POM_XT_STRING_SET_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/netfilter/xt_string.h>
#include "lib/named.h"
#include "string/automaton.h"

struct net;
struct proc_dir_entry;
struct string_net;

/**
 * struct string_entry - a pattern's options
 * @hits: the initial value of its counter
 * @mark: of --mark
 * @marks: whether --mark is given
 */
struct string_entry {
	u64 hits;
	u32 mark;
	bool marks;
};

/**
 * struct string_counts - the counters of one CPU, or of a few
 * @when: time of the last match, in jiffies
 * @last: the pattern that matched; STRING_SET_NONE for none
 * @hits: for each pattern, how many packets matched, counted for each rule
 */
struct string_counts {
	unsigned long when;
	u32 last;
	atomic64_t hits[];
};

/**
 * struct string_patterns - the patterns of a set, complete and never changed
 * @set: the automata
 * @entries: one for each pattern
 * @counts: @shards of them, by CPU number modulo @shards
 * @shards: a power of two
 * @sn: the namespace that @memory is counted in; NULL when it has ended
 * @memory: bytes of all of this; in @sn->loading until a set gets the patterns,
 *	then in @sn->memory
 * @id: unique; the state of a search is valid only for the same patterns
 * @ref: held by the set and by readers of its file
 * @work: frees this and the chain at @next when a namespace ends
 */
struct string_patterns {
	struct string_set set;
	struct string_entry *entries;
	struct string_counts **counts;
	u32 shards;
	struct string_net *sn;
	size_t memory;
	u32 id;
	struct kref ref;
	struct rcu_work work;
	struct string_patterns *next;
};

/**
 * struct string_named - a set
 * @named: its name and the rules that use it
 * @now: its patterns; NULL for none. Replaced under load_lock.
 * @net: its namespace
 * @kept: exists without rules; under load_lock
 * @gone: was removed, and takes no patterns any more; under load_lock
 * @ref: held by the namespace until it is removed, and by open files
 * @proc: its file
 * @name: the memory of @named.name
 */
struct string_named {
	struct pom_named named;
	struct string_patterns __rcu *now;
	struct net *net;
	bool kept;
	bool gone;
	struct kref ref;
	struct proc_dir_entry *proc;
	char name[XT_STRING_SET_NAME_LEN];
};

/**
 * struct string_share - the connections of one kind of rules in a namespace
 * @count: how many are followed
 * @early: of struct string_flow: those without a reply, the oldest first; under
 *	string_net.early_lock
 *
 * Each kind has a limit of its own, so that one cannot take the place of the
 * other.
 */
struct string_share {
	atomic_t count;
	struct list_head early;
};

/**
 * struct string_net - the state of a network namespace
 * @load_lock: see above
 * @sets: of struct string_named, at most STRING_SETS_MAX
 * @memory: bytes of all patterns, including replaced ones that are being read
 * @loading: bytes of patterns that are being written or compiled
 * @ids: the last one that was given to patterns
 * @searched: connections that rules with --stream follow
 * @watched: the same with --stream-ambiguous, whose entries are larger
 * @streams_refused: how many were not followed, at the limit or without memory
 * @streams_evicted: how many were removed at the limit
 * @streams_urgent: segments with urgent data in these connections
 * @streams_ambiguous: connections that --stream-ambiguous has matched
 * @streams_uncompared: segments that overlap bytes that were not kept
 * @early_lock: guards string_share.early. Nests inside rhashtable's mutex, and
 *	outside of its bucket locks.
 * @dir: /proc/net/nf_string
 * @sets_dir: /proc/net/nf_string/sets
 */
struct string_net {
	struct mutex load_lock; /* guards patterns of sets, @memory, @loading */
	struct pom_names sets;
	size_t memory;
	size_t loading;
	u32 ids;
	struct string_share searched;
	struct string_share watched;
	atomic_t streams_refused;
	atomic_t streams_evicted;
	atomic_t streams_urgent;
	atomic_t streams_ambiguous;
	atomic_t streams_uncompared;
	spinlock_t early_lock; /* guards string_share.early */
	struct proc_dir_entry *dir;
	struct proc_dir_entry *sets_dir;
};

/**
 * struct string_draft - patterns that are being written
 * @sn: the namespace, whose @loading includes @memory
 * @memory: bytes of the draft
 * @patterns: @count of them, allocated for @max
 * @entries: one for each of @patterns
 * @bytes: @len of them, allocated for @bytes_max
 */
struct string_draft {
	struct string_net *sn;
	size_t memory;
	struct string_set_pattern *patterns;
	struct string_entry *entries;
	u8 *bytes;
	u32 count;
	u32 max;
	u32 len;
	u32 bytes_max;
};

struct stringset_line;

/* set.c */
struct string_net *string_pernet(const struct net *net);
struct string_named *string_named_get(struct net *net, const char *name);
void string_named_put(struct net *net, struct string_named *s);
int string_named_keep(struct net *net, const char *name);
int string_named_drop(struct net *net, const char *name);
int string_named_replace(struct string_named *s, struct string_patterns *p);
struct string_patterns *string_named_hold(struct string_named *s);
void string_named_release(struct string_named *s);
void string_patterns_release(struct string_patterns *p);
int string_name_check(const struct net *net, const char *name, size_t size);
u32 string_memory_max(void);
int string_loading_add(struct string_net *sn, size_t size);
void string_loading_sub(struct string_net *sn, size_t size);
int string_set_init(void);
void string_set_exit(void);

/* compile.c */
int string_draft_add(struct string_draft *d, const struct stringset_line *line,
		     const u8 *bytes);
void string_draft_free(struct string_draft *d);
struct string_patterns *string_compile(struct string_draft *d);
void string_patterns_free(struct string_patterns *p);

/* counts.c */
int string_counts_create(struct string_patterns *p);
void string_counts_free(struct string_patterns *p);
void string_counts_hit(struct string_patterns *p, u32 number);
u64 string_counts_sum(const struct string_patterns *p, u32 number);
u32 string_counts_last(const struct string_patterns *p);

/* proc.c */
int string_proc_net_init(struct net *net, struct string_net *sn);
int string_proc_add(struct string_net *sn, struct string_named *s);

#endif /* POM_XT_STRING_SET_H */
