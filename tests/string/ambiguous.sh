#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --stream-ambiguous: connections in which copies of the same bytes differ, or with urgent data, and
# no others. Copies that are equal, different, cut at other places, behind a gap, acknowledged, too
# far back, with a wrong checksum and outside of the window, behind a RST, behind a SYN+ACK that
# conntrack ignores, or of two connections with the same ports; urgent data; both directions; a
# download with losses; the limit of memory. IPv4 and IPv6; conntrack as it is, and with the checks
# of windows and checksums switched off.
#
#	n0 -- r (the rules, FORWARD) -- n1	both send segments made by hand, and answer nothing
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=forged.lib
. "${0%/*}/forged.lib"
rules r 46 <<'END'
*filter
-A FORWARD -p tcp --dport 81 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 82 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 83 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 84 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 85 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 86 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 87 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 88 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 89 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 90 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 91 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 92 -m string ! --stream-ambiguous
-A FORWARD -p tcp --sport 93 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 94 -m string --stream-ambiguous
-A FORWARD -p tcp --dport 95 -m string --stream-ambiguous
-A FORWARD -p tcp --sport 96 -m string --stream-ambiguous
-A FORWARD -p tcp -m multiport --ports 97 -m string --stream-ambiguous
COMMIT
END
ports=({81..95})
wanted=(
	0 # the same again
	2 # a byte differs, and the next segment
	0 # the same again, cut at other places
	1 # a byte differs in a part
	1 # a byte differs from one behind a gap
	0 # the receiver has acknowledged what differs; a keep-alive with a byte of its own
	0 # a wrong checksum
	0 # outside of the window
	2 # urgent data, and the next segment
	0 # too far back
	1 # not too far back
	3 # inverted: SYN, ACK and the first copy
	1 # the other direction
	1 # a RST between the copies
	3 # a byte differs, a RST, and the copy again
	1 # a second SYN+ACK between the copies, which conntrack ignores
	1 # the next connection with these ports, whose own copies differ
)
# LINE.. of a direction: `PORT FLAGS SEQ KEY=VALUE..`
from_n0() {
	local port flags seq more
	while read -r port flags seq more; do
		echo "s from=$a to=$b sport=$((base + port)) dport=$port flags=$flags seq=$seq ack=5000 $more"
	done | sends n0
}
from_n1() {
	local port flags seq more
	while read -r port flags seq more; do
		echo "s from=$b to=$a sport=$port dport=$((base + port)) flags=$flags seq=$seq $more"
	done | sends n1
}
opens() { # PORT..
	printf '%s S 999\n' "$@" | from_n0
	printf '%s SA 4999 ack=1000\n' "$@" | from_n1
	printf '%s A 1000\n' "$@" | from_n0
}
round() { # 4|6 WHAT TIMES
	local count counts=()
	opens "${ports[@]}"
	from_n0 <<-'END'
	86 PA 1000 data=abcdef
	96 S 999
	97 S 999
	END
	from_n1 <<-'END'
	96 SA 4999 ack=1000
	96 PA 5000 ack=1000 data=abcdef
	96 SA 5005 ack=1000
	97 SA 4999 ack=1000
	END
	from_n0 <<-'END'
	96 A 1000
	97 A 1000
	97 PA 1000 data=abcdef
	97 S 899
	END
	from_n1 <<<'97 SA 4999 ack=900'
	from_n0 <<-'END'
	97 A 900
	97 PA 900 len=100
	97 PA 1000 data=abcxef
	97 PA 1004 data=x
	END
	from_n1 <<-'END'
	86 A 5000 ack=1006
	93 PA 5000 ack=1000 data=abcdef
	93 PA 5003 ack=1000 data=dexf
	96 PA 5000 ack=1000 data=abcxef
	END
	from_n0 <<-'END'
	86 PA 1000 data=abcxef
	86 A 1005 data=x
	81 PA 1000 data=abcdef
	81 PA 1000 data=abcdef
	83 PA 1000 data=abcdef
	83 PA 1001 data=bcd
	83 PA 1004 data=efgh
	83 PA 1000 data=abcdefgh
	87 PA 1000 data=abcdef
	87 PA 1000 data=abcxef badsum
	88 PA 1000 data=abcdef
	88 PA 9000000 data=xxxx
	88 PA 9000000 data=yyyy
	90 PA 1000 len=1400
	90 PA 2400 len=1400
	90 PA 3800 len=1400
	90 PA 1000 data=y
	82 PA 1000 data=abcdef
	82 PA 1000 data=abcxef
	82 PA 1006 data=g
	84 PA 1000 data=abcdef
	84 PA 1003 data=dxf
	85 PA 1003 data=def
	85 PA 1000 data=abcdxf
	89 PUA 1000 data=abc
	89 PA 1003 data=def
	91 PA 1000 len=1400
	91 PA 2400 len=1400
	91 PA 3800 len=1400
	91 PA 2400 data=y
	92 PA 1000 data=abcdef
	92 PA 1000 data=abcxef
	94 PA 1000 data=abcdef
	94 R 1000
	94 PA 1000 data=abcxef
	95 PA 1000 data=abcdef
	95 PA 1000 data=abcxef
	95 R 1000
	95 PA 1000 data=abcxef
	END
	for count in "${wanted[@]}"; do counts+=($((count * $3))); done
	until_ok "IPv$1, $2" 10 counts_are "$1" "${counts[@]}"
}
all_rounds 1 2
is 'eleven of each seventeen connections are ambiguous' "$(status streams_ambiguous)" 44
is 'in one of them a segment was too far back' "$(status streams_uncompared)" 4
is 'urgent data is counted' "$(status streams_urgent)" 4
# Those that were reset are forgotten after 30 seconds.
like 'they are counted' "$(status streams_watched)" '^(6[0-8])$'
is 'apart from those of --stream' "$(status streams)" 0
ok 'these checks again' r sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=0 \
	net.netfilter.nf_conntrack_checksum=1

