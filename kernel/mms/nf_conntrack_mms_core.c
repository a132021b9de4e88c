// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for MMS: a player tells the server at which UDP port it
 * waits for media. With the transport TCP, media comes in the same connection
 * and nothing opens.
 */

#include <linux/bitops.h>
#include <linux/module.h>

#include "lib/helper_core.h"
#include "lib/helper_tcp.h"
#include "mms/nf_conntrack_mms.h"
#include "mms/parser.h"

MODULE_DESCRIPTION("MMS connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("mms");
MODULE_SOFTDEP("post: nf_nat_mms");

/* Bits of struct pom_connection. */
#define MMS_NOT		(POM_OWN_BITS + 0) /* not MMS: never look again */
#define MMS_CONNECTED	(POM_OWN_BITS + 1) /* the client has begun */
#define MMS_ANSWERED	(POM_OWN_BITS + 2) /* and the server has answered */
#define MMS_EARLY	(POM_OWN_BITS + 3) /* a segment came early */

/* A server sends when it is asked to; a person may log in before. */
static const struct nf_conntrack_expect_policy mms_policy = {
	.max_expected	= 1,
	.timeout	= 120,	/* seconds */
};

/* Bytes of a message that has its kind. */
#define MMS_FIRST	(MMS_HEADER + 8)

/* Nothing behind it is read. */
static void refuse_connection(struct pom_stream *s, struct pom_connection *c,
			      const char *text)
{
	s->at = s->payload.len;
	s->line.len = 0;
	if (!test_and_set_bit(MMS_NOT, &c->bits))
		pom_refuse(s->p, POM_MALFORMED, text);
}

/* What is sent again was counted when it came first. */
static void refuse(const struct pom_stream *s, enum pom_count reason,
		   const char *text)
{
	if (!pom_stream_is_copy(s))
		pom_refuse(s->p, reason, text);
}

static noinline_for_stack bool write_funnel(struct pom_stream *s,
					    const struct mms_reader *r,
					    const struct mms_message *m,
					    const struct mms_funnel *f,
					    const struct pom_endpoint *seen)
{
	bool ipv6 = nf_ct_l3num(s->p->ct) == NFPROTO_IPV6;
	struct mms_patch patch;

	if (!pom_is_mapped(s->p))
		return true;
	if (!mms_make_patch(r, m, f, ipv6, seen, &patch)) {
		pom_refuse(s->p, POM_NOT_EXPECTED,
			   "the packet is too long to change");
		pom_stream_leave(s);
		return false;
	}
	return pom_stream_rewrite_bytes(s, patch.off, patch.len, patch.bytes,
					patch.n);
}

/*
 * What NAT has changed must change again, with the same length. The server has
 * read it, or a later announcement, if the first one arrived.
 */
static void write_again(struct pom_stream *s, const struct mms_reader *r,
			const struct mms_message *m, const struct mms_funnel *f)
{
	const struct pom_packet *p = s->p;
	struct pom_endpoint seen;

	if (f->port < POM_PORT_USER)
		return;
	pom_see(p, pom_announced_port(p, p->dir, f->port) ?: f->port, &seen);
	write_funnel(s, r, m, f, &seen);
}

/* Whether later segments may have gone on with the client's numbers. */
static bool is_passed(const struct pom_stream *s,
		      const struct pom_connection *c)
{
	return pom_is_mapped(s->p) && test_bit(MMS_EARLY, &c->bits);
}

static void refuse_passed(struct pom_stream *s)
{
	pom_refuse(s->p, POM_SPLIT, "later segments have passed");
	pom_stream_leave(s);
}

/*
 * To the true address of the client. The text may have any: players without UDP
 * have one in their source code.
 *
 * The port under NAT may have other digits than the client's, but not more.
 * Then a packet that is sent again changes its length in the same way.
 */
static void announce(struct pom_stream *s, const struct pom_connection *c,
		     const struct mms_reader *r,
		     const struct mms_message *m, const struct mms_funnel *f)
{
	struct pom_announced a = {
		.port		= f->port,
		.low		= POM_PORT_USER,
		.high		= f->port > 9999 ? POM_PORT_LAST : 9999,
		.l4proto	= IPPROTO_UDP,
	};

	if (!pom_stream_can_rewrite(s))
		return;
	if (pom_stream_is_copy(s))
		write_again(s, r, m, f);
	else if (is_passed(s, c))
		refuse_passed(s);
	else if (pom_expect_port(s->p, &a))
		pom_expected(&a, write_funnel(s, r, m, f, &a.seen));
	else
		pom_stream_leave(s);
}

/* Media comes in the same connection, and no longer to an earlier port. */
static void choose_tcp(const struct pom_stream *s)
{
	const struct pom_packet *p = s->p;

	if (pom_stream_is_copy(s))
		return;
	nf_autohelper_count(p->helper, p->ct, POM_ANNOUNCEMENTS);
	nf_ct_remove_expectations(p->ct);
}

/* Also when it is sent again, and the server has answered meanwhile. */
static void refuse_early(struct pom_stream *s)
{
	refuse(s, POM_WRONG_SIDE, "the server has not answered");
	pom_stream_leave(s);
}

/*
 * What is refused for its text, or for the port, is refused again when it is
 * sent again.
 */
static void read_funnel(struct pom_stream *s, const struct pom_connection *c,
			const struct mms_reader *r, const struct mms_message *m)
{
	struct mms_funnel f;
	enum mms_error error = mms_parse_funnel(r, m, &f);

	if (error != MMS_OK)
		refuse(s, POM_MALFORMED, mms_error_text(error));
	else if (!test_bit(MMS_ANSWERED, &c->bits))
		refuse_early(s);
	else if (f.transport == MMS_UDP)
		announce(s, c, r, m, &f);
	else
		choose_tcp(s);
}

/*
 * The server takes the last announcement. NAT could not find the second one of
 * a packet after it has changed the first.
 */
static noinline_for_stack void read_messages(struct pom_stream *s,
					     struct pom_connection *c)
{
	const struct pom_packet *p = s->p;
	struct mms_reader r = { .data = p->data, .have = p->have };
	bool announced = false;
	struct mms_message m;

	while (mms_next(&r, &m)) {
		if (!test_bit(MMS_CONNECTED, &c->bits)) {
			if (m.kind != MMS_CONNECT)
				break;
			set_bit(MMS_CONNECTED, &c->bits);
		}
		if (m.kind != MMS_CONNECT_FUNNEL)
			continue;
		if (!pom_stream_admit(s)) {
			pom_stream_leave(s);
			return;
		}
		if (announced) {
			refuse(s, POM_MALFORMED,
			       "a second announcement in a packet");
			return;
		}
		announced = true;
		read_funnel(s, c, &r, &m);
	}
	if (!test_bit(MMS_CONNECTED, &c->bits))
		refuse_connection(s, c, "the first message is not one of MMS");
	else if (r.malformed)
		refuse_connection(s, c, "a message of the wrong length");
}

/* Copies up to @want bytes in all to the line; false where some are missing. */
static bool gather(struct pom_stream *s, unsigned int want)
{
	struct pom_line *l = &s->line;
	unsigned int n = 0;

	if (l->len < want)
		n = min(want - l->len, s->payload.len - s->at);
	if (n && skb_copy_bits(s->p->skb, s->payload.off + s->at,
			       l->bytes + l->len, n) < 0) {
		s->at = s->payload.len;
		return false;
	}
	l->len += n;
	s->at += n;
	return l->len >= want;
}

/*
 * Passes over bytes that are not read.
 *
 * Return: how many of them are still to come.
 */
static unsigned int pass(struct pom_stream *s, unsigned int left)
{
	unsigned int n = min(left, s->payload.len - s->at);

	s->at += n;
	s->line.len = 0;
	s->line.skip = n < left;
	return left - n;
}

/*
 * Reads the next packet of the client, which may have begun in an earlier
 * segment. Of a packet that is too long only the first message is looked at.
 *
 * Return: how many of its bytes are still to come; 0 also where the segment has
 * too few to tell, or no packet.
 */
static unsigned int read_packet(struct pom_stream *s, struct pom_connection *c)
{
	struct pom_packet *p = s->p;
	struct pom_line *l = &s->line;
	unsigned int want;
	int size;

	gather(s, MMS_HEAD);
	size = mms_packet_size(l->bytes, l->len);
	if (size < 0)
		refuse_connection(s, c, "no message of MMS");
	if (size <= 0)
		return 0;
	want = size > MMS_READ_MAX ? MMS_FIRST : size;
	if (!gather(s, want))
		return size - l->len;
	p->data = l->bytes;
	p->have = want;
	p->len = want;
	p->off = (int)s->at - (int)want;
	read_messages(s, c);
	return pass(s, size - want);
}

/* The beginning of any packet: its length leads to the next one. */
static bool is_wanted(const u8 *data, size_t len)
{
	return mms_packet_size(data, len) >= 0;
}

/* Some in front of it is missing, and may come again. */
static void refuse_gap(const struct pom_stream *s, struct pom_connection *c)
{
	if (s->known && pom_stream_moves(s) &&
	    !test_and_set_bit(MMS_EARLY, &c->bits))
		pom_refuse(s->p, POM_MALFORMED, "a segment is missing");
}

/*
 * Passes over the rest of a packet that an earlier segment has begun.
 *
 * Return: false where it is not known how many bytes that are.
 */
static bool pass_rest(struct pom_stream *s, struct pom_connection *c,
		      unsigned int *left)
{
	*left = pom_stream_number(s);
	if (*left) {
		*left = pass(s, *left);
		return true;
	}
	/* Other connections have taken the place of the beginning. */
	if (s->lost)
		refuse_connection(s, c, "the beginning of a packet is lost");
	return false;
}

/*
 * A packet is read only where its place in the stream is known: behind the one
 * before it. What the name of a file or a password contains is never a packet.
 */
static void from_client(struct pom_stream *s, struct pom_connection *c)
{
	unsigned int left = 0;

	if (!s->fresh && !s->in_order) {
		refuse_gap(s, c);
		return;
	}
	/* Under NAT it stays: the gap may be longer than this segment. */
	if (s->in_order && test_bit(MMS_EARLY, &c->bits) &&
	    !pom_is_mapped(s->p))
		clear_bit(MMS_EARLY, &c->bits);
	if (!s->fresh && !s->line.len && !pass_rest(s, c, &left))
		return;
	while (s->at < s->payload.len)
		left = read_packet(s, c);
	if (pom_stream_moves(s))
		pom_stream_set_number(s, left);
	/* A copy is read only from its beginning. */
	if (s->fresh)
		s->rewritten_at = s->payload.seq;
	pom_stream_end(s, is_wanted);
}

/*
 * Of a connection that is not helped any more, what NAT has changed must change
 * again.
 */
static bool is_over(const struct pom_stream *s, const struct pom_connection *c)
{
	return test_bit(MMS_NOT, &c->bits) &&
	       (!pom_is_mapped(s->p) || !s->fresh || s->in_order ||
		s->p->dir != IP_CT_DIR_ORIGINAL);
}

/* Nothing that a server sends is an announcement. */
static void refuse_server(const struct pom_stream *s)
{
	struct mms_reader r = { .have = MMS_FIRST };
	u8 bytes[MMS_FIRST];
	struct mms_message m;

	if (s->payload.len < sizeof(bytes) ||
	    skb_copy_bits(s->p->skb, s->payload.off, bytes, sizeof(bytes)) < 0)
		return;
	r.data = bytes;
	if (mms_next(&r, &m) && m.kind == MMS_CONNECT_FUNNEL)
		pom_refuse(s->p, POM_WRONG_SIDE, "the server announces");
}

/* The first message of a server. */
static void read_answer(struct pom_stream *s, struct pom_connection *c)
{
	struct mms_reader r = { .data = s->line.bytes };
	struct mms_message m;

	if (!s->fresh && !s->line.len)
		return;
	if (!gather(s, MMS_FIRST)) {
		if (mms_packet_size(s->line.bytes, s->line.len) < 0)
			refuse_connection(s, c, "the server has no MMS");
		else
			pom_stream_end(s, is_wanted);
		return;
	}
	r.have = s->line.len;
	if (test_bit(MMS_CONNECTED, &c->bits) && mms_next(&r, &m) &&
	    m.kind == MMS_REPORT_CONNECTED_EX)
		set_bit(MMS_ANSWERED, &c->bits);
	else
		refuse_connection(s, c, "the server has no MMS");
}

static int mms_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_mms_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct pom_connection *c = nfct_help_data(ct);
	struct pom_stream s pom_space;

	BUILD_BUG_ON(MMS_EARLY >= POM_OWN_BITS_END);
	BUILD_BUG_ON(MMS_PACKET_MAX > U16_MAX);
	BUILD_BUG_ON(POM_LINE_MAX < MMS_READ_MAX);
	if (!pom_stream_begin(&s, &p, protoff, ctinfo, true) || is_over(&s, c))
		return NF_ACCEPT;
	if (p.dir == IP_CT_DIR_ORIGINAL)
		from_client(&s, c);
	else if (test_bit(MMS_ANSWERED, &c->bits))
		refuse_server(&s);
	else
		read_answer(&s, c);
	return NF_ACCEPT;
}

struct pom_helper pom_mms_helper = {
	.name		= "mms",
	.l4proto	= IPPROTO_TCP,
	.default_port	= 1755,
	.policy		= &mms_policy,
	.help		= mms_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_mms_helper);
struct pom_helper *const pom_core_of = &pom_mms_helper;
