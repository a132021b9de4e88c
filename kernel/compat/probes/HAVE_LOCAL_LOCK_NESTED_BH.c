// SPDX-License-Identifier: GPL-2.0-only
/* 6.11: with PREEMPT_RT, code with bottom halves off locks data of its CPU. */
/* no: implicit declaration of function .*local_lock_nested_bh */
#include <linux/bottom_half.h>
#include <linux/local_lock.h>

void probe(local_lock_t __percpu *lock);

void probe(local_lock_t __percpu *lock)
{
	local_lock_nested_bh(lock);
	local_unlock_nested_bh(lock);
}
