#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Malformed requests are refused and change nothing. A listing comes in parts of any size. Requests
# that are abandoned hold no connection.
# inputs: tests/ctnetlink/table.lib tests/ctnetlink/requests.pl
#
#	n0 ---- r ---- n1
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
requests() { r perl "${0%/*}/requests.pl" "$@"; }
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW
flood n0 10.0.1.2 1000 1500
all_there() { [[ $(r "$tool" count proto udp) == 1500 ]]; }
until_ok '1500 connections' 20 all_there

requests malformed >"$TMP/malformed"
while IFS= read -r line; do
	is "refused: ${line#ok }" "$line" "ok ${line#ok }"
done <"$TMP/malformed"
is 'all of them were sent' "$(wc -l <"$TMP/malformed")" 43
is 'no connection was deleted' "$(r "$tool" count proto udp)" 1500

for size in 8192 16384 32768; do
	is "reads of $size bytes" "$(requests parts $size)" $'1500 records\nin many parts'
done
is 'requests are begun and abandoned' "$(requests abandon 100)" '200 requests'
ok 'all connections end' r conntrack -F
none_left() { [[ $(r sysctl -n net.netfilter.nf_conntrack_count) == 0 ]]; }
until_ok 'no reference is left' 10 none_left
done_testing
