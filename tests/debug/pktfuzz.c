// SPDX-License-Identifier: GPL-2.0-only
/*
 * Malformed packets, made from a seed: truncated, fragmented, non-linear, with
 * false lengths and checksums, with unusual headers, empty, and of the maximal
 * length. They enter a router, which guest/packet-fuzz.sh sets up, from both
 * sides:
 *
 *     client 10.9.1.2 fd09:0:0:1::2 --[h0]--.
 *                               router .1 ::1 --[h1]-- 10.9.2.2 fd09:0:0:2::2
 *     client 10.9.3.2 fd09:0:0:3::2 --[h2]--'                          server
 *
 *   pktfuzz [-s SEED] [-n COUNT] [-c DIR]... [-e STRIDE] [-k EACH]
 *           [-p PORT]... [-w] [-g] [-f FD]
 *
 * With -n, sends COUNT random packets. Payloads are random bytes, or mutated
 * files of the DIRs. Without -n, replays each of these files in both
 * directions: as a datagram cut at every STRIDE-th offset, and as a connection
 * in one segment, with one byte per segment, and cut at every STRIDE-th offset.
 * With -k, replays every EACH-th file; SEED selects the first one. -p names a
 * port of a helper, for some of the packets. Prints the number of packets of
 * each kind.
 *
 * h0 and h1 carry GSO packets and partial checksums (IFF_VNET_HDR). With -w, no
 * fragment is marked as GSO. Packets of h2 consist of several pieces of memory
 * (non-linear). h2 has GRO; -g switches it off. A packet socket listens on all
 * devices, so the kernel shares or clones the packets. With -f, one allocation
 * in ten fails from the first packet to the last: FD is the probability file of
 * failslab, open for writing.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "packet.h"

#define FILES_MAX 4096
#define PIECES_MAX 16 /* of a frame; the kernel's limit is MAX_SKB_FRAGS */
#define SYN 2
#define ACK 16
#define PSH 8
#define FIN 1

enum way { TO_H0, TO_H1, TO_H2, OUT, WAYS };

static int taps[3], listener, raw4, raw6;
static struct iovec files[FILES_MAX];
static unsigned int file_count;
static bool whole_only; /* -w */
static unsigned long given[WAYS], refused, fragmented, segmented, corrupted,
	wrapped;

/* Ports that packets are sent to; -p adds those of helpers. */
#define PORTS_MAX 64
static uint16_t ports[PORTS_MAX] = { 69, 21, 23, 80, 1720, 554, 7, 0, 65535 };
static unsigned int port_count = 9;

static int open_tap(const char *name, int flags)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | flags };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		err(1, "/dev/net/tun");
	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &ifr))
		err(1, "%s", name);
	return fd;
}

/* Reads and discards what the router sent and the packet socket received. */
static void drain(void)
{
	static uint8_t discarded[2048];
	int i;

	for (i = 0; i < 3; i++)
		while (read(taps[i], discarded, sizeof(discarded)) > 0)
			;
	while (recv(listener, discarded, sizeof(discarded), MSG_DONTWAIT) >= 0)
		;
}

static void count(enum way way, ssize_t sent)
{
	static unsigned int undrained;

	if (sent < 0)
		refused++;
	else
		given[way]++;
	if (++undrained % 64 == 0)
		drain();
}

/* Writes a frame in pieces; the first holds at least the Ethernet header. */
static ssize_t write_pieces(int fd, const uint8_t *frame, size_t len)
{
	struct iovec iov[PIECES_MAX];
	size_t at = 0, most, take;
	int n = 0;

	while (at < len && n < PIECES_MAX) {
		most = len - at;
		take = n ? 1 + below(one_in(2) ? 16 : most)
			 : ETH_HLEN + below(one_in(2) ? 1 : 64);
		if (n == PIECES_MAX - 1 || take > most)
			take = most;
		if (take > 4096)
			take = 4096;
		iov[n++] = (struct iovec){ (void *)(frame + at), take };
		at += take;
	}
	return writev(fd, iov, n);
}

static bool is_fragment(const struct packet *p, int family)
{
	if (family == AF_INET)
		return p->at[6] & 0x3f || p->at[7];
	return p->at[6] == IPPROTO_FRAGMENT;
}

