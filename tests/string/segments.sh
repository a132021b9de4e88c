#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --stream, segment by segment: which ones match, exactly. Strings, beginnings, sets and their
# marks; sent again, out of order, missing, reset, untracked, UDP; a set that is replaced meanwhile;
# which connections are forgotten, and when. IPv4 and IPv6.
#
#	n0 -- r (the rules, FORWARD) -- n1
#
# n0 sends single segments and n1 is silent: conntrack picks up an established connection.
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
stringset=$PWD/build/tools/stringset
here=${0%/*}
topology
rules n0 46 <<'END'
*filter
-A INPUT -p tcp -j DROP
COMMIT
END
rules n1 46 <<'END'
*filter
-A INPUT -j DROP
COMMIT
END

printf '%s\n' '--mark 5 abcdef' '--prefix --mark 6 HELO' plain >"$TMP/set"
ok 'a set' r "$stringset" load split "$TMP/set"
rules r 46 <<'END'
*raw
-A PREROUTING -p tcp --dport 89 -j CT --notrack
COMMIT
*mangle
-A FORWARD -p tcp --dport 84 -m string --set split --stream --mark-mask 0xf
COMMIT
*filter
-A FORWARD -p tcp --dport 81 -m string --string abcdef --stream
-A FORWARD -p tcp --dport 82 -m string --string HELO --stream --prefix
-A FORWARD -p tcp --dport 83 -m string ! --string abcdef --stream
-A FORWARD -p tcp --dport 84 -m mark --mark 5/0xf
-A FORWARD -p tcp --dport 84 -m mark --mark 6/0xf
-A FORWARD -p tcp --dport 85 -m string --string ABCdef --icase --stream
-A FORWARD -p tcp --dport 86 -m string --string abcdef --stream
-A FORWARD -p tcp --dport 87 -m string --set split --stream
-A FORWARD -p udp --dport 88 -m string --string abcdef --stream
-A FORWARD -p tcp --dport 89 -m string --string abcdef --stream
COMMIT
END

# NAME PORT SEQ:DATA..: segments of one connection; an empty one, which conntrack begins with, comes
# before them
conversation() {
	local name=$1 part
	echo "$name from=$from to=$to dport=$2 flags=A seq=1000"
	for part in "${@:3}"; do
		echo "more as=$name flags=A seq=${part%%:*} data=${part#*:}"
	done
}
sends() { n0 "$here/../lib/segments" --barrier none; }
conversations() {
	conversation again 81 1000:..abc 1005:def.. 1005:def.. 1009:.---- 1014:abcxef
	conversation prefix 82 1000:HE 1002:LO 1004:HELO
	conversation late 82 1000:xHELO
	conversation invert 83 1000:..abc 1005:def.. 1005:def..
	conversation marks 84 1000:..abc 1005:def.. 1005:def.. 1009:.plain 1015:plain
	conversation begins 84 1000:HE 1002:LO 1004:HELO
	conversation reordered 85 1000:..ab 1006:ef.. 1004:cd
	conversation gaps 85 1000:..ab 1006:ef-- 1012:-- 1004:cd
	conversation over 86 1000:..abc
	echo "reset as=over flags=RA seq=1005"
	echo "more as=over flags=A seq=1005 data=def"
	echo "more as=over flags=A seq=1008 data=abcdef"
	conversation untracked 89 1000:..abc 1005:def 1008:abcdef
	echo "before from=$from to=$to dport=87 sport=7000 flags=A seq=1000"
	echo "more as=before flags=A seq=1000 data=..abc"
}
wanted=(
	# of the set: the segment that completes abcdef, three times with what came again; plain;
	# HELO
	5
	3 # it comes, it comes again, what overlaps it
	1 # at the beginning, and nowhere else
	2 # the empty one and the first
	3 # all parts of what was found get its mark, also when something else is in them
	1 # the beginning
	1 # one gap, not two
	1 # not over a reset
	1 # not over the set's replacement
	1 # UDP: packet by packet
	1 # so is what conntrack does not know
)
counts_are() { # 4|6 COUNT.. of rules with a string or a mark
	local program=iptables got
	[[ $1 == 4 ]] || program=ip6tables
	got=$(_quiet=1 r "$program-$BACKEND-save" -c |
		sed -n 's/^\[\([0-9]*\):.*-A FORWARD.*/\1/p' | paste -sd ' ')
	[[ $got == "${*:2}" ]] || { printf 'wanted %s\ngot    %s\n' "${*:2}" "$got" && return 1; }
}
# iptables-nft and iptables-legacy do not save tables in the same order.
in_order() { # 4|6
	local tables
	tables=$(_quiet=1 r "$([[ $1 == 4 ]] && echo iptables || echo ip6tables)-$BACKEND-save" |
		sed -n 's/^\*//p' | paste -sd ' ')
	if [[ ${tables%filter*} == *mangle* ]]; then echo "${wanted[@]}"; else echo \
		"${wanted[@]:1}" "${wanted[0]}"; fi
}

