#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the Quake III helper opens: the way of a client that asked a master server, to the game
# servers of the answer, with NAT and without; and nothing else.
#
#	n0 (clients) -- r (filter, NAT) -- n1 (master and game servers), n2 (others)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/helper.lib
. "${0%/*}/../lib/helper.lib"

stub=$PWD/tests/quake3/stub
quakestat=${POM_CACHE-}/unpacked/qstat/usr/bin/quakestat
mark='\xff\xff\xff\xff'
serve() { # VAR NS ROLE ADDRESS PORT ARGS..: a stub, until it listens
	bg "$1" "$2" "$stub" "${@:3}"
	poll 20 grep -q ready "$TMP/$1.out" || echo "no $3 at $4 port $5"
}
# The list of quakestat, which asks the master server and then each game server.
lists() { # [NS [MASTER]]
	"${1:-n0}" timeout 60 "$quakestat" -nh -mi 1 -retry 2 -q3m "${2:-10.0.1.2}:27950"
}
finds() { # [NS [MASTER]]
	local list
	list=$(lists "$@")
	grep -q '^Q3S .* stub$' <<<"$list" || { printf '%s\n' "$list" && return 1; }
}
question() { # PORT [ADDRESS]
	n0 "$udp_send" --from "$1" --wait 5 --expect 1 "${2:-10.0.1.2}" "${3:-27950}" \
		"${mark}getserversExt Game 68"
}

topology
serve game n1 game 10.0.1.2 27960
serve master n1 master 10.0.1.2 27950 10.0.1.2,27960
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -p udp --dport 27960
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -p udp --dport 27950 -j ACCEPT
COMMIT
END

say 'Without the helper'
ok 'it can be unloaded' helper_unload quake3
nok 'the client finds no game' finds
ok 'its packets to the game server were dropped' has_counted r 4 filter FORWARD 1
like 'although the master has named it' "$(lists)" '^Q3M +10\.0\.1\.2:27950 +1 servers'

say 'With it'
ok 'it is loaded, and its port is 27950' helper_load quake3
r conntrack -F
ok 'the client finds the game' finds
like 'the way is open for four minutes' "$(expects 27960)" \
	'^2[0-9][0-9] .* src=10\.0\.0\.2 dst=10\.0\.1\.2 sport=0 dport=27960 .*quake3'

say 'Nobody else can use it'
asks() { # NS ADDRESS PORT
	"$1" "$udp_send" --from 40000 --wait 2 --expect 1 "$2" "$3" "${mark}getinfo x"
}
serve other n1 game 10.0.1.2 27961
nok 'another host' asks n2 10.0.1.2 27960
nok 'the client to another port' asks n0 10.0.1.2 27961
question 40001
until_ok 'a new question, a new expectation' 20 expects_are 1 27960
ok 'the client itself' asks n0 10.0.1.2 27960

say 'Two questions about one server'
ok 'from another port of the client' question 40002
ok 'one expectation' expects_are 1 27960
ok 'none is refused' stat_is quake3 not-expected 0
ok 'the first question ends' r conntrack -D -p udp --orig-port-src 40001
ok 'the newest one has the expectation' expects_are 1 27960
n1 ip address add 10.0.1.3/24 dev e0
serve elsewhere n1 master 10.0.1.3 27950 10.0.1.2,27960
ok 'of another master server' question 40003 10.0.1.3
ok 'one expectation' expects_are 1 27960
ok 'none is refused' stat_is quake3 not-expected 0
ok 'of another client' \
	n2 "$udp_send" --from 40004 --wait 5 --expect 1 10.0.1.2 27950 "${mark}getservers 68"
ok 'two expectations' expects_are 2 27960
ok 'it can use it' asks n2 10.0.1.2 27960
ok 'the first client, too' asks n0 10.0.1.2 27960

say 'NAT: the game server sees the address that the master server saw'
kill "${master:?}" "${elsewhere:?}" "${other:?}"
serve master n1 master 10.0.1.2 27950 10.0.1.2,27960
r ip address add 10.0.1.9/24 dev r1
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -p udp --dport 27950 -j SNAT --to-source 10.0.1.9
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
r conntrack -F
ok 'SNAT of the question alone' finds
like 'and no other' "$(r conntrack -L -p udp --dport 27960)" \
	'src=10\.0\.0\.2 dst=10\.0\.1\.2 .* src=10\.0\.1\.2 dst=10\.0\.1\.9 '
ipt r -t nat -D POSTROUTING 1
r conntrack -F
ok 'MASQUERADE' finds
ok 'of two clients' finds n2
ipt r -t nat -A PREROUTING -d 192.0.2.1 -p udp --dport 27950 -j DNAT --to-destination 10.0.1.2
ipt r -t nat -R POSTROUTING 1 -o r1 -p udp --dport 27960 -j MASQUERADE
n1 ip route add 10.0.0.0/24 via 10.0.1.1
r conntrack -F
ok 'DNAT of the question: the rules decide about the rest' finds n0 192.0.2.1
like 'MASQUERADE' "$(r conntrack -L -p udp --dport 27960)" \
	'src=10\.0\.0\.2 dst=10\.0\.1\.2 .* src=10\.0\.1\.2 dst=10\.0\.1\.[19] '
