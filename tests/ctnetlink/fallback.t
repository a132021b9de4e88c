#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct(8) without its module reads messages of ctnetlink, and survives wrong ones.
# inputs: tests/project/build/lib.sh tests/project/lint/lib.sh tests/ctnetlink/fallback-try.c tools/* include/* kernel/ctnetlink/* scripts/pkg-config $TEST_SEED
# shellcheck source=../project/build/lib.sh
. "${0%/*}/../project/build/lib.sh"
need gcc
unset CFLAGS LDFLAGS CPPFLAGS

# shellcheck disable=SC2046 # words
ok 'the program is built' gcc -std=gnu11 -Wall -Wextra -Werror -Wno-missing-field-initializers \
	-fsanitize=address,undefined -Iinclude -Ikernel -o "$TAP_TMP/fallback-try" \
	tests/ctnetlink/fallback-try.c tools/ctnetlink/ct-{fallback-record,names,print}.c \
	tools/lib/json.c $(scripts/pkg-config --cflags --libs libmnl)
try() { "$TAP_TMP/fallback-try" "$@" 2>&1; }
is 'a connection' "$(try line)" "$(printf 'tcp      6 300 ESTABLISHED %s %s %s %s' \
	'src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80 packets=3 bytes=180' \
	'src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1234' \
	'packets=2 bytes=120 [ASSURED]' \
	'mark=5 zone=7 delta-time=60 helper=ftp use=1')"
is 'messages with wrong bytes' "$(try mutate 1000000 "${TEST_SEED:-1}")" 'some were connections'
done_testing
