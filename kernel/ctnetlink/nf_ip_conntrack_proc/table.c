// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_conntrack: the connections of IPv4.
 *
 * An open file has no reference to a connection between two reads: the end of
 * a network namespace waits for all of its connections.
 */
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_acct.h>

#include "compat/compat.h"
#include "compat/conntrack.h"
#include "ctnetlink/nf_ctnetlink/internal.h"
#include "ctnetlink/nf_ip_conntrack_proc/internal.h"

enum {
	LINES = 64,
	/* What a read() gets at most. seq_file alone would give a page. */
	BUF_LEN = 65536,
};

/**
 * struct line - a connection as it is printed
 * @proto: IPPROTO_*
 * @state: of TCP or SCTP
 * @acct: @packets and @bytes are set
 * @status: bits
 * @mark: 0 without
 * @left: seconds
 * @uses: references
 * @addr: source and destination of each direction
 * @port: the same
 * @packets: of each direction
 * @bytes: of each direction
 */
struct line {
	u8 proto;
	u8 state;
	bool acct;
	unsigned long status;
	u32 mark;
	unsigned long left;
	unsigned int uses;
	__be32 addr[IP_CT_DIR_MAX][2];
	__be16 port[IP_CT_DIR_MAX][2];
	u64 packets[IP_CT_DIR_MAX];
	u64 bytes[IP_CT_DIR_MAX];
};

/**
 * struct reader - an open file
 * @net: its network namespace
 * @scan: the walk, behind the last line
 * @pos: the number of the line @next
 * @next: the next line to print
 * @count: how many lines there are
 * @lines: the lines
 */
struct reader {
	struct net *net;
	struct ctn_scan scan;
	loff_t pos;
	unsigned int next;
	unsigned int count;
	struct line lines[LINES];
};

static void line_fill(struct line *line, const struct nf_conn *ct)
{
	struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	const struct nf_conntrack_tuple *tuple;
	unsigned int dir;

	line->proto = nf_ct_protonum(ct);
	line->state = line->proto == IPPROTO_SCTP ?
		      READ_ONCE(ct->proto.sctp.state) :
		      READ_ONCE(ct->proto.tcp.state);
	line->acct = acct;
	line->status = READ_ONCE(ct->status);
	line->mark = READ_ONCE(ct->mark);
	line->left = nf_ct_expires(ct) / HZ;
	line->uses = pom_ct_uses(ct) - 1;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		tuple = nf_ct_tuple(ct, dir);
		line->addr[dir][0] = tuple->src.u3.ip;
		line->addr[dir][1] = tuple->dst.u3.ip;
		line->port[dir][0] = tuple->src.u.all;
		line->port[dir][1] = tuple->dst.u.all;
		if (!acct)
			continue;
		line->packets[dir] = atomic64_read(&acct->counter[dir].packets);
		line->bytes[dir] = atomic64_read(&acct->counter[dir].bytes);
	}
}

/* NULL at the end, or an ERR_PTR. */
static struct line *reader_line(struct reader *reader)
{
	unsigned int i;
	int err;

	while (reader->next == reader->count) {
		if (reader->scan.done)
			return NULL;
		err = pom_ctn_scan_next(&reader->scan, LINES);
		if (err)
			return ERR_PTR(err);
		reader->next = 0;
		reader->count = reader->scan.found;
		for (i = 0; i < reader->count; i++)
			line_fill(&reader->lines[i], reader->scan.batch[i]);
		pom_ctn_scan_put(&reader->scan);
	}
	return &reader->lines[reader->next];
}

/* seq_file asks for the line that is next, or begins again. */
static void *conntrack_start(struct seq_file *m, loff_t *pos)
{
	struct reader *reader = m->private;

	if (!*pos) {
		pom_ctn_scan_begin(&reader->scan);
		reader->pos = 0;
		reader->next = 0;
		reader->count = 0;
	}
	return *pos == reader->pos ? reader_line(reader) : NULL;
}

static void *conntrack_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reader *reader = m->private;

	reader->next++;
	reader->pos = ++*pos;
	return reader_line(reader);
}

static void conntrack_stop(struct seq_file *m, void *v)
{
}

static const char *protocol_name(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_GRE:
		return "gre";
	case IPPROTO_SCTP:
		return "sctp";
	case IPPROTO_DCCP:
		return "dccp";
	case IPPROTO_UDPLITE:
		return "udplite";
	}
	return "unknown";
}

static const char *const tcp_names[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
};

static const char *const sctp_names[] = {
	"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
	"SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT",
	"HEARTBEAT_SENT", "HEARTBEAT_ACKED",
};

static void show_state(struct seq_file *m, const struct line *line)
{
	const char *name = NULL;

	if (line->proto == IPPROTO_TCP && line->state < ARRAY_SIZE(tcp_names))
		name = tcp_names[line->state];
	else if (line->proto == IPPROTO_SCTP &&
		 line->state < ARRAY_SIZE(sctp_names))
		name = sctp_names[line->state];
	if (!name)
		return;
	seq_putc(m, ' ');
	seq_puts(m, name);
}

