# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the layers of tests/debug/guest/, which run as root in a machine of their own and speak TAP.
#
#   ok, nok, is, like, unlike, skip, done_testing   of tests/lib/assert.sh
#   lacking DESC REASON        as skip, but a failure on a kernel that was built to have it
#   no_leaks DESC      kmemleak knows of no object that nothing refers to
#   rules_of FILE      the rules that a .t file says are accepted, a line each: TABLE -A CHAIN RULE, for each of their chains; in the
#                      shortest form, of each third one
#   one_chain          of these lines, on standard input, one for each rule
#   as_tables          what a restore program is given, of TABLE RULE lines on standard input; as_lines: the other way
#   accepted RESTORE OUT       as as_tables, but only what RESTORE understands, to the file OUT
#   tables RESTORE FILE OUT    one_chain of the rules_of a .t file, accepted
#   clear_rules NETNS RESTORE...    empties the tables that each RESTORE knows, in the network namespace NETNS, or here if that is empty
#   files_of_modules   that root can write; what is new after modprobe is ours. $writings are lines for them: WHAT WHAT-UNDOES-IT,
#                      of patchlets/NAME/proc-writes, where each patchlet that has such files says what they take
#   unload_all         of the modules in ${modules[@]}
#   form LONG SHORT SHORTEST   prints one of the three numbers
#
# ${modules[@]} are all of ours, in the order of their needs, ${every_restore[@]} the programs that take tables, and ${restores[@]} those
# that a layer goes through: all, but in the shortest form one for each family. $SHORT is 0 for the long form (LEVEL=full), 1 for the
# short form (LEVEL=normal) and 2 for the shortest (LEVEL=quick), for emulated CPUs; $SEED is the seed, $ONLY the one module or extension to look at (or empty), $TMP a
# scratch folder in memory.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit
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
# shellcheck disable=SC2034 # for those who source this
every_restore=(iptables-nft-restore ip6tables-nft-restore iptables-legacy-restore ip6tables-legacy-restore)
# shellcheck disable=SC2034 # likewise
restores=("${every_restore[@]}")
# shellcheck disable=SC2034 # likewise
((SHORT < 2)) || restores=(iptables-nft-restore ip6tables-legacy-restore)
# shellcheck source=../../lib/assert.sh
. tests/lib/assert.sh
tap_output=$TMP/said _since=$SECONDS
form() { printf '%s\n' "${@:SHORT + 1:1}"; }
printf '# seed %s, %s form\n' "$SEED" "$(form long short shortest)"

tap_print() { # ok|'not ok' DESC [NOTE]
	local took=$((SECONDS - _since))
	_since=$SECONDS
	((took < 5)) || set -- "$1" "$2" "${3-in $took s}"
	printf '%s %d - %s%s\n' "$1" "$tap_cases" "${2//#/\\#}" "${3:+ # $3}"
}

tap_again() {
	local processors
	processors=$(nproc)
	printf '# again: %sTEST_SEED=%s%s%s tests/vm/run --kernel %s%s --no-load %s\n' \
		"$(form '' '' 'POM_VM_APPEND=kmemleak=off ')" "$SEED" "$(form '' " LEVEL=normal" " LEVEL=quick")" \
		"${ONLY:+ TEST_ONLY=$ONLY}" "${POM_KERNEL:-KERNEL}" "$( ((processors == 1)) || echo " --smp $processors")" "tests/debug/guest/${0##*/}"
}

lacking() {
	case $(uname -r) in
	*-pom-uml | *-pom-debug)
		echo "$2, and was built to" >"$TMP/said"
		verdict 1 "$1"
		;;
	*) skip "$@" ;;
	esac
}

rules_of() {
	awk -F ';' -v each="$(form 1 1 3)" '/^:/ { sub(/^:/, ""); n = split($0, chains, ","); next }
		/^\*/ { table = substr($0, 2); next }
		/^[#@%]/ || NF < 3 || $3 != "OK" || rules++ % each { next }
		{ for (i = 1; i <= n; i++) print (table ? table : "filter") " -A " chains[i] " " $1 }' "$1"
}

one_chain() { awk '{ table = $1; rule = $0; sub(/^[^ ]* -A [^ ]* /, "", rule) } !seen[table " " rule]++'; }

as_tables() {
	sort -s -k 1,1 | awk '$1 != table { if (table) print "COMMIT"; table = $1; print "*" table }
		{ sub(/^[^ ]* /, ""); print } END { print "COMMIT" }'
}
as_lines() { awk '/^\*/ { table = substr($0, 2) } /^-A/ { print table " " $0 }'; }

# Of rules, those without an address of the other family than RESTORE's: it would have to refuse each of them in a run of its own.
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

# shellcheck disable=SC2034 # for those who source this
writings=$(cat patchlets/*/proc-writes 2>/dev/null | DRIVE_SEED=$SEED tests/debug/drive.pl expand)
files_of_modules() { find /proc/net/ /proc/sys/net /sys/module/*/parameters -type f -perm /222 2>/dev/null | LC_ALL=C sort; }

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
	echo "after $tries tries these are still loaded: $(for module in "${modules[@]}"; do [[ ! -d /sys/module/$module ]] || echo "$module"; done)"
	return 1
}

# Leaks of the kernel's own, one extended regular expression a line, for its release and a function in the trace, with the reason.
kernels_own='^5\.10\. sysfs_slab_add # the name of the folder of a slab cache that could not be made'

# Of kmemleak's report on standard input, the objects that are not known as the kernel's own; tells how many are.
strange_leaks() {
	KNOWN=$kernels_own RELEASE=$(uname -r) awk '
		function end() {
			if (object == "") return
			for (i = 1; i <= n; i++) {
				split(known[i], words, " ")
				if (ENVIRON["RELEASE"] ~ words[1] && object ~ words[2] "\\+") { own++; object = ""; return }
			}
			printf "%s", object
		}
		BEGIN { n = split(ENVIRON["KNOWN"], known, "\n") }
		/^unreferenced object/ { end(); object = "" }
		{ object = object $0 "\n" }
		END { end(); if (own) print own " objects that the kernel loses by itself are not counted" >"/dev/stderr" }'
}

# The first scan finds, the second confirms: what is only in flight has a place by then.
scan_leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak
	if ! echo scan >$kmemleak ||
		! sleep 6 || # sleep: of objects younger than five seconds when a scan begins, kmemleak says nothing
		! echo scan >$kmemleak; then
		echo 'kmemleak has switched itself off'
		return 1
	fi
	strange_leaks <$kmemleak >"$TMP/leaks" || return
	cat "$TMP/leaks"
	[[ ! -s $TMP/leaks ]]
}

no_leaks() {
	if grep -qw kmemleak=off /proc/cmdline; then
		skip "$1" 'kmemleak is off: User Mode Linux looks for leaks, in a third of the time'
	elif [[ -w /sys/kernel/debug/kmemleak ]]; then
		ok "$1" scan_leaks
		sed -n 's/.*by itself.*/# &/p' "$TMP/said"
	else
		lacking "$1" 'this kernel has no kmemleak'
	fi
}
