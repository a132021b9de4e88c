#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the IRC helper opens in a packet filter, exactly: one connection to a port that the client
# announces for itself, and nothing for anything else, from either side.
#
#	n0 (client) -- r (filter: connections to the server, RELATED) -- n1 (server), n2 (others)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
own=167772162 # 10.0.0.2
counts() { irc_stat announcements expectations malformed foreign bad-port; }
refuses() { # WHAT COLUMN REQUEST: it is counted there, and nothing opens
	local before
	before=$(irc_stat "$2")
	dcc ann "$3"
	is "$1: counted" "$(irc_stat "$2")" $((before + 1))
	ok "$1: nothing opens" expects_are 0
}
ignores() { # WHAT TEXT: nothing is counted, and nothing opens
	local before
	before=$(counts)
	talk ann "$2"
	is "$1: is no announcement" "$(counts)" "$before"
	ok "$1: nothing opens" expects_are 0
}

topology
ok 'the helper is loaded' irc_load
for family in ipt ip6t; do
	"$family" r -P FORWARD DROP
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p tcp --dport 6667 -j ACCEPT
	"$family" r -A FORWARD -i r2 -o r0 -p tcp
done
talk_serve
talk_open ann n0 10.0.1.2

say 'A connection to the port, once'
bg listener n0 perl -MIO::Socket::INET -e '
	my @l = map IO::Socket::INET->new(LocalPort => $_, Listen => 5, ReuseAddr => 1), 5000, 5001;
	$| = 1;
	print "listening\n";
	1 while accept my $s, $l[0]'
until_ok 'ann listens' 20 grep -q listening "$TMP/listener.out"
dropped=0
stays_closed() { # WHAT PORT: r drops a SYN to it (a test); the third rule has counted it
	n2 tests/lib/segments --barrier none <<<"syn from=10.0.2.2 to=10.0.0.2 dport=$2"
	dropped=$((dropped + 1))
	until_ok "$1" 20 counter_is r 4 filter FORWARD 3 $dropped
}
stays_closed 'before the announcement r drops a SYN to the port' 5000
dcc ann "CHAT chat $own 5000"
like 'the expectation is from anywhere to her port' "$(expects)" \
	'^[0-9]+ l3proto = 2 proto=6 src=0\.0\.0\.0 dst=10\.0\.0\.2 sport=0 dport=5000 .*irc'
stays_closed 'another port stays closed' 5001
ok 'a connection comes' n2 timeout 30 bash -c ': </dev/tcp/10.0.0.2/5000'
ok 'the expectation is used up' expects_are 0
stays_closed 'r drops a second SYN to the port' 5000

say 'Each request that announces'
requests=("SEND f $own 5001 9" "SEND \"a b\" $own 5002 9" "SCHAT chat $own 5003"
	"TSEND f $own 5004" "MOVE f $own 5005" "send f $own 5006"
	"CHAT chat $own 5007 7" "SEND f $own 5008 9 7") # the last two answer a passive request
