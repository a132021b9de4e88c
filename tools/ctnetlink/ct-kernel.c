// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): what the kernel's own ctnetlink counts in this network namespace. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"
#include "ct-kernel.h"

/* Where the messages of a dump go: each has the number of its CPU. */
struct target {
	struct kernel_stats *stats;
	struct kernel_values *values;
	bool by_cpu;
};

static int got_values(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *header = mnl_nlmsg_get_payload(nlh);
	unsigned int cpu = ntohs(header->res_id);
	const struct target *target = data;
	struct kernel_values *values = target->values;
	const struct nlattr *attr;
	uint16_t type;

	if (target->by_cpu && cpu >= KERNEL_CPUS_MAX)
		return MNL_CB_OK;
	if (target->by_cpu) {
		values += cpu;
		if (cpu >= target->stats->cpus)
			target->stats->cpus = cpu + 1;
	}
	mnl_attr_for_each(attr, nlh, sizeof(*header)) {
		type = mnl_attr_get_type(attr);
		if (type >= KERNEL_VALUES_MAX ||
		    mnl_attr_get_payload_len(attr) != sizeof(uint32_t))
			continue;
		values->value[type] = ntohl(mnl_attr_get_u32(attr));
		values->sent |= 1u << type;
	}
	return MNL_CB_OK;
}

static void ask(struct mnl_socket *nl, uint16_t subsystem, uint16_t type,
		struct target *target)
{
	uint16_t flags = target->by_cpu ? NLM_F_DUMP : 0;
	int err = conntrack_converse(nl, conntrack_message(subsystem, type,
							   flags, AF_UNSPEC),
				     got_values, target);

	if (err == EINVAL || err == EOPNOTSUPP)
		die("this needs a module; fix: modprobe nf_conntrack_netlink");
	if (err)
		die("ctnetlink: %s", cli_strerror(err));
}

static struct kernel_values *values_of_cpus(void)
{
	struct kernel_values *values = calloc(KERNEL_CPUS_MAX,
					      sizeof(*values));

	if (!values)
		die("no memory");
	return values;
}

void kernel_stats_read(struct kernel_stats *stats)
{
	struct mnl_socket *nl = conntrack_socket(0);
	struct target target = { .stats = stats };

	memset(stats, 0, sizeof(*stats));
	stats->connections = values_of_cpus();
	stats->expectations = values_of_cpus();

	target.values = &stats->table;
	ask(nl, NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS, &target);
	target.by_cpu = true;
	target.values = stats->connections;
	ask(nl, NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS_CPU, &target);
	target.values = stats->expectations;
	ask(nl, NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_GET_STATS_CPU,
	    &target);
	mnl_socket_close(nl);
}

void kernel_stats_free(struct kernel_stats *stats)
{
	free(stats->connections);
	free(stats->expectations);
}
