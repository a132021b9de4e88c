// SPDX-License-Identifier: GPL-2.0-only
/* net.netfilter.nf_autohelper: the switch of one namespace. */

#include "nf_autohelper_core/core.h"

/* What was accepted is what is in force: an error leaves the old value. */
static int ah_switch(pom_ctl_table *table, int write, void *buffer,
		     size_t *len, loff_t *pos)
{
	struct ah_net *an = table->extra2;
	struct ctl_table value = {
		.maxlen	= sizeof(int),
		.extra1	= SYSCTL_ZERO,
		.extra2	= SYSCTL_ONE,
	};
	int enabled, ret;

	mutex_lock(&ah_lock);
	enabled = an->enabled;
	value.data = &enabled;
	ret = proc_dointvec_minmax(&value, write, buffer, len, pos);
	if (!ret && write) {
		swap(an->enabled, enabled);
		ret = ah_hooks_update(an);
		if (ret < 0)
			an->enabled = enabled;
	}
	mutex_unlock(&ah_lock);
	return ret;
}

/**
 * ah_sysctl_create() - the switch, on
 * @an: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int ah_sysctl_create(struct ah_net *an)
{
	an->sysctl_table[0] = (struct ctl_table) {
		.procname	= "nf_autohelper",
		.data		= &an->enabled,
		.maxlen		= sizeof(an->enabled),
		.mode		= 0644,
		.proc_handler	= ah_switch,
		.extra2		= an,
	};
	an->sysctl = pom_register_net_sysctl(an->net, "net/netfilter",
					     an->sysctl_table, 1);
	return an->sysctl ? 0 : -ENOMEM;
}

/**
 * ah_sysctl_remove() - take the switch away, once nobody is at it
 * @an: the namespace
 *
 * Process context, without ah_lock.
 */
void ah_sysctl_remove(struct ah_net *an)
{
	unregister_net_sysctl_table(an->sysctl);
}
