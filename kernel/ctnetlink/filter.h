/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which connections a request selects: the terms of nf_ctnetlink.h, checked
 * once, and compared with the facts of one connection after the other.
 *
 * Plain C: the same file serves the module and the unit test.
 */
#ifndef POM_CTNETLINK_FILTER_H
#define POM_CTNETLINK_FILTER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif
#include <linux/netfilter/nf_ctnetlink.h>

/* Facts that not every connection has, or that cost more to find out. */
#define CTN_HAS_ACCT	1u	/* packets, bytes */
#define CTN_HAS_TSTAMP	2u	/* age */
#define CTN_HAS_MORE	4u	/* helper, labels: may be none */

/**
 * struct ctn_facts - a connection
 * @has: of CTN_HAS_*, which of the later members are set
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: IPPROTO_*
 * @flags: of NF_CTNETLINK_RECORD_*, what @state is
 * @state: of TCP or SCTP
 * @zone: its number
 * @status: bits
 * @mark: 0 without
 * @left: seconds
 * @port: source and destination of each direction, as numbers
 * @icmp: the type * 256 and code
 * @has_ports: @port is set
 * @is_icmp: @icmp is set
 * @addr: source and destination of each direction, 4 or 16 bytes
 * @age: seconds
 * @packets: of each direction
 * @bytes: of each direction
 * @helper: its name, or NULL
 * @labels: 128 bits, or NULL
 */
struct ctn_facts {
	unsigned int has;
	uint8_t family;
	uint8_t proto;
	uint8_t flags;
	uint8_t state;
	uint16_t zone;
	uint32_t status;
	uint32_t mark;
	uint32_t left;
	uint16_t port[2][2];
	uint16_t icmp;
	bool has_ports;
	bool is_icmp;
	const uint8_t *addr[2][2];
	uint64_t age;
	uint64_t packets[2];
	uint64_t bytes[2];
	const char *helper;
	const unsigned long *labels;
};

/* In this order: the least of terms that all must hold, the most of others. */
enum ctn_result {
	CTN_NO,
	CTN_UNKNOWN,	/* a fact that decides is missing, see @lacks */
	CTN_YES,
};

/**
 * struct ctn_filter - the terms of a request
 * @needs: of CTN_HAS_*, what they compare
 * @count: how many
 * @term: the terms
 */
struct ctn_filter {
	unsigned int needs;
	unsigned int count;
	struct nf_ctnetlink_term term[];
};

/**
 * ctn_filter_check() - validate terms, and set @needs
 * @filter: the terms that a user sent
 * @bad: the number of the first term that is wrong
 *
 * Return: NULL, or what is wrong
 */
const char *ctn_filter_check(struct ctn_filter *filter, unsigned int *bad);

/**
 * ctn_filter_match() - compare
 * @filter: after ctn_filter_check()
 * @facts: the connection
 * @lacks: with CTN_UNKNOWN, of CTN_HAS_*, the facts that are missing
 */
enum ctn_result ctn_filter_match(const struct ctn_filter *filter,
				 const struct ctn_facts *facts,
				 unsigned int *lacks);

#endif
