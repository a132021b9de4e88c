// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ip_tables_proc - the files of ip_tables in every network namespace
 *
 * The cores ip_tables, ip6_tables and arp_tables have three files each in
 * /proc/net. This module loads the cores. Where one does not exist, this module
 * has its files, until the core is loaded after all.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/kmod.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/wait.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "ip_tables-proc/nf_ip_tables_proc/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter: /proc/net/ip_tables_names, _matches and _targets without iptables-legacy");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static bool load __read_mostly = true;
module_param(load, bool, 0444);
MODULE_PARM_DESC(load, "load ip_tables, ip6_tables, arp_tables (default: Y)");

enum { CORES = 3, CORE_FILES = 3 };

static const struct {
	const char *module;
	const char *symbol;	/* that it exports */
	u8 af;
	const char *files[CORE_FILES];	/* by enum tables_what */
} cores[CORES] = {
	{
		"ip_tables", "ipt_alloc_initial_table", NFPROTO_IPV4,
		{ "ip_tables_names", "ip_tables_matches", "ip_tables_targets" },
	},
	{
		"ip6_tables", "ip6t_alloc_initial_table", NFPROTO_IPV6,
		{ "ip6_tables_names", "ip6_tables_matches",
		  "ip6_tables_targets" },
	},
	{
		"arp_tables", "arpt_alloc_initial_table", NFPROTO_ARP,
		{ "arp_tables_names", "arp_tables_matches",
		  "arp_tables_targets" },
	},
};

static const char extensions_name[] = "x_tables_extensions";

/**
 * struct tables_net - the files of a network namespace
 * @list: in tables_nets
 * @net: the network namespace
 * @made: for each core: how many of the files exist and are ours
 * @removals: for how many cores files are being removed
 * @files: for each core
 * @extensions: the file of all families
 */
struct tables_net {
	struct list_head list;
	struct net *net;
	unsigned int made[CORES];
	atomic_t removals;
	struct tables_file files[CORES][CORE_FILES];
	struct tables_file extensions;
};

static unsigned int tables_net_id __read_mostly;

/*
 * Protects core_state[], tables_nets and @made. Not held while files are
 * removed: that waits for readers, who may be slow, and the mutex is that of
 * all namespaces. The end of a namespace waits for @removals instead.
 */
static DEFINE_MUTEX(tables_mutex);
static DECLARE_WAIT_QUEUE_HEAD(tables_removed);
static enum { CORE_UNKNOWN, CORE_PRESENT, CORE_ABSENT } core_state[CORES];
static LIST_HEAD(tables_nets);

static bool file_create(const char *name, struct net *net,
			struct tables_file *file)
{
	return proc_create_data(name, 0444, net->proc_net, &tables_proc_ops,
				file);
}

/* Under tables_mutex. Files remain after a failure: removing them may wait. */
static bool core_files_create(struct tables_net *tn, unsigned int core)
{
	unsigned int i;

	for (i = 0; i < CORE_FILES; i++)
		if (!file_create(cores[core].files[i], tn->net,
				 &tn->files[core][i]))
			break;
	tn->made[core] = i;
	return i == CORE_FILES;
}

static void core_files_remove(struct net *net, unsigned int core,
			      unsigned int made)
{
	while (made-- > 0)
		remove_proc_entry(cores[core].files[made], net->proc_net);
}

/* A namespace with files for a core. Under tables_mutex. */
static struct tables_net *tables_net_made(unsigned int core)
{
	struct tables_net *tn;

	list_for_each_entry(tn, &tables_nets, list)
		if (tn->made[core])
			return tn;
	return NULL;
}

/*
 * A namespace whose last reference is gone is among them: a core creates its
 * files there as long as cleanup_net() has not begun.
 */
static void core_arrives(unsigned int core)
{
	struct tables_net *tn;
	unsigned int made;

	mutex_lock(&tables_mutex);
	core_state[core] = CORE_PRESENT;
	while ((tn = tables_net_made(core))) {
		made = tn->made[core];
		tn->made[core] = 0;
		/* The next one is at the head. */
		list_move_tail(&tn->list, &tables_nets);
		atomic_inc(&tn->removals);
		mutex_unlock(&tables_mutex);
		core_files_remove(tn->net, core, made);
		/* From here on, the namespace may end. */
		if (atomic_dec_and_test(&tn->removals))
			wake_up_all(&tables_removed);
		mutex_lock(&tables_mutex);
	}
	mutex_unlock(&tables_mutex);
}

