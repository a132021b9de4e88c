/* SPDX-License-Identifier: GPL-2.0-only */
/* The time that addresses are seen at. */
#ifndef POM_XT_RECENT_CLOCK_H
#define POM_XT_RECENT_CLOCK_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/types.h>
#include <asm/barrier.h>

/* What recent_now() was at boot: more than the longest time of any option. */
#define RECENT_EPOCH	BIT_ULL(42)

/**
 * struct recent_clock - the time, read by the first packet of a tick
 * @tick: the jiffies at which it was read
 * @now: what it was
 */
struct recent_clock {
	unsigned long tick;
	u64 now;
} ____cacheline_aligned_in_smp;

extern struct recent_clock recent_clock;

u64 recent_clock_read(unsigned long tick);

/*
 * Milliseconds, including suspended time; 64 bits do not overflow. The
 * resolution is a tick, and two CPUs may differ by one. Times before boot are
 * valid, for lists that were restored. Any context.
 */
static __always_inline u64 recent_now(void)
{
	unsigned long tick = jiffies, read;

	read = smp_load_acquire(&recent_clock.tick); /* before its time */
	/* Elsewhere 64 bits may be read while half of them are written. */
	if (IS_ENABLED(CONFIG_64BIT) && likely(read == tick))
		return READ_ONCE(recent_clock.now);
	return recent_clock_read(tick);
}

#endif /* POM_XT_RECENT_CLOCK_H */
