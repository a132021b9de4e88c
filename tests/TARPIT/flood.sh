#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# 100,000 connection attempts, half of them IPv4, some tracked: each is answered once, and neither
# memory nor conntrack's table grows; then rule and module are removed and added during the flood.
#
#   n0 ---- r      n0 sends SYNs by hand, from some addresses and all their ports; port 80 of r is a
#                  tarpit
. "${0%/*}/../lib/scenario.sh"
topology

attempts=50000 # of each family
tracked=5000 # of these; the others are no connections
[[ ${LEVEL-} != full ]] || tracked=25000
# The answers have been counted when they go nowhere.
r ip link add sink type dummy
r ip link set sink addrgenmode none up
r ip route add 192.0.2.0/24 dev sink
r ip route add 2001:db8::/64 dev sink
for family in '4 192.0.2.128/25' '6 2001:db8::8000/113'; do
	rules r "${family% *}" <<-END
		*raw
		-A PREROUTING -p tcp -s ${family#* } -j CT --notrack
		COMMIT
		*filter
		-A INPUT -p tcp --dport 80 -j TARPIT
		-A OUTPUT -p tcp --tcp-flags ALL SYN,ACK -m conntrack --ctstate UNTRACKED -j ACCEPT
		-A OUTPUT -p tcp --tcp-flags ALL SYN,ACK -m conntrack --ctstate RELATED -j ACCEPT
		-A OUTPUT -p tcp --sport 80
		COMMIT
	END
done

entries() { r cat /proc/sys/net/netfilter/nf_conntrack_count; }
# Kilobytes that the slab allocator has given out. A debug kernel keeps what was freed for a while,
# and writes down each allocation: there, it lets go what it keeps, and only what is in use counts.
memory() {
	local key kilobytes cache
	if [[ -e /sys/kernel/debug/kmemleak ]]; then
		for cache in /sys/kernel/slab/*/shrink; do
			echo 1 >"$cache"
		done
		awk 'NR > 2 && $1 != "kmemleak_object" { bytes += $2 * $4 } END { print int(bytes / 1024) }' /proc/slabinfo
		return
	fi
	while read -r key kilobytes _; do
		[[ $key == SUnreclaim: ]] && echo "$kilobytes"
	done </proc/meminfo
}
flood() { # N PORT FROM..
	local from
	for from in "${@:3}"; do
		printf 'syn from=%s to=%s dport=%s opts=linux\n' "$from" \
			"$([[ $from == *:* ]] && echo fd00::1 || echo 10.0.0.1)" "$2"
	done | n0 tests/lib/segments --flood "$1"
}

say 'The table does grow where a packet is let through, and not refused either.'
ipt r -t raw -A OUTPUT -p tcp --sport 90 -j DROP
before=$(entries)
flood 200 90 192.0.2.1
ok 'entries for 200 connections' test $(($(entries) - before)) -ge 200
r conntrack -F

senders=(192.0.2.1 192.0.2.129 2001:db8::1 2001:db8::8001)
flood 1000 80 "${senders[@]}" # what is allocated once is allocated now
before=$(memory)
start=$EPOCHREALTIME
flood $((tracked - 1000)) 80 "${senders[0]}" "${senders[2]}"
flood $((attempts - tracked - 1000)) 80 "${senders[1]}" "${senders[3]}"
end=$EPOCHREALTIME
grown=$(($(memory) - before))
say "$((2 * attempts)) attempts in $(((${end/./} - ${start/./}) / 1000)) ms; memory in slabs grew by $grown kB"
for family in 4 6; do
	is "IPv$family: every SYN was seen" "$(counter r $family filter INPUT 1)" $attempts
	is "IPv$family: and answered once, untracked where it was" \
		"$(counter r $family filter OUTPUT 1)" $((attempts - tracked))
	is "IPv$family: and in its connection where it had one" \
		"$(counter r $family filter OUTPUT 2)" $tracked
	is "IPv$family: and nothing else was said" "$(counter r $family filter OUTPUT 3)" 0
done
is 'conntrack keeps no entry' "$(entries)" 0
# A hundred thousand of the smallest objects there are would be 800 kB, of the smallest socket there
# is 30,000.
ok "memory: $grown kB more" test "$grown" -lt 700

say 'The module is unloaded under traffic.'
four='' six=''
for sender in 'four 192.0.2.1 10.0.0.1' 'six 2001:db8::1 fd00::1'; do
	read -r name from to <<<"$sender"
	bg "$name" n0 bash \
		-c "exec tests/lib/segments --flood 10000000 <<<'syn from=$from to=$to opts=linux'"
done
seen() {
	(($(_quiet=1 counter r 4 filter INPUT 1) > 100 && $(_quiet=1 counter r 6 filter \
		INPUT 1) > 100))
}
for round in 1 2; do
	for iptables in ipt ip6t; do
		"$iptables" r -F INPUT
	done
	until_ok "round $round: the module goes when its rules have gone" 20 modprobe -r xt_TARPIT
	rules r 46 <<-END
		*filter
		-A INPUT -p tcp --dport 80 -j TARPIT
		COMMIT
	END
	until_ok "round $round: and comes with the next rule" 40 seen
done
ok 'the flood continues' kill -0 "$four" "$six"
done_testing
