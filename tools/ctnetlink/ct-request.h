/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): requests to the kernel, and their answers. */
#ifndef POM_CT_REQUEST_H
#define POM_CT_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/genl.h"
#include "ct-answer.h"
#include "ct-filter.h"

/* Connects, once. Returns whether the kernel has the module. */
bool request_possible(void);

/*
 * A request for the connections that the filter selects. Says once where the
 * kernel does not have the module.
 */
struct nlmsghdr *request(uint8_t cmd, const struct filter *filter);

/*
 * Sends it and reads the answer; without the module, answers it. Says which
 * connections could not be compared. Returns the exit status.
 */
int converse(struct nlmsghdr *nlh, struct answer *answer, const char *what);

#endif
