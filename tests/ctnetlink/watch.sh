#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct watch prints the events of connections: all kinds, selected by kind and filter, for several
# programs; those that a program does not read are counted. Who may watch, and the end of programs
# and of nf_conntrack_netlink.
# inputs: tests/ctnetlink/table.lib tests/ctnetlink/watcher.pl
#
#	n0 ---- r ---- n1
# deadline: 900
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
watched_topology

say 'Events of all kinds.'
watch_in ALL
watch_in SOME for new,destroy proto udp dport 7000-7001
watch_in JSON --json for new,mark,destroy proto udp
bg SERVER n1 perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 80,
	Listen => 5, ReuseAddr => 1) or die; while (my $c = $s->accept) { print $c "hello\n" }'
connects() { [[ $(n0 bash -c 'exec 3<>/dev/tcp/10.0.1.2/80 && cat <&3') == hello ]]; }
until_ok 'a connection of TCP' 30 connects
until_ok 'new' 30 has ALL '^[0-9-]+ [0-9:.]+ new(,state)? tcp .* SYN_SENT '
until_ok 'its answer' 30 has ALL ' reply(,[a-z]+)* tcp .* SYN_RECV '
until_ok 'it is established' 30 has ALL ' assured,state tcp .* ESTABLISHED .*\[ASSURED\]'
until_ok 'the last state' 30 has ALL ' state tcp .* TIME_WAIT '
udp 10.0.1.2 7000
udp fd00:0:0:1::2 7001
udp 10.0.1.2 7002
until_ok 'a filter selects one of each family' 30 counts SOME ' new udp ' 2
is 'a mark is set' "$(r "$tool" set mark 7 for proto udp dport 7000)" 1
is 'and all end' "$(r "$tool" delete proto udp)" 3
until_ok 'the filter selects two, with counters' 30 counts SOME ' destroy udp .* packets=[12] ' 2
until_ok 'without a filter there are three' 30 counts ALL ' destroy udp ' 3
ok 'nothing else was selected' counts SOME 'dport=7002' 0
until_ok 'JSON has three, too' 30 counts JSON '"events":\["destroy"\]' 3
is 'JSON: a connection' "$(jq -r 'select(.connection.original.dport == 7001) |
	.events[0] + " " + .connection.original.dst' "$TMP/JSON.out")" \
	$'new fd00:0:0:1::2\ndestroy fd00:0:0:1::2'
like 'JSON: the time' "$(($(date +%s) - $(jq -s '.[0].time | floor' "$TMP/JSON.out")))" \
	'^[0-9]{1,3}$'
for job in ALL SOME JSON; do
	ok "$job watched all the time" kill "${!job}"
done

say 'A program that does not read.'
bg SLOW r perl "${0%/*}/watcher.pl" "$TMP/read" 64
until_ok 'it watches' 30 has SLOW watching
flood n0 10.0.1.2 1000 600
all_there() { [[ $(r "$tool" count proto udp dport 1000-1599) == 600 ]]; }
until_ok '600 connections, and no packet waited' 30 all_there
: >"$TMP/read"
port=8000
all_known() { # a later event tells what was lost before it, on its CPU
	tail -n 1 "$TMP/SLOW.out" | awk -v all=$((port - 8000 + 600)) \
		'{ print; exit !($2 + $4 == all && $4) }' && return
	((port == 8050)) || udp 10.0.1.2 $((port++))
	return 1
}
until_ok 'it reads some, and how many were lost: all of them' 60 all_known
like 'no more than the memory holds' "$(awk 'NR == 2 { print $2 }' "$TMP/SLOW.out")" \
	'^(6[4-9]|[7-9][0-9]|1[0-2][0-9])$'
kill "$SLOW"

say 'Who may watch.'
like 'no user' "$(r setpriv --reuid 65534 --clear-groups "$tool" watch -n 1 2>&1)" \
	'^ct: /proc/net/nf_ctnetlink_events: .*root'
# shellcheck disable=SC2016 # bash
bg OWN unshare --user --map-root-user --net bash -c 'ip link set lo up
	iptables-nft -A OUTPUT -m conntrack --ctstate NEW
	"$0" watch -n 1 for new &
	while kill -0 $! && ! readlink /proc/$!/fd/* | grep -q nf_ctnetlink_events; do :; done
	for ((i = 0; i < 9; i++)); do ping -n -q -c 1 127.0.0.1 >/dev/null; done; wait' "$tool"
until_ok 'root of a namespace sees what is in it' 30 has OWN ' new icmp .*src=127\.0\.0\.1 '
for ((i = 0; i < 16; i++)); do
	watch_in "W$i" for destroy
done
like 'the 17th is refused' "$(r "$tool" watch -n 1 2>&1)" '^ct: 16 programs watch'
is 'it is a limit of the namespace' "$(n0 timeout 2 "$tool" watch -n 1 2>&1)" ''
for ((i = 0; i < 16; i++)); do
	job=W$i
	kill "${!job}"
done

say 'The kernel takes its notifier away, under traffic.'
r sysctl -q -w net.netfilter.nf_conntrack_udp_timeout=10
# shellcheck disable=SC2016 # perl
bg TRAFFIC n0 perl -MSocket -e 'until (-e $ARGV[0]) {
	socket my $s, PF_INET, SOCK_DGRAM, 17 or die;
	send $s, "x", 0, sockaddr_in(9000, inet_aton("10.0.1.2")) or die;
	select undef, undef, undef, 0.02 }' "$TMP/end"
bg THEIRS r conntrack -E -e NEW -p udp --dport 9000
watch_in LAST for new
until_ok 'conntrack -E sees its events, too' 30 has THEIRS 'NEW.* dport=9000 '
ok 'it ends' kill "$THEIRS"
until_ok 'and is gone' 30 gone "$THEIRS"
nok 'nf_ctnetlink_events is in use' rmmod nf_ctnetlink_events
udp 10.0.1.2 8900
until_ok 'an event' 30 has LAST ' new udp .*dport=8900 '
ok 'nf_conntrack_netlink is unloaded' rmmod nf_conntrack_netlink
until_ok 'ct prints it' 30 has LAST 'nf_conntrack_netlink was unloaded'
nok 'and has failed' wait "$LAST"
watch_in NEXT -n 1 for new proto udp dport 8901
udp 10.0.1.2 8901
until_ok 'the next one has loaded it again' 30 has NEXT ' dport=8901 '

say 'Programs of two network namespaces end.'
ipt n0 -A OUTPUT -m conntrack --ctstate NEW
watch_in HERE for new
bg THERE n0 "$tool" watch for new proto udp dport 8951
until_ok 'THERE watches' 30 watching "$THERE"
kill "$HERE"
until_ok 'the first one has ended' 30 gone "$HERE"
udp 10.0.1.2 8951
until_ok 'the second one sees events' 30 has THERE ' new udp .*dport=8951 '
kill "$THERE"
until_ok 'it has ended, too' 30 gone "$THERE"
bg AFTER r conntrack -E -e NEW -p udp --dport 8952
sees() { udp 10.0.1.2 8952 && has AFTER 'NEW.* dport=8952 '; }
until_ok 'conntrack -E sees events afterwards' 30 sees
kill "$AFTER"

say 'Programs come and go under traffic.'
for ((i = 0; i < 10; i++)); do
	is "round $i" "$(r timeout 60 "$tool" watch -n 20 for new | wc -l)" 20
done
ok 'the module is unloaded' rmmod xt_CTEVENT nf_ctnetlink_events
ok 'and loaded' modprobe -a xt_CTEVENT nf_ctnetlink_events
: >"$TMP/end"
done_testing
