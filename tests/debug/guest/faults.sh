#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The fault walk: of everything that a user can ask of a module, each single allocation fails once. Loading every module, making a
# network namespace while all are loaded, giving the kernel a table with each rule of the rule cases (the short form: one of each
# extension), writing every file that the modules bring. What follows must be a clean error or success: the kernel's checkers, and
# the leak checker at the end, have the last word.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

walk=build/debug/fail-nth
faults=/sys/kernel/debug
if [[ ! -w /proc/self/fail-nth || ! -d $faults/failslab ]]; then
	skip 'fault walk' 'this kernel cannot inject faults'
	done_testing
fi
for kind in failslab fail_page_alloc; do
	echo N >$faults/$kind/ignore-gfp-wait
	echo 0 >$faults/$kind/verbose
done
echo N >$faults/fail_page_alloc/ignore-gfp-highmem
echo 0 >$faults/fail_page_alloc/min-order

readarray -t modules < <(scripts/info modules)
unload_all() {
	local module loaded=1
	while ((loaded)); do
		loaded=0
		for module in "${modules[@]}"; do
			[[ -d /sys/module/$module ]] || continue
			loaded=1
			rmmod "$module" 2>/dev/null
		done
		((++tries < 50)) || return 1
	done
}
tries=0

walk_load() {
	local depends file
	tries=0
	unload_all || { echo 'some module cannot be unloaded'; return 1; }
	file=$(modinfo -n "$1") || return
	depends=$(modinfo -F depends "$1" | tr ',' ' ')
	# shellcheck disable=SC2086 # words
	[[ -z $depends ]] || modprobe -a $depends || return
	rmmod "$1" 2>/dev/null # one of those may have asked for it
	$walk load "$file"
}

# told DESC CMD...: like ok, and tells how far the walk went.
told() {
	ok "$@"
	grep -h walked "$TMP/said" | sed 's/^/# /'
}

for module in "${modules[@]}"; do
	[[ -z $ONLY || $ONLY == "$module" ]] || continue
	told "loading $module" walk_load "$module"
done

files_of_modules() { find /proc/net/ /proc/sys/net -type f -perm /222 2>/dev/null | LC_ALL=C sort; }
unload_all
files_of_modules >"$TMP/without"
modprobe -a "${modules[@]}"
[[ -n $ONLY ]] || told 'making a network namespace' $walk unshare

restore_file() { printf '*%s\n:%s ACCEPT [0:0]\n-A %s %s\nCOMMIT\n' "$1" "$2" "$2" "$3"; }

walk_rule() { # RESTORE-COMMAND TABLE CHAIN RULE
	restore_file "$2" "$3" "$4" >"$TMP/rules"
	"$1" <"$TMP/rules" >"$TMP/said-by-restore" 2>&1 || return 77
	$walk rules "$TMP/rules" "$1"
}

walk_rules() {
	local file=$1 restore=$2 table chain rule n=0
	while read -r table _ chain rule; do
		walk_rule "$restore" "$table" "$chain" "$rule" >"$TMP/walked" 2>&1
		case $? in
		77) continue ;; # of the other family
		0) total=$((total + $(cut -d ' ' -f 1 "$TMP/walked"))) ;;
		*) cat "$TMP/walked"; echo "the rule: $restore: *$table -A $chain $rule"; return 1 ;;
		esac
		n=$((n + 1))
		((!SHORT || n < 1)) || break
	done < <(rules_of "$file" | one_chain)
	((n)) || { echo "no rule of $file could be loaded"; return 1; }
	echo "$total walked in $n rules" >"$TMP/walked"
	cat "$TMP/walked"
}

for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	[[ -z $ONLY || $ONLY == "${name#lib*_}" ]] || continue
	for restore in iptables-nft-restore ip6tables-nft-restore iptables-legacy-restore ip6tables-legacy-restore; do
		total=0
		told "rules of ${name#lib*_} through $restore" walk_rules "$file" $restore
	done
done

# With the rules in place, what was not there before is ours. Each file is given what it says.
files_of_modules | comm -13 "$TMP/without" - | while read -r file; do printf '%s\n' "$file"; done >"$TMP/ours"
while read -r file; do
	told "writing $file" $walk write "$file" "$(head -n 1 "$file")
"
done <"$TMP/ours"
for restore in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
	for table in filter mangle raw; do
		$restore -t $table -F 2>/dev/null
	done
done
tries=0
ok 'every module can be unloaded afterwards' unload_all
no_leaks 'nothing has leaked'
done_testing
