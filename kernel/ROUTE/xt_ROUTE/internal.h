/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private header of xt_ROUTE.
 *
 * A packet meets two functions of the module. The target (target.c) leaves a
 * tag in the packet. A hook of the module (hook.c), which runs after the table,
 * reads the tag and changes the route. So nothing in the table can undo it, and
 * the chains that follow see the new output interface. Chains of nft can call
 * the target, too: in the midst of NAT, it must not change the connection.
 */
#ifndef POM_XT_ROUTE_INTERNAL_H
#define POM_XT_ROUTE_INTERNAL_H

#include <linux/bits.h>
#include <linux/hashtable.h>
#include <linux/if.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter/xt_ROUTE.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/dst.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>

struct mem_cgroup;

/* What a route is for. */
enum route_kind {
	ROUTE_INPUT,	/* its input function forwards the packet */
	ROUTE_OUTPUT,	/* for a packet that is forwarded or sent already */
	ROUTE_KINDS,
};

/* What is counted, for each next hop. */
enum route_count {
	ROUTE_ROUTED,		/* packets and copies that were sent on */
	ROUTE_NO_INTERFACE,	/* dropped: the interface is missing or down */
	ROUTE_NO_ROUTE,		/* dropped: no route, or one that fails */
	ROUTE_NO_HOPS,		/* dropped: TTL or hop limit is used up */
	ROUTE_ALL_DOWN,		/* not sent: all next hops are down */
	ROUTE_COUNTS,
};

/* What a person or a program has said about a next hop: XT_ROUTE_A_SET. */
enum route_forced {
	ROUTE_AUTO,	/* nothing: detection decides */
	ROUTE_UP,	/* whether its gateway answers has no effect */
	ROUTE_DOWN,
};

/* Numbers wrap. Each CPU writes its own. */
struct route_counts {
	unsigned long n[ROUTE_COUNTS];
};

/**
 * struct route_key - what makes two next hops the same
 * @gw: the gateway, or 0
 * @name: of the interface, NUL-padded, or empty
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @receive: @name is an input interface (--iif)
 * @reply: of rules with --reply, so that their numbers in marks are not those
 *	of rules that distribute connections
 */
struct route_key {
	union nf_inet_addr gw;
	char name[IFNAMSIZ];
	u8 family;
	bool has_gw;
	bool receive;
	bool reply;
};

/* A route that was looked up, under RCU. Never changes. */
struct route_path {
	struct dst_entry *dst;
	u32 cookie;
	struct rcu_head rcu;
};

/**
 * struct route_hop - a next hop in a network namespace
 * @node: in route_net.table, under route_net.lock
 * @rules: how many rules use it, under route_net.lock
 * @id: in route_net.hops
 * @dead: no path may be stored any more
 * @key: never changes
 * @path: routes through a gateway, or NULL; see route_remember()
 * @number: names it in a mark, unless 0; set by the first rule that needs it
 * @memcg: of the task that created it; charged for @path
 * @counts: of each CPU
 * @watch: in route_net.watched, while @watchers is not 0
 * @watchers: how many of the rules depend on @usable, under route_net.lock
 * @is_sought: the kernel asks for the gateway's address, since @sought_since
 * @pause: until @pause_end, the worker does not have it do so; 0: it may
 * @answers: whether the gateway answers, as far as is known
 * @forced: enum route_forced, under route_net.lock
 * @usable: whether packets may take it; see watch.c
 * @rcu: frees it
 *
 * Rules with the same key share it, so that counters stay when iptables
 * replaces the table.
 */
struct route_hop {
	struct hlist_node node;
	unsigned int rules;
	u32 id;
	bool dead;
	u8 number;
	struct route_key key;
	struct route_path __rcu *path[ROUTE_KINDS];
	struct mem_cgroup *memcg;
	struct route_counts __percpu *counts;
	struct list_head watch;
	unsigned int watchers;
	bool is_sought;
	unsigned long sought_since;
	unsigned long pause;
	unsigned long pause_end;
	bool answers;
	u8 forced;
	bool usable;
	struct rcu_head rcu;
};

