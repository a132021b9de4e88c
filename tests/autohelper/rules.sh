#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Which connections get a helper: the kernel's SIP and TFTP helpers, single datagrams, conntrack's
# own words.
#
#	n0 -- r -- n1		datagrams from n0 to n1, and from r itself; the helpers are r's
#
# An explicit CT --helper wins; only the port and protocol that are attached count; what runs
# already is left alone; the port before DNAT is what counts; namespaces do not know of each other.
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
topology

order() { _in "$1" bash -c 'echo "$1" >/proc/net/nf_autohelper' -- "$2"; }
hits() { r sed -n "s/^$1 [^ ]* ipv4,ipv6 runtime //p" /proc/net/nf_autohelper; }

datagram() { # NS 4|6 FROM TO: from that port to that port of n1
	_in "$1" perl -MSocket=:all -e '
		my ($v6, $from, $to) = ($ARGV[0] == 6, @ARGV[1, 2]);
		socket my $s, $v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0 or die $!;
		bind $s, $v6 ? pack_sockaddr_in6($from, IN6ADDR_ANY) :
			pack_sockaddr_in($from, INADDR_ANY) or die $!;
		send $s, "x", 0, $v6 ?
			pack_sockaddr_in6($to, inet_pton(AF_INET6, "fd00:0:0:1::2")) :
			pack_sockaddr_in($to, inet_aton("10.0.1.2")) or die $!' "${@:2}"
}
# 4|6 FROM TO: the helper of that connection in r, "none", or nothing where there is no connection
known() {
	r conntrack -L -f "ipv$1" -p udp --orig-port-src "$2" --orig-port-dst "$3" 2>/dev/null |
		sed -n 's/.* helper=\([^ ]*\).*/\1/p;t;s/.*/none/p'
}
# The helper that a datagram gets; sent again where it got lost on its way to r.
helper() { # NS 4|6 FROM TO
	local got='' try
	for ((try = 0; try < 10; try++)); do
		datagram "$@"
		got=$(known "${@:2}")
		[[ ! $got ]] || break
	done
	printf '%s\n' "${got:-no connection}"
}

# Attaching does not switch conntrack on.
for tool in ipt ip6t; do
	$tool r -t mangle -A PREROUTING -m conntrack --ctstate NEW
	$tool r -t mangle -A OUTPUT -m conntrack --ctstate NEW
done
# none expires before it is looked at
r bash -c 'echo 600 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout'
ok 'SIP on its port and on another' order r $'+udp:5060=sip\n+udp:5070=sip'

for family in 4 6; do
	is "IPv$family: the port that is attached" "$(helper n0 $family 4000 5060)" sip
	is "IPv$family: the other one" "$(helper n0 $family 4000 5070)" sip
	is "IPv$family: the next port has none" "$(helper n0 $family 4000 5061)" none
	is "IPv$family: the router's own connection" "$(helper r $family 4001 5060)" sip
done
is 'each connection was counted' "$(hits 'udp 5060')" 4

say 'A rule that names a helper wins; what is not tracked has none.'
for tool in ipt ip6t; do
	$tool r -t raw -A PREROUTING -p udp --sport 4002 -j CT --helper tftp
	$tool r -t raw -A PREROUTING -p udp --sport 4003 -j CT --notrack
done
untracked() {
	datagram n0 "$1" 4003 5060 && [[ $(counter r "$1" raw PREROUTING 2) -gt 0 &&
		! $(known "$1" 4003 5060) ]]
}
for family in 4 6; do
	is "IPv$family: CT --helper tftp on SIP's port" "$(helper n0 $family 4002 5060)" tftp
	until_ok "IPv$family: CT --notrack" 20 untracked "$family"
done
is 'neither was counted' "$(hits 'udp 5060')" 4

say 'What a packet is sent to counts, not where DNAT leads it.'
ipt r -t nat -A PREROUTING -p udp --dport 6060 -j DNAT --to-destination 10.0.1.2:5060
ipt r -t nat -A PREROUTING -p udp --dport 5070 -j DNAT --to-destination 10.0.1.2:7070
is 'DNAT towards the port that is attached' "$(helper n0 4 4004 6060)" none
is 'DNAT from the port that is attached: the helper stays' "$(helper n0 4 4004 5070)" sip

say 'Changes concern connections to come.'
ok 'detach' order r -udp:5060
is 'a connection that had the helper keeps it' "$(helper n0 4 4000 5060)" sip
is 'a new one gets none' "$(helper n0 4 4005 5060)" none
ok 'attach again' order r +udp:5060=sip
is 'one that had none stays without' "$(helper n0 4 4005 5060)" none
ok 'another helper in its place' order r udp:5060=tftp
is 'the new one' "$(helper n0 4 4006 5060)" tftp

say 'Namespaces.'
is 'the others have nothing of it' "$(n1 grep -c runtime /proc/net/nf_autohelper)" 0
ok 'the same port, another helper, another namespace' order n1 +udp:5060=sip
like 'this one stays' "$(r cat /proc/net/nf_autohelper)" 'udp 5060 tftp ipv4,ipv6 runtime 1'
done_testing
