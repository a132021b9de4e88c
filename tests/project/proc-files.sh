#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every file of our modules below /proc/net: who can write it, and that programs can append to it.
#
#   r                 shows which files are ours: those that disappear when our modules are unloaded
#   one, two          network namespaces of user 1000, who made them in one step together with the
#                     user namespace, or after it
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/project/proc-files.pl
. "${0%/*}/../lib/scenario.sh"
here=${0%/*}
as_user() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }
if ! as_user 1000 unshare --user --map-root-user --net true; then
	skip_all 'this kernel lets no user make a namespace'
fi

modules=()
for path in "/lib/modules/$(uname -r)"/updates/patch-o-matic/*.ko*; do
	name=${path##*/}
	modules+=("${name%%.ko*}")
done
load() { for name in "${modules[@]}"; do modprobe "$name" || return; done; }
unload() {
	local name left=0
	for name in "${modules[@]}"; do
		[[ -e /sys/module/$name ]] || continue
		rmmod "$name" 2>/dev/null
		[[ ! -e /sys/module/$name ]] || left=1
	done
	((left == 0))
}

# A rule for each kind of file that comes with a rule, where that extension is installed.
cat >"$TMP/rules" <<'END'
-m condition --condition pom
-m recent --set --name pom
-m string --set pom
END
cat patchlets/*/proc-writes >"$TMP/writes"
cat >"$TMP/lib" <<'END'
add_rules() {
	while read -r rule; do "iptables-$BACKEND" -A INPUT $rule 2>/dev/null; done <"$TMP/rules"
}
files() { (cd /proc/self/net/ && find . -type f | LC_ALL=C sort); }
END
cat >"$TMP/user" <<'END'
. "$TMP/lib"
cd "/proc/$$/net" && mapfile -t control <"$TMP/control" && mapfile -t ours <"$TMP/ours" || exit
add_rules
echo "owner: $(perl "$PROGRAM" owner "$TMP/writes" "${ours[@]}" 2>&1)"
echo "without capabilities: $(setpriv --bounding-set -all --inh-caps -all perl "$PROGRAM" denied "${control[@]}" 2>&1)"
echo "pid $$"
read -r _ <"$TMP/go"
END
chmod 755 "$TMP" && chmod 644 "$TMP"/{rules,writes,lib,user}
cp "$here/proc-files.pl" "$TMP/program" && chmod 644 "$TMP/program"
modprobe -q nf_conntrack_ftp # a helper for the writes of autohelper, which a user cannot load

load
namespace r
# shellcheck disable=SC2016 # the inner shell expands
listing=(bash -c '. "$TMP/lib" && iptables-"$BACKEND" -S >/dev/null && ip6tables-"$BACKEND" -S >/dev/null && ${1-true} && files')
r "${listing[@]}" >"$TMP/empty"
r "${listing[@]}" listing add_rules >"$TMP/full"
r bash -c 'shopt -s nullglob; for d in /proc/net/*/; do echo "$d: $(ls "$d" | xargs)"; done'
ip netns delete r
until_ok 'our modules are unloaded' 60 unload
namespace q
q "${listing[@]}" >"$TMP/without"
ip netns delete q
LC_ALL=C comm -23 "$TMP/full" "$TMP/without" >"$TMP/ours"
LC_ALL=C comm -23 "$TMP/empty" "$TMP/without" >"$TMP/control.all"
ok 'they load again' load
say "our files: $(xargs <"$TMP/ours")"
ok 'there are files' test -s "$TMP/ours"

mkfifo "$TMP/go" && chmod 666 "$TMP/go"
: >"$TMP/control"
while read -r file; do # those that are made with the namespace and can be written
	[[ $(stat -c %a "/proc/self/net/$file") != *[2367]* ]] || echo "$file" >>"$TMP/control"
done <"$TMP/control.all"
controls=$(wc -l <"$TMP/control")
say "made with the namespace, and writable: $(xargs <"$TMP/control")"
chmod 644 "$TMP"/{ours,control}
count=$(wc -l <"$TMP/ours")

for how in one two; do
	say "User and network namespace made in $how step(s)."
	step=(unshare --user --map-root-user --net)
	[[ $how == one ]] || step=(unshare --user --map-root-user unshare --net)
	bg "$how" env XTABLES_LOCKFILE=/dev/null PROGRAM="$TMP/program" setpriv --reuid 1000 \
		--regid 1000 --clear-groups \
		"${step[@]}" bash "$TMP/user"
	until_ok "$how: the user has tried all files" 60 grep -q ^pid "$TMP/$how.out"
	is "$how: its root reads, appends to and writes each file" \
		"$(sed -n '/^owner: /,/^without/{/^without/!p}' "$TMP/$how.out")" \
		"owner: looked at $count"
	is "$how: without capabilities, nobody opens a control file for writing" \
		"$(sed -n '/^without/,/^pid/{/^pid/!p}' "$TMP/$how.out")" \
		"without capabilities: looked at $controls"
	pid=$(sed -n 's/^pid //p' "$TMP/$how.out")
	readarray -t paths < <(sed "s,^,/proc/${pid:-none}/net/," "$TMP/ours")
	is "$how: another user opens no file for writing" \
		"$(as_user 2000 perl "$TMP/program" denied "${paths[@]}" 2>&1)" "looked at $count"
	echo >"$TMP/go"
	ok "$how: the namespace ends" wait "${!how}"
done

say 'The host: root appends to each file, another user to none.'
namespace r
# shellcheck disable=SC2016
is 'root' "$(r bash -c '. "$TMP/lib"; add_rules; cd /proc/self/net/ && mapfile -t ours <"$TMP/ours" && perl "$TMP/program" owner "$TMP/writes" "${ours[@]}"' 2>&1)" \
	"looked at $count"
# shellcheck disable=SC2016
is 'user 2000' "$(r setpriv --reuid 2000 --regid 2000 --clear-groups \
	bash -c 'cd /proc/self/net/ && mapfile -t ours <"$TMP/ours" && perl "$TMP/program" denied "${ours[@]}"' 2>&1)" "looked at $count"

done_testing
