#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Backups through a router with SNAT or DNAT alone, IPv6, and ports that are taken at the address
# that hosts share. Debian's programs know no IPv6, so its packets are made here.
#
#	n0 (amservice) -- r (NAT, filter) -- n1 (amandad), n2 (announces the same ports)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=amanda.lib
. "${0%/*}/amanda.lib"

topology
ok 'the programs' amanda_programs
ok 'amandad listens' amanda_serve amandad n1 10080
ok 'amandad with auth bsdudp listens' amanda_serve amandad_udp n1 10081 bsdudp
ok 'the helper is loaded' helper_load amanda ports=10080,10081
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p udp -m multiport --dports 10080,10081 -j ACCEPT
COMMIT
END

say 'SNAT, and a client that knows no way to the server'
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j SNAT --to-source 10.0.1.1
ok 'a backup' amanda_backup client
ok 'auth bsdudp: a backup' amanda_backup client bsdudp

say 'DNAT alone'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
ipt r -t nat -A PREROUTING -i r0 -p udp -d 10.0.0.1 --dport 10080:10081 -j DNAT \
	--to-destination 10.0.1.2
ok 'a backup' amanda_backup front
ok 'auth bsdudp: a backup' amanda_backup front bsdudp

say 'IPv6, DNAT and MASQUERADE together'
n1 ip -6 route del default
rules r 6 <<END
*nat
-A PREROUTING -i r0 -p udp -d fd00::1 --dport 10080 -j DNAT --to-destination [fd00:0:0:1::2]:10084
-A POSTROUTING -o r1 -j MASQUERADE
COMMIT
END
ip6t r -A FORWARD -i r0 -p udp --dport 10084 -j ACCEPT
bg stream n1 perl -MSocket=:all -e '
	$| = 1;
	socket my $s, AF_INET6, SOCK_STREAM, 0 or die $!;
	bind $s, pack_sockaddr_in6(40000, IN6ADDR_ANY) or die $!;
	listen $s, 5 or die $!;
	print "listening\n"; select undef, undef, undef, undef'
until_ok 'a stream listens' 20 grep -q listening "$TMP/stream.out"
connects() { n0 timeout 2 "$BASH" -c 'exec 3<>/dev/tcp/fd00::1/40000'; }
nok 'it cannot be reached' connects
n0 "$udp_send" --from 900 fd00::1 10080 "$req"
n1 "$udp_send" --from 10084 fd00:0:0:1::1 900 "$(reply 'CONNECT DATA 40000')"
until_ok 'it is announced' 20 expects_are 1 40000
ok 'it can be reached' connects

say 'The ports of n1 are expected for n2 already, at the same address'
ipt r -t nat -A PREROUTING -i r0 -p udp -d 10.0.0.1 --dport 10082 -j DNAT --to-destination 10.0.2.2
ipt r -I FORWARD -i r0 -p udp --dport 10082 -j ACCEPT
order() { r "$BASH" -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }
ok 'the port has the helper' order +udp:10082=amanda
n0 "$udp_send" --from 900 10.0.0.1 10082 "$req"
n2 "$udp_send" --from 10082 10.0.0.2 900 \
	"$(reply 'CONNECT DATA 50000 MESG 50001 INDEX 50002 STATE 50003')"
for stream in 50000 50001 50002 50003; do
	until_ok "n2 has $stream" 20 expects_are 1 "$stream"
done
ok 'a backup of n1' amanda_backup front
for stream in 50000 50001 50002 50003; do
	ok "n2 still has $stream" expects_are 1 "$stream"
done

say 'A reply in fragments, whose ports change'
n0 "$udp_send" --from 901 10.0.0.1 10082 "$req"
bg server n0 "$udp_send" --from 902 --wait 100 --expect 1 10.0.0.1 10082 "$req"
until_ok 'the server listens' 60 grep -q listening "$TMP/server.out"
text=$(reply 'CONNECT DATA 1024 MESG 1025')
n2 "$udp_send" --from 10082 10.0.0.2 901 "$text"
until_ok 'the ports are taken' 20 expects_are 1 1024
n2 "$udp_send" --source 10.0.2.2 --from 10082 --fragments 1000 10.0.0.2 902 "${text}$(
	printf 'x%.0s' {1..3000})"
ok 'the reply arrives' wait "${server:?}"
ports=$(expects | grep ' dst=10\.0\.0\.1 ' | grep -oE ' dport=[0-9]+' |
	grep -vE '=(1024|1025|5000[0-3])$' | cut -d= -f2 | tr -d '\n')
is 'with the other ports' "$(tail -n +2 "$TMP/server.out")" \
	"10.0.0.1 10082 $((3000 + 65 + ${#ports}))"
ok 'the port is as it was' order -udp:10082
ok 'the helper is as it was' helper_load amanda
done_testing
