// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/nf_condition/NAME: a condition as a file.
 *
 * A read returns "0\n" or "1\n". A write is one complete command, "0" or "1"
 * with or without a newline, at any file position, and does not move the
 * position. poll(2) returns POLLPRI if the value has changed since this open
 * file was last read from its beginning. It returns POLLERR | POLLHUP after
 * the last rule was deleted; reads and writes then fail with ENODEV.
 *
 * procfs does not track the open files of a removed entry, so it does not know
 * when the last poll() on it has ended. Therefore open() replaces the file
 * operations by those of this module, as a character device does: an open
 * file then holds its condition, and this module, until it is closed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include <net/net_namespace.h>
#include "compat/compat.h"
#include "lib/proc.h"
#include "condition/xt_condition/internal.h"

static const char dir_name[] = "nf_condition";
static const char * const classic_names[] = {
	"ipt_condition", "ip6t_condition",
};

static unsigned int condition_list_perms __read_mostly = 0644;
module_param(condition_list_perms, uint, 0444);
MODULE_PARM_DESC(condition_list_perms,
		 "permissions of /proc/net/nf_condition/* (default: 0644)");

static unsigned int condition_uid_perms __read_mostly;
module_param(condition_uid_perms, uint, 0444);
MODULE_PARM_DESC(condition_uid_perms,
		 "owner of /proc/net/nf_condition/*: a user id in the user namespace that owns the files, or its root if it lacks that id (default: 0)");

static unsigned int condition_gid_perms __read_mostly;
module_param(condition_gid_perms, uint, 0444);
MODULE_PARM_DESC(condition_gid_perms,
		 "group of /proc/net/nf_condition/*: a group id in the user namespace that owns the files, or its root if it lacks that id (default: 0)");

/**
 * struct condition_file - one open file
 * @condition: the condition of the file; holds a reference
 * @seen: condition.changes when it was last read. Processes that share an
 *	open file share this.
 */
struct condition_file {
	struct condition *condition;
	unsigned int seen;
};

static ssize_t condition_file_read(struct file *file, char __user *buf,
				   size_t count, loff_t *pos)
{
	struct condition_file *cf = file->private_data;
	unsigned int changes = READ_ONCE(cf->condition->changes);
	const char text[] = { condition_value_of(changes) ? '1' : '0', '\n' };
	bool from_start = *pos == 0;
	ssize_t ret;

	if (READ_ONCE(cf->condition->gone))
		return -ENODEV;
	ret = simple_read_from_buffer(buf, count, pos, text, sizeof(text));
	/* A read of the second byte only does not return the value. */
	if (from_start && ret > 0)
		WRITE_ONCE(cf->seen, changes);
	return ret;
}

static ssize_t condition_file_write(struct file *file, const char __user *buf,
				    size_t count, loff_t *pos)
{
	struct condition_file *cf = file->private_data;
	char text[2] = { 0, '\n' };
	int err;

	if (count < 1 || count > sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	if ((text[0] != '0' && text[0] != '1') || text[1] != '\n')
		return -EINVAL;

	err = condition_set(cf->condition, text[0] == '1');
	return err ? err : count;
}

static __poll_t condition_file_poll(struct file *file, poll_table *wait)
{
	struct condition_file *cf = file->private_data;
	struct condition *c = cf->condition;
	__poll_t mask = DEFAULT_POLLMASK;

	poll_wait(file, &c->pollers, wait);
	if (READ_ONCE(c->gone))
		mask |= EPOLLERR | EPOLLHUP | EPOLLPRI;
	else if (READ_ONCE(c->changes) != READ_ONCE(cf->seen))
		mask |= EPOLLPRI;
	return mask;
}

static int condition_file_release(struct inode *inode, struct file *file)
{
	struct condition_file *cf = file->private_data;

	condition_release(cf->condition);
	kfree(cf);
	return 0;
}

static const struct file_operations condition_fops = {
	.owner		= THIS_MODULE,
	.read		= condition_file_read,
	.write		= condition_file_write,
	.poll		= condition_file_poll,
	.release	= condition_file_release,
	.llseek		= default_llseek,
};

/* procfs keeps the entry, and so the condition, while this runs. */
static int condition_proc_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops = &condition_fops;
	struct condition *c = pde_data(inode);
	struct condition_file *cf;

	if (!fops_get(fops))
		return -ENXIO;
	cf = kmalloc(sizeof(*cf), GFP_KERNEL_ACCOUNT);
	if (!cf) {
		fops_put(fops);
		return -ENOMEM;
	}
	condition_hold(c);
	cf->condition = c;
	cf->seen = READ_ONCE(c->changes);
	file->private_data = cf;
	replace_fops(file, fops);
	return 0;
}

