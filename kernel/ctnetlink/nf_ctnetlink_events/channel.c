// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channels: names of rules and programs, and their numbers. A name keeps its
 * number until the namespace ends, since connections keep it as well. They also
 * keep it when the module is unloaded, so it is made from the name: the module
 * that is loaded later gives it to the same name, rarely to a different one.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/ct_events.h"
#include "ctnetlink/nf_ctnetlink_events/choice.h"
#include "ctnetlink/nf_ctnetlink_events/internal.h"

struct ctn_channel {
	struct list_head list;
	u16 number;
	char name[NF_CTNETLINK_CHANNEL_LEN];
};

/* Under the lock. The channel of that name, else of that number, or NULL. */
static const struct ctn_channel *
channel_lookup(const struct ctn_events_net *en, const char *name, u16 number)
{
	const struct ctn_channel *channel;

	list_for_each_entry(channel, &en->channels, list)
		if (name ? !strcmp(channel->name, name) :
			   channel->number == number)
			return channel;
	return NULL;
}

/* Under the lock. A number that no name has, from 1 on. */
static u16 channel_number(const struct ctn_events_net *en, const char *name)
{
	u32 hash = jhash(name, strlen(name), 0);
	u16 number;

	do
		number = 1 + hash++ % CTN_CHANNELS;
	while (channel_lookup(en, NULL, number));
	return number;
}

/* Under the lock. The number, or a negative error. */
static int channel_add(struct ctn_events_net *en, const char *name)
{
	struct ctn_channel *channel;

	if (en->channel_count >= CTN_CHANNELS_MAX)
		return -ENOSPC;
	channel = kzalloc(sizeof(*channel), GFP_KERNEL_ACCOUNT);
	if (!channel)
		return -ENOMEM;
	strscpy(channel->name, name, sizeof(channel->name));
	channel->number = channel_number(en, name);
	list_add_tail(&channel->list, &en->channels);
	en->channel_count++;
	return channel->number;
}

/**
 * pom_ctn_channel_find() - the number of a channel
 * @net: its network namespace
 * @name: NF_CTNETLINK_CHANNEL_LEN bytes of a user
 *
 * Process context.
 *
 * Return: from 1 on; -EINVAL where the name has no end, -ENOMEM, or -ENOSPC
 * where the namespace has CTN_CHANNELS_MAX names
 */
int pom_ctn_channel_find(struct net *net, const char *name)
{
	struct ctn_events_net *en = ctn_events_net(net);
	const struct ctn_channel *channel;
	int number;

	if (strnlen(name, NF_CTNETLINK_CHANNEL_LEN) ==
	    NF_CTNETLINK_CHANNEL_LEN)
		return -EINVAL;
	mutex_lock(&en->channel_lock);
	channel = channel_lookup(en, name, 0);
	number = channel ? channel->number : channel_add(en, name);
	mutex_unlock(&en->channel_lock);
	return number;
}
EXPORT_SYMBOL_GPL(pom_ctn_channel_find);

/* At the end of the namespace. */
void ctn_channels_free(struct ctn_events_net *en)
{
	struct ctn_channel *channel, *next;

	list_for_each_entry_safe(channel, next, &en->channels, list)
		kfree(channel);
}

/**
 * pom_ctn_choose() - choose a connection for a channel
 * @net: the network namespace of the rule
 * @ct: the connection of a packet that the rule matches
 * @choice: a channel, perhaps with CTN_CHOICE_ONCE
 * @sample: one of so many is chosen; 0 is 1
 *
 * Softirq or process context. Without a listener this is one test. A connection
 * that is chosen already keeps its choice. One that is confirmed and that the
 * kernel makes no events of cannot be chosen.
 */
void pom_ctn_choose(struct net *net, struct nf_conn *ct, u16 choice,
		    u32 sample)
{
	if (likely(!READ_ONCE(ctn_events_net(net)->active)))
		return;
	if (pom_ct_choice(ct))
		return;
	if (!nf_ct_is_confirmed(ct))
		pom_ct_events_add(ct);
	if (sample > 1 && get_random_u32() % sample)
		choice = CTN_CHOICE_NONE;
	pom_ct_choose(ct, choice);
}
EXPORT_SYMBOL_GPL(pom_ctn_choose);
