#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --untrack: the packet is routed, but neither tracked nor translated.
#
#   n0 ---- r ---- n1     n0 and r send to n1. ROUTE sends it to n2, which has n1's addresses, too,
#           |             and answers. r masquerades what leaves through r2.
#           n2
. "${0%/*}/../lib/scenario.sh"
topology
n2 ip -batch - <<'END'
address add 10.0.1.2/32 dev lo
address add fd00:0:0:1::2/128 dev lo nodad
END

for iptables in ipt ip6t; do
	icmp=icmp from='10.0.0.2 10.0.2.1'
	[[ $iptables == ipt ]] || icmp=icmpv6 from='fd00::2 fd00:0:0:2::1'
	"$iptables" r -t nat -A POSTROUTING -o r2 -j MASQUERADE
	"$iptables" r -A FORWARD -o r2 -m conntrack --ctstate UNTRACKED
	"$iptables" r -A OUTPUT -o r2 -m conntrack --ctstate UNTRACKED
	"$iptables" r -A FORWARD -o r2 -m conntrack --ctstate NEW
	"$iptables" r -A OUTPUT -o r2 -m conntrack --ctstate NEW
	for address in $from; do
		"$iptables" n2 -t raw -A PREROUTING -s "$address" -p "$icmp"
	done
done

try() { # 4|6 CHAIN NS OPTIONS WANT: counters of UNTRACKED, NEW, and from n0 and from r2 at n2
	local to=10.0.1.2 gw=10.0.2.2 iptables=ipt chain=FORWARD
	[[ $1 == 4 ]] || to=fd00:0:0:1::2 gw=fd00:0:0:2::2 iptables=ip6t
	[[ $3 == n0 ]] || chain=OUTPUT
	_quiet=1 "$iptables" r -Z
	_quiet=1 "$iptables" n2 -t raw -Z
	# shellcheck disable=SC2086 # words
	"$iptables" r -t mangle -A "$2" -d "$to" -j ROUTE --gw "$gw" $4
	ok "$2 $4: IPv$1" "$3" ping -n -c 1 -W 1 "$to"
	is "$2 $4: counters, IPv$1" "$(counter r "$1" filter $chain 1) \
$(counter r "$1" filter $chain 2) $(counter n2 "$1" raw PREROUTING 1) \
$(counter n2 "$1" raw PREROUTING 2)" "$5"
	"$iptables" r -t mangle -F
}
for family in 4 6; do
	try "$family" PREROUTING n0 '' '0 1 0 1'
	try "$family" PREROUTING n0 --untrack '1 0 1 0'
	try "$family" PREROUTING n0 '--untrack --continue' '1 0 1 0'
	try "$family" FORWARD n0 --untrack '1 0 1 0'
	try "$family" POSTROUTING n0 --untrack '0 0 1 0'
	try "$family" OUTPUT r '' '0 1 0 1'
	try "$family" OUTPUT r --untrack '1 0 0 0'
done
done_testing
