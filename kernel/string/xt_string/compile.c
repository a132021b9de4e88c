// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiles lines to patterns that can be searched for, in process context and
 * without a lock that the packet path or a different process needs.
 */
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "string/automaton.h"
#include "string/setfile.h"
#include "string/xt_string/set.h"

/* Bytes that are copied without a pause. */
#define STRING_COPY_PART	(1024 * 1024)

/*
 * Moves an array to a larger block: @used elements of @size bytes; @from are
 * allocated before, @to afterwards. Both blocks are accounted while both
 * exist.
 */
static int string_grow(struct string_draft *d, void **memory, u32 used,
		       u32 from, u32 to, size_t size)
{
	size_t done, part;
	void *more;
	int err = string_loading_add(d->sn, to * size);

	if (err)
		return err;
	more = kvmalloc_array(to, size, GFP_KERNEL_ACCOUNT);
	if (!more) {
		string_loading_sub(d->sn, to * size);
		return -ENOMEM;
	}
	/* In parts: up to 32 MiB. */
	for (done = 0; done < used * size; done += part) {
		part = min_t(size_t, used * size - done, STRING_COPY_PART);
		memcpy(more + done, *memory + done, part);
		cond_resched();
	}
	kvfree(*memory);
	*memory = more;
	string_loading_sub(d->sn, from * size);
	d->memory += (to - from) * size;
	return 0;
}

static int string_draft_grow(struct string_draft *d)
{
	u32 max = d->max ? d->max * 2 : 64;
	int err;

	err = string_grow(d, (void **)&d->patterns, d->count, d->max, max,
			  sizeof(*d->patterns));
	if (err)
		return err;
	err = string_grow(d, (void **)&d->entries, d->count, d->max, max,
			  sizeof(*d->entries));
	if (!err)
		d->max = max;
	return err;
}

static int string_draft_grow_bytes(struct string_draft *d)
{
	u32 max = d->bytes_max ? d->bytes_max * 2 : 2 * STRINGSET_LEN_MAX;
	int err;

	err = string_grow(d, (void **)&d->bytes, d->len, d->bytes_max, max,
			  1);
	if (!err)
		d->bytes_max = max;
	return err;
}

/**
 * string_draft_add - one pattern more
 * @d: the draft
 * @line: what was read, with a pattern
 * @bytes: the pattern
 *
 * Process context.
 *
 * Return: 0; -ENOMEM; -ENOSPC at the limit for loading of the namespace; -E2BIG
 * if there are too many or they are too long
 */
int string_draft_add(struct string_draft *d, const struct stringset_line *line,
		     const u8 *bytes)
{
	int err = 0;

	if (d->count == STRING_SET_MAX ||
	    d->len + line->len > STRING_SET_BYTES_MAX)
		return -E2BIG;
	if (d->count == d->max)
		err = string_draft_grow(d);
	if (!err && d->len + line->len > d->bytes_max)
		err = string_draft_grow_bytes(d);
	if (err)
		return err;

	d->patterns[d->count] = (struct string_set_pattern){
		.off = d->len,
		.len = line->len,
		.flags = (line->options & STRINGSET_ICASE ?
			  STRING_SET_ICASE : 0) |
			 (line->options & STRINGSET_PREFIX ?
			  STRING_SET_PREFIX : 0),
	};
	d->entries[d->count] = (struct string_entry){
		.hits = line->hits,
		.mark = line->mark,
		.marks = line->options & STRINGSET_MARK,
	};
	memcpy(d->bytes + d->len, bytes, line->len);
	d->len += line->len;
	d->count++;
	return 0;
}

/* Frees all patterns of a draft. */
void string_draft_free(struct string_draft *d)
{
	kvfree(d->patterns);
	kvfree(d->entries);
	kvfree(d->bytes);
	string_loading_sub(d->sn, d->memory);
	*d = (struct string_draft){ .sn = d->sn };
}

static void string_pause(void)
{
	cond_resched();
}

/* Builds the automaton for the patterns of one kind. */
static int string_compile_kind(struct string_patterns *p, u32 kind, u32 *order)
{
	struct string_set_pause pause = { .pause = string_pause };
	u32 n = string_set_sort(&p->set, kind, order, &pause);
	struct string_set_part *part;
	size_t size, states_size;
	u32 count;
	int err;

	if (!n)
		return 0;
	count = string_set_count_states(&p->set, kind, order, n, &pause);
	size = string_set_part_size(n);
	states_size = string_set_states_size(n, count);
	err = string_loading_add(p->sn, size + states_size);
	if (err)
		return err;
	p->memory += size + states_size;

	part = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!part)
		return -ENOMEM;
	part->count = count;
	part->states = kvzalloc(states_size, GFP_KERNEL_ACCOUNT);
	p->set.part[kind] = part;
	if (!part->states)
		return -ENOMEM;
	string_set_build(&p->set, part, kind, order, n, &pause);
	return 0;
}

static int string_compile_all(struct string_patterns *p)
{
	size_t size = p->set.count * sizeof(u32);
	int err = string_loading_add(p->sn, size);
	u32 kind, *order;

	if (err)
		return err;
	order = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!order)
		err = -ENOMEM;
	for (kind = 0; !err && kind < STRING_SET_KINDS; kind++)
		err = string_compile_kind(p, kind, order);
	kvfree(order);
	string_loading_sub(p->sn, size);
	return err;
}

/**
 * string_compile - compile the patterns of a draft
 * @d: the draft, with at least one pattern; it is empty afterwards, even on
 *	failure
 *
 * Process context; takes long for many patterns.
 *
 * Return: the patterns, with one reference, for string_named_replace();
 * -ENOMEM; -ENOSPC at the limit for loading of the namespace
 */
struct string_patterns *string_compile(struct string_draft *d)
{
	struct string_patterns *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	int err;

	if (!p) {
		string_draft_free(d);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&p->ref);
	p->set.patterns = d->patterns;
	p->set.bytes = d->bytes;
	p->set.count = d->count;
	p->entries = d->entries;
	p->sn = d->sn;
	p->memory = d->memory;
	*d = (struct string_draft){ .sn = d->sn };

	err = string_compile_all(p) ?: string_counts_create(p);
	if (err) {
		string_loading_sub(p->sn, p->memory);
		string_patterns_free(p);
		return ERR_PTR(err);
	}
	return p;
}

/* Frees patterns without users. Process context. */
void string_patterns_free(struct string_patterns *p)
{
	u32 kind;

	for (kind = 0; kind < STRING_SET_KINDS; kind++) {
		if (!p->set.part[kind])
			continue;
		kvfree(p->set.part[kind]->states);
		kvfree(p->set.part[kind]);
	}
	kvfree(p->set.patterns);
	kvfree(p->set.bytes);
	kvfree(p->entries);
	string_counts_free(p);
	kfree(p);
}
