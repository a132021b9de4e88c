#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# CTEVENT chooses connections for a channel: all of their events, one, or those of a part of the
# connections. Two channels, both families, NAT tables, rules that are replaced.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1
# deadline: 600
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
for iptables in ipt ip6t; do
	"$iptables" n1 -A INPUT -p udp -j DROP
done
ipt r -t mangle -A FORWARD -p udp --dport 7000 -j CTEVENT --channel a
# longer than the scenario takes on an emulated CPU
r sysctl -q -w net.netfilter.nf_conntrack_udp_timeout=900
ipt r -t mangle -A FORWARD -p udp --dport 7001 -j CTEVENT --channel b
ipt r -t mangle -A FORWARD -p udp --dport 7001 -j CTEVENT --channel a
ip6t r -t filter -A FORWARD -p udp --dport 7002 -j CTEVENT --channel b
ipt r -t mangle -A FORWARD -p udp --dport 7003 -j CTEVENT --channel b --once
ipt r -t nat -A POSTROUTING -p udp --dport 7004 -j CTEVENT --channel b
ipt r -t mangle -A FORWARD -p udp --dport 2000:3999 -j CTEVENT --channel sample --sample 1/4
ipt r -t mangle -A FORWARD -p udp --dport 7005 -j CTEVENT
events() { # NAME WANT: its events, as KIND/PORT
	local got
	got=$(sed -E 's/^[^ ]+ [^ ]+ ([a-z,]+) .* dport=([0-9]+) \[UNREP.*/\1\/\2/' "$TMP/$1.out" |
		xargs)
	[[ $got == "$2" ]] || { echo "$got" && return 1; }
}

say 'Without a listener nothing is chosen.'
udp 10.0.1.2 7000
watch_in A channel a
watch_in B channel b
watch_in NONE channel ''
watch_in ALL for new
is 'an old connection ends' "$(r "$tool" delete proto udp)" 1

say 'Channels.'
for port in 7000 7001 7003 7004 7005 7006; do
	udp 10.0.1.2 $port
done
udp fd00:0:0:1::2 7002
until_ok 'a listener without a channel sees all' 30 events ALL \
	'new/7000 new/7001 new/7003 new/7004 new/7005 new/7006 new/7002'
is 'all end' "$(r "$tool" delete proto udp dport 7000)$(r "$tool" delete proto udp)" 16
until_ok 'the channel a' 30 events A 'new/7000 destroy/7000'
until_ok 'the channel without a name' 30 events NONE 'new/7005 destroy/7005'
of_b='7001 destroy 7001 new 7002 destroy 7002 new 7003 new 7004 destroy 7004 new'
is_of_b() {
	[[ $(sed -E 's/.* (new|destroy) .* dport=([0-9]+) \[UNREP.*/\2 \1/' "$TMP/B.out" | sort |
		xargs) == "$of_b" ]]
}
until_ok 'the channel b has the end of all but --once' 30 is_of_b

say 'A rule is replaced: the channel stays.'
ipt r -t mangle -R FORWARD 1 -p udp --dport 7007 -j CTEVENT --channel a
udp 10.0.1.2 7007
until_ok 'the same listener sees it' 30 events A 'new/7000 destroy/7000 new/7007'

ok 'the channel b has got nothing more' is_of_b

say 'A once that waits for its reader.'
ipt r -t mangle -A FORWARD -p udp --dport 7008 -j CTEVENT --channel c --once
watch_in ENDS for destroy channel c
udp 10.0.1.2 7008
is 'it ends' "$(r "$tool" delete proto udp dport 7008)" 1
until_ok 'its end is the event, since nothing else is read there' 30 events ENDS 'destroy/7008'
kill "$ENDS"

say 'A sample: whole connections.'
watch_in SAMPLE channel sample
flood n0 10.0.1.2 2000 1000
all_there() { [[ $(r "$tool" count proto udp dport 2000-2999) == 1000 ]]; }
until_ok '1000 connections' 30 all_there
is 'all end' "$(r "$tool" delete proto udp dport 2000-2999)" 1000
both() { # each port is there twice
	[[ -s $TMP/SAMPLE.out && ! $(sed 's/.* dport=\([0-9]*\) \[.*/\1/' "$TMP/SAMPLE.out" | sort |
		uniq -c | awk '$1 != 2') ]]
}
until_ok 'each has its beginning and its end' 30 both
like 'about a fourth' "$(grep -c ' new ' "$TMP/SAMPLE.out")" '^(1[89][0-9]|2[0-9][0-9]|30[0-9])$'
for job in A B NONE ALL SAMPLE; do
	ok "$job watched all the time" kill "${!job}"
done
done_testing
