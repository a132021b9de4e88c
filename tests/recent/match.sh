#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What rules of the recent match match, of all kinds, IPv4 and IPv6: each packet's fate is compared.
#
#   r (alone)
#	send sends packets from many sources to r itself; a packet comes through if its port's rule
#	matches
. "${0%/*}/../lib/scenario.sh"
namespace r
send() { r "${0%/*}/send" "$@"; }

rules() { # iptables|ip6tables PORT=MATCH...: one rule a port, and nothing else comes through
	{
		printf '*filter\n:INPUT DROP\n'
		for rule in "${@:2}"; do
			printf -- '-A INPUT -p udp --dport %s -m recent %s -j ACCEPT\n' \
				"${rule%%=*}" "${rule#*=}"
		done
		echo COMMIT
	} | r "$1-$BACKEND-restore" -w
}

matches=(
	'1000=--name A --set' '1001=--name A --rcheck' '1002=--name A ! --rcheck' \
		'1003=--name A --update --seconds 4294967295'
	'1004=--name A --rcheck --hitcount 3' '1005=--name A --rcheck --seconds 2' \
		'1006=--name A --rcheck --seconds 2 --hitcount 2'
	'1007=--name A --rcheck --rttl' '1008=--name A --remove' '1009=--name A ! --set' \
		'1010=--name A ! --remove'
	'1011=--name B --rcheck' '1012=--name A --rcheck --seconds 4294967295 --hitcount 3' \
		'1013=--name A --update --hitcount 8'
	'1014=--name A ! --update --seconds 2' '1015=--name D --set --rdest' \
		'1016=--name A --update --seconds 2 --reap'
	'1017=--name One --set --list-size 1 --list-stamps 1' '1018=--name One --rcheck' \
		'1030=--name H --rcheck --hitcount 65535'
	'1020=--name P --set --prefix 24' '1021=--name P --rcheck --prefix 24'
	'1022=--name T --set --list-timeout 2' '1023=--name T --rcheck'
	'1024=--name E --set --list-size 3' '1025=--name E --rcheck'
	'1026=--name F --set --list-size 2 --list-full refuse' '1027=--name F --rcheck'
)
ok 'IPv4 rules are loaded' rules iptables "${matches[@]}"
ok 'IPv6 rules are loaded, into the same lists' rules ip6tables "${matches[@]//prefix 24/prefix 64}"

a=192.0.2.1 b='[fd00::b]'
# shellcheck disable=SC2086 # packets are one word each
{
is 'not in the list, in the list, in another list' \
	"$(send $a:1001 $a:1002 $a:1000 $a:1001 $a:1002 $a:1011 192.0.2.2:1001)" 0111000
is 'the same for IPv6' "$(send $b:1001 $b:1002 $b:1000 $b:1001 $b:1002 $b:1011 '[fd00::c]:1001')" \
	0111000
is 'hit counts: two are not three' "$(send $a:1000 $a:1004 $a:1012 $a:1000 $a:1004 $a:1012)" 100111
is 'a check adds no hits, an update adds one where it matches' \
	"$(send $b*4:1001 $b:1004 $b*2:1003 $b:1004 $b:1013 $b*5:1003 $b*2:1013)" 1111011101111111
is 'TTL: of the packet noted last' \
	"$(send $b%63:1007 $b%64:1007 $b%63:1003 $b%63:1007 $b%64:1007)" 01110
is 'remove: once' "$(send $b:1008 $b:1008 $b:1001 $b:1010)" 1001
is 'inverted set notes, and does not match' "$(send $b:1009 $b:1001)" 01
is 'the destination: it has been seen' "$(send $b:1015 '[fd00::d]:1015' "/proc/net/xt_recent/D=")" \
	11
like 'and is in the list, once' "$(r cat /proc/net/xt_recent/D)" \
	'^src=0000:0000:0000:0000:0000:0000:0000:0001 ttl: 64 last_seen: [0-9]+ oldest_pkt: 2 [0-9]+, [0-9]+$'

is 'the time of day may be set: it is another clock' \
	"$(send $b:1008 $b:1000 clock=864000 $b:1005 $b:1014 clock=-864000 $b:1005 $b:1014 \
	$b:1008)" 1110101

say 'Time passes. A: seen, and seen again 1.2 s later; five others and two of T are seen once,'
say 'one of T twice.'
is 'the last 2 seconds; and reaping what is older, all of it; and dying' \
	"$(send $a:1008 $a:1000 $a:1005 $a:1006 192.0.2.10+5:1000 10.0.0.1+2:1022 \
	sleep=1.2 $a:1005 $a:1000 $a:1006 10.0.0.2:1022 sleep=1.2 $a:1005 $a:1006 $a:1014 \
		192.0.2.20:1000 192.0.2.20:1016 \
	192.0.2.10+5:1001 192.0.2.20:1001 10.0.0.1+2:1023 sleep=1.2 $a:1005 $a:1014 $a:1005 \
		$a:1001)" \
	11101111111111110011000001010111
}
is 'prefixes' "$(send 10.1.1.1:1020 10.1.1.200:1021 10.1.2.1:1021 '[fd00:1::1]:1020' \
	'[fd00:1::ffff:2]:1021' '[fd00:1:0:1::2]:1021')" 110110
