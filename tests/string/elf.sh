#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The example of 2003: a router does not let ELF executables through, by the first four bytes of
# one. Real downloads through NAT, in segments of 1460 bytes, of 88, and of 88 in another order.
#
#	n0 (curl) -- r (MASQUERADE, the rule in FORWARD) -- n1, n2 (web servers; n2 is trusted)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
topology

mkdir "$TMP/www"
{ printf '\x7fELF\2\1\1' && head -c 20000 /dev/urandom; } >"$TMP/www/program"
seq 4000 >"$TMP/www/text"
seq 500 >"$TMP/www/short"
bg one n1 busybox httpd -f -p 80 -h "$TMP/www"
bg two n2 busybox httpd -f -p 80 -h "$TMP/www"
serves() { [[ $("$1" ss -tlnH "sport = :80") ]]; }
until_ok 'n1 serves' 10 serves n1
until_ok 'n2 serves' 10 serves n2

ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
ipt r -A FORWARD -i r1 -p tcp ! -s 10.0.2.2 --sport 80 -m string --string '|7F|ELF' -j DROP
ipt r -A FORWARD -i r2 -p tcp ! -s 10.0.2.2 --sport 80 -m string --string '|7F|ELF' -j DROP
ip6t r -A FORWARD -i r1 -p tcp --sport 80 -m string --string '|7F|ELF' -j DROP

gets() { # FILE HOST: the whole of it
	rm -f "$TMP/got"
	n0 curl -gsf -m 5 --noproxy '*' -o "$TMP/got" "http://$2/$1" && cmp "$TMP/got" "$TMP/www/$1"
}
ok 'a text passes' gets text 10.0.1.2
ok 'an executable passes from a trusted server' gets program 10.0.2.2
refused() { # HOST: the program; not one byte of it comes
	rm -f "$TMP/got"
	! n0 curl -gsf -m 2 --noproxy '*' -o "$TMP/got" "http://$1/program" && [[ ! -s $TMP/got ]]
}
ok 'an executable does not pass from another, not one byte of it' refused 10.0.1.2
ok 'IPv6: a text passes' gets text '[fd00:0:0:1::2]'
ok 'IPv6: an executable does not, not one byte of it' refused '[fd00:0:0:1::2]'
ipt r -F FORWARD
ok 'without the rule it passes' gets program 10.0.1.2

say 'The same in segments of 88 bytes, through the stream'
# One segment is one packet.
n1 ip link set e0 gso_max_segs 1
n0 ip route replace default via 10.0.0.1 advmss 88
ipt r -A FORWARD -i r1 -p tcp --sport 80 -m string --string '|7F|ELF' --stream -j DROP
stopped() { # it does not come, and what it is known by neither
	rm -f "$TMP/got"
	! n0 curl -gsf -m 2 --noproxy '*' -o "$TMP/got" http://10.0.1.2/program &&
		! grep -qaF $'\x7fELF' "$TMP/got"
}
ok 'a text passes' gets short 10.0.1.2
ok 'an executable does not' stopped
n1 tc qdisc add dev e0 root netem delay 20ms reorder 50% gap 2
ok 'in another order: a text passes' gets short 10.0.1.2
ok 'an executable does not' stopped
ipt r -F FORWARD
n1 tc qdisc del dev e0 root
ok 'without the rule it passes' gets program 10.0.1.2
done_testing
