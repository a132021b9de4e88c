/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files in /proc/net.
 *
 * A control file that is made together with its network namespace cannot
 * belong to the root of the namespace: `unshare --user --net` creates both
 * namespaces in one step, before the user namespace has a mapping of root. Such
 * a file has mode 0666 (0222 without reading), and these functions check the
 * rights of writers. A file that is made later has an owner, and needs neither.
 */
#ifndef POM_LIB_PROC_H
#define POM_LIB_PROC_H

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uidgid.h>
#include <net/net_namespace.h>

/**
 * pom_proc_may_write() - may a control file be written through this open file?
 * @file: the open file
 * @net: the network namespace that the file controls
 *
 * For each write. Checks the credentials of the process that opened the file:
 * a setuid program that writes to its inherited standard output does not lend
 * its rights to the user.
 */
static inline bool pom_proc_may_write(const struct file *file,
				      const struct net *net)
{
	return file_ns_capable(file, net->user_ns, CAP_NET_ADMIN);
}

/**
 * pom_proc_open_check() - check the rights that a control file's mode does not
 * @file: the file that is being opened
 * @net: the network namespace that the file controls
 *
 * Return: 0, or -EACCES where @file is opened for writing without
 * CAP_NET_ADMIN in the user namespace that owns @net.
 */
static inline int pom_proc_open_check(const struct file *file,
				      const struct net *net)
{
	if (file->f_mode & FMODE_WRITE && !pom_proc_may_write(file, net))
		return -EACCES;
	return 0;
}

/**
 * pom_proc_open_net() - pom_proc_open_check(), and hold the namespace
 * @file: the file that is being opened
 * @net: the network namespace that the file controls
 *
 * proc_create_data() takes no reference. Without one, the end of the namespace
 * waits for reads and writes in progress, with pernet_ops_rwsem held. A write
 * that loads a module needs that lock, too.
 *
 * Return: 0, and the file's release calls put_net(). -EACCES, or -ENXIO where
 * the namespace is going away.
 */
static inline int pom_proc_open_net(const struct file *file, struct net *net)
{
	int err = pom_proc_open_check(file, net);

	if (!err && !maybe_get_net(net))
		err = -ENXIO;
	return err;
}

/**
 * pom_proc_single_open_net() - single_open() on a file of a namespace
 * @file: the file that is being opened
 * @show: prints the whole of it; its seq_file's private is @net
 * @net: the network namespace
 *
 * Return: as pom_proc_open_net(), or -ENOMEM
 */
static inline int
pom_proc_single_open_net(struct file *file,
			 int (*show)(struct seq_file *m, void *v),
			 struct net *net)
{
	int err = pom_proc_open_net(file, net);

	if (err)
		return err;
	err = single_open(file, show, net);
	if (err)
		put_net(net);
	return err;
}

/**
 * pom_proc_single_release_net() - undo pom_proc_single_open_net()
 * @inode: of the file
 * @file: the open file
 *
 * Return: 0
 */
static inline int pom_proc_single_release_net(struct inode *inode,
					      struct file *file)
{
	struct seq_file *m = file->private_data;
	struct net *net = m->private;
	int err = single_release(inode, file);

	put_net(net);
	return err;
}

/**
 * pom_proc_seq_lseek() - seq_lseek() that knows the end
 * @file: a seq_file
 * @offset: bytes
 * @whence: SEEK_SET, SEEK_CUR or SEEK_END
 *
 * fopen(path, "a"), and so `tee -a`, seeks to the end first. The end is 0, the
 * size that stat(2) returns; these files accept writes at any position.
 *
 * Return: the new position, or -EINVAL
 */
static inline loff_t pom_proc_seq_lseek(struct file *file, loff_t offset,
					int whence)
{
	return seq_lseek(file, offset, whence == SEEK_END ? SEEK_SET : whence);
}

/**
 * pom_proc_own() - give a file to a user of its network namespace
 * @entry: the file, new
 * @net: the network namespace, whose user namespace defines @uid and @gid
 * @uid: the owner
 * @gid: the group
 *
 * An id that the user namespace does not map is replaced by its root, and by
 * the host's root where it has no root either.
 */
static inline void pom_proc_own(struct proc_dir_entry *entry,
				const struct net *net, uid_t uid, gid_t gid)
{
	kuid_t owner = make_kuid(net->user_ns, uid);
	kgid_t group = make_kgid(net->user_ns, gid);

	if (!uid_valid(owner))
		owner = make_kuid(net->user_ns, 0);
	if (!gid_valid(group))
		group = make_kgid(net->user_ns, 0);
	proc_set_user(entry, uid_valid(owner) ? owner : GLOBAL_ROOT_UID,
		      gid_valid(group) ? group : GLOBAL_ROOT_GID);
}

#endif /* POM_LIB_PROC_H */