/* Numbers in marks are 1 to this; bounds how many next hops are watched. */
#define ROUTE_NUMBER_MAX	255

/**
 * struct route_net - next hops of a network namespace
 * @lock: guards all but @hops; process context
 * @table: by key
 * @hops: by id; readers hold rcu_read_lock
 * @next_id: private to xa_alloc_cyclic()
 * @users: next hops of each family, which need the hooks
 * @net: the network namespace
 * @numbers: those of next hops
 * @watched: next hops whose state counts
 * @n_watched: how many; at most ROUTE_NUMBER_MAX
 * @watch: looks after them; see watch.c
 * @closing: the namespace ends, and @watch does not run any more
 */
struct route_net {
	struct mutex lock; /* see above */
	DECLARE_HASHTABLE(table, 6);
	struct xarray hops;
	u32 next_id;
	unsigned int users[2];
	struct net *net;
	DECLARE_BITMAP(numbers, ROUTE_NUMBER_MAX + 1);
	struct list_head watched;
	unsigned int n_watched;
	struct delayed_work watch;
	bool closing;
};

/**
 * struct route_rule - what a rule does, under RCU of the table
 * @hops: how many next hops
 * @is_plain: one next hop, whose state does not count
 * @replies: XT_ROUTE_REPLY
 * @untracks: takes the connection away
 * @drops: if all are down; else the next rule follows
 * @balance: enum xt_route_balance
 * @shift: of @field
 * @field: bits of the connection's mark, or 0: nothing is stored
 * @turn: of each CPU; chooses in turn; NULL if @is_plain or @replies
 * @hop: each with its id and its number, so that the packet path does not read
 *	the next hop for them, and its weight
 *
 * Constant but for @turn.
 */
struct route_rule {
	u8 hops;
	bool is_plain;
	bool replies;
	bool untracks;
	bool drops;
	u8 balance;
	u8 shift;
	u32 field;
	u32 __percpu *turn;
	struct route_choice {
		struct route_hop *hop;
		u32 id;
		u16 weight;
		u8 number;
	} hop[];
};

/*
 * Passes a next hop from the target to the hook, in bytes of the control block
 * that IPv4 and IPv6 do not use. A pointer would not survive NFQUEUE.
 */
struct route_tag {
	u32 past;	/* seal: --iif has received the packet before */
	u32 first;	/* the next hop that did so first */
	u32 seal;	/* proves that the target wrote it, for this hook */
	u32 id;		/* of the next hop, and ROUTE_TAG_UNTRACK */
};

/* The hook takes the connection away from the packet. Ids have 31 bits. */
#define ROUTE_TAG_UNTRACK	BIT(31)

/* check.c */

const char *route_error(const struct xt_route_tginfo *info, u8 family);

/* rule.c */

struct route_rule *route_rule_create(struct net *net,
				     const struct xt_route_tginfo *info,
				     u8 family);
void route_rule_remove(struct net *net, struct route_rule *rule, u8 family);
u32 route_rule_choose(const struct route_rule *rule, struct sk_buff *skb,
		      const struct nf_hook_state *state);
unsigned int route_stored(const struct route_rule *rule, u32 mark);

/* Instead of the id of a next hop: the rule is not for this packet. */
#define ROUTE_ID_NONE	U32_MAX

/* reply.c */

unsigned int route_reply(const struct route_rule *rule, struct sk_buff *skb,
			 const struct nf_hook_state *state);

/* watch.c */

int route_watch_get(struct route_net *rn, struct route_hop *hop);
void route_watch_put(struct route_net *rn, struct route_hop *hop);
int route_number_get(struct route_net *rn, struct route_hop *hop, u32 max);
int route_watch_force(struct route_net *rn, const struct route_key *key,
		      enum route_forced forced);
void route_watch_now(struct route_net *rn);
void route_watch_net_init(struct net *net, struct route_net *rn);
void route_watch_net_exit(struct route_net *rn);

/* proc.c */

int route_proc_net_init(struct net *net);
void route_proc_net_exit(struct net *net);

/* netlink.c */

void route_netlink_notify(struct net *net, const struct route_hop *hop,
			  enum xt_route_cmd event);