for family in 4 6; do
	from=10.0.0.2 to=10.0.1.2
	[[ $family == 4 ]] || from=fd00::2 to=fd00:0:0:1::2
	conversations | sends
	ok 'the set is replaced by the same one' r "$stringset" load split "$TMP/set"
	sends <<<"after from=$from to=$to dport=87 sport=7000 flags=A seq=1005 data=def
more as=after flags=A seq=1008 data=abcdef"
	n0 "$here/../lib/udp-send" "$to" 88 xabcdefx ..abc def
	mapfile -d ' ' -t want < <(in_order "$family")
	until_ok "IPv$family: what matches, and nothing else" 10 counts_are "$family" \
		"${want[@]%$'\n'}"
done
is 'the counters are those of the new set' \
	"$(r "$stringset" list --json | jq -c '.[].patterns | map(.hits)')" '[1,0,0]'

say 'Connections are forgotten: when nothing comes any more, and sooner where both sides have ended them.'
status_is() { [[ $(_quiet=1 r cat /proc/net/nf_string/status) == *$'\n'"$1"$'\n'* ]]; }
ipt r -F FORWARD
ip6t r -F FORWARD
ipt r -t mangle -F
ip6t r -t mangle -F
until_ok 'none without rules' 10 status_is 'streams 0'
timeout=/sys/module/xt_string/parameters/streams_timeout
echo 40 >$timeout
ipt r -A FORWARD -p tcp -m string --string abcdef --stream
from=10.0.0.2 to=10.0.1.2
{
	echo "stays from=$from to=$to dport=90 sport=7001 flags=A seq=1000"
	echo "more as=stays flags=A seq=1000 data=abc"
	echo "ends from=$from to=$to dport=90 sport=7002 flags=A seq=1000"
	echo "more as=ends flags=FA seq=1000 data=abc"
} | sends
# A connection without a reply is forgotten sooner.
n1 "$here/../lib/segments" \
	--barrier none <<<"ends from=$to to=$from sport=90 dport=7002 flags=FA seq=1 ack=1004
stays from=$to to=$from sport=90 dport=7001 flags=A seq=1 ack=1003"
is 'two are known' "$(r sed -n 's/^streams //p' /proc/net/nf_string/status)" 2
until_ok 'one of them ends' 12 status_is 'streams 1'
sends <<<"stays from=$from to=$to dport=90 sport=7001 flags=A seq=1003 data=def"
until_ok 'the other goes on' 10 counter_is r 4 filter FORWARD 1 1
ipt r -F FORWARD
echo 5 >$timeout
ipt r -A FORWARD -p tcp -m string --string abcdef --stream
sends <<<"stays from=$from to=$to dport=90 sport=7001 flags=A seq=1006 data=abc"
is 'a rule knows its own' "$(r sed -n 's/^streams //p' /proc/net/nf_string/status)" 1
until_ok 'some seconds later it does not any more' 10 status_is 'streams 0'
echo 600 >$timeout
ipt r -F FORWARD
r "$stringset" destroy split
done_testing
