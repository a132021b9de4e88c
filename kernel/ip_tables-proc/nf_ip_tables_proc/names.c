// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ip_tables_proc - the names of extensions
 *
 * The lists of x_tables cannot be walked: the mutex of a list is not exported.
 * x_tables answers whether it knows a name. So these are names to ask for:
 * those of the kernel, and those that follow from the names of loaded modules.
 */
#include <linux/ctype.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "ip_tables-proc/nf_ip_tables_proc/internal.h"

/*
 * Extensions whose name does not follow from that of their module, and all
 * that a kernel may have built in. Targets are in upper case in the kernel's
 * own naming, except those of arptables and ebtables.
 */
static const char *const kernel_names[] = {
	"802_3", "AUDIT", "CHECKSUM", "CLASSIFY", "CLUSTERIP", "CONNMARK",
	"CONNSECMARK", "CT", "DNAT", "DNPT", "DSCP", "ECN", "ERROR", "HL",
	"HMARK", "IDLETIMER", "LED", "LOG", "MARK", "MASQUERADE", "NETMAP",
	"NFLOG", "NFQUEUE", "NOTRACK", "RATEEST", "REDIRECT", "REJECT",
	"SECMARK", "SET", "SNAT", "SNPT", "SYNPROXY", "TCPMSS", "TCPOPTSTRIP",
	"TEE", "TOS", "TPROXY", "TRACE", "TTL", "addrtype", "ah", "among",
	"arp", "arpreply", "bpf", "cgroup", "cluster", "comment", "connbytes",
	"connlabel", "connlimit", "connmark", "conntrack", "cpu", "dccp",
	"devgroup", "dnat", "dscp", "dst", "ecn", "esp", "eui64", "frag",
	"hashlimit", "hbh", "helper", "hl", "icmp", "icmp6", "ip", "ip6",
	"ipcomp", "iprange", "ipv6header", "ipvs", "l2tp", "length", "limit",
	"log", "mac", "mangle", "mark", "mark_m", "mh", "multiport", "nfacct",
	"nflog", "osf", "owner", "physdev", "pkttype", "policy", "quota",
	"rateest", "realm", "recent", "redirect", "rpfilter", "rt", "sctp",
	"set", "snat", "socket", "srh", "state", "statistic", "stp", "string",
	"tcp", "tcpmss", "time", "tos", "ttl", "u32", "udp", "udplite", "vlan",
};

static const char *const module_prefixes[] = {
	"xt_", "ipt_", "ip6t_", "arpt_", "ebt_",
};

/* What follows the prefix of an extension's module, or NULL. */
static const char *module_suffix(const char *module)
{
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(module_prefixes); i++) {
		len = strlen(module_prefixes[i]);
		if (!strncmp(module, module_prefixes[i], len))
			break;
	}
	if (i == ARRAY_SIZE(module_prefixes) || !module[len] ||
	    strlen(module + len) >= XT_EXTENSION_MAXNAMELEN)
		return NULL;
	return module + len;
}

/*
 * A module has a match in lower case, a target in upper case, or both. A third
 * form is for names of mixed case. @names has space for three.
 */
static void names_add(struct tables_names *names, const char *suffix)
{
	char (*name)[XT_EXTENSION_MAXNAMELEN] = &names->name[names->count];
	unsigned int i;

	for (i = 0; i <= strlen(suffix); i++) {
		name[0][i] = suffix[i];
		name[1][i] = tolower(suffix[i]);
		name[2][i] = toupper(suffix[i]);
	}
	names->count += 3;
}

/* Adds names of loaded modules while there is space. Returns their number. */
static unsigned int names_add_modules(struct tables_names *names,
				      unsigned int space)
{
	struct kset *modules = THIS_MODULE->mkobj.kobj.kset;
	struct kobject *module;
	unsigned int n = 0;
	const char *suffix;

	spin_lock(&modules->list_lock);
	list_for_each_entry(module, &modules->list, entry) {
		suffix = module_suffix(kobject_name(module));
		if (!suffix)
			continue;
		if (++n <= space)
			names_add(names, suffix);
	}
	spin_unlock(&modules->list_lock);
	return n;
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void names_sort(struct tables_names *names)
{
	unsigned int i, n = 0;

	sort(names->name, names->count, sizeof(*names->name), name_cmp, NULL);
	for (i = 0; i < names->count; i++)
		if (!i || strcmp(names->name[i], names->name[n - 1]))
			memmove(names->name[n++], names->name[i],
				sizeof(*names->name));
	names->count = n;
}

/**
 * tables_names_get() - the names to ask for
 *
 * Process context. Modules that are loaded meanwhile may be missing.
 *
 * Return: for tables_names_put(), or NULL where memory is short
 */
struct tables_names *tables_names_get(void)
{
	unsigned int i, space = names_add_modules(NULL, 0);
	struct tables_names *names;

	names = kvzalloc(struct_size(names, name,
				     ARRAY_SIZE(kernel_names) + 3 * space),
			 GFP_KERNEL_ACCOUNT);
	if (!names)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(kernel_names); i++)
		strscpy(names->name[i], kernel_names[i],
			sizeof(*names->name));
	names->count = i;
	names_add_modules(names, space);
	names_sort(names);
	return names;
}

/**
 * tables_names_put() - undo tables_names_get()
 * @names: the names, or NULL
 */
void tables_names_put(struct tables_names *names)
{
	kvfree(names);
}
