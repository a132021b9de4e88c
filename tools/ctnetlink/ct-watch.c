// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command watch of ct(8): events of connections, one a line. The module
 * nf_ctnetlink_events writes them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/netfilter/nf_ctnetlink_events.h>

#include "../lib/cli.h"
#include "ct-expectation.h"
#include "ct-names.h"
#include "ct-print.h"
#include "ct-watch.h"

#define EVENTS		"/proc/net/nf_ctnetlink_events"
#define NSEC_PER_SEC	1000000000u

static const struct name kinds_names[] = {
	{ "new", NF_CTNETLINK_EVENT_NEW },
	{ "reply", NF_CTNETLINK_EVENT_REPLY },
	{ "assured", NF_CTNETLINK_EVENT_ASSURED },
	{ "state", NF_CTNETLINK_EVENT_STATE },
	{ "mark", NF_CTNETLINK_EVENT_MARK },
	{ "labels", NF_CTNETLINK_EVENT_LABELS },
	{ "helper", NF_CTNETLINK_EVENT_HELPER },
	{ "destroy", NF_CTNETLINK_EVENT_DESTROY },
	{ "expect-new", NF_CTNETLINK_EVENT_EXPECT_NEW },
	{ "expect-destroy", NF_CTNETLINK_EVENT_EXPECT_DESTROY },
	{ NULL, 0 },
};

uint32_t watch_kinds(const char *text)
{
	char copy[128], *rest = copy, *word;
	const struct name *name;
	uint32_t kinds = 0;

	if (strlen(text) >= sizeof(copy))
		return 0;
	memcpy(copy, text, strlen(text) + 1);
	while ((word = strsep(&rest, ","))) {
		name = name_find(kinds_names, word);
		if (!name)
			return 0;
		kinds |= name->number;
	}
	return kinds;
}

/* The names of kinds, with @quote around each. */
static void kinds_print(uint32_t kinds, const char *quote)
{
	const struct name *name;
	bool comma = false;

	for (name = kinds_names; name->name; name++) {
		if (!(kinds & name->number))
			continue;
		printf("%s%s%s%s", comma ? "," : "", quote, name->name, quote);
		comma = true;
	}
}

static void event_head(const struct nf_ctnetlink_event *event)
{
	time_t when = (time_t)(event->time / NSEC_PER_SEC);
	char text[64] = "?";
	struct tm tm;

	if (localtime_r(&when, &tm))
		strftime(text, sizeof(text), "%F %T", &tm);
	printf("%s.%06u ", text,
	       (unsigned int)(event->time % NSEC_PER_SEC / 1000));
	kinds_print(event->kinds, "");
	putchar(' ');
}

static void event_head_json(const struct nf_ctnetlink_event *event)
{
	printf("{\"time\":%" PRIu64 ".%09u,\"events\":[",
	       (uint64_t)(event->time / NSEC_PER_SEC),
	       (unsigned int)(event->time % NSEC_PER_SEC));
	kinds_print(event->kinds, "\"");
	printf("],\"lost\":%u,", event->lost);
}

static bool event_connection(const struct nf_ctnetlink_event *event,
			     const void *data, size_t len)
{
	uint64_t when = event->time / NSEC_PER_SEC;
	struct connection c;

	if (!connection_read(&c, data, len))
		return false;
	if (cli.json) {
		event_head_json(event);
		printf("\"connection\":");
		connection_json(&c, when);
		puts("}");
	} else {
		event_head(event);
		connection_line(&c, when);
	}
	return true;
}

static bool event_expectation(const struct nf_ctnetlink_event *event,
			      const void *data, size_t len)
{
	struct expectation e;

	if (!expectation_of_event(&e, data, len))
		return false;
	if (cli.json) {
		event_head_json(event);
		printf("\"expectation\":");
		expectation_json(&e);
		puts("}");
	} else {
		event_head(event);
		expectation_line(&e);
	}
	return true;
}

