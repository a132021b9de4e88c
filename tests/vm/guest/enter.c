// SPDX-License-Identifier: GPL-2.0-only
/*
 * enter FILE COMMAND [ARG...]: becomes COMMAND in the network namespace that FILE is. What nsenter(1) does, linked statically: of all
 * that a scenario starts on an emulated processor, every other process was nsenter, looking for its libraries.
 *
 * Ends with 127 where there is no such command and with 126 for all else, as a shell does.
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
	int space;

	if (argc < 3) {
		fputs("usage: enter FILE COMMAND [ARG...]\n", stderr);
		return 126;
	}
	space = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (space < 0 || setns(space, CLONE_NEWNET))
		return complain(argv[1], 126);
	execvp(argv[2], argv + 2);
	return complain(argv[2], errno == ENOENT ? 127 : 126);
}
