// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends the same TCP segment many times and prints how long that took, in
 * nanoseconds. For targets that answer packets: over a veth pair, the answer is
 * made before send() returns.
 *
 *	answers INTERFACE 4|6 syn|ack|held PACKETS
 *
 * From 10.9.0.2 (fd09::2) to port 22 of 10.9.0.1 (fd09::1). syn: a SYN with the
 * options of Linux; ack: 100 bytes out of nowhere; held: 100 bytes of a
 * connection that the target has accepted.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define ISN	1000000u
#define DATA	100

struct frame {
	uint8_t bytes[256];
	size_t len;
};

static const uint8_t to_mac[] = {2, 0, 0, 0, 9, 1};
static const uint8_t from_mac[] = {2, 0, 0, 0, 9, 2};
static const uint8_t syn_options[] = {
	2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 1, 2, 3, 0, 0, 0, 0, 1, 3, 3, 7,
};

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint32_t sum(const uint8_t *at, size_t len)
{
	uint32_t total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += (uint32_t)at[i] << (i & 1 ? 0 : 8);
	return total;
}

static unsigned int fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total & 0xffff;
}

/* The IP header; its addresses are right before the TCP header. */
static size_t put_ip(uint8_t *ip, int family, size_t tcp_len)
{
	if (family == 4) {
		put16(ip, 0x4500);
		put16(ip + 2, 20 + tcp_len);
		put16(ip + 6, 0x4000);
		put16(ip + 8, 64 << 8 | IPPROTO_TCP);
		inet_pton(AF_INET, "10.9.0.2", ip + 12);
		inet_pton(AF_INET, "10.9.0.1", ip + 16);
		put16(ip + 10, fold(sum(ip, 20)));
		return 20;
	}
	put32(ip, 0x60000000);
	put16(ip + 4, tcp_len);
	put16(ip + 6, IPPROTO_TCP << 8 | 64);
	inet_pton(AF_INET6, "fd09::2", ip + 8);
	inet_pton(AF_INET6, "fd09::1", ip + 24);
	return 40;
}

/* A SYN, or an ACK of @ack with data. */
static struct frame make(int family, int is_syn, uint32_t ack)
{
	size_t options = is_syn ? sizeof(syn_options) : 0;
	size_t tcp_len = 20 + options + (is_syn ? 0 : DATA);
	size_t addr_len = family == 4 ? 4 : 16;
	struct frame f = {};
	uint8_t *tcp;

	memcpy(f.bytes, to_mac, 6);
	memcpy(f.bytes + 6, from_mac, 6);
	put16(f.bytes + 12, family == 4 ? ETH_P_IP : ETH_P_IPV6);
	tcp = f.bytes + 14 + put_ip(f.bytes + 14, family, tcp_len);
	put16(tcp, 40000);
	put16(tcp + 2, 22);
	put32(tcp + 4, ISN + !is_syn);
	put32(tcp + 8, ack);
	tcp[12] = (20 + options) / 4 << 4;
	tcp[13] = is_syn ? 2 : 0x18;
	put16(tcp + 14, 64240);
	memcpy(tcp + 20, syn_options, options);
	put16(tcp + 16, fold(sum(tcp - 2 * addr_len, 2 * addr_len + tcp_len) +
			     IPPROTO_TCP + tcp_len));
	f.len = tcp + tcp_len - f.bytes;
	return f;
}

static int packet_socket(const char *interface, unsigned int protocol)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = if_nametoindex(interface),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(protocol));

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "packet socket on %s", interface);
	return fd;
}

static void send_frame(int fd, const struct frame *f)
{
	if (send(fd, f->bytes, f->len, 0) != (ssize_t)f->len)
		err(1, "send");
}

/* The sequence number that the target gives itself in its SYN+ACK. */
static uint32_t accepted(const char *interface, int family,
			 const struct frame *syn)
{
	int fd = packet_socket(interface, family == 4 ? ETH_P_IP : ETH_P_IPV6);
	struct timeval patience = { .tv_sec = 10 };
	size_t at = 14 + (family == 4 ? 20 : 40);
	uint8_t reply[256];
	uint32_t seq;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	send_frame(fd, syn);
	do {
		if (recv(fd, reply, sizeof(reply), 0) < (ssize_t)at + 20)
			err(1, "no SYN+ACK");
	} while (memcmp(reply + 6, to_mac, 6) || reply[at + 13] != 0x12);
	close(fd);
	memcpy(&seq, reply + at + 4, sizeof(seq));
	return ntohl(seq);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv)
{
	int family, fd, i, packets;
	struct frame f;
	long long start;

	if (argc != 5)
		errx(2, "usage: answers INTERFACE 4|6 syn|ack|held PACKETS");
	family = atoi(argv[2]);
	packets = atoi(argv[4]);
	f = make(family, !!strcmp(argv[3], "ack"), 0);
	if (!strcmp(argv[3], "held"))
		f = make(family, 0, accepted(argv[1], family, &f) + 1);
	else if (!strcmp(argv[3], "ack"))
		f = make(family, 0, 1);
	fd = packet_socket(argv[1], 0);
	for (i = 0; i < packets / 10; i++)
		send_frame(fd, &f);
	start = now();
	for (i = 0; i < packets; i++)
		send_frame(fd, &f);
	printf("%lld\n", now() - start);
	return 0;
}
