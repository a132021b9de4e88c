#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The GRE connections of calls are RELATED to their control connection, and end with their call:
# calls of either side, of a PNS and of a PAC. Both families, without NAT.
#
#	n0 (client) -- r (filter: TCP, GRE of calls) -- n1 (server)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"

# Exactly the calls that have ended are dropped, the others are not.
late_are() { # WHAT ENDED OPEN
	ipt r -Z FORWARD
	says "$1: packets of ended calls" pns "sent $2" late
	until_ok "$1: r drops them" 20 counter_is r 4 filter FORWARD 3 "$2"
	is "$1: the others are tracked" "$(gre_count)" "$3"
	says "$1: and pass" pns "echoed $3 of $3" gre
}

topology
gre_rules
peer pac n1 listen 1

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload pptp
peer stranger n0 connect 0
says 'a control connection' stranger 'opened 1' open 1 10.0.1.2
says 'a call' stranger 'called 1' out 1
says 'its packets are dropped' stranger 'echoed 0 of 1' gre
ok 'r has counted them' test "$(counter r 4 filter FORWARD 3)" -gt 0
tell stranger fin 0

say 'Calls of the client, which is the PNS'
ok 'the helper is loaded' pptp_load
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_pptp
ipt r -Z FORWARD
peer pns n0 connect 10
says 'two control connections' pns 'opened 2' open 2 10.0.1.2
ok 'nothing is expected before a call' expects_are 0
says 'three calls in each' pns 'called 6' out 3
says 'their packets pass in both directions' pns 'echoed 6 of 6' gre
says 'and again' pns 'echoed 6 of 6' gre
is 'there is one GRE connection for each call' "$(gre_count)" 6
is 'each of them was RELATED once' "$(counter r 4 filter FORWARD 2)" 6
ok 'nothing is expected any more' expects_are 0
is 'all calls are counted' "$(pptp_stat announcements expectations)" '6 12'

say 'A call ends with the message of either side.'
says 'call-clear-request' pns 'open 2' clear 0 0
late_are 'after call-clear-request' 1 5
says 'call-disconnect-notify of the client' pns 'open 1' disconnect 0 1
late_are 'after call-disconnect-notify' 2 4
tell pac clear 2 0
says 'call-clear-request of the server' pns 'open 3' wait 3
late_are 'after the request of the server' 3 3
says 'further calls' pns 'called 2' out 1
says 'an echo between them' pns echoed echo 1

say 'A call of the client, which is the PAC'
says 'one in each control connection' pns 'called 2' in 1
says 'all pass' pns 'echoed 7 of 7' gre
say 'Calls of the server'
tell pac in 1
says 'one in each control connection as PAC' pns 'open 9' wait 9
tell pac out 1
says 'one in each control connection as PNS' pns 'open 11' wait 11
says 'all pass' pns 'echoed 11 of 11' gre
is 'one GRE connection for each' "$(gre_count)" 11

say 'The calls of a control connection end with it.'
says 'stop-control-connection-request' pns stopped stop 0
until_ok 'its calls end' 20 gre_are 6
says 'those of the second one pass' pns 'echoed 6 of 6' gre
says 'a third one' pns 'opened 1' open 1 10.0.1.2
says 'with calls' pns 'called 4' out 2
tell pns rst 1
until_ok 'RST ends the second one' 20 gre_are 2
says 'the third one has its calls' pns 'echoed 2 of 2' gre
says 'a fourth one' pns 'opened 1' open 1 10.0.1.2
says 'with calls' pns 'called 2' out 1
tell pns fin 2
until_ok 'FIN ends the third one' 20 gre_are 1
says 'the fourth one has its call' pns 'echoed 1 of 1' gre
r sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=2
says 'an echo' pns echoed echo 3
until_ok 'its timeout ends the fourth one' 60 gre_are 0
r sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=432000
tell pns rst 3

say 'IPv6'
says 'a control connection' pns 'opened 1' open 1 fd00:0:0:1::2
says 'calls of the PNS' pns 'called 2' out 2
says 'a call of the PAC' pns 'called 1' in 1
says 'their packets pass' pns 'echoed 3 of 3' gre
is 'one GRE connection for each' "$(gre_count ipv6)" 3
tell pns stop 4
until_ok 'they end with it' 20 gre_are 0 ipv6
is 'nothing was refused' \
	"$(pptp_stat malformed not-expected wrong-side foreign bad-port split)" '0 0 0 0 0 0'
done_testing
