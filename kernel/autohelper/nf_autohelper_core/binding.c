// SPDX-License-Identifier: GPL-2.0-only
/* Helpers by name, and the references that keep them. */

#define pr_fmt(fmt) "nf_autohelper: " fmt

#include <linux/kmod.h>
#include <linux/slab.h>

#include "autohelper/nf_autohelper_core/internal.h"

static const u8 nfproto[AH_FAMILIES] = {
	[AH_IPV4] = NFPROTO_IPV4,
	[AH_IPV6] = NFPROTO_IPV6,
};

/* NAT halves that do not register a helper; load them by module name. */
static const struct {
	const char *helper;
	const char *module;
} nat_elsewhere[] = {
	{ "pptp", "nf_nat_pptp" },
	{ "RAS", "nf_nat_h323" },
	{ "Q.931", "nf_nat_h323" },
};

/* A helper without a NAT half is no error: several protocols need none. */
static void load_nat(struct ah_binding *b)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nat_elsewhere); i++) {
		if (!strcmp(b->name, nat_elsewhere[i].helper)) {
			request_module("%s", nat_elsewhere[i].module);
			return;
		}
	}
	for (i = 0; i < AH_FAMILIES; i++) {
		if (!b->helper[i])
			continue;
		if (nf_nat_helper_try_module_get(b->name, nfproto[i],
						 b->l4proto))
			return;
		b->nat[i] = true;
	}
}

/**
 * ah_binding_get() - a helper by name, its modules loaded where needed
 * @name: what `-j CT --helper` takes
 * @l4proto: IPPROTO_TCP or IPPROTO_UDP
 *
 * Process context, without the lock of a table, as loading a module is slow.
 *
 * Return: a binding with one user, or ERR_PTR: -ENOENT if no family has that
 * helper, -ENOMEM.
 */
struct ah_binding *ah_binding_get(const char *name, u8 l4proto)
{
	struct ah_binding *b = kzalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!b)
		return ERR_PTR(-ENOMEM);
	refcount_set(&b->users, 1);
	b->held = true;
	b->l4proto = l4proto;
	strscpy(b->name, name, sizeof(b->name));
	for (i = 0; i < AH_FAMILIES; i++)
		b->helper[i] = nf_conntrack_helper_try_module_get(name,
								  nfproto[i],
								  l4proto);
	if (!b->helper[AH_IPV4] && !b->helper[AH_IPV6]) {
		kfree(b);
		return ERR_PTR(-ENOENT);
	}
	load_nat(b);
	return b;
}

/**
 * ah_binding_own() - the helper of a module that attaches itself
 * @h: registered
 *
 * Return: a binding with one user, or ERR_PTR(-ENOMEM).
 */
struct ah_binding *ah_binding_own(const struct pom_helper *h)
{
	struct ah_binding *b = kzalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);
	unsigned int i;
	u8 family;

	if (!b)
		return ERR_PTR(-ENOMEM);
	refcount_set(&b->users, 1);
	b->l4proto = h->l4proto;
	strscpy(b->name, h->name, sizeof(b->name));
	for (i = 0; i < h->families; i++) {
		family = pom_helper_nfproto(h->registered[i]);
		if (family != NFPROTO_IPV6)
			b->helper[AH_IPV4] = h->registered[i];
		if (family != NFPROTO_IPV4)
			b->helper[AH_IPV6] = h->registered[i];
	}
	return b;
}

static void release(struct ah_binding *b)
{
	unsigned int i;

	for (i = 0; i < AH_FAMILIES; i++) {
		if (!b->helper[i])
			continue;
		rcu_read_lock();
		if (b->nat[i])
			nf_nat_helper_put(b->helper[i]);
		rcu_read_unlock();
		nf_conntrack_helper_put(b->helper[i]);
	}
}

/**
 * ah_binding_put() - drop one user; the last one drops the helper
 * @b: no packet reads it through that user any more
 */
void ah_binding_put(struct ah_binding *b)
{
	if (!refcount_dec_and_test(&b->users))
		return;
	if (b->held)
		release(b);
	kfree(b);
}