/* Random offload state of a frame: none, a partial checksum, or GSO. */
static struct virtio_net_hdr random_offload(const struct packet *p, int family,
					    size_t l2)
{
	struct virtio_net_hdr h = { 0 };
	size_t ip = family == AF_INET ? (p->at[0] & 15) * 4 : 40;

	if (p->len < ip + 20 || one_in(2))
		return h;
	h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	h.csum_start = l2 + ip;
	h.csum_offset = p->at[family == AF_INET ? 9 : 6] == IPPROTO_UDP ? 6
									: 16;
	if (one_in(2) || (whole_only && is_fragment(p, family)))
		return h;
	if (h.csum_offset == 16)
		h.gso_type = family == AF_INET ? VIRTIO_NET_HDR_GSO_TCPV4
					       : VIRTIO_NET_HDR_GSO_TCPV6;
	else
		h.gso_type = 5; /* VIRTIO_NET_HDR_GSO_UDP_L4 */
	h.gso_size = 1 + below(one_in(2) ? 8 : 1400);
	h.hdr_len = one_in(2) ? l2 + ip + (h.csum_offset == 6 ? 8 : 20)
			      : below(p->len + 1);
	segmented++;
	return h;
}

static void to_tap(enum way way, const struct packet *p, int family)
{
	static uint8_t frame[PACKET_MAX + 32];
	uint16_t type = htons(family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	size_t l2 = ETH_HLEN;
	struct virtio_net_hdr h;
	struct iovec iov[2];

	memcpy(frame,
	       (uint8_t[]){ 2, 0, 0, 0, 0, 0x10 + way, 2, 0, 0, 0, 0,
			    0x20 + way },
	       12);
	if (one_in(8)) { /* VLAN 5 */
		memcpy(frame + 12, (uint8_t[]){ 0x81, 0, 0, 5 }, 4);
		l2 += 4;
	}
	memcpy(frame + l2 - 2, &type, 2);
	memcpy(frame + l2, p->at, p->len);
	if (way == TO_H2) {
		count(way, write_pieces(taps[way], frame, l2 + p->len));
		return;
	}
	h = random_offload(p, family, l2);
	iov[0] = (struct iovec){ &h, sizeof(h) };
	iov[1] = (struct iovec){ frame, l2 + p->len };
	count(way, writev(taps[way], iov, 2));
}

/* Sends a packet as a program on the router would. */
static void to_output(const struct packet *p, const struct ends *e)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_addr = e->dst };

	memcpy(&to4.sin_addr, &e->dst, 4);
	if (e->family == AF_INET)
		count(OUT, sendto(raw4, p->at, p->len, MSG_DONTWAIT,
				  (struct sockaddr *)&to4, sizeof(to4)));
	else
		count(OUT, sendto(raw6, p->at, p->len, MSG_DONTWAIT,
				  (struct sockaddr *)&to6, sizeof(to6)));
}

static void deliver(enum way way, const struct packet *p, const struct ends *e)
{
	if (way == OUT)
		to_output(p, e);
	else
		to_tap(way, p, e->family);
}

/* @host: 1 for the router, 2 for the other end of the link. */
static struct in6_addr address(int family, int net, int host)
{
	struct in6_addr a = { 0 };

	if (family == AF_INET)
		memcpy(&a, (uint8_t[]){ 10, 9, net, host }, 4);
	else
		memcpy(&a,
		       (uint8_t[]){ 0xfd, 9, 0, 0, 0, 0, 0, net, 0, 0, 0, 0, 0,
				    0, 0, host },
		       16);
	return a;
}

static struct ends choose_ends(enum way way)
{
	static const int net_of[] = {
		[TO_H0] = 1, [TO_H1] = 2, [TO_H2] = 3, [OUT] = 1
	};
	int family = one_in(2) ? AF_INET : AF_INET6, net = net_of[way],
	    other = way == TO_H1 ? 1 : 2;
	struct ends e = { .family = family };

