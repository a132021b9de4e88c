#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A hundred clients behind one address call the same server, all with the same ids.
#
#	n0 (clients) -- r (MASQUERADE, filter) -- n1 (server)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"

topology
gre_rules
ok 'the helper is loaded' pptp_load
for i in {101..200}; do echo "addr add 10.0.0.$i/24 dev e0"; done >"$TMP/addresses"
n0 ip -batch "$TMP/addresses"
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
peer pac n1 listen 1
peer pns n0 connect 0
says 'control connections' pns 'opened 100' open 100 10.0.1.2 10.0.0.101+
says 'calls with the ids 0, 1 and 2 in each' pns 'called 300' out 3
says 'their packets reach them' pns 'echoed 300 of 300' gre
is 'each call has a GRE connection' "$(gre_count)" 300
tell pac ids
is 'and an id of its own outside' "$(tr ' ' '\n' <<<"$said" | cut -d / -f 2 | sort -u | wc -l)" 300
says 'the first call of one ends' pns 'open 2' clear 50 0
says 'the others pass' pns 'echoed 299 of 299' gre
kill "${peer_pns:?}"
until_ok 'all end with the connections' 60 gre_are 0
is 'nothing was refused' "$(pptp_stat malformed not-expected wrong-side split)" '0 0 0 0'
done_testing
