#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The command line that all tools share: options, messages, exit status. No tool gets as far as the
# kernel.
# inputs: tools/* kernel/* include/* scripts/* Makefile doc/*.mk extensions/rules.mk extensions/built-for.h tests/*.mk patchlets/*/info
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
unset POM_OUT CFLAGS LDFLAGS CPPFLAGS
ok 'the tools are built' make -s tools
export LC_ALL=C

# run ARG...: sets out (both streams) and status of the tool.
run() { out=$("build/tools/$tool" "$@" 2>&1) status=$?; }

for tool in $(scripts/info tools); do
	for option in -V --version; do
		run "$option"
		is "$tool $option" "$status $out" "0 $tool of Patch-o-matic $(scripts/version)"
	done
	run -h
	is "$tool -h: status 0" "$status" 0
	is "$tool -h: fits into 80 columns" "$(grep -E '.{81}' <<<"$out")" ''
	like "$tool -h: has examples" "$out" '^Examples:$'
	run list --help
	like "$tool list --help" "$out" '^Examples:$'
	run lsit
	is "$tool: an unknown command is named, status 2" "$status $out" \
		"2 $tool: there is no command \"lsit\"; $tool --help lists all"
	run list --colour
	like "$tool: an unknown option is named, status 2" "$status $out" '^2 .*--colour'
	run
	is "$tool: no command: status 2" "$status" 2
	case $tool in
	ct) without=top ;;
	recent | xtrecent) without=flush ;;
	stringset) without=create ;;
	*) without=names ;;
	esac
	run $without --json a
	like "$tool: a command without JSON, status 2" "$status $out" "^2 .*$without has no JSON"
	run list -n 2
	like "$tool: a command that does not repeat, status 2" "$status $out" \
		'^2 .*list does not repeat'
	for option in '-n 0' '-n -1' '-n 4294967296' '--count x' '-d 0' '-d -1' '-d nan' \
		'--delay 86401'; do
		run list "${option% *}" "${option#* }"
		like "$tool $option: refused, with the range" "$status $out" \
			"^2 $tool: --(count|delay) ${option#* }: wanted (a number|seconds,) from "
	done
	for option in -q --quiet; do
		run lsit "$option"
		is "$tool $option: no message" "$status$out" 2
	done
	ok "$tool: its page has all options" bash -c '
		for option in json quiet version help; do
			grep -q "\\\\-\\\\-$option" tools/*/"${1/#recent/xtrecent}.8" ||
				exit 1
		done' - "$tool"
done

tool=recent
run add L
is 'recent add: too few arguments' "$status $out" \
	'2 recent: wrong number of arguments; usage: recent add NAME ADDRESS...'
like 'recent is a second name of xtrecent' "$(build/tools/recent -h)" '^Usage: xtrecent'
tool=stringset
printf 'fine\n|7\n' >"$TAP_TMP/patterns"
run -q check "$TAP_TMP/patterns"
is 'stringset -q check: the exit status tells' "$status$out" 1
run check "$TAP_TMP/patterns" -q
is 'stringset check -q: an option behind the command' "$status$out" 1
run check -- "$TAP_TMP/patterns"
like 'stringset check --: the end of options' "$out" 'patterns:2: '

# The text of missing rights.
cat >"$TAP_TMP/rights.c" <<'C'
#include <errno.h>
#include <stdio.h>
#include "tools/lib/cli.h"
static const struct cli_command none[] = { { NULL } };
struct cli cli = { .program = "x", .usage = "", .commands = none };
int main(void)
{
	puts(cli_strerror(EPERM));
	puts(cli_strerror(EACCES));
	puts(cli_strerror(ENOENT));
}
C
ok 'a program with tools/lib' cc -I. -DPOM_VERSION='"1"' -o "$TAP_TMP/rights" "$TAP_TMP/rights.c" \
	tools/lib/cli.c
like 'missing rights: root is needed' "$("$TAP_TMP/rights" | head -n 2 | sort -u)" '^needs root'
is 'other errors' "$("$TAP_TMP/rights" | tail -n 1)" 'No such file or directory'
done_testing
