/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of module parameters. */
#ifndef POM_LIB_PARAM_H
#define POM_LIB_PARAM_H

#include <linux/printk.h>
#include <linux/types.h>

/**
 * pom_param_is_valid() - check a parameter that is a number
 * @name: of the parameter
 * @value: its value
 * @max: the largest that is allowed; 1 is the smallest
 *
 * Return: false, with the reason in the log, for a value out of range.
 */
static inline bool pom_param_is_valid(const char *name, unsigned int value,
				      unsigned int max)
{
	if (value >= 1 && value <= max)
		return true;
	pr_err("%s=%u: must be 1 to %u\n", name, value, max);
	return false;
}

#endif /* POM_LIB_PARAM_H */
