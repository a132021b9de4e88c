/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ct(8) with the command line of conntrack(8) 1.4.7. Its letters name commands:
 * "L" lists connections, and "l" lists expectations.
 */
#ifndef POM_CT_CONNTRACK_H
#define POM_CT_CONNTRACK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include <libmnl/libmnl.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>

enum conntrack_table {
	TABLE_CONNTRACK, TABLE_EXPECT, TABLE_DYING, TABLE_UNCONFIRMED,
};

/* Options, as bits of conntrack_command.given. */
enum conntrack_option {
	OPT_SRC, OPT_DST, OPT_REPLY_SRC, OPT_REPLY_DST, OPT_PROTO, OPT_TIMEOUT,
	OPT_STATUS, OPT_ZERO, OPT_EVENTS, OPT_TUPLE_SRC, OPT_TUPLE_DST,
	OPT_MASK_SRC, OPT_MASK_DST, OPT_MARK, OPT_ID, OPT_FAMILY, OPT_SNAT,
	OPT_DNAT, OPT_OUTPUT, OPT_SECMARK, OPT_BUFFER, OPT_ANY_NAT, OPT_ZONE,
	OPT_LABEL, OPT_LABEL_ADD, OPT_LABEL_DEL, OPT_ORIG_ZONE, OPT_REPLY_ZONE,
	OPT_MAX,
};

#define BIT_OF(option)	(1u << (option))

/* Bits of conntrack_command.output. */
enum {
	OUT_XML = 1, OUT_EXTENDED = 2, OUT_TIME = 4, OUT_ID = 8,
	OUT_KERNEL_TIME = 16, OUT_LABELS = 32, OUT_SAVE = 64,
};

/* Bits of conntrack_command.events. */
enum {
	EVENT_NEW = 1, EVENT_UPDATE = 2, EVENT_DESTROY = 4, EVENT_ALL = 7,
};

struct proto;

/* Bits that are compared, and how they must be. */
struct masked {
	uint32_t val, mask;
};

/* A command line. The objects exist until the program exits. */
struct conntrack_command {
	char name;			/* a letter; 0: none was given */
	unsigned int line;		/* of -R */
	enum conntrack_table table;
	uint32_t given;			/* options */
	uint32_t fields;		/* options of the protocol, by index */
	uint32_t output, events;
	uint8_t family;			/* AF_UNSPEC: any */
	const struct proto *proto;	/* NULL without -p */
	uint8_t proto_number;
	int buffer;			/* bytes */
	struct nf_conntrack *ct;	/* what is compared or created */
	struct nf_conntrack *tuple;	/* what an expectation expects */
	struct nf_conntrack *mask;	/* of @tuple, or of addresses in @ct */
	struct nf_expect *expect;
	struct masked mark, status;
	struct nfct_bitmask *label, *changed_label;	/* or NULL */
	struct nfct_labelmap *labels;	/* names of labels, or NULL */
};

static inline bool given(const struct conntrack_command *c,
			 enum conntrack_option option)
{
	return c->given & BIT_OF(option);
}

/* ct-conntrack.c */

/* Whether a command line is one of conntrack(8), and not of ct's own words. */
bool conntrack_meant(int argc, char **argv);
int conntrack_main(int argc, char **argv);

/* Writes a message that points at the help, and exits with EXIT_USAGE. */
noreturn void __attribute__((format(printf, 1, 2)))
conntrack_usage(const char *format, ...);

/* Writes which operation failed with @err, and exits with EXIT_FAILURE. */
noreturn void conntrack_failed(const struct conntrack_command *c, int err);

/* The line on standard error that follows the output of a command. */
void conntrack_summary(const char *format, unsigned int count);

/* ct-conntrack-options.c: exits if the command line is wrong. */
void conntrack_parse(struct conntrack_command *c, int argc, char **argv);

/* ct-conntrack-match.c */

/* Moves an address with a mask from c->ct to the filter of networks. */
void match_prepare(const struct conntrack_command *c);

/* Whether the command has options that select, as -z refuses. */
bool match_compares(const struct conntrack_command *c);

/* Whether -L, -D, -G or -E means the connection. */
bool match_connection(const struct conntrack_command *c,
		      const struct nf_conntrack *ct);

/* Whether -U means it: mark, status and timeout are new values then. */
bool match_for_update(const struct conntrack_command *c,
		      const struct nf_conntrack *ct);

/* ct-conntrack-print.c: one line, or one element of XML, without a newline. */
void print_connection(const struct conntrack_command *c,
		      const struct nf_conntrack *ct, uint32_t type);
void print_expectation(const struct conntrack_command *c,
		       const struct nf_expect *expect, uint32_t type);

/* The head of an XML document before its first element, and its end. */
void print_xml_head(const struct conntrack_command *c, const char *element);
void print_xml_end(const char *element);

/* ct-conntrack-netlink.c: each exits if a socket cannot be used. */
struct mnl_socket *conntrack_socket(unsigned int groups);

/*
 * The sockets that all lines of -R use: one for a dump, and one for what is
 * sent while a dump is read. Both stay open until the program exits.
 */
struct mnl_socket *conntrack_dump_socket(void);
struct mnl_socket *conntrack_request_socket(void);

/* The header of a message in a buffer that the next one of @nl reuses. */
struct nlmsghdr *conntrack_message(uint16_t subsystem, uint16_t type,
				   uint16_t flags, uint8_t family);

/* Sends it and reads the answer up to its end. Returns 0 or an error. */
int conntrack_converse(struct mnl_socket *nl, struct nlmsghdr *nlh, mnl_cb_t cb,
		       void *data);

/* ct-conntrack-table.c: commands on connections. */
int conntrack_list(struct conntrack_command *c);
int conntrack_get(struct conntrack_command *c);
int conntrack_delete(struct conntrack_command *c);
int conntrack_create(struct conntrack_command *c);
int conntrack_update(struct conntrack_command *c);
int conntrack_flush(struct conntrack_command *c);

/* ct-conntrack-events.c: each prints events until SIGINT or SIGTERM. */
int conntrack_events(struct conntrack_command *c);
int expect_events(struct conntrack_command *c);

/* ct-conntrack-expect.c: commands on expectations. */
int expect_list(struct conntrack_command *c);
int expect_get(struct conntrack_command *c);
int expect_create(struct conntrack_command *c);
int expect_delete(struct conntrack_command *c);
int expect_flush(struct conntrack_command *c);

#endif