int route_netlink_init(void);
void route_netlink_exit(void);

/* hop.c */

struct route_net *route_pernet(const struct net *net);
struct route_hop *route_hop_get(struct net *net, const struct route_key *key);
void route_hop_put(struct net *net, struct route_hop *hop);
struct route_hop *route_hop_find(const struct net *net, u32 id);
struct dst_entry *route_hop_path(struct net *net, const struct route_hop *hop,
				 enum route_kind kind);
void route_hop_remember(struct route_hop *hop, enum route_kind kind,
			struct dst_entry *dst, u32 cookie);
int route_hop_init(void);
void route_hop_exit(void);

static inline void route_count(const struct route_hop *hop,
			       enum route_count what)
{
	this_cpu_inc(hop->counts->n[what]);
}

/* hook.c */

int route_hooks_register(struct net *net, u8 family);
void route_hooks_unregister(struct net *net, u8 family);
void route_tag_set(struct sk_buff *skb, const struct nf_hook_state *state,
		   u32 id);
void route_tag_received(const struct net *net, struct sk_buff *skb, u32 id);
bool route_tag_returned(const struct net *net, struct sk_buff *skb);
bool route_tag_looped(const struct net *net, struct sk_buff *skb);
struct route_tag route_tag_copies(const struct net *net, struct sk_buff *skb);
void route_tag_restore(struct sk_buff *skb, struct route_tag former);
void route_hook_init(void);

/* receive.c */

bool route_has_hops(const struct sk_buff *skb, u8 family);
unsigned int route_receive(struct sk_buff *skb,
			   const struct nf_hook_state *state,
			   const struct route_hop *hop);

/* secure.c */

bool route_secure(struct sk_buff *skb, const struct nf_hook_state *state);

/* route4.c and route6.c */

bool route_is_local4(const struct sk_buff *skb);
bool route_applies4(const struct sk_buff *skb,
		    const struct nf_hook_state *state);
bool route_admits4(struct sk_buff *skb, const struct nf_hook_state *state,
		   const struct route_hop *hop);
bool route_set4(struct sk_buff *skb, const struct nf_hook_state *state,
		struct route_hop *hop, enum route_kind kind);
bool route_fits4(struct sk_buff *skb, const struct nf_hook_state *state);
bool route_neighbour4(struct net *net, const struct route_hop *hop, int oif,
		      struct neighbour **found);

bool route_is_local6(const struct sk_buff *skb);
bool route_applies6(const struct sk_buff *skb,
		    const struct nf_hook_state *state);
bool route_set6(struct sk_buff *skb, const struct nf_hook_state *state,
		struct route_hop *hop, enum route_kind kind);
bool route_fits6(struct sk_buff *skb, const struct nf_hook_state *state);
bool route_neighbour6(struct net *net, const struct route_hop *hop, int oif,
		      struct neighbour **found);

/*
 * Before an ICMP error. In OUTPUT, a packet has no device, or a tunnel's, which
 * may be in a different network namespace.
 */
static inline void route_set_device(struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	if (state->hook == NF_INET_LOCAL_OUT)
		skb->dev = state->out;
}

/*
 * A packet to a VRF passes OUTPUT and POSTROUTING again, on a link. Before, the
 * VRF has marked it as untracked, and what follows POSTROUTING cannot send it
 * on a different device.
 */
static inline bool route_is_too_early(const struct nf_hook_state *state)
{
	return (state->hook == NF_INET_LOCAL_OUT ||
		state->hook == NF_INET_POST_ROUTING) &&
	       netif_is_l3_master(state->out);
}

/**
 * route_interface() - the interface that a next hop names
 * @net: the network namespace
 * @hop: the next hop, with a name
 *
 * Under rcu_read_lock.
 *
 * Return: NULL, and counted, where it is missing or down
 */
static inline struct net_device *route_interface(struct net *net,
						 const struct route_hop *hop)
{
	struct net_device *dev = dev_get_by_name_rcu(net, hop->key.name);

	if (dev && dev->flags & IFF_UP)
		return dev;
	route_count(hop, ROUTE_NO_INTERFACE);
	return NULL;
}

#endif
