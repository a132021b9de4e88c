// SPDX-License-Identifier: GPL-2.0-only
/* Whole tables through setsockopt, as from iptables-legacy. */
#include <err.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "abi.h"

struct family families[FAMILIES] = {
	{ "IPv4", "ip", AF_INET, IPPROTO_IP, NFPROTO_IPV4,
	  sizeof(struct ipt_entry), sizeof(struct ipt_ip),
	  offsetof(struct ipt_ip, proto), offsetof(struct ipt_ip, flags),
	  offsetof(struct ipt_entry, target_offset),
	  offsetof(struct ipt_entry, next_offset), IPT_SO_GET_REVISION_MATCH,
	  IPT_SO_GET_REVISION_TARGET, -1 },
	{ "IPv6", "ip6", AF_INET6, IPPROTO_IPV6, NFPROTO_IPV6,
	  sizeof(struct ip6t_entry), sizeof(struct ip6t_ip6),
	  offsetof(struct ip6t_ip6, proto), offsetof(struct ip6t_ip6, flags),
	  offsetof(struct ip6t_entry, target_offset),
	  offsetof(struct ip6t_entry, next_offset), IP6T_SO_GET_REVISION_MATCH,
	  IP6T_SO_GET_REVISION_TARGET, -1 },
};

const struct table tables[TABLES] = {
	{ "filter",
	  1 << NF_INET_LOCAL_IN | 1 << NF_INET_FORWARD | 1 << NF_INET_LOCAL_OUT,
	  0 },
	{ "mangle", 0x1f, -150 },
	{ "raw", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT, -300 },
};

