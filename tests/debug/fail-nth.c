// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks through the memory allocations of one thing that a user does: does it again and again, and lets the first allocation
 * fail, then the second, and so on, until none is left to fail and it succeeds. (/proc/PID/fail-nth: see the kernel's
 * Documentation/fault-injection.)
 *
 *   fail-nth load FILE.ko [PARAMETERS]      the module is loaded, and unloaded where that succeeds
 *   fail-nth write FILE DATA [UNDO]         FILE is opened, and DATA written to it in one write; UNDO is written afterwards
 *   fail-nth read FILE                      FILE is opened, and read to its end
 *   fail-nth unshare                        a network namespace is made
 *   fail-nth rules INPUT COMMAND [ARG...]   COMMAND, which reads INPUT, gives the kernel a table: the setsockopt of legacy
 *                                           iptables, or the batch of nftables
 *   fail-nth talk COMMAND [ARG...]          COMMAND talks to a family of generic netlink, and to nobody else by netlink
 *
 * With -e STEP before that, only each STEP-th allocation fails, and with -b BEGIN, the BEGIN-th is the first that does.
 *
 * Prints `N walked, M refused`, and with which errors how often, and exits 0 when every attempt either succeeded or was refused
 * with an error that memory explains, and the last one, without a fault, ended as one before them all did. What was read, or what a
 * COMMAND that talks said, is then as much as without faults: half an answer is none. Ends with 1 and the reason otherwise; with 77
 * where the kernel cannot inject faults.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
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

/* Takes the fault back, and returns which allocation from now on it would have been; 0: it has happened. */
static unsigned int disarm(int fd)
{
	char text[16] = "";
	unsigned int left;

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		err(77, "reading fail-nth");
	left = strtoul(text, NULL, 10);
	if (left && pwrite(fd, "0", 1, 0) != 1)
		err(77, "fail-nth");
	close(fd);
	return left;
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
	a->injected = !disarm(nth);
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
	a->injected = !disarm(nth);
	if (argv[2])
		write_text(argv[0], argv[2]);
}

