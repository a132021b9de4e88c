// SPDX-License-Identifier: GPL-2.0-only
/* xtrecent(8): talking to the kernel, and taking its messages apart. */
#include <arpa/inet.h>
#include <string.h>

#include <linux/genetlink.h>

#include "xtrecent-netlink.h"

uint32_t events_group;

void connect_kernel(void)
{
	genl_interrupted = "a new list has taken the name";
	genl_connect(XT_RECENT_GENL_NAME, XT_RECENT_GENL_VERSION,
		     "load our module xt_recent first: modprobe xt_recent");
	events_group = genl_group(XT_RECENT_GENL_EVENTS);
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

const char *full_name(uint8_t full)
{
	return full == XT_RECENT_FULL_REFUSE ? "refuse" : "evict";
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
