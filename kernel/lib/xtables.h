/* SPDX-License-Identifier: GPL-2.0-only */
/* Matches and targets that are the same for IPv4 and IPv6. */
#ifndef POM_LIB_XTABLES_H
#define POM_LIB_XTABLES_H

#include <linux/netfilter/x_tables.h>
#include <linux/string.h>

/**
 * pom_register_matches() - register matches for both families
 * @m: space for 2 * @n matches; the first @n are complete but for the family
 * @n: how many, revisions among them
 *
 * Process context: module init. One for NFPROTO_UNSPEC would also be taken by
 * arptables and ebtables.
 *
 * Return: 0, or what xt_register_matches() returns.
 */
static inline int pom_register_matches(struct xt_match *m, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		/* Not by assignment: the name is const. */
		memcpy(&m[n + i], &m[i], sizeof(*m));
		m[i].family = NFPROTO_IPV4;
		m[n + i].family = NFPROTO_IPV6;
	}
	return xt_register_matches(m, 2 * n);
}

/**
 * pom_unregister_matches() - undo pom_register_matches()
 * @m: the same
 * @n: the same
 *
 * Process context: module exit.
 */
static inline void pom_unregister_matches(struct xt_match *m, unsigned int n)
{
	xt_unregister_matches(m, 2 * n);
}

/**
 * pom_register_targets() - pom_register_matches() for targets
 * @t: space for 2 * @n targets; the first @n are complete but for the family
 * @n: how many, revisions among them
 *
 * Process context: module init.
 *
 * Return: 0, or what xt_register_targets() returns.
 */
static inline int pom_register_targets(struct xt_target *t, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		/* Not by assignment: the name is const. */
		memcpy(&t[n + i], &t[i], sizeof(*t));
		t[i].family = NFPROTO_IPV4;
		t[n + i].family = NFPROTO_IPV6;
	}
	return xt_register_targets(t, 2 * n);
}

/**
 * pom_unregister_targets() - undo pom_register_targets()
 * @t: the same
 * @n: the same
 *
 * Process context: module exit.
 */
static inline void pom_unregister_targets(struct xt_target *t, unsigned int n)
{
	xt_unregister_targets(t, 2 * n);
}

#endif /* POM_LIB_XTABLES_H */
