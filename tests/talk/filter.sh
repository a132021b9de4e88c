#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the talk helpers open in a packet filter, exactly: the daemon of a caller to the host that he
# calls, and the TCP port that he has announced to that host, once his daemon repeats it.
# Nothing for anything else. They count what they refuse and drop no packet.
#
#	n0 (caller) -- r (filter: only requests of n0, and what is related) -- n1 (callee), n2
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=talk.lib
. "${0%/*}/talk.lib"

topology
ok 'the helpers are loaded' helper_load talk
ok 'the filter' talk_filter

say 'One call'
announces 900 5000
until_ok 'the call arrives' 20 counter_is r 4 filter FORWARD 5 1
ok 'nothing is expected' expects_are 0
answers 'the call is accepted' 900 "$yes"
until_ok 'a port is reserved' 20 expects_are 1 5000
like 'and not open, from callee to caller' "$(expects 5000)" \
	'^[1-6]?[0-9] .* proto=6 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=0 dport=5000 INACTIVE .*ntalk'
nok 'the callee cannot connect yet' connects n1 5000
until_ok 'the callee may ask the daemon' 20 expects_are 1 518
like 'more than once' "$(expects 518)" \
	' proto=17 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=0 dport=518 PERMANENT .*ntalk'
nok 'the port is not open' is_open 5000
looks_up 4000
until_ok 'the callee asks' 20 counter_is r 4 filter FORWARD 2 1
tells 'it answers with the port' 4000 "$(response 1 0 10.0.0.2 5000)"
until_ok 'now it is open' 20 is_open 5000
announces 900 5000
answers 'the call is repeated' 900 "$yes"
ok 'that leaves it open' is_open 5000
nok 'not to another host' connects n2 5000
nok 'not a different port' connects n1 5001
ok 'the callee connects' connects n1 5000
nok 'and not a second time' connects n1 5000
looks_up 4001
until_ok 'he may ask again' 20 counter_is r 4 filter FORWARD 2 2
n2 "$udp_send" --from 4001 10.0.0.2 518 "$(request 1 10.0.2.2 0 10.0.2.2 4001)"
announces 900 5001
answers 'a call from a new port is accepted' 900 "$yes"
until_ok 'that port is reserved' 20 expects_are 1 5001
asks 900 "$(request 2 10.0.0.2 5001 10.0.0.2 900)"
until_ok 'the caller hangs up: it is not' 20 expects_are 0 5001
answers 'a late answer passes' 900 "$yes"
ok 'only the way to the daemon stays' expects_are 1
is 'no other host has asked' "$(counter r 4 filter FORWARD 2)" 2

say 'Two users of one host call the same host'
announces 901 5000
answers 'one is accepted' 901 "$yes"
announces 902 5001
answers 'the other one too' 902 "$yes"
until_ok 'two ports and one daemon' 20 expects_are 3
looks_up 4002
tells 'the first port is the answer' 4002 "$(response 1 0 10.0.0.2 5000)"
looks_up 4003
tells 'the second port is the answer' 4003 "$(response 1 0 10.0.0.2 5001)"
for port in 5000 5001; do
	until_ok "$port is open" 20 is_open $port
	ok 'the callee connects' connects n1 $port
done

say 'A daemon repeats ports that another host has sent to it'
refused=$(helper_stats ntalk wrong-side)
announces 904 5004 10.0.2.2
n2 "$udp_send" --from 518 10.0.0.2 904 "$yes"
until_ok 'a port is announced to another host' 20 expects_are 1 5004
looks_up 4004
tells 'ports that were not announced to the callee' 4004 "$(response 1 0 10.0.0.2 6000)" \
	"$(response 1 0 10.0.0.2 5004)" "$(response 1 0 10.0.0.2 0)"
until_ok 'are refused' 20 stat_is ntalk wrong-side $((refused + 3))
foreign=$(helper_stats ntalk foreign)
tells 'another address' 4004 "$(response 1 0 10.0.2.2 5004)"
until_ok 'is refused' 20 stat_is ntalk foreign $((foreign + 1))
nok 'the callee cannot connect' connects n1 6000
nok 'the port of the other call is not open' is_open 5004
r conntrack -F

