#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the eggdrop helper opens in a packet filter, exactly: one connection from the other bot to a
# port that a bot announces for itself, after the other bot has accepted; and nothing for anything
# else, from either side.
#
#	n0 (bot) -- r (filter: links, RELATED) -- n1 (the other bot), n2 (others)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=eggdrop.lib
. "${0%/*}/eggdrop.lib"
counts() { egg_stat announcements expectations malformed wrong-side foreign bad-port; }
refuses() { # WHAT COLUMN LINK COMMAND..: it is counted there, and nothing opens
	local before
	before=$(egg_stat "$2")
	"$4" "$3" "${@:5}"
	is "$1: counted" "$(egg_stat "$2")" $((before + 1))
	ok "$1: nothing opens" expects_are 0
}
ignores() { # WHAT TEXT: nothing is counted, and nothing opens
	local before
	before=$(counts)
	talk leaf "$2"
	is "$1: is no announcement" "$(counts)" "$before"
	ok "$1: nothing opens" expects_are 0
}

topology
ok 'the helper is loaded' egg_load
for family in ipt ip6t; do
	"$family" r -P FORWARD DROP
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p tcp --dport 3333 -j ACCEPT
	"$family" r -A FORWARD -o r0 -p tcp
done
talk_serve
egg_listen n0 5000 5001

say 'Nothing opens before the other bot accepts.'
talk_open leaf n0 10.0.1.2
refuses 'without an offer' wrong-side leaf egg_send "$own" 5000
talk leaf 's u?\n'
refuses 'an offer without an answer' wrong-side leaf egg_send "$own" 5000
egg_other leaf 's un Already sharing.\n'
refuses 'a refusal' wrong-side leaf egg_send "$own" 5000
egg_other leaf 's uy\n'
refuses 'a refused offer that is accepted' wrong-side leaf egg_send "$own" 5000
talk leaf 's uy\n'
refuses 'accepting its own offer' wrong-side leaf egg_send "$own" 5000
talk_open unasked n0 10.0.1.2
egg_other unasked 's uy\n'
refuses 'accepting no offer' wrong-side unasked egg_send "$own" 5000

