// SPDX-License-Identifier: GPL-2.0-only
/* Single rules through nft_compat, as iptables-nft gives them to the kernel. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "abi.h"

static struct mnl_socket *nl;

void open_nft(void)
{
	nl = mnl_socket_open(NETLINK_NETFILTER);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink");
}

static struct nlmsghdr *put_head(void *buffer, uint16_t type, uint16_t flags,
				 int family)
{
	static uint32_t seq;
	struct nlmsghdr *h = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *g;
	bool frame = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;

	h->nlmsg_type = frame ? type : NFNL_SUBSYS_NFTABLES << 8 | type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_seq = ++seq;
	g = mnl_nlmsg_put_extra_header(h, sizeof(*g));
	g->nfgen_family = frame ? AF_UNSPEC : family;
	g->version = NFNETLINK_V0;
	g->res_id = frame ? htons(NFNL_SUBSYS_NFTABLES) : 0;
	return h;
}

static struct nlmsghdr *put_message(struct mnl_nlmsg_batch *batch,
				    uint16_t type, uint16_t flags, int family)
{
	return put_head(mnl_nlmsg_batch_current(batch), type, flags, family);
}

/* The name of the chain for @r: one for each hook and process. */
static const char *chain_of(const struct rule *r)
{
	static char chain[32];

	snprintf(chain, sizeof(chain), "hook%u-%d", r->hook, getpid());
	return chain;
}

static void put_chain(struct mnl_nlmsg_batch *batch, const struct rule *r,
		      const char *chain)
{
	struct nlattr *nest;
	struct nlmsghdr *h;

	h = put_message(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE,
			r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_TABLE_NAME, tables[r->table].name);
	mnl_nlmsg_batch_next(batch);

	h = put_message(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE,
			r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_CHAIN_TABLE, tables[r->table].name);
	mnl_attr_put_strz(h, NFTA_CHAIN_NAME, chain);
	nest = mnl_attr_nest_start(h, NFTA_CHAIN_HOOK);
	mnl_attr_put_u32(h, NFTA_HOOK_HOOKNUM, htonl(r->hook));
	mnl_attr_put_u32(h, NFTA_HOOK_PRIORITY,
			 htonl(tables[r->table].priority));
	mnl_attr_nest_end(h, nest);
	mnl_attr_put_strz(h, NFTA_CHAIN_TYPE, "filter");
	mnl_nlmsg_batch_next(batch);
}

static void put_rule(struct mnl_nlmsg_batch *batch, const struct rule *r,
		     const char *chain)
{
	struct nlattr *list, *element, *data;
	struct nlmsghdr *h;
	char name[sizeof(r->name) + 1] = "";

	memcpy(name, r->name, sizeof(r->name));
	h = put_message(batch, NFT_MSG_NEWRULE,
			NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK,
			r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_RULE_TABLE, tables[r->table].name);
	mnl_attr_put_strz(h, NFTA_RULE_CHAIN, chain);
	list = mnl_attr_nest_start(h, NFTA_RULE_EXPRESSIONS);
	element = mnl_attr_nest_start(h, NFTA_LIST_ELEM);
	mnl_attr_put_strz(h, NFTA_EXPR_NAME, r->target ? "target" : "match");
	data = mnl_attr_nest_start(h, NFTA_EXPR_DATA);
	/* NFTA_TARGET_* are the same numbers. */
	mnl_attr_put_strz(h, NFTA_MATCH_NAME, name);
	mnl_attr_put_u32(h, NFTA_MATCH_REV, htonl(r->revision));
	mnl_attr_put(h, NFTA_MATCH_INFO, r->size, r->data);
	mnl_attr_nest_end(h, data);
	mnl_attr_nest_end(h, element);
	mnl_attr_nest_end(h, list);
	list = mnl_attr_nest_start(h, NFTA_RULE_COMPAT);
	mnl_attr_put_u32(h, NFTA_RULE_COMPAT_PROTO,
			 htonl(r->address[r->family->proto]));
	mnl_attr_put_u32(h, NFTA_RULE_COMPAT_FLAGS,
			 htonl(r->not_proto ? NFT_RULE_COMPAT_F_INV : 0));
	mnl_attr_nest_end(h, list);
	mnl_nlmsg_batch_next(batch);
}

/* Sends a batch; returns the first error in the answers, or 0. */
static int give_batch(struct mnl_nlmsg_batch *batch)
{
	static char buffer[BLOB_MAX]; /* an error quotes its complete message */
	int answer = 0, answers = 0;
	ssize_t n;

	if (mnl_socket_sendto(nl, mnl_nlmsg_batch_head(batch),
			      mnl_nlmsg_batch_size(batch)) < 0)
		return errno;
	/* The kernel has queued the answers when sendto() returns. */
	while ((n = recv(mnl_socket_get_fd(nl), buffer, sizeof(buffer),
			 MSG_DONTWAIT)) > 0) {
		const struct nlmsghdr *h = (void *)buffer;
		int left = n;

		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			if (h->nlmsg_type == NLMSG_ERROR && ++answers &&
			    !answer)
				answer = -((const struct nlmsgerr *)
						   mnl_nlmsg_get_payload(h))
						  ->error;
	}
	if (!answers)
		errx(1, "nftables did not answer a batch");
	return answer;
}

static int give_nft(const struct rule *r)
{
	static char buffer[BLOB_MAX];
	struct mnl_nlmsg_batch *batch =
		mnl_nlmsg_batch_start(buffer, sizeof(buffer) / 2);
	const char *chain = chain_of(r);
	int answer;

	put_message(batch, NFNL_MSG_BATCH_BEGIN, 0, 0);
	mnl_nlmsg_batch_next(batch);
	put_chain(batch, r, chain);
	put_rule(batch, r, chain);
	put_message(batch, NFNL_MSG_BATCH_END, 0, 0);
	mnl_nlmsg_batch_next(batch);
	answer = give_batch(batch);
	mnl_nlmsg_batch_stop(batch);
	return answer;
}

