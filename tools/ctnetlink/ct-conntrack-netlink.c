// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): requests to the kernel's own ctnetlink. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"

/* The kernel fills up to 32 KiB of what a dump offers. */
#define BUF_LEN	65536

struct mnl_socket *conntrack_socket(unsigned int groups)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);

	if (!nl || mnl_socket_bind(nl, groups, MNL_SOCKET_AUTOPID) < 0)
		die("netlink: %s", cli_strerror(errno));
	return nl;
}

static struct mnl_socket *opened(struct mnl_socket **nl)
{
	if (!*nl)
		*nl = conntrack_socket(0);
	return *nl;
}

struct mnl_socket *conntrack_dump_socket(void)
{
	static struct mnl_socket *nl;

	return opened(&nl);
}

struct mnl_socket *conntrack_request_socket(void)
{
	static struct mnl_socket *nl;

	return opened(&nl);
}

struct nlmsghdr *conntrack_message(uint16_t subsystem, uint16_t type,
				   uint16_t flags, uint8_t family)
{
	static char buf[BUF_LEN];
	static unsigned int sequence;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *header;

	nlh->nlmsg_type = (uint16_t)(subsystem << 8 | type);
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	if ((flags & NLM_F_DUMP) != NLM_F_DUMP) /* NLM_F_EXCL is a bit of it */
		nlh->nlmsg_flags |= NLM_F_ACK;
	nlh->nlmsg_seq = ++sequence;
	header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	header->nfgen_family = family;
	header->version = NFNETLINK_V0;
	header->res_id = 0;
	return nlh;
}

/* A callback may send requests on its own sockets: buffers are on the stack. */
int conntrack_converse(struct mnl_socket *nl, struct nlmsghdr *nlh, mnl_cb_t cb,
		       void *data)
{
	unsigned int sequence = nlh->nlmsg_seq;
	char buf[BUF_LEN];
	ssize_t len;
	int status;

	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return errno;
	do {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len < 0)
			return errno;
		status = mnl_cb_run(buf, (size_t)len, sequence,
				    mnl_socket_get_portid(nl), cb, data);
	} while (status > 0);
	return status ? errno : 0;
}
