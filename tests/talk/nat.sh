#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real conversations over talk through routers that forward requests to one daemon and RELATED
# packets: plain routing, SNAT, MASQUERADE, DNAT, and both users behind NAT of their own; and none
# of them without the helper.
#
#	n0 (root) -- r (NAT, filter) -- n1 (daemon)
#	                                n1 (NAT, filter) -- far (daemon)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=talk.lib
. "${0%/*}/talk.lib"

topology
ok 'the programs' talk_hosts
ok 'a daemon of the caller' talk_serve caller_pid n0
ok 'a daemon of the callee' talk_serve callee_pid n1
ok 'root is logged in' talk_login a n0 root
ok 'daemon is logged in' talk_login b n1 daemon
rules r 4 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p udp --dport 518 -j ACCEPT
-A FORWARD -i r1 -p udp --dport 518
-A FORWARD -i r1 -p tcp
COMMIT
END
dropped() { has_counted r 4 filter FORWARD "$1"; } # N
nat() { # RULE..: instead of the rules before
	r conntrack -F
	printf '*nat\n%s\nCOMMIT\n' "$(printf '%s\n' "$@")" | r "iptables-$BACKEND-restore"
}

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload talk
ok 'the call arrives' talk_call callee
talk_type b "$netkit root@caller"
until_ok 'the question to the daemon of the caller is dropped' 20 dropped 3
ok 'no conversation was tried' counter_is r 4 filter FORWARD 4 0
until_ok 'the caller gives up' 20 talk_ends a
until_ok 'the callee gives up' 20 talk_ends b

say 'Plain routing'
ok 'the helper is loaded' helper_load talk
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_talk
r conntrack -F
ok 'the call arrives' talk_call callee
until_ok 'the port of the caller is reserved' 20 expects_are 2
like 'and not open yet' "$(expects)" ' dst=10\.0\.0\.2 .* INACTIVE .*ntalk'
ok 'it is answered' talk_answer caller
ok 'a conversation' talk_chat
until_ok 'only the way to the daemon is left' 20 expects_are 1

converse() { # CLIENT CALLEE CALLER: the names of their hosts
	ok 'the call arrives' talk_call "$2" "$1"
	ok 'it is answered' talk_answer "$3" "$1"
	ok 'a conversation' talk_chat
}
each_nat() { # CLIENT
	say "${1##*/}: SNAT, and a callee that knows no way to the caller"
	n1 ip route del default
	nat '-A POSTROUTING -o r1 -j SNAT --to-source 10.0.1.1'
	converse "$1" callee gate1

	say "${1##*/}: MASQUERADE"
	nat '-A POSTROUTING -o r1 -j MASQUERADE'
	converse "$1" callee gate1

	say "${1##*/}: DNAT"
	n1 ip route add default via 10.0.1.1
	nat '-A PREROUTING -i r0 -p udp -d 10.0.0.1 --dport 518 -j DNAT --to-destination 10.0.1.2'
	converse "$1" gate0 caller
	nat
}
each_nat "$netkit"

say 'Other programs: plain routing'
kill "${caller_pid:?}" "${callee_pid:?}"
wait "$caller_pid" "$callee_pid"
ok 'a daemon of the caller' talk_serve caller2_pid n0 inetutils-talkd
ok 'a daemon of the callee' talk_serve callee2_pid n1 inetutils-talkd
converse "$inetutils" callee caller
each_nat "$inetutils"

say 'Both users behind NAT of their own'
namespace far
ip -n far link add e0 type veth peer name f0 netns n1
ip -n far addr add 10.0.9.2/24 dev e0
ip -n far link set e0 up
ip -n n1 addr add 10.0.9.1/24 dev f0
ip -n n1 link set f0 up
far ip route add default via 10.0.9.1
n1 sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_autohelper=2
n1 ip route del default
kill "${callee2_pid:?}"
wait "$callee2_pid"
kill "${caller2_pid:?}"
wait "$caller2_pid"
ok 'a daemon of the caller' talk_serve caller3_pid n0
ok 'a daemon of the callee' talk_serve far_pid far
ok 'daemon is logged in there' talk_login far_b far daemon
talk_type b exit
nat '-A POSTROUTING -o r1 -j MASQUERADE'
rules n1 4 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i e0 -p udp --dport 518 -j ACCEPT
COMMIT
*nat
-A PREROUTING -i e0 -p udp --dport 518 -j DNAT --to-destination 10.0.9.2
-A POSTROUTING -o e0 -j MASQUERADE
COMMIT
END
callee=far_b
ok 'the call arrives' talk_call callee
ok 'it is answered' talk_answer gate1
ok 'a conversation' talk_chat
ok 'the helper is as it was' helper_load talk
done_testing
