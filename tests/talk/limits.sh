#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Limits of the talk helpers: a flood of announcements, hosts that call each other by turns, hosts
# that share an address. And the other protocols: talk and version 2 of ntalk, with the parameters
# that leave one of them out.
#
#	n0 (caller) -- r (filter, NAT) -- n1 (callee), n2 (caller)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=talk.lib
. "${0%/*}/talk.lib"

topology
ok 'the helpers are loaded' helper_load talk
ok 'the filter' talk_filter

say 'A flood of announcements'
r conntrack -F
announces 920 5000
answers 'one call is accepted' 920 "$yes"
until_ok 'its port is reserved' 20 expects_are 1 5000
flood=()
text=$(request 3 10.0.0.2 7000 10.0.0.2 921)
for ((n = 0; n < 100; n++)); do
	printf -v port '\\x1b\\x%02x' $((88 + n))
	flood+=("${text/\\x1b\\x58/$port}")
done
asks 921 "${flood[@]}"
ok 'without an answer, they reserve nothing' expects_are 2
for ((n = 7000; n < 7006; n++)); do
	announces 921 $n
	answers "call $n is accepted" 921 "$yes"
done
until_ok 'the newest port is reserved' 20 expects_are 1 7005
is 'the connection has four ports' "$(expects | grep -c ' dport=700')" 4
ok 'the other connection has its own' expects_are 1 5000

say 'Two hosts that call each other by turns'
r conntrack -F
before=$(helper_stats ntalk not-expected)
calls() { # NS FROM ADDRESS NS ADDRESS: it is accepted
	"$1" "$udp_send" --from "$2" "$5" 518 "$(request 3 "$3" $((5000 + $2)) "$3" "$2")"
	"$4" "$udp_send" --from 518 "$3" "$2" "$yes"
}
expects_from() { expects 518 | grep -qF " src=$1 "; }
calls n0 950 10.0.0.2 n1 10.0.1.2
until_ok 'one is expected' 20 expects_from 10.0.1.2
calls n1 951 10.0.1.2 n0 10.0.0.2
until_ok 'the other one is expected' 20 expects_from 10.0.0.2
calls n0 952 10.0.0.2 n1 10.0.1.2
until_ok 'nothing was refused' 20 expects_are 1 5952
calls n1 953 10.0.1.2 n0 10.0.0.2
until_ok 'the fourth call in turn opens nothing' 20 stat_is ntalk not-expected $((before + 1))

say 'Two hosts behind one address'
r conntrack -F
ipt r -A FORWARD -i r2 -p udp --dport 518 -j ACCEPT
ipt r -t nat -A POSTROUTING -o r1 -j SNAT --to-source 10.0.1.1
before=$(helper_stats ntalk not-expected)
announces 960 5000
n1 "$udp_send" --from 518 10.0.1.1 960 "$yes"
until_ok 'one waits for an answer' 20 expects_are 2
n2 "$udp_send" --from 961 10.0.1.2 518 "$(request 3 10.0.2.2 5000 10.0.2.2 961)"
n1 "$udp_send" --from 518 10.0.1.1 961 "$yes"
until_ok 'the other one is refused' 20 stat_is ntalk not-expected $((before + 1))
ok 'the first one still waits' expects_are 2
ok 'without its NAT half' modprobe -r nf_nat_talk
ok 'nothing is expected' expects_are 0
announces 960 5000
until_ok 'nor announced' 20 stat_is ntalk not-expected $((before + 2))
ok 'the NAT half is back' modprobe nf_nat_talk
ipt r -t nat -F

say 'Messages of talk, port 517, and of ntalk, version 2'
r conntrack -F
asks_old() { n0 "$udp_send" --from 930 10.0.1.2 517 "$(old_request 3 10.0.0.2 5000 10.0.0.2 930)"; }
asks_old
n1 "$udp_send" --from 517 10.0.0.2 930 "$(old_response 3 0 0.0.0.0 0)"
until_ok 'talk: a port is reserved' 20 expects_are 1 5000
until_ok 'the callee may ask the daemon' 20 expects_are 1 517
n1 "$udp_send" --from 4005 10.0.0.2 517 "$(old_request 1 10.0.1.2 0 10.0.1.2 4005)"
n0 "$udp_send" --from 517 10.0.1.2 4005 "$(old_response 1 0 10.0.0.2 5000)"
until_ok 'the port is open' 20 is_open 5000
ok 'the callee connects' connects n1 5000
r conntrack -F
yes2=$(response 3 0 0.0.0.0 0 2)
asks 931 "$(request 3 10.0.0.2 5001 10.0.0.2 931 2 7)"
n1 "$udp_send" --from 518 10.0.0.2 931 "$yes2"
until_ok 'version 2: a port is reserved' 20 expects_are 1 5001
until_ok 'the callee may ask the daemon' 20 expects_are 1 518
ok 'the helpers can be unloaded' helper_unload talk
is 'no expectation is left' "$(expects)" ''

say 'Parameters'
nok 'nothing to help is refused' modprobe nf_conntrack_talk talk=0 ntalk=0 ntalk2=0
like 'the reason is in the log' "$(klog)" 'talk=0 ntalk=0 ntalk2=0: nothing is left to help'
both_versions() { # FROM
	announces "$1" 5001
	n1 "$udp_send" --from 518 10.0.0.2 "$1" "$yes"
	asks "$(($1 + 1))" "$(request 3 10.0.0.2 5002 10.0.0.2 "$(($1 + 1))" 2)"
	n1 "$udp_send" --from 518 10.0.0.2 "$(($1 + 1))" "$yes2"
}
ok 'without version 1' helper_load talk ntalk=0
both_versions 940
until_ok 'version 2 is helped' 20 expects_are 1 5002
ok 'version 1 is not' expects_are 0 5001
ok 'without version 2, and without talk' helper_load talk ntalk2=0 talk=0
r conntrack -F
asks_old
n1 "$udp_send" --from 517 10.0.0.2 930 "$(old_response 3 0 0.0.0.0 0)"
both_versions 942
until_ok 'version 1 is helped' 20 expects_are 1 5001
ok 'version 2 is not' expects_are 0 5002
ok 'nor is talk' expects_are 0 5000
ok 'the helpers are as they were' helper_load talk
done_testing
