/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One interface for conntrack helpers on every kernel.
 *
 * A helper module describes its protocol in a struct pom_helper, and registers
 * it with these functions. nf_autohelper.h attaches it to ports. Kernels
 * differ:
 *
 * - up to 7.1 a helper is registered under a port, and the caller's structure
 *   is the helper; from 7.2 on the kernel registers a copy without a port, and
 *   a connection holds a reference on it;
 * - the helper of an expected connection is in ->helper of the expectation, or,
 *   in kernels of 2026 and stable trees with the same change, in
 *   ->assign_helper.
 */
#ifndef POM_COMPAT_HELPER_H
#define POM_COMPAT_HELPER_H

#include <linux/module.h>
#include <linux/netfilter.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "compat/conntrack.h"

struct pom_nat;

/**
 * struct pom_helper - a helper as its module describes it
 * @name: what `-j CT --helper` takes; up to 15 bytes
 * @policy: limits of each class of expectations, @class_max + 1 of them
 * @class_max: number of the last class
 * @help: handles one packet of a connection that has this helper; returns a
 *	verdict; called in softirq or process context with bottom halves off,
 *	under rcu_read_lock
 * @from_nlattr: reads the helper's own data back from ctnetlink, or NULL
 * @destroy: called when a connection with this helper ends, or NULL; not
 *	called for connections that outlive pom_helper_unregister(), and, up to
 *	older kernels, for those whose helper ctnetlink has taken away
 * @expectfn: of its expectations that need the NAT half, in addition to those
 *	of struct pom_nat; or NULL
 * @default_port: host byte order. The port of nf_autohelper_attach() without
 *	others, and the key under which older kernels register
 * @l4proto: IPPROTO_TCP or IPPROTO_UDP
 * @ipv4_only: the protocol has no IPv6 form
 * @me: THIS_MODULE
 * @next: a second helper of the same module, or NULL
 * @nat: the NAT half, while its module is loaded; see lib/helper.h
 * @registered: the kernel's helpers, one a family, from pom_helper_register()
 *	to pom_helper_unregister()
 * @families: how many of them
 * @template: private
 */
struct pom_helper {
	const char *name;
	const struct nf_conntrack_expect_policy *policy;
	unsigned int class_max;
	int (*help)(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo);
	int (*from_nlattr)(struct nlattr *attr, struct nf_conn *ct);
	void (*destroy)(struct nf_conn *ct);
	void (*expectfn)(struct nf_conn *ct, struct nf_conntrack_expect *exp);
	u16 default_port;
	u8 l4proto;
	bool ipv4_only;
	struct module *me;
	struct pom_helper *next;

	const struct pom_nat __rcu *nat;
	struct nf_conntrack_helper *registered[2];
	unsigned int families;
	struct nf_conntrack_helper template[2];
};

static inline void pom_helper_fill(struct nf_conntrack_helper *to, u8 nfproto,
				   const struct pom_helper *h)
{
#ifdef HAVE_HELPER_INIT_WITHOUT_PORTS
	nf_ct_helper_init(to, nfproto, h->l4proto, h->name, h->policy,
			  h->class_max, h->help, h->from_nlattr, h->me);
#else
	nf_ct_helper_init(to, nfproto, h->l4proto, h->name, h->default_port,
			  h->default_port, 0, h->policy, h->class_max, h->help,
			  h->from_nlattr, h->me);
#endif
	to->destroy = h->destroy;
}

/**
 * pom_helper_register() - register a helper for `-j CT --helper`
 * @h: the description; must exist until pom_helper_unregister()
 *
 * Process context. Logs the reason of a failure.
 *
 * Return: 0, -EBUSY if a helper of that name is registered already (the
 * kernel's own module of this protocol is loaded), -ENOMEM.
 */
