/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): segments that connection tracking has refused. */
#ifndef POM_CT_INVALID_H
#define POM_CT_INVALID_H

#include <stdio.h>

/*
 * Prints the counters by reason from @counters, a file as
 * /proc/net/stat/nf_ct_tcpwindow, and the segments from @list, a file as
 * /proc/net/nf_ct_tcpwindow. Returns 0, or -1 where a file is none of these.
 */
int invalid_print(FILE *counters, FILE *list);

/* The command. Returns the exit status. */
int cmd_invalid(int argc, char **argv);

#endif
