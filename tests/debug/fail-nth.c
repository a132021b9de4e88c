// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection: fails each single memory allocation of one action. The
 * action is repeated; the first allocation fails, then the second, and so on,
 * until the action makes no further allocation and succeeds. See
 * /proc/PID/fail-nth in the kernel's Documentation/fault-injection.
 *
 *   fail-nth load FILE.ko [PARAMETERS]      loads the module, and unloads it
 *                                           if that succeeded
 *   fail-nth write FILE DATA [UNDO]         opens FILE and writes DATA in one
 *                                           write; writes UNDO afterwards. \n
 *                                           is a newline, \xNN a byte, and \c
 *                                           the end
 *   fail-nth read FILE                      opens FILE and reads it to its end
 *   fail-nth unshare                        creates a network namespace
 *   fail-nth rules INPUT COMMAND [ARG...]   COMMAND reads INPUT and gives the
 *                                           kernel a table: by setsockopt
 *                                           (iptables-legacy) or in a batch of
 *                                           nftables
 *   fail-nth netlink COMMAND [ARG...]       COMMAND uses one family of generic
 *                                           netlink, and no other netlink
 *
 * Options before the action: -e STEP fails every STEP-th allocation only, and
 * -b BEGIN begins with the BEGIN-th.
 *
 * Prints `N faults, M refused`, and how often each error occurred. The exit
 * status is 0 if
 * - every attempt succeeded or failed with an error that a lack of memory
 *   explains,
 * - the last attempt, without a fault, has the result of the one before all
 *   faults, and
 * - an attempt that succeeded read as many bytes as without a fault, or printed
 *   the same lines (netlink).
 * Otherwise the status is 1, and the reason is printed. The status is 77 if
 * the kernel cannot inject faults.
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

/* More allocations than any action makes. */
#define ALLOCATIONS_MAX 20000
/* One more than EHWPOISON, the last error that user space can see. */
#define ERRORS 134

/* The result of one attempt. */
struct attempt {
	int error; /* errno, or 0 */
	bool injected; /* the allocation has failed */
};

/* Opens /proc/PID/fail-nth; an armed fault could make that open() fail. */
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

/* Disarms; returns how many allocations were left until the fault, or 0. */
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
		snprintf(name, sizeof(name), "%s",
			 strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1
					       : argv[0]);
		name[strcspn(name, ".")] = '\0';
		if (syscall(SYS_delete_module, name, 0))
			err(1, "cannot unload %s", name);
	}
}

/* Undoes escapes. Returns the bytes, which the next call overwrites. */
static const char *unescaped(const char *text, size_t *length)
{
	static char bytes[65536];
	size_t n = 0;
	unsigned int byte;

	for (; *text && n < sizeof(bytes) && strncmp(text, "\\c", 2); n++) {
		if (!strncmp(text, "\\n", 2)) {
			bytes[n] = '\n';
			text += 2;
		} else if (sscanf(text, "\\x%2x", &byte) == 1) {
			bytes[n] = (char)byte;
			text += 4;
		} else {
			bytes[n] = *text++;
		}
	}
	*length = n;
	return bytes;
}

/* Returns errno, or 0. */
static int write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), error = 0;
	const char *bytes;
	size_t length;

	if (fd < 0)
		return errno;
	bytes = unescaped(text, &length);
	if (write(fd, bytes, length) < 0)
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
	if (n == ALLOCATIONS_MAX)
		whole = length;
	else if (!a->error && length != whole)
		errx(1, "fault in allocation %u: %s ended after %zu bytes of %zu",
		     n, argv[0], length, whole);
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
		err(1, "cannot return to the first network namespace");
	close(home);
}

/* Reads a word of the traced process's memory; 0 if @at is not mapped. */
static unsigned long word(pid_t pid, unsigned long at)
{
	unsigned long value;

	errno = 0;
	value = ptrace(PTRACE_PEEKDATA, pid, at, 0);
	return errno ? 0 : value;
}

