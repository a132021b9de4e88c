// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stops QEMU's virtual clock from jumping while the guest waits for a file
 * of the host. The clock jumps to the next timer whenever the guest is
 * idle, and a guest that waits for the host is idle: a slow answer would
 * cost seconds or hours of virtual time. While a process waits for the
 * host, this process keeps the CPU busy, so that the clock counts
 * instructions. It has the priority SCHED_IDLE.
 *
 * perf_event_open(2) reports each context switch of the watched process and
 * its later children; /proc shows what the descheduled one waits for.
 *
 * usage: clock-throttle PID
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_CPUS 16
#define RING_BYTES (64 * 1024)
#define MAX_WAITING 64

/*
 * Parts of the names of kernel functions that wait for the host's answer, or
 * for a page that is being read.
 */
static const char *const waits[] = {
	"fuse",	     "request_wait", "virtio_fs", "folio_wait", "wait_on_page",
	"lock_page", "folio_lock",   "p9_",	  "v9fs",
};

struct switches {
	struct perf_event_mmap_page *page;
	uint64_t tail;
};

/* In the order of the kernel: header, then PERF_SAMPLE_TID. */
struct sample {
	struct perf_event_header header;
	uint32_t pid, tid;
};

/* The beginning of /proc/TID/NAME as a string, empty if it cannot be read. */
static void read_of(uint32_t tid, const char *name, char *text, size_t size)
{
	char path[32];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/%s", tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, size - 1);
		close(fd);
	}
	text[length > 0 ? length : 0] = '\0';
}

static int waits_for_host(uint32_t tid)
{
	char where[200];

	read_of(tid, "wchan", where, sizeof(where));
	/*
	 * Before Linux 5.16 wchan is always 0 on x86; use the innermost frames
	 * of the stack.
	 */
	if (!strcmp(where, "0"))
		read_of(tid, "stack", where, sizeof(where));
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		if (strstr(where, waits[i]))
			return 1;
	}
	return 0;
}

/* Spins until none of these threads waits for the host. */
static void hold(uint32_t *tids, int count)
{
	while (count) {
		if (waits_for_host(tids[count - 1]))
			continue;
		count--;
	}
}

/* Reads all records of the ring; returns how many threads it wrote to tids. */
static int take_switches(struct switches *from, uint32_t *tids, int max)
{
	const char *ring = (const char *)from->page + getpagesize();
	uint64_t head =
		__atomic_load_n(&from->page->data_head, __ATOMIC_ACQUIRE);
	struct sample sample;
	int count = 0;

	while (from->tail < head) {
		/*
		 * Records are multiples of 8 bytes: the header never wraps
		 * around the end of the ring, the rest may.
		 */
		memcpy(&sample.header, ring + from->tail % RING_BYTES,
		       sizeof(sample.header));
		if (sample.header.type == PERF_RECORD_SAMPLE && count < max) {
			memcpy(&sample.pid,
			       ring + (from->tail + sizeof(sample.header)) %
					       RING_BYTES,
			       8);
			if (!count || tids[count - 1] != sample.tid)
				tids[count++] = sample.tid;
		}
		from->tail += sample.header.size;
	}
	__atomic_store_n(&from->page->data_tail, from->tail, __ATOMIC_RELEASE);
	return count;
}

static int watch(pid_t pid, int cpu, struct switches *to)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CONTEXT_SWITCHES,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_TID,
		.inherit = 1,
		.wakeup_events = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, pid, cpu, -1,
			 PERF_FLAG_FD_CLOEXEC);
	void *ring;

	if (fd < 0)
		return -1;
	ring = mmap(NULL, RING_BYTES + getpagesize(), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		return -1;
	to->page = ring;
	return fd;
}

int main(int argc, char **argv)
{
	const struct sched_param none = { 0 };
	struct pollfd events[MAX_CPUS];
	struct switches switches[MAX_CPUS] = { 0 };
	uint32_t tids[MAX_WAITING];
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (argc != 2) {
		fprintf(stderr, "usage: %s PID\n", argv[0]);
		return 2;
	}
	if (cpus > MAX_CPUS)
		cpus = MAX_CPUS;
	for (int cpu = 0; cpu < cpus; cpu++) {
		events[cpu].fd = watch(atoi(argv[1]), cpu, &switches[cpu]);
		events[cpu].events = POLLIN;
		if (events[cpu].fd < 0) {
			perror("perf_event_open");
			return 1;
		}
	}
	if (sched_setscheduler(0, SCHED_IDLE, &none) ||
	    mlockall(MCL_CURRENT | MCL_FUTURE)) {
		perror(argv[0]);
		return 1;
	}
	/* guest/machine waits for this line. */
	puts("ready");
	fclose(stdout);
	for (;;) {
		if (poll(events, cpus, -1) < 0 && errno != EINTR)
			return 1;
		for (int cpu = 0; cpu < cpus; cpu++)
			hold(tids,
			     take_switches(&switches[cpu], tids, MAX_WAITING));
	}
}
