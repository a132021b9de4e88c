# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the layers in tests/debug/guest/, which run as root in a guest of their own and print
# TAP.
#
#   ok, nok, is, like, unlike, skip, done_testing   of tests/lib/assert.sh
#   lacking DESC REASON        like skip, but fails on a kernel that was configured to have the
#                              feature
#   no_leaks DESC              kmemleak reports no unreferenced object
#   rules_of FILE              prints the rules that a .t file marks as accepted, once for each of
#                              their chains, as lines TABLE -A CHAIN RULE (shortest form: every
#                              third rule)
#   one_chain                  reads such lines and prints one for each rule
#   as_tables                  reads TABLE -A CHAIN RULE lines and prints the input of a restore
#                              program; as_lines does the reverse
#   accepted RESTORE OUT       like as_tables, but writes to OUT, without the rules that RESTORE
#                              refuses
#   tables RESTORE FILE OUT    rules_of FILE, through one_chain and accepted
#   clear_rules NETNS RESTORE...    empties the tables of each RESTORE in the network namespace
#                                   NETNS
#                              (empty: in the current one)
#   writable_files             lists files that root can write; those new after modprobe belong to
#                              modules
#   unload_all                 unloads the modules in ${modules[@]}
#   form LONG SHORT SHORTEST   prints one of the three numbers
#
# ${modules[@]}        all modules of the tree, those that others need first
# ${every_restore[@]}  all restore programs of iptables
# ${restores[@]}       the restore programs that a layer uses (shortest form: one for each family)
# $proc_writes         lines of patchlets/NAME/proc-writes: DATA UNDO
# $SHORT               0: long form (LEVEL=full), 1: short form (LEVEL=normal), 2: shortest form for
#                      emulated CPUs (LEVEL=quick)
# $SEED, $ONLY, $TMP the seed; the only module or extension to test, or empty; a temporary directory
set -u
cd "${BASH_SOURCE[0]%/*}/../../.." || exit
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

case ${LEVEL:-full} in
full) SHORT=0 ;;
normal) SHORT=1 ;;
*) SHORT=2 ;;
esac
SEED=${TEST_SEED:-1} ONLY=${TEST_ONLY:-}
TMP=$(mktemp -d /run/pom-debug.XXXXXX) || exit
trap 'rm -rf "$TMP"' EXIT
readarray -t modules < <(scripts/info modules)
# shellcheck disable=SC2034 # for the layers
every_restore=(iptables-nft-restore ip6tables-nft-restore iptables-legacy-restore \
	ip6tables-legacy-restore)
# shellcheck disable=SC2034 # for the layers
restores=("${every_restore[@]}")
# shellcheck disable=SC2034 # for the layers
((SHORT < 2)) || restores=(iptables-nft-restore ip6tables-legacy-restore)
# shellcheck source=../../lib/assert.sh
. tests/lib/assert.sh
tap_output=$TMP/output _since=$SECONDS
form() { printf '%s\n' "${@:SHORT + 1:1}"; }
printf '# seed %s, %s form\n' "$SEED" "$(form long short shortest)"

tap_print() { # ok|'not ok' DESC [NOTE]
	local took=$((SECONDS - _since))
	_since=$SECONDS
	((took < 5)) || set -- "$1" "$2" "${3-in $took s}"
	printf '%s %d - %s%s\n' "$1" "$tap_cases" "${2//#/\\#}" "${3:+ # $3}"
}

tap_again() {
	local cpus
	cpus=$(nproc)
	printf '# again: %sTEST_SEED=%s%s%s tests/vm/run --kernel %s%s --no-load %s\n' \
		"$(form '' '' 'POM_VM_APPEND=kmemleak=off ')" "$SEED" \
		"$(form '' " LEVEL=normal" " LEVEL=quick")" \
		"${ONLY:+ TEST_ONLY=$ONLY}" "${POM_KERNEL:-KERNEL}" \
		"$( ((cpus == 1)) || echo " --smp $cpus")" "tests/debug/guest/${0##*/}"
}

lacking() {
	case $(uname -r) in
	*-pom-uml | *-pom-debug)
		echo "$2, but was configured to have it" >"$TMP/output"
		verdict 1 "$1"
		;;
	*) skip "$@" ;;
	esac
}

