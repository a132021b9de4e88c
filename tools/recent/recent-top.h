/* SPDX-License-Identifier: GPL-2.0-only */
/* recent(8): its command top. */
#ifndef POM_RECENT_TOP_H
#define POM_RECENT_TOP_H

int cmd_top(int argc, char **argv);

#endif
