// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's parameters, by the names that they have always had. Those that
 * make sense later can be written later, in /sys/module/xt_recent/parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include "recent/xt_recent/recent.h"

static int recent_param_set(const char *text, const struct kernel_param *kp)
{
	struct recent_param *p = kp->arg;
	unsigned int value;

	if (kstrtouint(text, 0, &value) || value < p->min || value > p->max) {
		pr_err("%s: wanted a number from %u to %u\n", kp->name, p->min,
		       p->max);
		return -EINVAL;
	}
	WRITE_ONCE(p->value, value);
	return 0;
}

static int recent_param_show(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%u\n", recent_param_get(kp->arg));
}

/* Permissions are wanted in octal, also without the leading zero. */
static int recent_param_set_perms(const char *text,
				  const struct kernel_param *kp)
{
	struct recent_param *p = kp->arg;
	unsigned int value;

	/* procfs takes no permissions at all for everybody's to read. */
	if (kstrtouint(text, 0, &value) || !value || value & ~0666) {
		pr_err("%s: wanted some of the read and write permissions 0666\n",
		       kp->name);
		return -EINVAL;
	}
	WRITE_ONCE(p->value, value);
	return 0;
}

static const struct kernel_param_ops recent_param_ops = {
	.set = recent_param_set,
	.get = recent_param_show,
};

static const struct kernel_param_ops recent_perms_ops = {
	.set = recent_param_set_perms,
	.get = recent_param_show,
};

struct recent_param recent_list_tot __read_mostly = {
	.value = 100, .min = 1, .max = XT_RECENT_MAX_SIZE,
};
module_param_cb(ip_list_tot, &recent_param_ops, &recent_list_tot, 0644);
__MODULE_PARM_TYPE(ip_list_tot, "uint");
MODULE_PARM_DESC(ip_list_tot,
		 "how many addresses a list holds, unless a rule says it with --list-size (default: 100)");

struct recent_param recent_pkt_list_tot __read_mostly = {
	.value = 0, .min = 0, .max = XT_RECENT_MAX_STAMPS,
};
module_param_cb(ip_pkt_list_tot, &recent_param_ops, &recent_pkt_list_tot, 0644);
__MODULE_PARM_TYPE(ip_pkt_list_tot, "uint");
MODULE_PARM_DESC(ip_pkt_list_tot,
		 "how many packets are remembered of each address, in lists made from now on; --hitcount and --list-stamps can make it more (default: 0, which is 5)");

struct recent_param recent_hash_size __read_mostly = {
	.value = 0, .min = 0, .max = 1 << 24,
};
module_param_cb(ip_list_hash_size, &recent_param_ops, &recent_hash_size, 0644);
__MODULE_PARM_TYPE(ip_list_hash_size, "uint");
MODULE_PARM_DESC(ip_list_hash_size,
		 "initial size of the hash tables of new lists, which grow automatically (default: 0, small)");

struct recent_param recent_perms __read_mostly = {
	.value = 0644, .min = 0, .max = 0666,
};
module_param_cb(ip_list_perms, &recent_perms_ops, &recent_perms, 0644);
__MODULE_PARM_TYPE(ip_list_perms, "uint");
MODULE_PARM_DESC(ip_list_perms,
		 "permissions of the files of lists made from now on (default: 0644)");

/* The last number of all is no user and no group. */
struct recent_param recent_uid __read_mostly = {
	.value = 0, .min = 0, .max = UINT_MAX - 1,
};
module_param_cb(ip_list_uid, &recent_param_ops, &recent_uid, 0644);
__MODULE_PARM_TYPE(ip_list_uid, "uint");
MODULE_PARM_DESC(ip_list_uid,
		 "owner of the files of lists made from now on, a user id of the namespace's own; root where it has none such (default: 0)");

struct recent_param recent_gid __read_mostly = {
	.value = 0, .min = 0, .max = UINT_MAX - 1,
};
module_param_cb(ip_list_gid, &recent_param_ops, &recent_gid, 0644);
__MODULE_PARM_TYPE(ip_list_gid, "uint");
MODULE_PARM_DESC(ip_list_gid,
		 "group of the files of lists made from now on, a group id of the namespace's own; root where it has none such (default: 0)");

struct account recent_account = ACCOUNT_INIT(recent_account);
module_param_named(net_memory_limit_mb, recent_account.net_limit_mb, uint,
		   0644);
MODULE_PARM_DESC(net_memory_limit_mb,
		 "most memory for lists, in MiB, in one network namespace (default: a quarter of the host's; 0, written later: no limit)");

module_param_named(memory_limit_mb, recent_account.owner_limit_mb, uint, 0644);
MODULE_PARM_DESC(memory_limit_mb,
		 "most memory for lists, in MiB, in all network namespaces that one user owns; those of the initial user namespace do not count (default: an eighth of the host's; 0, written later: no limit)");

/* Without a limit on the command line, a share of the host's memory. */
void __init recent_param_init(void)
{
	unsigned long host_mb = totalram_pages() >> (20 - PAGE_SHIFT);

	if (!recent_account.net_limit_mb)
		recent_account.net_limit_mb = max(host_mb / 4, 1UL);
	if (!recent_account.owner_limit_mb)
		recent_account.owner_limit_mb = max(host_mb / 8, 1UL);
}

bool recent_debug __read_mostly;
module_param_named(debug, recent_debug, bool, 0644);
MODULE_PARM_DESC(debug,
		 "log which addresses come and go, rate-limited (default: no)");
