#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Conditions belong to a network namespace, and their files to ids of its user namespace.
#
#   r, x (alone)                  the same names, other values; x is destroyed with its rules in
#                                 place
#   a namespace of user 1000      its rules, its files; the init user namespace sees them as his
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
program=${0%/*}/condition.pl
dir=/proc/net/nf_condition
value_is() { [[ $(_quiet=1 "$1" cat "$dir/$2") == "$3" ]]; }
wrote() { [[ $(<"$TMP/$1.out") == "$2" ]] || { cat "$TMP/$1.out" && return 1; }; }

for ns in r x; do
	ipt $ns -A INPUT -m condition --all a,b
	ip6t $ns -A INPUT -m condition --condition a
done
r bash -c "echo 1 >$dir/a"
x bash -c "echo 1 >$dir/b"
is 'r has its values' "$(r cat $dir/a $dir/b)" $'1\n0'
is 'x has its own' "$(x cat $dir/a $dir/b)" $'0\n1'

say 'A process outside of x has a file of x open when x is removed.'
bg WATCH x bash -c "exec 3<$dir/b && exec nsenter --net=/run/netns/r perl $program watch /dev/fd/3"
until_ok 'the file is open' 30 wrote WATCH 'begins 1'
ip netns delete x
until_ok 'the end of the namespace hangs up' 30 wrote WATCH $'begins 1\nhung up\nno such device'
ok 'r keeps its values' value_is r a 1

say 'A user without rights makes namespaces of his own.'
mkfifo "$TMP/go"
chmod 666 "$TMP/go"
cat >"$TMP/user" <<'END'
iptables-$BACKEND -A INPUT -m condition --condition mine || exit
stat -c '%a %u %g' /proc/net/nf_condition/mine
echo 1 >/proc/net/nf_condition/mine
cat /proc/net/nf_condition/mine
ls /proc/net/ip6t_condition
echo $$
read -r _ <"$TMP/go"
END
chmod 755 "$TMP" && chmod 644 "$TMP/user" # a user reads the program
as_user() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }
if ! as_user 1000 unshare --user --map-root-user --net true; then
	skip 'in a user namespace' 'this kernel lets no user make one'
	done_testing
fi
bg USER env XTABLES_LOCKFILE=/dev/null setpriv --reuid 1000 --regid 1000 --clear-groups \
	unshare --user --map-root-user --net bash "$TMP/user"
until_ok 'the user loads a rule, owns the file and writes it' 30 eval \
	'[[ $(<$TMP/USER.out) =~ ^"644 0 0"$'"'\\n'"'1$'"'\\n'"'mine$'"'\\n'"'[0-9]+$ ]]'
pid=$(tail -n 1 "$TMP/USER.out")
is 'from outside, it is that of user 1000' \
	"$(stat -c '%a %u %g' "/proc/$pid/net/nf_condition/mine")" '644 1000 1000'
nok 'user 2000 cannot write it' as_user 2000 bash -c "echo 0 >/proc/$pid/net/nf_condition/mine"
ok 'user 1000 can' as_user 1000 bash -c "echo 0 >/proc/$pid/net/nf_condition/mine"
bg HOLDER r sleep 300 # sleep: until it is killed
in_r() { [[ $(readlink "/proc/$HOLDER/ns/net") == "$(r readlink /proc/self/ns/net)" ]]; }
until_ok 'a process is in r' 10 in_r
of_r=/proc/$HOLDER/net/nf_condition/a
is 'user 1000 can read the files of r' "$(as_user 1000 cat "$of_r")" 1
nok 'and cannot write them' as_user 1000 bash -c "echo 0 >$of_r"
ok 'root can' bash -c "echo 0 >$of_r"
is 'they have the value of root' "$(r cat $dir/a)" 0
is 'it has its new value' "$(cat "/proc/$pid/net/nf_condition/mine")" 0
echo >"$TMP/go"
ok 'the namespace ends with its rule in place' wait "$pid"

done_testing