like 'are what the list holds' "$(r cat /proc/net/xt_recent/P)" 'src=10\.1\.1\.0 '
is 'a written address is put under the mask as well' \
	"$(send '/proc/net/xt_recent/P=+10.9.9.9\n' 10.9.9.1:1021)" 1
ipt r -I INPUT -p udp --dport 1029 -m recent --name P --rcheck --prefix 16 -j ACCEPT
is 'a list keeps the mask of its first rule' "$(send 10.1.1.77:1029 10.1.2.1:1029)" 10
like 'and the log says so' "$(klog)" 'xt_recent: the list "P" keeps the mask of its first rule'
is 'the list is full: the address unseen for longest is evicted' \
	"$(send 10.0.0.1:1024 sleep=0.02 10.0.0.2:1024 sleep=0.02 10.0.0.3:1024 \
	sleep=0.02 10.0.0.1:1024 sleep=0.02 10.0.0.4:1024 10.0.0.1+4:1025)" 111111011
is 'the list is full: it refuses, the rule matches nevertheless' \
	"$(send 10.0.0.1+3:1026 10.0.0.1+3:1027 '/proc/net/xt_recent/F=+1.2.3.4\n')" 111110E28
is 'a list of one address, of either family, and of one time' \
	"$(send "$a:1017" "$a:1018" "$b*3:1017" "$a:1018" "$b:1018")" 1111101
like 'that is all it has' "$(r cat /proc/net/xt_recent/One)" \
	'^src=fd00:[0:]*000b ttl: 64 last_seen: ([0-9]+) oldest_pkt: 1 [0-9]+$'
is 'who is dead is not shown any more' "$(r cat /proc/net/xt_recent/T)" ''
until_ok 'and takes no room, though nobody asks for him' 20 r grep -q \
	'^T entries=0 .* expired=[12]$' /proc/net/xt_recent_stat
stat=$(r cat /proc/net/xt_recent_stat)
like 'what happened to E is counted' "$stat" \
	'E entries=3 size=3 stamps=5 timeout=0 full=evict memory=[0-9]+ added=4 evicted=1 refused=0'
like 'and to F' "$stat" 'F entries=2 size=2 .* full=refuse .* added=2 evicted=0 refused=2'

say 'A rule with a larger hit count comes: what the list knows stays known.'
send 10.5.5.5*5:1000 >"$TMP/null"
ipt r -I INPUT -p udp --dport 1028 -m recent --name A --rcheck --hitcount 600 -j ACCEPT
is 'a hit count of 600' "$(send 10.5.5.5:1004 10.5.5.5*594:1000 10.5.5.5:1028 10.5.5.5*2:1000 \
	10.5.5.5:1028)" \
	"1$(printf '1%.0s' {1..594})0111"
is 'all times are shown' "$(r grep -o 'src=10\.5\.5\.5 .*' /proc/net/xt_recent/A | grep -o \
	'[0-9]*,' | wc -l)" 599
r perl -e 'print "10.6.6.6\n" x 65534' >"$TMP/times"
r bash -c "cat $TMP/times >/proc/net/xt_recent/H"
is 'the largest hit count' "$(send 10.6.6.6:1030 '/proc/net/xt_recent/H=+10.6.6.6\n' \
	10.6.6.6:1030)" 01
is 'so many times are shown, too' "$(r grep -o , /proc/net/xt_recent/H | wc -l)" 65534
done_testing
