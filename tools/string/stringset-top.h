/* SPDX-License-Identifier: GPL-2.0-only */
/* stringset(8): its command top. */
#ifndef POM_STRINGSET_TOP_H
#define POM_STRINGSET_TOP_H

int cmd_top(int argc, char **argv);

#endif