/* Whether the system call that @pid has entered gives the kernel a table. */
static bool gives_table(pid_t pid, const struct user_regs_struct *regs)
{
	unsigned long header; /* length, type and flags of struct nlmsghdr */

	if (regs->orig_rax == SYS_setsockopt)
		return regs->rdx ==
		       64; /* IPT_SO_SET_REPLACE, IP6T_SO_SET_REPLACE */
	if (regs->orig_rax == SYS_sendto)
		header = word(pid, regs->rsi);
	else if (regs->orig_rax == SYS_sendmsg)
		header = word(pid,
			      word(pid,
				   word(pid, regs->rsi + offsetof(struct msghdr,
								  msg_iov))));
	else
		return false;
	return (header >> 32 & 0xffff) == NFNL_MSG_BATCH_BEGIN;
}

/* @input: file for standard input; @output: for standard output and error. */
static pid_t start_traced(const char *input, char **command, int output)
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
	if (dup2(output, 1) < 0 || dup2(output, 2) < 0)
		err(1, "dup2");
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	execvp(command[0], command);
	_exit(127);
}

/* A traced command: step() injects the fault into some of its system calls. */
struct traced {
	unsigned int left; /* allocations up to the fault; 0: it has occurred */
	int nth; /* fail-nth of the command while the fault is armed, or -1 */
	bool begun; /* the first system call for faults has been made */
	struct attempt *attempt;
	/* Called at the entry and at the exit of every system call. */
	void (*step)(struct traced *t, pid_t pid,
		     const struct user_regs_struct *regs, bool entered);
};

static void inject(struct traced *t, pid_t pid)
{
	t->nth = open_fail_nth(pid);
	arm(t->nth, t->left);
}

static void end_injection(struct traced *t)
{
	t->left = disarm(t->nth);
	t->nth = -1;
	t->attempt->injected = !t->left;
}

/* Runs the command to its end, and returns its exit status. */
static int trace(struct traced *t, const char *input, char **command,
		 int output)
{
	struct user_regs_struct regs;
	bool entered = false;
	int status, signal = 0;
	pid_t pid = start_traced(input, command, output);

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		errx(1, "cannot trace %s", command[0]);
	ptrace(PTRACE_SETOPTIONS, pid, 0,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	for (;;) {
		ptrace(PTRACE_SYSCALL, pid, 0, signal);
		if (waitpid(pid, &status, 0) != pid)
			err(1, "waitpid");
		if (!WIFSTOPPED(status))
			break;
		signal = 0;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			signal = WSTOPSIG(status) == SIGTRAP ? 0
							     : WSTOPSIG(status);
			continue;
		}
		entered = !entered;
		if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
			err(1, "PTRACE_GETREGS");
		t->step(t, pid, &regs, entered);
	}
	if (WIFSIGNALED(status))
		errx(1, "signal %d killed %s", WTERMSIG(status), command[0]);
	return WEXITSTATUS(status);
}

/* Finds an error message of strerror() in @text; exits if there is none. */
static int error_named(const char *command, const char *text)
{
	int error;

	for (error = 1; error < ERRORS; error++)
		if (strstr(text, strerror(error)))
			return error;
	if (strstr(text, "Memory allocation problem")) /* of iptables */
		return ENOMEM;
	errx(1, "%s: the result differs from that without a fault, and the output names no error: %s",
	     command, text);
}

/* The output of a command, valid until the next call; closes @output. */
static char *read_output(int output)
{
	static char text[65536];
	ssize_t length = pread(output, text, sizeof(text) - 1, 0);

	if (length < 0)
		err(1, "cannot read the output of the command");
	text[length] = '\0';
	close(output);
	return text;
}

/* Injects the fault where the command gives the kernel its first table. */
static void step_rules(struct traced *t, pid_t pid,
		       const struct user_regs_struct *regs, bool entered)
{
	if (entered && !t->begun && gives_table(pid, regs)) {
		t->begun = true;
		inject(t, pid);
	} else if (!entered && t->nth >= 0) {
		end_injection(t);
		t->attempt->error =
			regs->orig_rax == SYS_setsockopt ? -(int)regs->rax : 0;
	}
}

