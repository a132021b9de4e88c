// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/nf_string: the pattern sets of a network namespace.
 *
 * sets/NAME	the patterns, in the format of kernel/string/setfile.h. Writes
 *		take effect together, at a line --end. The write(2) of that
 *		line returns an error if they cannot. The output of a read can
 *		be written again. An open file of a removed set reads and
 *		writes with ENODEV.
 * control	"+NAME" creates a set; "-NAME" empties it, and removes it if no
 *		rule uses it
 * status	memory and connections, in numbers
 *
 * The removal of an entry of procfs waits for reads and writes of it, which a
 * process can draw out without end. Therefore the open() of a set replaces the
 * file operations by those of this module: an open file then holds its set, its
 * namespace and this module until it is closed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include "compat/compat.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "string/setfile.h"
#include "string/xt_string/set.h"
#include "string/xt_string/stream.h"

/**
 * struct string_file - an open file of a set
 * @s: the set; holds a reference to it, and one to its namespace
 * @p: the patterns that are read; NULL for none
 * @text: buffer for one of them as text
 * @lock: one write at a time
 * @draft: the patterns that were written
 * @line: the received part of a line
 * @pattern: buffer for one
 * @len: bytes at @line
 * @number: of that line
 * @err: the error of a write, and of all writes after it
 */
struct string_file {
	struct string_named *s;
	struct string_patterns *p;
	char *text;
	struct mutex lock; /* one write at a time */
	struct string_draft draft;
	char *line;
	u8 *pattern;
	u32 len;
	u32 number;
	int err;
};

/* ---- reading ---- */

static void *string_file_start(struct seq_file *m, loff_t *pos)
{
	struct string_file *f = m->private;
	u32 count = f->p ? f->p->set.count : 0;

	return *pos <= count ? pos : NULL;
}

static void *string_file_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return string_file_start(m, pos);
}

static void string_file_stop(struct seq_file *m, void *v)
{
}

static void string_file_pattern(struct seq_file *m, u32 i)
{
	struct string_file *f = m->private;
	const struct string_set_pattern *sp = &f->p->set.patterns[i];
	const struct string_entry *e = &f->p->entries[i];

	if (sp->flags & STRING_SET_ICASE)
		seq_puts(m, "--icase ");
	if (sp->flags & STRING_SET_PREFIX)
		seq_puts(m, "--prefix ");
	if (e->marks)
		seq_printf(m, "--mark %#x ", e->mark);
	stringset_format(f->p->set.bytes + sp->off, sp->len, f->text);
	seq_printf(m, "%s\n", f->text);
}

static int string_file_show(struct seq_file *m, void *v)
{
	struct string_file *f = m->private;
	u32 i = *(loff_t *)v, last;

	if (i) {
		seq_printf(m, "--hits %llu ",
			   (unsigned long long)string_counts_sum(f->p, i - 1));
		string_file_pattern(m, i - 1);
		return 0;
	}
	seq_printf(m, "# patterns %u\n# memory %zu\n",
		   f->p ? f->p->set.count : 0, f->p ? f->p->memory : 0);
	last = f->p ? string_counts_last(f->p) : STRING_SET_NONE;
	if (last != STRING_SET_NONE) {
		seq_puts(m, "# last ");
		string_file_pattern(m, last);
	}
	return 0;
}

static const struct seq_operations string_file_seq = {
	.start	= string_file_start,
	.next	= string_file_next,
	.stop	= string_file_stop,
	.show	= string_file_show,
};

/* ---- writing ---- */

static void string_file_no_space(const struct string_file *f)
{
	pom_info(f->s->net, "set \"%s\": the sets of a network namespace may take %u MiB, and those being loaded as much again (module parameter set_memory)\n",
		 f->s->name, string_memory_max() >> 20);
}

static int string_file_end(struct string_file *f)
{
	struct string_patterns *p = NULL;
	u32 count = f->draft.count;
	int err;

	if (count) {
		p = string_compile(&f->draft);
		if (IS_ERR(p))
			err = PTR_ERR(p);
		else
			err = string_named_replace(f->s, p);
	} else {
		err = string_named_replace(f->s, NULL);
	}
	if (err == -ENOSPC)
		string_file_no_space(f);
	f->number = 0;
	return err;
}

