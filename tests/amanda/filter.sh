#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the Amanda helper opens in a packet filter, exactly: connections of the server that asked to
# the ports that the client announced in its reply, and nothing for anything else. It counts what it
# refuses, drops no packet, and one connection has at most four expectations.
#
#	n0 (server) -- r (filter: only requests, and what is related) -- n1 (client), n2 (others)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=amanda.lib
. "${0%/*}/amanda.lib"

topology
ok 'the helper is loaded, and its port is 10080' helper_load amanda
for family in ipt ip6t; do
	"$family" r -A FORWARD -i r1 -p udp --sport 10080
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p udp --dport 10080 -j ACCEPT
	"$family" r -P FORWARD DROP
done
asked() { # PORT [ADDRESS [PAYLOAD]]
	n0 "$udp_send" --from "$1" "${2:-10.0.1.2}" 10080 "${3:-$req}"
}
replies() { n1 "$udp_send" --from 10080 10.0.0.2 "$1" "${@:2}"; } # PORT PAYLOAD..
passed=0
replied() { # DESC PORT PAYLOAD..: they pass, whatever they are
	replies "${@:2}"
	passed=$((passed + $# - 2))
	until_ok "$1" 20 counter_is r 4 filter FORWARD 1 "$passed"
}

say 'One expectation a stream, from the server to the ports of the client'
asked 900
replied 'a reply with four streams' 900 \
	"$(reply 'CONNECT DATA 50000 MESG 50001 INDEX 65535 STATE 1024')"
for stream in 50000 50001 65535 1024; do
	until_ok "$stream is expected" 20 expects_are 1 "$stream"
done
like 'with address, port and helper' "$(expects 50000)" \
	'^1[78][0-9] .* proto=6 src=10\.0\.0\.2 dst=10\.0\.1\.2 sport=0 dport=50000 .*amanda'
ok 'four are counted' stat_is amanda expectations 4
asked 900 fd00:0:0:1::2
n1 "$udp_send" --from 10080 --pieces 60 fd00::2 900 "$(reply 'CONNECT CTL 50004')"
until_ok 'IPv6, non-linear: one more' 20 expects_are 1 50004

say 'Nobody else can use them'
bg streams n1 perl -MSocket=:all -e '
	$| = 1;
	for my $port (@ARGV) {
		socket my $s, AF_INET, SOCK_STREAM, 0 or die $!;
		setsockopt $s, SOL_SOCKET, SO_REUSEADDR, 1;
		bind $s, pack_sockaddr_in($port, INADDR_ANY) or die $!;
		listen $s, 5 or die $!;
		push @s, $s;
	}
	print "listening\n"; select undef, undef, undef, undef' 50000 50001 50005
until_ok 'the client listens' 20 grep -q listening "$TMP/streams.out"
connects() { "$1" timeout 2 "$BASH" -c "exec 3<>/dev/tcp/10.0.1.2/$2"; } # NS PORT
nok 'another host' connects n2 50000
nok 'the server to another port' connects n0 50005
ok 'the server to an announced port' connects n0 50000
nok 'and not a second time' connects n0 50000

say 'What opens nothing'
modprobe nfnetlink_log
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=17 net.netfilter.nf_log.2=nfnetlink_log
bg log r tcpdump --immediate-mode -i nflog:0 -c 1 -w "$TMP/log.pcap"
until_ok 'the log is read' 20 grep -q listening "$TMP/log.out"
asked 901
malformed=('' x 'Amanda 2.6 REP HANDLE 000-0 SEQ 1'
	'Amanda 2.6 REP HANDLE  SEQ 1\x0aCONNECT DATA 50010\x0a'
	'amanda 2.6 REP HANDLE 0 SEQ 1\x0aCONNECT DATA 50010\x0a' '\0*1400')
for text in 'CONNECT DATA' 'CONNECT DATA +50010' 'CONNECT DATA -50010' 'CONNECT DATA  50010' \
	'CONNECT DATA 050010' 'CONNECT DATA 50010x' 'CONNECT DATA 65536' \
	'CONNECT DATA 1000000' 'CONNECT DATA 50010 DATA 50011' 'CONNECT EVIL 50010' \
	'CONNECT DATA 50010 MESG' 'CONNECT DATA 1 MESG 2 INDEX 3 STATE 4 CTL 5'; do
	malformed+=("$(reply "$text")")
done
replied 'malformed packets pass' 901 "${malformed[@]}"
until_ok 'they are counted' 20 stat_is amanda malformed ${#malformed[@]}
until_ok 'and logged when that is wanted' 20 \
	grep -q 'nf_ct_amanda: not helped: ' "$TMP/log.pcap"
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=0
replied 'other packets pass' 901 "$(reply 'CONNECT DATA 115546')" \
	"$(reply $'OPTIONS\\x0aCONNECT DATA 50010')" \
	"$(reply 'CONNECT DATA 50010' | sed 's/ REP / PREP /')" \
	"$(reply 'CONNECT DATA 50010' | sed 's/ REP / NAK /')" \
	"$(reply 'CONNECT DATA 50010' | sed 's/ REP / REQ /')"
ok 'and are not refused' stat_is amanda malformed ${#malformed[@]}
replied 'ports 0, 22 and 1023 pass' 901 "$(reply 'CONNECT DATA 0 MESG 22 INDEX 1023')"
until_ok 'they are counted' 20 stat_is amanda bad-port 3
n0 "$udp_send" --from 901 10.0.1.2 10080 "$(reply 'CONNECT DATA 50010')"
until_ok 'a reply from the wrong side is counted' 20 stat_is amanda wrong-side 1
asked 905 10.0.1.2 'Amanda 2.6 ACK HANDLE 000-0 SEQ 1\x0a'
replied 'a reply to no request passes' 905 "$(reply 'CONNECT DATA 50010')"
until_ok 'it is counted' 20 stat_is amanda wrong-side 2
text=$(reply 'CONNECT DATA 50010')
n1 "$udp_send" --source 10.0.1.2 --from 10080 --short 1 10.0.0.2 901 "$text"
n1 "$udp_send" --source 10.0.1.2 --from 10080 --fragments 16 --first 10.0.0.2 901 "$text"
ok 'none of them is expected' expects_are 0 50010
n1 "$udp_send" --source 10.0.1.2 --from 10080 --fragments 64 10.0.0.2 901 \
	"$(reply 'CONNECT DATA 50011')"
until_ok 'a whole reply in fragments is a reply' 20 expects_are 1 50011
cut=$(reply 'CONNECT DATA 50012 MESG 50013' | sed 's/\\x0aOPT.*//')
cuts=()
for ((n = 40; n < ${#cut}; n++)); do cuts+=("${cut:0:n}"); done
replies 901 "${cuts[@]}"
passed=$((passed + ${#cuts[@]} + 2)) # and the whole one, and the short one
until_ok 'a reply that ends early' 20 counter_is r 4 filter FORWARD 1 "$passed"
is 'opens nothing at any byte' "$(expects 50012)$(expects 5001)$(expects 501)" ''

say 'A flood of announcements'
asked 902
replied 'one reply, so that the conversation stays' 902 "$(reply 'CONNECT DATA 40002')"
asked 903
replied 'one of another connection' 903 "$(reply 'CONNECT DATA 40000')"
until_ok 'it is expected' 20 expects_are 1 40000
flood=()
for ((n = 41000; n < 41200; n += 2)); do flood+=("$(reply "CONNECT DATA $n MESG $((n + 1))")"); done
replied 'a hundred replies' 902 "${flood[@]}"
of_flood() {
	local got
	got=$(expects | grep -c ' dport=41')
	[[ $got == 4 ]] || { echo "$got expectations, wanted 4" && return 1; }
}
ok 'the connection has four expectations' of_flood
ok 'the newest ones' expects_are 1 41199
ok 'the other connection still has its own' expects_are 1 40000

say 'Nothing outlives the helper'
ok 'the helper can be unloaded' helper_unload amanda
is 'no expectation is left' "$(expects)" ''

say 'How long a conversation stays open after a reply'
parameter=/sys/module/nf_conntrack_amanda/parameters/master_timeout
open_for() { # PORT SECONDS: as many, or up to 90 less
	local left
	left=$(r conntrack -L -p udp --orig-port-src "$1" 2>/dev/null | awk '{ print $3 }')
	((left > $2 - 90 && left <= $2)) || { echo "$left seconds, wanted $2" && return 1; }
}
for bad in 0 86401 -1 x ''; do
	nok "master_timeout=$bad is refused" modprobe nf_conntrack_amanda "master_timeout=$bad"
done
like 'the reason is in the log' "$(klog)" 'master_timeout=0: must be 1 to 86400'
ok 'loaded without it, and with ts_algo' helper_load amanda ts_algo=bm
nok 'a write of 0 is refused' "$BASH" -c 'echo 0 >"$1"' -- "$parameter"
is 'it is 300' "$(<"$parameter")" 300
asked 906
replied 'a reply' 906 "$(reply 'OPTIONS y')"
ok 'the conversation is open for 300 seconds' open_for 906 300
ok 'master_timeout=1000' helper_load amanda master_timeout=1000
asked 907
replied 'a reply' 907 "$(reply 'OPTIONS y')"
ok '1000 seconds' open_for 907 1000
ok 'root can change it' "$BASH" -c 'echo 2000 >"$1"' -- "$parameter"
replied 'another reply' 907 "$(reply 'OPTIONS y')"
ok '2000 seconds' open_for 907 2000
ok 'without the module' modprobe -r nf_conntrack_amanda
order() { r "$BASH" -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }
ok 'the namespace attaches the helper' order +udp:10080=amanda
asked 908
replied 'a reply' 908 "$(reply 'OPTIONS y')"
ok '300 seconds again' open_for 908 300
ok 'it is detached' order -udp:10080
ok 'the helper is as it was' helper_load amanda
done_testing