static void try_read(unsigned int n, char **argv, struct attempt *a)
{
	static size_t whole;
	static char text[65536];
	size_t length = 0;
	ssize_t got = -1;
	int fd, nth = open_fail_nth(getpid());

	arm(nth, n);
	fd = open(argv[0], O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (got = read(fd, text, sizeof(text))) > 0)
		length += got;
	if (got < 0)
		a->error = errno;
	a->injected = !disarm(nth);
	if (fd >= 0)
		close(fd);
	if (n == MOST)
		whole = length;
	else if (!a->error && length != whole)
		errx(1, "allocation %u failed, and %s ended after %zu bytes of %zu", n, argv[0], length, whole);
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
	a->injected = !disarm(nth);
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

/* @input: what it reads; @said: where its words go to. */
static pid_t start_traced(const char *input, char **command, int said)
{
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	fd = open(input, O_RDONLY);
	if (fd < 0 || dup2(fd, 0) < 0)
		err(1, "%s", input);
	if (dup2(said, 1) < 0 || dup2(said, 2) < 0)
		err(1, "dup2");
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	execvp(command[0], command);
	_exit(127);
}

/* A command whose system calls are looked at, and some of them suffer. */
struct traced {
	unsigned int left; /* allocations until one of them fails, that one included; 0: it has */
	int nth; /* fail-nth of the command while it suffers, or -1 */
	bool begun; /* what is to suffer has been met */
	struct attempt *attempt;
	/* Called on each way into a system call, and out of it. */
	void (*step)(struct traced *t, pid_t pid, const struct user_regs_struct *regs, bool entered);
};

static void suffer(struct traced *t, pid_t pid)
{
	t->nth = open_fail_nth(pid);
	arm(t->nth, t->left);
}

static void recover(struct traced *t)
{
	t->left = disarm(t->nth);
	t->nth = -1;
	t->attempt->injected = !t->left;
}

/* Runs the command to its end, and returns its exit status. */
static int trace(struct traced *t, const char *input, char **command, int said)
{
	struct user_regs_struct regs;
	bool entered = false;
	int status, signal = 0;
	pid_t pid = start_traced(input, command, said);

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		errx(1, "cannot trace %s", command[0]);
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	for (;;) {
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
		t->step(t, pid, &regs, entered);
	}
	if (WIFSIGNALED(status))
		errx(1, "%s died by signal %d", command[0], WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* The error that @text names, as strerror() says it; does not return where there is none. */
static int error_named(const char *command, const char *text)
{
	int error;

	for (error = 1; error < ERRORS; error++)
		if (strstr(text, strerror(error)))
			return error;
	if (strstr(text, "Memory allocation problem")) /* iptables's own word for it */
		return ENOMEM;
	errx(1, "%s did not do what it does without a fault, and what it said names no error: %s", command, text);
}

/* What a command said, in memory of its own until it is asked again; closes @said. */
static char *words_of(int said)
{
	static char text[65536];
	ssize_t length = pread(said, text, sizeof(text) - 1, 0);

	if (length < 0)
		err(1, "what the command said");
	text[length] = '\0';
	close(said);
	return text;
}

/* The first table that the command gives to the kernel is the one that suffers. */
static void step_rules(struct traced *t, pid_t pid, const struct user_regs_struct *regs, bool entered)
{
	if (entered && !t->begun && gives_table(pid, regs)) {
		t->begun = true;
		suffer(t, pid);
	} else if (!entered && t->nth >= 0) {
		recover(t);
		t->attempt->error = regs->orig_rax == SYS_setsockopt ? -(int)regs->rax : 0;
	}
}

static void try_rules(unsigned int n, char **argv, struct attempt *a)
{
	struct traced t = { .left = n, .nth = -1, .attempt = a, .step = step_rules };
	int said = memfd_create("said", MFD_CLOEXEC), status = trace(&t, argv[0], argv + 1, said);
	const char *words = words_of(said);

	if (!t.begun)
		errx(1, "%s gave no table to the kernel (status %d): %s", argv[1], status, words);
	/* Of nftables, the error is in a message that went to the command. */
	if (!status)
		a->error = 0;
	else if (!a->error)
		a->error = error_named(argv[1], words);
}

/* Whether a system call sends or receives by a socket. */
static bool is_talk(pid_t pid, const struct user_regs_struct *regs)
{
	char path[64], what[16];
	ssize_t length;

	switch (regs->orig_rax) {
	case SYS_write: case SYS_sendto: case SYS_sendmsg: case SYS_read: case SYS_recvfrom: case SYS_recvmsg:
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, (int)regs->rdi);
		length = readlink(path, what, sizeof(what));
		return length > 7 && !memcmp(what, "socket:", 7);
	}
	return false;
}

/* Whether it sends a message to a family; GENL_ID_CTRL, which is asked where families are, comes before them all. */
static bool asks_family(pid_t pid, const struct user_regs_struct *regs)
{
	unsigned long message = regs->rsi;

	if (regs->orig_rax == SYS_sendmsg)
		message = word(pid, word(pid, message + offsetof(struct msghdr, msg_iov)));
	else if (regs->orig_rax != SYS_write && regs->orig_rax != SYS_sendto)
		return false;
	return (word(pid, message) >> 32 & 0xffff) > GENL_ID_CTRL;
}

/* From the first request of a family on, all that is sent and received suffers. */
static void step_talk(struct traced *t, pid_t pid, const struct user_regs_struct *regs, bool entered)
{
	if (!entered && t->nth >= 0) {
		recover(t);
	} else if (entered && t->left && is_talk(pid, regs)) {
		t->begun = t->begun || asks_family(pid, regs);
		if (t->begun)
			suffer(t, pid);
	}
}

/* Whether two texts are the same but for their numbers, which may be ages. */
static bool alike(const char *a, const char *b)
{
	for (;;) {
		while (isdigit((unsigned char)*a))
			a++;
		while (isdigit((unsigned char)*b))
			b++;
		if (*a != *b || !*a)
			return *a == *b;
		a++, b++;
	}
}

static void try_talk(unsigned int n, char **argv, struct attempt *a)
{
	static char *whole;
	struct traced t = { .left = n, .nth = -1, .attempt = a, .step = step_talk };
	int said = memfd_create("said", MFD_CLOEXEC), status = trace(&t, "/dev/null", argv, said);
	const char *words = words_of(said);

	if (!t.begun)
		errx(1, "%s sent no request to a family of generic netlink (status %d): %s", argv[0], status, words);
	if (n == MOST)
		whole = strdup(words);
	if (!whole)
		err(1, "the words of %s", argv[0]);
	/* A program may tell of an error and exit with 0. */
	if (status || !alike(words, whole))
		a->error = error_named(argv[0], words);
}

/*
 * Errors that a shortage of memory may show itself as: sockets and netlink messages that could not be made (ENOBUFS, ENFILE), a
 * module that could not be asked for (ENOENT), and what says that it may be tried again.
 */
static const int excused[] = { ENOMEM, ENOBUFS, ENFILE, ENOENT, EAGAIN, EINTR, 0 };

/*
 * What the kernel's own parts of a network namespace say besides: the files of /proc/net (EEXIST), those of ip_tables, whose
 * xt_proto_init() says -1 of them (EPERM), the sockets for uevents (ENODEV) and for routes (EAFNOSUPPORT), and the name of lo in sysfs
 * (EINVAL). What ours say is seen when they are loaded.
 */
static const int of_namespaces[] = { EEXIST, EPERM, ENODEV, EAFNOSUPPORT, EINVAL, 0 };

/* What a program receives may come into memory that it has not touched yet, and there is no page for that. */
static const int of_buffers[] = { EFAULT, 0 };

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
	{ "read", 1, true, NULL, try_read },
	{ "unshare", 0, true, of_namespaces, try_unshare },
	{ "rules", 2, true, NULL, try_rules },
	{ "talk", 1, true, of_buffers, try_talk },
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
			errx(2, "usage: fail-nth [-e STEP] [-b BEGIN] load|write|read|unshare|rules|talk ...");
		*(option == 'e' ? &step : &begin) = strtoul(optarg, NULL, 10) ?: 1;
	}
	argc -= optind - 1;
	argv += optind - 1;
	for (i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (argc > 1 && !strcmp(argv[1], things[i].name) && argc >= 2 + things[i].arguments) {
			walk(&things[i], argv + 2, begin, step);
			return 0;
		}
	errx(2, "usage: fail-nth [-e STEP] [-b BEGIN] load FILE.ko [PARAMETERS] | write FILE DATA [UNDO] | read FILE | unshare | rules INPUT COMMAND [ARG...] | talk COMMAND [ARG...]");
}