/* The attribute @type in @nest, of @len bytes. */
static const struct nlattr *attribute_in(const void *nest, size_t len,
					 uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(nest, len)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static const struct nlattr *attribute(const struct nlattr *nest, uint16_t type)
{
	return nest ? attribute_in(mnl_attr_get_payload(nest),
				   mnl_attr_get_payload_len(nest), type)
		    : NULL;
}

/* A listing: the rule that is expected, and how often it was found. */
struct listing {
	const struct rule *rule;
	unsigned int found;
};

static int compare_rule(const struct nlmsghdr *h, void *of)
{
	struct listing *listing = of;
	const struct rule *r = listing->rule;
	const char *attributes =
		mnl_nlmsg_get_payload_offset(h, sizeof(struct nfgenmsg));
	size_t len = (const char *)mnl_nlmsg_get_payload_tail(h) - attributes;
	const struct nlattr *list =
		attribute_in(attributes, len, NFTA_RULE_EXPRESSIONS);
	const struct nlattr *data =
		attribute(attribute(list, NFTA_LIST_ELEM), NFTA_EXPR_DATA);
	const struct nlattr *name = attribute(data, NFTA_MATCH_NAME),
			    *revision = attribute(data, NFTA_MATCH_REV);
	const struct nlattr *info = attribute(data, NFTA_MATCH_INFO);

	if (!name || !revision || !info ||
	    strncmp(mnl_attr_get_str(name), r->name, sizeof(r->name)) ||
	    ntohl(mnl_attr_get_u32(revision)) != r->revision)
		errx(1, "%s.%u: nftables returned a different rule", r->name,
		     r->revision);
	if (mnl_attr_get_payload_len(info) != XT_ALIGN(r->size))
		errx(1, "%s.%u: nftables returned %u bytes of data instead of %u",
		     r->name, r->revision, mnl_attr_get_payload_len(info),
		     r->size);
	compare_data(r, &nft_path, mnl_attr_get_payload(info),
		     mnl_attr_get_payload_len(info));
	listing->found++;
	return MNL_CB_OK;
}

static bool holds_end(const void *buffer, int n)
{
	const struct nlmsghdr *h;

	for (h = buffer; mnl_nlmsg_ok(h, n); h = mnl_nlmsg_next(h, &n))
		if (h->nlmsg_type == NLMSG_DONE)
			return true;
	return false;
}

/*
 * Lists the rules of a chain. Returns false if another process changed rules
 * during the listing, so that some may be missing.
 */
static bool list_rules(const struct rule *r, struct listing *listing)
{
	static char buffer[BLOB_MAX];
	struct nlmsghdr *h = put_head(buffer, NFT_MSG_GETRULE, NLM_F_DUMP,
				      r->family->nfproto);
	uint32_t seq = h->nlmsg_seq;
	bool complete = true;
	ssize_t n;
	int more;

	mnl_attr_put_strz(h, NFTA_RULE_TABLE, tables[r->table].name);
	mnl_attr_put_strz(h, NFTA_RULE_CHAIN, chain_of(r));
	if (mnl_socket_sendto(nl, h, h->nlmsg_len) < 0)
		err(1, "cannot list rules of nftables");
	do {
		n = recv(mnl_socket_get_fd(nl), buffer, sizeof(buffer),
			 MSG_DONTWAIT);
		if (n < 0)
			err(1, "a listing of nftables has no end");
		more = mnl_cb_run(buffer, n, seq, mnl_socket_get_portid(nl),
				  compare_rule, listing);
		if (more < 0 && errno == EINTR) {
			complete = false;
			more = !holds_end(buffer, n);
		}
	} while (more > 0);
	if (more < 0)
		err(1, "nftables returned no rule");
	return complete;
}

static bool read_back_nft(const struct rule *r)
{
	struct listing listing = { .rule = r };
	unsigned int tries = 0;

	while (!list_rules(r, &listing)) {
		if (++tries == TRIES)
			return false;
		listing.found = 0;
	}
	if (!listing.found && others_change)
		return false;
	if (listing.found != 1)
		errx(1, "%s.%u: nftables returned %u rules instead of one",
		     r->name, r->revision, listing.found);
	return true;
}

static void drop_nft(const struct rule *r)
{
	static char buffer[BLOB_MAX];
	struct mnl_nlmsg_batch *batch =
		mnl_nlmsg_batch_start(buffer, sizeof(buffer) / 2);
	struct nlmsghdr *h;
	int answer;

	put_message(batch, NFNL_MSG_BATCH_BEGIN, 0, 0);
	mnl_nlmsg_batch_next(batch);
	h = put_message(batch, NFT_MSG_DELTABLE, NLM_F_ACK, r->family->nfproto);
	mnl_attr_put_strz(h, NFTA_TABLE_NAME, tables[r->table].name);
	mnl_nlmsg_batch_next(batch);
	put_message(batch, NFNL_MSG_BATCH_END, 0, 0);
	mnl_nlmsg_batch_next(batch);
	answer = give_batch(batch);
	mnl_nlmsg_batch_stop(batch);
	if (answer && !(answer == ENOENT && others_change))
		errx(1, "cannot delete the nftables table %s: %s",
		     tables[r->table].name, strerror(answer));
}

const struct path nft_path = { "nft_compat", give_nft, read_back_nft, drop_nft,
			       false };