/* Without memory, a namespace lacks files of this family. */
static void core_leaves(unsigned int core)
{
	struct tables_net *tn;

	mutex_lock(&tables_mutex);
	core_state[core] = CORE_ABSENT;
	list_for_each_entry(tn, &tables_nets, list)
		if (!tn->made[core])
			core_files_create(tn, core);
	mutex_unlock(&tables_mutex);
}

/*
 * A core is announced before its init function runs, and its end after its exit
 * function or after a failure of its init function. So a core never finds files
 * of this module, and this module none of a core.
 */
static int tables_module_event(struct notifier_block *nb, unsigned long event,
			       void *data)
{
	const struct module *module = data;
	unsigned int core;

	for (core = 0; core < CORES; core++)
		if (!strcmp(module->name, cores[core].module))
			break;
	if (core == CORES)
		return NOTIFY_DONE;
	if (event == MODULE_STATE_COMING)
		core_arrives(core);
	else if (event == MODULE_STATE_GOING)
		core_leaves(core);
	return NOTIFY_OK;
}

static struct notifier_block tables_module_nb = {
	.notifier_call	= tables_module_event,
};

static void tables_net_remove(struct tables_net *tn)
{
	unsigned int core;

	mutex_lock(&tables_mutex);
	list_del(&tn->list);
	mutex_unlock(&tables_mutex);
	wait_event(tables_removed, !atomic_read(&tn->removals));
	for (core = CORES; core-- > 0;)
		core_files_remove(tn->net, core, tn->made[core]);
}

static void tables_net_fill(struct tables_net *tn, struct net *net)
{
	unsigned int core, what;

	tn->net = net;
	tn->extensions.net = net;
	tn->extensions.what = TABLES_EXTENSIONS;
	for (core = 0; core < CORES; core++)
		for (what = 0; what < CORE_FILES; what++)
			tn->files[core][what] = (struct tables_file) {
				.net	= net,
				.what	= what,
				.af	= cores[core].af,
			};
}

static int __net_init tables_net_init(struct net *net)
{
	struct tables_net *tn = net_generic(net, tables_net_id);
	bool created = true;
	unsigned int core;

	tables_net_fill(tn, net);
	mutex_lock(&tables_mutex);
	list_add(&tn->list, &tables_nets);
	for (core = 0; core < CORES && created; core++)
		if (core_state[core] != CORE_PRESENT)
			created = core_files_create(tn, core);
	mutex_unlock(&tables_mutex);
	if (created && file_create(extensions_name, net, &tn->extensions))
		return 0;
	tables_net_remove(tn);
	return -ENOMEM;
}

static void __net_exit tables_net_exit(struct net *net)
{
	remove_proc_entry(extensions_name, net->proc_net);
	tables_net_remove(net_generic(net, tables_net_id));
}

static struct pernet_operations tables_net_ops = {
	.init	= tables_net_init,
	.exit	= tables_net_exit,
	.id	= &tables_net_id,
	.size	= sizeof(struct tables_net),
};

/* Built in, loaded, or in its init function. */
static bool __init core_exists(unsigned int core)
{
	struct kobject *module;

	module = kset_find_obj(THIS_MODULE->mkobj.kobj.kset,
			       cores[core].module);
	kobject_put(module);
	if (module)
		return true;
	if (!__symbol_get(cores[core].symbol))
		return false;
	__symbol_put(cores[core].symbol);
	return true;
}

/*
 * A core that was announced just before the notifier was registered gets its
 * directory in sysfs soon, and one whose end was announced then loses it. What
 * the notifier has heard is newer than what this finds.
 */
static void __init cores_find(void)
{
	unsigned int core;

	for (core = 0; load && core < CORES; core++)
		request_module("%s", cores[core].module);
	/* request_module() waits for the init function. */
	if (!load)
		msleep(500);
	mutex_lock(&tables_mutex);
	for (core = 0; core < CORES; core++)
		if (core_state[core] == CORE_UNKNOWN)
			core_state[core] = core_exists(core) ? CORE_PRESENT :
							       CORE_ABSENT;
	mutex_unlock(&tables_mutex);
}

static int __init tables_init(void)
{
	int err = register_module_notifier(&tables_module_nb);

	if (err)
		return err;
	cores_find();
	err = register_pernet_subsys(&tables_net_ops);
	if (err)
		unregister_module_notifier(&tables_module_nb);
	return err;
}

static void __exit tables_exit(void)
{
	unregister_pernet_subsys(&tables_net_ops);
	unregister_module_notifier(&tables_module_nb);
}

module_init(tables_init);
module_exit(tables_exit);
