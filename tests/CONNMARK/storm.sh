#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules that change different bits of one mark at the same time lose nothing.
#
#	r (alone)	both ends of one connection send through lo, on two CPUs if available; the
#			packets of each end are counted in a half of the mark
. "${0%/*}/../lib/scenario.sh"
namespace r

packets=2000
[[ ${LEVEL-} != full ]] || packets=60000
ipt r -t mangle -A PREROUTING -p udp --sport 1001 -j CONNMARK --add 1 --mask 0xffff
ipt r -t mangle -A PREROUTING -p udp --sport 1002 -j CONNMARK --add 1 --mask 0xffff0000
ipt r -t mangle -A PREROUTING -p udp -m connmark --mark 0 -j CONNMARK --set-mark 0xbad --once
ipt r -t mangle -A PREROUTING -p udp -j CONNMARK --restore-mark

one='' two=''
mark() { r conntrack -L -p udp 2>/dev/null | grep -o 'mark=[0-9]*' | cut -d= -f2; }
mapfile -t many < <(yes x | head -n "$packets")

r tests/lib/udp-send --from 1001 127.0.0.1 1002 x
is 'the first packet is counted' "$(mark)" 1
bg one r tests/lib/udp-send --from 1001 127.0.0.1 1002 "${many[@]}"
bg two r tests/lib/udp-send --from 1002 127.0.0.1 1001 "${many[@]}"
ok 'one end has sent' wait "$one"
ok 'the other end has sent' wait "$two"
seen() { counter r 4 mangle PREROUTING "$1"; }
is 'the low half has counted each packet of one end' "$(($(mark) & 0xffff))" "$(seen 1)"
is 'the high half has counted each packet of the other' "$(($(mark) >> 16))" "$(seen 2)"
ok 'most packets have arrived' test "$(($(seen 1) + $(seen 2)))" -gt "$packets"
done_testing
