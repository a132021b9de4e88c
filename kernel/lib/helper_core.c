// SPDX-License-Identifier: GPL-2.0-only
/* Init and exit of a module that registers helpers. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "lib/helper.h"
#include "lib/helper_core.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static void unregister(struct pom_helper *end)
{
	struct pom_helper *h;

	for (h = pom_core_of; h != end; h = h->next) {
		pom_helper_unregister(h);
		nf_autohelper_forget(h);
	}
}

static int __init pom_core_init(void)
{
	struct pom_helper *h;
	int ret;

	for (h = pom_core_of; h; h = h->next) {
		ret = pom_helper_register(h);
		if (ret < 0) {
			unregister(h);
			return ret;
		}
	}
	return 0;
}

static void __exit pom_core_exit(void)
{
	unregister(NULL);
}

module_init(pom_core_init);
module_exit(pom_core_exit);
