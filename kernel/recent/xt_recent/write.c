// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written to the files of a list: a command a line, as many as one
 * likes, cut into writes in any way. The text after the last newline is a
 * line when the file is closed.
 *
 * A line that is no command is logged by the kernel, with its number, and
 * is the error of that write; the lines after it in the same write are ignored,
 * those before it are applied.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "recent/xt_recent/file.h"
#include "recent/xt_recent/seen.h"

static int recent_command_remove(struct recent_list *list, u8 family,
				 const struct recent_command *cmd)
{
	union nf_inet_addr addr;
	struct recent_entry *e;
	struct recent_key key;

	if (cmd->prefix != (family == NFPROTO_IPV4 ? 32 : 128)) {
		recent_remove_prefix(list, cmd);
		return 0;
	}
	memcpy(&addr, cmd->addr, sizeof(addr));
	key = recent_list_key(list, family, &addr);
	rcu_read_lock();
	e = recent_table_find(list, &key);
	if (e)
		recent_remove(list, e);
	rcu_read_unlock();
	return 0;
}

static int recent_command_add(struct recent_list *list, u8 family,
			      const struct recent_command *cmd)
{
	union nf_inet_addr addr;
	struct recent_key key;
	int err;

	memcpy(&addr, cmd->addr, sizeof(addr));
	key = recent_list_key(list, family, &addr);
	rcu_read_lock();
	err = recent_see(list, &key, 0);
	rcu_read_unlock();
	return err;
}

static int recent_command(struct recent_list *list,
			  const struct recent_command *cmd)
{
	u8 family = cmd->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;

	switch (cmd->verb) {
	case RECENT_ADD:
		return recent_command_add(list, family, cmd);
	case RECENT_DEL:
		return recent_command_remove(list, family, cmd);
	case RECENT_FLUSH:
		recent_flush(list);
	}
	return 0;
}

static int recent_file_line(struct recent_file *rf)
{
	struct recent_command cmd;
	const char *wrong;
	int err;

	wrong = recent_line_parse(&rf->lines, &cmd);
	if (wrong) {
		err = -EINVAL;
	} else {
		err = recent_command(rf->list, &cmd);
		if (err == -ENOSPC)
			wrong = "the list is full; see --list-size and --list-full";
		else if (err)
			wrong = "no memory, or no more than (net_)memory_limit_mb allows";
	}
	if (wrong)
		pr_info_ratelimited("list \"%s\", line %u: %s\n",
				    rf->list->name, rf->lines.number, wrong);
	return err;
}

/* A line whose first byte is wrong will not become right. */
static bool recent_file_hopeless(const struct recent_lines *lines)
{
	return !lines->ended && lines->len &&
	       !strchr("0123456789abcdefABCDEF:+-/ \t\r", lines->text[0]);
}

static int recent_file_feed(struct recent_file *rf, const char *data,
			    size_t len)
{
	size_t taken;
	int err;

	for (; len; data += taken, len -= taken) {
		taken = recent_lines_feed(&rf->lines, data, len);
		if (!rf->lines.ended && !recent_file_hopeless(&rf->lines))
			continue;
		err = recent_file_line(rf);
		rf->lines.ended = true;
		if (err)
			return err;
	}
	return 0;
}

/**
 * recent_file_write - take commands
 * @file: a file of a list
 * @buf: text
 * @count: of it
 * @pos: advances, but has no effect
 *
 * Return: @count; -EINVAL for a line that is no command; -ENOSPC for an
 * address that a full list refuses; -ENOMEM, -EFAULT, -EINTR
 */
ssize_t recent_file_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *pos)
{
	struct recent_file *rf = ((struct seq_file *)file->private_data)->private;
	size_t done, len;
	char text[256];
	int err = 0;

	mutex_lock(&rf->writing);
	for (done = 0; done < count && !err; done += len) {
		len = min(count - done, sizeof(text));
		if (copy_from_user(text, buf + done, len))
			err = -EFAULT;
		else
			err = recent_file_feed(rf, text, len);
		if (!err && signal_pending(current) && done + len < count) {
			count = done + len;
			break;
		}
		cond_resched();
	}
	mutex_unlock(&rf->writing);
	if (err)
		return err;
	*pos += count;
	return count;
}

/**
 * recent_file_end - the file is closed, and so is its last line
 * @rf: the file
 */
void recent_file_end(struct recent_file *rf)
{
	if (rf->lines.number && !rf->lines.ended)
		recent_file_line(rf);
}