/* Returns false where the bytes behind the event are not what it says. */
static bool event_print(const struct nf_ctnetlink_event *event,
			const void *data)
{
	size_t len = event->len - sizeof(*event);

	return event->kinds & NF_CTNETLINK_EVENTS_EXPECT ?
	       event_expectation(event, data, len) :
	       event_connection(event, data, len);
}

long watch_print(const void *data, size_t len, unsigned long most,
		 uint64_t *lost)
{
	const char *at = data;
	struct nf_ctnetlink_event event;
	unsigned long count;

	for (count = 0; len && count < most; count++) {
		if (len < sizeof(event))
			return -1;
		memcpy(&event, at, sizeof(event));
		if (event.len > len || event.len < sizeof(event) ||
		    !event_print(&event, at + sizeof(event)))
			return -1;
		*lost += event.lost;
		at += event.len;
		len -= event.len;
	}
	return (long)count;
}

static int watch_open(void)
{
	int fd = open(EVENTS, O_RDWR);

	if (fd < 0 && errno == ENOENT)
		die("nf_ctnetlink_events is not loaded; fix: modprobe it; less: ct -E");
	if (fd < 0)
		die("%s: %s", EVENTS, cli_strerror(errno));
	return fd;
}

static void watch_begin(int fd, uint32_t kinds, const char *channel,
			const struct filter *filter)
{
	struct {
		struct nf_ctnetlink_watch watch;
		struct nf_ctnetlink_term term[NF_CTNETLINK_TERMS_MAX];
	} request = {
		.watch = {
			.kinds = kinds,
			.blocks = cli.json ? NF_CTNETLINK_BLOCKS_ALL :
				  NF_CTNETLINK_BLOCK_HELPER |
				  NF_CTNETLINK_BLOCK_START,
			.wake_ms = cli.delay_ms < NF_CTNETLINK_WAKE_MS_MAX ?
				   cli.delay_ms : NF_CTNETLINK_WAKE_MS_MAX,
		},
	};
	size_t terms = filter->count * sizeof(filter->term[0]);

	if (channel) {
		request.watch.flags = NF_CTNETLINK_WATCH_CHANNEL;
		memcpy(request.watch.channel, channel, strlen(channel));
	}
	memcpy(request.term, filter->term, terms);
	if (write(fd, &request, sizeof(request.watch) + terms) >= 0)
		return;
	if (errno == EOPNOTSUPP)
		die("the kernel makes no events; fix: modprobe nf_conntrack_netlink");
	if (errno == EUSERS)
		die("16 programs watch this network namespace; fix: end one");
	if (errno == ENOSPC)
		die("1024 channels have a name; fix: use one that exists");
	if (errno == ENOBUFS) {
		complain("events have no memory left in this namespace, or for this user");
		die("fix: end a program, or raise net_memory_limit_mb or memory_limit_mb");
	}
	die("%s: %s", EVENTS, cli_strerror(errno));
}

static void report_lost(uint64_t *lost)
{
	if (*lost)
		complain("%" PRIu64 " events were lost: they came faster than they were read",
			 *lost);
	*lost = 0;
}

int watch(uint32_t kinds, const char *channel, const struct filter *filter)
{
	static char buffer[1 << 16] __attribute__((aligned(8)));
	unsigned long left = cli.count;
	int fd = watch_open();
	uint64_t lost = 0;
	ssize_t len;
	long count;

	watch_begin(fd, kinds, channel, filter);
	while ((len = read(fd, buffer, sizeof(buffer))) > 0) {
		count = watch_print(buffer, (size_t)len,
				    cli.count ? left : ULONG_MAX, &lost);
		if (count < 0)
			die("%s: the module has a different version", EVENTS);
		if (fflush(stdout))
			die("cannot print: %s", strerror(errno));
		report_lost(&lost);
		left -= (unsigned long)count;
		if (cli.count && !left)
			return EXIT_SUCCESS;
	}
	if (errno == EPIPE)
		complain("nf_conntrack_netlink was unloaded, and no events come any more");
	else
		complain("%s: %s", EVENTS, cli_strerror(errno));
	return EXIT_FAILURE;
}
