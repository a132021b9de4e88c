// SPDX-License-Identifier: GPL-2.0-only
/* The TARPIT target for iptables and ip6tables. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_TARPIT.h>

enum {
	O_TARPIT = 0,
	O_HONEYPOT,
	O_RESET,
	F_TARPIT = 1 << O_TARPIT,
	F_HONEYPOT = 1 << O_HONEYPOT,
	F_RESET = 1 << O_RESET,
};

static void tarpit_help(void)
{
	printf("TARPIT target options:\n"
"  --tarpit      accept connections and keep the peer waiting (the default)\n"
"  --honeypot    accept connections and read all that the peer sends\n"
"  --reset       refuse connections, reset existing ones\n");
}

static const struct xt_option_entry tarpit_opts[] = {
	{.name = "tarpit", .id = O_TARPIT, .type = XTTYPE_NONE,
	 .excl = F_HONEYPOT | F_RESET},
	{.name = "honeypot", .id = O_HONEYPOT, .type = XTTYPE_NONE,
	 .excl = F_TARPIT | F_RESET},
	{.name = "reset", .id = O_RESET, .type = XTTYPE_NONE,
	 .excl = F_TARPIT | F_HONEYPOT},
	XTOPT_TABLEEND,
};

static void tarpit_parse(struct xt_option_call *cb)
{
	struct xt_tarpit_tginfo *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_TARPIT:
		info->variant = XTTARPIT_TARPIT;
		break;
	case O_HONEYPOT:
		info->variant = XTTARPIT_HONEYPOT;
		break;
	case O_RESET:
		info->variant = XTTARPIT_RESET;
		break;
	}
}

#define TARPIT_CHAINS \
	"it works in PREROUTING, INPUT and FORWARD and in chains called from these"

/* The command and chain of the command line; iptables-restore has neither. */
struct tarpit_command {
	char verb;	/* 'A', 'I', 'R', 'C' or 'D', or 0 */
	char chain[sizeof("POSTROUTING")];
};

static char tarpit_verb(const char *word)
{
	static const struct {
		const char *name;
		char verb;
	} verbs[] = {
		{"-A", 'A'}, {"--append", 'A'}, {"-I", 'I'}, {"--insert", 'I'},
		{"-R", 'R'}, {"--replace", 'R'}, {"-C", 'C'}, {"--check", 'C'},
		{"-D", 'D'}, {"--delete", 'D'},
	};
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(word, verbs[i].name))
			return verbs[i].verb;
	return 0;
}

/* libxtables does not pass the chain of a rule to its extensions. */
static struct tarpit_command tarpit_read_command(void)
{
	FILE *file = fopen("/proc/self/cmdline", "r");
	struct tarpit_command command = {};
	char *word = NULL;
	size_t size = 0;

	if (!file)
		return command;
	while (!command.verb && getdelim(&word, &size, '\0', file) > 0)
		command.verb = tarpit_verb(word);
	if (command.verb && getdelim(&word, &size, '\0', file) > 0)
		snprintf(command.chain, sizeof(command.chain), "%s", word);
	free(word);
	fclose(file);
	return command;
}

#ifdef __GLIBC__
/* Status 1 and 4: the kernel refused the rules; iptables prints no reason. */
static void tarpit_hint(int status, void *unused)
{
	if (status == 1 || status == 4)
		fputs("TARPIT: if the kernel refused a rule with TARPIT: "
		      TARPIT_CHAINS "\n", stderr);
}

/*
 * Only the kernel knows which chains call a user-defined chain. iptables-nft
 * unloads extensions before it exits, so this one must stay loaded.
 */
static void tarpit_hint_at_exit(void)
{
	static bool registered;
	Dl_info self;

	if (!registered && dladdr((void *)tarpit_hint, &self) &&
	    dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE))
		registered = !on_exit(tarpit_hint, NULL);
}
#else
static void tarpit_hint_at_exit(void)
{
}
#endif

static void tarpit_check(struct xt_fcheck_call *cb)
{
	struct tarpit_command command = tarpit_read_command();

	/* Such a rule may be deleted and checked. */
	if (command.verb == 'C' || command.verb == 'D')
		return;
	if (!strcmp(command.chain, "OUTPUT") ||
	    !strcmp(command.chain, "POSTROUTING"))
		xtables_error(PARAMETER_PROBLEM,
			      "TARPIT: not in %s, where packets come from this host itself: "
			      TARPIT_CHAINS "\n", command.chain);
	tarpit_hint_at_exit();
}

/* The option without dashes; a newer kernel module may have more variants. */
static const char *tarpit_option(const struct xt_entry_target *target)
{
	const struct xt_tarpit_tginfo *info = (const void *)target->data;

	switch (info->variant) {
	case XTTARPIT_TARPIT:
		return "tarpit";
	case XTTARPIT_HONEYPOT:
		return "honeypot";
	case XTTARPIT_RESET:
		return "reset";
	}
	return "unknown-variant";
}

static void tarpit_print(const void *ip, const struct xt_entry_target *target,
			 int numeric)
{
	printf(" TARPIT %s", tarpit_option(target));
}

static void tarpit_save(const void *ip, const struct xt_entry_target *target)
{
	printf(" --%s", tarpit_option(target));
}

static struct xtables_target tarpit_tg_reg = {
	.version	= XTABLES_VERSION,
	.name		= "TARPIT",
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_tarpit_tginfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_tarpit_tginfo)),
	.help		= tarpit_help,
	.print		= tarpit_print,
	.save		= tarpit_save,
	.x6_parse	= tarpit_parse,
	.x6_fcheck	= tarpit_check,
	.x6_options	= tarpit_opts,
};

static void __attribute__((constructor)) libxt_tarpit_init(void)
{
	xtables_register_target(&tarpit_tg_reg);
}
