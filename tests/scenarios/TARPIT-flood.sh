#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# 100,000 connection attempts, half of them IPv4: each is answered once, and neither memory nor conntrack's table grows; then
# rule and module go and come while the flood goes on.
#
#   n0 ---- r      n0 sends SYNs by hand, from some addresses and all their ports; port 80 of r is a tarpit
# deadline: 240
. "$(dirname "$0")/lib.sh"
topology

attempts=50000 # of each family, half of them untracked
r ip route add 192.0.2.0/24 via 10.0.0.2
r ip route add 2001:db8::/64 via fd00::2
for iptables in ipt ip6t; do
	"$iptables" r -t raw -A PREROUTING -p tcp -s "$([[ $iptables == ipt ]] && echo 192.0.2.128/25 || echo 2001:db8::8000/113)" \
		-j CT --notrack
	"$iptables" r -A INPUT -p tcp --dport 80 -j TARPIT
	"$iptables" r -A OUTPUT -p tcp --tcp-flags ALL SYN,ACK -m conntrack --ctstate UNTRACKED -j ACCEPT
	"$iptables" r -A OUTPUT -p tcp --tcp-flags ALL SYN,ACK -m conntrack --ctstate RELATED -j ACCEPT
	"$iptables" r -A OUTPUT -p tcp --sport 80
done

entries() { r cat /proc/sys/net/netfilter/nf_conntrack_count; }
# Kilobytes that the slab allocator has given out. A debug kernel keeps what was freed for a while, and writes down each
# allocation: there, it lets go what it keeps, and only what is in use counts.
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
flood() { # FROM TO PORT N
	n0 tests/scenarios/segments --flood "$4" <<<"syn from=$1 to=$2 dport=$3 opts=linux"
}

say 'The table does grow where a packet is let through, and not refused either.'
ipt r -t raw -A OUTPUT -p tcp --sport 90 -j DROP
before=$(entries)
flood 192.0.2.1 10.0.0.1 90 200
ok 'entries for 200 connections' test $(($(entries) - before)) -ge 200
r conntrack -F

flood 192.0.2.1 10.0.0.1 80 1000 # what is allocated once is allocated now
before=$(memory)
start=$EPOCHREALTIME
flood 192.0.2.1 10.0.0.1 80 $((attempts / 2 - 1000))
flood 192.0.2.129 10.0.0.1 80 $((attempts / 2))
flood 2001:db8::1 fd00::1 80 $((attempts / 2))
flood 2001:db8::8001 fd00::1 80 $((attempts / 2))
end=$EPOCHREALTIME
grown=$(($(memory) - before))
say "$((2 * attempts)) attempts in $(((${end/./} - ${start/./}) / 1000)) ms; memory in slabs grew by $grown kB"
for family in 4 6; do
	is "IPv$family: every SYN was seen" "$(counter r $family filter INPUT 1)" $attempts
	is "IPv$family: and answered once, untracked where it was" "$(counter r $family filter OUTPUT 1)" $((attempts / 2))
	is "IPv$family: and in its connection where it had one" "$(counter r $family filter OUTPUT 2)" $((attempts / 2))
	is "IPv$family: and nothing else was said" "$(counter r $family filter OUTPUT 3)" 0
done
is 'conntrack keeps no entry' "$(entries)" 0
# A hundred thousand of the smallest objects there are would be 800 kB, of the smallest socket there is 30,000.
ok "memory: $grown kB more" test "$grown" -lt 700

say 'The module goes under traffic.'
four='' six=''
for sender in 'four 192.0.2.1 10.0.0.1' 'six 2001:db8::1 fd00::1'; do
	read -r name from to <<<"$sender"
	bg "$name" n0 bash -c "exec tests/scenarios/segments --flood 10000000 <<<'syn from=$from to=$to opts=linux'"
done
seen() { (($(_quiet=1 counter r 4 filter INPUT 1) > 100 && $(_quiet=1 counter r 6 filter INPUT 1) > 100)); }
for round in 1 2; do
	for iptables in ipt ip6t; do
		"$iptables" r -F INPUT
	done
	until_ok "round $round: the module goes when its rules have gone" 20 modprobe -r xt_TARPIT
	for iptables in ipt ip6t; do
		"$iptables" r -A INPUT -p tcp --dport 80 -j TARPIT
	done
	until_ok "round $round: and comes with the next rule" 40 seen
done
ok 'the flood goes on' kill -0 "$four" "$six"
done_testing
