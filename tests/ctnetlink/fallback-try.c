// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a connection of ctnetlink as ct(8) does without its module, then
 * millions of messages that are cut off or have other bytes: for fallback.t,
 * with sanitizers.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "../../tools/ctnetlink/ct-fallback.h"

#define NOW	1000060u

#define PAGE	4096

static char buf[1024];
static char *page;

static void put_tuple(struct nlmsghdr *nlh, uint16_t type, const char *src,
		      const char *dst, uint16_t sport, uint16_t dport)
{
	struct nlattr *tuple = mnl_attr_nest_start(nlh, type), *nest;

	nest = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);
	mnl_attr_put_u32(nlh, CTA_IP_V4_SRC, inet_addr(src));
	mnl_attr_put_u32(nlh, CTA_IP_V4_DST, inet_addr(dst));
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(nlh, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(nlh, CTA_PROTO_SRC_PORT, htons(sport));
	mnl_attr_put_u16(nlh, CTA_PROTO_DST_PORT, htons(dport));
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put_u16(nlh, CTA_TUPLE_ZONE, htons(9));
	mnl_attr_nest_end(nlh, tuple);
}

static void put_counters(struct nlmsghdr *nlh, uint16_t type, uint64_t packets)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put_u64(nlh, CTA_COUNTERS_PACKETS, htobe64(packets));
	mnl_attr_put_u64(nlh, CTA_COUNTERS_BYTES, htobe64(60 * packets));
	mnl_attr_nest_end(nlh, nest);
}

static struct nlmsghdr *make(void)
{
	static const unsigned char labels[16] = { 1, [15] = 0x80 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *nest, *inner;
	struct nfgenmsg *header;

	header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	header->nfgen_family = NFPROTO_IPV4;
	put_tuple(nlh, CTA_TUPLE_ORIG, "10.0.0.1", "10.0.0.2", 1234, 80);
	put_tuple(nlh, CTA_TUPLE_REPLY, "10.0.0.2", "10.0.0.1", 80, 1234);
	mnl_attr_put_u32(nlh, CTA_STATUS, htonl(6));
	mnl_attr_put_u32(nlh, CTA_TIMEOUT, htonl(300));
	mnl_attr_put_u32(nlh, CTA_MARK, htonl(5));
	mnl_attr_put_u32(nlh, CTA_USE, htonl(1));
	mnl_attr_put_u32(nlh, CTA_ID, htonl(4000000000u));
	mnl_attr_put_u16(nlh, CTA_ZONE, htons(7));
	put_counters(nlh, CTA_COUNTERS_ORIG, 3);
	put_counters(nlh, CTA_COUNTERS_REPLY, 2);
	nest = mnl_attr_nest_start(nlh, CTA_PROTOINFO);
	inner = mnl_attr_nest_start(nlh, CTA_PROTOINFO_TCP);
	mnl_attr_put_u8(nlh, CTA_PROTOINFO_TCP_STATE, 3);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put(nlh, CTA_LABELS, sizeof(labels), labels);
	nest = mnl_attr_nest_start(nlh, CTA_HELP);
	mnl_attr_put_strz(nlh, CTA_HELP_NAME, "ftp");
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, CTA_TIMESTAMP);
	mnl_attr_put_u64(nlh, CTA_TIMESTAMP_START,
			 htobe64(1000000ull * 1000000000));
	mnl_attr_nest_end(nlh, nest);
	return nlh;
}

/*
 * Reads a message without its last @cut bytes and with @n other ones, at the
 * end of a page that nothing follows: sanitizers do not see what libmnl reads.
 */
static bool read_copy(const struct nlmsghdr *nlh, uint32_t cut, unsigned int n)
{
	uint32_t len = nlh->nlmsg_len - cut;
	struct nlmsghdr *copy = (void *)(page + PAGE - MNL_ALIGN(len));
	struct ctn_facts facts;
	struct connection c;
	bool is_connection;
	unsigned int i;

	memcpy(copy, nlh, len);
	copy->nlmsg_len = len;
	for (i = 0; i < n; i++)
		((char *)copy)[sizeof(*copy) +
			(size_t)random() % (len - sizeof(*copy))] =
			(char)(random() % 40);
	is_connection = fallback_record(&c, copy);
	if (is_connection)
		fallback_facts(&facts, &c);
	return is_connection;
}

/* The last attribute has no content: nothing behind the message is read. */
static void read_empty(void)
{
	struct nlattr *tuple, *nest;
	struct nlmsghdr *nlh;
	uint16_t type;

	for (type = 1; type < 64; type++) {
		nlh = make();
		mnl_attr_put(nlh, type, 0, NULL);
		read_copy(nlh, 0, 0);

		nlh = make();
		tuple = mnl_attr_nest_start(nlh, CTA_TUPLE_REPLY);
		nest = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);
		mnl_attr_put_u32(nlh, CTA_IP_V4_SRC, 1);
		mnl_attr_put_u32(nlh, CTA_IP_V4_DST, 2);
		mnl_attr_nest_end(nlh, nest);
		nest = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
		mnl_attr_put(nlh, type, 0, NULL);
		mnl_attr_nest_end(nlh, nest);
		mnl_attr_nest_end(nlh, tuple);
		read_copy(nlh, 0, 0);
	}
}

int main(int argc, char **argv)
{
	const struct nlmsghdr *nlh = make();
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0, i;
	unsigned int read = 0;
	struct connection c;
	uint32_t cut;

	if (argc < 2)
		return 2;
	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || mprotect(page + PAGE, PAGE, PROT_NONE))
		return 2;
	if (!strcmp(argv[1], "line")) {
		if (!fallback_record(&c, nlh))
			return 1;
		connection_line(&c, NOW);
		return 0;
	}
	read_empty();
	nlh = make();
	srandom(argc > 3 ? (unsigned int)strtoul(argv[3], NULL, 10) : 1);
	for (cut = 4; cut < nlh->nlmsg_len - sizeof(*nlh); cut++)
		read_copy(nlh, cut, 0);
	for (i = 0; i < count; i++) {
		cut = (uint32_t)random() % (nlh->nlmsg_len - sizeof(*nlh));
		read += read_copy(nlh, random() % 4 ? 0 : cut, 1 +
				  (unsigned int)random() % 6);
	}
	puts(read && read < count ? "some were connections" : "wrong");
	return 0;
}