static void try_rules(unsigned int n, char **argv, struct attempt *a)
{
	struct traced t = {
		.left = n, .nth = -1, .attempt = a, .step = step_rules
	};
	int output = memfd_create("output", MFD_CLOEXEC),
	    status = trace(&t, argv[0], argv + 1, output);
	const char *output_text = read_output(output);

	if (!t.begun)
		errx(1, "%s gave the kernel no table (status %d): %s",
		     argv[1], status, output_text);
	/* nftables reports the error in a netlink message. */
	if (!status)
		a->error = 0;
	else if (!a->error)
		a->error = error_named(argv[1], output_text);
}

/* Whether a system call sends or receives on a socket. */
static bool is_socket_call(pid_t pid, const struct user_regs_struct *regs)
{
	char path[64], what[16];
	ssize_t length;

	switch (regs->orig_rax) {
	case SYS_write:
	case SYS_sendto:
	case SYS_sendmsg:
	case SYS_read:
	case SYS_recvfrom:
	case SYS_recvmsg:
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid,
			 (int)regs->rdi);
		length = readlink(path, what, sizeof(what));
		return length > 7 && !memcmp(what, "socket:", 7);
	}
	return false;
}

/*
 * Whether a system call sends a message to a family. GENL_ID_CTRL, the
 * controller that looks up families, has the lowest number.
 */
static bool is_family_request(pid_t pid, const struct user_regs_struct *regs)
{
	unsigned long message = regs->rsi;

	if (regs->orig_rax == SYS_sendmsg)
		message = word(pid, word(pid, message + offsetof(struct msghdr,
								 msg_iov)));
	else if (regs->orig_rax != SYS_write && regs->orig_rax != SYS_sendto)
		return false;
	return (word(pid, message) >> 32 & 0xffff) > GENL_ID_CTRL;
}

/* Injects the fault into socket calls from the first request of a family on. */
static void step_netlink(struct traced *t, pid_t pid,
			 const struct user_regs_struct *regs, bool entered)
{
	if (!entered && t->nth >= 0) {
		end_injection(t);
	} else if (entered && t->left && is_socket_call(pid, regs)) {
		t->begun = t->begun || is_family_request(pid, regs);
		if (t->begun)
			inject(t, pid);
	}
}

/* Whether two texts are equal except for numbers, which may be ages. */
static bool equal_without_numbers(const char *a, const char *b)
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

static void try_netlink(unsigned int n, char **argv, struct attempt *a)
{
	static char *whole;
	struct traced t = {
		.left = n, .nth = -1, .attempt = a, .step = step_netlink
	};
	int output = memfd_create("output", MFD_CLOEXEC),
	    status = trace(&t, "/dev/null", argv, output);
	const char *output_text = read_output(output);

	if (!t.begun)
		errx(1, "%s sent no request to a family of generic netlink (status %d): %s",
		     argv[0], status, output_text);
	if (n == ALLOCATIONS_MAX)
		whole = strdup(output_text);
	if (!whole)
		err(1, "the output of %s", argv[0]);
	/* A program may print an error and exit with 0. */
	if (status || !equal_without_numbers(output_text, whole))
		a->error = error_named(argv[0], output_text);
}

/*
 * Errors that a failed allocation can cause in any action: no socket or netlink
 * message (ENOBUFS, ENFILE), a module that was not requested (ENOENT), and a
 * request to repeat the call (EAGAIN, EINTR).
 */
static const int memory_errors[] = { ENOMEM, ENOBUFS, ENFILE, ENOENT,
				     EAGAIN, EINTR,   0 };

/*
 * Further errors of the kernel's own code when a network namespace is created:
 * EEXIST from files of /proc/net, EPERM from those of ip_tables
 * (xt_proto_init() returns -1), ENODEV from the socket for uevents,
 * EAFNOSUPPORT from the socket for routes, and EINVAL from the name of lo in
 * sysfs. `load` covers the errors of the modules of this tree.
 */
