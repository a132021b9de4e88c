#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# recent top and tools/lib/top.c: rounds, keys, signals and the terminal that it leaves, with a stub
# of the kernel that has one address more in each round.
# inputs: tests/project/build/lib.sh tests/project/lint/lib.sh
# shellcheck source=../project/build/lib.sh
. "${0%/*}/../project/build/lib.sh"
for program in gcc script stty timeout; do need "$program"; done
unset CFLAGS LDFLAGS CPPFLAGS

cat >"$TAP_TMP/stub.c" <<'C'
#include <stdio.h>
#include <string.h>
#include "tools/recent/xtrecent-netlink.h"
#include "tools/recent/xtrecent-top.h"

static struct nlmsghdr buffer[16];
static unsigned int round_number, entry;

struct nlmsghdr *genl_request(uint8_t cmd, uint16_t flags)
{
	buffer->nlmsg_len = sizeof(*buffer);
	return buffer;
}

int genl_converse(struct nlmsghdr *nlh, mnl_cb_t cb, void *data, const char *what)
{
	round_number++;
	for (entry = 1; entry <= round_number; entry++)
		cb(nlh, data);
	return 0;
}

void take_apart(const struct nlmsghdr *nlh, struct message *m) { }
const char *name_of(const struct message *m) { return "L"; }

const char *addr_of(const struct message *m)
{
	static char text[16];

	snprintf(text, sizeof(text), "192.0.2.%u", entry);
	return text;
}

uint64_t u64_of(const struct message *m, unsigned int type) { return 7; }
unsigned int ages_of(const struct message *m) { return 1; }
uint64_t age_of(const struct message *m, unsigned int i) { return 1000; }

static const struct cli_command commands[] = {
	{ "top", "[NAME]", 0, 1, CLI_REPEATS, cmd_top },
	{ NULL },
};
struct cli cli = { .program = "recent", .usage = "", .commands = commands };

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
C
# shellcheck disable=SC2046 # options
ok 'recent top with a stub' gcc -std=gnu11 -g -fsanitize=address,undefined -I. -Iinclude -Ikernel \
	-DPOM_VERSION='"1"' -o "$TAP_TMP/recent" "$TAP_TMP/stub.c" tools/recent/xtrecent-top.c \
	tools/recent/xtrecent-lists.c tools/lib/cli.c tools/lib/top.c \
	$(scripts/pkg-config --cflags --libs libmnl)

top() { timeout 60 "$TAP_TMP/recent" top "$@"; }
is 'in a pipe: one round' "$(top L | grep -c '^ADDRESS')" 1
like 'the line of an address' "$(top L)" $'\n192\.0\.2\.1 +1 +7 +1\.0$'
is 'three rounds' "$(top L -n 3 -d 0.1 | grep -c '^ADDRESS')" 3
is 'each is read from the kernel' "$(top L -n 3 -d 0.1 | tail -n 3 | cut -d ' ' -f 1 | xargs)" \
	'192.0.2.1 192.0.2.2 192.0.2.3'
is 'no key is read in a pipe' "$(yes q | top L -n 2 -d 0.1 | grep -c '^ADDRESS')" 2

# on_terminal COMMAND: with a terminal of 24 rows; its input is that of this function.
on_terminal() {
	timeout 60 script -qefc "stty rows 24; $1; echo status \$?; stty -a" "$TAP_TMP/typescript" \
		>"$TAP_TMP/terminal"
}
cooked() { [[ $(grep -oE '(^| )(icanon|echo) ' "$TAP_TMP/terminal" | wc -l) == 2 ]]; }
status() { tr -d '\r' <"$TAP_TMP/terminal" | sed -n 's/.*status \([0-9]*\)$/\1/p'; }

on_terminal "$TAP_TMP/recent top -d 1000" <<<q
is 'on a terminal: q quits' "$(status)" 0
like 'the key is shown' "$(<"$TAP_TMP/terminal")" 'q: quit'
ok 'and the terminal is as before' cooked
on_terminal "$TAP_TMP/recent top -n 2 -d 0.1" </dev/null
is 'on a terminal: two rounds' "$(status) $(grep -c '^ADDRESS' "$TAP_TMP/terminal")" '0 2'
ok 'and the terminal is as before' cooked
# It is ready for signals when it has drawn something. A shell would give a program in the
# background no terminal, and let it ignore some signals.
background="exec 3<&0; env --default-signal \$ignore $TAP_TMP/recent top -d 1000 <&3 & top=\$!
	until grep -q '^ADDRESS' $TAP_TMP/typescript; do :; done"
for signal in INT QUIT TERM HUP; do
	on_terminal "$background; kill -$signal \$top; wait \$top" </dev/null
	is "SIG$signal ends it" "$(status)" 0
	ok "SIG$signal: the terminal is as before" cooked
done
on_terminal "$background; kill -TSTP \$top; until grep -q '^State:.*stopped' /proc/\$top/status; do
	:; done; stty -a; kill -CONT \$top; while stty -a | grep -q ' icanon'; do :; done
	echo again; kill -TERM \$top; wait \$top" </dev/null
is 'SIGTSTP: it stops, continues and ends' "$(status)" 0
is 'the terminal is as before both times' \
	"$(grep -oE '(^| )(icanon|echo) ' "$TAP_TMP/terminal" | wc -l)" 4
on_terminal "ignore=--ignore-signal=HUP; $background; kill -HUP \$top; kill -TERM \$top
	wait \$top" </dev/null
is 'SIGHUP that is ignored stays so' "$(status)" 0
done_testing