say 'Nothing counts before the other bot has greeted.'
ungreeted() { # LINK LINE..: the server says these lines; neither side can announce then
	local before
	talk_first='leaf\n' talk_open "$1" n0 10.0.1.2
	(($# == 1)) || egg_other "$@"
	egg_offer "$1"
	refuses "${*:2}: the bot that has linked" wrong-side "$1" egg_send "$own" 5000
	before=$(counts)
	egg_other "$1" 's u?\n'
	talk "$1" 's uy\n'
	egg_other "$1" 's us 167772418 5002 39\n'
	is "${*:2}: the server is not read" "$(counts)" "$before"
	ok "${*:2}: nothing opens" expects_are 0
}
ungreeted quiet
ungreeted half '*hello!\n'
ungreeted rest 'version 1080404 32\n'
ungreeted turned 'version 1080404 32\n' '*hello!\n'
ungreeted prefix 'leaf: *hello!\n' 'leaf: version 1080404 32\n'
ungreeted suffix '*hello!x\n' 'version 1080404 32\n'
ungreeted number '*hello!\n' 'version x\n'

say 'A connection to the port, once'
dropped=0
stays_closed() { # WHAT NS ADDRESS PORT: r drops a SYN from it (a test); the third rule has counted
	"$2" tests/lib/segments --barrier none <<<"syn from=$3 to=10.0.0.2 dport=$4"
	dropped=$((dropped + 1))
	until_ok "$1" 20 counter_is r 4 filter FORWARD 3 $dropped
}
stays_closed 'before the announcement r drops a SYN to the port' n1 10.0.1.2 5000
egg_offer leaf
egg_send leaf "$own" 5000
like 'the expectation is from the other bot to the port' "$(expects)" \
	'^[0-9]+ l3proto = 2 proto=6 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=0 dport=5000 .*eggdrop'
like 'for a minute' "$(expects)" '^(5[0-9]|60) '
stays_closed 'another port stays closed' n1 10.0.1.2 5001
stays_closed 'it stays closed for others' n2 10.0.2.2 5000
ok 'a connection comes' n1 timeout 30 bash -c ': </dev/tcp/10.0.0.2/5000'
ok 'the expectation is used up' expects_are 0
stays_closed 'r drops a second SYN to the port' n1 10.0.1.2 5000

say 'Each form of an announcement'
for line in "$own 5000 39" "$own +5001 39" "$own 65535 0" "$own 1024 99999999999"; do
	talk leaf "s us $line\\n"
	port=${line#* } port=${port% *}
	like "$line: is expected" "$(expects)" " dport=${port#+} "
	ok 'it replaces the last one' expects_are 1
done
talk leaf "S US $own 5000 39\\r\\n"
like 'in upper case, with CR' "$(expects)" ' dport=5000 '
ok 'it is forgotten' r conntrack -F expect

say 'Refused'
refuses 'the address of another host' foreign leaf egg_send 167772674 5000
refuses 'that of the other bot' foreign leaf egg_send 167772418 5000
refuses 'an address of the other family' foreign leaf egg_send fd00::2 5000
refuses 'port 0' bad-port leaf egg_send "$own" 0
refuses 'port 22' bad-port leaf egg_send "$own" 22
refuses 'port 1023 with TLS' bad-port leaf egg_send "$own" +1023
refuses 'port 65536' malformed leaf egg_send "$own" 65536
refuses 'a negative port' malformed leaf egg_send "$own" -5000
refuses 'two signs' malformed leaf egg_send "$own" ++5000
refuses 'a port in hexadecimal' malformed leaf egg_send "$own" 0x1388
refuses 'a port with leading zeros' malformed leaf egg_send "$own" 005000
refuses 'an address with dots' malformed leaf egg_send 10.0.0.2 5000
refuses 'no address' malformed leaf egg_send '' 5000
refuses 'no size' malformed leaf talk "s us $own 5000\\n"

say 'No announcements'
ignores 'another word' "s use $own 5000 39\\n"
ignores 'behind a blank' " s us $own 5000 39\\n"
ignores 'in the middle of a line' "c leaf A s us $own 5000 39\\n"
ignores 'the second segment of a line' "c leaf A |s us $own 5000 39\\n"
ignores 'a line that is too long' "s us $own 5000 $(printf '9%.0s' {1..500})\\n"
egg_send leaf "$own" 5000
ok 'the link continues, and is helped' expects_are 1
ok 'it is forgotten' r conntrack -F expect
egg_other leaf 's un No more.\n'
refuses 'after a refusal' wrong-side leaf egg_send "$own" 5000

say 'The other bot shares.'
refuses 'without an offer' wrong-side leaf egg_other 's us 167772418 5002 39\n'
egg_other leaf 's u?\n'
talk leaf 's uy exempts\n'
refuses 'the address of the bot that has linked' foreign leaf egg_other "s us $own 5002 39\\n"
egg_other leaf 's us 167772418 5002 39\n'
like 'an expectation from the bot that has linked' "$(expects)" \
	' src=10\.0\.0\.2 dst=10\.0\.1\.2 sport=0 dport=5002 '
ok 'it is forgotten' r conntrack -F expect

say 'A browser that posts lines of eggdrop to the port'
posts() { # NAME TEXT: one connection; it is counted once, and nothing opens
	local before name=$1
	before=$(egg_stat malformed)
	talk_first='' talk_open "$name" n0 10.0.1.2
	talk "$name" "$2" "${egg_greeting}s u?\\nECHO s uy\\n" "s us $own 5000 39\\n"
	is "$2: counted once" "$(egg_stat malformed)" $((before + 1))
	ok "$2: nothing opens" expects_are 0
}
posts web_a 'POST / HTTP/1.1\r\nHost: 10.0.1.2\r\n\r\nleaf\n'
posts web_b 'POST / HTTP/1.1\r\n|leaf\n'
posts web_c 'PO|ST / HTTP/1.1\r\n|leaf\n'
posts web_d '\r\n|leaf\n'
posts web_e "$(printf 'a%.0s' {1..33})|\\n|leaf\\n"
posts web_f '@leaf\n|leaf\n'
posts web_g "$(printf 'a%.0s' {1..600})\\nleaf\\n"
talk_first='l|ea|f|\n'$egg_greeting talk_open pieces n0 10.0.1.2
egg_offer pieces
egg_send pieces "$own" 5000
ok 'the name of a bot in pieces' expects_are 1
ok 'it is forgotten' r conntrack -F expect

say 'IPv6'
talk_open six n0 fd00:0:0:1::2
egg_offer six
egg_send six fd00::2 +5000
like 'an expectation' "$(expects)" \
	'l3proto = 10 proto=6 src=fd00:.* dst=fd00:0000:.*:0002 sport=0 dport=5000'
before=$(egg_stat foreign)
egg_send six fd00:0:0:2::2 5001
egg_send six "$own" 5001
is 'other addresses are refused' "$(egg_stat foreign)" $((before + 2))

say 'By a rule'
ok 'the switch is off' r sysctl -qw net.netfilter.nf_autohelper=0
talk_open off n0 10.0.1.2
before=$(counts)
egg_offer off
egg_send off "$own" 5002
is 'a link without the helper' "$(counts)" "$before"
ipt r -t raw -A PREROUTING -i r0 -p tcp --dport 3333 -j CT --helper eggdrop
talk_open rule n0 10.0.1.2
egg_offer rule
egg_send rule "$own" 5002
like 'CT --helper' "$(expects)" 'dport=5002 '
done_testing
