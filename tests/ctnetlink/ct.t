#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct(8) without a kernel: filters in words become terms, records become lines and JSON.
# inputs: tests/project/build/lib.sh tests/project/lint/lib.sh tools/* include/*
# shellcheck source=../project/build/lib.sh
. "${0%/*}/../project/build/lib.sh"
for program in gcc jq script; do need "$program"; done
unset CFLAGS LDFLAGS CPPFLAGS
export ASAN_OPTIONS=detect_leaks=0 # an exit frees nothing

ok 'the program is built' gcc -std=gnu11 -Wall -Wextra -Werror -Wno-missing-field-initializers \
	-fsanitize=address,undefined -Iinclude -DPOM_VERSION='"1"' -o "$TAP_TMP/ct-try" \
	tests/ctnetlink/ct-try.c tools/ctnetlink/ct-{expectation,filter,invalid,names}.c \
	tools/ctnetlink/ct-{print,table,watch}.c \
	tools/lib/{cli,json,table}.c
try() { "$TAP_TMP/ct-try" "$@" 2>&1; }

# Terms: field, flags, then family/prefix and address, or the numbers.
is 'a protocol' "$(try filter proto tcp)" '2 0 6-6'
is 'alternatives' "$(try filter dport 80,443-450)" $'9 0 80-80\n9 2 443-450'
is 'not: none of them' "$(try filter not dport 80,443)" $'9 1 80-80\n9 1 443-443'
is 'several' "$(try filter zone 1 ! mark 0x10/0xf0)" $'19 0 1-1\n18 1 10/f0'
is 'signs' "$(try filter packets '<=10' left '<1h' zone '>=5')" \
	$'27 0 0-10\n20 0 0-3599\n19 0 5-65535'
is 'units' "$(try filter bytes '>1M' age 2d)" \
	$'24 0 1048577-18446744073709551615\n23 0 172800-172800'
is 'an address' "$(try filter src 10.1.2.3)" '3 0 2/32 0a010203'
is 'networks of both families' "$(try filter addr 10.0.0.0/8,2001:db8::/32)" \
	$'7 0 2/8 0a000000\n7 2 10/32 20010db8000000000000000000000000'
is 'a state of two protocols' "$(try filter state established)" $'15 0 3-3\n16 2 4-4'
is 'NAT' "$(try filter status nat)" $'17 0 10/10\n17 2 20/20'
is 'unreplied' "$(try filter status unreplied,assured)" $'17 1 2/2\n17 2 4/4'
is 'not unreplied' "$(try filter not status unreplied)" '17 0 2/2'
is 'helpers' "$(try filter helper ftp,none)" $'21 0 "ftp"\n21 2 ""'
is 'nothing' "$(try filter)" ''

for words in 'dport' 'not' 'colour red' 'dport 65536' 'dport 2-1' 'dport <0' 'dport >65535' \
	'dport 1-' 'dport x' 'dport 1,' 'bytes 1X' 'bytes 99999999T' 'src 10.0.0.0/33' \
	'src 1.2.3' 'src 1.2.3.4/' 'src ::/129' 'state OPEN' 'status up' 'mark 16/15' \
	'mark 1/x' 'mark 4294967296' 'helper 1234567890123456' 'family ipx' 'proto 256' \
	'proto foo' 'label 128' 'dport -1'; do
	# shellcheck disable=SC2086 # words
	like "refused: $words" "$(try filter $words)" '^wrong: '
done
many=$(seq -s, 1 64)
is '64 terms' "$(try filter dport "$many" | wc -l)" 64
like 'not 65' "$(try filter dport "$many" zone 1)" '^wrong: .* more than 64 terms$'

is 'a line of TCP' "$(try line tcp)" "$(printf 'tcp      6 300 ESTABLISHED %s %s %s %s' \
	'src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80 packets=3 bytes=180' \
	'src=10.0.0.2 dst=255.255.255.255 sport=80 dport=1234' \
	'packets=2 bytes=18446744073709551615 [ASSURED]' \
	'mark=5 zone=7 delta-time=60 helper=ftp use=1')"
is 'a line of ICMPv6' "$(try line icmpv6)" "$(printf 'icmpv6   58 30 src=2001:db8::1 %s %s' \
	'dst=2001:db8::2 type=128 code=0 id=77 [UNREPLIED]' \
	'src=2001:db8::2 dst=2001:db8::1 type=129 code=0 id=77 mark=0 use=1')"
is 'a line of GRE in an original zone' "$(try line gre)" "$(printf 'gre      47 30 %s %s' \
	'src=10.0.0.1 dst=10.0.0.2 srckey=0x1 dstkey=0x2 zone-orig=9 [UNREPLIED]' \
	'src=10.0.0.2 dst=10.0.0.1 srckey=0x2 dstkey=0x1 mark=0 use=1')"
is 'a line of a flow table' "$(try line offload)" "$(printf 'udp      17 src=10.0.0.1 %s %s' \
	'dst=10.0.0.2 sport=1 dport=2 [UNREPLIED] src=10.0.0.2' \
	'dst=10.0.0.1 sport=2 dport=1 [OFFLOAD] mark=0 use=1')"
is 'JSON' "$(try json tcp | jq -c '[.id, .family, .protocol, .state, .timeout, .original.sport,
	.reply.bytes, .status, .mark, .original.zone, .age, .helper, .labels, .master]')" \
	"$(printf %s '[4000000000,"ipv4","tcp","ESTABLISHED",300,1234,18446744073709552000,' \
	'["seen_reply","assured"],5,7,60,"ftp",[0,33,127],99]')"
is 'JSON without what it lacks' "$(try json icmpv6 | jq -c '[.state, .age, .labels, .original]')" \
	'[null,null,null,{"src":"2001:db8::1","dst":"2001:db8::2","type":128,"code":0,"id":77}]'

