#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Command lines of conntrack(8) that ct refuses before it asks the kernel, and those of ct's own.
# inputs: tools/* include/* kernel/* patchlets/* scripts/* Makefile tests/*.mk
# shellcheck source=../lib/tap.sh
. "${0%/*}/../lib/tap.sh"
unset POM_OUT CFLAGS LDFLAGS CPPFLAGS
ok 'the program is built' make -s tools PATCHLETS=ctnetlink
ct=build/tools/ct
refused() { # REGEX ARG..: the exit status is 2, and the message says what is wrong
	local out status regex=$1
	shift
	out=$("$ct" "$@" 2>&1)
	status=$?
	is "status of ct $*" "$status" 2
	like "message of ct $*" "$out" "$regex"
}
refused 'more than one command' -L -D
refused 'no option --nothing' -L --nothing
refused 'no option -x;' -L -zx
refused 'no option -x;' -L --zero -xz
refused 'no option --zero=5' -L --zero=5
refused 'its value is missing' -L -s
refused 'no table "foo"' -L foo
refused 'not possible in this table' -D dying
refused 'not possible in this table' -U expect
refused '--timeout has no meaning' -L -t 5
refused '--sport has no meaning|no option --sport' -L --sport 5 -p tcp
refused '--state is missing' -I -s 192.0.2.1 -d 192.0.2.2 -t 5 -p tcp --sport 1 --dport 2
refused 'needs --orig-port-src and --orig-port-dst' -G -s 192.0.2.1 -d 192.0.2.2 -p udp --sport 1
refused 'needs --src and --dst' -G -s 192.0.2.1 -p 99
refused 'no such state' -L -p tcp --state OPEN
refused 'no IP address' -L -s 192.0.2.256
refused 'no such prefix' -L -s 192.0.2.0/33
refused 'no prefix is possible' -L -r 192.0.2.0/24
refused 'two families' -L -s 192.0.2.1 -d 2001:db8::1
refused 'no such port' -L -n 192.0.2.1:x
refused 'no such word: "WORD"' -L -u WORD
refused 'no such protocol' -L -p 256
refused 'has --src-nat' -L -n -j
refused '--state has no meaning for the last -p' -D -p tcp -p udp --state CLOSE
refused 'which command' --json
printf '%s\n' '# a comment' '-D -p udp' '-D -s 192.0.2.256' >"$TAP_TMP/load"
refused 'load: line 3:' -R "$TAP_TMP/load"
refused 'more than one command' -zL -D
refused 'more than one command' --dump=conntrack -D
like 'an option behind a word is one of ct' "$("$ct" stat -L 2>&1)" "invalid option -- 'L'"
like '--count N is one of ct' "$("$ct" --count 5 stat 2>&1)" 'does not repeat'
done_testing
