// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into virtiofsd when an ordinary user runs it in a user namespace.
 * Replaces two calls that would fail there:
 *
 * - virtiofsd of QEMU 7 exits if it cannot drop supplementary groups.
 *   getgroups() reports none: they grant no access that the user does not have
 *   anyway.
 * - The guest's overlayfs opens lower files with O_NOATIME, which the host
 *   grants only to the owner of the file (open(2)). The flag is removed: the
 *   mount is read-only, so access times do not change.
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

static int open_without_noatime(int dir, const char *path, int flags,
				mode_t mode)
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

/*
 * The names that programs call when compiled for large files, or with
 * _FORTIFY_SOURCE.
 */
int openat64(int dir, const char *path, int flags, ...)
	__attribute__((alias("openat")));

int __openat_2(int dir, const char *path, int flags)
{
	return open_without_noatime(dir, path, flags, 0);
}

int __openat64_2(int dir, const char *path, int flags)
	__attribute__((alias("__openat_2")));