ipt r -t nat -F
n1 ip route del 10.0.0.0/24
n1 ip route add default via 10.0.1.1

say 'IPv6, and answers with both families'
serve six n1 master fd00:0:0:1::2 27950 10.0.1.2,2000 fd00:0:0:1::2,27966 10.0.1.2,2001 \
	fd00:0:0:1::3,27967
ok 'an answer' question 41000 fd00:0:0:1::2
until_ok 'the first server' 20 expects_are 1 27966
until_ok 'the second' 20 expects_are 1 27967
is 'none of the other family' "$(expects 2000)$(expects 2001)" ''

say 'What opens nothing'
kill "${master:?}"
modprobe nfnetlink_log
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=17
r sysctl -qw net.netfilter.nf_log.2=nfnetlink_log
r sysctl -qw net.netfilter.nf_log.10=nfnetlink_log
bg log r tcpdump --immediate-mode -U -i nflog:0 -w "$TMP/log.pcap"
until_ok 'the log is read' 20 grep -q listening "$TMP/log.out"
n1 ip address add 198.51.100.1/32 dev lo
r ip route add 198.51.100.1 via 10.0.1.2
serve public n1 master 198.51.100.1 27950 10.0.1.2,3000 203.0.113.1,3001 0.0.0.0,3002 \
	127.0.0.1,3003 224.0.0.1,3004 255.255.255.255,3005 240.0.0.1,3006 203.0.113.1,1023
ok 'a public master server answers' question 42000 198.51.100.1
until_ok 'a public address' 20 expects_are 1 3001
until_ok 'addresses of nobody, or of a private network' 20 stat_is quake3 foreign 6
until_ok 'a privileged port' 20 stat_is quake3 bad-port 1
is 'none of them is expected' "$(expects 300[023456])$(expects 1023)" ''
n1 ip address add 2001:db8::1/128 dev lo
r ip route add 2001:db8::1 via fd00:0:0:1::2
serve public_six n1 master 2001:db8::1 27950 2001:db8::2,3101 64:ff9b::203.0.113.1,3102 \
	2002:cb00:7101::1,3103 64:ff9b::10.0.0.1,3110 64:ff9b::127.0.0.1,3111 \
	64:ff9b:1::203.0.113.1,3112 2002:a00:1::1,3113 2002:7f00:1::1,3114 fec0::1,3115 \
	::10.0.0.1,3116 ::ffff:10.0.0.1,3117 fe80::1,3118 fd00::1,3119
ok 'a public master server answers by IPv6' question 42100 2001:db8::1
until_ok 'addresses of nobody, or of a private network, or that embed one' 20 \
	stat_is quake3 foreign 16
is 'three are expected' "$(expects '31[0-9][0-9]' | grep -o 'dport=31..' | sort | xargs)" \
	'dport=3101 dport=3102 dport=3103'
serve unasked n1 master 10.0.1.2 27950 --unasked 10.0.1.2,3010
ok 'an answer to another question' \
	n0 "$udp_send" --from 42001 --wait 5 --expect 1 10.0.1.2 27950 "${mark}getinfo x"
ok 'an answer of the client' \
	n0 "$udp_send" --from 42002 --wait 5 --expect 1 10.0.1.2 27950 \
		"${mark}getserversResponse\\\\\\x0a\\0\\1\\2\\x0b\\xc2"
until_ok 'are counted' 20 stat_is quake3 wrong-side 3
is 'and not expected' "$(expects 3010)" ''
until_ok 'the last refusal is logged' 20 grep -aq 'an answer to no question' "$TMP/log.pcap"
is 'and one for each answer' "$(grep -ao 'helped: server with' "$TMP/log.pcap" | grep -c .)" 2
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=0
kill "${log:?}"
n0 "$udp_send" --from 42003 --wait 1 10.0.1.2 27950 '' x "${mark}" "${mark}\\x0a"
until_ok 'packets without a message are counted' 20 stat_is quake3 malformed 4

say 'Many servers'
kill "${unasked:?}"
ok 'at most 20' helper_load quake3 max_servers=20
mapfile -t many < <(printf '10.0.1.2,%d\n' {4001..4300})
serve many n1 master 10.0.1.2 27950 "${many[@]}"
r conntrack -F
n0 "$udp_send" --from 43000 --wait 5 --expect 2 10.0.1.2 27950 "${mark}getservers 68"
until_ok 'the first ones of the last packet' 20 expects_are 1 4210
is 'are expected' "$(expects | grep -c 'dst=10.0.1.2')" 20
is 'no others are' "$(expects 4020)$(expects 4211)" ''
ok 'that is counted once for each packet' stat_is quake3 not-expected 2
ok 'unload' helper_unload quake3
nok 'max_servers=256' modprobe nf_conntrack_quake3 max_servers=256
like 'the reason is in the log' "$(klog)" 'max_servers=256: must be 1 to 255'
is 'no expectation is left' "$(expects)" ''
ok 'as it was' helper_load quake3
done_testing
