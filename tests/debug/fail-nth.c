// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks through the memory allocations of one thing that a user does: does it again and again, and lets the first allocation
 * fail, then the second, and so on, until none is left to fail and it succeeds. (/proc/PID/fail-nth: see the kernel's
 * Documentation/fault-injection.)
 *
 *   fail-nth load FILE.ko [PARAMETERS]      the module is loaded, and unloaded where that succeeds
 *   fail-nth write FILE DATA [UNDO]         FILE is opened, and DATA written to it in one write; UNDO is written afterwards
 *   fail-nth unshare                        a network namespace is made
 *   fail-nth rules INPUT COMMAND [ARG...]   COMMAND, which reads INPUT, gives the kernel a table: the setsockopt of legacy
 *                                           iptables, or the batch of nftables
 *
 * With -e STEP before that, only each STEP-th allocation fails, and with -b BEGIN, the BEGIN-th is the first that does.
 *
 * Prints `N walked, M refused`, and with which errors how often, and exits 0 when every attempt either succeeded or was refused
 * with an error that memory explains, and the last one, without a fault, ended as one before them all did. Ends with 1 and the
 * reason otherwise; with 77 where the kernel cannot inject faults.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* More allocations than anything here makes. */
#define MOST 20000
/* One more than the last error that user space has a name for, EHWPOISON. */
#define ERRORS 134

/* What became of one attempt. */
struct attempt {
	int error; /* errno, or 0 */
	bool injected; /* the fault was used up */
};

/* /proc/PID/fail-nth, opened beforehand: with a fault to come, opening could be what fails. */
static int open_fail_nth(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", (int)pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(77, "%s", path);
	return fd;
}

static void arm(int fd, unsigned int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, length, 0) != length)
		err(77, "fail-nth");
}

/* Reads whether the fault is still to come, and takes it back. */
static bool disarm(int fd)
{
	char text[16] = "";
	bool used;

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		err(77, "reading fail-nth");
	used = atoi(text) == 0;
	if (!used && pwrite(fd, "0", 1, 0) != 1)
		err(77, "fail-nth");
	close(fd);
	return used;
}

static void try_load(unsigned int n, char **argv, struct attempt *a)
{
	const char *parameters = argv[1] ? argv[1] : "";
	char name[64];
	int nth, fd = open(argv[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", argv[0]);
	nth = open_fail_nth(getpid());
	arm(nth, n);
	if (syscall(SYS_finit_module, fd, parameters, 0))
		a->error = errno;
	a->injected = disarm(nth);
	close(fd);
	if (!a->error) {
		snprintf(name, sizeof(name), "%s", strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0]);
		name[strcspn(name, ".")] = '\0';
		if (syscall(SYS_delete_module, name, 0))
			err(1, "%s was loaded and cannot be unloaded", name);
	}
}

/* Returns errno, or 0. */
static int write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

static void try_write(unsigned int n, char **argv, struct attempt *a)
{
	int nth = open_fail_nth(getpid());

	arm(nth, n);
	a->error = write_text(argv[0], argv[1]);
	a->injected = disarm(nth);
	if (argv[2])
		write_text(argv[0], argv[2]);
}

static void try_unshare(unsigned int n, char **argv, struct attempt *a)
{
	int nth, home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	(void)argv;
	if (home < 0)
		err(1, "/proc/self/ns/net");
	nth = open_fail_nth(getpid());
	arm(nth, n);
	if (unshare(CLONE_NEWNET))
		a->error = errno;
	a->injected = disarm(nth);
	if (!a->error && setns(home, CLONE_NEWNET))
		err(1, "cannot go back");
	close(home);
}

/* A word of the traced process's memory; 0 where there is none. */
static unsigned long word(pid_t pid, unsigned long at)
{
	unsigned long value;

	errno = 0;
	value = ptrace(PTRACE_PEEKDATA, pid, at, 0);
	return errno ? 0 : value;
}

/* Whether the system call that PID is about to make gives a table to the kernel. */
static bool gives_table(pid_t pid, const struct user_regs_struct *regs)
{
	unsigned long header; /* the first 8 bytes of a struct nlmsghdr: length, type, flags */

	if (regs->orig_rax == SYS_setsockopt)
		return regs->rdx == 64; /* IPT_SO_SET_REPLACE, IP6T_SO_SET_REPLACE */
	if (regs->orig_rax == SYS_sendto)
		header = word(pid, regs->rsi);
	else if (regs->orig_rax == SYS_sendmsg)
		header = word(pid, word(pid, word(pid, regs->rsi + offsetof(struct msghdr, msg_iov))));
	else
		return false;
	return (header >> 32 & 0xffff) == NFNL_MSG_BATCH_BEGIN;
}

/* @said: where its words go to. */
static pid_t start_traced(char **argv, int said)
{
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	fd = open(argv[0], O_RDONLY);
	if (fd < 0 || dup2(fd, 0) < 0)
		err(1, "%s", argv[0]);
	if (dup2(said, 1) < 0 || dup2(said, 2) < 0)
		err(1, "dup2");
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	execvp(argv[1], argv + 1);
	_exit(127);
}

/* The error that stands in the words of @command, as strerror() says it; does not return where there is none. */
static int error_said(const char *command, int said)
{
	char text[4096] = "";
	int error;

	if (pread(said, text, sizeof(text) - 1, 0) < 0)
		err(1, "what %s said", command);
	for (error = 1; error < ERRORS; error++)
		if (strstr(text, strerror(error)))
			return error;
	if (strstr(text, "Memory allocation problem")) /* iptables's own word for it */
		return ENOMEM;
	errx(1, "%s failed, and what it said names no error: %s", command, text);
}

/* The first table that the command gives to the kernel is the one that suffers. */
static void try_rules(unsigned int n, char **argv, struct attempt *a)
{
	bool entered = false, armed = false, done = false;
	struct user_regs_struct regs;
	int status, signal, nth = -1, said = memfd_create("said", MFD_CLOEXEC);
	pid_t pid = start_traced(argv, said);

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		errx(1, "cannot trace %s", argv[1]);
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	for (signal = 0;;) {
		ptrace(PTRACE_SYSCALL, pid, 0, signal);
		if (waitpid(pid, &status, 0) != pid)
			err(1, "waitpid");
		if (!WIFSTOPPED(status))
			break;
		signal = 0;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
			continue;
		}
		entered = !entered;
		if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
			err(1, "PTRACE_GETREGS");
		if (entered && !done && gives_table(pid, &regs)) {
			nth = open_fail_nth(pid);
			arm(nth, n);
			armed = true;
		} else if (!entered && armed) {
			a->injected = disarm(nth);
			a->error = regs.orig_rax == SYS_setsockopt ? -(int)regs.rax : 0;
			armed = false;
			done = true;
		}
	}
	if (WIFSIGNALED(status))
		errx(1, "%s died by signal %d", argv[1], WTERMSIG(status));
	if (!done)
		errx(1, "%s gave no table to the kernel (status %d)", argv[1], WEXITSTATUS(status));
	/* Of nftables, the error is in a message that went to the command. */
	if (!WEXITSTATUS(status))
		a->error = 0;
	else if (!a->error)
		a->error = error_said(argv[1], said);
	close(said);
}

