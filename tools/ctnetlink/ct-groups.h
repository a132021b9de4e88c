/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): connections by what they have in common. */
#ifndef POM_CT_GROUPS_H
#define POM_CT_GROUPS_H

#include <stdbool.h>

#include "ct-filter.h"

/* Reads "by KEY" at the beginning of the words, and moves behind it. */
bool read_by(int *argc, char ***argv, uint8_t *by);

/* Prints how many connections each group has, most first. */
int count_groups(uint8_t by, const struct filter *filter);

/* The same, live. */
int top_groups(uint8_t by, const struct filter *filter);

/*
 * Prints the numbers by protocol and by state as text for Prometheus; nothing
 * where nf_ctnetlink is not loaded. Returns the exit status.
 */
int groups_export(void);

#endif
