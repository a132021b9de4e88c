/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _XT_BROKEN_H
#define _XT_BROKEN_H

#include <linux/types.h>

/**
 * struct xt_broken_mtinfo - -m broken
 * @byte: matches payloads with this byte
 * @reserved: 0
 * @rule: internal to the kernel
 */
struct xt_broken_mtinfo {
	__u8 byte;
	__u8 reserved[7];

	struct broken_rule *rule __attribute__((aligned(8)));
};

#endif
