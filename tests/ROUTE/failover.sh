#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An uplink of ROUTE.lib fails and returns while 50 transfers run over two uplinks: without NAT all
# of them complete, with MASQUERADE those of the other uplink.
#
# deadline: 600
. "${0%/*}/../lib/scenario.sh"
. "${0%/*}/ROUTE.lib"
uplinks 2
mkdir "$TMP/www"
head -c 200000 /dev/urandom >"$TMP/www/file"
bg server s busybox httpd -f -p 80 -h "$TMP/www"
bg server_six s busybox httpd -f -p '[::]:8080' -h "$TMP/www"
until_ok 'the server answers' 10 n0 curl -sf -o /dev/null http://198.51.100.1/file
until_ok 'the server answers, IPv6' 10 \
	n0 curl -sf -o /dev/null 'http://[2001:db8::1]:8080/file'

uplink_state() { # up|down
	n1 ip link set e0 "$1"
	[[ $1 == down ]] || _quiet=1 n1 ip -batch - <<'END'
address replace fd00:0:0:1::2/64 dev e0 nodad
address replace fe80::2/64 dev e0 nodad
route replace default via fd00:0:0:1::1
END
	[[ $1 == down ]] || _quiet=1 n1 ip route replace default via 10.0.1.1
	until_ok "the first uplink is $1$v6" 60 state_is "${gws[1]}" "$1"
}
finished() { # N: transfers, complete or not
	(($(grep -cE 'complete|short' "$TMP/transfers.out") == $1))
}
cut_off() { # N: transfers that did not complete
	(($(grep -c short "$TMP/transfers.out") == $1))
}
transfers() { # DESC COMPLETE
	local port=80 url="http://$server/file"
	((family == 4)) || port=8080 url="http://[$server]:8080/file"
	r conntrack -F
	bg transfers n0 perl tests/ROUTE/transfers.pl "$server" "$port" 50 200000 10
	until_ok "$1: 50 connections$v6" 30 grep -q connected "$TMP/transfers.out"
	uplink_state down
	# One that sends nothing before the uplink returns is not cut off.
	until_ok "$1: $((50 - $2)) transfers are cut off$v6" 30 cut_off $((50 - $2))
	uplink_state up
	until_ok "$1: all transfers end$v6" 60 finished 50
	is "$1: complete transfers$v6" "$(grep -c complete "$TMP/transfers.out")" "$2"
	ok "$1: a new one$v6" n0 curl -gsf -m 20 -o /dev/null "$url"
}

both() {
	"$iptables" r -t mangle -A PREROUTING -i r0 -p tcp -j ROUTE --gw "${gws[1]},${gws[2]}"
	transfers 'without NAT' 50
	"$iptables" r -t nat -A POSTROUTING -o r1 -j MASQUERADE
	"$iptables" r -t nat -A POSTROUTING -o r2 -j MASQUERADE
	transfers 'MASQUERADE' 25
}
families both
done_testing
