#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Several next hops: their shares, and connections that stay. n0 sends through the three uplinks of
# ROUTE.lib, without NAT. Each CPU takes turns of its own, so the shares are exact with one CPU.
. "${0%/*}/../lib/scenario.sh"
. "${0%/*}/ROUTE.lib"
uplinks 3
no_answers

shares() {
	local before after i
	rule --gw "${gws[1]}*2,${gws[2]},${gws[3]}%r3"
	clear_counts
	connections 12
	arrived 'a weight of 2 is twice the connections' '6 3 3'
	packets 4 1000
	packets 4 1000
	is "a connection stays$v6" "$(came "$family" | tr ' ' '\n' | sort | tr '\n' ' ')" '0 0 8 '
	clear_counts
	like "its mark stores the next hop$v6" \
		"$(r conntrack -L -f "ipv$family" -p udp --sport 1000 2>/dev/null)" \
		' mark=(16777216|33554432|50331648) '

	rule --gw "${gws[1]},${gws[2]}" --balance source --mark-field 0xf0
	sources 16
	until_ok "each source sends$v6" 10 sum_is 16
	before=$(came "$family")
	like "sources are distributed$v6" "$before" '^[1-9][0-9]* [1-9][0-9]* 0$'
	sources 16
	until_ok "and again$v6" 10 sum_is 32
	after=()
	for i in $before; do after+=($((2 * i))); done
	arrived 'a source has the same next hop again' "${after[*]}"

	rule --gw "${gws[1]},${gws[2]},${gws[3]}" --untrack
	packets 6 1002
	is "untracked packets of an address stay together$v6" "$(came "$family" | tr -d '0 ')" 6
	clear_counts

	rule --gw "${gws[1]}*3,${gws[2]}*2,${gws[3]}" --balance packet
	packets 12 1001
	arrived 'packets of one connection are distributed' '6 4 2'
}
sum_is() { # N
	local n sum=0
	for n in $(came "$family"); do ((sum += n)); done
	((sum == $1))
}
say 'Shares.'
families shares

say 'At most 255 next hops of a namespace have numbers.'
many() { # N: rules with two next hops each
	local i
	echo '*mangle'
	for ((i = 0; i < $1; i++)); do
		echo "-A FORWARD -j ROUTE --gw 10.9.$i.1,10.9.$i.2"
	done
	echo COMMIT
}
ipt r -t mangle -F
ip6t r -t mangle -F
many 127 >"$TMP/most"
many 128 >"$TMP/many"
nok '256 are refused' r "iptables-$BACKEND-restore" -w -n "$TMP/many"
like 'with the reason' "$(klog)" 'xt_ROUTE: --mark-field: the numbers .* up to 255, are used up'
ok '254 are accepted' r "iptables-$BACKEND-restore" -w -n "$TMP/most"
nok 'a smaller field cannot store their numbers' \
	ipt r -t mangle -A FORWARD -j ROUTE --gw 10.9.100.1,10.9.100.2 --mark-field 0xf
ipt r -t mangle -F
in_user_namespace() {
	r unshare --user --map-root-user --net "iptables-$BACKEND-restore" -w -n "$TMP/$1"
}
many 16 >"$TMP/few"
many 17 >"$TMP/many"
ok 'root of a user namespace can watch 32' in_user_namespace few
nok 'not 34' in_user_namespace many
like 'with the reason' "$(klog)" 'xt_ROUTE: the namespace watches 32 next hops already'
ok 'now it can' ipt r -t mangle -A FORWARD -j ROUTE --gw 10.9.100.1,10.9.100.2 --mark-field 0xf
ipt r -t mangle -A FORWARD -j ROUTE --gw "${gw4[1]},${gw4[2]}"
done_testing
