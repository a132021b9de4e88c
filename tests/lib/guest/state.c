// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the state of the guest that a job must leave as it found it, a
 * line for each item: NAME, a tab, VALUE. tests/lib/guest/all compares what is
 * printed before and after a job.
 *
 *   module NAME        loaded
 *   parameter PATH     of modules called xt_* or nf_*
 *   sysctl PATH        below /proc/sys/net, of the initial network namespace
 *   file PATH          changed since boot (the overlay's upper layer), or
 *                      below /run and /dev/shm: size and time
 *   mount PATH         of the initial mount namespace
 *   process PID        that is no thread of the kernel
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where guest/init has moved the layer in memory. */
#define UPPER "/run/pom/memory/upper"

/* Patterns of items that change of themselves. */
static const char *const volatile_paths[] = {
	"/proc/sys/net/netfilter/nf_conntrack_count",
	"/proc/sys/net/*/stable_secret",
	/* the kernel logs a warning about who reads these */
	"/proc/sys/net/*/base_reachable_time",
	"/proc/sys/net/*/retrans_time",
	"/run/pom",
	"/run/pom/*",
	"/run/xtables.lock",
	"/run/tmp",
	"/run/pom-scenario",
};

static int is_volatile(const char *path)
{
	for (size_t i = 0; i < sizeof(volatile_paths) / sizeof(*volatile_paths);
	     i++)
		if (!fnmatch(volatile_paths[i], path, 0) &&
		    strncmp(path, UPPER, strlen(UPPER)))
			return 1;
	return 0;
}

/* The first line of a file, or NULL where it cannot be read. */
static const char *line_of(const char *path)
{
	static char line[4096];
	ssize_t length;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	length = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (length < 0)
		return NULL;
	line[length] = '\0';
	for (char *c = line; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return line;
}

static void print_value(const char *kind, const char *path)
{
	const char *line = is_volatile(path) ? NULL : line_of(path);

	if (line)
		printf("%s %s\t%s\n", kind, path, line);
}

static int print_sysctl(const char *path, const struct stat *stat, int type,
			struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && stat->st_mode & 0400 && stat->st_mode & 0200)
		print_value("sysctl", path);
	return 0;
}

static int print_file(const char *path, const struct stat *stat, int type,
		      struct FTW *ftw)
{
	const char *name = path;

	(void)ftw;
	if (type == FTW_D || is_volatile(path))
		return 0;
	if (!strncmp(path, UPPER, strlen(UPPER)))
		name += strlen(UPPER);
	printf("file %s\t%lld %lld.%09ld\n", name, (long long)stat->st_size,
	       (long long)stat->st_mtim.tv_sec, stat->st_mtim.tv_nsec);
	return 0;
}

static void print_parameters(const char *module)
{
	char dir[512], path[1024];
	struct dirent *entry;
	DIR *entries;

	snprintf(dir, sizeof(dir), "/sys/module/%s/parameters", module);
	entries = opendir(dir);
	while (entries && (entry = readdir(entries))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		print_value("parameter", path);
	}
	if (entries)
		closedir(entries);
}

static void print_modules(void)
{
	char path[512];
	struct dirent *entry;
	DIR *modules = opendir("/sys/module");

	while (modules && (entry = readdir(modules))) {
		snprintf(path, sizeof(path), "/sys/module/%s/refcnt",
			 entry->d_name);
		if (access(path, F_OK))
			continue;
		printf("module %s\tloaded\n", entry->d_name);
		if (!strncmp(entry->d_name, "xt_", 3) ||
		    !strncmp(entry->d_name, "nf_", 3))
			print_parameters(entry->d_name);
	}
	if (modules)
		closedir(modules);
}

static void print_mounts(void)
{
	char line[4096], path[4096];
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	while (mounts && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %*s %*s %*s %4095s", path) == 1)
			printf("mount %s\tmounted\n", path);
	if (mounts)
		fclose(mounts);
}

static void print_processes(void)
{
	char path[64];
	const char *name;
	struct dirent *entry;
	DIR *processes = opendir("/proc");
	int pid;

	while (processes && (entry = readdir(processes))) {
		pid = atoi(entry->d_name);
		if (!isdigit((unsigned char)*entry->d_name) || pid == getpid())
			continue;
		snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
		name = line_of(path);
		if (name && *name)
			printf("process %d\t%s\n", pid, name);
	}
	if (processes)
		closedir(processes);
}

int main(void)
{
	static const char * const places[] = { UPPER, "/run", "/dev/shm" };

	print_modules();
	nftw("/proc/sys/net", print_sysctl, 16, FTW_PHYS);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		nftw(places[i], print_file, 16, FTW_PHYS | FTW_MOUNT);
	print_mounts();
	print_processes();
	return 0;
}
