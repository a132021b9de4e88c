// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ctnetlink_events - events of connections, through rings of memory
 *
 * The file is described in include/linux/netfilter/nf_ctnetlink_events.h.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "ctnetlink/nf_ctnetlink_events/internal.h"
#include "lib/account.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter connection tracking: events that do not delay packets");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static struct account events_account = {
	.owners		= XARRAY_INIT(events_account.owners, XA_FLAGS_LOCK_BH),
	.net_limit_mb	= 64,
	.owner_limit_mb	= 128,
};

module_param_named(net_memory_limit_mb, events_account.net_limit_mb, uint,
		   0644);
MODULE_PARM_DESC(net_memory_limit_mb,
		 "memory of all listeners of a network namespace, in MiB; 0: no limit (default 64)");
module_param_named(memory_limit_mb, events_account.owner_limit_mb, uint, 0644);
MODULE_PARM_DESC(memory_limit_mb,
		 "memory of all network namespaces in user namespaces that one user has created, in MiB; 0: no limit (default 128)");

static unsigned int events_net_id __read_mostly;

struct ctn_events_net *ctn_events_net(const struct net *net)
{
	return net_generic(net, events_net_id);
}

static int __net_init events_net_init(struct net *net)
{
	struct ctn_events_net *en = ctn_events_net(net);
	int err;

	ctn_tap_init(en);
	mutex_init(&en->lock);
	INIT_LIST_HEAD(&en->listeners);
	mutex_init(&en->channel_lock);
	INIT_LIST_HEAD(&en->channels);
	en->account = account_net_create(&events_account, net);
	if (!en->account)
		return -ENOMEM;
	err = ctn_proc_create(net);
	if (err)
		account_net_put(en->account);
	return err;
}

static void __net_exit events_net_pre_exit(struct net *net)
{
	ctn_tap_pre_exit(net);
}

static void __net_exit events_net_exit(struct net *net)
{
	ctn_proc_remove(net);
	ctn_channels_free(ctn_events_net(net));
	account_net_put(ctn_events_net(net)->account);
}

static struct pernet_operations events_net_ops = {
	.init		= events_net_init,
	.pre_exit	= events_net_pre_exit,
	.exit		= events_net_exit,
	.id		= &events_net_id,
	.size		= sizeof(struct ctn_events_net),
};

/* Between the end of a module's exit function and that of its memory. */
static int events_module(struct notifier_block *nb, unsigned long state,
			 void *data)
{
	const struct module *module = data;

	if (state != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	/* nf_conntrack_netlink has taken its notifier away. */
	if (!strcmp(module->name, "nf_conntrack_netlink"))
		ctn_tap_end_all();
	ctn_old_flush();
	return NOTIFY_DONE;
}

static struct notifier_block events_module_nb = {
	.notifier_call	= events_module,
};

static bool events_ready;

/*
 * Whether each network namespace has its part. Before, a reader of one would
 * have the events of others, too, on kernels before 5.15.
 */
bool ctn_events_are_ready(void)
{
	return smp_load_acquire(&events_ready); /* pairs with events_init() */
}

static int __init events_init(void)
{
	int err = register_pernet_subsys(&events_net_ops);

	if (err)
		return err;
	err = register_module_notifier(&events_module_nb);
	if (err) {
		unregister_pernet_subsys(&events_net_ops);
		return err;
	}
	/* pairs with ctn_events_are_ready() */
	smp_store_release(&events_ready, true);
	return 0;
}

static void __exit events_exit(void)
{
	unregister_module_notifier(&events_module_nb);
	unregister_pernet_subsys(&events_net_ops);
}

module_init(events_init);
module_exit(events_exit);
