// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink as all programs speak it: one family, one socket. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "cli.h"
#include "genl.h"

#define GROUPS_MAX	8

const char *genl_interrupted = "the answer is not complete";

static struct mnl_socket *nl;
static uint16_t family_id;
static uint8_t family_version;
static struct {
	char name[GENL_NAMSIZ];
	uint32_t id;
} groups[GROUPS_MAX];
static unsigned int groups_count;
static unsigned int seq;
static char buf[GENL_BUF_LEN];

/* The kernel's text for a refused request, or NULL; in buf. */
static const char *words;

/*
 * A message that ends an answer begins its payload with the error, 0 if there
 * is none; behind @skip bytes there may be words.
 */
static int ended(const struct nlmsghdr *nlh, size_t skip)
{
	const int *error = mnl_nlmsg_get_payload(nlh);
	struct nlattr *attr;

	if (!*error)
		return MNL_CB_STOP;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_for_each(attr, nlh, skip)
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
				words = mnl_attr_get_str(attr);
	errno = -*error;
	return MNL_CB_ERROR;
}

static int got_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*err);

	(void)data;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += mnl_nlmsg_get_payload_len(&err->msg);
	return ended(nlh, skip);
}

static int got_done(const struct nlmsghdr *nlh, void *data)
{
	(void)data;
	return ended(nlh, sizeof(int));
}

/* libmnl's own takes no notice of the error in the end of a dump. */
static mnl_cb_t control[] = {
	[NLMSG_ERROR] = got_error,
	[NLMSG_DONE] = got_done,
};

struct nlmsghdr *genl_request(uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family_id;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = family_version;
	return nlh;
}

int genl_converse(struct nlmsghdr *nlh, mnl_cb_t cb, void *data,
		  const char *what)
{
	unsigned int portid = mnl_socket_get_portid(nl);
	ssize_t len;
	int status;

	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		die("netlink: %s", strerror(errno));
	do {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len < 0)
			die("netlink: %s", strerror(errno));
		words = NULL;
		status = mnl_cb_run2(buf, (size_t)len, seq, portid, cb, data,
				     control, MNL_ARRAY_SIZE(control));
	} while (status > 0);
	if (!status)
		return 0;
	status = errno;
	if (status == EINTR) /* libmnl: NLM_F_DUMP_INTR */
		words = genl_interrupted;
	if (what)
		complain("%s: %s%s%s", what, cli_strerror(status),
			 words ? ": " : "", words ? words : "");
	return status;
}

static int got_group(const struct nlattr *attr, void *data)
{
	const struct nlattr *field;

	(void)data;
	if (groups_count == GROUPS_MAX)
		return MNL_CB_OK;
	mnl_attr_for_each_nested(field, attr) {
		if (mnl_attr_get_type(field) == CTRL_ATTR_MCAST_GRP_ID)
			groups[groups_count].id = mnl_attr_get_u32(field);
		else if (mnl_attr_get_type(field) == CTRL_ATTR_MCAST_GRP_NAME)
			snprintf(groups[groups_count].name,
				 sizeof(groups[0].name), "%s",
				 mnl_attr_get_str(field));
	}
	groups_count++;
	return MNL_CB_OK;
}

static int got_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	(void)data;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			family_id = mnl_attr_get_u16(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_parse_nested(attr, got_group, NULL);
	}
	return MNL_CB_OK;
}

bool genl_find(const char *family, uint8_t version)
{
	int on = 1, len = GENL_SOCKET_LEN, err;
	struct nlmsghdr *nlh;

	nl = mnl_socket_open(NETLINK_GENERIC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink: %s", strerror(errno));
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &len,
		   sizeof(len));

	family_id = GENL_ID_CTRL;
	family_version = version;
	nlh = genl_request(CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, family);
	err = genl_converse(nlh, got_family, NULL, NULL);
	if (err && err != ENOENT)
		die("netlink: %s", strerror(err));
	return !err;
}

void genl_connect(const char *family, uint8_t version, const char *fix)
{
	if (!genl_find(family, version))
		die("%s", fix);
}

uint32_t genl_group(const char *name)
{
	unsigned int i;

	for (i = 0; i < groups_count; i++)
		if (!strcmp(groups[i].name, name))
			return groups[i].id;
	return 0;
}
