/* SPDX-License-Identifier: GPL-2.0-only */
/* xtrecent(8): its command top. */
#ifndef POM_XTRECENT_TOP_H
#define POM_XTRECENT_TOP_H

int cmd_top(int argc, char **argv);

#endif
