/* SPDX-License-Identifier: GPL-2.0-only */
/* What bottom halves of one CPU protect from each other. */
#ifndef POM_COMPAT_LOCAL_LOCK_H
#define POM_COMPAT_LOCAL_LOCK_H

#include <linux/bottom_half.h>
#include <linux/local_lock.h>

/**
 * pom_local_lock_bh() - protect data of a CPU
 * @lock: a local_lock_t of each CPU
 *
 * With bottom halves off, which is all that happens without PREEMPT_RT. With
 * it, a task with bottom halves off can be preempted by a different one. From
 * 6.18 on, that one may have bottom halves off, too. Kernels without such
 * locks take one of all bottom halves of the CPU.
 */
#ifdef HAVE_LOCAL_LOCK_NESTED_BH
#define pom_local_lock_bh(lock)		local_lock_nested_bh(lock)
#define pom_local_unlock_bh(lock)	local_unlock_nested_bh(lock)
#else
#define pom_local_lock_bh(lock)		((void)(lock))
#define pom_local_unlock_bh(lock)	((void)(lock))
#endif

#endif /* POM_COMPAT_LOCAL_LOCK_H */