/*
 * Errors that a shortage of memory may show itself as: sockets and netlink messages that could not be made (ENOBUFS, ENFILE), a
 * module that could not be asked for (ENOENT), and what says that it may be tried again.
 */
static const int excused[] = { ENOMEM, ENOBUFS, ENFILE, ENOENT, EAGAIN, EINTR, 0 };

/*
 * What the kernel's own parts of a network namespace say besides: the files of /proc/net (EEXIST), the sockets for uevents (ENODEV)
 * and for routes (EAFNOSUPPORT), and the name of lo in sysfs (EINVAL). What ours say is seen when they are loaded.
 */
static const int of_namespaces[] = { EEXIST, ENODEV, EAFNOSUPPORT, EINVAL, 0 };

static bool is_among(const int *errors, int error)
{
	for (; errors && *errors; errors++)
		if (*errors == error)
			return true;
	return false;
}

static void tell(unsigned int walked, const unsigned int *answers)
{
	unsigned int i, refused = 0;
	const char *before = " (";

	for (i = 1; i < ERRORS; i++)
		refused += answers[i];
	printf("%u walked, %u refused", walked, refused);
	for (i = 1; i < ERRORS; i++) {
		if (!answers[i])
			continue;
		printf("%s%s %u", before, strerrorname_np(i), answers[i]);
		before = ", ";
	}
	puts(refused ? ")" : "");
}

static const struct thing {
	const char *name;
	int arguments;
	bool must; /* without a fault it must succeed */
	const int *errors; /* besides those that are always excused */
	void (*try)(unsigned int n, char **argv, struct attempt *a); /* with allocation N failing; A is empty beforehand */
} things[] = {
	{ "load", 1, true, NULL, try_load },
	{ "write", 2, false, NULL, try_write },
	{ "unshare", 0, true, of_namespaces, try_unshare },
	{ "rules", 2, true, NULL, try_rules },
};

/* Does a thing with every STEP-th allocation failing, from the BEGIN-th. Does not return where an answer is not as it should be. */
static void walk(const struct thing *thing, char **argv, unsigned int begin, unsigned int step)
{
	static unsigned int answers[ERRORS];
	struct attempt without = { 0 }, a;
	unsigned int n, walked = 0;

	/* What the answer is when memory suffices: a write may well be refused for what it says. */
	thing->try(MOST, argv, &without);
	a = without;
	if (without.error && thing->must)
		errx(1, "fails without any fault: %s", strerror(without.error));
	for (n = begin; n < MOST; n += step) {
		a = (struct attempt){ 0 };
		thing->try(n, argv, &a);
		if (!a.injected)
			break;
		if (a.error < 0 || a.error >= ERRORS)
			errx(1, "allocation %u failed, and the answer %d is no error of user space's", n, a.error);
		if (a.error && a.error != without.error && !is_among(excused, a.error) && !is_among(thing->errors, a.error))
			errx(1, "allocation %u failed, and the answer was: %s", n, strerror(a.error));
		answers[a.error]++;
		walked++;
	}
	if (a.error != without.error)
		errx(1, "without a fault, after %u of them: %s; before them: %s", walked, strerror(a.error), strerror(without.error));
	tell(walked, answers);
}

int main(int argc, char **argv)
{
	unsigned int i, step = 1, begin = 1;
	int option;

	while ((option = getopt(argc, argv, "+e:b:")) != -1) {
		if (option != 'e' && option != 'b')
			errx(2, "usage: fail-nth [-e STEP] [-b BEGIN] load|write|unshare|rules ...");
		*(option == 'e' ? &step : &begin) = strtoul(optarg, NULL, 10) ?: 1;
	}
	argc -= optind - 1;
	argv += optind - 1;
	for (i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (argc > 1 && !strcmp(argv[1], things[i].name) && argc >= 2 + things[i].arguments) {
			walk(&things[i], argv + 2, begin, step);
			return 0;
		}
	errx(2, "usage: fail-nth [-e STEP] [-b BEGIN] load FILE.ko [PARAMETERS] | write FILE DATA [UNDO] | unshare | rules INPUT COMMAND [ARG...]");
}
