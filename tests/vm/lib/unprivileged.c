// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded before the C library into a virtiofsd that an ordinary user runs, who is root in a user namespace only. Two things that
 * the daemon then may not do, and that nothing is lost without:
 *
 * - virtiofsd of QEMU 7 gives up where it has supplementary groups that it cannot drop. They open nothing that the user could
 *   not open without it. So there are none.
 * - The guest's overlayfs opens what lies below with O_NOATIME, which the host grants to the owner of the file only (open(2)).
 *   The view of the host is read-only and so keeps the access time anyway.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

int getgroups(int size, gid_t list[])
{
	(void)size;
	(void)list;
	return 0;
}

static int open_without_noatime(int dir, const char *path, int flags, mode_t mode)
{
	return syscall(SYS_openat, dir, path, flags & ~O_NOATIME, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list arguments;

	if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
	}
	return open_without_noatime(dir, path, flags, mode);
}

/* The names by which programs call it that were compiled for large files, or with _FORTIFY_SOURCE. */
int openat64(int dir, const char *path, int flags, ...) __attribute__((alias("openat")));

int __openat_2(int dir, const char *path, int flags)
{
	return open_without_noatime(dir, path, flags, 0);
}

int __openat64_2(int dir, const char *path, int flags) __attribute__((alias("__openat_2")));