	e.src = address(family, net, way == OUT ? 1 : 2);
	e.dst = way == OUT || one_in(2) ? address(family, other, 2)
					: address(family, net, 1);
	e.sport = one_in(4) ? ports[below(port_count)]
			    : 1024 + below(64);
	e.dport = one_in(8) ? rnd() : ports[below(port_count)];
	return e;
}

static size_t choose_payload(uint8_t *to)
{
	const struct iovec *file;
	size_t len, i;

	if (!file_count || one_in(3)) {
		len = one_in(4) ? 0
		      : one_in(16)
			      ? PACKET_MAX - below(one_in(2) ? 200 : PACKET_MAX)
			      : below(one_in(2) ? 64 : 1400);
		random_bytes(to, len < 4096 ? len : 4096);
		return len;
	}
	file = &files[below(file_count)];
	len = file->iov_len < 60000 ? file->iov_len : 60000;
	memcpy(to, file->iov_base, len);
	if (one_in(2))
		len = below(len + 1);
	for (i = below(4); i && len; i--)
		to[below(len)] = rnd();
	return len;
}

static void push_transport(struct packet *p, const struct ends *e)
{
	static const uint8_t others[] = { 132, 33, 136, 47, 0, 59, 255 };
	uint8_t options[40];
	size_t n;

	switch (below(8)) {
	case 0: case 1: case 2:
		push_udp(p, e);
		break;
	case 3: case 4: case 5:
		n = one_in(2) ? 0 : 4 * below(11);
		random_bytes(options, n);
		push_tcp(p, e, rnd(), rnd(), one_in(2) ? SYN : rnd(), options,
			 n);
		break;
	case 6:
		push_icmp(p, e, rnd(), below(16));
		break;
	default:
		p->proto = others[below(sizeof(others))];
	}
}

/* Headers between the IP header and the transport header. */
static void push_extensions(struct packet *p, const struct ends *e)
{
	unsigned int n;

	if (!one_in(3))
		return;
	wrapped++;
	if (e->family == AF_INET6) {
		for (n = 1 + below(4); n; n--) {
			switch (below(5)) {
			case 0:
				push_extension(p, IPPROTO_HOPOPTS, below(3));
				break;
			case 1:
				push_extension(p, IPPROTO_ROUTING, below(3));
				break;
			case 2:
				push_extension(p, IPPROTO_DSTOPTS, below(8));
				break;
			case 3: push_ah(p); break;
			default:
				push_extension(p, IPPROTO_FRAGMENT, 0);
				p->at[1] = p->at[2] = p->at[3] = 0;
			}
		}
	} else if (one_in(2)) {
		push_ah(p);
	}
	if (one_in(6))
		push_esp(p);
}

/*
 * Mutates a length, a header or the end of a finished packet. Every second
 * mutation of a datagram is the length in the UDP header, because no other
 * check stops a match that trusts it.
 */
static void corrupt(struct packet *p, const struct ends *e, size_t l4,
		    bool datagram)
{
	static const uint16_t lengths[] = { 0,	1,  7,	    8,	   9,
					    19, 20, 0x7fff, 0xffff };
	uint16_t length =
		htons(lengths[below(sizeof(lengths) / sizeof(*lengths))]);

	corrupted++;
	switch (datagram && one_in(2) ? 1 : below(7)) {
	case 0: /* the end is missing; the IP header may send_segment so */
		p->len = below(p->len + 1);
		if (e->family == AF_INET && p->len >= 20 && one_in(2)) {
			uint16_t total = htons(p->len);

			memcpy(p->at + 2, &total, 2);
			memset(p->at + 10, 0, 2);
			total = htons(~sum_of(p->at,
					      (p->at[0] & 15) * 4u <= p->len
						      ? (p->at[0] & 15) * 4
						      : 20,
					      0));
			memcpy(p->at + 10, &total, 2);
		} else if (e->family == AF_INET6 && p->len >= 40) {
			uint16_t plen = htons(p->len - 40);

			memcpy(p->at + 4, &plen, 2);
		}
		break;
	case 1: /* the length in a UDP header */
		if (one_in(2))
			length = rnd();
		if (p->len >= l4 + 8)
			memcpy(p->at + l4 + 4, &length, 2);
		break;
	case 2: /* the length of a TCP header */
		if (p->len >= l4 + 20)
			p->at[l4 + 12] = rnd();
		break;
	case 3: /* the checksum */
		if (p->len >= l4 + 20)
			p->at[l4 + 16] ^= 1 + below(255);
		break;
	case 4: /* the length in the IP header */
		if (p->len >= 40)
			memcpy(p->at + (e->family == AF_INET ? 2 : 4), &length,
			       2);
		break;
	case 5: /* any byte behind the addresses */
		if (p->len > 40)
			p->at[40 + below(p->len - 40)] = rnd();
		break;
	default: /* any of the first 40 bytes */
		if (p->len > 40)
			p->at[below(40)] = rnd();
	}
}

