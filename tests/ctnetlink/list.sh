#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct list prints what conntrack -L prints: all protocols, both families, NAT, zones, marks. A filter
# selects the same connections as grep does.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1	connections through r, and some that conntrack(8) has made in r
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
all_kinds

# both: lists of both programs, while nothing else happens
lists_equal() {
	r conntrack -L 2>/dev/null | steady >"$TMP/theirs"
	r "$tool" list | steady >"$TMP/ours"
	cmp "$TMP/theirs" "$TMP/ours"
}
until_ok 'the lists are equal' 10 lists_equal
like 'none is empty' "$(wc -l <"$TMP/ours")" '^4[0-9]$'
is 'ct count' "$(r "$tool" count)" "$(wc -l <"$TMP/ours")"
is 'JSON: as many' "$(r "$tool" list --json | jq length)" "$(wc -l <"$TMP/ours")"
is 'JSON: a ping' "$(r "$tool" list --json proto icmp |
	jq -c '.[] | [.family, .protocol, .original.src, .original.type, .reply.packets]')" \
	'["ipv4","icmp","10.0.0.2",8,2]'
is 'JSON: ids are those of ctnetlink' \
	"$(r "$tool" list --json | jq '.[].id' | sort)" \
	"$(r conntrack -L -o id 2>/dev/null | sed -n 's/.* id=//p' | sort)"

# on_terminal ARG..: what a terminal shows, with single blanks
on_terminal() {
	r script -qec "$tool $*" /dev/null </dev/null | tr -d '\r' |
		sed 's/^ *//; s/  */ /g; s/ $//'
}
on_terminal list >"$TMP/table"
is 'a terminal: a row for each' "$(tail -n +2 "$TMP/table" | wc -l)" "$(wc -l <"$TMP/ours")"
like 'with headings' "$(head -n 1 "$TMP/table")" \
	'^PROTOCOL STATE FROM TO .*LEFT .*PACKETS BYTES STATUS'
like 'and units' "$(grep '^gre ' "$TMP/table")" \
	'^gre - 192\.0\.2\.1 192\.0\.2\.2( -)* (50\.0|4[0-9]\.[0-9]) min .* B unreplied '
like 'after NAT, with the address of answers' "$(grep ':7002 ' "$TMP/table")" \
	'^udp - 10\.0\.0\.2:[0-9]+ 10\.0\.1\.2:7002 10\.0\.1\.77:[0-9]+ '
is 'sorted' "$(tail -n +2 "$TMP/table" | cut -d ' ' -f 1)" \
	"$(tail -n +2 "$TMP/table" | cut -d ' ' -f 1 | LC_ALL=C sort)"
like 'groups' "$(on_terminal count by proto)" \
	$'^CONNECTIONS PACKETS BYTES KEY\n[0-9]+ [0-9]+ .*B (tcp|udp)\n'

say 'Filters.'
# selects DESC REGEX FILTER..: the filter selects the lines that match REGEX
selects() {
	is "$1" "$(r "$tool" list "${@:3}" | steady)" "$(grep -E "$2" "$TMP/ours")"
	is "$1: the count" "$(r "$tool" count "${@:3}")" "$(grep -cE "$2" "$TMP/ours")"
}
selects 'a protocol' '^tcp ' proto tcp
selects 'two' '^(tcp|gre) ' proto tcp,gre
selects 'one by its number' '^unknown ' proto 99
selects 'a state' ' (CLOSE|TIME_WAIT) ' state CLOSE,TIME_WAIT
selects 'no answer' UNREPLIED status unreplied
selects 'ports' ' dport=700[1-3] .* dport=' dport 7001-7003
selects 'a source network' ' T ([A-Z_]+ )?src=192\.0\.2\.' src 192.0.2.0/24
selects 'an IPv6 network' 'src=2001:db8::1 ' addr 2001:db8::/32
selects 'marks' 'mark=100[1-3] ' mark 1001,1002,1003
selects 'a zone' 'zone=7 ' zone 7
selects 'NAT' 'dst=10\.0\.1\.7[78] ' status nat
selects 'the address that NAT gives' 'dst=10\.0\.1\.77 ' reply-dst 10.0.1.77
selects 'bytes' '^icmp .*bytes=168' proto icmp bytes '>300'
is 'not' "$(($(r "$tool" count proto udp dport 7000-7005) +
	$(r "$tool" count proto udp not dport 7000-7005)))" "$(grep -c '^udp ' "$TMP/ours")"
is 'a ping has no port' "$(r "$tool" count proto icmp not port 0-65535)" 1
is 'time left' "$(r "$tool" count left '>2000')" "$(grep -cE 'src=(192\.0\.2|2001:)' "$TMP/ours")"
is 'nothing' "$(r "$tool" list dst 203.0.113.1)" ''

say 'Groups.'
is 'by destination' "$(r "$tool" count by dst src 192.0.2.1)" '11 192.0.2.2'
is 'by protocol' "$(r "$tool" count by proto src 192.0.2.1)" $'9 tcp\n1 gre\n1 99'
is 'by state' "$(r "$tool" count by state src 192.0.2.1 state ESTABLISHED,CLOSE)" \
	$'2 ESTABLISHED\n1 CLOSE'
is 'by zone' "$(r "$tool" count by zone proto udp dport 7000-7002 | sort)" $'1 0\n1 7\n1 9'
is 'JSON' "$(r "$tool" count --json by dport proto udp dport 7002 |
	jq -c '.[] | [.dport, .connections]')" '["udp/7002",1]'

say 'Counters that do not exist.'
r sysctl -q -w net.netfilter.nf_conntrack_acct=0
flood n0 10.0.1.2 8000 3
like 'a filter reports it' "$(r "$tool" count proto udp dport 8000-8002 not bytes 1 2>&1)" \
	$'^ct: 3 connections have no counters; .*nf_conntrack_acct=1\n0$'
done_testing
