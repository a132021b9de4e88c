#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Pattern sets: loaded, replaced under traffic, listed, counted, marking, refused, capped, each
# namespace its own.
#
#	n0 -- r (the rules, FORWARD) -- n1		n0 sends UDP packets, IPv4 and IPv6
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
stringset=$PWD/build/tools/stringset
udp_send=$PWD/tests/lib/udp-send
sets=/proc/net/nf_string/sets
traffic='' rounds=''
topology

cat >"$TMP/bad" <<'END'
# what we do not want
|7F|ELF
--icase --mark 0x12 union select
--prefix --mark 3 GET /admin
--prefix --icase HELO
cmd.exe
END
ok 'a set is loaded before there is a rule' r "$stringset" load bad "$TMP/bad"
ipt r -A FORWARD -i r0 -p udp -m string --set bad --base payload --mark-mask 0xf
ipt r -A FORWARD -i r0 -p udp -m mark --mark 2
ipt r -A FORWARD -i r0 -p udp -m mark --mark 3
ipt r -A FORWARD -i r0 -p udp -m string ! --set bad --base payload
ip6t r -A FORWARD -i r0 -p udp -m string --set bad --base payload
ip6t r -A FORWARD -i r0 -p udp -m string --set bad --base payload --from 2 --to 12

payloads=('xx\x7fELF' 'a=1 UNION Select 2' 'GET /admin' 'a GET /admin' 'helo there' 'cmd.ex' \
	'cmd.exe' 'a*1200' '')
counts() { # RULE.. of FORWARD, in IPv4
	_quiet=1 r "iptables-$BACKEND" -w 10 -L FORWARD -v -n -x |
		awk 'NR > 2 { printf "%s%s", sep, $1; sep = " " }'
}
counts_are() { [[ $(counts) == "$*" ]] || { echo "got $(counts)" && return 1; }; }
n0 "$udp_send" 10.0.1.2 6969 "${payloads[@]}"
until_ok 'five packets hold a pattern; two have got a mark; four hold none' 10 counts_are 5 1 1 4
n0 "$udp_send" --pieces 2 10.0.1.2 6969 "${payloads[@]}"
until_ok 'the same when the packets lie in pieces' 10 counts_are 10 2 2 8
n0 "$udp_send" fd00:0:0:1::2 6969 "${payloads[@]}"
until_ok 'the same in IPv6' 10 counter_is r 6 filter FORWARD 1 5
is 'two of them in ten bytes from the third on, where one begins' \
	"$(counter r 6 filter FORWARD 2)" 2

hits() { r "$stringset" list --json | jq -c '.[] | [.name, (.patterns | map(.hits))]'; }
is 'what each pattern has found' "$(hits)" '["bad",[6,5,6,5,5]]'
is 'what the last one was' "$(r "$stringset" list --json bad | jq -r '.[0].last')" cmd.exe
like 'the same for people' "$(r "$stringset" list)" '^bad: 5 patterns, [0-9]+ bytes'
r "$stringset" save bad >"$TMP/saved"
is 'save --json prints what list --json does' "$(r "$stringset" save --json bad)" \
	"$(r "$stringset" list --json bad)"
ok 'what is saved can be loaded' r "$stringset" load bad "$TMP/saved"
is 'with its counters' "$(hits)" '["bad",[6,5,6,5,5]]'

say 'The patterns that are found most often.'
is 'top: the sets, and those with most hits first' \
	"$(r "$stringset" top | awk 'NR == 1 || NR > 2 { print $1, $2, $3, $4 }' | paste -sd ';')" \
	'all sets: 5 patterns,;0.0 6 bad --prefix;0.0 6 bad |7f|ELF;'\
'0.0 5 bad --icase;0.0 5 bad --icase;0.0 5 bad cmd.exe'
like 'of one set' "$(r "$stringset" top bad | tail -n 1)" '^ +0\.0 +5  cmd\.exe$'
nok 'of none' r "$stringset" top none
bg rounds r "$stringset" top bad -n 600 -d 0.1
until_ok 'it goes on' 10 grep -q ' cmd\.exe$' "$TMP/rounds.out"
n0 "$udp_send" fd00:0:0:1::2 6969 cmd.exe
is_first() {
	grep -A 1 '^ *HITS/S' "$TMP/rounds.out" | grep -qE '^ +[0-9]*[1-9][.0-9]* +6  cmd\.exe$'
}
until_ok 'a pattern that was just found has a rate, and is the first' 10 is_first
kill "$rounds"
ok 'a signal ends it without a fault' wait "$rounds"

say 'What cannot be loaded changes nothing.'
printf 'fine\n|7|\n' >"$TMP/wrong"
nok 'a line is wrong' r "$stringset" load bad "$TMP/wrong"
nok 'the kernel refuses it too' r bash -c "printf 'fine\n|7|\n--end\n' >$sets/bad"
like 'and says why' "$(klog)" 'xt_string: set "bad", line 2: expected pairs'
ok 'a file without --end' r bash -c "echo fine >$sets/bad"
like 'and why that does nothing' "$(klog)" 'set "bad": nothing was changed'
nok 'a line that is too long' r bash -c "head -c 16385 /dev/zero | tr '\0' a >$sets/bad"
like 'and which' "$(klog)" 'xt_string: set "bad", line 1: more than 16384 bytes'
nok 'a NUL' r bash -c "printf 'fine\na\0b\n--end\n' >$sets/bad"
nok 'a command without a name' r bash -c 'printf + >/proc/net/nf_string/control'
nok 'a name with a slash' r bash -c 'echo +a/b >/proc/net/nf_string/control'
nok 'a name that is too long' r "$stringset" create "$(printf 'a%.0s' {1..32})"
nok 'another command' r bash -c 'echo bad >/proc/net/nf_string/control'
nok 'a set that is not there' r "$stringset" destroy other
perl -e 'printf "%05d%s\n", $_, "x" x 1000 for 1 .. 3000' >"$TMP/large"
echo 1 >/sys/module/xt_string/parameters/set_memory
nok 'a set that takes more memory than it may' r "$stringset" load bad "$TMP/large"
nok 'nor what is only being written' r bash -c "cat $TMP/large >$sets/bad"
like 'that is said' "$(klog)" 'xt_string: set "bad": the sets of a network namespace may take 1 MiB'
is 'and gone' "$(r grep loading /proc/net/nf_string/status)" 'loading 0'
echo 64 >/sys/module/xt_string/parameters/set_memory
like 'what is being written counts' \
	"$(r bash -c "exec 3>$sets/bad; echo a >&3; cat /proc/net/nf_string/status")" \
	'loading [1-9]'
