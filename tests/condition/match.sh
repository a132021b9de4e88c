#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Conditions decide which packets rules match, IPv4 and IPv6 alike, and one condition serves both.
#
#   n0 ---- r ---- n1      n0 pings n1; rules in r's FORWARD count what comes in from n0
#
# In each of the four states of a and b, n0 sends another power of two of packets: 1 in 00, 2 in 01,
# 4 in 10, 8 in 11. So the count of a rule says in which states it has matched.
. "${0%/*}/../lib/scenario.sh"
topology

conditions() { # A B: the values of a and b
	r bash -c "echo $1 >/proc/net/nf_condition/a && echo $2 >/proc/net/nf_condition/b"
}

counts() { # 4|6: the counters of all rules of FORWARD
	local program=iptables
	[[ $1 == 4 ]] || program=ip6tables
	r "$program-$BACKEND" -w 10 -L FORWARD -v -n -x 2>/dev/null |
		awk 'NR > 2 { printf "%s%s", sep, $1; sep = " " }'
}

rules=(
	'--condition a'
	'! --condition a'
	'--all a,b'
	'! --all a,b'
	'--any a,b'
	'! --any a,b'
	'--all b'
	'! --any b'
	'--all a,b,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14'
	'--any a,b,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14'
)
want='12 3 8 7 14 1 10 5 0 14'

for rule in "${rules[@]}"; do
	# shellcheck disable=SC2086 # words of a rule
	ipt r -A FORWARD -i r0 -m condition $rule
	# shellcheck disable=SC2086
	ip6t r -A FORWARD -i r0 -p icmpv6 --icmpv6-type echo-request -m condition $rule
done
is 'conditions begin as 0' "$(r cat /proc/net/nf_condition/{a,b,a14})" $'0\n0\n0'
is 'there is one for each name' "$(r ls /proc/net/nf_condition | wc -l)" 16

packets=1
for state in '0 0' '0 1' '1 0' '1 1'; do
	# shellcheck disable=SC2086 # two words
	conditions $state
	ok "IPv4 passes in state $state" n0 ping -n -q -c "$packets" -i 0.01 -W 5 10.0.1.2
	ok "IPv6 passes in state $state" n0 ping -n -q -c "$packets" -i 0.01 -W 5 fd00:0:0:1::2
	packets=$((packets * 2))
done
is 'IPv4 rules match in the right states' "$(counts 4)" "$want"
is 'IPv6 rules match in the right states' "$(counts 6)" "$want"

say 'A rule that drops: the switch is felt at once.'
ipt r -I FORWARD -m condition --condition a -j DROP
nok 'while a is 1, nothing passes' n0 ping -n -q -c 1 -W 1 10.0.1.2
conditions 0 0
ok 'when a is 0, everything does' n0 ping -n -q -c 1 -W 5 10.0.1.2

done_testing
