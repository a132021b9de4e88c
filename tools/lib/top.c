// SPDX-License-Identifier: GPL-2.0-only
/* Rounds, the screen, keys and signals of the command top. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "top.h"

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

/*
 * One picture; of 24 rows where there is no terminal. A terminal cuts off lines
 * that are too long: a line of its own would take a row.
 */
static void draw(const struct top_table *table, const void *data, bool terminal,
		 bool keys)
{
	struct winsize size = { 0 };

	if (terminal) {
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
		printf("\033[H\033[J\033[?7l");
	}
	if (keys)
		printf("q: quit   ");
	if (!size.ws_row)
		size.ws_row = 24;
	table->print(data, size.ws_row > 4 ? size.ws_row - 3U : 1, size.ws_col);
	if (terminal)
		printf("\033[?7h");
	fflush(stdout);
}

int top_run(const struct top_table *table, void *data)
{
	bool terminal = isatty(STDOUT_FILENO);
	bool keys = terminal && isatty(STDIN_FILENO);
	unsigned int left = cli.count ? cli.count : terminal ? 0 : 1;
	sigset_t waiting;
	int status;

	signals_begin(&waiting);
	keys = keys && keys_begin();
	do {
		status = table->read(data);
		if (status)
			break;
		draw(table, data, terminal, keys);
	} while ((!left || --left) && top_wait(keys, &waiting));
	return status;
}
