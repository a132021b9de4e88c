// SPDX-License-Identifier: GPL-2.0-only
/* net.netfilter.nf_autohelper: the switch of one namespace. */

#include "autohelper/nf_autohelper_core/internal.h"

static int set_mode(struct ah_net *an, int mode)
{
	int ret, old = an->mode;

	if (mode == AH_FOLLOW) {
		ret = ah_follow_start(an);
		if (ret < 0)
			return ret;
	}
	an->mode = mode;
	ret = ah_hooks_update(an, an->table.count);
	if (ret < 0)
		an->mode = old;
	if (an->mode != AH_FOLLOW && !net_eq(an->net, &init_net))
		ah_follow_stop(an);
	return ret;
}

/* The sysctl reads as the mode in effect: an error keeps the old value. */
static int ah_switch(pom_ctl_table *table, int write, void *buffer,
		     size_t *len, loff_t *pos)
{
	static const int most = AH_FOLLOW;
	struct ah_net *an = table->extra2;
	struct ctl_table value = {
		.maxlen	= sizeof(int),
		.extra1	= SYSCTL_ZERO,
		.extra2	= (void *)&most,
	};
	int mode, ret;

	mutex_lock(&an->table.lock);
	mode = an->mode;
	value.data = &mode;
	ret = proc_dointvec_minmax(&value, write, buffer, len, pos);
	if (!ret && write)
		ret = set_mode(an, mode);
	mutex_unlock(&an->table.lock);
	return ret;
}

/**
 * ah_sysctl_create() - create the sysctl of a namespace
 * @an: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int ah_sysctl_create(struct ah_net *an)
{
	an->sysctl_table[0] = (struct ctl_table) {
		.procname	= "nf_autohelper",
		.data		= &an->mode,
		.maxlen		= sizeof(an->mode),
		.mode		= 0644,
		.proc_handler	= ah_switch,
		.extra2		= an,
	};
	an->sysctl = pom_register_net_sysctl(an->net, "net/netfilter",
					     an->sysctl_table, 1);
	return an->sysctl ? 0 : -ENOMEM;
}

/**
 * ah_sysctl_remove() - remove the sysctl, after all accesses have ended
 * @an: the namespace
 *
 * Process context, without the namespace's lock.
 */
void ah_sysctl_remove(struct ah_net *an)
{
	unregister_net_sysctl_table(an->sysctl);
}
