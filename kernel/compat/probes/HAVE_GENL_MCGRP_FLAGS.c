// SPDX-License-Identifier: GPL-2.0-only
/* 6.7, and stable trees since December 2023: who may join a multicast group. */
/* no: struct genl_multicast_group.* has no member named .*flags */
#include <net/genetlink.h>

const struct genl_multicast_group *probe(void);

const struct genl_multicast_group *probe(void)
{
	static const struct genl_multicast_group group = {
		.name	= "probe",
		.flags	= GENL_UNS_ADMIN_PERM,
	};

	return &group;
}
