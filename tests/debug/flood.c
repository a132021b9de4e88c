// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends UDP datagrams and TCP segments through lo from many forged addresses,
 * to ports that helpers and rules match. The time selects the address: several
 * senders, one on each CPU, use the same address at the same moment.
 *
 *   flood [-c CPU] [-n ADDRESSES] [-s SEED] [-p PACKETS] [-f]
 *
 * Source addresses begin at 198.18.0.0 and 2001:db8::. With -f, they follow in
 * order, a new one for each packet. Runs until SIGTERM or for PACKETS packets,
 * and prints the number sent.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "packet.h"

#define SLOT_SHIFT 18 /* a new address every 262 microseconds */
#define PAYLOAD_MAX 600

static volatile sig_atomic_t ended;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static bool fixed_order;

static uint32_t address_now(uint32_t addresses)
{
	static uint32_t count;
	struct timespec now;
	uint64_t slot;

	if (fixed_order)
		return count++ % addresses;
	clock_gettime(CLOCK_MONOTONIC, &now);
	slot = (now.tv_sec * 1000000000ULL + now.tv_nsec) >> SLOT_SHIFT;
	return (slot * 0x9e3779b97f4a7c15ULL >> 32) % addresses;
}

static void choose_ends(struct ends *e, uint32_t address)
{
	static const uint16_t ports[] = { 69, 23, 5060, 80, 7777 };
	uint32_t v4 = htonl(0xc6120000 + address), low = htonl(address);

	memset(e, 0, sizeof(*e));
	e->family = one_in(2) ? AF_INET : AF_INET6;
	e->sport = 30000 + below(4);
	e->dport = ports[below(sizeof(ports) / sizeof(*ports))];
	if (e->family == AF_INET) {
		memcpy(&e->src, &v4, 4);
		v4 = htonl(INADDR_LOOPBACK);
		memcpy(&e->dst, &v4, 4);
	} else {
		inet_pton(AF_INET6, "2001:db8::", &e->src);
		memcpy(&e->src.s6_addr[12], &low, 4);
		e->dst = in6addr_loopback;
	}
}

static size_t make_payload(uint8_t *to)
{
	static const char words[][24] = { "\0\1file\0octet\0",
					  "\0\2boot/x\0netascii\0",
					  "foo bar GET /admin",
					  "\177ELF word a b" };
	size_t len = sizeof(words[0]) + below(PAYLOAD_MAX - sizeof(words[0]));

	memset(to, 0xff, len);
	memcpy(to, words[below(4)], sizeof(words[0]));
	return len;
}

static void make_packet(struct packet *p, const struct ends *e)
{
	static const uint8_t flags[] = { 0x02, 0x10, 0x18, 0x11,
					 0x04 }; /* SYN, ACK, PSH, FIN, RST */
	uint8_t payload[PAYLOAD_MAX];

	packet_start(p, payload, make_payload(payload));
	if (one_in(3))
		push_tcp(p, e, rnd(), rnd(), flags[below(sizeof(flags))], NULL,
			 0);
	else
		push_udp(p, e);
	push_ip(p, e);
}

static int raw_socket(int family)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		err(1, "cannot open a raw socket");
	return fd;
}

static unsigned long flood(uint32_t addresses, unsigned long packets)
{
	static struct packet p;
	int four = raw_socket(AF_INET), six = raw_socket(AF_INET6);
	struct sockaddr_in to4 = { .sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_addr = in6addr_loopback };
	unsigned long sent = 0;
	struct ends e;
	ssize_t n;

	while (!ended && sent < packets) {
		choose_ends(&e, address_now(addresses));
		make_packet(&p, &e);
		if (e.family == AF_INET)
			n = sendto(four, p.at, p.len, 0, (void *)&to4,
				   sizeof(to4));
		else
			n = sendto(six, p.at, p.len, 0, (void *)&to6,
				   sizeof(to6));
		/* A rule may reject the packet; memory may be short. */
		if (n < 0 && errno != EPERM && errno != ENOBUFS &&
		    errno != ENOMEM && errno != EINTR && errno != EINVAL)
			err(1, "sending");
		sent += n >= 0;
	}
	return sent;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "cannot run on CPU %d", cpu);
}

int main(int argc, char **argv)
{
	unsigned long packets = -1UL;
	uint32_t addresses = 4096;
	int option;

	while ((option = getopt(argc, argv, "c:n:s:p:f")) != -1) {
		switch (option) {
		case 'c': stay_on(atoi(optarg)); break;
		case 'n': addresses = strtoul(optarg, NULL, 10); break;
		case 's':
			random_state = strtoull(optarg, NULL, 10) *
					       0x9e3779b97f4a7c15ULL |
				       1;
			break;
		case 'p': packets = strtoul(optarg, NULL, 10); break;
		case 'f': fixed_order = true; break;
		default: errx(2, "usage: flood [-c CPU] [-n ADDRESSES] [-s SEED] [-p PACKETS] [-f]");
		}
	}
	if (!addresses)
		errx(2, "-n: ADDRESSES must be at least 1");
	signal(SIGTERM, end);
	printf("%lu packets\n", flood(addresses, packets));
	return 0;
}
