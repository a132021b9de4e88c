#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real backups through a router that forwards only requests and RELATED packets: plain routing, auth
# bsd and bsdudp, MASQUERADE, and DNAT with it; and none of them without the helper.
#
#	n0 (amservice) -- r (NAT, filter) -- n1 (amandad)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=amanda.lib
. "${0%/*}/amanda.lib"

topology
ok 'the programs' amanda_programs
ok 'amandad listens' amanda_serve amandad n1 10080
ok 'amandad with auth bsdudp listens' amanda_serve amandad_udp n1 10081 bsdudp
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p udp -m multiport --dports 10080,10081 -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 50000:50003
COMMIT
END

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload amanda
dropped() { has_counted r 4 filter FORWARD 3; }
unhelped() { unless=dropped amanda_backup "$1"; }
# A client of its own: it keeps the ports of streams that nobody connects to.
ok 'amandad listens' amanda_serve unhelped_pid n2 10080
nok 'no backup' unhelped other
ok 'a connection to a stream was dropped' dropped
ok 'the helper can be loaded for two ports' helper_load amanda ports=10080,10081
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_amanda

say 'Plain routing'
ok 'a backup' amanda_backup client
ok 'four streams were expected' stat_is amanda expectations 4
ok 'auth bsdudp: a backup' amanda_backup client bsdudp
ok 'one stream was expected: six digits are no port' stat_is amanda expectations 5

say 'MASQUERADE, and a client that knows no way to the server'
n1 ip route del default
rules r 4 <<END
*nat
-A POSTROUTING -o r1 -j MASQUERADE
COMMIT
END
r conntrack -F # earlier connections from the same port have no NAT
ok 'a backup' amanda_backup client
ok 'auth bsdudp: a backup' amanda_backup client bsdudp

say 'DNAT and MASQUERADE together'
ipt r -t nat -A PREROUTING -i r0 -p udp -d 10.0.0.1 -j DNAT --to-destination 10.0.1.2
ok 'a backup' amanda_backup front
ok 'auth bsdudp: a backup' amanda_backup front bsdudp
ok 'the helper is as it was' helper_load amanda
done_testing
