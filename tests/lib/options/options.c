// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses the options of a match or a target as iptables does, without a kernel,
 * and prints what came of them. XTABLES_LIBDIR has the extension.
 *
 *	options FAMILY KIND NAME VERSION REVISION <CASES
 *
 * FAMILY is 4 or 6, KIND match or target, VERSION what iptables says of itself,
 * REVISION the newest one that the kernel knows. A case is a line of words with
 * a tab between them. For each:
 *
 *	refused
 *	REVISION DATA<tab>output of save<tab>output of print<tab>again|differs
 *
 * DATA is hexadecimal; the last word is whether what save prints is read as the
 * same rule.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>

#define WORDS	64

static jmp_buf refused;
static int newest;

static void __attribute__((noreturn))
refuse(enum xtables_exittype status, const char *message, ...)
{
	longjmp(refused, 1);
}

static int knows_revision(const char *name, uint8_t revision, int option)
{
	return revision <= newest;
}

static struct option none[] = { { NULL, 0, NULL, 0 } };
static struct xtables_globals globals = {
	.program_name = "iptables",
	.orig_opts = none,
	.exit_err = refuse,
	.compat_rev = knows_revision,
};

/*
 * A match or a target. struct xt_entry_target and struct xt_entry_match have
 * the same members at the same place.
 */
struct extension {
	struct xtables_match *match;
	struct xtables_target *target;
};

static bool is_target;

/* An extension in use would be copied, so load() takes the last one out. */
static void load_match(struct extension *e, const char *name)
{
	static struct xtables_match *match;
	size_t size;

	if (match) {
		free(match->m);
		match->m = NULL;
	}
	match = xtables_find_match(name, XTF_LOAD_MUST_SUCCEED, NULL);
	size = XT_ALIGN(sizeof(struct xt_entry_match)) + match->size;
	match->m = xtables_calloc(1, size);
	match->m->u.match_size = size;
	strcpy(match->m->u.user.name, match->real_name ?: match->name);
	match->m->u.user.revision = match->revision;
	match->mflags = 0;
	if (match->init)
		match->init(match->m);
	e->match = match;
}

static void load_target(struct extension *e, const char *name)
{
	static struct xtables_target *target;
	size_t size;

	if (target) {
		free(target->t);
		target->t = NULL;
	}
	target = xtables_find_target(name, XTF_LOAD_MUST_SUCCEED);
	size = XT_ALIGN(sizeof(struct xt_entry_target)) + target->size;
	target->t = xtables_calloc(1, size);
	target->t->u.target_size = size;
	strcpy(target->t->u.user.name, target->real_name ?: target->name);
	target->t->u.user.revision = target->revision;
	target->tflags = 0;
	if (target->init)
		target->init(target->t);
	e->target = target;
}

static struct extension load(const char *name)
{
	struct extension e = { NULL };

	if (is_target)
		load_target(&e, name);
	else
		load_match(&e, name);
	return e;
}

/* A match may move its data. */
static struct xt_entry_match *entry_of(const struct extension *e)
{
	return e->match ? e->match->m : (void *)e->target->t;
}

static void parse(const struct extension *e, int argc, char **argv)
{
	unsigned int *offset = e->match ? &e->match->option_offset :
					  &e->target->option_offset;
	bool invert = false;
	int c;

	globals.opts = xtables_options_xfrm(none, NULL,
					    e->match ? e->match->x6_options :
						       e->target->x6_options,
					    offset);
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "-:", globals.opts, NULL)) != -1) {
		if (c == 1 && !strcmp(optarg, "!") && !invert) {
			invert = true;
			continue;
		}
		if (c < (int)*offset || c >= (int)(*offset + 256))
			longjmp(refused, 1);
		if (e->match)
			xtables_option_mpcall(c, argv, invert, e->match, NULL);
		else
			xtables_option_tpcall(c, argv, invert, e->target, NULL);
		invert = false;
	}
	if (invert)
		longjmp(refused, 1);
	if (e->match)
		xtables_option_mfcall(e->match);
	else
		xtables_option_tfcall(e->target);
}

/* What a function prints to standard output, without a newline. */
static char *printed(const struct extension *e, bool save)
{
	FILE *out = stdout;
	char *text;
	size_t len;

	stdout = open_memstream(&text, &len);
	if (save && e->match)
		e->match->save(NULL, e->match->m);
	else if (save)
		e->target->save(NULL, e->target->t);
	else if (e->match)
		e->match->print(NULL, e->match->m, 1);
	else
		e->target->print(NULL, e->target->t, 1);
	fclose(stdout);
	stdout = out;
	return text;
}

/* Words as iptables-restore has them. */
static int split(char *text, char **argv)
{
	int argc = 1;
	char *to;

	argv[0] = "iptables";
	while (*text) {
		while (*text == ' ')
			text++;
		if (!*text || argc == WORDS)
			break;
		argv[argc++] = to = text;
		for (bool quoted = false; *text && (quoted || *text != ' ');
		     text++) {
			if (*text == '"')
				quoted = !quoted;
			else if (quoted && *text == '\\' && text[1])
				*to++ = *++text;
			else
				*to++ = *text;
		}
		if (*text)
			text++;
		*to = '\0';
	}
	argv[argc] = NULL;
	return argc;
}

static void print_entry(const struct xt_entry_match *entry)
{
	size_t i;

	printf("%u ", entry->u.user.revision);
	for (i = 0; i < entry->u.match_size - sizeof(*entry); i++)
		printf("%02x", entry->data[i]);
}

static void forget(struct extension *e)
{
	if (e->match)
		e->match->m = NULL;
	else
		e->target->t = NULL;
}

static void show(const char *name, int argc, char **argv)
{
	static struct xt_entry_match *before;
	struct xt_entry_match *again;
	struct extension e;
	char *save, *print, *words, *saved[WORDS + 1];

	if (setjmp(refused)) {
		puts("refused");
		return;
	}
	e = load(name);
	parse(&e, argc, argv);
	before = entry_of(&e);
	save = printed(&e, true);
	print = printed(&e, false);
	print_entry(before);
	printf("\t%s\t%s\t", save, print);

	forget(&e);
	words = strdup(save);
	if (setjmp(refused)) {
		puts("differs");
		return;
	}
	e = load(name);
	parse(&e, split(words, saved), saved);
	again = entry_of(&e);
	puts(before->u.match_size == again->u.match_size &&
	     !memcmp(before, again, before->u.match_size) ? "again" :
							    "differs");
	free(before);
	free(save);
	free(print);
	free(words);
}

int main(int argc, char **argv)
{
	char *line = NULL, *words[WORDS + 1], *word;
	size_t size = 0;
	ssize_t len;
	int count;

	if (argc != 6)
		return 2;
	is_target = !strcmp(argv[2], "target");
	globals.program_version = argv[4];
	newest = atoi(argv[5]);
	xtables_init_all(&globals, *argv[1] == '6' ? NFPROTO_IPV6 :
						     NFPROTO_IPV4);
	while ((len = getline(&line, &size, stdin)) > 0) {
		line[len - 1] = '\0';
		words[0] = "iptables";
		count = 1;
		for (word = line; word && count < WORDS; )
			words[count++] = strsep(&word, "\t");
		words[count] = NULL;
		show(argv[3], count, words);
	}
	return 0;
}
