#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Which chains follow ROUTE, with which output interface, and how often: once each. NAT is for the
# new interface, and marks do not undo the route.
#
#   n0 ---- r ---- n1     n0 and r send to n1. ROUTE in one of r's chains sends the packets to n2,
#           |             which has the addresses of n1 and r, too, and answers.
#           n2
. "${0%/*}/../lib/scenario.sh"
topology

n2 ip -batch - <<'END'
address add 10.0.1.2/32 dev lo
address add fd00:0:0:1::2/128 dev lo nodad
address add 10.0.0.1/32 dev lo
address add fd00::1/128 dev lo nodad
END
# A rule that sends marked packets to n1 would undo the route.
for family in 4 6; do
	gw=10.0.1.2
	[[ $family == 4 ]] || gw=fd00:0:0:1::2
	ok "packets with a mark go to n1, IPv$family" r ip "-$family" -batch - <<END
rule add fwmark 7 table 77
route add default via $gw table 77
END
done

# A rule in each chain, for each output interface. Those in filter need conntrack, and with it nat
# sees each ping. The lines of standard input are added to mangle.
# In all, @ is a ping to $to, $gw is n2.
load() {
	local extra family ping
	extra=$(cat)
	for family in 4 6; do
		if [[ $family == 4 ]]; then
			to=${to4:-10.0.1.2} gw=10.0.2.2 ping='-p icmp -m icmp --icmp-type 8'
		else
			to=${to6:-fd00:0:0:1::2} gw=fd00:0:0:2::2
			ping='-p icmpv6 -m icmpv6 --icmpv6-type 128'
		fi
		sed "s/@/-d $to $ping/;s/GW/$gw/" <<END | _quiet=1 rules r "$family"
*raw
-F
-A PREROUTING @
-A OUTPUT @
COMMIT
*mangle
-F
-A PREROUTING @
-A INPUT @
-A FORWARD @ -o r1
-A FORWARD @ -o r2
-A OUTPUT @ -o r1
-A OUTPUT @ -o r2
-A POSTROUTING @ -o r1
-A POSTROUTING @ -o r2
$extra
COMMIT
*nat
-F
-A PREROUTING @
-A INPUT @
-A OUTPUT @ -o r1
-A OUTPUT @ -o r2
-A POSTROUTING @ -o r1
-A POSTROUTING @ -o r2
${masquerade-}
COMMIT
*filter
-F
-A INPUT @ -m conntrack --ctstate NEW
-A FORWARD @ -o r1 -m conntrack --ctstate NEW
-A FORWARD @ -o r2 -m conntrack --ctstate NEW
-A OUTPUT @ -o r1 -m conntrack --ctstate NEW
-A OUTPUT @ -o r2 -m conntrack --ctstate NEW
COMMIT
END
	done
}

