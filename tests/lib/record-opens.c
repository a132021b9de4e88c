// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records which files of a tree are opened.
 *
 *   record-opens TREE LIST COMMAND [ARG...]
 *
 *     Runs COMMAND in TREE, in a mount namespace in which TREE is a mount of
 *     its own. Only COMMAND and its children use that mount, so fanotify
 *     reports their opens and no others. A child that makes a mount namespace
 *     of its own is not seen. The exit status is that of COMMAND. Where
 *     fanotify or the namespace is not permitted, COMMAND runs unrecorded and
 *     LIST is not written.
 *
 *   record-opens --mount TREE LIST
 *
 *     Reports every open on the mount that holds TREE, until it is killed.
 *     TREE is a path in the caller's mount namespace. The first line of LIST
 *     is empty and means that recording has begun.
 *
 * LIST gets a line for each open, relative to TREE and in order. Lines that
 * repeat the line before them, and files below build/ and .git/, are left out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *tree;
static FILE *list;

static void note(const char *path)
{
	static char last[PATH_MAX];
	size_t length = strlen(tree);

	if (strncmp(path, tree, length) || path[length] != '/')
		return;
	path += length + 1;
	if (!strncmp(path, "build/", 6) || !strncmp(path, ".git/", 5))
		return;
	if (!strcmp(path, last))
		return;
	snprintf(last, sizeof(last), "%s", path);
	fprintf(list, "%s\n", path);
}

/* Takes what the queue holds; false when it holds nothing more. */
static int take_events(int queue)
{
	char events[8192] __attribute__((aligned(8)));
	const struct fanotify_event_metadata *event = (void *)events;
	char name[40], path[PATH_MAX];
	ssize_t got = read(queue, events, sizeof(events)), length;

	if (got <= 0)
		return 0;
	for (; FAN_EVENT_OK(event, got); event = FAN_EVENT_NEXT(event, got)) {
		if (event->fd < 0)
			continue;
		snprintf(name, sizeof(name), "/proc/self/fd/%d", event->fd);
		length = readlink(name, path, sizeof(path) - 1);
		close(event->fd);
		if (length > 0) {
			path[length] = '\0';
			note(path);
		}
	}
	fflush(list);
	return 1;
}

/* A queue of opens on the mount that holds the tree, or -1. */
static int watch(void)
{
	int queue = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK |
				  FAN_UNLIMITED_QUEUE, O_RDONLY | O_CLOEXEC);

	if (queue >= 0 &&
	    fanotify_mark(queue, FAN_MARK_ADD | FAN_MARK_MOUNT,
			  FAN_OPEN | FAN_OPEN_EXEC, AT_FDCWD, tree)) {
		close(queue);
		queue = -1;
	}
	return queue;
}

static int become(char **command)
{
	execvp(*command, command);
	perror(*command);
	return 127;
}

static int own_mount(void)
{
	return unshare(CLONE_NEWNS) ||
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount(tree, tree, NULL, MS_BIND, NULL) || chdir(tree);
}

static int record_mount(const char *to)
{
	struct pollfd ready = { .events = POLLIN };

	ready.fd = watch();
	list = fopen(to, "we");
	if (ready.fd < 0 || !list)
		return 1;
	fputs("\n", list);
	fflush(list);
	while (poll(&ready, 1, -1) >= 0 || errno == EINTR)
		while (take_events(ready.fd))
			;
	return 1;
}

static int record_command(const char *to, char **command)
{
	struct pollfd ready[2] = { { .events = POLLIN }, { .events = POLLIN } };
	sigset_t ended, before;
	int status, queue;
	pid_t child;

	if (own_mount() || (queue = watch()) < 0)
		return become(command);
	list = fopen(to, "we");
	if (!list)
		return become(command);
	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &before);
	ready[0].fd = queue;
	ready[1].fd = signalfd(-1, &ended, SFD_CLOEXEC);
	child = fork();
	if (!child) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		_exit(become(command));
	}
	while (child > 0 && waitpid(child, &status, WNOHANG) == 0) {
		poll(ready, 2, -1);
		while (take_events(queue))
			;
	}
	while (take_events(queue))
		;
	if (child < 0)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "--mount")) {
		tree = argv[2];
		return record_mount(argv[3]);
	}
	if (argc < 4) {
		fprintf(stderr, "usage: %s TREE LIST COMMAND [ARG...]\n",
			argv[0]);
		return 2;
	}
	tree = argv[1];
	return record_command(argv[2], argv + 3);
}