say 'Both kinds of connections have a limit of their own.'
ipt r -F FORWARD
ip6t r -F FORWARD
none() { [[ $(status streams) == 0 && $(status streams_watched) == 0 ]]; }
until_ok 'none without rules' 10 none
a=10.0.0.2 b=10.0.1.2 base=8000
ipt r -A FORWARD -p tcp --dport 81 -m string --string abcdef --stream
ipt r -A FORWARD -p tcp --dport 82 -m string --stream-ambiguous
flood() { # PORT N
	# Conntrack confirms a connection with its first packet; the second one makes an entry.
	for _ in 1 2; do
		sends n0 --flood "$2" --pace $(($2 / 10 + 1)) \
			<<<"flood from=$a to=$b dport=$1 flags=A seq=1000 data=xyz"
	done
}
echo 100 >/sys/module/xt_string/parameters/streams_max
flood 81 90
until_ok 'ninety connections of a search' 10 eval '[[ $(status streams) == 90 ]]'
flood 82 5
until_ok 'of five without one, two displace older ones' 10 \
	eval '[[ $(status streams_evicted) == 2 ]]'
is 'three are left: a 32nd of the limit' "$(status streams_watched)" 3
opens 82
from_n0 <<<$'82 PA 1000 data=abcdef\n82 PA 1000 data=abcxef'
until_ok 'a new one displaces the oldest of them' 10 counter_is r 4 filter FORWARD 2 1
is 'and none of a search' "$(status streams) $(status streams_evicted)" '90 3'
is 'none was refused' "$(status streams_refused)" 0
ipt r -F FORWARD
until_ok 'none without rules' 10 none
echo 31 >/sys/module/xt_string/parameters/streams_max
ipt r -A FORWARD -p tcp --dport 82 -m string --stream-ambiguous
base=9000
opens 82
from_n0 <<<$'82 PA 1000 data=abcdef\n82 PA 1000 data=abcxef'
like 'without space it is not followed' "$(status streams_refused)" '[1-9]'
ok 'and does not match' counter_is r 4 filter FORWARD 1 0
echo 65536 >/sys/module/xt_string/parameters/streams_max

say 'A download in which segments are lost, repeated and reordered is not ambiguous.'
ipt r -F FORWARD
ipt r -A FORWARD -p tcp -m string --stream-ambiguous
ipt n0 -F INPUT
ipt n1 -F INPUT
before=$(status streams_ambiguous)
mkdir "$TMP/www" && seq 50000 >"$TMP/www/text"
bg server n1 busybox httpd -f -p 80 -h "$TMP/www"
serves() { [[ $(n1 ss -tlnH "sport = :80") ]]; }
until_ok 'n1 serves' 10 serves
n1 tc qdisc add dev e0 root netem delay 2ms loss 2% duplicate 2% reorder 20% gap 5
for _ in 1 2 3; do
	ok 'the text passes' n0 curl -gsf -m 60 --noproxy '*' -o "$TMP/got" http://10.0.1.2/text
	ok 'all of it' cmp "$TMP/got" "$TMP/www/text"
done
n1 tc qdisc del dev e0 root
is 'and is not ambiguous' "$(status streams_ambiguous)" "$before"
ok 'nor matches' counter_is r 4 filter FORWARD 1 0
done_testing