static inline int pom_helper_register(struct pom_helper *h)
{
	int ret;

	pom_helper_fill(&h->template[0], NFPROTO_IPV4, h);
	pom_helper_fill(&h->template[1], NFPROTO_IPV6, h);
	h->families = h->ipv4_only ? 1 : 2;
#ifdef HAVE_HELPER_REGISTER_COPIES
	ret = nf_conntrack_helpers_register(h->template, h->families,
					    h->registered);
#else
	h->registered[0] = &h->template[0];
	h->registered[1] = h->ipv4_only ? NULL : &h->template[1];
	ret = nf_conntrack_helpers_register(h->template, h->families);
#endif
	/* Of a module, modprobe takes -EEXIST as "loaded already". */
	if (ret == -EEXIST)
		ret = -EBUSY;
	if (ret == -EBUSY)
		pr_err("a helper \"%s\" is registered already; unload its module first\n",
		       h->name);
	else if (ret < 0)
		pr_err("cannot register the helper \"%s\": error %d\n",
		       h->name, ret);
	return ret;
}

/* Replaces the help function of a helper that is being unregistered. */
static inline int pom_helper_noop(struct sk_buff *skb, unsigned int protoff,
				  struct nf_conn *ct,
				  enum ip_conntrack_info ctinfo)
{
	return NF_ACCEPT;
}

/**
 * pom_helper_unregister() - undo pom_helper_register()
 * @h: the description
 *
 * Process context; sleeps for grace periods. Afterwards no packet is in
 * @h->help, and no connection or expectation refers to it.
 */
static inline void pom_helper_unregister(struct pom_helper *h)
{
	unsigned int i;

#ifdef HAVE_HELPER_REGISTER_COPIES
	/*
	 * A connection keeps the copy, which outlives the module. The kernel
	 * tests the pointer and calls it; compilers read it once for both.
	 */
	for (i = 0; i < h->families; i++)
		WRITE_ONCE(h->registered[i]->destroy, NULL);
	nf_conntrack_helpers_unregister(h->registered, h->families);
#else
	/*
	 * These kernels remove the expectations before they detach the helper
	 * from its connections. An expectation that a packet adds in between
	 * remains, with a ->helper in the freed module: on 6.1 and 6.12, a
	 * read of /proc/net/nf_conntrack_expect then causes an oops. From 7.2
	 * on the kernel stops the helper first.
	 */
	for (i = 0; i < h->families; i++)
		WRITE_ONCE(h->template[i].help, pom_helper_noop);
	synchronize_rcu();
	nf_conntrack_helpers_unregister(h->template, h->families);
#endif
}

/**
 * pom_helper_set_policy() - change the limits of expectations
 * @h: registered
 * @policy: of the class 0, which is the only class; must stay where it is
 *	until a different policy is set and a grace period is over
 *
 * Process context. Expectations that exist keep their timeout.
 */
static inline void
pom_helper_set_policy(struct pom_helper *h,
		      const struct nf_conntrack_expect_policy *policy)
{
	unsigned int i;

	for (i = 0; i < h->families; i++) {
#ifdef HAVE_HELPER_REGISTER_COPIES
		struct nf_conntrack_expect_policy *to =
			h->registered[i]->expect_policy;

		WRITE_ONCE(to->max_expected, policy->max_expected);
		WRITE_ONCE(to->timeout, policy->timeout);
#else
		WRITE_ONCE(h->template[i].expect_policy, policy);
#endif
	}
}

/**
 * pom_helper_max_expected() - most expectations of a connection
 * @ct: a connection, whose packet the caller looks at
 *
 * Softirq or process context, under rcu_read_lock.
 *
 * Return: that of class 0 of its helper; 0 where the helper is being
 * unregistered.
 */
static inline unsigned int pom_helper_max_expected(const struct nf_conn *ct)
{
	const struct nf_conntrack_helper *helper =
		rcu_dereference(nfct_help(ct)->helper);
	const struct nf_conntrack_expect_policy *policy;

	if (!helper)
		return 0;
#ifdef HAVE_HELPER_REGISTER_COPIES
	policy = helper->expect_policy;
#else
	policy = READ_ONCE(helper->expect_policy);
#endif
	return READ_ONCE(policy->max_expected);
}

/**
 * pom_helper_nfproto() - the family that a registered helper serves
 * @helper: the kernel's helper
 *
 * Return: NFPROTO_IPV4, NFPROTO_IPV6, or NFPROTO_UNSPEC for both.
 */
static inline u8 pom_helper_nfproto(const struct nf_conntrack_helper *helper)
{
#ifdef HAVE_HELPER_NFPROTO
	return helper->nfproto;
#else
	return helper->tuple.src.l3num;
#endif
}

