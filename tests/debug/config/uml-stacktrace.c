// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tests/debug/kernel puts in the place of arch/um/kernel/stacktrace.c: follows frame pointers. The kernel's own looks at every
 * word of a stack whether it may be the address of code, under RCU and so under lockdep, and a debug kernel keeps the stack of
 * every allocation: it spends most of its time there.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <asm/stacktrace.h>

/* Ends where a frame is none: outside of the stack, unaligned, not further out, or with a return address that is no code. */
void dump_trace(struct task_struct *tsk, const struct stacktrace_ops *ops,
		void *data)
{
	struct task_struct *task = tsk ? tsk : current;
	unsigned long low = (unsigned long)task_stack_page(task);
	unsigned long high = low + THREAD_SIZE - sizeof(struct stack_frame);
	unsigned long bp, next, addr;

	bp = get_frame_pointer(task, task->thread.segv_regs);
	while (bp >= low && bp <= high && !(bp % sizeof(long))) {
		addr = READ_ONCE_NOCHECK(((struct stack_frame *)bp)->return_address);
		next = (unsigned long)READ_ONCE_NOCHECK(((struct stack_frame *)bp)->next_frame);
		if (!__kernel_text_address(addr))
			break;
		ops->address(data, addr, 1);
		if (next <= bp)
			break;
		bp = next;
	}
}

static void save_address(void *data, unsigned long address, int reliable)
{
	struct stack_trace *trace = data;

	if (trace->skip)
		trace->skip--;
	else if (trace->nr_entries < trace->max_entries)
		trace->entries[trace->nr_entries++] = address;
}

static const struct stacktrace_ops save_ops = {
	.address = save_address,
};

void save_stack_trace(struct stack_trace *trace)
{
	dump_trace(current, &save_ops, trace);
}
EXPORT_SYMBOL_GPL(save_stack_trace);

void save_stack_trace_tsk(struct task_struct *tsk, struct stack_trace *trace)
{
	dump_trace(tsk, &save_ops, trace);
}
EXPORT_SYMBOL_GPL(save_stack_trace_tsk);
