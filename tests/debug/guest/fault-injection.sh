#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Fault injection: of everything that a user can ask of a module, each single allocation fails once. Loading every module, making a
# network namespace while all are loaded, giving the kernel a table with each rule of the rule cases (the short form: two of each
# extension; the shortest: one, the first of the talks, and of what goes on beside loading, each seventh allocation) through setsockopt
# or nftables, of one family or the other, in turn, reading and writing every file that the modules bring, and talking with them by
# netlink, which the commands of patchlets/NAME/netlink-commands do. What follows must be a clean error or success, never a
# part of it; the kernel's checkers, and the leak checker at the end, have the last word.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

step=$(form 1 1 7)
load=(build/debug/fail-nth load) walk=(build/debug/fail-nth -e "$step" -b "$((1 + SEED % step))")
faults=/sys/kernel/debug
if [[ ! -w /proc/self/fail-nth || ! -d $faults/failslab ]]; then
	lacking 'fault injection' 'this kernel cannot inject faults'
	done_testing
fi
for kind in failslab fail_page_alloc; do
	echo N >$faults/$kind/ignore-gfp-wait
	echo 0 >$faults/$kind/verbose
done
echo N >$faults/fail_page_alloc/ignore-gfp-highmem
echo 0 >"$faults/fail_page_alloc/min-order"

walk_load() {
	local depends file
	unload_all || return
	file=$(modinfo -n "$1") || return
	depends=$(modinfo -F depends "$1" | tr ',' ' ')
	# shellcheck disable=SC2086 # words
	[[ -z $depends ]] || modprobe -a $depends || return
	rmmod "$1" 2>/dev/null # one of those may have asked for it
	# Pages are needed now here and now there, and the number of an allocation changes with them; so that none is left out, it goes
	# on without. And of what leaks once, memory that nobody has cleared may still hold the address.
	"${load[@]}" "$file" || return
	((SHORT < 2)) || return 0
	without_pages "${load[@]}" "$file" && without_pages "${load[@]}" "$file"
}

without_pages() {
	local status
	echo 20 >"$faults/fail_page_alloc/min-order"
	"$@"
	status=$?
	echo 0 >"$faults/fail_page_alloc/min-order"
	return "$status"
}

# told DESC CMD...: like ok, and tells how far the walk went.
told() {
	ok "$@"
	grep -h walked "$TMP/said" | sed 's/^/# /'
}

for module in "${modules[@]}"; do
	[[ -z $ONLY || $ONLY == "$module" ]] || continue
	told "loading $module$(form ', three times' ', three times' '')" walk_load "$module"
done

unload_all >/dev/null
files_of_modules >"$TMP/without"
modprobe -a "${modules[@]}"
[[ -n $ONLY ]] || told 'making a network namespace' "${walk[@]}" unshare
no_leaks 'nothing has leaked by loading'

restore_file() { printf '*%s\n:%s ACCEPT [0:0]\n-A %s %s\nCOMMIT\n' "$1" "$2" "$2" "$3"; }

walk_rule() { # RESTORE-COMMAND TABLE CHAIN RULE
	restore_file "$2" "$3" "$4" >"$TMP/rules"
	"$1" <"$TMP/rules" >"$TMP/said-by-restore" 2>&1 || return 77
	"${walk[@]}" rules "$TMP/rules" "$1"
}

# Half a list or half a switch would still have its file, which a new namespace has not. Of nftables, what goes does so a moment later.
no_file_stays() {
	local tries look='find /proc/net/ -type f -perm /222 | LC_ALL=C sort'
	unshare --net bash -c "$look" >"$TMP/files-of-new"
	for tries in {1..50}; do
		bash -c "$look" >"$TMP/files-of-this"
		! cmp -s "$TMP/files-of-new" "$TMP/files-of-this" || return 0
	done
	echo "after $tries looks, all rules are gone, and these files are not those of a new namespace:"
	diff "$TMP/files-of-new" "$TMP/files-of-this"
}

