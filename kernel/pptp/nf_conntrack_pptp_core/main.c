// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for PPTP: two hosts agree over TCP on calls, whose
 * packets are GRE. Either of them may have connected to the other, and may
 * call.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>

#include "compat/gre.h"
#include "lib/helper.h"
#include "lib/helper_session.h"
#include "lib/memcg.h"
#include "pptp/nf_conntrack_pptp_core/internal.h"
#include "pptp/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("PPTP connection tracking helper");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS_NFCT_HELPER("pptp");
MODULE_ALIAS("ip_conntrack_proto_gre");
MODULE_SOFTDEP("post: nf_nat_pptp");

/* A call has an expectation for each direction until its first packet. */
static const struct nf_conntrack_expect_policy pptp_policy = {
	.max_expected	= 2 * PPTP_WAITING_MAX,
	.timeout	= 300,	/* seconds */
};

static bool unlink_session(struct pptp_net *pn, struct pptp_session *s)
{
	bool ret;

	spin_lock_bh(&pn->lock);
	ret = !list_empty(&s->list);
	if (ret) {
		list_del_init(&s->list);
		pn->n_sessions--;
	}
	spin_unlock_bh(&pn->lock);
	return ret;
}

/**
 * pptp_session_end() - end a control connection and its calls
 * @pn: its namespace
 * @s: the session; may have been ended already. Under rcu_read_lock
 */
void pptp_session_end(struct pptp_net *pn, struct pptp_session *s)
{
	bool more;

	do {
		spin_lock_bh(&s->lock);
		s->dead = true;
		more = pptp_calls_remove(pn, s, PPTP_BATCH);
		spin_unlock_bh(&s->lock);
	} while (more);
	/* Of two CPUs that end it, the one that unlinks it frees it. */
	if (unlink_session(pn, s))
		kfree_rcu(s, rcu);
}

static bool link_session(struct pptp_net *pn, struct pptp_session *s)
{
	bool ret;

	spin_lock_bh(&pn->lock);
	ret = !pn->dead && pn->n_sessions < pptp_max_sessions();
	if (ret) {
		list_add_tail(&s->list, &pn->sessions);
		pn->n_sessions++;
	}
	spin_unlock_bh(&pn->lock);
	return ret;
}

static struct pptp_session *alloc_session(const struct pptp_segment *g)
{
	struct pptp_session *s;

	s = pom_memcg_zalloc(g->pn->memcg, sizeof(*s),
			     GFP_NOWAIT | __GFP_NOWARN);
	if (!s) {
		pom_refuse(g->p, POM_NOT_EXPECTED, "no memory");
		return NULL;
	}
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->calls);
	s->last[IP_CT_DIR_ORIGINAL] = jiffies;
	s->last[IP_CT_DIR_REPLY] = jiffies;
	if (link_session(g->pn, s))
		return s;
	kfree(s);
	pom_refuse(g->p, POM_NOT_EXPECTED, "too many control connections");
	return NULL;
}

static void begin_streams(void *session, const u32 *begin)
{
	struct pptp_session *s = session;
	unsigned int i;

	memset(s->dir, 0, sizeof(s->dir));
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		s->dir[i].place.next = begin[i];
}

/* Whether the client's first bytes can be those of PPTP. */
static bool opens(const struct pptp_segment *g)
{
	u8 head[PPTP_READ_MAX];
	unsigned int n = min_t(unsigned int, g->payload.len, sizeof(head));
	struct pptp_message msg;
	enum pptp_error error;

	if (skb_copy_bits(g->p->skb, g->payload.off, head, n) < 0)
		return false;
	error = pptp_parse(head, n, &msg);
	return error == PPTP_MORE ||
	       (error == PPTP_OK && msg.control == PPTP_START_REQUEST);
}

/* Lines in a connection of a different protocol open nothing. */
static struct pptp_session *make_session(const struct pptp_segment *g,
					 struct pom_session_data *d)
{
	struct nf_conn *ct = g->p->ct;
	struct pptp_session *s;

	if (!pom_session_is_first(d, g->p, &g->payload))
		return NULL;
	if (!opens(g)) {
		set_bit(POM_SESSION_REFUSED, &d->bits);
		pom_refuse(g->p, POM_MALFORMED,
			   "the first message is no request to start");
		return NULL;
	}
	s = alloc_session(g);
	if (!s || pom_session_install(ct, d, s, begin_streams))
		return s;
	pptp_session_end(g->pn, s);
	return pom_session_find(d);
}

static void begin_again(struct pptp_net *pn, struct pptp_session *s,
			const u32 *begin)
{
	spin_lock_bh(&s->lock);
	pptp_calls_remove(pn, s, UINT_MAX);
	s->asked = false;
	s->started = false;
	s->closed = false;
	begin_streams(s, begin);
	spin_unlock_bh(&s->lock);
}

/* A SYN/ACK tells where both directions begin. */
static void read_syn(const struct pptp_segment *g, struct pom_session_data *d)
{
	u32 begin[IP_CT_DIR_MAX];
	void *s;

	if (pom_session_syn(g->p, &g->payload, d, begin, &s) && s)
		begin_again(g->pn, s, begin);
}

/* After FIN or RST that conntrack has let pass: it has changed its state. */
static bool is_closing(const struct nf_conn *ct)
{
	u8 state = READ_ONCE(ct->proto.tcp.state);

	return state >= TCP_CONNTRACK_FIN_WAIT && state <= TCP_CONNTRACK_CLOSE;
}

static bool is_established(enum ip_conntrack_info ctinfo)
{
	return ctinfo == IP_CT_ESTABLISHED || ctinfo == IP_CT_ESTABLISHED_REPLY;
}

