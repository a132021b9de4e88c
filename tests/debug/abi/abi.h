/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of abi-fuzz have in common: rules, the two paths by which they come to the kernel, and its revisions. */
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

/* The two kinds of tables differ in the head of an entry only, and in numbers. */
struct family {
	const char *name, *prefix; /* for people; the kernel says PREFIX_tables */
	int number, level;
	unsigned char nfproto;
	size_t head; /* of an entry: struct ipt_entry, struct ip6t_entry */
	size_t address; /* the part of it that says which packets */
	size_t proto; /* offsets of the protocol, */
	size_t flags; /* of the flags, */
	size_t target_offset, next_offset; /* and of these */
	int match_revision, target_revision; /* names of socket options */
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
	bool not_proto; /* which nft_compat gets in addition to the address */
	uint16_t size, claimed; /* of data; the size that is said to the kernel where that can lie */
	uint8_t data[DATA_MAX + 64];
};

/*
 * How a rule comes to the kernel. give() returns errno, or 0; only then there is something to read back and to drop. Where
 * @replaces, the next rule replaces what is not dropped.
 */
struct path {
	const char *name;
	int (*give)(const struct rule *r);
	void (*read_back)(const struct rule *r);
	void (*drop)(const struct rule *r);
	bool replaces;
};

#define PATHS 2
extern const struct path setsockopt_path, nft_path;

/* abi-fuzz.c: the @len bytes of @r's data that the kernel gives back must be those that it was given, or zero, as is padding. */
void compare_data(const struct rule *r, const struct path *path, const uint8_t *data, size_t len);

static inline uint16_t get16(const void *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

/* setsockopt.c. Structures of IPv4 are also used for IPv6, where they are identical. */
void open_tables(void);
bool table_info(const struct family *f, unsigned int table, struct ipt_getinfo *info);
struct ipt_get_entries *table_entries(const struct family *f, unsigned int table, struct ipt_getinfo *info);
int give_table(const struct family *f, unsigned int table, const struct rule *r);
void empty_tables(void);

/* nft.c */
void open_nft(void);

/* What the kernel has of a match or target, in one family. */
struct revision {
	char name[XT_EXTENSION_MAXNAMELEN];
	bool target;
	const struct family *family;
	uint8_t number;
	int size; /* of data, as rules have it; -1: not known so far */
	unsigned long accepted; /* rules of it */
};

#define REVISIONS_MAX 256
extern struct revision revisions[REVISIONS_MAX];
extern unsigned int revision_count;

/* revisions.c */
void ask_revisions(const char *name, bool target);
struct revision *revision_of(const char *name, const struct family *f, uint8_t number);
void set_size(struct revision *v, int size);
void measure_revisions(void);
void read_revisions(const char *file);
void write_revisions(void);

#endif
