// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ip_tables_proc - the contents of the files
 *
 * Reading asks x_tables for one name after the other. That loads no module.
 */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/user_namespace.h>

#include "compat/compat.h"
#include "ip_tables-proc/nf_ip_tables_proc/internal.h"

#define REVISIONS	(U8_MAX + 1)

/**
 * struct tables_reader - an open file
 * @file: the file
 * @net: its network namespace, which must not wait for readers when it ends
 * @names: what to ask for
 * @details: whether to ask for what needs a reference to a module
 */
struct tables_reader {
	const struct tables_file *file;
	struct net *net;
	struct tables_names *names;
	bool details;
};

static const struct {
	u8 af;
	const char *name;
} families[] = {
	{ NFPROTO_UNSPEC, "any" },
	{ NFPROTO_IPV4, "ip" },
	{ NFPROTO_IPV6, "ip6" },
	{ NFPROTO_ARP, "arp" },
	{ NFPROTO_BRIDGE, "bridge" },
};

/*
 * Stores the revisions of an extension in @found. Those of NFPROTO_UNSPEC
 * belong to each family, too. One that is registered for both is shown once.
 */
static void find_revisions(u8 af, const char *name, bool target,
			   unsigned long *found)
{
	int rev, err, best = U8_MAX;

	bitmap_zero(found, REVISIONS);
	for (rev = 0; rev <= best; rev++) {
		if (!xt_find_revision(af, name, rev, target, &err))
			return;
		if (err < 0)
			continue;
		/* The newest one of the list that has this revision. */
		best = err;
		__set_bit(rev, found);
	}
}

static void show_hooks(struct seq_file *m, u8 af, unsigned int hooks)
{
	static const char *const inet[] = {
		"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING",
		"BROUTING",
	};
	static const char *const arp[] = { "INPUT", "OUTPUT", "FORWARD" };
	const char *const *names = af == NFPROTO_ARP ? arp : inet;
	unsigned int i, n = af == NFPROTO_ARP ? ARRAY_SIZE(arp) :
						ARRAY_SIZE(inet);
	const char *comma = " ";

	if (!(hooks & (BIT(n) - 1)))
		seq_puts(m, hooks ? " ?" : " all");
	for (i = 0; i < n; i++) {
		if (!(hooks & BIT(i)))
			continue;
		seq_printf(m, "%s%s", comma, names[i]);
		comma = ",";
	}
}

/*
 * The reference keeps a module that is being unloaded for a moment, which can
 * make rmmod fail: so only for a reader with rights in the initial namespace.
 */
static bool show_match(struct seq_file *m, u8 af, const char *name, u8 rev)
{
	struct xt_match *match = xt_find_match(af, name, rev);

	if (IS_ERR(match))
		return false;
	show_hooks(m, af, match->hooks);
	seq_printf(m, " %s", match->table ?: "all");
	if (match->proto)
		seq_printf(m, " %u", match->proto);
	else
		seq_puts(m, " all");
	if (match->matchsize == UINT_MAX)
		seq_puts(m, " variable");
	else
		seq_printf(m, " %u", match->matchsize);
	seq_printf(m, " %s\n", match->me ? module_name(match->me) : "-");
	module_put(match->me);
	return true;
}

static void show_revisions(struct seq_file *m, const char *name, bool target)
{
	const struct tables_reader *reader = m->private;
	DECLARE_BITMAP(found, REVISIONS);
	DECLARE_BITMAP(unspec, REVISIONS);
	unsigned int i, rev;

	bitmap_zero(unspec, REVISIONS);
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		find_revisions(families[i].af, name, target, found);
		bitmap_andnot(found, found, unspec, REVISIONS);
		for_each_set_bit(rev, found, REVISIONS) {
			seq_printf(m, "%s %s %s %u",
				   target ? "target" : "match",
				   name, families[i].name, rev);
			if (target || !reader->details ||
			    !show_match(m, families[i].af, name, rev))
				seq_puts(m, " ? ? ? ? ?\n");
		}
		if (families[i].af == NFPROTO_UNSPEC)
			bitmap_copy(unspec, found, REVISIONS);
	}
}

static int tables_show(struct seq_file *m, void *v)
{
	const struct tables_reader *reader = m->private;
	const struct tables_file *file = reader->file;
	const char *name = v;
	int err;

	switch (file->what) {
	case TABLES_NAMES:
		break;
	case TABLES_MATCHES:
	case TABLES_TARGETS:
		if (xt_find_revision(file->af, name, 0,
				     file->what == TABLES_TARGETS, &err))
			seq_printf(m, "%s\n", name);
		break;
	case TABLES_EXTENSIONS:
		show_revisions(m, name, false);
		show_revisions(m, name, true);
		break;
	}
	cond_resched();
	return 0;
}

static void *tables_start(struct seq_file *m, loff_t *pos)
{
	const struct tables_reader *reader = m->private;

	/* Without a core there is no table in any namespace. */
	if (reader->file->what == TABLES_NAMES ||
	    *pos >= reader->names->count)
		return NULL;
	return reader->names->name[*pos];
}

static void *tables_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return tables_start(m, pos);
}

static void tables_stop(struct seq_file *m, void *v)
{
}

static const struct seq_operations tables_seq_ops = {
	.start	= tables_start,
	.next	= tables_next,
	.stop	= tables_stop,
	.show	= tables_show,
};

static int tables_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct tables_reader *reader = m->private;

	tables_names_put(reader->names);
	if (reader->net)
		put_net(reader->net);
	return seq_release_private(inode, file);
}

/*
 * The mode cannot say who may read: the root of a namespace may have no number
 * yet when the file is made (lib/proc.h).
 */
static int tables_open(struct inode *inode, struct file *file)
{
	const struct tables_file *tables = pde_data(inode);
	struct tables_reader *reader;
	int err;

	if (!file_ns_capable(file, tables->net->user_ns, CAP_NET_ADMIN))
		return -EACCES;
	reader = __seq_open_private(file, &tables_seq_ops, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->file = tables;
	reader->net = maybe_get_net(tables->net);
	reader->details = file_ns_capable(file, &init_user_ns, CAP_NET_ADMIN);
	reader->names = tables_names_get();
	if (reader->net && reader->names)
		return 0;
	err = reader->net ? -ENOMEM : -ENXIO;
	tables_release(inode, file);
	return err;
}

const struct proc_ops tables_proc_ops = {
	.proc_open	= tables_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= tables_release,
};
