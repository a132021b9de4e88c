// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses the options of a match as iptables does, without a kernel, and prints
 * what came of them. XTABLES_LIBDIR has the extension.
 *
 *	options MATCH VERSION REVISION <CASES
 *
 * VERSION is what iptables says of itself, REVISION the newest one that the
 * kernel knows. A case is a line of words with a tab between them. For each:
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

static struct xtables_match *load(const char *name)
{
	static struct xtables_match *match;
	size_t size;

	/* A match in use would be copied. */
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
	return match;
}

static void parse(struct xtables_match *match, int argc, char **argv)
{
	bool invert = false;
	int c;

	globals.opts = xtables_options_xfrm(none, NULL, match->x6_options,
					    &match->option_offset);
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "-:", globals.opts, NULL)) != -1) {
		if (c == 1 && !strcmp(optarg, "!") && !invert) {
			invert = true;
			continue;
		}
		if (c < (int)match->option_offset ||
		    c >= (int)(match->option_offset + 256))
			longjmp(refused, 1);
		xtables_option_mpcall(c, argv, invert, match, NULL);
		invert = false;
	}
	if (invert)
		longjmp(refused, 1);
	xtables_option_mfcall(match);
}

/* What a function prints to standard output, without a newline. */
static char *printed(const struct xtables_match *match, bool save)
{
	FILE *out = stdout;
	char *text;
	size_t len;

	stdout = open_memstream(&text, &len);
	if (save)
		match->save(NULL, match->m);
	else
		match->print(NULL, match->m, 1);
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

static void show(const char *name, int argc, char **argv)
{
	static struct xt_entry_match *before;
	struct xtables_match *match;
	char *save, *print, *words, *saved[WORDS + 1];
	size_t i;

	if (setjmp(refused)) {
		puts("refused");
		return;
	}
	match = load(name);
	parse(match, argc, argv);
	printf("%u ", match->m->u.user.revision);
	for (i = 0; i < match->m->u.match_size - sizeof(*match->m); i++)
		printf("%02x", match->m->data[i]);
	save = printed(match, true);
	print = printed(match, false);
	printf("\t%s\t%s\t", save, print);

	before = match->m;
	match->m = NULL;
	words = strdup(save);
	if (setjmp(refused)) {
		puts("differs");
		return;
	}
	match = load(name);
	parse(match, split(words, saved), saved);
	puts(before->u.match_size == match->m->u.match_size &&
	     !memcmp(before, match->m, before->u.match_size) ? "again" :
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

	if (argc != 4)
		return 2;
	globals.program_version = argv[2];
	newest = atoi(argv[3]);
	xtables_init_all(&globals, NFPROTO_IPV4);
	while ((len = getline(&line, &size, stdin)) > 0) {
		line[len - 1] = '\0';
		words[0] = "iptables";
		count = 1;
		for (word = line; word && count < WORDS; )
			words[count++] = strsep(&word, "\t");
		words[count] = NULL;
		show(argv[1], count, words);
	}
	return 0;
}
