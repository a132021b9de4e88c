/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines in the kernel log that a user of a network namespace can cause. */
#ifndef POM_LIB_LOG_H
#define POM_LIB_LOG_H

#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <net/net_namespace.h>

/**
 * pom_info() - log a line, at most 10 of each kind in 5 seconds
 * @net: the network namespace that the line is about
 * @fmt: a format without KBUILD_MODNAME; strings that were not validated are
 *	printed with %*pE
 *
 * The initial namespace has a rate limit of its own, which a user in a second
 * namespace cannot exhaust. All other namespaces share one, so that many
 * namespaces log no more than one. Any context.
 */
#define pom_info(net, fmt, ...)						\
do {									\
	static DEFINE_RATELIMIT_STATE(_initial,				\
				      DEFAULT_RATELIMIT_INTERVAL,	\
				      DEFAULT_RATELIMIT_BURST);		\
	static DEFINE_RATELIMIT_STATE(_others,				\
				      DEFAULT_RATELIMIT_INTERVAL,	\
				      DEFAULT_RATELIMIT_BURST);		\
									\
	if (__ratelimit(net_eq(net, &init_net) ? &_initial : &_others))	\
		pr_info(fmt, ##__VA_ARGS__);				\
} while (0)

#endif /* POM_LIB_LOG_H */