memory() { r sed -n 's/^memory //p' /proc/net/nf_string/status; }
before=$(memory)
like 'so does what was replaced, as long as it is read' \
	"$(r bash -c "exec 3<$sets/bad; $stringset load bad $TMP/saved
		sed -n 's/^memory //p' /proc/net/nf_string/status")" "^$((2 * before))\$"
is 'and no longer' "$(memory)" "$before"
is 'the set is as it was' "$(hits)" '["bad",[6,5,6,5,5]]'

say 'Replaced under traffic: every packet meets one set or the other.'
echo cmd.exe >"$TMP/other"
# A socket that is not connected hears of no refusal.
bg traffic n0 perl -MSocket -e '
	socket my $s, AF_INET, SOCK_DGRAM, 0;
	my $to = pack_sockaddr_in(6969, inet_aton("10.0.1.2"));
	for (1 .. 3000) { defined send $s, "a cmd.exe", 0, $to or die "$!\n" }'
replace() {
	r bash -c "for i in {1..20}; do $stringset load bad $TMP/other; $stringset load bad $TMP/bad; done"
}
ok 'forty times' replace
wait "$traffic"
until_ok 'no packet has got past it' 10 counts_are 3010 2 2 8

is 'another namespace has no sets' "$(n0 ls "$sets")" ''
many() { perl -e 'printf "%x=%s\n", $_ * 2654435761 % 4294967296, "pattern" for 1 .. shift' "$1"; }
say '10,000 patterns'
many 10000 >"$TMP/many"
started=${EPOCHREALTIME/./}
ok 'are loaded' r "$stringset" load many "$TMP/many"
say "That took $(((${EPOCHREALTIME/./} - started) / 1000)) ms; with the others they take $(memory) bytes."
ok 'in less than 32 MiB' test "$(memory)" -lt $((32 << 20))
ok 'only --end empties a set' r bash -c "echo --end >$sets/many"
is 'it does' "$(r head -n 1 $sets/many)" '# patterns 0'
is 'and it takes no memory' "$(memory)" "$(r sed -n 's/^# memory //p' $sets/bad)"
ok 'it is removed' r "$stringset" destroy many
as_many_as_may_be() {
	say '100,000 patterns: as many as a set may have.'
	many 100001 >"$TMP/many"
	head -n 100000 "$TMP/many" >"$TMP/most"
	before=$(memory) hits_before=$(hits)
	nok 'one more is refused' r "$stringset" load bad "$TMP/many"
	nok 'by the kernel too' r bash -c "cat $TMP/many >$sets/bad"
	like 'and that is said' "$(klog)" \
		'set "bad", line 100001: a set has at most 100000 patterns'
	is 'and gone' "$(memory) $(r grep loading /proc/net/nf_string/status)" "$before loading 0"
	echo 1 >/sys/module/xt_string/parameters/set_memory
	nok 'so are more than there is memory for' r "$stringset" load bad "$TMP/most"
	echo 64 >/sys/module/xt_string/parameters/set_memory
	is 'the set is as it was' "$(hits)" "$hits_before"
	started=${EPOCHREALTIME/./}
	ok '100,000 are loaded' r "$stringset" load bad "$TMP/most"
	took=$(((${EPOCHREALTIME/./} - started) / 1000))
	say "That took $took ms, and they take $(memory) bytes."
	ok 'in less than 32 MiB' test "$(memory)" -lt $((32 << 20))
	last=$(tail -n 1 "$TMP/most")
	n0 "$udp_send" 10.0.1.2 6969 "the last of them: $last" 'none: pattern'
	until_ok 'the last of them is found' 10 counts_are 3011 2 2 9
	is 'and named' "$(r head -n 3 /proc/net/nf_string/sets/bad | tail -n 1)" "# last $last"
}
if [[ ${LEVEL-} == full ]]; then
	as_many_as_may_be
else
	skip 'a set of 100,000 patterns' \
		'takes ten seconds or more on an emulated CPU: LEVEL=full runs it'
fi

ipt r -F FORWARD
ip6t r -F FORWARD
is 'a set that was loaded stays without rules' "$(r ls "$sets")" bad
ok 'it is removed on request' r "$stringset" destroy bad
is 'and is gone' "$(r ls "$sets")" ''
is 'so is its memory' "$(r head -n 1 /proc/net/nf_string/status)" 'memory 0'
ipt r -A FORWARD -m string --set fresh
is 'a rule makes a set' "$(r ls "$sets")" fresh
ipt r -F FORWARD
gone() { [[ ! $(r ls "$sets") ]]; }
until_ok 'which goes with it' 10 gone
done_testing
