#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Files and chats between users of IRC (DCC) through a router that forwards connections to the
# server and RELATED packets, and nothing else: two clients and a server, without NAT, MASQUERADE,
# SNAT and DNAT, both families; a file is resumed although NAT has changed the port; and nothing of
# it works without the helper.
#
#	n0 (ann) -- r (NAT, filter) -- n1 (server)
#	            r -- n2 (bob)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
[[ -x $ngircd ]] || skip_all 'tests/fetch-servers has no ngircd'
type weechat-headless >/dev/null 2>&1 || skip_all 'no weechat-headless'

send() { # FILE: from ann to bob
	seq -f "$1, line %g" 500 >"$TMP/$1"
	irc_type ann "dcc send bob $TMP/$1"
}
sends() { # FILE; bob gets it
	send "$1"
	poll 20 irc_got bob "$1"
}
related() { counter r "$1" filter FORWARD 2; } # packets that began a connection
more_related() { (($(related "$1") > $2)); }
chats() { # 4|6; a connection comes for it
	local before
	before=$(related "$1")
	irc_type ann 'dcc chat bob'
	poll 20 more_related "$1" "$before"
}

topology
ok 'the helper can be unloaded' irc_unload
irc_serve
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
-A FORWARD -p tcp --dport 6667 -j ACCEPT
-A FORWARD -i r2 -o r0 -p tcp --dport 5000:5009 -j DROP
-A INPUT -i r2 -p tcp --dport 1024: -j DROP
COMMIT
END

say 'Without the helper'
irc_client n2 bob 10.0.1.2 5020-5029
irc_client n0 ann 10.0.1.2 5000-5009
send refused
dropped() { has_counted r 4 filter FORWARD 4; }
until_ok 'the connection to the announced port is dropped' 20 dropped
nok 'bob has no file' irc_got bob refused

say 'With the helper, without NAT'
ok 'the helper is loaded' irc_load
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_irc
irc_again ann
ok 'a file' sends plain
ok 'a chat' chats 4
is 'what was announced is counted' "$(irc_stat announcements expectations)" '2 2'

say 'MASQUERADE'
# The server knows no way to ann, so what it says to her proves NAT.
n1 ip route del default
n1 ip route add 10.0.2.0/24 via 10.0.1.1
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
irc_again ann
ok 'a file' sends masqueraded
ok 'a chat' chats 4
until_ok 'the expectations are used up' 5 expects_are 0

say 'A port that a second client behind the router has announced'
n0 ip addr add 10.0.0.3/24 dev e0
bg eve n0 perl -MIO::Socket::INET -e '
	my $s = IO::Socket::INET->new(LocalAddr => "10.0.0.3", PeerAddr => "10.0.1.2:6667") or die;
	print $s "NICK eve\r\nUSER eve 0 * :eve\r\n";
	while (<$s>) { last if / 376 | 422 / }
	print $s "PRIVMSG nobody :\1DCC SEND x 167772163 $_ 1\1\r\n" for 5000 .. 5003;
	print $s "PING x\r\n";
	while (<$s>) { print; $| = 1 }'
until_ok 'there are four' 20 expects_are 4
ok 'a file' sends elsewhere
ok 'a chat' chats 4
say 'A file that is resumed: bob names the port after NAT, ann the one before'
ipt r -t raw -A PREROUTING -i r2 -p tcp --dport 6667 -m irc --dcc resume
seq -f 'resumed, line %g' 500 >"$TMP/resumed"
head -c 3000 "$TMP/resumed" >"$TMP/bob.got/resumed.part"
ok 'it becomes whole' sends resumed
is 'bob has asked for the rest' "$(counter r 4 raw PREROUTING 1)" 1
kill "${eve:?}"

say 'SNAT'
ipt r -t nat -R POSTROUTING 1 -s 10.0.0.0/24 -o r1 -p tcp -j SNAT --to-source 10.0.1.1:40000-40100
irc_again ann
ok 'a file' sends snat

say 'DNAT and SNAT'
ipt r -t nat -A PREROUTING -i r0 -p tcp -d 10.0.0.1 --dport 6667 -j DNAT --to-destination 10.0.1.2
irc_type ann 'server del t'
irc_client n0 amy 10.0.0.1 5010-5019
send_amy() {
	seq -f "$1, line %g" 500 >"$TMP/$1"
	irc_type amy "dcc send bob $TMP/$1"
	poll 20 irc_got bob "$1"
}
ok 'a file' send_amy dnat

say 'DNAT alone'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
irc_again amy
ok 'a file' send_amy dnat_alone
kill "${client_amy:?}"

say 'IPv6: MASQUERADE'
ip6t r -t nat -A POSTROUTING -s fd00::/64 -o r1 -j MASQUERADE
irc_client n2 carol fd00:0:0:1::2 5030-5039
irc_client n0 dora fd00:0:0:1::2 5000-5009
seq -f 'six, line %g' 500 >"$TMP/six"
irc_type dora "dcc send carol $TMP/six"
until_ok 'a file' 20 irc_got carol six
done_testing