static uint16_t fragment_field(size_t offset, bool more)
{
	return htons(offset / 8 | (more ? 0x2000 : 0));
}

/* Sends a fragment of @whole: @len bytes from @from behind its @head bytes. */
static void send_fragment(enum way way, const struct packet *whole,
			  const struct ends *e, size_t head, size_t from,
			  size_t len, uint32_t id)
{
	static struct packet f;
	bool more = head + from + len < whole->len;
	uint16_t field;
	uint8_t *h;

	packet_start(&f, whole->at + head + from, len);
	if (e->family == AF_INET) {
		memcpy(push(&f, head), whole->at, head);
		field = htons(f.len);
		memcpy(f.at + 2, &field, 2);
		memcpy(f.at + 4, &id, 2);
		field = fragment_field(from, more);
		memcpy(f.at + 6, &field, 2);
		memset(f.at + 10, 0, 2);
		field = htons(~sum_of(f.at, head, 0));
		memcpy(f.at + 10, &field, 2);
	} else {
		f.proto = whole->at[6];
		h = push(&f, 8);
		h[0] = f.proto;
		field = htons(from | more);
		memcpy(h + 2, &field, 2);
		memcpy(h + 4, &id, 4);
		f.proto = IPPROTO_FRAGMENT;
		push_ipv6(&f, e);
	}
	fragmented++;
	deliver(way, &f, e);
}

/* Sends @p in fragments: perhaps out of order, overlapping or incomplete. */
static void send_fragments(enum way way, const struct packet *p,
			   const struct ends *e)
{
	size_t head = e->family == AF_INET ? (p->at[0] & 15) * 4 : 40, step,
	       total, n, i, j, len;
	size_t order[64];
	bool overlap = one_in(4);
	uint32_t id = rnd();

	if (head < 20 || p->len <= head + 8 || p->len > 60000) {
		deliver(way, p, e);
		return;
	}
	total = p->len - head;
	step = 8 * (1 + below(one_in(2) ? 2 : 64));
	if ((total + step - 1) / step > 64)
		step = (total / 64 + 8) & ~7ul;
	n = (total + step - 1) / step;
	for (i = 0; i < n && i < 64; i++)
		order[i] = i;
	n = i;
	for (i = n - 1; i && one_in(2); i--) {
		j = below(i + 1);
		len = order[i];
		order[i] = order[j];
		order[j] = len;
	}
	for (i = one_in(8); i < n; i++) {
		len = total - order[i] * step;
		if (len > step)
			len = step + (overlap && len >= step + 8 ? 8 : 0);
		send_fragment(way, p, e, head, order[i] * step, len, id);
	}
}

static void send_random(void)
{
	static struct packet p;
	static uint8_t payload[PACKET_MAX + 1];
	enum way way = below(WAYS);
	struct ends e = choose_ends(way), outer;
	size_t len = choose_payload(payload), tail;
	bool datagram;

	packet_start(&p, payload, len);
	push_transport(&p, &e);
	tail = p.len;
	datagram = p.proto == IPPROTO_UDP;
	push_extensions(&p, &e);
	if (e.family == AF_INET)
		push_ipv4(&p, &e, one_in(8) ? 4 * below(11) : 0,
			  one_in(16) ? rnd() : 0);
	else
		push_ipv6(&p, &e);
	if (one_in(3))
		corrupt(&p, &e, p.len - tail, datagram);
	if (p.len > PACKET_MAX)
		p.len = PACKET_MAX;
	if (e.family == AF_INET && way == TO_H0 && one_in(8) &&
	    p.len < 60000) { /* IPIP: the router has a tunnel on h0 */
		outer = (struct ends){ .family = AF_INET,
				       .src = address(AF_INET, 1, 2),
				       .dst = address(AF_INET, 1, 1) };
		p.proto = IPPROTO_IPIP;
		push_ipv4(&p, &outer, 0, 0);
		wrapped++;
		e = outer;
	}
	if (one_in(4))
		send_fragments(way, &p, &e);
	else
		deliver(way, &p, &e);
}