say 'What opens nothing'
modprobe nfnetlink_log
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=17 net.netfilter.nf_log.2=nfnetlink_log
bg log r tcpdump --immediate-mode -i nflog:0 -c 1 -w "$TMP/log.pcap"
until_ok 'the log is read' 20 grep -q listening "$TMP/log.out"
sound=$(request 3 10.0.0.2 5000 10.0.0.2 910)
malformed=('' x "${sound:0:-2}" "$sound\\0" "$(request 3 10.0.0.2 5000 10.0.0.2 910 0)"
	"$(request 3 10.0.0.2 5000 10.0.0.2 910 3)" "$(request 4 10.0.0.2 5000 10.0.0.2 910)"
	"$(request 3 10.0.0.2 5000 10.0.0.2 910 2 5)\\0" "$(response 1 9 10.0.0.2 5000)" '\0*1400')
before=$(helper_stats ntalk malformed)
asks 910 "${malformed[@]}" "${sound/x00\\x02/x02\\x00}"
before=$((before + 1))
until_ok 'malformed requests and another family are counted' 20 \
	stat_is ntalk malformed $((before + ${#malformed[@]}))
until_ok 'and logged when that is wanted' 20 \
	grep -q 'nf_ct_ntalk: not helped: ' "$TMP/log.pcap"
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=0
answers 'malformed responses pass' 910 "${malformed[@]}"
until_ok 'and are counted' 20 stat_is ntalk malformed $((before + 2 * ${#malformed[@]}))
before=$(helper_stats ntalk foreign)
asks 910 "$(request 3 10.0.2.2 5000 10.0.0.2 910)" "$(request 3 10.0.0.2 5000 10.0.2.2 910)" \
	"$(request 3 10.0.0.2 5000 10.0.0.2 911)" "$(request 3 10.0.1.2 5000 10.0.0.2 910)"
until_ok 'addresses and a port that are not the own ones' 20 stat_is ntalk foreign $((before + 4))
asks 910 "$(request 3 10.0.0.2 0 10.0.0.2 910)" "$(request 3 10.0.0.2 22 10.0.0.2 910)" \
	"$(request 3 10.0.0.2 1023 10.0.0.2 910)"
until_ok 'privileged ports' 20 stat_is ntalk bad-port 3
before=$(helper_stats ntalk wrong-side)
asks 910 "$yes" "$(response 1 0 10.0.0.2 5000)"
answers 'a request of a daemon' 910 "$(request 3 10.0.1.2 5000 10.0.1.2 518)"
answers 'an answer to no announcement, one to no question' 910 "$yes" \
	"$(response 1 0 10.0.1.2 5000)"
until_ok 'what comes from the wrong side' 20 stat_is ntalk wrong-side $((before + 5))
asks 910 "$(request 0 10.0.0.2 5000 10.0.0.2 910)" "$(request 1 10.0.0.2 5000 10.0.0.2 910)" \
	"$(request 2 10.0.0.2 5000 10.0.0.2 910)"
answers 'refusals pass' 910 "$(response 3 1 10.0.0.2 5000)" "$(response 1 1 10.0.0.2 5000)"
ok 'nothing is expected' expects_are 0
n0 "$udp_send" --source 10.0.0.2 --from 912 --short 1 10.0.1.2 518 \
	"$(request 3 10.0.0.2 5000 10.0.0.2 912)"
n0 "$udp_send" --source 10.0.0.2 --from 912 --fragments 16 --first 10.0.1.2 518 \
	"$(request 3 10.0.0.2 5000 10.0.0.2 912)"
cuts=()
for ((n = 0; n < ${#sound}; n++)); do
	[[ ${sound:n:1} != \\ ]] || cuts+=("${sound:0:n}")
done
before=$(helper_stats ntalk malformed)
asks 910 "${cuts[@]}"
# The first 24 bytes are a response.
until_ok 'no request that was cut is one' 20 stat_is ntalk malformed $((before + ${#cuts[@]} - 1))
ok 'nothing is expected' expects_are 0
n0 "$udp_send" --source 10.0.0.2 --from 912 --fragments 16 10.0.1.2 518 \
	"$(request 3 10.0.0.2 5000 10.0.0.2 912)"
answers 'whole fragments are accepted' 912 "$yes"
until_ok 'they were a request' 20 expects_are 1 5000
ip6t r -A FORWARD -m conntrack --ctstate NEW
n0 "$udp_send" --from 518 fd00:0:0:1::2 518 "$sound"
until_ok 'over IPv6, a request passes' 20 counter_is r 6 filter FORWARD 1 1
is 'without a helper' "$(r conntrack -L -f ipv6 2>/dev/null | grep helper)" ''
done_testing
