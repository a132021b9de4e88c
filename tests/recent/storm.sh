#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A list under a flood of forged addresses, while it grows and shrinks, is read, written, emptied,
# and its rules are replaced; the number of times of an address changes while packets note them; and
# network namespaces that end in the flood.
#
#   r ---- x
#	two floods in r, from millions of addresses of both families to r itself, and later one to
#	x, which ends in it. Some addresses come all the time, in each flood, so that a stalled
#	flood does not matter; the rule after LOST records those that are not in the list
. "${0%/*}/../lib/scenario.sh"
namespace r
storm=${0%/*}/storm.pl
rounds=1
[[ ${LEVEL-} != full ]] || rounds=2
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
unused() { read -r users </sys/module/xt_recent/refcnt && ((users == 0)); }
floods() { grep -q flood "$TMP/$1.out"; }
all_there() { [[ $(_quiet=1 r grep -cE '^src=(10\.255|fd00:ffff)' /proc/net/xt_recent/L) == 8 ]]; }
rules() { # SIZE NETWORK
	cat <<-RULES
	*filter
	-A INPUT -s $2 -m recent --name L ! --rcheck -m recent --name LOST --set
	-A INPUT -m recent --name L --update --seconds 60 --hitcount 20 -j DROP
	-A INPUT -m recent --name L --set --list-size $1 -j DROP
	COMMIT
	RULES
}
judge() { # what storm.pl has found
	while IFS= read -r line; do
		is "${line#ok }" "$line" "ok ${line#ok }"
	done <"$TMP/$1"
}
number() { r sed -n "s/^$1 .*\($2=[0-9]*\).*/\1/p" /proc/net/xt_recent_stat; }

for size in 800 5000; do
	rules $size 10.255.0.0/24 >"$TMP/$size.iptables-$BACKEND"
	rules $size fd00:ffff::/64 >"$TMP/$size.ip6tables-$BACKEND"
done
r "iptables-$BACKEND-restore" "$TMP/800.iptables-$BACKEND"
r "ip6tables-$BACKEND-restore" "$TMP/800.ip6tables-$BACKEND"
bg ONE r nice -n 10 perl "$storm" flood 1 127.0.0.1 ::1
bg TWO r nice -n 10 perl "$storm" flood 2 ::1 127.0.0.1
until_ok 'one floods' 20 floods ONE
until_ok 'another floods' 20 floods TWO
until_ok 'the permanent addresses are in the list' 20 all_there
r bash -c 'echo / >/proc/net/xt_recent/LOST'

say 'Addresses are removed only by eviction: the sums are exact at any time.'
r perl "$storm" shake "$rounds" L "$tool" "$TMP"/{5000.ip6,800.ip}tables-"$BACKEND" >"$TMP/shaken"
judge shaken
is 'all of it was done' "$(wc -l <"$TMP/shaken")" $((10 * rounds))
is 'who came all the time was there all the time' "$(r cat /proc/net/xt_recent/LOST)" ''

say 'Addresses are written and removed, and the list is emptied.'
r perl "$storm" empty "$rounds" L "$tool" >"$TMP/emptied"
judge emptied
is 'all of it was done, too' "$(wc -l <"$TMP/emptied")" $((2 * rounds))
like 'who came all the time was missed after that' "$(r cat /proc/net/xt_recent/LOST)" '^src='

say 'The number of times of an address changes under the packets that note them.'
# With one CPU, nothing interrupts a packet between two instructions.
toggles=$(($(nproc) > 1 ? 12 * rounds : 2))
namespace t
ipt t -A INPUT -m recent --name T --set --list-size 5000
ip6t t -A INPUT -m recent --name T --set
bg CROWD t nice -n 5 perl "$storm" crowd 1 1000 127.0.0.1 ::1
until_ok 'a crowd comes again and again' 20 floods CROWD
t perl "$storm" toggle "$toggles" T >"$TMP/toggled"
judge toggled
is 'all of it was done, as well' "$(wc -l <"$TMP/toggled")" $((2 * toggles))
ok 'the crowd came all the time' kill "$CROWD"

say 'Events arrive in order, also for addresses that two CPUs see at the same time.'
ipt t -F INPUT
ipt t -A INPUT -m recent --name E --set --list-size 2
bg PAIR t perl "$storm" crowd 1 4 127.0.0.1
bg OTHER t perl "$storm" crowd 2 4 127.0.0.1
t perl "$storm" listen $((10000 * rounds)) E >"$TMP/heard"
judge heard
is 'there was an answer' "$(wc -l <"$TMP/heard")" 1
ok 'one of the pair came all the time' kill "$PAIR"
ok 'and so did the other' kill "$OTHER"

say 'Namespaces end in a flood.'
for ((i = 1; i <= rounds; i++)); do
	namespace x
	r ip link add vx type veth peer name e0 netns x
	r ip -batch - <<<$'link set vx up\naddress add 10.9.0.1/24 dev vx'
	x ip -batch - <<<$'link set e0 up\naddress add 10.9.0.2/24 dev e0'
	x "iptables-$BACKEND-restore" "$TMP/5000.iptables-$BACKEND"
	bg TOX r nice -n 5 perl "$storm" flood "$i" 10.9.0.2
	until_ok "round $i: it fills a list" 20 x grep -q 'L entries=[0-9]\{3\}' \
		/proc/net/xt_recent_stat
	ok "round $i: it ends" ip netns delete x
	ok "round $i: the flood continues" kill "$TOX"
done

ok 'one flood was under way all the time' kill "$ONE"
ok 'and so was the other' kill "$TWO"
wait "$ONE" "$TWO"
r bash -c 'echo / >/proc/net/xt_recent/L'
is 'an empty list has no address' "$(number L entries)" entries=0
is 'and no memory of one' "$(number L memory)" memory=0
for ns in ipt ip6t; do
	"$ns" r -F INPUT
	"$ns" t -F INPUT
done
until_ok 'nothing uses the module' 20 unused
ok 'it unloads' rmmod xt_recent
modprobe xt_recent
done_testing
