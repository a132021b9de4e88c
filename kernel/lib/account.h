/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much memory packets and unprivileged users may take from a module: a
 * limit for each network namespace, and one for the sum of all namespaces of
 * the user who owns them.
 *
 * The owner of a network namespace is who created the outermost user namespace
 * that it is in. Namespaces in the initial user namespace are the host's: they
 * have a limit each, and no common one.
 */
#ifndef POM_LIB_ACCOUNT_H
#define POM_LIB_ACCOUNT_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/xarray.h>

struct net;

/**
 * struct account - the limits of a module
 * @owners: struct account_owner by user id
 * @net_limit_mb: of one network namespace, in MiB; 0: none
 * @owner_limit_mb: of all network namespaces of one owner, in MiB; 0: none
 */
struct account {
	struct xarray owners;
	unsigned int net_limit_mb;
	unsigned int owner_limit_mb;
};

#define ACCOUNT_INIT(name) { \
	.owners = XARRAY_INIT((name).owners, XA_FLAGS_LOCK_BH), \
}

/**
 * struct account_owner - a user with network namespaces
 * @uid: the key in account.owners
 * @namespaces: how many refer to it
 * @used: bytes, of all of them
 */
struct account_owner {
	kuid_t uid;
	refcount_t namespaces;
	atomic_long_t used;
};

/**
 * struct account_net - a network namespace, or what is left of it
 * @account: the limits
 * @owner: NULL for the host
 * @references: the namespace, and what is charged and may outlive it
 * @used: bytes
 */
struct account_net {
	struct account *account;
	struct account_owner *owner;
	refcount_t references;
	atomic_long_t used;
};

struct account_net *account_net_create(struct account *account,
				       const struct net *net);
void account_net_get(struct account_net *an);
void account_net_put(struct account_net *an);
bool account_charge(struct account_net *an, long bytes);
void account_uncharge(struct account_net *an, long bytes);

#endif /* POM_LIB_ACCOUNT_H */
