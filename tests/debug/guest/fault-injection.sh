#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Fault injection: each single allocation of these actions fails once (tests/debug/fail-nth.c):
#
# - loading each module;
# - creating a network namespace while all modules are loaded;
# - giving the kernel a table with one rule of the rule cases, through setsockopt and nftables, for
#   IPv4 and IPv6 in turn;
# - reading and writing every file of the modules;
# - the commands in patchlets/NAME/netlink-commands.
#
# The short form uses two rules of each extension. The shortest form uses one rule, the first
# netlink command, and every seventh allocation, except while loading. Each action must succeed
# completely or fail with an error. The checks of the debug kernel, and kmemleak at the end, detect
# everything else.
# deadline: 1500
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

step=$(form 1 1 7)
load=(build/debug/fail-nth load) inject=(build/debug/fail-nth -e "$step" -b "$((1 + SEED % step))")
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

inject_load() {
	local depends file
	unload_all || return
	file=$(modinfo -n "$1") || return
	depends=$(modinfo -F depends "$1" | tr ',' ' ')
	# shellcheck disable=SC2086 # words
	[[ -z $depends ]] || modprobe -a $depends || return
	rmmod "$1" 2>/dev/null # a dependency may have requested it
	# Page allocations occur at varying points and change the numbers of the others; so repeat
	# without them, and no allocation is missed. Repeat twice: after one leak, uncleared memory
	# may still hold the address.
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

# ok_faults DESC CMD...: like ok, and prints the number of faults.
ok_faults() {
	ok "$@"
	grep -hE '^[0-9]+ faults' "$TMP/output" | sed 's/^/# /'
}

for module in "${modules[@]}"; do
	[[ -z $ONLY || $ONLY == "$module" ]] || continue
	ok_faults "loading $module$(form ', three times' ', three times' '')" inject_load "$module"
done

unload_all >/dev/null
writable_files >"$TMP/without"
modprobe -a "${modules[@]}"
[[ -n $ONLY ]] || ok_faults 'creating a network namespace' "${inject[@]}" unshare
no_leaks 'loading has leaked no memory'

restore_file() { printf '*%s\n:%s ACCEPT [0:0]\n-A %s %s\nCOMMIT\n' "$1" "$2" "$2" "$3"; }

inject_rule() { # RESTORE-COMMAND TABLE CHAIN RULE
	restore_file "$2" "$3" "$4" >"$TMP/rules"
	"$1" <"$TMP/rules" >"$TMP/restored" 2>&1 || return 77
	"${inject[@]}" rules "$TMP/rules" "$1"
}

# An object of a rule that was created only in part would leave a file that a new namespace does not
# have. nftables frees rules with a delay, so look several times.
no_file_remains() {
	local tries look='find /proc/net/ -type f -perm /222 | LC_ALL=C sort'
	unshare --net bash -c "$look" >"$TMP/files-of-new"
	for tries in {1..50}; do
		bash -c "$look" >"$TMP/files-of-this"
		! cmp -s "$TMP/files-of-new" "$TMP/files-of-this" || return 0
	done
	echo "after the last rule was deleted, these files differ from those of a new namespace ($tries tries):"
	diff "$TMP/files-of-new" "$TMP/files-of-this"
}

# Gives each rule to one restore program in turn, or, if that refuses it, to the program of the
# other family.
inject_rules() {
	local file=$1 table chain rule backend family restore n=0 total=0 most
	most=$(form 1000 2 1)
	while read -r table _ chain rule; do
		backend=${backends[turn % 2]} family=${families[turn / 2 % 2]}
		for restore in "$family-$backend-restore" \
			"${other_family[$family]}-$backend-restore"; do
			inject_rule "$restore" "$table" "$chain" "$rule" >"$TMP/faults" 2>&1
			case $? in
			77) continue ;;
			0) total=$((total + $(cut -d ' ' -f 1 "$TMP/faults"))) ;;
			*) cat "$TMP/faults"; echo \
				"the rule: $restore: *$table -A $chain $rule"; return 1 ;;
			esac
			n=$((n + 1)) turn=$((turn + 1))
			break
		done
		((n < most)) || break
	done < <(rules_of "$file" | one_chain)
	((n)) || { echo "no rule of $file could be loaded"; return 1; }
	clear_rules '' "${every_restore[@]}"
	no_file_remains || return
	echo "$total faults in $n rules"
}