/* A connection that the router forwards; this program is both ends. */
struct connection {
	struct ends forth, back;
	enum way there, here; /* the devices of the server and of the client */
	uint32_t seq, ack;
};

static void send_segment(struct connection *c, bool forth, uint8_t flags,
			 const void *data, size_t len)
{
	static struct packet p;
	uint32_t *mine = forth ? &c->seq : &c->ack,
		 theirs = forth ? c->ack : c->seq;

	packet_start(&p, data, len);
	push_tcp(&p, forth ? &c->forth : &c->back, *mine,
		 flags & ACK ? theirs : 0, flags, NULL, 0);
	push_ip(&p, forth ? &c->forth : &c->back);
	deliver(forth ? c->here : c->there, &p, forth ? &c->forth : &c->back);
	*mine += len + !!(flags & (SYN | FIN));
}

static struct ends reversed(const struct ends *e)
{
	return (struct ends){ e->family, e->dst, e->src, e->dport, e->sport };
}

static void connect_both(struct connection *c, int family, enum way from,
			 uint16_t port)
{
	static uint16_t next = 2000;

	if (++next < 2000)
		next = 2000;
	c->forth = (struct ends){ family,
				  address(family, from == TO_H2 ? 3 : 1, 2),
				  address(family, 2, 2), next, port };
	c->back = reversed(&c->forth);
	c->here = from;
	c->there = TO_H1;
	c->seq = rnd();
	c->ack = rnd();
	send_segment(c, true, SYN, NULL, 0);
	send_segment(c, false, SYN | ACK, NULL, 0);
	send_segment(c, true, ACK, NULL, 0);
}

/* Sends @file in segments of @step bytes; a @cut other than 0 is the first. */
static void send_connection(const struct iovec *file, int family, enum way from,
			    uint16_t port, bool forth, size_t cut, size_t step)
{
	struct connection c;
	size_t at = 0, len;

	connect_both(&c, family, from, port);
	while (at < file->iov_len) {
		len = !at && cut ? cut : step;
		if (len > file->iov_len - at)
			len = file->iov_len - at;
		send_segment(&c, forth, ACK | PSH,
			     (uint8_t *)file->iov_base + at, len);
		at += len;
	}
	send_segment(&c, true, ACK | FIN, NULL, 0);
	send_segment(&c, false, ACK | FIN, NULL, 0);
}

static void send_datagram(const struct iovec *file, int family, enum way from,
			  uint16_t port, size_t len)
{
	static struct packet p;
	static uint16_t next = 2000;
	struct ends e = { family, address(family, from == TO_H2 ? 3 : 1, 2),
			  address(family, 2, 2), ++next, port };

	packet_start(&p, file->iov_base, len);
	push_udp(&p, &e);
	push_ip(&p, &e);
	if (one_in(4))
		send_fragments(from, &p, &e);
	else
		deliver(from, &p, &e);
	e = reversed(&e);
	packet_start(&p, file->iov_base, len);
	push_udp(&p, &e);
	push_ip(&p, &e);
	deliver(TO_H1, &p, &e);
}

static void replay(const struct iovec *file, size_t stride)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct iovec some = *file;
	unsigned int i, f, port;
	enum way from;
	size_t cut;

	if (some.iov_len > 1400)
		some.iov_len = 1400;
	for (i = 0; i < 4; i++) {
		f = families[i % 2];
		from = i < 2 ? TO_H0 : TO_H2;
		port = ports[below(port_count)];
		for (cut = 0; cut <= some.iov_len;
		     cut += cut < some.iov_len && cut + stride > some.iov_len
				    ? some.iov_len - cut
				    : stride)
			send_datagram(&some, f, from, one_in(2) ? 69 : port,
				      cut);
		send_connection(&some, f, from, port, i & 1, 0, PACKET_MAX);
		send_connection(&some, f, from, 21, true, 0,
				some.iov_len > 200 ? 16 : 1);
		send_connection(&some, f, from, 21, false, 0,
				some.iov_len > 200 ? 16 : 1);
		for (cut = 1; cut < some.iov_len; cut += stride)
			send_connection(&some, f, from, one_in(2) ? 21 : port,
					one_in(2), cut, PACKET_MAX);
	}
}

