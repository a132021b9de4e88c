// SPDX-License-Identifier: GPL-2.0-only
/* Limits of memory; see account.h. Nothing here takes a lock to charge. */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include "lib/account.h"

/* Finds or makes the owner with that user id. Process context. */
static struct account_owner *account_owner_get(struct account *account,
					       kuid_t uid)
{
	struct account_owner *owner, *made;
	int err;

	made = kzalloc(sizeof(*made), GFP_KERNEL_ACCOUNT);
	if (!made)
		return NULL;
	made->uid = uid;
	refcount_set(&made->namespaces, 1);
	do {
		err = 0;
		xa_lock_bh(&account->owners);
		owner = xa_load(&account->owners, __kuid_val(uid));
		if (owner)
			refcount_inc(&owner->namespaces);
		else /* may drop the lock to allocate */
			err = __xa_insert(&account->owners, __kuid_val(uid),
					  made, GFP_KERNEL);
		xa_unlock_bh(&account->owners);
	} while (err == -EBUSY);
	if (!owner && !err)
		return made;
	kfree(made);
	return owner;
}

static void account_owner_put(struct account *account,
			      struct account_owner *owner)
{
	bool last;

	xa_lock_bh(&account->owners);
	last = refcount_dec_and_test(&owner->namespaces);
	if (last)
		__xa_erase(&account->owners, __kuid_val(owner->uid));
	xa_unlock_bh(&account->owners);
	if (last)
		kfree(owner);
}

/**
 * account_net_create - begin to count the memory of a network namespace
 * @account: the limits
 * @net: the namespace
 *
 * Process context. Return: with one reference, or NULL if there is no memory
 */
struct account_net *account_net_create(struct account *account,
				       const struct net *net)
{
	const struct user_namespace *ns = net->user_ns;
	struct account_net *an;

	an = kzalloc(sizeof(*an), GFP_KERNEL_ACCOUNT);
	if (!an)
		return NULL;
	an->account = account;
	refcount_set(&an->references, 1);
	if (ns == &init_user_ns)
		return an;
	while (ns->parent != &init_user_ns)
		ns = ns->parent;
	an->owner = account_owner_get(account, ns->owner);
	if (an->owner)
		return an;
	kfree(an);
	return NULL;
}

/* For a caller that has a reference. Any context, as all that follows. */
void account_net_get(struct account_net *an)
{
	refcount_inc(&an->references);
}

void account_net_put(struct account_net *an)
{
	if (!refcount_dec_and_test(&an->references))
		return;
	if (an->owner)
		account_owner_put(an->account, an->owner);
	kfree(an);
}

static bool account_add(atomic_long_t *used, long bytes, unsigned int limit_mb)
{
	long limit = LONG_MAX;

	if (limit_mb && limit_mb <= LONG_MAX >> 20)
		limit = (long)limit_mb << 20;
	if (likely(atomic_long_add_return(bytes, used) <= limit))
		return true;
	atomic_long_sub(bytes, used);
	return false;
}

/**
 * account_charge - ask for memory
 * @an: for which network namespace; the caller has a reference
 * @bytes: how much
 *
 * Return: whether the limits allow it; then it is counted, and to be given
 * back with account_uncharge()
 */
bool account_charge(struct account_net *an, long bytes)
{
	const struct account *account = an->account;

	if (!account_add(&an->used, bytes, READ_ONCE(account->net_limit_mb)))
		return false;
	if (!an->owner ||
	    account_add(&an->owner->used, bytes,
			READ_ONCE(account->owner_limit_mb)))
		return true;
	atomic_long_sub(bytes, &an->used);
	return false;
}

/* Gives back what was charged. */
void account_uncharge(struct account_net *an, long bytes)
{
	if (an->owner)
		atomic_long_sub(bytes, &an->owner->used);
	atomic_long_sub(bytes, &an->used);
}
