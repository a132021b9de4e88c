/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Help functions of protocols that send lines over TCP: the lines of one
 * direction, one after the other, however segments cut them.
 *
 *	struct pom_stream s pom_space;
 *
 *	if (!pom_stream_begin(&s, &p, protoff, ctinfo, true))
 *		return NF_ACCEPT;
 *	while (pom_stream_line(&s))
 *		... p.data, p.have ...
 *	pom_stream_end(&s, may_announce);
 */
#ifndef POM_LIB_HELPER_TCP_H
#define POM_LIB_HELPER_TCP_H

#include "lib/helper.h"
#include "lib/lines.h"
#include "lib/tcp_payload.h"

/* Bytes that are looked at in one piece where a payload is not linear. */
#define POM_PIECE	128

/*
 * Most announcements of one packet. Under NAT each may move the rest of the
 * packet and sum it up again: a packet of 64 KiB, which GRO has merged, takes
 * the time of 16 such packets at most. Programs announce a few at a time.
 */
#define POM_ANNOUNCEMENTS_MAX	16

/**
 * struct pom_stream - a segment that is read line by line
 * @p: the packet; after pom_stream_line() its payload is that line
 * @payload: of the segment; its length changes as lines are rewritten
 * @at: bytes of the payload that are read
 * @bytes: the next ones
 * @have: how many of them; 0 where they must be looked up
 * @grown: bytes by which rewriting has changed the payload
 * @new_growth: those of them that are in lines which have not passed before
 * @grown_at: where the first one of these lines begins, if @new_growth is not 0
 * @announced: lines that pom_stream_admit() was called for
 * @next: where the last segment has ended, if @known
 * @known: the place of that segment in the stream was known
 * @in_order: the segment follows that one
 * @fresh: the segment began at the beginning of a line
 * @lost: the beginning of its first line was kept, and is lost
 * @rewritten: a line of it was rewritten
 * @left: an announcement was left as it was, and so are those behind it
 * @rewritten_at: where the announcements begin that were rewritten
 * @left_at: where the first one begins that was left
 * @line: the line that is put together
 * @piece: space
 */
struct pom_stream {
	struct pom_packet *p;
	struct tcp_payload payload;
	unsigned int at;
	const u8 *bytes;
	unsigned int have;
	int grown;
	int new_growth;
	u32 grown_at;
	unsigned int announced;
	u32 next;
	bool known;
	bool in_order;
	bool fresh;
	bool lost;
	bool rewritten;
	bool left;
	u32 rewritten_at;
	u32 left_at;
	struct pom_line line;
	u8 piece[POM_PIECE];
};

/**
 * pom_stream_begin() - read the lines of a segment
 * @s: not initialised
 * @p: @helper, @skb, @ct and @dir are set
 * @protoff: where the TCP header begins
 * @ctinfo: of the packet
 * @strict: bytes whose place in the stream is not known are passed over up to
 *	the next LF; otherwise they count as the beginning of a line
 *
 * In a help function, once for each packet of both directions, of all states of
 * the connection: SYN and SYN/ACK tell where the first line begins. Where they
 * begin a new connection in the conntrack entry of an older one, this clears
 * the bits of the help function. Counts new connections.
 *
 * Return: false where there is nothing to read: no payload, or no answer of the
 * other side yet. Otherwise the caller calls pom_stream_line() until it returns
 * false, and pom_stream_end().
 */
bool pom_stream_begin(struct pom_stream *s, struct pom_packet *p,
		      unsigned int protoff, enum ip_conntrack_info ctinfo,
		      bool strict);

/**
 * pom_stream_line() - the next whole line
 * @s: from pom_stream_begin()
 *
 * Sets @data, @have and @len of the packet to the line, with its LF, and @off
 * to its place in the payload, which is negative where an earlier segment has
 * its beginning.
 *
 * Return: false where there is none.
 */
bool pom_stream_line(struct pom_stream *s);

/**
 * pom_stream_pass() - pass over lines that need not be read
 * @s: from pom_stream_begin()
 * @byte: no line without it matters
 *
 * Costs less than reading each line. Passes over none behind a line that has
 * @byte.
 */
void pom_stream_pass(struct pom_stream *s, u8 byte);