static void read_segment(struct pptp_segment *g, struct pom_session_data *d,
			 bool established)
{
	bool closing = is_closing(g->p->ct);
	struct pptp_session *s = pom_session_find(d);

	if (!s && established && !closing)
		s = make_session(g, d);
	if (!s)
		return;
	WRITE_ONCE(s->last[g->p->dir], jiffies);
	spin_lock_bh(&s->lock);
	if (!s->dead && !s->closed) {
		g->s = s;
		g->st = &s->dir[g->p->dir];
		if (established && !pptp_stream_read(g)) {
			set_bit(POM_SESSION_REFUSED, &d->bits);
			closing = true;
		}
		if (closing) {
			pptp_calls_remove(g->pn, s, UINT_MAX);
			s->closed = true;
		}
	}
	spin_unlock_bh(&s->lock);
}

static noinline_for_stack void read_packet(struct sk_buff *skb,
					   unsigned int protoff,
					   struct nf_conn *ct,
					   enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_pptp_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
		.protoff = protoff,
	};
	struct pom_session_data *d = nfct_help_data(ct);
	struct pptp_segment g = { .p = &p };

	BUILD_BUG_ON(sizeof(*d) > POM_GRE_DATA_MAX);
	BUILD_BUG_ON(POM_SESSION_BITS_END > POM_OWN_BITS_END);
	pom_packet_begin(&p);
	/* In this RCU section, a namespace with a user keeps its pptp_net(). */
	if (!check_net(nf_ct_net(ct)) || pom_packet_is_error(&p) ||
	    !tcp_payload_find(skb, protoff, &g.payload))
		return;
	g.pn = pptp_net(nf_ct_net(ct));
	if (g.payload.syn)
		read_syn(&g, d);
	else
		read_segment(&g, d, is_established(ctinfo) && g.payload.len);
}

static bool is_echo(const struct sk_buff *skb,
		    const struct tcp_payload *payload)
{
	u8 buf[PPTP_ECHO_MAX];
	const u8 *data;

	if (payload->len > sizeof(buf))
		return false;
	data = skb_header_pointer(skb, payload->off, payload->len, buf);
	return data && pptp_is_echo(data, payload->len);
}

/* Return: false where the echo is not what is next in the stream. */
static bool pass_echo(struct pptp_session *s, u8 dir,
		      const struct tcp_payload *payload)
{
	struct pptp_place *place = &s->dir[dir].place;
	bool ret;

	spin_lock_bh(&s->lock);
	ret = payload->seq == place->next && !place->skip && !place->have &&
	      s->asked && !s->dead && !s->closed;
	if (ret)
		place->next += payload->len;
	spin_unlock_bh(&s->lock);
	return ret;
}

/*
 * Most segments have no payload, or an echo. They do not change calls. Return:
 * false for a segment that read_packet() must read.
 */
static bool pass_quickly(const struct sk_buff *skb, unsigned int protoff,
			 const struct nf_conn *ct,
			 enum ip_conntrack_info ctinfo)
{
	const struct pom_session_data *d = nfct_help_data(ct);
	u8 dir = CTINFO2DIR(ctinfo);
	struct tcp_payload payload;
	struct pptp_session *s;

	/* An ICMP error, perhaps. */
	if (unlikely(ctinfo == IP_CT_RELATED))
		return false;
	if (!tcp_payload_find(skb, protoff, &payload) || payload.syn)
		return false;
	if (test_bit(POM_SESSION_REFUSED, &d->bits))
		return true;
	/* In this RCU section, a namespace with a user keeps its sessions. */
	if (!check_net(nf_ct_net(ct)))
		return true;
	s = pom_session_find(d);
	if (!s || is_closing(ct))
		return false;
	if (payload.len && (!is_established(ctinfo) ||
			    !is_echo(skb, &payload) ||
			    !pass_echo(s, dir, &payload)))
		return false;
	WRITE_ONCE(s->last[dir], jiffies);
	return true;
}

static int pptp_help(struct sk_buff *skb, unsigned int protoff,
		     struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	if (!pass_quickly(skb, protoff, ct, ctinfo))
		read_packet(skb, protoff, ct, ctinfo);
	return NF_ACCEPT;
}

/*
 * The kernel removes a control connection from its table. A namespace that ends
 * has ended its sessions itself, or will do so.
 */
static void pptp_destroy(struct nf_conn *ct)
{
	struct pptp_session *s = pom_session_uninstall(ct, nfct_help_data(ct));

	if (s && check_net(nf_ct_net(ct)))
		pptp_session_end(pptp_net(nf_ct_net(ct)), s);
}

struct pom_helper pom_pptp_helper = {
	.name		= "pptp",
	.l4proto	= IPPROTO_TCP,
	.default_port	= 1723,
	.policy		= &pptp_policy,
	.help		= pptp_help,
	.destroy	= pptp_destroy,
	.expectfn	= pptp_gre_mapped,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_pptp_helper);

static int __init pptp_init(void)
{
	int ret = pptp_net_register();

	if (ret < 0)
		return ret;
	ret = pom_helper_register(&pom_pptp_helper);
	if (ret == -EBUSY)
		pr_err("fix: modprobe -r nf_nat_pptp nf_conntrack_pptp\n");
	if (ret < 0)
		pptp_net_unregister();
	return ret;
}

static void __exit pptp_exit(void)
{
	pom_helper_unregister(&pom_pptp_helper);
	nf_autohelper_forget(&pom_pptp_helper);
	/* Until no packet uses an expectation that it has found before. */
	synchronize_rcu();
	pptp_net_unregister();
}

module_init(pptp_init);
module_exit(pptp_exit);
