// SPDX-License-Identifier: GPL-2.0-only
/* Sessions of TCP connections. */

#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/helper_session.h"

void *pom_session_find(const struct pom_session_data *d)
{
	if (!test_bit(POM_SESSION_EXISTS, &d->bits))
		return NULL;
	/* Pairs with smp_wmb() in pom_session_install(). */
	smp_rmb();
	return READ_ONCE(d->session);
}

bool pom_session_is_first(const struct pom_session_data *d,
			  const struct pom_packet *p,
			  const struct tcp_payload *payload)
{
	if (p->dir != IP_CT_DIR_ORIGINAL ||
	    !test_bit(POM_SESSION_BEGUN, &d->bits))
		return false;
	/* Pairs with smp_wmb() in set_begin(). */
	smp_rmb();
	return payload->seq == READ_ONCE(d->begin[IP_CT_DIR_ORIGINAL]);
}

bool pom_session_install(struct nf_conn *ct, struct pom_session_data *d,
			 void *session,
			 void (*begin)(void *session, const u32 *begin))
{
	bool ret;

	spin_lock_bh(&ct->lock);
	ret = test_bit(POM_SESSION_BEGUN, &d->bits) &&
	      !test_bit(POM_SESSION_EXISTS, &d->bits) &&
	      !test_bit(POM_SESSION_REFUSED, &d->bits) &&
	      !test_bit(POM_SESSION_DEAD, &d->bits);
	if (ret) {
		begin(session, d->begin);
		clear_bit(POM_SESSION_BEGUN, &d->bits);
		WRITE_ONCE(d->session, session);
		/* Pairs with smp_rmb() in pom_session_find(). */
		smp_wmb();
		set_bit(POM_SESSION_EXISTS, &d->bits);
	}
	spin_unlock_bh(&ct->lock);
	return ret;
}

void *pom_session_uninstall(struct nf_conn *ct, struct pom_session_data *d)
{
	void *ret;

	spin_lock_bh(&ct->lock);
	ret = pom_session_find(d);
	set_bit(POM_SESSION_DEAD, &d->bits);
	clear_bit(POM_SESSION_BEGUN, &d->bits);
	clear_bit(POM_SESSION_EXISTS, &d->bits);
	spin_unlock_bh(&ct->lock);
	return ret;
}

/*
 * Where both directions begin, after a SYN/ACK. Conntrack has let it pass, or
 * ignored it, as it ignores copies. So only its sequence number counts, which
 * the one that passed had, too. What it acknowledges could be anything: the
 * client's own SYN tells where the client begins. Under nf_conn.lock. Returns
 * false where the connection does not begin now.
 */
static bool read_begin(const struct pom_packet *p,
		       const struct tcp_payload *payload, u32 *begin)
{
	const struct ip_ct_tcp *tcp = &p->ct->proto.tcp;

	begin[IP_CT_DIR_ORIGINAL] = tcp->seen[IP_CT_DIR_ORIGINAL].td_end;
	begin[IP_CT_DIR_REPLY] = payload->seq;
	return tcp->state == TCP_CONNTRACK_SYN_RECV &&
	       tcp->seen[IP_CT_DIR_REPLY].td_end ==
	       payload->seq + payload->len;
}

/*
 * The bytes of a SYN (RFC 7413) are not read, so what follows them is not the
 * beginning of the stream. A SYN that conntrack ignores leaves a different
 * state.
 */
static void read_first(const struct pom_packet *p,
		       const struct tcp_payload *payload,
		       struct pom_session_data *d)
{
	if (p->dir != IP_CT_DIR_ORIGINAL || !payload->len ||
	    READ_ONCE(p->ct->proto.tcp.state) != TCP_CONNTRACK_SYN_SENT)
		return;
	set_bit(POM_SESSION_SYN_DATA, &d->bits);
	set_bit(POM_SESSION_REFUSED, &d->bits);
}

/* Under nf_conn.lock; there is no session. */
static void set_begin(struct pom_session_data *d, const u32 *begin)
{
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		WRITE_ONCE(d->begin[i], begin[i]);
	/* Pairs with smp_rmb() in pom_session_is_first(). */
	smp_wmb();
	set_bit(POM_SESSION_BEGUN, &d->bits);
}

bool pom_session_syn(const struct pom_packet *p,
		     const struct tcp_payload *payload,
		     struct pom_session_data *d, u32 *begin, void **session)
{
	const struct tcphdr *th;
	struct tcphdr buf;
	bool ret;

	th = skb_header_pointer(p->skb, p->protoff, sizeof(buf), &buf);
	if (!th)
		return false;
	if (!th->ack)
		read_first(p, payload, d);
	if (!th->ack || p->dir != IP_CT_DIR_REPLY ||
	    test_bit(POM_SESSION_SYN_DATA, &d->bits))
		return false;
	spin_lock_bh(&p->ct->lock);
	ret = read_begin(p, payload, begin);
	if (ret) {
		*session = pom_session_find(d);
		if (!*session && !test_bit(POM_SESSION_DEAD, &d->bits))
			set_begin(d, begin);
		clear_bit(POM_SESSION_REFUSED, &d->bits);
	}
	spin_unlock_bh(&p->ct->lock);
	return ret;
}
