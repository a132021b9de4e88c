/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the UDP payloads out of a small capture file (classic pcap, Ethernet,
 * the host's byte order), for unit tests only.
 */
#ifndef POM_TESTS_PCAP_H
#define POM_TESTS_PCAP_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PCAP_MAGIC	0xa1b2c3d4U
#define PCAP_ETHERNET	1

struct pcap_payload {
	uint8_t data[2048];
	size_t have;		/* bytes captured */
	size_t len;		/* bytes that were sent */
	uint16_t sport, dport;
};

static unsigned int pcap_be16(const uint8_t *at)
{
	return at[0] * 256U + at[1];
}

/* Opens @path and checks its header; NULL if it is not such a file. */
static FILE *pcap_open(const char *path)
{
	uint32_t head[6];
	FILE *f = fopen(path, "rb");

	if (!f)
		return NULL;
	if (fread(head, sizeof(head), 1, f) == 1 && head[0] == PCAP_MAGIC &&
	    head[5] == PCAP_ETHERNET)
		return f;
	fclose(f);
	return NULL;
}

/* The next UDP payload; 0 at the end, -1 where it is no UDP over IP. */
static int pcap_next(FILE *f, struct pcap_payload *p)
{
	uint32_t record[4];
	uint8_t frame[2048];
	size_t udp;

	if (fread(record, sizeof(record), 1, f) != 1)
		return 0;
	if (record[2] > sizeof(frame) || record[2] < 42 ||
	    fread(frame, 1, record[2], f) != record[2])
		return -1;
	if (pcap_be16(frame + 12) == 0x0800 && frame[23] == 17)
		udp = 14 + (frame[14] & 15) * 4U;
	else if (pcap_be16(frame + 12) == 0x86dd && frame[20] == 17)
		udp = 14 + 40;
	else
		return -1;
	if (udp + 8 > record[2] || pcap_be16(frame + udp + 4) < 8)
		return -1;
	p->sport = (uint16_t)pcap_be16(frame + udp);
	p->dport = (uint16_t)pcap_be16(frame + udp + 2);
	p->len = pcap_be16(frame + udp + 4) - 8;
	p->have = record[2] - udp - 8;
	if (p->have > p->len)
		p->have = p->len;	/* Ethernet's padding */
	memcpy(p->data, frame + udp + 8, p->have);
	return 1;
}

#endif
