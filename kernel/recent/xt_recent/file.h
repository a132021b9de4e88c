/* SPDX-License-Identifier: GPL-2.0-only */
/* An open file of a list: proc.c reads it, write.c writes it. */
#ifndef POM_XT_RECENT_FILE_H
#define POM_XT_RECENT_FILE_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include "recent/parser.h"
#include "recent/xt_recent/recent.h"

/**
 * struct recent_file - one open file
 * @list: what it is a file of
 * @classic: whether it is read in the format of 2003
 * @told: how many entries have been read
 * @last: the last of them
 * @writing: one write at a time
 * @lines: what was written since the last newline
 */
struct recent_file {
	struct recent_list *list;
	bool classic;
	loff_t told;
	struct recent_key last;
	struct mutex writing; /* guards @lines */
	struct recent_lines lines;
};

ssize_t recent_file_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *pos);
void recent_file_end(struct recent_file *rf);

#endif /* POM_XT_RECENT_FILE_H */
