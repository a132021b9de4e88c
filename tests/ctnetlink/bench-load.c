// SPDX-License-Identifier: GPL-2.0-only
/*
 * What bench-table measures without a program for people in between.
 *
 *	bench-load dump ours|kernel	reads a listing and discards it
 *	bench-load send FIRST COUNT	begins connections with packets
 *	bench-load delay FROM TO COUNT	delays of packets between namespaces
 *
 * dump prints records and nanoseconds. send prints nanoseconds of CPU time.
 * delay prints the delay in microseconds of the middle packet, of the one after
 * 99 and 99.9 percent, and of the last.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_ctnetlink.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH		64
#define MS		1000000
#define PACKET_BYTES	100	/* with all headers: 1 ms at 800 kbit/s */
#define PAYLOAD_BYTES	(PACKET_BYTES - 14 - 20 - 8)

static int64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static uint8_t buffer[1 << 16] __attribute__((aligned(8)));

static struct mnl_socket *netlink(int protocol)
{
	struct mnl_socket *nl = mnl_socket_open(protocol);

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		err(1, "netlink");
	return nl;
}

static void ask(struct mnl_socket *nl, const struct nlmsghdr *nlh)
{
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		err(1, "send");
}

static int family_id(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static struct nlmsghdr *generic(uint16_t type, uint16_t flags, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl =
		mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

static struct mnl_socket *ask_ours(void)
{
	struct mnl_socket *nl = netlink(NETLINK_GENERIC);
	struct nlmsghdr *nlh = generic(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	uint16_t id = 0;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NF_CTNETLINK_GENL_NAME);
	ask(nl, nlh);
	if (mnl_socket_recvfrom(nl, buffer, sizeof(buffer)) < 0)
		err(1, "recv");
	mnl_attr_parse((void *)buffer, sizeof(struct genlmsghdr), family_id,
		       &id);
	if (!id)
		errx(1, "nf_ctnetlink is not loaded");
	ask(nl, generic(id, NLM_F_DUMP, NF_CTNETLINK_CMD_LIST));
	return nl;
}

static struct mnl_socket *ask_kernel(void)
{
	struct mnl_socket *nl = netlink(NETLINK_NETFILTER);
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));

	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nfg->nfgen_family = AF_INET;
	ask(nl, nlh);
	return nl;
}

/* Records of a message of ours: those of an attribute follow each other. */
static unsigned int records(const struct nlmsghdr *nlh)
{
	const struct nf_ctnetlink_record *record;
	const struct nlattr *attr;
	unsigned int count = 0;
	const uint8_t *at;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != NF_CTNETLINK_A_RECORDS)
			continue;
		at = mnl_attr_get_payload(attr);
		while (at < (const uint8_t *)mnl_attr_get_payload(attr) +
			    mnl_attr_get_payload_len(attr)) {
			record = (const void *)at;
			at += record->len;
			count++;
		}
	}
	return count;
}

static int dump(int ours)
{
	int64_t from = now(CLOCK_MONOTONIC);
	struct mnl_socket *nl = ours ? ask_ours() : ask_kernel();
	const struct nlmsghdr *nlh;
	unsigned long count = 0;
	ssize_t got;
	int len;

	for (;;) {
		got = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		if (got <= 0)
			err(1, "recv");
		len = got;
		for (nlh = (void *)buffer; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR)
				errx(1, "the kernel refuses the listing");
			if (nlh->nlmsg_type == NLMSG_DONE)
				goto done;
			count += ours ? records(nlh) : 1;
		}
	}
done:
	printf("%lu %lld\n", count, (long long)(now(CLOCK_MONOTONIC) - from));
	return 0;
}

/* Datagrams to port 9 of COUNT addresses from 127.1.0.0 + FIRST on. */
static int begin(uint32_t first, uint32_t count)
{
	static struct sockaddr_in to[BATCH];
	static struct mmsghdr messages[BATCH];
	static struct iovec iov = { .iov_base = buffer, .iov_len = 1 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_port = htons(6000),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	uint32_t n, i;
	int64_t from;

	if (fd < 0 || bind(fd, (void *)&here, sizeof(here)))
		err(1, "bind");
	for (i = 0; i < BATCH; i++) {
		to[i].sin_family = AF_INET;
		to[i].sin_port = htons(9);
		messages[i].msg_hdr.msg_name = &to[i];
		messages[i].msg_hdr.msg_namelen = sizeof(to[i]);
		messages[i].msg_hdr.msg_iov = &iov;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	from = now(CLOCK_THREAD_CPUTIME_ID);
	for (n = 0; n < count; n += BATCH) {
		for (i = 0; i < BATCH; i++)
			to[i].sin_addr.s_addr =
				htonl(0x7f010000 + first + n + i);
		if (sendmmsg(fd, messages, BATCH, 0) != BATCH)
			err(1, "send");
	}
	printf("%lld\n", (long long)(now(CLOCK_THREAD_CPUTIME_ID) - from));
	return 0;
}

static void enter(const char *ns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

static int udp(const char *ns)
{
	int bytes = 256 << 20, one = 1, fd;

	enter(ns);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one)))
		err(1, "socket");
	return fd;
}

/* Waits for a packet. When the interface had it, in ns. */
static int64_t arrival(int fd, uint32_t *number)
{
	uint8_t control[128] __attribute__((aligned(8)));
	struct iovec iov = { .iov_base = number, .iov_len = sizeof(*number) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	struct timespec ts;

	if (recvmsg(fd, &msg, 0) < 0)
		err(1, "recv");
	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg || cmsg->cmsg_type != SCM_TIMESTAMPNS)
		errx(1, "a packet has no time");
	memcpy(&ts, CMSG_DATA(cmsg), sizeof(ts));
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

/*
 * All packets are queued at once. The queue of FROM sends one every
 * millisecond, by a timer: no program needs to run.
 */
static int delay(const char *from_ns, const char *to_ns, uint32_t count)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(7),
		.sin_addr.s_addr = inet_addr("10.0.1.2"),
	};
	int64_t *delays = calloc(count, sizeof(*delays)), sent;
	uint8_t payload[PAYLOAD_BYTES] = {};
	int in = udp(to_ns), out;
	uint32_t n, number;

	if (bind(in, (void *)&to, sizeof(to)))
		err(1, "bind");
	out = udp(from_ns);
	sent = now(CLOCK_REALTIME);
	for (n = 0; n < count; n++) {
		memcpy(payload, &n, sizeof(n));
		if (sendto(out, payload, sizeof(payload), 0, (void *)&to,
			   sizeof(to)) < 0)
			err(1, "send");
	}
	for (n = 0; n < count; n++) {
		int64_t arrived = arrival(in, &number);

		delays[n] = arrived - sent - (number + 1LL) * MS;
	}
	qsort(delays, count, sizeof(*delays), compare);
	printf("%.1f %.1f %.1f %.1f\n", delays[count / 2] / 1e3,
	       delays[count - count / 100] / 1e3,
	       delays[count - count / 1000] / 1e3, delays[count - 1] / 1e3);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "dump"))
		return dump(!strcmp(argv[2], "ours"));
	if (argc == 4 && !strcmp(argv[1], "send"))
		return begin(strtoul(argv[2], NULL, 0),
			     strtoul(argv[3], NULL, 0));
	if (argc == 5 && !strcmp(argv[1], "delay"))
		return delay(argv[2], argv[3], strtoul(argv[4], NULL, 0));
	errx(2, "the head of this file lists commands");
}
