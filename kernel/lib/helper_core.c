// SPDX-License-Identifier: GPL-2.0-only
/* Init and exit of a module that registers a helper. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "lib/helper.h"
#include "lib/helper_core.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static int __init pom_core_init(void)
{
	return pom_helper_register(pom_core_of);
}

static void __exit pom_core_exit(void)
{
	pom_helper_unregister(pom_core_of);
	nf_autohelper_forget(pom_core_of);
}

module_init(pom_core_init);
module_exit(pom_core_exit);
