/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of a network namespace that rules use by name: conditions, sets
 * of patterns. Rules keep a pointer to the object, so the packet path looks up
 * no name.
 */
#ifndef POM_LIB_NAMED_H
#define POM_LIB_NAMED_H

#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/string.h>

/**
 * struct pom_named - the part of an object that its namespace knows
 * @node: in pom_names.tree, under pom_names.lock
 * @rules: how many rules use the object, under pom_names.lock. A rule counts
 *	once for each mention.
 * @name: NUL-terminated, in the object. It never changes.
 */
struct pom_named {
	struct rb_node node;
	unsigned int rules;
	const char *name;
};

/**
 * struct pom_names - the objects of one kind in a network namespace
 * @lock: see pom_named and below. Process context.
 * @tree: of struct pom_named, ordered by name
 * @count: how many @tree has
 */
struct pom_names {
	struct mutex lock; /* guards @tree, @count and the objects' @rules */
	struct rb_root tree;
	unsigned int count;
};

static inline void pom_names_init(struct pom_names *names)
{
	mutex_init(&names->lock);
	names->tree = RB_ROOT;
	names->count = 0;
}

/*
 * Where @name is linked in the tree, or, with *@parent, where it has to be
 * linked.
 */
static inline struct rb_node **pom_names_link(struct pom_names *names,
					      const char *name,
					      struct rb_node **parent)
{
	struct rb_node **link = &names->tree.rb_node;
	int cmp;

	lockdep_assert_held(&names->lock);
	*parent = NULL;
	while (*link) {
		cmp = strcmp(name, rb_entry(*link, struct pom_named,
					    node)->name);
		if (!cmp)
			break;
		*parent = *link;
		link = cmp < 0 ? &(*link)->rb_left : &(*link)->rb_right;
	}
	return link;
}

/**
 * pom_names_find() - the object of that name
 * @names: the objects, whose lock is held
 * @name: NUL-terminated
 *
 * Return: the object, without a reference, or NULL
 */
static inline struct pom_named *pom_names_find(struct pom_names *names,
					       const char *name)
{
	struct rb_node *parent;

	return rb_entry_safe(*pom_names_link(names, name, &parent),
			     struct pom_named, node);
}

/**
 * pom_names_find_after() - the first object whose name sorts after @name
 * @names: the objects, whose lock is held
 * @name: NUL-terminated; "" finds the first of all
 *
 * A walk that continues after the last name that it has seen neither skips nor
 * repeats objects when others are added or removed in between.
 *
 * Return: the object, without a reference, or NULL
 */
static inline struct pom_named *pom_names_find_after(struct pom_names *names,
						     const char *name)
{
	struct rb_node *node = names->tree.rb_node;
	struct pom_named *found = NULL;

	lockdep_assert_held(&names->lock);
	while (node) {
		struct pom_named *n = rb_entry(node, struct pom_named, node);

		if (strcmp(name, n->name) < 0) {
			found = n;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/**
 * pom_names_add() - add a complete object
 * @names: the objects, whose lock is held; none has the name of @n
 * @n: the object; its name is set
 */
static inline void pom_names_add(struct pom_names *names, struct pom_named *n)
{
	struct rb_node *parent;
	struct rb_node **link = pom_names_link(names, n->name, &parent);

	rb_link_node(&n->node, parent, link);
	rb_insert_color(&n->node, &names->tree);
	names->count++;
}

/**
 * pom_names_remove() - undo pom_names_add()
 * @names: the objects, whose lock is held
 * @n: one of them
 */
static inline void pom_names_remove(struct pom_names *names,
				    struct pom_named *n)
{
	lockdep_assert_held(&names->lock);
	rb_erase(&n->node, &names->tree);
	names->count--;
}

#endif /* POM_LIB_NAMED_H */
