#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct watch prints events of connections that began before it: changes and their end, once each. The
# connections are freed afterwards. Both modules are loaded and unloaded in each order, and programs
# that read events of each end in each order.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1
# deadline: 900
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
watched_topology

say 'Connections begin, and nobody watches.'
ok 'the kernel makes events only for its listeners' events_for_listeners
bg SERVER n1 perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 80,
	Listen => 5, ReuseAddr => 1) or die; while (my $c = $s->accept) { <$c> }'
mkfifo "$TMP/hold"
# shellcheck disable=SC2016 # bash
bg CLIENT n0 bash -c '
	until exec 3<>/dev/tcp/10.0.1.2/80; do sleep 0.1; done 2>/dev/null # sleep: a retry
	read -r <"$0"; echo end >&3' "$TMP/hold"
established() { [[ $(r "$tool" count proto tcp state ESTABLISHED status assured) == 1 ]]; }
until_ok 'a connection of TCP' 30 established
for port in 7000 7001 7002; do
	udp 10.0.1.2 $port
done
udp fd00:0:0:1::2 7003
is 'and four of UDP' "$(r "$tool" count proto udp)" 4

say 'Programs watch.'
watch_in ALL
watch_in SOME for destroy proto udp dport 7001
watch_in CHANNEL channel a
is 'a mark is set' "$(r "$tool" set mark 7 for proto udp dport 7000)" 1
until_ok 'the mark' 30 has ALL ' mark udp .* dport=7000 .*mark=7'
ok 'an answer and more, by ct' r "$tool" -U -p udp --orig-port-dst 7002 -u SEEN_REPLY,ASSURED
until_ok 'they are seen' 30 has ALL ' reply,assured udp .* dport=7002 '
: >"$TMP/hold"
until_ok 'the last state of TCP' 60 has ALL ' state tcp .* TIME_WAIT .*\[ASSURED\]'
is 'one ends' "$(r "$tool" delete proto udp dport 7000)" 1
until_ok 'it is seen, with its counters' 30 has ALL \
	' destroy udp .* dport=7000 packets=[12] bytes=[0-9]+ .*mark=7'
is 'more end' "$(r "$tool" delete proto udp)" 3
until_ok 'they are seen' 30 counts ALL ' destroy udp ' 4
until_ok 'a filter selects one' 30 counts SOME ' destroy udp .* dport=7001 ' 1
ok 'and no other' counts SOME . 1
ok 'a channel has none of them' counts CHANNEL . 0
udp 10.0.1.2 7010
until_ok 'a new connection' 30 has ALL ' new udp .* dport=7010 '
is 'which ends' "$(r "$tool" delete proto udp)" 1
until_ok 'is seen once' 30 counts ALL ' destroy udp .* dport=7010 ' 1
is 'the end of TCP' "$(r "$tool" delete proto tcp)" 1
until_ok 'is seen' 30 counts ALL ' destroy tcp ' 1
all_freed() { [[ $(r sysctl -n net.netfilter.nf_conntrack_count) == 0 ]]; }
until_ok 'nothing holds them' 30 all_freed

say 'The first program ends, a second one stays.'
kill "$ALL" "$SOME" "$CHANNEL"
for job in ALL SOME CHANNEL; do
	until_ok "$job is gone" 30 gone "${!job}"
done
udp 10.0.1.2 7020
watch_in EARLY for destroy
watch_in NEXT for destroy
kill "$EARLY"
until_ok 'the first one is gone' 30 gone "$EARLY"
is 'an older connection ends' "$(r "$tool" delete proto udp)" 1
until_ok 'the second one sees it once' 30 counts NEXT ' destroy udp .* dport=7020 ' 1
kill "$NEXT"

say 'Events of all connections.'
r sysctl -q -w net.netfilter.nf_conntrack_events=1
udp 10.0.1.2 7030
watch_in EACH for destroy
is 'a connection ends' "$(r "$tool" delete proto udp)" 1
until_ok 'it is seen' 30 counts EACH ' destroy udp .* dport=7030 ' 1
udp 10.0.1.2 7031
r "$tool" delete proto udp >/dev/null
until_ok 'and a later one' 30 counts EACH ' destroy udp .* dport=7031 ' 1
ok 'the first one was seen once' counts EACH ' destroy udp .* dport=7030 ' 1
kill "$EACH"
events_for_listeners

say 'Each order of loading and unloading, with older connections.'
modules=(nf_ctnetlink_events xt_CTEVENT)
port=7100
for first in ours theirs; do
	for last in ours theirs module; do
		rmmod xt_CTEVENT nf_ctnetlink_events 2>/dev/null
		rmmod nf_conntrack_netlink 2>/dev/null
		udp 10.0.1.2 $((++port))
		if [[ $first == ours ]]; then
			modprobe -a "${modules[@]}" && modprobe nf_conntrack_netlink
			watch_in OURS
			bg THEIRS r conntrack -E -p udp
		else
			modprobe nf_conntrack_netlink && modprobe -a "${modules[@]}"
			bg THEIRS r conntrack -E -p udp
			watch_in OURS
		fi
		udp 10.0.1.2 $((++port))
		until_ok "$first first: a new connection" 30 has OURS " new udp .* dport=$port "
		case $last in
		ours) kill "$THEIRS"; until_ok 'theirs ends first' 30 gone "$THEIRS" ;;
		theirs) kill "$OURS"; until_ok 'ours ends first' 30 gone "$OURS" ;;
		module)
			kill "$THEIRS"
			until_ok 'theirs ends' 30 gone "$THEIRS"
			ok 'its module is unloaded under ours' rmmod nf_conntrack_netlink
			until_ok 'ours prints it' 30 has OURS 'nf_conntrack_netlink was unloaded'
			;;
		esac
		r "$tool" delete proto udp >/dev/null
		[[ $last != ours ]] || until_ok 'the end of the older one' 30 \
			has OURS " destroy udp .* dport=$((port - 1)) "
		kill "$OURS" "$THEIRS" 2>/dev/null
		until_ok 'both are gone' 30 gone "$OURS"
		until_ok 'nothing holds connections' 30 all_freed
	done
done
modprobe -a "${modules[@]}" nf_conntrack_netlink

say 'A namespace ends while a program watches its older connections.'
ip netns add end
ip -n end link set lo up
ip netns exec end iptables-nft -A OUTPUT -m conntrack --ctstate NEW
ip netns exec end ping -n -q -c 1 127.0.0.1
bg END ip netns exec end "$tool" watch
until_ok 'it watches' 30 watching "$END"
ip netns del end
kill "$END"
until_ok 'it ends' 30 gone "$END"
ok 'the module is unloaded' rmmod xt_CTEVENT nf_ctnetlink_events
ok 'and loaded' modprobe -a xt_CTEVENT nf_ctnetlink_events
done_testing
