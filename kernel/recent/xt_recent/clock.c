// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the system clock costs a function, a loop and a division, and many
 * packets arrive in one tick. The first one in a tick reads the clock for the
 * others. It reads the fine clock: after an idle period, the coarse one may be
 * outdated when jiffies are already current.
 *
 * Jiffies stop while the system is suspended: packets in the rest of that tick
 * get the time from before. A CPU that is stopped between the two stores below
 * can store an older time with a newer tick, for the rest of that tick.
 */
#include <linux/ktime.h>
#include "recent/xt_recent/clock.h"
#include "recent/xt_recent/recent.h"

struct recent_clock recent_clock;

/**
 * recent_clock_read - read the clock for all who come in this tick
 * @tick: jiffies
 *
 * Any context. Return: as recent_now()
 */
u64 recent_clock_read(unsigned long tick)
{
	u64 now = RECENT_EPOCH + ktime_to_ms(ktime_get_boottime());

	WRITE_ONCE(recent_clock.now, now);
	smp_store_release(&recent_clock.tick, tick); /* after its time */
	return now;
}