counted() { # 4|6: the rules without a target that have counted, as TABLE:CHAIN[:OUT]=N
	local program=iptables
	[[ $1 == 4 ]] || program=ip6tables
	_quiet=1 r "$program-$BACKEND-save" -c | awk '
		/^\*/ { table = substr($0, 2) }
		/^\[[1-9]/ && !/ -j / {
			sub(/^\[/, "", $1)
			out = match($0, /-o r[0-9]/) ? ":" substr($0, RSTART + 3, 2) : ""
			print table ":" $3 out "=" $1 + 0
		}' | LC_ALL=C sort | paste -sd ' '
}

declare -A seen arrived
arrivals() { # in $arrived, for 4 and 6: pings of n1 and of n2 since the last time
	local ns now i
	arrived=()
	for ns in n1 n2; do
		read -ra now < <(_quiet=1 "$ns" awk '
			$1 == "Icmp:" && at { four = $at }
			$1 == "Icmp:" { for (at = NF; at && $at != "InEchos"; at--); }
			$1 == "Icmp6InEchos" { six = $2 }
			END { print four, six }' /proc/net/snmp /proc/net/snmp6)
		for i in 0 1; do
			arrived[$((4 + 2 * i))]+=" $((now[i] - ${seen[$ns$i]-0}))"
			seen[$ns$i]=${now[i]}
		done
	done
}
# Pings of n1 from NS: ok (n2 answers) or nok (nothing does).
try() { # DESC ok|nok NS CHAINS
	local family
	"$2" "$1: ping" "$3" ping -n -c 1 -W 1 "${to4:-10.0.1.2}"
	"$2" "$1: ping, IPv6" "$3" ping -n -c 1 -W 1 "${to6:-fd00:0:0:1::2}"
	arrivals
	for family in 4 6; do
		is "$1: only n2 got it, IPv$family" "${arrived[$family]}" ' 0 1'
		is "$1: chains, IPv$family" "$(counted "$family")" "$4"
	done
}

arrivals # those of topology
load <<<'-A PREROUTING @ -j ROUTE --gw GW'
try PREROUTING ok n0 "filter:FORWARD:r2=1 mangle:FORWARD:r2=1 mangle:POSTROUTING:r2=1 \
mangle:PREROUTING=1 nat:POSTROUTING:r2=1 nat:PREROUTING=1 raw:PREROUTING=1"

load <<<'-A PREROUTING @ -j ROUTE --oif r2 --gw GW --continue
-A PREROUTING @ -j MARK --set-mark 7'
try 'PREROUTING, mark' ok n0 "filter:FORWARD:r2=1 mangle:FORWARD:r2=1 mangle:POSTROUTING:r2=1 \
mangle:PREROUTING=1 nat:POSTROUTING:r2=1 nat:PREROUTING=1 raw:PREROUTING=1"

load <<<'-A FORWARD @ -j ROUTE --gw GW'
try FORWARD ok n0 "filter:FORWARD:r2=1 mangle:FORWARD:r1=1 mangle:POSTROUTING:r2=1 \
mangle:PREROUTING=1 nat:POSTROUTING:r2=1 nat:PREROUTING=1 raw:PREROUTING=1"

load <<<'-A POSTROUTING @ -j ROUTE --gw GW'
try POSTROUTING ok n0 "filter:FORWARD:r1=1 mangle:FORWARD:r1=1 mangle:POSTROUTING:r1=1 \
mangle:PREROUTING=1 nat:POSTROUTING:r2=1 nat:PREROUTING=1 raw:PREROUTING=1"

output="filter:OUTPUT:r2=1 mangle:OUTPUT:r1=1 mangle:POSTROUTING:r2=1 nat:OUTPUT:r2=1 \
nat:POSTROUTING:r2=1 raw:OUTPUT=1"
load <<<'-A OUTPUT @ -j ROUTE --gw GW'
try OUTPUT ok r "$output"
load <<<'-A OUTPUT @ -j ROUTE --gw GW --continue
-A OUTPUT @ -j MARK --set-mark 7'
try 'OUTPUT, mark afterwards' ok r "$output"
load <<<'-A OUTPUT @ -j MARK --set-mark 7
-A OUTPUT @ -j ROUTE --gw GW'
try 'OUTPUT, mark before' ok r "$output"

load <<<'-A POSTROUTING @ -j ROUTE --gw GW'
try 'POSTROUTING of r itself' ok r "filter:OUTPUT:r1=1 mangle:OUTPUT:r1=1 \
mangle:POSTROUTING:r1=1 nat:OUTPUT:r1=1 nat:POSTROUTING:r2=1 raw:OUTPUT=1"

say 'A packet for r itself. n2 must not answer: its answer would have an address of r.'
ipt n2 -t raw -A OUTPUT -s 10.0.0.1 -j DROP
ip6t n2 -t raw -A OUTPUT -s fd00::1 -j DROP
to4=10.0.0.1 to6=fd00::1
load <<<'-A INPUT @ -j ROUTE --gw GW'
try INPUT nok n0 "filter:FORWARD:r2=1 mangle:FORWARD:r2=1 mangle:INPUT=1 \
mangle:POSTROUTING:r2=1 mangle:PREROUTING=1 nat:POSTROUTING:r2=1 nat:PREROUTING=1 \
raw:PREROUTING=1"
load <<<'-A PREROUTING @ -j ROUTE --gw GW'
try 'PREROUTING to r' nok n0 "filter:FORWARD:r2=1 mangle:FORWARD:r2=1 mangle:POSTROUTING:r2=1 \
mangle:PREROUTING=1 nat:POSTROUTING:r2=1 nat:PREROUTING=1 raw:PREROUTING=1"
unset to4 to6

say 'MASQUERADE takes the address of the new interface.'
ipt n2 -t raw -A PREROUTING -s 10.0.2.1 -p icmp
ip6t n2 -t raw -A PREROUTING -s fd00:0:0:2::1 -p icmpv6
masquerade='-A POSTROUTING @ -j MASQUERADE'
for chain in PREROUTING FORWARD POSTROUTING; do
	load <<<"-A $chain @ -j ROUTE --gw GW"
	for iptables in ipt ip6t; do
		_quiet=1 "$iptables" n2 -t raw -Z
	done
	ok "$chain: ping" n0 ping -n -c 1 -W 1 10.0.1.2
	ok "$chain: ping, IPv6" n0 ping -n -c 1 -W 1 fd00:0:0:1::2
	is "$chain: from the address of r2" \
		"$(counter n2 4 raw PREROUTING 1) $(counter n2 6 raw PREROUTING 1)" '1 1'
done
masquerade=''

say 'DNAT in OUTPUT and PREROUTING changes the destination, but not the route.'
ipt r -t mangle -F
r ip route add 192.0.2.9 via 10.0.1.2
ipt r -t nat -F
ipt r -t nat -A OUTPUT -d 192.0.2.9 -j DNAT --to-destination 10.0.1.2
ipt r -t nat -A PREROUTING -d 192.0.2.9 -j DNAT --to-destination 10.0.1.2
ipt r -t mangle -A OUTPUT -d 192.0.2.9 -j ROUTE --gw 10.0.2.2
ipt r -t mangle -A PREROUTING -d 192.0.2.9 -j ROUTE --gw 10.0.2.2
arrivals
ok 'DNAT in OUTPUT' r ping -n -c 1 -W 1 192.0.2.9
ok 'DNAT in PREROUTING' n0 ping -n -c 1 -W 1 192.0.2.9
arrivals
is 'both came to n2' "${arrived[4]}" ' 0 2'

say 'REDIRECT in OUTPUT leads to the router itself.'
ipt r -t nat -I OUTPUT -d 192.0.2.9 -j REDIRECT
ok 'REDIRECT' r ping -n -c 1 -W 1 192.0.2.9
arrivals
is 'nothing came to n2' "${arrived[4]}" ' 0 0'
done_testing