/* A table can have a million lines, and seq_printf() takes longer. */
static void show_addr(struct seq_file *m, const char *name, __be32 addr)
{
	const u8 *bytes = (const u8 *)&addr;
	unsigned int i;

	seq_put_decimal_ull(m, name, bytes[0]);
	for (i = 1; i < sizeof(addr); i++)
		seq_put_decimal_ull(m, ".", bytes[i]);
}

/**
 * ip_conntrack_show_tuple() - print one direction, with a blank before it
 * @m: the file
 * @proto: IPPROTO_*
 * @addr: source and destination
 * @port: the same; what the protocol has in their place
 */
void ip_conntrack_show_tuple(struct seq_file *m, u8 proto, const __be32 *addr,
			     const __be16 *port)
{
	u16 first = ntohs(port[0]), second = ntohs(port[1]);

	show_addr(m, " src=", addr[0]);
	show_addr(m, " dst=", addr[1]);
	switch (proto) {
	case IPPROTO_ICMP:
		seq_put_decimal_ull(m, " type=", second >> 8);
		seq_put_decimal_ull(m, " code=", second & 0xff);
		seq_put_decimal_ull(m, " id=", first);
		break;
	case IPPROTO_GRE:
		seq_printf(m, " srckey=0x%x dstkey=0x%x", first, second);
		break;
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		seq_put_decimal_ull(m, " sport=", first);
		seq_put_decimal_ull(m, " dport=", second);
		break;
	}
}

static void show_direction(struct seq_file *m, const struct line *line,
			   unsigned int dir)
{
	ip_conntrack_show_tuple(m, line->proto, line->addr[dir],
				line->port[dir]);
	if (!line->acct)
		return;
	seq_put_decimal_ull(m, " packets=", line->packets[dir]);
	seq_put_decimal_ull(m, " bytes=", line->bytes[dir]);
}

static int conntrack_show(struct seq_file *m, void *v)
{
	const struct line *line = v;

	seq_printf(m, "%-8s ", protocol_name(line->proto));
	seq_put_decimal_ull(m, "", line->proto);
	seq_put_decimal_ull(m, " ", line->left);
	show_state(m, line);
	show_direction(m, line, IP_CT_DIR_ORIGINAL);
	if (!(line->status & IPS_SEEN_REPLY))
		seq_puts(m, " [UNREPLIED]");
	show_direction(m, line, IP_CT_DIR_REPLY);
	if (line->status & IPS_ASSURED)
		seq_puts(m, " [ASSURED]");
	seq_put_decimal_ull(m, " mark=", line->mark);
	seq_put_decimal_ull(m, " use=", line->uses);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations conntrack_seq_ops = {
	.start	= conntrack_start,
	.next	= conntrack_next,
	.stop	= conntrack_stop,
	.show	= conntrack_show,
};

static void reader_free(struct reader *reader)
{
	if (reader->net)
		put_net(reader->net);
	pom_ctn_scan_free(&reader->scan);
	kvfree(reader);
}

static struct reader *reader_create(struct net *net)
{
	struct reader *reader = kvzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);
	struct ctn_filter *filter;

	if (!reader)
		return ERR_PTR(-ENOMEM);
	filter = kzalloc(struct_size(filter, term, 1), GFP_KERNEL_ACCOUNT);
	reader->scan.filter = filter;
	reader->net = maybe_get_net(net);
	if (!filter || !reader->net) {
		reader_free(reader);
		return ERR_PTR(filter ? -ENXIO : -ENOMEM);
	}
	filter->count = 1;
	filter->term[0].field = NF_CTNETLINK_F_FAMILY;
	filter->term[0].range.min = NFPROTO_IPV4;
	filter->term[0].range.max = NFPROTO_IPV4;
	reader->scan.net = net;
	reader->scan.hold = true;
	pom_ctn_scan_begin(&reader->scan);
	return reader;
}

static int conntrack_open(struct inode *inode, struct file *file)
{
	struct net *net = pde_data(inode);
	struct reader *reader;
	struct seq_file *m;
	int err;

	if (!ip_conntrack_may_read(file, net))
		return -EACCES;
	reader = reader_create(net);
	if (IS_ERR(reader))
		return PTR_ERR(reader);
	err = seq_open(file, &conntrack_seq_ops);
	if (err) {
		reader_free(reader);
		return err;
	}
	m = file->private_data;
	m->private = reader;
	/* Without memory for it, seq_file allocates a page. */
	m->buf = kvmalloc(BUF_LEN, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (m->buf)
		m->size = BUF_LEN;
	return 0;
}

static int conntrack_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	reader_free(m->private);
	return seq_release(inode, file);
}

const struct proc_ops ip_conntrack_table_ops = {
	.proc_open	= conntrack_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= conntrack_release,
};
