// SPDX-License-Identifier: GPL-2.0-only
/* 6.7: a dump has a struct genl_info like other requests. */
/* no: implicit declaration of function .*genl_info_dump */
#include <net/genetlink.h>

struct nlattr **probe(struct netlink_callback *cb);

struct nlattr **probe(struct netlink_callback *cb)
{
	return genl_info_dump(cb)->attrs;
}
