/* SPDX-License-Identifier: GPL-2.0-only */
/* The command top of all programs: rounds, the screen, keys, signals. */
#ifndef POM_TOOLS_TOP_H
#define POM_TOOLS_TOP_H

/* What a program shows. @data is the program's own. */
struct top_table {
	int (*read)(void *data);	/* 0, or the exit status */
	/*
	 * Prints a line that says what it is, a heading, and at most @rows;
	 * longer lines than @columns do not fit (0: any do).
	 */
	void (*print)(const void *data, unsigned int rows,
		      unsigned int columns);
};

/*
 * Reads and prints in rounds: on a terminal until q or a signal, elsewhere
 * once, or --count times. Returns the exit status.
 */
int top_run(const struct top_table *table, void *data);

#endif