rules_of() {
	awk -F ';' -v each="$(form 1 1 3)" '/^:/ { sub(/^:/, ""); n = split($0, chains, ","); next }
		/^\*/ { table = substr($0, 2); next }
		/^[#@%]/ || NF < 3 || $3 != "OK" || rules++ % each { next }
		{
			for (i = 1; i <= n; i++)
				print (table ? table : "filter") " -A " chains[i] " " $1
		}' "$1"
}

one_chain() {
	awk '{ table = $1; rule = $0; sub(/^[^ ]* -A [^ ]* /, "", rule) } !seen[table " " rule]++'
}

as_tables() {
	sort -s -k 1,1 | awk '$1 != table { if (table) print "COMMIT"; table = $1; print "*" table }
		{ sub(/^[^ ]* /, ""); print } END { print "COMMIT" }'
}
as_lines() { awk '/^\*/ { table = substr($0, 2) } /^-A/ { print table " " $0 }'; }

# Drops the rules with an address of the family that RESTORE is not for. RESTORE stops at the first
# rule that it refuses, so each of them would cost a run.
of_family() {
	case $1 in
	ip6*) grep -vE '[0-9]+(\.[0-9]+){3}' ;;
	*) grep -vE '[0-9a-f]*::' ;;
	esac
}

accepted() {
	local line
	of_family "$1" | as_tables >"$2"
	until "$1" --test <"$2" >"$TMP/refused" 2>&1; do
		line=$(grep -oE 'line:? [0-9]+' "$TMP/refused" | head -n 1)
		line=${line##* }
		[[ $line && $(sed -n "${line}p" "$2") == -A* ]] || { cat "$TMP/refused"; return 1; }
		sed -i "${line}d" "$2"
	done
	grep '^-A' "$2"
}

clear_rules() {
	local restore
	local -a inside=()
	[[ -z $1 ]] || inside=(ip netns exec "$1")
	for restore in "${@:2}"; do
		printf '*%s\nCOMMIT\n' filter raw mangle nat | "${inside[@]}" "$restore" 2>/dev/null
	done
	return 0
}

tables() { rules_of "$2" | one_chain | accepted "$1" "$3"; }

# shellcheck disable=SC2034 # for the layers
proc_writes=$(grep -hv '^#' patchlets/*/proc-writes 2>/dev/null |
	DRIVE_SEED=$SEED tests/debug/drive.pl expand)
writable_files() {
	find /proc/net/ /proc/sys/net /sys/module/*/parameters -type f -perm /222 2>/dev/null |
		LC_ALL=C sort
}

unload_all() {
	local module tries
	local -a later_first
	readarray -t later_first < <(printf '%s\n' "${modules[@]}" | tac)
	for tries in {1..40}; do
		rmmod "${later_first[@]}" 2>/dev/null
		for module in "${modules[@]}"; do
			[[ ! -d /sys/module/$module ]] || continue 2
		done
		return 0
	done
	echo "after $tries tries these are still loaded: $(for module \
		in "${modules[@]}"; do [[ ! -d /sys/module/$module ]] || echo "$module"; done)"
	return 1
}

# Known leaks of the kernel itself, one in a line: a regular expression for the release, a function
# in the stack trace, and the reason.
known_leaks='^5\.10\. sysfs_slab_add # the name of a slab cache whose directory sysfs could not create'

# Prints the objects of the kmemleak report on standard input that are not known_leaks, and their
# number to standard error.
unknown_leaks() {
	KNOWN=$known_leaks RELEASE=$(uname -r) awk '
		function end() {
			if (object == "") return
			for (i = 1; i <= n; i++) {
				split(known[i], words, " ")
				if (ENVIRON["RELEASE"] ~ words[1] && object ~ words[2] "\\+") {
					ignored++
					object = ""
					return
				}
			}
			printf "%s", object
		}
		BEGIN { n = split(ENVIRON["KNOWN"], known, "\n") }
		/^unreferenced object/ { end(); object = "" }
		{ object = object $0 "\n" }
		END {
			end()
			if (ignored)
				print ignored " known leaks are ignored" >"/dev/stderr"
		}'
}

# The first scan finds objects, the second confirms them: a pointer in a register is stored by then.
scan_leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak
	if ! echo scan >$kmemleak ||
		! sleep 6 || # sleep: kmemleak reports no object younger than five seconds
		! echo scan >$kmemleak; then
		echo 'kmemleak has switched itself off'
		return 1
	fi
	unknown_leaks <$kmemleak >"$TMP/leaks" || return
	cat "$TMP/leaks"
	[[ ! -s $TMP/leaks ]]
}

no_leaks() {
	if grep -qw kmemleak=off /proc/cmdline; then
		skip "$1" 'kmemleak is off: the layers on User Mode Linux look for leaks, in a third of the time'
	elif [[ -w /sys/kernel/debug/kmemleak ]]; then
		ok "$1" scan_leaks
		sed -n 's/.*known leaks.*/# &/p' "$TMP/output"
	else
		lacking "$1" 'this kernel has no kmemleak'
	fi
}
