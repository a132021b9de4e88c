// SPDX-License-Identifier: GPL-2.0-only
/* recent(8): talking to the kernel, and taking its messages apart. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include "recent-netlink.h"

uint32_t events_group;

static struct mnl_socket *nl;
static uint16_t family;
static unsigned int seq;
static char buf[BUF_LEN];

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

struct nlmsghdr *request(uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = XT_RECENT_GENL_VERSION;
	return nlh;
}

/*
 * Sends a request and passes each message of the answer on. Returns 0, or
 * the error, which has been reported if @what is not NULL.
 */
int converse(struct nlmsghdr *nlh, mnl_cb_t cb, void *data, const char *what)
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
		words = "a new list has taken the name";
	if (what)
		complain("%s: %s%s%s", what, cli_strerror(status),
			 words ? ": " : "", words ? words : "");
	return status;
}

static int got_group(const struct nlattr *attr, void *data)
{
	const struct nlattr *field;

	(void)data;
	mnl_attr_for_each_nested(field, attr)
		if (mnl_attr_get_type(field) == CTRL_ATTR_MCAST_GRP_ID)
			events_group = mnl_attr_get_u32(field);
	return MNL_CB_OK;
}

static int got_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	(void)data;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			family = mnl_attr_get_u16(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_parse_nested(attr, got_group, NULL);
	}
	return MNL_CB_OK;
}

void connect_kernel(void)
{
	struct nlmsghdr *nlh;
	int on = 1, len = SOCKET_LEN, err;

	nl = mnl_socket_open(NETLINK_GENERIC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink: %s", strerror(errno));
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &len,
		   sizeof(len));

	family = GENL_ID_CTRL;
	nlh = request(CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, XT_RECENT_GENL_NAME);
	err = converse(nlh, got_family, NULL, NULL);
	if (err == ENOENT)
		die("load our module xt_recent first: modprobe xt_recent");
	if (err)
		die("netlink: %s", strerror(err));
}

static int collect(const struct nlattr *attr, void *data)
{
	const struct nlattr **attrs = data;

	if (mnl_attr_get_type(attr) <= XT_RECENT_A_MAX)
		attrs[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

void take_apart(const struct nlmsghdr *nlh, struct message *m)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	memset(m, 0, sizeof(*m));
	m->cmd = genl->cmd;
	mnl_attr_parse(nlh, sizeof(*genl), collect, m->attrs);
}

const char *name_of(const struct message *m)
{
	const struct nlattr *attr = m->attrs[XT_RECENT_A_NAME];

	return attr ? mnl_attr_get_str(attr) : "?";
}

uint32_t u32_of(const struct message *m, unsigned int type)
{
	return m->attrs[type] ? mnl_attr_get_u32(m->attrs[type]) : 0;
}

uint64_t u64_of(const struct message *m, unsigned int type)
{
	return m->attrs[type] ? mnl_attr_get_u64(m->attrs[type]) : 0;
}

uint8_t u8_of(const struct message *m, unsigned int type)
{
	return m->attrs[type] ? mnl_attr_get_u8(m->attrs[type]) : 0;
}

const char *addr_of(const struct message *m)
{
	const struct nlattr *attr = m->attrs[XT_RECENT_A_ADDR];
	static char text[INET6_ADDRSTRLEN];

	if (!attr)
		return "?";
	inet_ntop(mnl_attr_get_payload_len(attr) == 4 ? AF_INET : AF_INET6,
		  mnl_attr_get_payload(attr), text, sizeof(text));
	return text;
}

/* How many times are there; each into @age in turn with age_of(). */
unsigned int ages_of(const struct message *m)
{
	const struct nlattr *attr = m->attrs[XT_RECENT_A_AGES];

	return attr ? mnl_attr_get_payload_len(attr) / sizeof(uint64_t) : 0;
}

uint64_t age_of(const struct message *m, unsigned int i)
{
	const char *ages = mnl_attr_get_payload(m->attrs[XT_RECENT_A_AGES]);
	uint64_t age;

	memcpy(&age, ages + i * sizeof(age), sizeof(age));
	return age;
}
