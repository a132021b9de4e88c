#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tshark finds the same transport addresses in messages of H.323 as kernel/h323, in the same order.
# inputs: kernel/h323/* kernel/lib/per.* tests/h323/*
# shellcheck source=../lib/tap.sh
. "${0%/*}/../lib/tap.sh"
need tshark

program=$TAP_TMP/addresses
compare() { tests/h323/compare-tshark "$program" "$@" 2>"$TAP_TMP/stderr"; }

ok 'the program can be built' "${CC:-cc}" -std=gnu11 -O1 -Ikernel -o "$program" \
	tests/h323/addresses.c kernel/h323/h225_types.c kernel/h323/h245_types.c kernel/lib/per.c
ok 'a message for each field' compare list
ok 'the corpus' compare corpus
ok 'captured messages' compare captures
ok 'messages with changed bits' compare mutations "${SEED:-1}" "${COUNT:-1000}"
done_testing
