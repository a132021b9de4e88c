#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Limits of calls and of work, timeouts, and messages that open nothing.
#
#	n0 (client) -- r (filter) -- n1 (server)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"
gre_timeouts() { # the seconds that each GRE connection of r has left
	_quiet=1 r conntrack -L -p gre 2>/dev/null | awk '{ print $3 }'
}
between() { # LOW HIGH: all of them are
	local seconds n=0
	for seconds in $(gre_timeouts); do
		((seconds >= $1 && seconds <= $2)) || { echo "a timeout is $seconds" && return 1; }
		n=$((n + 1))
	done
	((n))
}

topology
gre_rules
peer pac n1 listen 1
stream=net.netfilter.nf_conntrack_pptp_gre_stream_timeout
alone=net.netfilter.nf_conntrack_pptp_gre_timeout

say 'Timeouts'
ok 'the helper is loaded' pptp_load
is 'they have defaults' "$(r sysctl -n $alone $stream | paste -sd ' ')" '600 18000'
peer pns n0 connect 100
says 'a control connection' pns 'opened 1' open 1 10.0.1.2
says 'a call' pns 'called 1' out 1
says 'with packets of both sides' pns 'echoed 1 of 1' gre
until_ok 'has the longer one' 20 between 17000 18000
ok 'they can be changed' r sysctl -qw $alone=40 $stream=100
is 'in one namespace' "$(sysctl -n $alone $stream | paste -sd ' ')" '600 18000'
for value in 0 -1 2147483647 x; do
	nok "$value is refused" r sysctl -qw $stream=$value
done
says 'the call ends' pns 'open 0' clear 0 0
says 'another one' pns 'called 1' out 1
says 'with packets of both sides' pns 'echoed 1 of 1' gre
until_ok 'has the new one' 20 between 90 100
tell pns stop 0
nok 'a parameter out of range is refused' pptp_load gre_timeout=0
nok 'and one that is too large' pptp_load max_calls=256
nok 'for a namespace, too' pptp_load max_calls_net=8193

say 'Calls of a control connection'
ok 'at most two' pptp_load max_calls=2 gre_timeout=50 gre_stream_timeout=60
is 'the parameters are defaults of a new namespace' "$(sysctl -n $alone $stream | paste -sd ' ')" \
	'50 60'
says 'a control connection' pns 'opened 1' open 1 10.0.1.2
says 'the conversation is not disturbed' pns 'called 3' out 3
says 'two of three calls pass' pns 'echoed 2 of 3' gre
is 'one was refused' "$(pptp_stat not-expected)" 1
tell pns stop 1

say 'Calls of a namespace'
ok 'at most three' pptp_load max_calls_net=3
says 'two control connections' pns 'opened 2' open 2 10.0.1.2
says 'the conversation is not disturbed' pns 'called 4' out 2
says 'three of four calls pass' pns 'echoed 3 of 4' gre
is 'one was refused' "$(pptp_stat not-expected)" 1
tell pns stop 2
says 'the first one ends' pns 'open 1' disconnect 3 0
says 'further calls are possible again' pns 'called 2' out 2
says 'both pass' pns 'echoed 2 of 3' gre
tell pns stop 3
until_ok 'all have ended' 20 gre_are 0

say 'What opens nothing'
ok 'the helper is loaded as it was' pptp_load
peer mute n0 connect 7
says 'a control connection' mute 'opened 1' open 1 10.0.1.2
says 'an answer to no call' mute sent message 0 out_reply 7 1
until_ok 'is counted' 20 stat_is pptp wrong-side 1
says 'an answer of a PNS to no call' mute sent message 0 in_reply 7 1
until_ok 'is counted' 20 stat_is pptp wrong-side 2
says 'a PAC that was not answered' mute sent message 0 connected 1
until_ok 'is counted' 20 stat_is pptp wrong-side 3
says 'a start of the server' mute sent message 0 started
until_ok 'is counted' 20 stat_is pptp wrong-side 4
says 'the end of no call' mute sent message 0 clear 5
says 'a link of no call' mute sent message 0 link 5
ok 'nothing is expected' expects_are 0
says 'two thousand answers to no call' mute sent send 0 "$(pptp_hex 7 1 out_reply)" 2000
says 'do not disturb the conversation' mute echoed echo 0
refused=$(($(pptp_stat wrong-side) - 4))
ok "the first ones of each segment are counted: $refused" test "$refused" -ge 16
ok 'and no more' test "$refused" -lt 1000
tell mute rst 0

say 'Two control connections of one host, and one id'
peer first n0 connect 30
says 'one' first 'opened 1' open 1 10.0.1.2
says 'has a call' first 'called 1' out 1
says 'which passes' first 'echoed 1 of 1' gre
peer second n0 connect 30
says 'the other one' second 'opened 1' open 1 10.0.1.2
says 'calls with the same id' second 'called 1' out 1
is 'its call is refused' "$(pptp_stat not-expected)" 1
says 'and does not pass' second 'echoed 0 of 1' gre
says 'that of the first one does' first 'echoed 1 of 1' gre
tell second rst 0
tell first rst 0

say 'Calls that nobody answers'
ok 'at most two' pptp_load max_calls_net=2
tell pac answer 0
peer flood n0 connect 200
says 'a control connection' flood 'opened 1' open 1 10.0.1.2
says 'calls' flood 'called 0' out 2
tell pac answer 1
peer late n0 connect 300
passes() {
	tell late out 1
	tell late gre
	[[ $said == 'echoed 1 of '* ]] || { echo "$said" && return 1; }
}
says 'a second control connection' late 'opened 1' open 1 10.0.1.2
until_ok 'a call of it takes the place of one' 90 passes
tell late rst 0
tell flood rst 0

say 'A call whose packets have ended'
ok 'at most one' pptp_load max_calls_net=1 gre_timeout=10 gre_stream_timeout=10
says 'a control connection' flood 'opened 1' open 1 10.0.1.2
says 'a call' flood 'called 1' out 1
until_ok 'has a GRE connection' 20 gre_are 1
until_ok 'which ends' 60 gre_are 0
r sysctl -qw $alone=600 $stream=18000
says 'a second control connection' late 'opened 1' open 1 10.0.1.2
until_ok 'its place is free later' 150 passes
tell late rst 1
tell flood rst 1

say 'Loading'
ok 'the helper can be unloaded' helper_unload pptp
ok 'its sysctls are gone' test ! -e /proc/sys/net/netfilter/nf_conntrack_pptp_gre_timeout
theirs=$(find -L "/lib/modules/$(uname -r)/kernel/" -name 'nf_conntrack_pptp.ko*' -print -quit)
ok "the kernel's own loads" insmod "$theirs"
nok 'ours does not load next to it' modprobe nf_conntrack_pptp_core
like 'the log names the fix' "$(klog)" 'fix: modprobe -r nf_nat_pptp nf_conntrack_pptp'
ok 'which helps' modprobe -r nf_conntrack_pptp
ok 'ours loads then' pptp_load
done_testing