static int string_file_line(struct string_file *f)
{
	struct stringset_line line;
	const char *wrong;
	int err;

	f->number++;
	wrong = stringset_parse(f->line, f->len, &line, f->pattern);
	f->len = 0;
	if (wrong) {
		pom_info(f->s->net, "set \"%s\", line %u: %s\n", f->s->name,
			 f->number, wrong);
		return -EINVAL;
	}
	if (line.options & STRINGSET_END)
		return string_file_end(f);
	if (!line.len)
		return 0;
	err = string_draft_add(&f->draft, &line, f->pattern);
	if (err == -ENOSPC)
		string_file_no_space(f);
	if (err == -E2BIG)
		pom_info(f->s->net, "set \"%s\", line %u: a set has at most %u patterns, of %u bytes together\n",
			 f->s->name, f->number, STRING_SET_MAX,
			 STRING_SET_BYTES_MAX);
	return err;
}

static int string_file_take(struct string_file *f, const char *text, size_t len)
{
	int err = 0;

	for (; len && !err; text++, len--) {
		if (*text == '\n') {
			err = string_file_line(f);
		} else if (f->len == STRINGSET_LINE_MAX) {
			pom_info(f->s->net,
				 "set \"%s\", line %u: more than %u bytes\n",
				 f->s->name, f->number + 1,
				 STRINGSET_LINE_MAX);
			err = -EINVAL;
		} else {
			f->line[f->len++] = *text;
		}
	}
	return err;
}

static ssize_t string_file_write(struct file *file, const char __user *buf,
				 size_t count, loff_t *pos)
{
	struct string_file *f =
		((struct seq_file *)file->private_data)->private;
	size_t done, part;
	char *chunk;

	if (READ_ONCE(f->s->gone))
		return -ENODEV;
	chunk = kmalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);
	if (!chunk)
		return -ENOMEM;
	mutex_lock(&f->lock);
	for (done = 0; !f->err && done < count; done += part) {
		part = min_t(size_t, count - done, PAGE_SIZE);
		if (copy_from_user(chunk, buf + done, part))
			f->err = -EFAULT;
		else
			f->err = string_file_take(f, chunk, part);
		if (fatal_signal_pending(current))
			f->err = -EINTR;
		cond_resched();
	}
	if (f->err)
		string_draft_free(&f->draft);
	mutex_unlock(&f->lock);
	kfree(chunk);
	return f->err ?: count;
}

/* ---- opening ---- */

static void string_file_free(struct string_file *f)
{
	if (f->p)
		string_patterns_release(f->p);
	string_draft_free(&f->draft);
	kvfree(f->text);
	kvfree(f->line);
	kvfree(f->pattern);
}

static int string_file_prepare(struct string_named *s, struct inode *inode,
			       struct file *file)
{
	struct string_file *f;

	f = __seq_open_private(file, &string_file_seq, sizeof(*f));
	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	f->s = s;
	f->draft.sn = string_pernet(f->s->net);
	if (file->f_mode & FMODE_READ) {
		f->text = kvmalloc(4 * STRINGSET_LEN_MAX + 1,
				   GFP_KERNEL_ACCOUNT);
		f->p = string_named_hold(f->s);
	}
	if (file->f_mode & FMODE_WRITE) {
		f->line = kvmalloc(STRINGSET_LINE_MAX, GFP_KERNEL_ACCOUNT);
		f->pattern = kvmalloc(STRINGSET_LEN_MAX, GFP_KERNEL_ACCOUNT);
	}
	if ((file->f_mode & FMODE_READ && !f->text) ||
	    (file->f_mode & FMODE_WRITE && (!f->line || !f->pattern))) {
		string_file_free(f);
		seq_release_private(inode, file);
		return -ENOMEM;
	}
	return 0;
}

static ssize_t string_file_read(struct file *file, char __user *buf,
				size_t count, loff_t *pos)
{
	struct string_file *f =
		((struct seq_file *)file->private_data)->private;

	if (READ_ONCE(f->s->gone))
		return -ENODEV;
	return seq_read(file, buf, count, pos);
}

static int string_file_release(struct inode *inode, struct file *file)
{
	struct string_file *f =
		((struct seq_file *)file->private_data)->private;
	struct string_named *s = f->s;
	struct net *net = s->net;
	int err;

	if (!f->err && !READ_ONCE(s->gone) && (f->draft.count || f->len))
		pom_info(net, "set \"%s\": nothing was changed, because there was no line --end\n",
			 f->s->name);
	string_file_free(f);
	err = seq_release_private(inode, file);
	string_named_release(s);
	put_net(net);
	return err;
}

static const struct file_operations string_file_fops = {
	.owner		= THIS_MODULE,
	.read		= string_file_read,
	.write		= string_file_write,
	.llseek		= pom_proc_seq_lseek,
	.release	= string_file_release,
};

/* procfs keeps the entry, and so the set, while this runs. */
static int string_file_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops = &string_file_fops;
	struct string_named *s = pde_data(inode);
	int err = -ENXIO;

	if (!fops_get(fops))
		return err;
	if (!maybe_get_net(s->net))
		goto err_fops;
	err = string_file_prepare(s, inode, file);
	if (err)
		goto err_net;
	kref_get(&s->ref);
	replace_fops(file, fops);
	return 0;

