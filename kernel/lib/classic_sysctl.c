// SPDX-License-Identifier: GPL-2.0-only
/* Connection tracking's sysctls under old names, see classic_sysctl.h. */

#include <linux/errno.h>
#include <linux/slab.h>

#include "compat/sysctl.h"
#include "lib/classic_sysctl.h"

static const char *const classic_paths[] = { "net/ipv4", "net/ipv4/netfilter" };

/* No number of a file is negative. */
enum { CLASSIC_NONE = -1 };

static int classic_write(struct net *net, const struct pom_classic_value *v,
			 const int *numbers)
{
	unsigned int i, n = 0;

	while (n <= v->count && numbers[n] != CLASSIC_NONE)
		n++;
	if (n > v->count)
		return -EINVAL;
	for (i = 0; i < n; i++)
		v->set(net, v, i, numbers[i]);
	return 0;
}

/*
 * As the kernel did in 2003, a write of fewer numbers changes the first ones.
 * A write with an invalid number, or with too many, changes none.
 */
static int classic_handler(pom_ctl_table *table, int write, void *buffer,
			   size_t *len, loff_t *pos)
{
	const struct pom_classic_value *v = table->extra1;
	int numbers[POM_CLASSIC_NUMBERS + 1];
	int max = v->max;
	struct ctl_table all = {
		.data	= numbers,
		.maxlen	= (v->count + (write ? 1 : 0)) * sizeof(*numbers),
		.extra1	= SYSCTL_ZERO,
		.extra2	= &max,
	};
	struct net *net = table->extra2;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		numbers[i] = write || i >= v->count ? CLASSIC_NONE
						    : v->get(net, v, i);
	err = proc_dointvec_minmax(&all, write, buffer, len, pos);
	if (err || !write)
		return err;
	return classic_write(net, v, numbers);
}

static struct ctl_table *classic_fill(struct ctl_table *entry, struct net *net,
				      const struct pom_classic_value *v)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(v->names) && v->names[i]; i++)
		*entry++ = (struct ctl_table) {
			.procname	= v->names[i],
			.maxlen		= v->count * sizeof(int),
			.mode		= v->set ? 0644 : 0444,
			.proc_handler	= classic_handler,
			.extra1		= (void *)v,
			.extra2		= net,
		};
	return entry;
}

/**
 * pom_classic_create() - create the files of a network namespace
 * @c: for pom_classic_remove()
 * @net: the network namespace
 * @values: must exist until pom_classic_remove()
 * @n: how many
 *
 * Process context.
 *
 * Return: 0, or -ENOMEM where memory is short or a name is taken
 */
int pom_classic_create(struct pom_classic *c, struct net *net,
		       const struct pom_classic_value *values, unsigned int n)
{
	struct ctl_table *end;
	unsigned int i;

	/* An empty entry is the last. */
	c->table = kcalloc(2 * n + 1, sizeof(*c->table), GFP_KERNEL_ACCOUNT);
	if (!c->table)
		return -ENOMEM;
	end = c->table;
	for (i = 0; i < n; i++)
		end = classic_fill(end, net, &values[i]);
	for (i = 0; i < ARRAY_SIZE(classic_paths); i++) {
		c->headers[i] = pom_register_net_sysctl(net, classic_paths[i],
							c->table,
							end - c->table);
		if (!c->headers[i])
			goto err_table;
	}
	return 0;

err_table:
	if (i)
		unregister_net_sysctl_table(c->headers[0]);
	kfree(c->table);
	return -ENOMEM;
}

/**
 * pom_classic_remove() - undo pom_classic_create()
 * @c: the files
 *
 * Process context. Waits for accesses to end.
 */
void pom_classic_remove(struct pom_classic *c)
{
	unsigned int i;

	for (i = ARRAY_SIZE(c->headers); i-- > 0;)
		unregister_net_sysctl_table(c->headers[i]);
	kfree(c->table);
}
