// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): -E prints events until a signal ends it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"
#include "ct-conntrack-user.h"

/* Returns a file that becomes readable with SIGINT or SIGTERM. */
static int signals_open(void)
{
	sigset_t signals;
	int fd;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	signal(SIGINT, SIG_DFL); /* a shell ignores it in the background */
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (fd < 0)
		die("signals: %s", strerror(errno));
	return fd;
}

struct watch {
	struct conntrack_command *c;
	unsigned int count;
};

static uint32_t event_type(const struct nlmsghdr *nlh)
{
	if ((nlh->nlmsg_type & 0xff) == IPCTNL_MSG_CT_DELETE)
		return NFCT_T_DESTROY;
	return nlh->nlmsg_flags & NLM_F_CREATE ? NFCT_T_NEW : NFCT_T_UPDATE;
}

/* A change by a program has the number of its socket, in XML, too. */
static void user_print(uint32_t port)
{
	const char *name;

	if (!port)
		return;
	printf(" [USERSPACE] portid=%u", port);
	name = netlink_user(port);
	if (name)
		printf(" progname=%s", name);
}

static void event_print(struct watch *watch, const struct nlmsghdr *nlh,
			const struct nf_conntrack *ct)
{
	if (!(watch->c->output & OUT_SAVE))
		print_xml_head(watch->c, "conntrack");
	print_connection(watch->c, ct, event_type(nlh));
	user_print(nlh->nlmsg_pid);
	putchar('\n');
	if (fflush(stdout))
		die("standard output: %s", strerror(errno));
	watch->count++;
}

static int event_one(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *header = mnl_nlmsg_get_payload(nlh);
	struct watch *watch = data;
	struct nf_conntrack *ct = nfct_new();

	if (!ct)
		die("no memory");
	if (nfct_nlmsg_parse(nlh, ct) >= 0 &&
	    (watch->c->family == AF_UNSPEC ||
	     watch->c->family == header->nfgen_family) &&
	    match_connection(watch->c, ct))
		event_print(watch, nlh, ct);
	nfct_destroy(ct);
	return MNL_CB_OK;
}

static void buffer_set(struct mnl_socket *nl, int bytes)
{
	int fd = mnl_socket_get_fd(nl);
	socklen_t len = sizeof(bytes);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, len) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, len);
	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &len);
	complain("the buffer of the socket has %d bytes", bytes);
}

static void events_read(struct mnl_socket *nl, int stop, mnl_cb_t cb,
			void *data)
{
	struct pollfd fds[] = {
		{ stop, POLLIN, 0 }, { mnl_socket_get_fd(nl), POLLIN, 0 },
	};
	static char buf[65536];
	ssize_t len;

	while (poll(fds, 2, -1) >= 0 && !fds[0].revents) {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len >= 0)
			mnl_cb_run(buf, (size_t)len, 0, 0, cb, data);
		else if (errno == ENOBUFS)
			complain("events were lost: the buffer is full; fix: -b BYTES");
		else if (errno != EINTR)
			die("events: %s", cli_strerror(errno));
	}
}

static unsigned int groups_of(uint32_t events, unsigned int group_new,
			      unsigned int group_update,
			      unsigned int group_destroy)
{
	return (events & EVENT_NEW ? group_new : 0) |
	       (events & EVENT_UPDATE ? group_update : 0) |
	       (events & EVENT_DESTROY ? group_destroy : 0);
}

static int expect_one(const struct nlmsghdr *nlh, void *data)
{
	struct nf_expect *expect = nfexp_new();
	struct watch *watch = data;

	if (!expect)
		die("no memory");
	if (nfexp_nlmsg_parse(nlh, expect) >= 0) {
		print_xml_head(watch->c, "expect");
		print_expectation(watch->c, expect, event_type(nlh));
		putchar('\n');
		if (fflush(stdout))
			die("standard output: %s", strerror(errno));
		watch->count++;
	}
	nfexp_destroy(expect);
	return MNL_CB_OK;
}

int expect_events(struct conntrack_command *c)
{
	struct watch watch = { .c = c };
	int stop = signals_open();
	struct mnl_socket *nl;

	nl = conntrack_socket(groups_of(EVENT_ALL, NF_NETLINK_CONNTRACK_EXP_NEW,
					NF_NETLINK_CONNTRACK_EXP_UPDATE,
					NF_NETLINK_CONNTRACK_EXP_DESTROY));
	events_read(nl, stop, expect_one, &watch);
	mnl_socket_close(nl);
	print_xml_end("expect");
	conntrack_summary("%u expectation events have been shown.",
			  watch.count);
	return EXIT_SUCCESS;
}

int conntrack_events(struct conntrack_command *c)
{
	uint32_t events = given(c, OPT_EVENTS) ? c->events : EVENT_ALL;
	struct watch watch = { .c = c };
	int stop = signals_open();
	struct mnl_socket *nl;

	match_prepare(c);
	nl = conntrack_socket(groups_of(events, NF_NETLINK_CONNTRACK_NEW,
					NF_NETLINK_CONNTRACK_UPDATE,
					NF_NETLINK_CONNTRACK_DESTROY));
	if (given(c, OPT_BUFFER))
		buffer_set(nl, c->buffer);
	events_read(nl, stop, event_one, &watch);
	mnl_socket_close(nl);
	print_xml_end("conntrack");
	conntrack_summary("%u flow events have been shown.", watch.count);
	return EXIT_SUCCESS;
}
