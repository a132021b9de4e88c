#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real programs run commands through a router that forwards only connections to port 514 and RELATED
# packets: plain routing, MASQUERADE, SNAT, DNAT and DNAT with SNAT, both families; and none of it
# without the helper.
#
#	n0 (rsh) -- r (NAT, filter) -- n1 (rshd of rsh-redone), n2 (rshd of netkit)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=rsh.lib
. "${0%/*}/rsh.lib"

topology
ok 'a user' rsh_users
rsh_serve redone_pid n1 rsh-redone
rsh_serve netkit_pid n2 rsh
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 514 -j ACCEPT
-A FORWARD -o r0 -p tcp --syn --dport 512:1023 -j DROP
COMMIT
END

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload rsh
bg lost n0 timeout 600 "$redone" -l bob server 'echo bob'
dropped() { has_counted r 4 filter FORWARD 3; }
until_ok 'the connection for errors is dropped' 30 dropped
nok 'nothing runs' grep bob "$TMP/lost.out"
kill "${lost:?}"
ok 'the helper can be loaded' helper_load rsh
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_rsh

say 'Plain routing'
ok 'rsh-redone' runs "$redone" server
ok 'netkit, which sends the port alone' runs "$netkit" server
ok 'netkit with its own server' runs "$netkit" other
ok 'IPv6' runs "$redone" server6
is 'four connections were helped, and four expected' \
	"$(helper_stats rsh connections announcements expectations)" '4 4 4'
ok 'rcp needs no second connection' n0 timeout 30 "$rcp" bob@server:.rhosts "$TMP/copied"
ok 'and has a file' cmp "$TMP/bob/.rhosts" "$TMP/copied"
is 'nothing was expected or refused' \
	"$(helper_stats rsh expectations malformed bad-port wrong-side)" '4 0 0 0'

say 'MASQUERADE; the server knows no way to the client'
n1 ip route del default
n1 ip -6 route del default
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -j MASQUERADE
ip6t r -t nat -A POSTROUTING -s fd00::/64 -j MASQUERADE
ok 'rsh-redone' runs "$redone" server
ok 'netkit' runs "$netkit" server
ok 'IPv6' runs "$redone" server6

say 'SNAT'
ipt r -t nat -F
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j SNAT --to-source 10.0.1.1
ok 'rsh-redone' runs "$redone" server
ok 'netkit' runs "$netkit" server

say 'DNAT and SNAT together'
ipt r -t nat -A PREROUTING -i r0 -d 10.0.0.1 -p tcp --dport 514 -j DNAT --to-destination 10.0.1.2
ok 'netkit' runs "$netkit" front

say 'DNAT alone'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
ok 'rsh-redone' runs "$redone" front
ok 'netkit' runs "$netkit" front
is 'nothing was refused' \
	"$(helper_stats rsh malformed not-expected wrong-side foreign bad-port split)" '0 0 0 0 0 0'
done_testing
