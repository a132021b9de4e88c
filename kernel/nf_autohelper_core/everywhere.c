// SPDX-License-Identifier: GPL-2.0-only
/* What helper modules and the attach= parameter attach in every namespace. */

#define pr_fmt(fmt) "nf_autohelper: " fmt

#include <linux/slab.h>

#include "nf_autohelper.h"
#include "nf_autohelper_core/core.h"
#include "nf_autohelper_core/param.h"
#include "proto/autohelper.h"

static LIST_HEAD(notes);
static unsigned int n_notes;

/*
 * A namespace that has chosen otherwise, or is full, keeps what it has: its
 * owner, who need not be the machine's, must not be able to stop a module
 * from being loaded.
 */
static int copy_to(struct ah_net *an, const struct ah_note *note)
{
	int ret = ah_table_add(an, note->binding, note->port, note->origin,
			       note);

	if (ret == -ENOSPC)
		ah_say("%s:%u=%s is not attached in a namespace that has %u ports already\n",
		       ah_proto_name(note->binding->l4proto), note->port,
		       note->binding->name, AH_MAX);
	return ret == -EEXIST || ret == -ENOSPC ? 0 : ret;
}

/**
 * ah_notes_copy() - fill the table of a new namespace
 * @an: the namespace
 *
 * With ah_lock held.
 *
 * Return: 0, or an error of ah_table_add() that is not the namespace's own.
 */
int ah_notes_copy(struct ah_net *an)
{
	const struct ah_note *note;
	int ret;

	list_for_each_entry(note, &notes, list) {
		ret = copy_to(an, note);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* Two owners may want the same helper on a port: either's wish is granted. */
static int check(const struct ah_binding *b, u16 port, const void *owner)
{
	const char *proto = ah_proto_name(b->l4proto);
	const struct ah_note *note;

	if (!port) {
		ah_say("%s: 0 is not a port\n", b->name);
		return -EINVAL;
	}
	list_for_each_entry(note, &notes, list) {
		if (note->port != port || note->binding->l4proto != b->l4proto)
			continue;
		if (note->owner == owner) {
			ah_say("%s: %s:%u is named twice\n", b->name, proto,
			       port);
			return -EINVAL;
		}
		if (strcmp(note->binding->name, b->name)) {
			ah_say("%s:%u=%s is refused: %s has that port already\n",
			       proto, port, b->name, note->binding->name);
			return -EEXIST;
		}
	}
	if (n_notes >= AH_MAX) {
		ah_say("%s:%u=%s is refused: %u ports are attached already\n",
		       proto, port, b->name, AH_MAX);
		return -ENOSPC;
	}
	return 0;
}

/* On failure it is the caller who detaches what got in. */
static int add(struct ah_binding *b, u16 port, enum ah_origin origin,
	       const void *owner)
{
	struct ah_note *note;
	struct ah_net *an;
	int ret;

	lockdep_assert_held(&ah_lock);
	ret = check(b, port, owner);
	if (ret < 0)
		return ret;
	note = kzalloc(sizeof(*note), GFP_KERNEL);
	if (!note)
		return -ENOMEM;
	note->binding = b;
	refcount_inc(&b->users);
	note->port = port;
	note->origin = origin;
	note->owner = owner;
	list_add_tail(&note->list, &notes);
	n_notes++;
	list_for_each_entry(an, &ah_nets, list) {
		ret = copy_to(an, note);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void remove(const void *owner)
{
	struct ah_note *note, *next;
	struct ah_net *an;
	LIST_HEAD(unnoted);
	LIST_HEAD(gone);

	mutex_lock(&ah_lock);
	list_for_each_entry_safe(note, next, &notes, list) {
		if (note->owner != owner)
			continue;
		list_for_each_entry(an, &ah_nets, list)
			ah_table_unlink_note(an, note, &gone);
		list_move(&note->list, &unnoted);
		n_notes--;
	}
	mutex_unlock(&ah_lock);

	ah_table_dispose(&gone);
	list_for_each_entry_safe(note, next, &unnoted, list) {
		ah_binding_put(note->binding);
		kfree(note);
	}
}

int nf_autohelper_attach(struct nf_conntrack_helper *const *helpers,
			 unsigned int n_helpers,
			 const u16 *ports, unsigned int n_ports)
{
	struct ah_binding *b;
	unsigned int i;
	int ret = 0;

	if (WARN_ON_ONCE(!n_helpers || n_helpers > AH_FAMILIES || !n_ports))
		return -EINVAL;
	if (n_ports > NF_AUTOHELPER_PORTS) {
		ah_say("%s: at most %u ports\n", helpers[0]->name,
		       NF_AUTOHELPER_PORTS);
		return -EINVAL;
	}
	b = ah_binding_own(helpers, n_helpers);
	if (IS_ERR(b))
		return PTR_ERR(b);

	mutex_lock(&ah_lock);
	for (i = 0; i < n_ports && !ret; i++)
		ret = add(b, ports[i], AH_MODULE, helpers[0]);
	mutex_unlock(&ah_lock);
	if (ret < 0)
		remove(helpers[0]);
	ah_binding_put(b);
	return ret;
}
EXPORT_SYMBOL_GPL(nf_autohelper_attach);

void nf_autohelper_detach(struct nf_conntrack_helper *const *helpers)
{
	remove(helpers[0]);
}
EXPORT_SYMBOL_GPL(nf_autohelper_detach);

int nf_autohelper_param_attach(const char *text, const void *owner)
{
	struct autohelper_order order;
	struct ah_binding *b;
	const char *wrong;
	int ret;

	wrong = autohelper_parse(text, strlen(text), &order);
	if (!wrong && order.verb != AUTOHELPER_SET)
		wrong = "a parameter attaches only, without + or -";
	if (wrong) {
		ah_say("attach=\"%*pE\": %s\n", (int)strnlen(text, 64), text,
		       wrong);
		return -EINVAL;
	}
	b = ah_binding_get(order.helper, order.l4proto);
	if (IS_ERR(b)) {
		if (PTR_ERR(b) == -ENOENT)
			ah_say("attach=%s: no %s helper of that name or module nfct-helper-%s\n",
			       text, ah_proto_name(order.l4proto),
			       order.helper);
		return PTR_ERR(b);
	}
	mutex_lock(&ah_lock);
	ret = add(b, order.port, AH_PARAM, owner);
	mutex_unlock(&ah_lock);
	ah_binding_put(b);
	return ret;
}
EXPORT_SYMBOL_GPL(nf_autohelper_param_attach);

void nf_autohelper_param_detach(const void *owner)
{
	remove(owner);
}
EXPORT_SYMBOL_GPL(nf_autohelper_param_detach);