static const int namespace_errors[] = { EEXIST,	      EPERM,  ENODEV,
					EAFNOSUPPORT, EINVAL, 0 };

/* No page for a receive buffer that the program has not touched yet. */
static const int buffer_errors[] = { EFAULT, 0 };

static bool is_among(const int *errors, int error)
{
	for (; errors && *errors; errors++)
		if (*errors == error)
			return true;
	return false;
}

static void print_summary(unsigned int faults, const unsigned int *results)
{
	unsigned int i, refused = 0;
	const char *before = " (";

	for (i = 1; i < ERRORS; i++)
		refused += results[i];
	printf("%u faults, %u refused", faults, refused);
	for (i = 1; i < ERRORS; i++) {
		if (!results[i])
			continue;
		printf("%s%s %u", before, strerrorname_np(i), results[i]);
		before = ", ";
	}
	puts(refused ? ")" : "");
}

static const struct action {
	const char *name;
	int arguments;
	bool must_succeed; /* without a fault */
	const int *errors; /* allowed in addition to memory_errors */
	/* Does the action with a fault in allocation @n; @a is zero before. */
	void (*try)(unsigned int n, char **argv, struct attempt *a);
} actions[] = {
	{ "load", 1, true, NULL, try_load },
	{ "write", 2, false, NULL, try_write },
	{ "read", 1, true, NULL, try_read },
	{ "unshare", 0, true, namespace_errors, try_unshare },
	{ "rules", 2, true, NULL, try_rules },
	{ "netlink", 1, true, buffer_errors, try_netlink },
};

/*
 * Repeats an action with a fault in every STEP-th allocation, from the
 * BEGIN-th. Exits at the first result that is not allowed.
 */
static void inject_all(const struct action *action, char **argv,
		       unsigned int begin, unsigned int step)
{
	static unsigned int results[ERRORS];
	struct attempt without = { 0 }, a;
	unsigned int n, faults = 0;

	/* The result without a fault; a write can fail for other reasons. */
	action->try(ALLOCATIONS_MAX, argv, &without);
	a = without;
	if (without.error && action->must_succeed)
		errx(1, "failed without a fault: %s",
		     strerror(without.error));
	for (n = begin; n < ALLOCATIONS_MAX; n += step) {
		a = (struct attempt){ 0 };
		action->try(n, argv, &a);
		if (!a.injected)
			break;
		if (a.error < 0 || a.error >= ERRORS)
			errx(1, "fault in allocation %u: the result %d is no errno of user space",
			     n, a.error);
		if (a.error && a.error != without.error &&
		    !is_among(memory_errors, a.error) &&
		    !is_among(action->errors, a.error))
			errx(1, "fault in allocation %u: unexpected error: %s",
			     n, strerror(a.error));
		results[a.error]++;
		faults++;
	}
	if (a.error != without.error)
		errx(1, "the result without a fault has changed after %u faults: %s; before: %s",
		     faults, strerror(a.error), strerror(without.error));
	print_summary(faults, results);
}

int main(int argc, char **argv)
{
	unsigned int i, step = 1, begin = 1;
	int option;

	while ((option = getopt(argc, argv, "+e:b:")) != -1) {
		if (option != 'e' && option != 'b')
			errx(2, "usage: fail-nth [-e STEP] [-b BEGIN] load|write|read|unshare|rules|netlink ...");
		*(option == 'e' ? &step : &begin) = strtoul(optarg, NULL, 10)
							    ?: 1;
	}
	argc -= optind - 1;
	argv += optind - 1;
	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (argc > 1 && !strcmp(argv[1], actions[i].name) &&
		    argc >= 2 + actions[i].arguments) {
			inject_all(&actions[i], argv + 2, begin, step);
			return 0;
		}
	errx(2, "usage: fail-nth [-e STEP] [-b BEGIN] load FILE.ko [PARAMETERS] | write FILE DATA [UNDO] | read FILE | unshare | rules INPUT COMMAND [ARG...] | netlink COMMAND [ARG...]");
}