static void read_files(const char *dir)
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort), i, fd;
	char path[4096];
	struct stat st;

	if (n < 0)
		err(1, "%s", dir);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) ||
		    st.st_size > PACKET_MAX) {
			close(fd);
			continue;
		}
		if (file_count == FILES_MAX)
			errx(2, "more than %d files", FILES_MAX);
		files[file_count].iov_base = malloc(st.st_size + 1);
		files[file_count].iov_len =
			read(fd, files[file_count].iov_base, st.st_size);
		file_count++;
		close(fd);
	}
}

static void set_gro(const char *name, bool on)
{
	struct ethtool_value value = { .cmd = ETHTOOL_SGRO, .data = on };
	struct ifreq ifr = { .ifr_data = (void *)&value };

	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(raw4, SIOCETHTOOL, &ifr))
		err(1, "cannot change GRO of %s", name);
}

static void open_all(bool gro)
{
	int on = 1;

	taps[TO_H0] = open_tap("h0", IFF_VNET_HDR);
	taps[TO_H1] = open_tap("h1", IFF_VNET_HDR);
	taps[TO_H2] = open_tap("h2", IFF_NAPI | IFF_NAPI_FRAGS);
	listener = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	raw4 = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	raw6 = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (listener < 0 || raw4 < 0 || raw6 < 0)
		err(1, "socket");
	if (setsockopt(raw4, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)))
		err(1, "IP_HDRINCL");
	set_gro("h2", gro);
}

int main(int argc, char **argv)
{
	unsigned long long seed = 0;
	unsigned long n = 0, i;
	size_t stride = 1, each = 1;
	int option, faults = -1;
	bool gro = true;

	while ((option = getopt(argc, argv, "s:n:c:e:k:p:wgf:")) != -1) {
		switch (option) {
		case 's':
			seed = strtoull(optarg, NULL, 10),
			random_state = seed * 0x9e3779b97f4a7c15ULL | 1;
			break;
		case 'n': n = strtoul(optarg, NULL, 10); break;
		case 'c': read_files(optarg); break;
		case 'e': stride = strtoul(optarg, NULL, 10); break;
		case 'k': each = strtoul(optarg, NULL, 10); break;
		case 'p':
			if (port_count == PORTS_MAX)
				errx(2, "more than %d ports", PORTS_MAX);
			ports[port_count++] = strtoul(optarg, NULL, 10);
			break;
		case 'w': whole_only = true; break;
		case 'g': gro = false; break;
		case 'f': faults = atoi(optarg); break;
		default: errx(2, "usage: pktfuzz [-s SEED] [-n COUNT] [-c DIR]... [-e STRIDE] [-k EACH] [-p PORT]... [-w] [-g] [-f FD]");
		}
	}
	open_all(gro);
	if (faults >= 0 && write(faults, "10", 2) != 2)
		err(1, "cannot set the probability of failslab");
	for (i = 0; i < n; i++)
		send_random();
	if (!each)
		each = 1;
	for (i = seed % each; !n && i < file_count; i += each)
		replay(&files[i], stride ? stride : 1);
	drain();
	if (faults >= 0 && write(faults, "0", 1) != 1)
		err(1, "cannot set the probability of failslab");
	n = given[TO_H0] + given[TO_H1] + given[TO_H2] + given[OUT];
	printf("%lu packets: %lu non-linear, %lu sent by the router, %lu GSO, %lu fragments, %lu corrupted, %lu with more headers; %lu refused\n",
	       n, given[TO_H2], given[OUT], segmented, fragmented, corrupted,
	       wrapped, refused);
	return !n;
}
