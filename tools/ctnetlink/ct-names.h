/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): names of numbers, for people to read and to type. */
#ifndef POM_CT_NAMES_H
#define POM_CT_NAMES_H

#include <stdint.h>

struct name {
	const char *name;
	uint32_t number;
};

/* The last has no name. The first of several for a number is printed. */
extern const struct name protocols[];	/* IPPROTO_* */
extern const struct name tcp_states[];
extern const struct name sctp_states[];
extern const struct name statuses[];	/* bits */

/* The name of a number, or @other. */
const char *name_of(const struct name *names, uint32_t number,
		    const char *other);

/* The entry that is called so, in any case of letters; or NULL. */
const struct name *name_find(const struct name *names, const char *text);

#endif
