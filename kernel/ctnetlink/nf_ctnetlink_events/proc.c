// SPDX-License-Identifier: GPL-2.0-only
/* The file /proc/net/nf_ctnetlink_events; see its header for what it does. */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "ctnetlink/nf_ctnetlink_events/internal.h"
#include "lib/proc.h"

#define FILE_NAME	"nf_ctnetlink_events"

/*
 * An open file holds the module: a write may load another module, for which the
 * end of this one would wait in turn.
 */
static int events_open(struct inode *inode, struct file *file)
{
	struct net *net = pde_data(inode);
	struct ctn_listener *l;
	int err = -ENXIO;

	if (!file_ns_capable(file, net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (!ctn_events_are_ready() || !try_module_get(THIS_MODULE))
		return -ENXIO;
	if (!maybe_get_net(net))
		goto err_module;
	l = ctn_listener_create(net);
	if (!l) {
		err = -ENOMEM;
		goto err_net;
	}
	file->private_data = l;
	/* A read that waits must not hold the position, which is not used. */
	file->f_mode &= ~(FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	return 0;

err_net:
	put_net(net);
err_module:
	module_put(THIS_MODULE);
	return err;
}

static int events_release(struct inode *inode, struct file *file)
{
	struct ctn_listener *l = file->private_data;

	ctn_tap_del(l);
	ctn_listener_free(l);
	module_put(THIS_MODULE);
	return 0;
}

static int events_subscribe(struct ctn_listener *l, const void *data,
			    size_t len)
{
	const struct nf_ctnetlink_watch *watch = data;
	int err;

	if (l->ready)
		return -EBUSY;
	err = ctn_listener_setup(l, watch, watch + 1, len - sizeof(*watch));
	if (err)
		return err;
	err = ctn_tap_add(l);
	if (err) {
		ctn_listener_reset(l);
		return err;
	}
	/* pairs with events_is_ready(): what the watch has set */
	smp_store_release(&l->ready, true);
	return 0;
}

static ssize_t events_write(struct file *file, const char __user *from,
			    size_t len, loff_t *pos)
{
	struct ctn_listener *l = file->private_data;
	void *data;
	int err;

	if (len < sizeof(struct nf_ctnetlink_watch) ||
	    len > sizeof(struct nf_ctnetlink_watch) +
		  NF_CTNETLINK_TERMS_MAX * sizeof(struct nf_ctnetlink_term))
		return -EINVAL;
	data = memdup_user(from, len);
	if (IS_ERR(data))
		return PTR_ERR(data);
	err = mutex_lock_interruptible(&l->lock);
	if (!err) {
		err = events_subscribe(l, data, len);
		mutex_unlock(&l->lock);
	}
	kfree(data);
	return err ?: len;
}

static bool events_is_ready(const struct ctn_listener *l)
{
	/* pairs with events_subscribe() */
	return smp_load_acquire(&l->ready);
}

/* Whether no events come any more. */
static bool events_is_over(const struct ctn_listener *l)
{
	return READ_ONCE(l->ended) || !ctn_tap_is_open(l->net);
}

/* Whether a read need not wait. */
static bool events_may_read(const struct ctn_listener *l)
{
	return ctn_listener_has_events(l) || events_is_over(l);
}

static ssize_t events_read_once(struct ctn_listener *l, char __user *to,
				size_t len)
{
	ssize_t ret = mutex_lock_interruptible(&l->lock);

	if (ret)
		return ret;
	ret = ctn_listener_read(l, to, len);
	mutex_unlock(&l->lock);
	return ret;
}

static ssize_t events_read(struct file *file, char __user *to, size_t len,
			   loff_t *pos)
{
	struct ctn_listener *l = file->private_data;
	ssize_t ret;

	if (!events_is_ready(l))
		return -ENOTCONN;
	while (!(ret = events_read_once(l, to, len))) {
		if (events_is_over(l))
			return -EPIPE;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(l->wait, events_may_read(l));
		if (ret)
			break;
	}
	return ret;
}

static __poll_t events_poll(struct file *file, poll_table *wait)
{
	struct ctn_listener *l = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &l->wait, wait);
	if (!events_is_ready(l))
		return 0;
	if (ctn_listener_has_events(l))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (events_is_over(l))
		mask |= EPOLLERR;
	return mask;
}

static const struct proc_ops events_proc_ops = {
	.proc_open	= events_open,
	.proc_read	= events_read,
	.proc_write	= events_write,
	.proc_poll	= events_poll,
	.proc_release	= events_release,
	/* Programs that append seek to the end first. */
	.proc_lseek	= noop_llseek,
};

/* Its owner may have no mapping yet, so opening checks the rights. */
int __net_init ctn_proc_create(struct net *net)
{
	return proc_create_data(FILE_NAME, 0666, net->proc_net,
				&events_proc_ops, net) ? 0 : -ENOMEM;
}

void __net_exit ctn_proc_remove(struct net *net)
{
	remove_proc_entry(FILE_NAME, net->proc_net);
}
