#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# On a router: answers in the name of hosts behind it, in every table and chain that TARPIT is for,
# behind DNAT, with connection tracking and without; and refuses the chains that it is not for,
# however they are reached.
#
#   n0 ---- r ---- n1      n0 sends segments made by hand, as 192.0.2.1 and 2001:db8::1, to n1,
#                          which must not notice; the rules are r's, one port a place
. "${0%/*}/../lib/scenario.sh"
topology

r ip route add 192.0.2.0/24 via 10.0.0.2
r ip route add 2001:db8::/64 via fd00::2
places=('raw PREROUTING' 'mangle PREROUTING' 'mangle FORWARD' 'filter FORWARD')
for iptables in ipt ip6t; do
	"$iptables" n1 -t raw -A PREROUTING -p tcp
	for i in "${!places[@]}"; do
		read -r table chain <<<"${places[i]}"
		"$iptables" r -t "$table" -A "$chain" -i r0 -p tcp --dport "80$i" -j TARPIT
	done
done

# A connection that gets as far as its first data, through each place.
conversation() { # NAME FROM TO PORT
	echo "syn_$1 from=$2 to=$3 dport=$4 opts=linux"
	echo "ack_$1 as=syn_$1 flags=A seq=1001 ack=syn_$1.seq+1 opts=nop,nop,ts:1001"
	echo "data_$1 as=syn_$1 flags=PA seq=1001 ack=syn_$1.seq+1 len=100 opts=nop,nop,ts:1002"
}
segments() { # what comes back for the lines of standard input is then in $got
	local name answer
	declare -gA got=()
	while read -r name answer; do
		got[$name]=$answer
	done < <(n0 tests/lib/segments --barrier 192.0.2.1,10.0.0.1,9)
}
held() { # DESC NAME
	like "$1" "${got[syn_$2]-nothing was said} / ${got[ack_$2]-} / ${got[data_$2]-}" \
		'^SA .* ack=1001 .* sum=ok .* / A .* ack=1001 win=0 .* sum=ok .* / A .* ack=1001 win=0 .* sum=ok '
}
try_places() { # WHAT
	local i
	segments < <(
		for i in "${!places[@]}"; do
			conversation "4_$i" 192.0.2.1 10.0.1.2 "80$i"
			conversation "6_$i" 2001:db8::1 fd00:0:0:1::2 "80$i"
		done
	)
	for i in "${!places[@]}"; do
		held "$1: ${places[i]}, IPv4" "4_$i"
		held "$1: ${places[i]}, IPv6" "6_$i"
	done
}

try_places 'without conntrack'

for iptables in ipt ip6t; do
	"$iptables" r -A FORWARD -m conntrack --ctstate INVALID
done
try_places 'with conntrack'
is 'no connection is left in the table' "$(r conntrack -L -p tcp 2>/dev/null)" ''

for iptables in ipt ip6t; do
	"$iptables" r -t raw -A PREROUTING -p tcp -j CT --notrack
	"$iptables" r -A OUTPUT -p tcp -m multiport --sports 800:803 -m conntrack \
		! --ctstate UNTRACKED
done
try_places 'untracked'
is 'replies to what is untracked are untracked' \
	"$(counter r 4 filter OUTPUT 1) $(counter r 6 filter OUTPUT 1)" '0 0'
is 'no connection is left in the table' "$(r conntrack -L -p tcp 2>/dev/null)" ''

say 'Behind DNAT, replies come from the address that the client knows.'
for iptables in ipt ip6t; do
	"$iptables" r -t raw -F
	"$iptables" r -I FORWARD -p tcp --dport 8000 -j TARPIT
done
ipt r -t nat -A PREROUTING -p tcp -d 10.0.0.1 --dport 8080 -j DNAT --to-destination 10.0.1.2:8000
ip6t r -t nat -A PREROUTING -p tcp -d fd00::1 --dport 8080 -j DNAT \
	--to-destination '[fd00:0:0:1::2]:8000'
segments < <(
	conversation 4 192.0.2.1 10.0.0.1 8080
	conversation 6 2001:db8::1 fd00::1 8080
)
held 'DNAT, IPv4' 4
held 'DNAT, IPv6' 6
is 'no connection is left in the table' "$(r conntrack -L -p tcp 2>/dev/null)" ''

is 'n1 has not seen any of it' "$(counter n1 4 raw PREROUTING 1) $(counter n1 6 raw PREROUTING 1)" \
	'0 0'

say 'Where TARPIT is not for.'
for iptables in ipt ip6t; do
	"$iptables" r -N pit
	ok "$iptables: a chain of one's own can hold it" "$iptables" r -A pit -p tcp -j TARPIT
	ok "$iptables: and be called from FORWARD" "$iptables" r -A FORWARD -p tcp --dport 99 -j pit
	nok "$iptables: but not from OUTPUT" "$iptables" r -A OUTPUT -j pit
	"$iptables" r -N way
	"$iptables" r -A way -j pit
	nok "$iptables: nor through a second one" "$iptables" r -A OUTPUT -j way
	"$iptables" r -t mangle -N late
	"$iptables" r -t mangle -A POSTROUTING -j late
	nok "$iptables: nor be put where POSTROUTING calls already" "$iptables" r -t mangle \
		-A late -p tcp -j TARPIT
	"$iptables" r -t nat -N pit
	nok "$iptables: nor be in the table nat" "$iptables" r -t nat -A pit -p tcp -j TARPIT
done
like 'the kernel says why' "$(klog)" \
	'xt_TARPIT: TARPIT works in the tables raw, mangle and filter, not in nat'
done_testing
