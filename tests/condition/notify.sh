#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Changes of a condition can be waited for: poll(2), epoll(7) and select(2) on its file, and generic
# netlink events.
#
#   r, x (alone)   rules in r's INPUT; condition.pl watches r's files, and netlink in both
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
program=${0%/*}/condition.pl
dir=/proc/net/nf_condition
wrote() { # VAR TEXT: whether the program in the background has written exactly that
	[[ $(<"$TMP/$1.out") == "$2" ]] || { cat "$TMP/$1.out" && return 1; }
}

bg MONITOR r perl "$program" monitor
bg ELSEWHERE x perl "$program" monitor
until_ok 'netlink: joined' 30 wrote MONITOR listening
until_ok 'netlink: joined elsewhere' 30 wrote ELSEWHERE listening

ipt r -A INPUT -m condition --condition a
bg WATCH r perl "$program" watch $dir/a
bg OTHERS r python3 -c 'import select, sys
file = open(sys.argv[1], "rb", 0)
def say(how):
    file.seek(0)
    print(how, file.read().decode().strip(), flush=True)
epoll = select.epoll()
epoll.register(file, select.EPOLLPRI | select.EPOLLET)
say("begins")
epoll.poll(60) and say("epoll")
select.select([], [], [file], 60)[2] and say("select")' $dir/a
until_ok 'poll: begins with 0' 30 wrote WATCH 'begins 0'
until_ok 'epoll: so does this' 30 wrote OTHERS 'begins 0'
r bash -c "echo 1 >$dir/a; echo 1 >$dir/a; cat $dir/a"
until_ok 'poll: a change wakes' 10 wrote WATCH $'begins 0\nchanged 1'
until_ok 'epoll: a change wakes' 10 wrote OTHERS $'begins 0\nepoll 1'
is 'netlink: set' "$(r perl "$program" set a 0)" 'done'
until_ok 'poll: so does one by netlink' 10 wrote WATCH $'begins 0\nchanged 1\nchanged 0'
until_ok 'epoll with edges, then select: the same' 10 wrote OTHERS $'begins 0\nepoll 1\nselect 0'
ipt r -D INPUT -m condition --condition a
until_ok 'poll: the end of the condition hangs up, and reading is safe' 10 wrote WATCH \
	$'begins 0\nchanged 1\nchanged 0\nhung up\nno such device'
until_ok 'netlink: every event in order, and none for writing the same value' 10 wrote MONITOR \
	$'listening\nnew a 0\nchange a 1\nchange a 0\ndel a 0'
is 'netlink: nothing elsewhere' "$(<"$TMP/ELSEWHERE.out")" listening

for rule in z y x w v u t s r; do
	printf -- '-A INPUT -m condition --any %s\n' \
		"$(printf "$rule%02d_a_long_name_for_a_list," {0..15} | sed 's/,$//')"
done | sed -e '1i*filter' -e '$aCOMMIT' >"$TMP/rules"
r "iptables-$BACKEND-restore" "$TMP/rules"
r perl "$program" list >"$TMP/list"
is 'netlink: a dump of several messages is complete' "$(wc -l <"$TMP/list")" 144
ok 'netlink: and in order' env LC_ALL=C sort -c -u "$TMP/list"
is 'netlink: the first of it' "$(head -n 1 "$TMP/list")" 'r00_a_long_name_for_a_list 0'
is 'netlink: set one' "$(r perl "$program" set r00_a_long_name_for_a_list 1)" 'done'
is 'netlink: get one' "$(r perl "$program" get r00_a_long_name_for_a_list)" 1
is 'the file says the same' "$(r cat $dir/r00_a_long_name_for_a_list)" 1
is 'netlink: nothing to list elsewhere' "$(x perl "$program" list)" ''
is 'netlink: nor to get' "$(x perl "$program" get r00_a_long_name_for_a_list)" \
	'No such file or directory'

cases=$(r perl "$program" malformed r00_a_long_name_for_a_list)
printf '%s\n' "$cases"
is 'netlink: malformed requests are refused' "$(grep -v ^ok <<<"$cases")" ''
is 'netlink: all of them were tried' "$(grep -c ^ok <<<"$cases")" 13

user=(setpriv --reuid 1000 --clear-groups timeout 10 perl)
is 'netlink: no get without rights' "$(r "${user[@]}" "$program" get r00_a_long_name_for_a_list)" \
	'Operation not permitted'
is 'netlink: no set without rights' \
	"$(r "${user[@]}" "$program" set r00_a_long_name_for_a_list 0)" 'Operation not permitted'
is 'netlink: no listening without rights' "$(r "${user[@]}" "$program" monitor 2>&1)" \
	'join: Operation not permitted'

done_testing
