// SPDX-License-Identifier: GPL-2.0-only
/* 5.12, and stable trees of 5.10: who may join a multicast group. */
/* no: no member named .*flags */
#include <net/genetlink.h>

const struct genl_multicast_group *probe(void);

const struct genl_multicast_group *probe(void)
{
	static const struct genl_multicast_group group = {
		.name	= "probe",
		.flags	= 1,
	};

	return &group;
}
