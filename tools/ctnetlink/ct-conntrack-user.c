// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): the program of a netlink socket. */
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "ct-conntrack-user.h"

/* The inode of the socket, 0 if it is closed or of a different namespace. */
static unsigned long socket_inode(uint32_t port)
{
	FILE *file = fopen("/proc/net/netlink", "r");
	unsigned long inode, found = 0;
	unsigned int number;
	char line[256];
	int protocol;

	if (!file)
		return 0;
	while (!found && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %d %u %*s %*s %*s %*s %*s %*s %lu",
			   &protocol, &number, &inode) == 3 &&
		    protocol == NETLINK_NETFILTER && number == port)
			found = inode;
	}
	fclose(file);
	return found;
}

static bool has_socket(unsigned long pid, unsigned long inode)
{
	char wanted[64], path[64], target[64];
	const struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;

	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	snprintf(path, sizeof(path), "/proc/%lu/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target,
				 sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = '\0';
		found = !strcmp(target, wanted);
	}
	closedir(dir);
	return found;
}

static const char *program_name(unsigned long pid)
{
	static char name[32];
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%lu/comm", pid);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	fclose(file);
	return name[0] ? name : NULL;
}

/* Most programs number their first socket by their process. */
const char *netlink_user(uint32_t port)
{
	unsigned long inode = socket_inode(port), pid;
	const struct dirent *entry;
	const char *name = NULL;
	DIR *dir;

	if (!inode)
		return NULL;
	if (has_socket(port, inode))
		return program_name(port);
	dir = opendir("/proc");
	if (!dir)
		return NULL;
	while (!name && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		pid = strtoul(entry->d_name, NULL, 10);
		if (has_socket(pid, inode))
			name = program_name(pid);
	}
	closedir(dir);
	return name;
}