# Each rule through one of the programs, in turn; where that is of the other family, through its sister.
walk_rules() {
	local file=$1 table chain rule backend family restore n=0 total=0 most
	most=$(form 1000 2 1)
	while read -r table _ chain rule; do
		backend=${backends[turn % 2]} family=${families[turn / 2 % 2]}
		for restore in "$family-$backend-restore" "${sister[$family]}-$backend-restore"; do
			walk_rule "$restore" "$table" "$chain" "$rule" >"$TMP/walked" 2>&1
			case $? in
			77) continue ;;
			0) total=$((total + $(cut -d ' ' -f 1 "$TMP/walked"))) ;;
			*) cat "$TMP/walked"; echo "the rule: $restore: *$table -A $chain $rule"; return 1 ;;
			esac
			n=$((n + 1)) turn=$((turn + 1))
			break
		done
		((n < most)) || break
	done < <(rules_of "$file" | one_chain)
	((n)) || { echo "no rule of $file could be loaded"; return 1; }
	clear_rules '' "${every_restore[@]}"
	no_file_stays || return
	echo "$total walked in $n rules"
}

families=(iptables ip6tables) backends=(nft legacy) turn=0
declare -A sister=([iptables]=ip6tables [ip6tables]=iptables)
for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	[[ -z $ONLY || $ONLY == "${name#lib*_}" ]] || continue
	told "rules of ${name#lib*_}" walk_rules "$file"
	turn=$((turn + 1))
done

# With all rules in place, what was not there before is ours. Each file is given what it says, and what one of them takes.
for restore in "${restores[@]}"; do
	for file in extensions/lib*.t; do
		tables "$restore" "$file" "$TMP/of-one" >/dev/null && as_lines <"$TMP/of-one"
	done | as_tables >"$TMP/all"
	ok "all rules through $restore" "$restore" "$TMP/all"
done
modprobe -q nf_conntrack_ftp
can_write() { printf '%b\n' "$2" >"$1"; } 2>/dev/null
# Some files are for writing alone.
walk_reading() { [[ $(stat -c %A "$1") != ?r* ]] || "${walk[@]}" read "$1"; }
walk_file() {
	local data undo taken=0
	walk_reading "$1" || return
	"${walk[@]}" write "$1" "$(head -n 1 "$1" 2>/dev/null)"$'\n' || return
	[[ $1 != /sys/* ]] || return 0
	while read -r data undo; do
		! can_write "$1" "$data" || taken=1
		walk_reading "$1" || return
		can_write "$1" "$undo"
		"${walk[@]}" write "$1" "${data//'\n'/$'\n'}"$'\n' "$undo"$'\n' || { echo "writing $data"; return 1; }
	done <<<"$writings"
	[[ $1 != /proc/net/* ]] || ((taken)) || { echo "$1 takes none of the lines in patchlets/*/proc-writes"; return 1; }
}
files_of_modules | comm -13 "$TMP/without" - | awk -v most="$(form 1000 2 1)" '{ dir = $0; sub("/[^/]*$", "", dir) }
	seen[dir]++ < most' >"$TMP/ours" # the files of a folder are much alike
for file in patchlets/*/proc-writes; do
	[[ -e $file ]] || continue
	ok 'the modules have files' test -s "$TMP/ours"
	break
done
while read -r file; do
	ok "reading and writing $file" walk_file "$file"
	awk '/walked/ { n += $1; m += $3 } END { print "# " n " walked, " m " refused" }' "$TMP/said"
done <"$TMP/ours"
talks=() wanted=$(modinfo -F alias "${modules[@]}" | grep -c '^net-pf-16-proto-16-family-')
for file in patchlets/*/netlink-commands; do
	[[ ! -e $file ]] || talks+=("$file")
done
ok 'each family of generic netlink has its talks' test "${#talks[@]}" -eq "$wanted"
for file in "${talks[@]}"; do
	while read -r line; do
		line=$(DRIVE_SEED=$SEED tests/debug/drive.pl expand <<<"$line")
		# shellcheck disable=SC2086 # words
		told "talking: ${line#*/*/}" "${walk[@]}" talk $line
		((SHORT < 2)) || break
	done <"$file"
done
# Single rules went through any of them.
clear_rules '' "${every_restore[@]}"
rmmod nf_conntrack_ftp 2>/dev/null
ok 'every module can be unloaded afterwards' unload_all
no_leaks 'nothing has leaked afterwards'
done_testing
