// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests/vm/crash-detection.t: causes a fault while it is loaded. The
 * kernel log must then contain:
 *
 * warn: WARNING: .*faulty_init
 * oops: BUG: kernel NULL pointer dereference
 */
#include <linux/module.h>
#include <linux/string.h>

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Causes a kernel fault to test tests/vm/run");
MODULE_LICENSE("GPL");

static char *how = "no";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "the fault: warn, oops, log or no");

static int __init faulty_init(void)
{
	int *nothing = NULL;

	OPTIMIZER_HIDE_VAR(nothing);
	if (!strcmp(how, "warn"))
		WARN_ON(1);
	if (!strcmp(how, "oops"))
		*nothing = 1;
	if (!strcmp(how, "log"))
		pr_err("BUG: held lock freed!\n");
	return 0;
}
module_init(faulty_init);

static void __exit faulty_exit(void)
{
}
module_exit(faulty_exit);
