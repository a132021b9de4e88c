// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock of the machine costs a function, a loop and a division; packets
 * come many to a tick. The first of a tick reads it for the others. It reads
 * the fine one: the coarse one may be as old as the last idle period was long
 * while jiffies are new already.
 *
 * Jiffies stand still while the machine sleeps, so who comes in what is left
 * of the tick in which it fell asleep still has the time before. A processor
 * that is stopped between the two stores below can put an older time beside
 * the tick of another one, for the rest of that tick.
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
	smp_store_release(&recent_clock.tick, tick); /* its time is there */
	return now;
}