# list on a terminal.
columns() { tr -d '\r' | sed 's/  */ /g; s/^ //; s/ $//'; }
is 'a table' "$(try table tcp icmpv6 gre offload | columns)" "$(printf '%s\n' \
	'PROTOCOL STATE FROM TO ANSWERS TO LEFT AGE PACKETS BYTES STATUS MARK ZONE HELPER' \
	'gre - 10.0.0.1 10.0.0.2 - 30 s - - - unreplied - 9 -' \
	'icmpv6 - 2001:db8::1 2001:db8::2 - 30 s - - - unreplied - - -' \
	'tcp ESTABLISHED 10.0.0.1:1234 10.0.0.2:80 255.255.255.255:1234 5.0 min 60 s 5 179 B '\
'assured 5 7 ftp' \
	'udp - 10.0.0.1:1 10.0.0.2:2 - - - - - offload - - -')"

# What the module nf_ct_tcpwindow keeps of refused segments.
printf '%s\n' 'seq-over rst truncated' '00000001 00000000 0000000a' '00000002 00000000 00000000' \
	>"$TAP_TMP/counters"
segment='src=10.0.0.1 dst=10.0.1.2 sport=1 dport=80 flags=PA seq=4294967295 ack=0 bound=7'
printf '%s\n' "1000000 seq-over $segment" '1000001 truncated src=fd00::1 dst=fd00::2' \
	>"$TAP_TMP/list"
is 'refused segments' "$(TZ=UTC try invalid "$TAP_TMP"/{counters,list})" "$(printf '%s\n' \
	'3 seq-over' '10 truncated' "1970-01-12 13:46:40 seq-over $segment" \
	'1970-01-12 13:46:41 truncated src=fd00::1 dst=fd00::2')"
is 'refused segments on a terminal' "$(TZ=UTC script -qec \
	"$TAP_TMP/ct-try invalid $TAP_TMP/counters $TAP_TMP/list" /dev/null </dev/null | columns)" \
	"$(printf '%s\n' 'SEGMENTS REASON' '10 truncated' '3 seq-over' '' 'TIME REASON SEGMENT' \
		"1970-01-12 13:46:40 seq-over $segment" \
		'1970-01-12 13:46:41 truncated src=fd00::1 dst=fd00::2')"
is 'JSON: refused segments' \
	"$(try invalid "$TAP_TMP"/{counters,list} json | jq -c '.counters, .segments[]')" \
	"$(printf '%s%s\n' '{"seq-over":3,"rst":0,"truncated":10}' '' \
	'{"time":1000000,"reason":"seq-over","src":"10.0.0.1","dst":"10.0.1.2","sport":1,' \
	'"dport":80,"flags":"PA","seq":4294967295,"ack":0,"bound":7}' \
	'{"time":1000001,"reason":"truncated","src":"fd00::1","dst":"fd00::2"}' '')"
is 'JSON: none' "$(try invalid "$TAP_TMP/counters" /dev/null json | jq -c .segments)" '[]'
for wrong in '' 12 rst; do
	echo "$wrong" >"$TAP_TMP/wrong"
	like "no list: '$wrong'" "$(try invalid "$TAP_TMP"/{counters,wrong})" 'wrong$'
done
echo '12 rst src' >"$TAP_TMP/wrong"
like 'JSON: no list' "$(try invalid "$TAP_TMP"/{counters,wrong} json)" 'wrong$'
echo 'a b' | cat - <(echo 1) >"$TAP_TMP/wrong"
is 'no counters' "$(try invalid "$TAP_TMP"/{wrong,list})" wrong

is 'records that are cut off are none' "$(try cut)" 'none'
is 'kinds of events' "$(for kinds in new destroy,NEW mark,labels,helper,reply,assured,state \
	expect-new,expect-destroy; do
	try kinds $kinds
done | xargs)" '1 129 126 768'
is 'no kinds' "$(for kinds in old 'new,' ',' 'new,,mark' ''; do try kinds "$kinds"; done | xargs)" \
	'0 0 0 0 0'
line="icmpv6   58 30 src=2001:db8::1 dst=2001:db8::2 type=128 code=0 id=77 [UNREPLIED] \
src=2001:db8::2 dst=2001:db8::1 type=129 code=0 id=77 mark=0 use=1"
is 'events, and parts of one' "$(TZ=UTC try events line)" \
	"$(printf '1970-01-12 13:47:40.001002 %s\n' \
	"new $line" "mark,destroy $line" "new $line")"
is 'events in JSON' "$(try events json | jq -c '[.time, .events, .lost, .connection.protocol]')" \
	'[1000060.001002003,["new"],0,"icmpv6"]
[1000060.001002003,["mark","destroy"],3,"icmpv6"]
[1000060.001002003,["new"],0,"icmpv6"]'
is 'expectations, and parts of one' "$(TZ=UTC try expected line | tr -s ' ')" \
	"$(printf '1970-01-12 13:47:40.001002 expect-%s\n' \
	'new ftp tcp 300 10.0.1.2:any 10.0.0.2:4001 10.0.0.2:999 10.0.1.2:21 inactive zone=7' \
	'destroy ftp tcp 300 [2001:db8::1]:20 [2001:db8::2]:4001 [2001:db8::2]:999 [2001:db8::1]:21')"
is 'an expectation in JSON' "$(try expected json | jq -c '[.events, (.expectation |
	.helper, .class, .src, .src_port, .dst_port, .master.dst_port, .zone, .flags)]')" \
	'[["expect-new"],"ftp",2,"10.0.1.2",null,4001,21,7,["inactive"]]
[["expect-destroy"],"ftp",0,"2001:db8::1",20,4001,21,0,[]]'
done_testing
