#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Expected connections under NAT: they come from the peer's own address unless a rule changes it.
# Unloading the NAT half leaves no expectation that needs it, also under traffic.
#
#	n0 (client) -- r (NAT) -- n1 (server), n2 (peer)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
own=167772162 # 10.0.0.2
connects() { n2 timeout 30 bash -c ": </dev/tcp/$1/$2"; } # HOST PORT
peer() { tail -n 1 "$TMP/listener.out"; }
comes_from() { [[ $(peer) == "$1" ]]; }

topology
ok 'the helper is loaded' irc_load
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
ip6t r -A FORWARD -m conntrack --ctstate NEW
talk_serve
bg listener n0 perl -MIO::Socket::IP -MIO::Select -e '
	$| = 1;
	my $all = IO::Select->new(map IO::Socket::IP->new(LocalAddr => "::", LocalPort => $_,
		V6Only => 0, Listen => 5, ReuseAddr => 1), 5000 .. 5009);
	print "listening\n";
	while (my @ready = $all->can_read) {
		print $_->accept->peerhost =~ s/^::ffff://r, "\n" for @ready;
	}'
until_ok 'ann listens' 20 grep -q listening "$TMP/listener.out"
talk_open ann n0 10.0.1.2

say 'The address of the peer'
dcc ann "CHAT chat $own 5000"
ok 'a connection comes' connects 10.0.1.1 5000
until_ok 'from the peer, not from the server' 10 comes_from 10.0.2.2
like 'so conntrack lists it' "$(r conntrack -L -p tcp --orig-src 10.0.2.2 2>&1)" \
	'src=10\.0\.2\.2 dst=10\.0\.1\.1 .* dport=5000 .*src=10\.0\.0\.2 dst=10\.0\.2\.2 sport=5000'
ipt r -t nat -A POSTROUTING -o r0 -j MASQUERADE
dcc ann "CHAT chat $own 5001"
ok 'a second one' connects 10.0.1.1 5001
until_ok 'a rule decides about its source' 10 comes_from 10.0.0.1
ip6t r -t nat -A POSTROUTING -s fd00::/64 -o r1 -j MASQUERADE
talk_open six n0 fd00:0:0:1::2
dcc six 'CHAT chat fd00::2 5002'
ok 'IPv6: a connection comes' connects fd00:0:0:1::1 5002
until_ok 'from the peer' 10 comes_from fd00:0:0:2::2

say 'An address that the kernel writes in 44 characters'
isatap=fd00:aaaa:bbbb:cccc:200:5efe:192.168.100.200
r ip -6 address add "$isatap/128" dev r1 nodad
ip6t r -t nat -R POSTROUTING 1 -s fd00::/64 -o r1 -j SNAT --to-source "$isatap"
talk_open long n0 fd00:0:0:1::2
dcc long 'CHAT chat fd00::2 5009'
ok 'a connection to it comes' connects "$isatap" 5009
until_ok 'from the peer, too' 10 comes_from fd00:0:0:2::2
ip6t r -t nat -F

say 'A port that has a helper'
order() { r "$BASH" -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }
ok 'the port gets the helper' order '+tcp:5008=irc'
dcc ann "CHAT chat $own 5008"
ok 'an expected connection comes there' connects 10.0.1.1 5008
listed=$(r conntrack -L -p tcp --orig-port-dst 5008 2>/dev/null)
like 'conntrack lists it' "$listed" 'src=10\.0\.2\.2 .*dport=5008'
nok 'without a helper, so that it cannot expect the next one' grep helper= <<<"$listed"
ok 'the port loses the helper' order '-tcp:5008'

say 'Unloading the NAT half'
ok 'nothing is expected' expects_are 0
talk_open plain n0 fd00:0:0:1::2
dcc plain 'CHAT chat fd00::2 5003'
dcc ann "CHAT chat $own 5004"
dcc ann "CHAT chat $own 5005"
ok 'three connections are expected' expects_are 3
ok 'it is unloaded' modprobe -r nf_nat_irc
like 'the one without NAT is still expected' "$(expects)" 'dport=5003 '
ok 'and no other' expects_are 1
ipt r -A INPUT -i r2 -p tcp --dport 5004
n2 tests/lib/segments --barrier none <<<'syn from=10.0.2.2 to=10.0.1.1 dport=5004'
until_ok 'a connection under NAT ends at the router' 20 counter_is r 4 filter INPUT 1 1
ok 'the one without NAT does' connects fd00::2 5003
before=$(irc_stat not-expected)
dcc ann "CHAT chat $own 5006"
is 'an announcement under NAT is refused' "$(irc_stat not-expected)" $((before + 1))
ok 'it is loaded again' modprobe nf_nat_irc
dcc ann "CHAT chat $own 5007"
ok 'the conversation is helped again' connects 10.0.1.1 5007

say 'Unloading it while connections come'
bg peers n2 "$BASH" -c 'while :; do
	for port in {5000..5009}; do timeout 0.2 bash -c ": </dev/tcp/10.0.1.1/$port"; done
done'
for round in 1 2 3 4 5; do
	for port in {5000..5009}; do dcc ann "CHAT chat $own $port"; done
	ok "round $round: unload" modprobe -r nf_nat_irc
	ok "round $round: nothing is expected" expects_are 0
	ok "round $round: load" modprobe nf_nat_irc
done
kill "${peers:?}"
done_testing
