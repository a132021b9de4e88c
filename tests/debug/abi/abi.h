/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the parts of abi-fuzz: rules, the two interfaces through which the
 * kernel takes them, and the revisions that the kernel has.
 */
#ifndef POM_DEBUG_ABI_H
#define POM_DEBUG_ABI_H

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DATA_MAX 16384
#define BLOB_MAX 131072

/* Tables of the families differ only in the head of an entry and in numbers. */
struct family {
	const char *name, *prefix; /* in the kernel's log: PREFIX_tables */
	int number, level;
	unsigned char nfproto;
	size_t head; /* bytes of struct ipt_entry or struct ip6t_entry */
	size_t address; /* bytes of struct ipt_ip or struct ip6t_ip6 */
	size_t proto, flags, target_offset,
		next_offset; /* offsets in the head */
	int match_revision, target_revision; /* socket options */
	int socket;
};

#define FAMILIES 2
extern struct family families[FAMILIES];

struct table {
	const char *name;
	unsigned int hooks;
	int priority;
};

#define TABLES 3
extern const struct table tables[TABLES];

struct rule {
	const struct family *family;
	bool target;
	unsigned int table, hook;
	char name[XT_EXTENSION_MAXNAMELEN];
	uint8_t revision;
	uint8_t address[sizeof(struct ip6t_ip6)];
	bool not_proto; /* NFT_RULE_COMPAT_F_INV, for nft_compat */
	uint16_t size, claimed; /* of data; claimed: in the setsockopt header */
	uint8_t data[DATA_MAX + 64];
};

/*
 * An interface that takes rules. give() returns errno, or 0; read_back() and
 * drop() follow only after 0. With @replaces, the next give() replaces a rule
 * that was not dropped.
 */
struct path {
	const char *name;
	int (*give)(const struct rule *r);
	bool (*read_back)(const struct rule *r);
	void (*drop)(const struct rule *r);
	bool replaces;
};

/*
 * Other processes change the tables at the same time (-t): a rule may be gone
 * when it is read back, and a table is read or replaced again.
 */
extern bool others_change;
#define TRIES 100

#define PATHS 2
extern const struct path setsockopt_path, nft_path;

/*
 * abi-fuzz.c: compares @len bytes of data that the kernel returned with those
 * of @r, and exits at a difference; 0 is allowed, for padding.
 */
void compare_data(const struct rule *r, const struct path *path,
		  const uint8_t *data, size_t len);

static inline uint16_t get16(const void *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

/* setsockopt.c. IPv4 structures serve for IPv6 where both are identical. */
void open_tables(void);
bool table_info(const struct family *f, unsigned int table,
		struct ipt_getinfo *info);
struct ipt_get_entries *table_entries(const struct family *f,
				      unsigned int table,
				      struct ipt_getinfo *info);
int give_table(const struct family *f, unsigned int table,
	       const struct rule *r);
void empty_tables(void);

/* nft.c */
void open_nft(void);

/* A revision of a match or target in one family of the kernel. */
struct revision {
	char name[XT_EXTENSION_MAXNAMELEN];
	bool target;
	const struct family *family;
	uint8_t number;
	int size; /* bytes of data; -1: not known so far */
	unsigned long accepted; /* rules of it that the kernel accepted */
};

#define REVISIONS_MAX 256
extern struct revision revisions[REVISIONS_MAX];
extern unsigned int revision_count;

/* revisions.c */
void query_revisions(const char *name, bool target);
struct revision *revision_of(const char *name, const struct family *f,
			     uint8_t number);
void set_size(struct revision *v, int size);
void measure_revisions(void);
void read_revisions(const char *file);
void write_revisions(void);

#endif
