// SPDX-License-Identifier: GPL-2.0-only
/*
 * 6.13: input routes are looked up by a dscp_t, which sparse alone tells from
 * u8. ip4h_dscp() is older in stable kernels. 6.14: a reason is returned.
 */
/* no: is negative|negative size */
#include <linux/compiler.h>
#include <net/ip.h>
#include <net/route.h>

size_t probe(void);

size_t probe(void)
{
	return sizeof(char[1 - 2 * __same_type(ip_route_input_noref(NULL, 0, 0,
								    0, NULL),
					       int)]);
}