/**
 * pom_stream_admit() - whether the packet may announce one more connection
 * @s: from pom_stream_begin()
 *
 * Once for each line that announces, or that NAT translates.
 *
 * Return: false after POM_ANNOUNCEMENTS_MAX of them; counts, and logs the
 * first one.
 */
bool pom_stream_admit(struct pom_stream *s);

/**
 * pom_stream_is_copy() - whether the line that was read last has passed before
 * @s: from pom_stream_begin()
 *
 * Return: false for a line whose end is new.
 */
bool pom_stream_is_copy(const struct pom_stream *s);

/**
 * pom_stream_leave() - leave the announcement that was read last as it is
 * @s: from pom_stream_begin()
 *
 * Where a copy of the line that comes later may find what this one lacks. Does
 * nothing where NAT does not apply.
 */
void pom_stream_leave(struct pom_stream *s);

/**
 * pom_stream_can_rewrite() - whether NAT may change the line that was read last
 * @s: from pom_stream_begin()
 *
 * Under NAT the whole line must be in this segment. Its sender may send the
 * segments of a lost line again as one, which NAT could not change in the same
 * way. For the same reason a line that is sent again is changed only if it is
 * known to have been changed before: the first one may have arrived, and
 * another length would shift all that follows. A line that comes after later
 * segments is not changed, because they have passed with the numbers of its
 * sender. Nor is a new line behind one that is sent again, and has another
 * length: the kernel would correct the numbers of the whole segment.
 *
 * Return: true where it may, or need not; false is counted and logged.
 */
bool pom_stream_can_rewrite(struct pom_stream *s);

/**
 * pom_stream_rewrite() - pom_rewrite() for the line that was read last
 * @s: from pom_stream_begin()
 * @field: where and what; the packet has a line that begins in this segment
 *	or fields of it that do: see @off of the packet
 * @n: how many
 *
 * The packet has no line afterwards. Return: as pom_rewrite().
 */
bool pom_stream_rewrite(struct pom_stream *s, const struct pom_field *field,
			unsigned int n);

/**
 * pom_stream_rewrite_bytes() - pom_rewrite_bytes() for what was read last
 * @s: from pom_stream_begin()
 * @off: as for pom_rewrite_bytes(), and the others, too
 * @len: the same
 * @bytes: the same
 * @n: the same
 *
 * As pom_stream_rewrite().
 */
bool pom_stream_rewrite_bytes(struct pom_stream *s, unsigned int off,
			      unsigned int len, const u8 *bytes,
			      unsigned int n);

/**
 * pom_stream_moves() - whether pom_stream_end() will move the place
 * @s: from pom_stream_begin()
 *
 * Return: false for a segment that was sent again, or came late.
 */
static inline bool pom_stream_moves(const struct pom_stream *s)
{
	u32 next = s->payload.seq + s->payload.len - s->grown;

	return !s->known || (s32)(next - s->next) > 0;
}

/**
 * pom_stream_number() - a number that is kept with the place in a stream
 * @s: from pom_stream_begin()
 *
 * It is where the other direction remembers announcements: only for help
 * functions that neither rewrite nor leave any of that direction.
 */
static inline u16 pom_stream_number(const struct pom_stream *s)
{
	const struct pom_connection *c = nfct_help_data(s->p->ct);

	return READ_ONCE(c->dir[!s->p->dir].begin[POM_BEGINS - 1]);
}

/**
 * pom_stream_set_number() - set it
 * @s: from pom_stream_begin(); pom_stream_end() follows, and moves the place
 * @number: the number
 */
static inline void pom_stream_set_number(const struct pom_stream *s, u16 number)
{
	struct pom_connection *c = nfct_help_data(s->p->ct);

	WRITE_ONCE(c->dir[!s->p->dir].begin[POM_BEGINS - 1], number);
}

/**
 * pom_stream_end() - remember where the segment has ended
 * @s: from pom_stream_begin()
 * @wanted: whether the beginning of a line is worth keeping, since it can
 *	become an announcement
 */
void pom_stream_end(struct pom_stream *s,
		    bool (*wanted)(const u8 *line, size_t len));

#endif /* POM_LIB_HELPER_TCP_H */
