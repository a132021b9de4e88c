/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers all revisions of a match, so that rules of older ones are listed.
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

#endif /* POM_REVISIONS_H */
