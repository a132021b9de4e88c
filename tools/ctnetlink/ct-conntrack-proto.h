/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8) as conntrack(8): protocols of layer 4, and the options that -p adds. */
#ifndef POM_CT_CONNTRACK_PROTO_H
#define POM_CT_CONNTRACK_PROTO_H

#include "ct-conntrack.h"

/* Which object of a command an option sets. */
enum field_of { OF_CONNECTION, OF_MASK, OF_TUPLE };

enum field_kind { FIELD_PORT, FIELD_KEY, FIELD_U8, FIELD_TAG, FIELD_NAME };

/* An option of a protocol. */
struct field {
	const char *name, *alias;	/* @alias: of -o save, or NULL */
	enum field_kind kind;
	enum field_of of;
	enum nf_conntrack_attr attr;
	const char *takes, *needs;	/* letters of commands */
	const char *const *names;	/* of FIELD_NAME; ends in NULL */
};

enum {
	PAIR_FIELDS = 8,	/* original, reply, mask and tuple */
	PROTO_FIELDS_MAX = 12,
};

struct proto {
	const char *name;
	uint8_t number;
	const struct field *pairs;	/* PAIR_FIELDS ports or keys, or NULL */
	const struct field *own;	/* ends without a name, or NULL */
};

/* The options of a protocol in order; NULL at their end. */
const struct field *proto_field(const struct proto *proto, unsigned int i);

/*
 * Finds a protocol by its name or number, and sets @number. Protocols without
 * options share one entry, whose name is NULL. Returns NULL if there is none.
 */
const struct proto *proto_find(const char *text, uint8_t *number);
const struct proto *proto_by_number(uint8_t number);

/* Reads the value of an option of c->proto. Exits if it is wrong. */
void proto_read(struct conntrack_command *c, const char *name,
		const char *value);

/* Exits if an option of the protocol is missing or too much. */
void proto_check(const struct conntrack_command *c);

/* Writes the options of the connection for -o save, each after a blank. */
void proto_save(const struct proto *proto, const struct nf_conntrack *ct);

#endif
