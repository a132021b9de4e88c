// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests/vm/harm.t: comes to harm while it is loaded, and what the
 * kernel's log must then say.
 *
 * warn: WARNING: .*harmful_init
 * oops: BUG: kernel NULL pointer dereference
 */
#include <linux/module.h>
#include <linux/string.h>

static char *how = "no";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "what to do: warn, oops, complain or nothing");

static int __init harmful_init(void)
{
	int *nothing = NULL;

	OPTIMIZER_HIDE_VAR(nothing);
	if (!strcmp(how, "warn"))
		WARN_ON(1);
	if (!strcmp(how, "oops"))
		*nothing = 1;
	if (!strcmp(how, "complain"))
		pr_err("BUG: held lock freed!\n");
	return 0;
}
module_init(harmful_init);

static void __exit harmful_exit(void)
{
}
module_exit(harmful_exit);

MODULE_DESCRIPTION("Harms the kernel for a test of the machine in the box");
MODULE_AUTHOR("Patch-o-matic developers");
MODULE_LICENSE("GPL");
