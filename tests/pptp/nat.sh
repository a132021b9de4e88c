#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Calls through NAT: each has an id of its own outside, in messages and in GRE, so that clients with
# the same ids reach the same server, and one client reaches servers with the same ids.
#
#	n0 (clients .2 to .5) -- r (NAT, filter) -- n1, n2 (servers)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"

peer_ids() { # of the calls of all clients, as the server knows them, each once
	tell "$1" ids
	tr ' ' '\n' <<<"$said" | cut -d / -f 2 | sort -nu | wc -l
}
# calls ADDRESS PEERS: clients with the same ids call there, and are called
calls() {
	peer pns n0 connect 0
	says 'four clients' pns 'opened 4' open 4 "$1" 10.0.0.2+
	says 'call twice as PNS' pns 'called 8' out 2
	says 'and once as PAC' pns 'called 4' in 1
	says 'their packets reach them' pns 'echoed 12 of 12' gre
	is 'each call has a GRE connection' "$(gre_count)" 12
	says 'a message about the link passes' pns sent link 1 1
	says 'one ends its call' pns 'open 2' clear 1 0
	says 'the others have theirs' pns 'echoed 11 of 11' gre
	is 'and their GRE connections' "$(gre_count)" 11
}
ends() {
	bg_kill pns
	until_ok 'all calls end with the connections' 30 gre_are 0
}
# bg leaves the pid in the variable peer_NAME.
bg_kill() {
	local pid=peer_$1
	kill "${!pid}"
	poll 20 dead "${!pid}"
}
dead() { ! kill -0 "$1" 2>/dev/null; }

topology
gre_rules
ok 'the helper is loaded' pptp_load
for i in 3 4 5; do n0 ip addr add 10.0.0.$i/24 dev e0; done
r ip addr add 10.0.1.9/24 dev r1
# Servers know no way to n0, so what arrives there proves NAT.
n1 ip route del default
n2 ip route del default
peer pac n1 listen 1

say 'MASQUERADE'
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -j MASQUERADE
calls 10.0.1.2
is 'the server knows each call by another id' "$(peer_ids pac)" 11
say 'The server calls.'
tell pac out 1
says 'as PNS' pns 'open 15' wait 15
tell pac in 1
says 'as PAC' pns 'open 19' wait 19
says 'the packets reach the clients' pns 'echoed 19 of 19' gre
ends

say 'SNAT to another address'
ipt r -t nat -R POSTROUTING 1 -s 10.0.0.0/24 -o r1 -j SNAT --to-source 10.0.1.9
calls 10.0.1.2
ends

say 'DNAT and SNAT: neither side knows the address of the other one.'
ipt r -t nat -A PREROUTING -i r0 -p tcp -d 10.0.0.1 --dport 1723 -j DNAT --to-destination 10.0.1.2
calls 10.0.0.1
tell pac in 1
says 'the server calls' pns 'open 15' wait 15
says 'the packets reach the clients' pns 'echoed 15 of 15' gre
ends

say 'DNAT alone'
ipt r -t nat -F POSTROUTING
n1 ip route add default via 10.0.1.1
n2 ip route add default via 10.0.2.1
calls 10.0.0.1
ends

say 'One client, and two servers behind one address, with the same ids'
peer other n2 listen 1
bg_kill pac
peer pac n1 listen 1
peer pns n0 connect 5
says 'a control connection' pns 'opened 1' open 1 10.0.0.1
ipt r -t nat -R PREROUTING 1 -i r0 -p tcp -d 10.0.0.1 --dport 1723 -j DNAT --to-destination 10.0.2.2
says 'a second one' pns 'opened 1' open 1 10.0.0.1
says 'calls in each' pns 'called 4' out 2
says 'the packets reach the client' pns 'echoed 4 of 4' gre
tell pac ids
is 'one server has two calls' "$(wc -w <<<"$said")" 2
tell other ids
is 'and the other one, too' "$(wc -w <<<"$said")" 2
ends

say 'IPv6'
n0 ip addr add fd00::3/64 dev e0 nodad
r ip neighbour add fd00::3 lladdr 02:00:00:00:00:02 dev r0
n1 ip -6 route del default
ip6t r -t nat -A POSTROUTING -s fd00::/64 -o r1 -j MASQUERADE
peer pns n0 connect 0
says 'two clients' pns 'opened 2' open 2 fd00:0:0:1::2 fd00::2+
says 'call as PNS' pns 'called 4' out 2
says 'and as PAC' pns 'called 2' in 1
says 'the packets reach them' pns 'echoed 6 of 6' gre
is 'nothing was refused' \
	"$(pptp_stat malformed not-expected wrong-side foreign bad-port split)" '0 0 0 0 0 0'
done_testing
