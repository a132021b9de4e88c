/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers all revisions of a match or target, so that rules of older ones are
 * listed.
 *
 * libxtables of iptables 1.8.8 and 1.8.9 registers the newest revision that the
 * kernel knows and discards the others. iptables-legacy then shows a rule of an
 * older revision, made by the distribution's extension or before an update, as
 * "[unsupported revision]". (iptables-nft uses the newest revision for all
 * rules; its save and print must check the rule's.) The discarded revisions are
 * registered again here, one by one, after the newest one, which is still used
 * for new rules.
 */
#ifndef POM_REVISIONS_H
#define POM_REVISIONS_H

#include <string.h>
#include <xtables.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * A name for revisions that the kernel does not know, as after an update of the
 * kernel. Under its own name, libxtables would warn each time that it looks.
 */
#define REVISION_UNKNOWN	"unknown"

/* Whether the list has @me after @newest. */
static inline int revision_is_listed(const struct xtables_match *newest,
				     const struct xtables_match *me)
{
	for (; newest; newest = newest->next)
		if (newest == me)
			return 1;
	return 0;
}

/* @matches: @count of one name, by ascending revision. */
static inline void register_revisions(struct xtables_match *matches,
				      unsigned int count)
{
	const char *name = matches->name;
	struct xtables_match *newest;

	xtables_register_matches(matches, count);
	newest = xtables_find_match(name, XTF_DONT_LOAD, NULL);
	while (newest && count--) {
		struct xtables_match *me = &matches[count];

		if (me->revision > newest->revision)
			me->name = REVISION_UNKNOWN;
		/* Revisions of the other family are in a list of their own. */
		if (me->revision >= newest->revision ||
		    (me->family != NFPROTO_UNSPEC &&
		     me->family != newest->family) ||
		    revision_is_listed(newest, me))
			continue;
		/* It was in a list that libxtables has discarded. */
		me->next = NULL;
		xtables_register_match(me);
		xtables_find_match(name, XTF_DONT_LOAD, NULL);
	}
}

/*
 * The same for @count revisions of a target, by ascending revision. libxtables
 * puts a target in front of the others: the newest one comes last, and is used
 * for new rules.
 */
static inline void register_target_revisions(struct xtables_target *targets,
					     unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct xtables_target *me = &targets[i];

		xtables_register_target(me);
		if (xtables_find_target(me->name, XTF_DONT_LOAD) != me)
			me->name = REVISION_UNKNOWN;
		/* Else --help prints the help of each revision. */
		me->used = 0;
	}
}

#endif /* POM_REVISIONS_H */
