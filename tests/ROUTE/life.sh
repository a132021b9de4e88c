#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules are replaced, interfaces and routes come and go, and the module is unloaded, while packets
# are under way in every chain.
#
#   n0 ---- r ---- n1     n0 and r ping n1 without pause
#           |
#           n2            has n1's addresses, too
. "${0%/*}/../lib/scenario.sh"
topology
n2 ip -batch - <<'END'
address add 10.0.1.2/32 dev lo
address add fd00:0:0:1::2/128 dev lo nodad
END
unused() { read -r users </sys/module/xt_ROUTE/refcnt && ((users == 0)); }

bg client n0 ping -n -q -i 0.02 10.0.1.2
bg client_six n0 ping -n -q -i 0.02 fd00:0:0:1::2
bg router r ping -n -q -i 0.02 10.0.1.2
bg router_six r ping -n -q -i 0.02 fd00:0:0:1::2
bg input n0 ping -n -q -i 0.02 10.0.0.1

say 'Whole tables are replaced.'
for family in 4 6; do
	gw=10.0.2.2
	[[ $family == 4 ]] || gw=fd00:0:0:2::2
	for chain in PREROUTING INPUT FORWARD OUTPUT POSTROUTING; do
		for options in "--gw $gw" '--oif r2' "--oif r2 --gw $gw --continue" \
			"--gw $gw --tee" '--oif missing' '--iif missing' \
			"--gw $gw*2,%missing,%r2" "--gw $gw,%r2 --balance packet" \
			"--gw $gw --down continue"; do
			echo "*mangle"
			echo ":PREROUTING ACCEPT"
			echo "-A $chain ! -o r0 -m mark --mark 0 -j ROUTE $options" |
				if [[ $chain == PREROUTING || $chain == INPUT ]]; then
					sed 's/! -o r0/-i r0/'
				else
					cat
				fi
			echo COMMIT
		done
	done >"$TMP/rules$family"
done
ok 'IPv4' r "iptables-$BACKEND-restore" -w -T mangle "$TMP/rules4"
ok 'IPv6' r "ip6tables-$BACKEND-restore" -w -T mangle "$TMP/rules6"

say 'The interface and its routes come and go.'
for iptables in ipt ip6t; do
	"$iptables" r -t mangle -F
	for chain in PREROUTING FORWARD OUTPUT POSTROUTING; do
		gw=10.0.2.2
		[[ $iptables == ipt ]] || gw=fd00:0:0:2::2
		"$iptables" r -t mangle -A "$chain" -m mark --mark 0 -j ROUTE --gw "$gw"
	done
done
for i in 1 2 3; do
	r ip link set r2 down
	r ip -batch - <<'END'
link set r2 up
address replace 10.0.2.1/24 dev r2
address replace fd00:0:0:2::1/64 dev r2 nodad
neighbour replace 10.0.2.2 lladdr 02:00:00:00:02:02 dev r2
neighbour replace fd00:0:0:2::2 lladdr 02:00:00:00:02:02 dev r2
END
	r ip route add 192.0.2.0/24 via 10.0.2.2
	r ip -6 route add 2001:db8::/32 via fd00:0:0:2::2
done
routed() { [[ $(_quiet=1 r cat /proc/net/xt_ROUTE) =~ ipv4\ gw=10.0.2.2\ packets=[1-9] ]]; }
until_ok 'packets are routed' 10 routed

say 'Unloading under traffic.'
for i in 1 2; do
	for iptables in ipt ip6t; do
		gw=10.0.2.2
		[[ $iptables == ipt ]] || gw=fd00:0:0:2::2
		"$iptables" r -t mangle -F
		for chain in PREROUTING FORWARD OUTPUT POSTROUTING; do
			"$iptables" r -t mangle -A "$chain" -m mark --mark 0 -j ROUTE --gw "$gw"
		done
	done
	ipt r -t mangle -F
	ip6t r -t mangle -F
	until_ok "round $i: no rule uses the module" 20 unused
	ok "round $i: it unloads" rmmod xt_ROUTE
	nok "round $i: and leaves nothing in /proc/net" r ls /proc/net/xt_ROUTE
	ok "round $i: it loads" modprobe xt_ROUTE
done
for ping in client client_six router router_six input; do
	ok "$ping: ping ran all the time" kill -INT "${!ping}"
done
ok 'n0 and n1 still see each other' n0 ping -n -q -c 1 -W 5 10.0.1.2
done_testing
