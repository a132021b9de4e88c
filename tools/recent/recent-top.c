// SPDX-License-Identifier: GPL-2.0-only
/* recent(8): the addresses that are seen most often, live. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "recent-lists.h"
#include "recent-netlink.h"
#include "recent-top.h"

struct busy {
	const char *list;
	char addr[INET6_ADDRSTRLEN];
	unsigned int minute;	/* times in the last minute, of those kept */
	uint64_t hits;		/* since the address came */
	uint64_t age;
};

struct top {
	const char *only;	/* the list that was asked for, or NULL: all */
	const char *list;	/* the one that is being read */
	struct busy *busy;
	size_t n, room;
};

static int top_entry(const struct nlmsghdr *nlh, void *data)
{
	struct top *top = data;
	struct message m;
	struct busy *b;
	unsigned int i;

	take_apart(nlh, &m);
	if (top->n == top->room) {
		top->room = top->room ? 2 * top->room : 1024;
		top->busy = realloc(top->busy, top->room * sizeof(*top->busy));
		if (!top->busy)
			die("no memory");
	}
	b = &top->busy[top->n++];
	memset(b, 0, sizeof(*b));
	b->list = top->list;
	snprintf(b->addr, sizeof(b->addr), "%s", addr_of(&m));
	b->hits = u64_of(&m, XT_RECENT_A_HITS);
	b->age = ages_of(&m) ? age_of(&m, 0) : UINT64_MAX;
	for (i = 0; i < ages_of(&m) && age_of(&m, i) < 60000; i++)
		b->minute++;
	return MNL_CB_OK;
}

static int busier(const void *a, const void *b)
{
	const struct busy *x = a, *y = b;

	if (x->minute != y->minute)
		return x->minute > y->minute ? -1 : 1;
	if (x->hits != y->hits)
		return x->hits > y->hits ? -1 : 1;
	return x->age < y->age ? -1 : x->age > y->age;
}

static void top_show(const struct top *top, bool terminal, bool keys)
{
	struct winsize size = { 0 };
	const struct busy *b;
	size_t i, rows;

	if (!terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ||
	    !size.ws_row)
		size.ws_row = 24;
	rows = size.ws_row > 4 ? size.ws_row - 3U : 1;
	if (terminal)
		printf("\033[H\033[J");
	if (keys)
		printf("q: quit   ");
	if (top->only)
		print_name(top->only);
	else
		printf("all lists");
	printf(": %zu addresses, the busiest of the last minute first\n",
	       top->n);
	printf("%-39s %10s %10s %12s%s\n", "ADDRESS", "1 MINUTE", "HITS",
	       "LAST, S AGO", top->only ? "" : "  LIST");
	for (i = 0; i < top->n && i < rows; i++) {
		b = &top->busy[i];
		printf("%-39s %10u %10" PRIu64 " %12.1f", b->addr, b->minute,
		       b->hits, (double)b->age / 1000);
		if (!top->only) {
			printf("  ");
			print_name(b->list);
		}
		putchar('\n');
	}
	fflush(stdout);
}

static int top_name(const struct nlmsghdr *nlh, void *data)
{
	struct message m;

	take_apart(nlh, &m);
	names_add(data, name_of(&m));
	return MNL_CB_OK;
}

/* Reads all lists; skips one that is removed meanwhile. */
static int top_read_all(struct top *top, struct names *names)
{
	const struct named *named;
	int err;

	if (dump_lists(top_name, names, "top"))
		return 1;
	for (named = names->first; named; named = named->next) {
		top->list = named->name;
		err = dump_as(named->name, top_entry, top, NULL);
		if (err && err != ENOENT) {
			complain("%s: %s", named->name, strerror(err));
			return 1;
		}
	}
	return 0;
}

/* ---- keys and rounds ---- */

static struct termios cooked;	/* the terminal as it was */
static sig_atomic_t ended;	/* set by a signal, in pselect() */
static sig_atomic_t stopped;	/* the same, for SIGTSTP */

static void on_signal(int sig)
{
	if (sig == SIGTSTP)
		stopped = 1;
	else if (sig != SIGWINCH)
		ended = 1;
}

static void keys_end(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
}

static bool keys_raw(void)
{
	struct termios raw = cooked;

	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* True if single keys can be read; the terminal is restored at exit. */
static bool keys_begin(void)
{
	if (tcgetattr(STDIN_FILENO, &cooked) || atexit(keys_end))
		return false;
	return keys_raw();
}

/*
 * Signals arrive in top_wait() only, where the terminal is restored in order.
 * *waiting is the mask for it. What the caller ignores stays ignored, such as
 * SIGHUP under nohup.
 */
static void signals_begin(sigset_t *waiting)
{
	static const int signals[] = {
		SIGWINCH, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, 0,
	};
	struct sigaction action = { .sa_handler = on_signal }, old;
	sigset_t held;
	size_t i;

	sigemptyset(&held);
	for (i = 0; signals[i]; i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler == SIG_IGN)
			continue;
		sigaddset(&held, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, waiting);
}

/* Stops as SIGTSTP asks, with the terminal of the shell, until SIGCONT. */
static void stop(bool keys)
{
	if (keys)
		keys_end();
	raise(SIGSTOP);
	stopped = 0;
	if (keys)
		keys_raw();
}

/* Waits for the next round, or for a new size. False if it is the end. */
static bool top_wait(bool keys, const sigset_t *waiting)
{
	unsigned int ms = cli.delay_ms ? cli.delay_ms : 2000;
	struct timespec delay = { ms / 1000, ms % 1000 * 1000000L };
	fd_set in;
	char key;

	FD_ZERO(&in);
	if (keys)
		FD_SET(STDIN_FILENO, &in);
	if (pselect(1, &in, NULL, NULL, &delay, waiting) <= 0) {
		if (stopped)
			stop(keys);
		return !ended;
	}
	return read(STDIN_FILENO, &key, 1) == 1 && key != 'q' && key != 'Q';
}

/* One round; 0 or 1. */
static int top_once(struct top *top, bool terminal, bool keys)
{
	struct names names = { NULL, NULL };
	int status;

	top->n = 0;
	status = top->only ? dump(top->only, top_entry, top) :
			     top_read_all(top, &names);
	if (!status) {
		if (top->n)
			qsort(top->busy, top->n, sizeof(*top->busy), busier);
		top_show(top, terminal, keys);
	}
	names_free(&names);
	return status;
}

/* On a terminal until q or a signal, elsewhere once, or --count times. */
int cmd_top(int argc, char **argv)
{
	struct top top = { .only = argc ? argv[0] : NULL };
	bool terminal = isatty(STDOUT_FILENO);
	bool keys = terminal && isatty(STDIN_FILENO);
	unsigned int left = cli.count ? cli.count : terminal ? 0 : 1;
	sigset_t waiting;
	int status;

	signals_begin(&waiting);
	keys = keys && keys_begin();
	do {
		status = top_once(&top, terminal, keys);
	} while (!status && (!left || --left) && top_wait(keys, &waiting));
	free(top.busy);
	return status;
}
