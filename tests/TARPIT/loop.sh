#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two tarpits that are set on each other by forged segments fall silent at once.
#
#   n0 ---- r ---- n1      n1 sends r segments in the name of n0. The port in r and the one in n0
#                          say which variant they meet: 1000 and 2000 hold, 1001 and 2001 are
#                          honeypots, 1002 and 2002 reset
. "${0%/*}/../lib/scenario.sh"
topology

for iptables in ipt ip6t; do
	for ns in r n0; do
		port=$([[ $ns == r ]] && echo 100 || echo 200)
		"$iptables" "$ns" -A INPUT -p tcp --dport "${port}0" -j TARPIT
		"$iptables" "$ns" -A INPUT -p tcp --dport "${port}1" -j TARPIT --honeypot
		"$iptables" "$ns" -A INPUT -p tcp --dport "${port}2" -j TARPIT --reset
	done
done
for interface in all r1; do
	# or n1 could not forge anything
	r bash -c "echo 0 >/proc/sys/net/ipv4/conf/$interface/rp_filter"
done

segments() { # FROM TO: each kind of segment, for each pair of variants
	local there here flags
	for here in 1000 1001 1002; do
		for there in 2000 2001 2002; do
			for flags in S SA A PA FA R; do
				echo "${flags}_${here}_$there from=$1 to=$2 sport=$there dport=$here flags=$flags ack=5 len=$((${#flags} - 1))"
			done
		done
	done
}
packets() { # 4|6: what the rules have counted, in r and in n0
	local ns
	for ns in r n0; do
		_quiet=1 _in "$ns" "$([[ $1 == 4 ]] && echo iptables || echo ip6tables)-$BACKEND" \
			-w 10 -L INPUT -v -n -x |
			awk '$3 == "TARPIT" { sum += $1 } END { print sum }'
	done | tr '\n' ' '
}
before=none
quiet() { # nothing has come since the last look
	local now
	now=$(packets "$1")
	[[ $now == "$before" ]] || { before=$now && return 1; }
}

# Of the 54 segments, 9 SYNs and 3 times SA, A, PA and FA to --reset are answered by r. n0 answers 6
# SYN+ACKs of those nothing, except 2 (and 3 ACKs of none) where it resets, and a RST never.
for family in 4 6; do
	if [[ $family == 4 ]]; then from=10.0.0.2 to=10.0.0.1; else from=fd00::2 to=fd00::1; fi
	segments $from $to | n1 tests/lib/segments --barrier 10.0.1.2,10.0.1.1,9 >"$TMP/answers"
	until_ok "IPv$family: there is silence" 10 quiet $family
	# r sees the 54, and the RST by which n0 answers 2 of its SYN+ACKs; n0 sees 6 SYN+ACKs and
	# 15 RSTs.
	is "IPv$family: packets that came to r and to n0" "$before" '56 21 '
	ok "IPv$family: none came back to who forged them" test \
		"$(grep -cv ' none$' "$TMP/answers")" = 0
done

say 'In a VRF, a segment in the name of the host itself is forged, too.'
if ! r ip link add v type vrf table 100; then
	skip 'in a VRF' 'the kernel has no VRF'
	done_testing
fi
r ip link set v up
r ip link set r1 master v
# A device loses its IPv6 addresses when it enters a VRF.
r ip -batch - <<END
address replace fd00:0:0:1::1/64 dev r1 nodad
neighbour replace 10.0.1.2 lladdr 02:00:00:00:01:02 dev r1
neighbour replace fd00:0:0:1::2 lladdr 02:00:00:00:01:02 dev r1
END
for iptables in ipt ip6t; do
	"$iptables" r -t raw -A PREROUTING -i r1 -p tcp --dport 3000 -j TARPIT
	for port in 4000 4001; do
		"$iptables" r -t raw -A OUTPUT -p tcp --sport 3000 --dport $port
	done
done
for family in 4 6; do
	net=$([[ $family == 4 ]] && echo 10.0.1. || echo fd00:0:0:1::)
	n1 tests/lib/segments --barrier 10.0.1.2,10.0.1.1,9 >"$TMP/answers" <<-END
		forged from=${net}1 to=${net}1 sport=4000 dport=3000
		true from=${net}2 to=${net}1 sport=4001 dport=3000
	END
	like "IPv$family: a neighbour is answered" "$(grep ^true "$TMP/answers")" '^true SA '
	nok "IPv$family: which OUTPUT counts" counter_is r $family raw OUTPUT 2 0
	is "IPv$family: the forged one is not" "$(counter r $family raw OUTPUT 1)" 0
done
done_testing