for ((i = 0; i < ${#requests[@]}; i++)); do
	dcc ann "${requests[i]}"
	ok "${requests[i]}: is expected" expects_are $((i + 1))
done
ok 'they are forgotten' r conntrack -F expect

say 'Refused'
refuses 'the address of another host' foreign 'CHAT chat 167772674 5000'
refuses 'that of the server' foreign 'CHAT chat 167772418 5000'
refuses 'an address of the other family' foreign 'CHAT chat fd00::2 5000'
refuses 'port 0' bad-port "CHAT chat $own 0"
refuses 'port 22' bad-port "CHAT chat $own 22"
refuses 'port 1023' bad-port "SEND f $own 1023 9"
refuses 'port 65536' malformed "CHAT chat $own 65536"
refuses 'a signed port' malformed "CHAT chat $own +5000"
refuses 'a port in hexadecimal' malformed "CHAT chat $own 0x1388"
refuses 'a port with leading zeros' malformed "CHAT chat $own 005000"
refuses 'an address with dots' malformed 'CHAT chat 10.0.0.2 5000'
refuses 'no file name' malformed 'SEND'

say 'No announcements'
text="\\1DCC CHAT chat $own 5000\\1"
ignores 'a passive request' "PRIVMSG bob :\\1DCC CHAT chat $own 0 7\\1\\r\\n"
ignores 'RESUME' 'PRIVMSG bob :\1DCC RESUME f 5000 100\1\r\n'
ignores 'ACCEPT' 'PRIVMSG bob :\1DCC ACCEPT f 5000 100\1\r\n'
ignores 'a notice' "NOTICE bob :$text\\r\\n"
ignores 'in the middle of a text' "PRIVMSG bob :see $text\\r\\n"
ignores 'in the middle of a line' "JOIN #c PRIVMSG bob :$text\\r\\n"
ignores 'the second segment of a line' "JOIN #c|PRIVMSG bob :$text\\r\\n"
ignores 'a line that is too long' "PRIVMSG $(printf 'b%.0s' {1..500}) :$text\\r\\n"
ignores 'what the server says' "ECHO :x!x@x PRIVMSG ann :$text\\r\\n"
dcc ann "CHAT chat $own 5000"
ok 'the conversation continues, and is helped' expects_are 1

say 'A browser that posts lines of IRC to the port of the server'
ok 'nothing is expected' r conntrack -F expect
posts() { # NAME TEXT..: one connection; it is counted once, and nothing opens
	local before name=$1
	before=$(irc_stat malformed)
	talk_first='' talk_open "$name" n0 10.0.1.2
	talk "$name" "${@:2}"
	is "$2: counted once" "$(irc_stat malformed)" $((before + 1))
	ok "$2: nothing opens" expects_are 0
}
chat="NICK ann\\r\\nPRIVMSG bob :$text\\r\\n"
posts web_a "POST / HTTP/1.1\\r\\nHost: 10.0.1.2\\r\\n\\r\\n$chat" "$chat" "|$chat"
posts web_b "POST / HTTP/1.1\\r\\n|$chat"
posts web_c "PO|ST / HTTP/1.1\\r\\n|$chat"
posts web_d "NICK / HTTP/1.1\\r\\n|$chat"
posts web_e "NI|CK / HTTP/1.1\\r\\n|$chat"
posts web_f "NICK $(printf 'a%.0s' {1..600})\\r\\n|$chat"
posts web_g "\\r\\n|$chat"
posts web_i "NICK $(printf 'a%.0s' {1..600})\\r\\n$chat"
posts web_h "PRIVMSG bob :$text\\r\\n"
talk_first='' talk_open pieces n0 10.0.1.2
talk pieces "C|AP LS 302\\r|\\nPRIVMSG bob :$text\\r\\n"
ok 'a first line of IRC in pieces' expects_are 1
ok 'it is forgotten' r conntrack -F expect

say 'IPv6'
talk_open six n0 fd00:0:0:1::2
dcc six 'CHAT chat fd00::2 5000'
like 'an expectation' "$(expects)" \
	'l3proto = 10 proto=6 src=0000.* dst=fd00:0000:.*:0002 sport=0 dport=5000'
before=$(irc_stat foreign)
dcc six 'CHAT chat fd00:0:0:2::2 5001'
dcc six "CHAT chat $own 5001"
is 'other addresses are refused' "$(irc_stat foreign)" $((before + 2))

say 'By a rule'
ok 'the switch is off' r sysctl -qw net.netfilter.nf_autohelper=0
talk_open off n0 10.0.1.2
before=$(counts)
dcc off "CHAT chat $own 5002"
is 'a connection without the helper' "$(counts)" "$before"
ipt r -t raw -A PREROUTING -i r0 -p tcp --dport 6667 -j CT --helper irc
talk_open rule n0 10.0.1.2
dcc rule "CHAT chat $own 5002"
like 'CT --helper' "$(expects)" 'dport=5002 '
done_testing
