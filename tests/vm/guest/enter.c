// SPDX-License-Identifier: GPL-2.0-only
/*
 * enter --net=FILE COMMAND [ARG...]: runs COMMAND in the network namespace
 * FILE, as nsenter(1) does. This program is linked statically: on an emulated
 * CPU, half of the cost of a process is loading libraries.
 *
 * Exit status: 127 if COMMAND does not exist, 126 on other errors, as in a
 * shell.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *what, int status)
{
	fprintf(stderr, "enter: %s: %s\n", what, strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	static const char option[] = "--net=";
	const char *file;
	int space;

	if (argc < 3 || strncmp(argv[1], option, strlen(option))) {
		fputs("usage: enter --net=FILE COMMAND [ARG...]\n", stderr);
		return 126;
	}
	file = argv[1] + strlen(option);
	space = open(file, O_RDONLY | O_CLOEXEC);
	if (space < 0 || setns(space, CLONE_NEWNET))
		return complain(file, 126);
	execvp(argv[2], argv + 2);
	return complain(argv[2], errno == ENOENT ? 127 : 126);
}
