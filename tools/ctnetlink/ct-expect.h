/* SPDX-License-Identifier: GPL-2.0-only */
/* The command expect of ct(8). */
#ifndef POM_CT_EXPECT_H
#define POM_CT_EXPECT_H

/*
 * Prints the expectations of this network namespace, of one helper if its name
 * is given. Returns the exit status.
 */
int cmd_expect(int argc, char **argv);

#endif
