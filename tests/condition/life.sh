#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules are replaced, added from several sides, and the module is unloaded, while packets are under
# way and conditions flip.
#
#   n0 ---- r ---- n1      n0 pings n1 without pause; the rules are r's
. "${0%/*}/../lib/scenario.sh"
topology
program=${0%/*}/condition.pl
dir=/proc/net/nf_condition
gone() { [[ ! $(_quiet=1 r ls "$dir") ]]; }
unused() { read -r users </sys/module/xt_condition/refcnt && ((users == 0)); }

bg PING n0 ping -n -q -i 0.02 10.0.1.2
bg PINGSIX n0 ping -n -q -i 0.02 fd00:0:0:1::2

say 'Rules replaced as a whole, while the condition that they share flips.'
for rules in one two; do
	printf '*filter\n:FORWARD ACCEPT\n-A FORWARD -m condition --all a,b -m comment --comment %s\nCOMMIT\n' $rules >"$TMP/$rules"
done
r "iptables-$BACKEND-restore" "$TMP/one"
r bash -c "echo 1 >$dir/b"
bg FLIP r perl "$program" flip $dir/a 5001
for i in 1 2; do
	r "iptables-$BACKEND-restore" -w "$TMP/two"
	r "ip6tables-$BACKEND-restore" -w "$TMP/one"
	r "iptables-$BACKEND-restore" -w "$TMP/one"
done
ok 'all flips were taken' wait "$FLIP"
is 'the conditions outlived every replacement' "$(r cat $dir/a $dir/b)" $'1\n1'
like 'packets met the rule' "$(counter r 4 filter FORWARD 1)" '^[1-9]'

say 'The same conditions from several sides at once.'
for i in A B C D; do
	# shellcheck disable=SC2016 # the inner shell expands
	bg "SIDE$i" r bash -c 'for i in 1 2; do
		printf "*filter\n-A FORWARD -m condition --any side$i,common,only$0\nCOMMIT\n" |
			"$1-'"$BACKEND"'-restore" -w -n || exit
	done' "$i" "$([[ $i == [AB] ]] && echo iptables || echo ip6tables)"
done
for i in A B C D; do
	side=SIDE$i
	ok "side $i loaded its rules" wait "${!side}"
done
is 'each condition exists once' "$(r ls $dir | xargs)" \
	'a b common onlyA onlyB onlyC onlyD side1 side2'
ipt r -F FORWARD
ip6t r -F FORWARD
until_ok 'and goes with the last rule' 20 gone

say 'An open file keeps the module, a closed one does not.'
ipt r -A FORWARD -m condition --condition held
r bash -c 'echo 1 >/proc/net/nf_condition/held'
mkfifo "$TMP/go"
# shellcheck disable=SC2016
bg HOLD r bash -c 'exec 3<>/proc/net/nf_condition/held && echo open && read -r _ <"$TMP/go"; cat <&3; echo 0 >&3'
until_ok 'a process has the file open' 20 grep -q open "$TMP/HOLD.out"
ipt r -F FORWARD
until_ok 'the condition is gone' 20 gone
nok 'the module cannot be unloaded' rmmod xt_condition
echo >"$TMP/go"
nok 'reading and writing failed' wait "$HOLD"
is 'with ENODEV, both' "$(grep -c 'No such device' "$TMP/HOLD.out")" 2

say 'Unloading under traffic.'
for i in 1 2; do
	ipt r -A FORWARD -m condition --any a,b
	ip6t r -A FORWARD -m condition ! --condition a
	ipt r -F FORWARD
	ip6t r -F FORWARD
	until_ok "round $i: no rule uses the module" 20 unused
	ok "round $i: it unloads" rmmod xt_condition
	nok "round $i: and leaves nothing in /proc/net" r ls -d $dir /proc/net/ipt_condition \
		/proc/net/ip6t_condition
	ok "round $i: it loads" modprobe xt_condition
done
ok 'IPv4 was under way all the time' kill -INT "$PING"
ok 'IPv6 was, too' kill -INT "$PINGSIX"
ok 'n0 and n1 still see each other' n0 ping -n -q -c 1 -W 5 10.0.1.2

done_testing
