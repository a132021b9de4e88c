// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which revisions of a match or target the kernel has, and how many bytes of
 * data each takes. A socket option returns the revisions, as for libxtables.
 * The kernel prints the size only in its log, for a rule of the wrong size.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "abi.h"

#define LOG_DEADLINE 15 /* seconds; the kernel logs 10 lines in 5 seconds */

struct revision revisions[REVISIONS_MAX];
unsigned int revision_count;

static void add_revision(const struct family *f, const char *name, bool target,
			 uint8_t number)
{
	struct revision *v = &revisions[revision_count];

	if (revision_count++ == REVISIONS_MAX)
		errx(1, "the kernel has more than %u revisions", REVISIONS_MAX);
	snprintf(v->name, sizeof(v->name), "%s", name);
	v->target = target;
	v->family = f;
	v->number = number;
	v->size = -1;
}

static void query_family(const struct family *f, const char *name, bool target)
{
	int option = target ? f->target_revision : f->match_revision;
	struct xt_get_revision ask = {};
	unsigned int number;
	socklen_t len;

	snprintf(ask.name, sizeof(ask.name), "%s", name);
	for (number = 0; number < 256; number++) {
		ask.revision = number;
		len = sizeof(ask);
		if (!getsockopt(f->socket, f->level, option, &ask, &len))
			add_revision(f, name, target, number);
		else if (errno == ENOENT)
			return; /* no revision at all */
		else if (errno != EPROTONOSUPPORT)
			err(1, "cannot query revision %u of %s, %s", number,
			    name, f->name);
	}
}

/* Queries all revisions of @name; its module must be loaded. */
void query_revisions(const char *name, bool target)
{
	unsigned int f;

	for (f = 0; f < FAMILIES; f++)
		query_family(&families[f], name, target);
}

struct revision *revision_of(const char *name, const struct family *f,
			     uint8_t number)
{
	struct revision *v;

	for (v = revisions; v < revisions + revision_count; v++)
		if (v->family == f && v->number == number &&
		    !strncmp(v->name, name, sizeof(v->name)))
			return v;
	return NULL;
}

void set_size(struct revision *v, int size)
{
	if (size > DATA_MAX)
		errx(1, "%s.%u of %s takes %d bytes of data, more than %d",
		     v->name, v->number, v->family->name, size, DATA_MAX);
	if (v->size >= 0 && v->size != size)
		errx(1, "%s.%u of %s takes %d bytes of data, or %d", v->name,
		     v->number, v->family->name, v->size, size);
	v->size = size;
}

/*
 * Reads the log to its end; returns the size of @v that it reports for a rule
 * of size @wrong, or -1.
 */
static int size_in_log(int log, const struct revision *v, unsigned int wrong)
{
	unsigned int size, user;
	char record[8192], wanted[96];
	const char *at;
	int found = -1;
	ssize_t n;

	snprintf(wanted, sizeof(wanted), "%s_tables: %s.%u %s: invalid size ",
		 v->family->prefix, v->name, v->number,
		 v->target ? "target" : "match");
	/* EPIPE: the kernel has overwritten records. */
	while ((n = read(log, record, sizeof(record) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		record[n > 0 ? n : 0] = '\0';
		at = strstr(record, wanted);
		if (at &&
		    sscanf(at + strlen(wanted), "%u (kernel) != (user) %u",
			   &size, &user) == 2 &&
		    user == wrong)
			found = size;
	}
	return found;
}

static void measure(struct revision *v, int log)
{
	static struct rule r;
	struct pollfd news = { .fd = log, .events = POLLIN };
	time_t end = time(NULL) + LOG_DEADLINE;
	int size;

	memset(&r, 0, sizeof(r));
	r.family = v->family;
	r.target = v->target;
	r.hook = NF_INET_LOCAL_IN;
	memcpy(r.name, v->name, sizeof(r.name));
	r.revision = v->number;
	r.size = DATA_MAX + XT_ALIGN(1); /* of no revision */
	r.claimed = r.size;
	for (;;) {
		if (!give_table(v->family, r.table, &r))
			errx(1, "%s.%u of %s takes data of any size", v->name,
			     v->number, v->family->name);
		size = size_in_log(log, v, r.size);
		if (size >= 0)
			break;
		if (time(NULL) > end)
			errx(1, "the kernel did not log the size of %s.%u of %s in %d s",
			     v->name, v->number, v->family->name, LOG_DEADLINE);
		poll(&news, 1, 100);
	}
	set_size(v, size);
}

/* Determines the sizes not known so far; needs root to read the log. */
void measure_revisions(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct revision *v;

	if (log < 0 || lseek(log, 0, SEEK_END) < 0)
		err(1, "/dev/kmsg");
	for (v = revisions; v < revisions + revision_count; v++)
		if (v->size < 0)
			measure(v, log);
	close(log);
}

void write_revisions(void)
{
	const struct revision *v;

	for (v = revisions; v < revisions + revision_count; v++)
		printf("%s %s %u %d\n", v->name, v->family->name, v->number,
		       v->size);
}

/* Reads the output of write_revisions(). */
void read_revisions(const char *file)
{
	FILE *in = fopen(file, "r");
	char name[XT_EXTENSION_MAXNAMELEN], family[8];
	unsigned int number;
	struct revision *v;
	int size, f;

	if (!in)
		err(1, "%s", file);
	while (fscanf(in, "%28s %7s %u %d", name, family, &number, &size) ==
	       4) {
		f = strcmp(family, families[0].name) ? 1 : 0;
		v = number < 256 ? revision_of(name, &families[f], number)
				 : NULL;
		if (!v || strcmp(family, families[f].name))
			errx(1, "%s: the kernel has no %s.%u of %s", file, name,
			     number, family);
		set_size(v, size);
	}
	if (!feof(in))
		errx(1, "%s: a line is not NAME FAMILY REVISION SIZE, as abi-fuzz -l prints it",
		     file);
	fclose(in);
}