void open_tables(void)
{
	struct family *f;

	for (f = families; f < families + FAMILIES; f++) {
		f->socket =
			socket(f->number, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
		if (f->socket < 0)
			err(1, "socket");
	}
}

bool table_info(const struct family *f, unsigned int table,
		struct ipt_getinfo *info)
{
	socklen_t len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	strcpy(info->name, tables[table].name);
	return !getsockopt(f->socket, f->level, IPT_SO_GET_INFO, info, &len);
}

/*
 * The table, for the caller to free, and its info; NULL without that table.
 * EAGAIN: its size was changed after the info was read.
 */
struct ipt_get_entries *table_entries(const struct family *f,
				      unsigned int table,
				      struct ipt_getinfo *info)
{
	struct ipt_get_entries *e;
	unsigned int tries;
	socklen_t len;

	for (tries = 0; tries < TRIES; tries++) {
		if (!table_info(f, table, info))
			return NULL;
		len = sizeof(*e) + info->size;
		e = calloc(1, len);
		if (!e)
			err(1, "calloc");
		strcpy(e->name, tables[table].name);
		e->size = info->size;
		if (!getsockopt(f->socket, f->level, IPT_SO_GET_ENTRIES, e,
				&len))
			return e;
		if (errno != EAGAIN)
			break;
		free(e);
	}
	err(1, "cannot read the table %s", tables[table].name);
}

/* The table that is being built: struct ipt_replace, then the entries. */
static uint8_t blob[sizeof(struct ipt_replace) + BLOB_MAX];
static size_t blob_len;

static uint8_t *add(size_t len)
{
	uint8_t *at = blob + blob_len;

	memset(at, 0, len);
	blob_len += len;
	return at;
}

static void add_head(const struct family *f, const uint8_t *address,
		     size_t to_target, size_t to_next)
{
	uint8_t *entry = add(f->head);
	uint16_t v = f->head + to_target;

	if (address)
		memcpy(entry, address, f->address);
	memcpy(entry + f->target_offset, &v, sizeof(v));
	v = f->head + to_next;
	memcpy(entry + f->next_offset, &v, sizeof(v));
}

static void add_extension(const struct rule *r)
{
	struct xt_entry_match *m = (void *)add(sizeof(*m) + r->size);

	m->u.match_size = sizeof(*m) + r->claimed;
	m->u.user.revision = r->revision;
	memcpy(m->u.user.name, r->name, sizeof(r->name));
	memcpy(m->data, r->data, r->size);
}

/* A standard target: a verdict, or the offset of the next rule. */
static void add_standard(int verdict)
{
	struct xt_standard_target *t = (void *)add(sizeof(*t));

	t->target.u.user.target_size = sizeof(*t);
	t->verdict = verdict;
}

static void add_rule(const struct rule *r)
{
	size_t extension = XT_ALIGN(sizeof(struct xt_entry_match)) + r->size,
	       standard = sizeof(struct xt_standard_target);
	size_t behind = blob_len + r->family->head + extension + standard;

	if (r->target) {
		add_head(r->family, r->address, 0, extension);
		add_extension(r);
	} else {
		add_head(r->family, r->address, extension,
			 extension + standard);
		add_extension(r);
		add_standard(behind -
			     sizeof(struct ipt_replace)); /* to the next rule */
	}
}

static int replace_table(const struct family *f, unsigned int table,
			 const struct rule *r)
{
	struct ipt_replace *replace = (void *)blob;
	struct xt_error_target *error;
	struct xt_counters *counters;
	struct ipt_getinfo info;
	unsigned int hook;
	int answer;

	if (!table_info(f, table, &info))
		return errno;
	blob_len = 0;
	add(sizeof(*replace));
	strcpy(replace->name, tables[table].name);
	replace->valid_hooks = tables[table].hooks;
	for (hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		if (!(tables[table].hooks & 1 << hook))
			continue;
		replace->hook_entry[hook] = blob_len - sizeof(*replace);
		if (r && r->hook == hook) {
			add_rule(r);
			replace->num_entries++;
		}
		replace->underflow[hook] = blob_len - sizeof(*replace);
		add_head(f, NULL, 0, sizeof(struct xt_standard_target));
		add_standard(-NF_ACCEPT - 1);
		replace->num_entries++;
	}
	add_head(f, NULL, 0, sizeof(*error));
	error = (void *)add(sizeof(*error));
	error->target.u.user.target_size = sizeof(*error);
	strcpy(error->target.u.user.name, XT_ERROR_TARGET);
	strcpy(error->errorname, XT_ERROR_TARGET);
	replace->num_entries++;
	replace->size = blob_len - sizeof(*replace);
	replace->num_counters = info.num_entries;
	counters = calloc(info.num_entries, sizeof(*counters));
	replace->counters = counters;
	answer = setsockopt(f->socket, f->level, IPT_SO_SET_REPLACE, blob,
			    blob_len)
			 ? errno
			 : 0;
	free(counters);
	return answer;
}

/*
 * Replaces a table by @r alone, or by an empty one. Returns errno, or 0.
 * EAGAIN: the number of its rules was changed after it was read.
 */
int give_table(const struct family *f, unsigned int table, const struct rule *r)
{
	unsigned int tries;
	int answer = EAGAIN;

	for (tries = 0; answer == EAGAIN && tries < TRIES; tries++)
		answer = replace_table(f, table, r);
	return answer;
}

void empty_tables(void)
{
	unsigned int f, t;
	struct ipt_getinfo info;

	for (f = 0; f < FAMILIES; f++)
		for (t = 0; t < TABLES; t++)
			if (table_info(&families[f], t, &info) &&
			    give_table(&families[f], t, NULL))
				errx(1, "cannot empty the table %s of %s",
				     tables[t].name, families[f].name);
}

static int give_setsockopt(const struct rule *r)
{
	return give_table(r->family, r->table, r);
}

/* Whether the entry holds @r; if so, compares the data. */
static bool entry_is(const uint8_t *entry, const struct rule *r)
{
	size_t targets = get16(entry + r->family->target_offset),
	       next = get16(entry + r->family->next_offset);
	size_t begin = r->target ? targets : r->family->head,
	       end = r->target ? next : targets;
	const struct xt_entry_match *m =
		(const void *)(entry + begin); /* a target looks the same */

	if (end < begin + sizeof(*m) ||
	    strncmp(m->u.user.name, r->name, sizeof(r->name)))
		return false;
	if (m->u.user.revision != r->revision)
		errx(1, "%s.%u: the kernel returned revision %u", r->name,
		     r->revision, m->u.user.revision);
	compare_data(r, &setsockopt_path, m->data, end - begin - sizeof(*m));
	return true;
}

static bool read_back_setsockopt(const struct rule *r)
{
	struct ipt_getinfo info;
	struct ipt_get_entries *e = table_entries(r->family, r->table, &info);
	const uint8_t *entry, *end;
	unsigned int found = 0;

	if (!e)
		errx(1, "the table %s no longer exists", tables[r->table].name);
	entry = (uint8_t *)e->entrytable;
	end = entry + e->size;
	for (; entry < end; entry += get16(entry + r->family->next_offset))
		found += entry_is(entry, r);
	free(e);
	if (!found && others_change)
		return false;
	if (found != 1)
		errx(1, "%s.%u: the kernel returned %u rules instead of one",
		     r->name, r->revision, found);
	return true;
}

static void drop_setsockopt(const struct rule *r)
{
	int answer = give_table(r->family, r->table, NULL);

	if (answer)
		errx(1, "cannot empty the table %s: %s", tables[r->table].name,
		     strerror(answer));
}

const struct path setsockopt_path = { "setsockopt", give_setsockopt,
				      read_back_setsockopt, drop_setsockopt,
				      true };