/**
 * pom_helper_l4proto() - the transport protocol that a helper serves
 * @helper: the kernel's helper
 *
 * Return: IPPROTO_TCP, IPPROTO_UDP, ...
 */
static inline u8 pom_helper_l4proto(const struct nf_conntrack_helper *helper)
{
#ifdef HAVE_HELPER_NFPROTO
	return helper->l4proto;
#else
	return helper->tuple.dst.protonum;
#endif
}

/**
 * pom_helper_assign() - give a connection its helper
 * @ct: an unconfirmed connection that belongs to this packet alone and has
 *	no helper extension yet
 * @helper: found under the rcu_read_lock that the caller still holds
 *
 * Softirq or process context. Sets IPS_HELPER_BIT: otherwise 5.10 looks for a
 * new helper when NAT changes the ports.
 *
 * Return: false if memory is short or @helper is being unregistered; the
 * connection then has no helper.
 */
static inline bool pom_helper_assign(struct nf_conn *ct,
				     struct nf_conntrack_helper *helper)
{
	struct nf_conn_help *help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);

	if (!help)
		return false;
#ifdef HAVE_HELPER_CT_REFCNT
	if (!refcount_inc_not_zero(&helper->ct_refcnt))
		return false;
#endif
	rcu_assign_pointer(help->helper, helper);
	set_bit(IPS_HELPER_BIT, &ct->status);
	return true;
}

/**
 * pom_expect_assign_helper() - give the expected connection a helper
 * @exp: initialised by nf_ct_expect_init(), and not yet published
 * @helper: a registered helper, e.g. pom_helper.registered[0]
 */
static inline void pom_expect_assign_helper(struct nf_conntrack_expect *exp,
					    struct nf_conntrack_helper *helper)
{
#ifdef HAVE_EXPECT_ASSIGN_HELPER
	rcu_assign_pointer(exp->assign_helper, helper);
#else
	exp->helper = helper;
#endif
}

/**
 * pom_expect_is_of() - whether a helper has raised an expectation
 * @exp: the caller has a reference on it
 * @h: the helper
 *
 * Under nf_conntrack_expect_lock: a master removes its expectations under it
 * before it is freed.
 *
 * Return: false also for an expectation that was removed.
 */
static inline bool pom_expect_is_of(const struct nf_conntrack_expect *exp,
				    const struct pom_helper *h)
{
	const struct nf_conntrack_helper *helper;
	const struct nf_conn_help *help;
	unsigned int i;

	lockdep_assert_held(&nf_conntrack_expect_lock);
	if (exp->hnode.pprev == LIST_POISON2)
		return false;
	help = nfct_help(exp->master);
	if (!help)
		return false;
	helper = rcu_access_pointer(help->helper);
	for (i = 0; i < h->families; i++)
		if (helper && h->registered[i] == helper)
			return true;
	return false;
}

/**
 * pom_expect_set_timeout() - let an expectation end some time from now
 * @exp: one that was added, unless it has been removed already
 * @delay: the time, in jiffies
 *
 * Under nf_conntrack_expect_lock.
 */
static inline void pom_expect_set_timeout(struct nf_conntrack_expect *exp,
					  u32 delay)
{
	lockdep_assert_held(&nf_conntrack_expect_lock);
#ifdef HAVE_EXPECT_WITHOUT_TIMER
	WRITE_ONCE(exp->timeout, nfct_time_stamp + delay);
#else
	mod_timer_pending(&exp->timeout, jiffies + delay);
#endif
}

/**
 * pom_expect_remove() - remove an expectation from the kernel's table
 * @exp: the caller has a reference on it; may have been removed already
 *
 * Softirq or process context, without nf_conntrack_expect_lock.
 */
static inline void pom_expect_remove(struct nf_conntrack_expect *exp)
{
#ifdef HAVE_EXPECT_WITHOUT_TIMER
	/*
	 * nf_ct_unexpect_related() only marks the expectation, which counts
	 * against nf_conntrack_expect_max until a look-up removes it.
	 */
	spin_lock_bh(&nf_conntrack_expect_lock);
	if (exp->hnode.pprev != LIST_POISON2)
		nf_ct_unlink_expect(exp);
	spin_unlock_bh(&nf_conntrack_expect_lock);
#else
	nf_ct_unexpect_related(exp);
#endif
}

#endif
