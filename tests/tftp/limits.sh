#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The TFTP helper counts what it does in each namespace, bounds its expectations, and never drops a
# packet.
#
#	n0 (clients) -- r (the helper) -- n2 (counts what arrives)
#
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"
rrq='\0\1f\0octet\0'

topology
initial_namespace
ok 'the helper is loaded' helper_load tftp
for family in ipt ip6t; do
	"$family" r -A FORWARD -m conntrack --ctstate NEW
	"$family" n2 -A INPUT -p udp --dport 69
done
stats() { _quiet=1 "$1" sed -n 's/^tftp //p' /proc/net/nf_autohelper_stats; }
# NS CONNECTIONS ANNOUNCEMENTS EXPECTATIONS EVICTED MALFORMED NOT-EXPECTED; nothing else was refused
stats_are() {
	[[ $(stats "$1") == "${*:2} 0 0 0 0" ]] ||
		{ echo "wanted ${*:2}, got $(stats "$1")" && return 1; }
}

say 'Counts'
is 'before the first packet there are none' "$(stats r)" ''
like 'the file names them' "$(r cat /proc/net/nf_autohelper_stats)" '^# helper connections announcements expectations evicted malformed not-expected wrong-side foreign bad-port split$'
n0 "$udp_send" --from 5000 10.0.2.2 69 "$rrq" "$rrq" '\0\4\0\1' '\0\9'
n0 "$udp_send" --from 5001 fd00:0:0:2::2 69 "$rrq" 'x'
until_ok 'two connections, three requests, two malformed packets' 20 stats_are r 2 3 3 0 2 0
is 'another namespace has counted nothing' "$(stats n2)$(stats initial)" ''

say 'A helper never drops a packet'
max=$(initial cat /proc/sys/net/netfilter/nf_conntrack_expect_max)
initial bash -c 'echo 1 >/proc/sys/net/netfilter/nf_conntrack_expect_max'
until_ok 'no request has another expectation' 40 eval \
	'n0 "$udp_send" --from 5002 10.0.2.2 69 "$rrq"; (($(stats r | cut -d" " -f 6) > 0))'
refused=$(stats r | cut -d' ' -f 6)
before=$(counter n2 4 filter INPUT 1)
n0 "$udp_send" --from 5003 10.0.2.2 69 "$rrq"
until_ok 'the request that is not expected arrives' 20 counter_is n2 4 filter INPUT 1 \
	$((before + 1))
is 'and is counted' "$(stats r | cut -d' ' -f 6)" $((refused + 1))
initial bash -c 'echo "$1" >/proc/sys/net/netfilter/nf_conntrack_expect_max' -- "$max"

say 'One helper has at most half of the expectations'
limit=$(($(</proc/sys/net/netfilter/nf_conntrack_buckets) / 128))
((limit <= 512)) || limit=512
flood() { # N: requests from as many ports
	n0 perl -MSocket=:all -e '
		for my $n (1 .. $ARGV[0]) {
			socket my $s, AF_INET, SOCK_DGRAM, 0 or die $!;
			bind $s, pack_sockaddr_in(20000 + $n, INADDR_ANY) or die $!;
			my $to = pack_sockaddr_in(69, inet_aton("10.0.2.2"));
			send $s, "\0\1f\0octet\0", 0, $to or die $!;
		}' "$1"
}
at_most() { # N: expectations in r, now
	local got
	got=$(_quiet=1 r grep -c 'src=10.0.2.2 dst=10.0.0.2' /proc/net/nf_conntrack_expect)
	((got <= $1)) || { echo "$got expectations, at most $1 wanted" && return 1; }
}
evicted() {
	local n
	n=$(stats r | cut -d' ' -f 4)
	((n >= $1)) || { echo "$n evicted" && return 1; }
}
for host in {11..17}; do
	n0 ip addr add "10.0.0.$host/24" dev e0
done
n0 ip addr add fd00:0:0:9::2/64 dev e0 nodad
others_are() { # LEAST: expectations of eight hosts that announce before a flood
	local got
	got=$(_quiet=1 r grep -c 'dst=10.0.0.1[1-7] \|dst=fd00:0000:0000:0009:' \
		/proc/net/nf_conntrack_expect)
	((got >= $1)) || { echo "$got expectations" && return 1; }
}
for host in {11..17}; do
	n0 "$udp_send" --source "10.0.0.$host" --from 5020 10.0.2.2 69 "$rrq"
done
n0 "$udp_send" --source fd00:0:0:9::2 --from 5020 fd00:0:0:2::2 69 "$rrq"
until_ok 'eight hosts announce a port each' 20 others_are 8
ok 'a flood of requests' flood $((limit + 20))
until_ok 'the oldest are evicted' 20 evicted 20
# A host can have the hash of the one with the most: three of eight once in 300,000 runs.
ok 'and not those of the other hosts' others_are 6
ok "at most $limit are there" at_most "$limit"
n0 "$udp_send" --from 5004 10.0.2.2 69 "$rrq"
until_ok 'a new request is expected all the same' 20 expects_are 1 5004
# An answer to port 5004 could be that of both servers.
evicted=$(stats r | cut -d' ' -f 4) refused=$(stats r | cut -d' ' -f 6)
refused_are() { [[ $(stats r | cut -d' ' -f 6) == "$1" ]]; }
ok 'the helper is attached to a second port' r bash -c 'echo +udp:70=tftp >/proc/net/nf_autohelper'
n0 "$udp_send" --from 5004 10.0.2.2 70 "$rrq"
until_ok 'a request that is expected for a different connection is refused' 20 \
	refused_are $((refused + 1))
is 'and evicts nothing' "$(stats r | cut -d' ' -f 4)" "$evicted"
ok 'the second port loses the helper' r bash -c 'echo -udp:70 >/proc/net/nf_autohelper'

say 'Without the NAT half'
ok 'it can be unloaded alone' rmmod nf_nat_tftp
ipt r -t nat -A POSTROUTING -o r2 -j MASQUERADE
refused=$(stats r | cut -d' ' -f 6)
n0 "$udp_send" --from 5010 10.0.2.2 69 "$rrq"
until_ok 'a request that NAT changes is counted' 20 refused_are $((refused + 1))
is 'and not expected' "$(_quiet=1 r grep -c 'dst=10.0.2.1 ' /proc/net/nf_conntrack_expect)" 0

say 'Statistics end with the helper'
ok 'unload' helper_unload tftp
is 'there are none' "$(stats r)" ''
is 'no expectation is left' "$(expects)" ''
ok 'as it was' helper_load tftp
done_testing
