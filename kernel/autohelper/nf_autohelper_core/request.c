// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of helper modules and of the attach= parameter. They apply to
 * the initial namespace and to those whose administrator has chosen to follow
 * it. No namespace gets a copy.
 */

#define pr_fmt(fmt) "nf_autohelper: " fmt

#include <linux/rculist.h>
#include <linux/slab.h>

#include "autohelper/nf_autohelper.h"
#include "autohelper/nf_autohelper_core/internal.h"
#include "autohelper/nf_autohelper_core/param.h"
#include "autohelper/parser.h"

struct ah_table ah_requests = {
	.lock		= __MUTEX_INITIALIZER(ah_requests.lock),
	.entries	= LIST_HEAD_INIT(ah_requests.entries),
};

/* Under ah_requests.lock. */
static LIST_HEAD(followers);
static DECLARE_BITMAP(slots, AH_MAX);

/**
 * ah_request_find() - the request for a port, as a namespace sees it
 * @f: of the namespace, or NULL if it does not follow the requests
 * @key: AH_KEY()
 *
 * Under rcu_read_lock.
 *
 * Return: the request, or NULL if none exists or the namespace declined it.
 */
struct ah_entry *ah_request_find(struct ah_follow *f, u32 key)
{
	struct ah_entry *e;

	if (!f)
		return NULL;
	e = ah_table_find(&ah_requests, key);
	return e && !test_bit(e->slot, f->declined) ? e : NULL;
}

/**
 * ah_request_decline() - detach a port that was requested, in one namespace
 * @f: of the namespace, or NULL if it does not follow the requests
 * @key: AH_KEY()
 *
 * Under rcu_read_lock. Lasts as long as the request and @f.
 *
 * Return: false if no request exists for the port.
 */
bool ah_request_decline(struct ah_follow *f, u32 key)
{
	struct ah_entry *e;

	if (!ah_request_find(f, key))
		return false;
	list_for_each_entry_rcu(e, &ah_requests.entries, list) {
		if (e->key == key)
			set_bit(e->slot, f->declined);
	}
	return true;
}

/**
 * ah_follow_start() - apply requests to a namespace
 * @an: the namespace, with its lock held
 *
 * Return: 0 or -ENOMEM.
 */
int ah_follow_start(struct ah_net *an)
{
	struct ah_follow *f;

	if (rcu_access_pointer(an->follow))
		return 0;
	f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	if (!f)
		return -ENOMEM;
	mutex_lock(&ah_requests.lock);
	list_add(&f->list, &followers);
	mutex_unlock(&ah_requests.lock);
	rcu_assign_pointer(an->follow, f);
	return 0;
}

/**
 * ah_follow_stop() - undo ah_follow_start(), where that was called
 * @an: the namespace, with its lock held
 */
void ah_follow_stop(struct ah_net *an)
{
	struct ah_follow *f;

	f = rcu_dereference_protected(an->follow,
				      lockdep_is_held(&an->table.lock));
	if (!f)
		return;
	RCU_INIT_POINTER(an->follow, NULL);
	mutex_lock(&ah_requests.lock);
	list_del(&f->list);
	mutex_unlock(&ah_requests.lock);
	kfree_rcu(f, rcu);
}

/*
 * Two owners may request the same helper for a port, but not different ones.
 * The result is that of module init. modprobe(8) takes -EEXIST for a module
 * that is loaded already, and succeeds.
 */
static int check(const struct ah_entry *new)
{
	const char *name = new->binding->name;
	const char *proto = ah_proto_name(new->binding->l4proto);
	struct ah_net *an = ah_net(&init_net);
	unsigned int port = new->key & 0xffff;
	const struct ah_entry *e;

	if (!port) {
		ah_say(an, "%s: 0 is not a port\n", name);
		return -EINVAL;
	}
	list_for_each_entry(e, &ah_requests.entries, list) {
		if (e->key != new->key)
			continue;
		if (e->owner == new->owner) {
			ah_say(an, "%s: %s:%u is named twice\n", name, proto,
			       port);
			return -EINVAL;
		}
		if (strcmp(e->binding->name, name)) {
			ah_say(an, "%s:%u=%s is refused: %s has that port already\n",
			       proto, port, name, e->binding->name);
			return -EBUSY;
		}
	}
	if (find_first_zero_bit(slots, AH_MAX) >= AH_MAX) {
		ah_say(an,
		       "%s:%u=%s is refused: %u ports are attached already\n",
		       proto, port, name, AH_MAX);
		return -ENOSPC;
	}
	return 0;
}

