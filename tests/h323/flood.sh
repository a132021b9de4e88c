#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A host that registers far too many addresses, and one that begins far too many calls: others stay
# registered, and can call. An endpoint has eight addresses at most.
#
#	n0 (endpoints, callers) -- r (the helpers) -- n1 (gatekeeper, callee)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
rrq=$(message ras 'registrationRequest.callSignalAddress[].ipAddress' 10.0.0.2 1720)
rcf=$(message ras 'registrationConfirm.callSignalAddress[].ipAddress' 10.0.1.2 1720)
h245=h323-uu-pdu.h323-message-body.setup.h245Address.ipAddress
setup=$(message call $h245 10.0.0.2 5000)
limit=$(($(</proc/sys/net/netfilter/nf_conntrack_buckets) / 128))
((limit <= 512)) || limit=512

# The flood of calls has a socket for each.
ulimit -n 4096
topology
ok 'the helpers are loaded' h323_load
ipt r -A FORWARD -m conntrack --ctstate NEW
for host in {11..17}; do n0 ip addr add "10.0.0.$host/24" dev e0; done
# The gatekeeper agrees with all but the flood.
bg gatekeeper n1 perl -MSocket=:all -e '
	$| = 1;
	socket my $s, AF_INET, SOCK_DGRAM, 0 or die $!;
	bind $s, pack_sockaddr_in(1719, inet_aton("10.0.1.2")) or die $!;
	setsockopt $s, SOL_SOCKET, SO_RCVBUF, 1 << 20;
	print "ready\n";
	while (my $from = recv $s, my $bytes, 65536, 0) {
		print "received\n";
		send $s, pack("H*", $ARGV[0]), 0, $from if (sockaddr_in($from))[0] == 1719;
	}' "$rcf"
until_ok 'a gatekeeper' 20 grep -q ready "$TMP/gatekeeper.out"
# register HOST SOCKETS FIRST EACH: from as many ports, from port FIRST on, EACH addresses
register() {
	n0 perl -MSocket=:all -e '
		my ($host, $sockets, $first, $each, $hex) = @ARGV;
		my $own = inet_aton($host);
		my $rrq = pack "H*", $hex;
		my $at = index $rrq, inet_aton("10.0.0.2");
		for my $n (0 .. $sockets - 1) {
			socket my $s, AF_INET, SOCK_DGRAM, 0 or die $!;
			bind $s, pack_sockaddr_in($first + $n, $own) or die $!;
			for my $i (1 .. $each) {
				substr $rrq, $at, 6, $own . pack "n", 20000 + $n * $each + $i;
				send $s, $rrq, 0, pack_sockaddr_in(1719, inet_aton("10.0.1.2"))
					or die $!;
			}
		}' "$@" "$rrq"
}
received_are() { (($(grep -c received "$TMP/gatekeeper.out") >= $1)); }
registered() { # those of the other hosts that are open
	_quiet=1 r grep 'dst=10\.0\.0\.1[1-7] ' /proc/net/nf_conntrack_expect | grep -vc INACTIVE
}
registered_are() { (($(registered) >= $1)) || { echo "$(registered) are" && return 1; }; }
reserved() { _quiet=1 r grep -c 'dst=10\.0\.0\.2 ' /proc/net/nf_conntrack_expect; }

say 'Eight addresses of an endpoint'
register 10.0.0.2 1 3000 12
until_ok 'twelve requests arrive' 20 received_are 12
is 'eight addresses are reserved' "$(reserved)" 8

say 'A flood of registrations'
for host in {11..17}; do register "10.0.0.$host" 1 1719 1; done
until_ok 'seven others are registered' 20 registered_are 7
evicted=$(h323_stat RAS evicted)
register 10.0.0.2 $((limit / 4)) 4000 8
until_ok 'twice as many requests as the limit arrive' 60 received_are $((19 + limit * 2))
ok 'the oldest are evicted' test "$(h323_stat RAS evicted)" -ge $((evicted + limit))
# A host can have the hash of the one with the most.
ok 'and not those of the other hosts' registered_are 6
ok "at most $limit are there" test "$(expects | wc -l)" -le "$limit"
n0 ip addr add 10.0.0.18/24 dev e0
register 10.0.0.18 1 1719 1
new_is_open() { [[ $(expects | grep 'dst=10\.0\.0\.18 ') == *dport=20001* ]]; }
until_ok 'a new endpoint can register' 20 new_is_open

say 'A flood of calls'
bg callee n1 perl -MSocket=:all -e '
	$| = 1;
	socket my $s, AF_INET, SOCK_STREAM, 0 or die $!;
	bind $s, pack_sockaddr_in(1720, inet_aton("10.0.1.2")) or die $!;
	listen $s, 4096 or die $!;
	print "ready\n";
	my @all;
	while (accept my $c, $s) { push @all, $c }'
until_ok 'a callee' 20 grep -q ready "$TMP/callee.out"
bg flood n0 perl -MSocket=:all -e '
	my ($calls, $hex) = @ARGV;
	my @all;
	for my $n (1 .. $calls) {
		socket my $s, AF_INET, SOCK_STREAM, 0 or die $!;
		bind $s, pack_sockaddr_in(0, inet_aton("10.0.0.2")) or die $!;
		connect $s, pack_sockaddr_in(1720, inet_aton("10.0.1.2")) or die $!;
		my $setup = pack "H*", $hex;
		substr $setup, index($setup, inet_aton("10.0.0.2")) + 4, 2, pack "n", 20000 + $n;
		syswrite $s, $setup or die $!;
		push @all, $s;
	}
	$| = 1;
	print "sent\n"; sleep' $((limit + 50)) "$setup"
until_ok 'more calls than the limit' 60 grep -q sent "$TMP/flood.out"
calls_are() { (($(expects | grep -c 'dst=10\.0\.0\.2 .*Q\.931') >= $1)); }
until_ok 'have as many expectations as a helper may' 20 calls_are "$((limit - 1))"
caller_setup=$(message call $h245 10.0.0.11 5000)
peer caller n0 connect 10.0.1.2 1720 10.0.0.11
sends caller "$caller_setup"
until_ok 'a call of a different host is expected' 20 expects_are 1 5000
ok 'the registrations are as they were' registered_are 6
done_testing