err_net:
	put_net(s->net);
err_fops:
	fops_put(fops);
	return err;
}

/* Without a proc_lseek, which is never called, procfs makes it unseekable. */
static const struct proc_ops string_file_ops = {
	.proc_open	= string_file_open,
	.proc_lseek	= seq_lseek,
};

/* ---- control and status ---- */

static int string_control(struct net *net, char *text)
{
	char *name = strim(text + 1);
	int err;

	if (*text != '+' && *text != '-') {
		pom_info(net,
			 "/proc/net/nf_string/control takes +NAME and -NAME\n");
		return -EINVAL;
	}
	err = string_name_check(net, name, XT_STRING_SET_NAME_LEN);
	if (err)
		return err;
	return *text == '+' ? string_named_keep(net, name) :
			      string_named_drop(net, name);
}

static ssize_t string_control_write(struct file *file, const char __user *buf,
				    size_t count, loff_t *pos)
{
	struct net *net = pde_data(file_inode(file));
	char text[XT_STRING_SET_NAME_LEN + 4] = "";
	int err;

	if (!pom_proc_may_write(file, net))
		return -EPERM;
	if (count < 2 || count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	if (strlen(text) != count)
		return -EINVAL;
	err = string_control(net, text);
	return err ?: count;
}

static int string_control_open(struct inode *inode, struct file *file)
{
	return pom_proc_open_net(file, pde_data(inode));
}

static int string_control_release(struct inode *inode, struct file *file)
{
	put_net(pde_data(inode));
	return 0;
}

static const struct proc_ops string_control_ops = {
	.proc_open	= string_control_open,
	.proc_write	= string_control_write,
	.proc_lseek	= noop_llseek,
	.proc_release	= string_control_release,
};

static int string_status_show(struct seq_file *m, void *v)
{
	struct string_net *sn = string_pernet(m->private);
	size_t memory, loading;

	mutex_lock(&sn->load_lock);
	memory = sn->memory;
	loading = sn->loading;
	mutex_unlock(&sn->load_lock);
	seq_printf(m, "memory %zu\nmemory_max %u\nloading %zu\n", memory,
		   string_memory_max(), loading);
	seq_printf(m, "streams %u\nstreams_watched %u\nstreams_max %u\nstreams_refused %u\nstreams_evicted %u\nstreams_urgent %u\nstreams_ambiguous %u\nstreams_uncompared %u\n",
		   atomic_read(&sn->searched.count),
		   atomic_read(&sn->watched.count), string_streams_max(),
		   atomic_read(&sn->streams_refused),
		   atomic_read(&sn->streams_evicted),
		   atomic_read(&sn->streams_urgent),
		   atomic_read(&sn->streams_ambiguous),
		   atomic_read(&sn->streams_uncompared));
	return 0;
}

static int string_status_open(struct inode *inode, struct file *file)
{
	return pom_proc_single_open_net(file, string_status_show,
					pde_data(inode));
}

static const struct proc_ops string_status_ops = {
	.proc_open	= string_status_open,
	.proc_read	= seq_read,
	.proc_lseek	= pom_proc_seq_lseek,
	.proc_release	= pom_proc_single_release_net,
};

/**
 * string_proc_add - make the file of a set
 * @sn: its namespace's
 * @s: a complete set
 *
 * Return: 0 or -ENOMEM
 */
int string_proc_add(struct string_net *sn, struct string_named *s)
{
	s->proc = proc_create_data(s->name, 0600, sn->sets_dir,
				   &string_file_ops, s);
	if (!s->proc)
		return -ENOMEM;
	pom_proc_own(s->proc, s->net, 0, 0);
	return 0;
}

/**
 * string_proc_net_init - create the directory and files of a namespace
 * @net: the namespace
 * @sn: its state
 *
 * Return: 0 or -ENOMEM
 */
int string_proc_net_init(struct net *net, struct string_net *sn)
{
	struct proc_dir_entry *control, *status;

	sn->dir = proc_mkdir("nf_string", net->proc_net);
	if (!sn->dir)
		return -ENOMEM;
	sn->sets_dir = proc_mkdir("sets", sn->dir);
	control = proc_create_data("control", 0222, sn->dir,
				   &string_control_ops, net);
	status = proc_create_data("status", 0444, sn->dir, &string_status_ops,
				  net);
	if (!sn->sets_dir || !control || !status) {
		proc_remove(sn->dir);
		return -ENOMEM;
	}
	return 0;
}