/* On failure, the caller removes the entries that were added. */
static int add(struct ah_binding *b, u16 port, enum ah_origin origin,
	       const void *owner)
{
	struct ah_entry *e = ah_entry_alloc(b, port, origin);
	int ret;

	if (!e)
		return -ENOMEM;
	e->owner = owner;
	mutex_lock(&ah_requests.lock);
	ret = check(e);
	if (!ret) {
		e->slot = find_first_zero_bit(slots, AH_MAX);
		__set_bit(e->slot, slots);
		ah_table_link(&ah_requests, e);
	}
	mutex_unlock(&ah_requests.lock);
	if (ret < 0)
		ah_entry_free(e);
	return ret;
}

/* Registers the hooks of the initial namespace if a request exists. */
static int update_hooks(void)
{
	struct ah_net *an = ah_net(&init_net);
	int ret;

	mutex_lock(&an->table.lock);
	ret = ah_hooks_update(an, an->table.count);
	mutex_unlock(&an->table.lock);
	return ret;
}

/* Resets what namespaces recorded for requests that packets no longer read. */
static void forget(struct list_head *gone)
{
	struct ah_entry *e;
	struct ah_follow *f;

	mutex_lock(&ah_requests.lock);
	list_for_each_entry(e, gone, gone) {
		list_for_each_entry(f, &followers, list) {
			clear_bit(e->slot, f->declined);
			atomic_long_set(&f->hits[e->slot], 0);
		}
		__clear_bit(e->slot, slots);
	}
	mutex_unlock(&ah_requests.lock);
}

static void remove(const void *owner)
{
	struct ah_entry *e, *next;
	LIST_HEAD(gone);

	mutex_lock(&ah_requests.lock);
	list_for_each_entry_safe(e, next, &ah_requests.entries, list) {
		if (e->owner != owner)
			continue;
		ah_table_unlink(&ah_requests, e);
		list_add(&e->gone, &gone);
	}
	mutex_unlock(&ah_requests.lock);
	update_hooks();
	synchronize_rcu();
	forget(&gone);
	list_for_each_entry_safe(e, next, &gone, gone)
		ah_entry_free(e);
}

int nf_autohelper_attach(const struct pom_helper *h,
			 const u16 *ports, unsigned int n_ports)
{
	struct ah_binding *b;
	unsigned int i;
	int ret = 0;

	if (n_ports > NF_AUTOHELPER_PORTS) {
		ah_say(ah_net(&init_net), "%s: at most %u ports\n", h->name,
		       NF_AUTOHELPER_PORTS);
		return -EINVAL;
	}
	if (!n_ports) {
		ports = &h->default_port;
		n_ports = 1;
	}
	b = ah_binding_own(h);
	if (IS_ERR(b))
		return PTR_ERR(b);
	for (i = 0; i < n_ports && !ret; i++)
		ret = add(b, ports[i], AH_MODULE, h);
	if (!ret)
		ret = update_hooks();
	if (ret < 0)
		remove(h);
	ah_binding_put(b);
	return ret;
}
EXPORT_SYMBOL_GPL(nf_autohelper_attach);

void nf_autohelper_detach(const struct pom_helper *h)
{
	remove(h);
}
EXPORT_SYMBOL_GPL(nf_autohelper_detach);

int nf_autohelper_param_attach(const char *text, const void *owner)
{
	struct ah_net *an = ah_net(&init_net);
	struct autohelper_cmd cmd;
	struct ah_binding *b;
	const char *wrong;
	int ret;

	wrong = autohelper_parse(text, strlen(text), &cmd);
	if (!wrong && cmd.verb != AUTOHELPER_SET)
		wrong = "a parameter attaches only, without + or -";
	if (wrong) {
		ah_say(an, "attach=\"%*pE\": %s\n", (int)strnlen(text, 64),
		       text, wrong);
		return -EINVAL;
	}
	b = ah_binding_get(cmd.helper, cmd.l4proto);
	if (b == ERR_PTR(-ENOENT))
		ah_say(an, "attach=%s: no %s helper of that name or module nfct-helper-%s\n",
		       text, ah_proto_name(cmd.l4proto), cmd.helper);
	if (IS_ERR(b))
		return PTR_ERR(b);
	ret = add(b, cmd.port, AH_PARAM, owner);
	if (!ret)
		ret = update_hooks();
	ah_binding_put(b);
	return ret;
}
EXPORT_SYMBOL_GPL(nf_autohelper_param_attach);

void nf_autohelper_param_detach(const void *owner)
{
	remove(owner);
}
EXPORT_SYMBOL_GPL(nf_autohelper_param_detach);
