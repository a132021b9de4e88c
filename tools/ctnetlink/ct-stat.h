/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): numbers about the table, for people and for Prometheus. */
#ifndef POM_CT_STAT_H
#define POM_CT_STAT_H

/* The commands. Each returns the exit status. */
int cmd_stat(int argc, char **argv);
int cmd_export(int argc, char **argv);

#endif