static const struct proc_ops condition_proc_ops = {
	.proc_open	= condition_proc_open,
	/* Never called, but without it procfs makes the file unseekable. */
	.proc_lseek	= default_llseek,
};

/**
 * condition_proc_add - make the file of a condition
 * @cn: its namespace's conditions
 * @c: a complete condition; it can be opened, read and written from here on
 *
 * Return: 0 or -ENOMEM
 */
int condition_proc_add(struct condition_net *cn, struct condition *c)
{
	c->proc = proc_create_data(c->name, condition_list_perms, cn->proc_dir,
				   &condition_proc_ops, c);
	if (!c->proc)
		return -ENOMEM;
	pom_proc_own(c->proc, c->net, condition_uid_perms,
		     condition_gid_perms);
	return 0;
}

/**
 * condition_proc_remove - remove the file of a condition
 * @c: the condition; harmless when repeated
 *
 * Waits for a concurrent open(). An open file keeps the condition.
 */
void condition_proc_remove(struct condition *c)
{
	proc_remove(c->proc);
	c->proc = NULL;
}

/**
 * condition_proc_net_init - make /proc/net/nf_condition and its classic names
 * @net: the namespace
 * @cn: its conditions
 *
 * Return: 0 or -ENOMEM
 */
int condition_proc_net_init(struct net *net, struct condition_net *cn)
{
	unsigned int i;

	cn->proc_dir = proc_mkdir(dir_name, net->proc_net);
	if (!cn->proc_dir)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(classic_names); i++) {
		if (proc_symlink(classic_names[i], net->proc_net, dir_name))
			continue;
		condition_proc_net_exit(net, cn);
		return -ENOMEM;
	}
	return 0;
}

/**
 * condition_proc_net_exit - remove what condition_proc_net_init() made
 * @net: the namespace
 * @cn: its conditions, all of them without files by now
 */
void condition_proc_net_exit(struct net *net, struct condition_net *cn)
{
	unsigned int i;

	/* Unlike remove_proc_entry(), silent about a name without entry. */
	for (i = 0; i < ARRAY_SIZE(classic_names); i++)
		remove_proc_subtree(classic_names[i], net->proc_net);
	proc_remove(cn->proc_dir);
}

/**
 * condition_proc_check_params - validate the module parameters
 *
 * Return: 0, or -EINVAL and a line in the kernel's log
 */
int __init condition_proc_check_params(void)
{
	/* procfs replaces a mode of 0 by 0444. */
	if (!condition_list_perms || condition_list_perms & ~0666) {
		pr_err("condition_list_perms=%#o: wanted some of the read and write permissions 0666\n",
		       condition_list_perms);
		return -EINVAL;
	}
	if (!uid_valid(KUIDT_INIT(condition_uid_perms))) {
		pr_err("condition_uid_perms=%u is not a user id\n",
		       condition_uid_perms);
		return -EINVAL;
	}
	if (!gid_valid(KGIDT_INIT(condition_gid_perms))) {
		pr_err("condition_gid_perms=%u is not a group id\n",
		       condition_gid_perms);
		return -EINVAL;
	}
	return 0;
}