families=(iptables ip6tables) backends=(nft legacy) turn=0
declare -A other_family=([iptables]=ip6tables [ip6tables]=iptables)
for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	[[ -z $ONLY || $ONLY == "${name#lib*_}" ]] || continue
	ok_faults "rules of ${name#lib*_}" inject_rules "$file"
	turn=$((turn + 1))
done

# With all rules loaded, a file that did not exist before belongs to a module. Each file gets its
# own first line and the lines of all proc-writes.
for restore in "${restores[@]}"; do
	for file in extensions/lib*.t; do
		tables "$restore" "$file" "$TMP/of-one" >/dev/null && as_lines <"$TMP/of-one"
	done | as_tables >"$TMP/all"
	ok "all rules through $restore" "$restore" "$TMP/all"
done
modprobe -q nf_conntrack_ftp
can_write() { printf '%b\n' "$2" >"$1"; } 2>/dev/null
# Does nothing for a file that is write-only, or that answers only who has written to it.
inject_read() {
	[[ $(stat -c %A "$1") == ?r* ]] || return 0
	[[ $(head -c 1 "$1" 2>&1 >/dev/null) != *'Transport endpoint is not connected' ]] ||
		return 0
	"${inject[@]}" read "$1"
}
inject_file() {
	local data undo taken=0
	inject_read "$1" || return
	"${inject[@]}" write "$1" "$(head -n 1 "$1" 2>/dev/null)\n" || return
	[[ $1 != /sys/* ]] || return 0
	while read -r data undo; do
		! can_write "$1" "$data" || taken=1
		inject_read "$1" || return
		can_write "$1" "$undo"
		"${inject[@]}" write "$1" "$data\n" "$undo\n" || { echo "writing $data"; return 1; }
	done <<<"$proc_writes"
	[[ $1 != /proc/net/* ]] || ((taken)) ||
		{ echo "$1 accepts no line of patchlets/*/proc-writes"; return 1; }
}
writable_files | comm -13 "$TMP/without" - |
	awk -v most="$(form 1000 2 1)" '{ dir = $0; sub("/[^/]*$", "", dir) }
	seen[dir]++ < most' >"$TMP/files" # files in one directory behave alike
for file in patchlets/*/proc-writes; do
	[[ -e $file ]] || continue
	ok 'the modules have files' test -s "$TMP/files"
	break
done
while read -r file; do
	ok "reading and writing $file" inject_file "$file"
	awk '/^[0-9]+ faults/ { n += $1; m += $3 } END { print "# " n " faults, " m " refused" }' \
		"$TMP/output"
done <"$TMP/files"
command_files=() wanted=$(modinfo -F alias "${modules[@]}" | grep -c '^net-pf-16-proto-16-family-')
for file in patchlets/*/netlink-commands; do
	[[ ! -e $file ]] || command_files+=("$file")
done
ok 'each family of generic netlink has netlink-commands' test "${#command_files[@]}" -eq "$wanted"
for file in "${command_files[@]}"; do
	while read -r line; do
		line=$(DRIVE_SEED=$SEED tests/debug/drive.pl expand <<<"$line")
		# shellcheck disable=SC2086 # words
		ok_faults "netlink: ${line#*/*/}" "${inject[@]}" netlink $line
		((SHORT < 2)) || break
	done <"$file"
done
# inject_rules has used every restore program.
clear_rules '' "${every_restore[@]}"
rmmod nf_conntrack_ftp 2>/dev/null
ok 'every module can be unloaded' unload_all
no_leaks 'no memory has leaked'
done_testing
