# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the layers of tests/debug/guest/, which run as root in a machine of their own and speak TAP.
#
#   ok DESC CMD...     CMD must succeed; what it prints is shown if it does not
#   is DESC GOT WANT   the strings are the same
#   skip DESC REASON   counted as skipped
#   no_leaks DESC      kmemleak knows of no object that nothing refers to
#   rules_of FILE      the rules that a .t file says are accepted, a line each: TABLE -A CHAIN RULE, for each of their chains
#   one_chain          of these lines, on standard input, one for each rule
#   again              prints the command that repeats this run, for a case that failed
#   done_testing       the plan, and the end
#
# $SHORT is 1 for the short form, $SEED the seed, $ONLY the one module or extension to look at (or empty), $TMP a scratch folder
# in memory.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

SHORT=${TEST_SHORT:-0} SEED=${TEST_SEED:-1} ONLY=${TEST_ONLY:-}
TMP=$(mktemp -d /run/pom-debug.XXXXXX) || exit
trap 'rm -rf "$TMP"' EXIT
_cases=0 _failures=0
printf '# seed %s, %s form\n' "$SEED" "$( ((SHORT)) && echo short || echo long)"

verdict() { # STATUS DESC...; the reasons stand in $TMP/said
	local status=$1 word=ok
	shift
	((status == 0)) || word='not ok'
	_cases=$((_cases + 1)) _failures=$((_failures + (status != 0)))
	printf '%s %d - %s\n' "$word" "$_cases" "$*"
	((status == 0)) || { [[ ! -s $TMP/said ]] || sed 's/^/# /' "$TMP/said"; again; }
}

again() {
	printf '# again: TEST_SEED=%s%s%s tests/vm/run --kernel %s --no-load %s\n' "$SEED" "$( ((!SHORT)) || echo ' TEST_SHORT=1')" \
		"${ONLY:+ TEST_ONLY=$ONLY}" "${POM_KERNEL:-KERNEL}" "tests/debug/guest/${0##*/}"
}

ok() {
	local what=$1
	shift
	"$@" >"$TMP/said" 2>&1
	verdict $? "$what"
}

is() {
	printf 'got  %s\nwant %s\n' "$2" "$3" >"$TMP/said"
	[[ $2 == "$3" ]]
	verdict $? "$1"
}

skip() {
	_cases=$((_cases + 1))
	printf 'ok %d - %s # SKIP %s\n' "$_cases" "$1" "$2"
}

rules_of() {
	awk -F ';' '/^:/ { sub(/^:/, ""); n = split($0, chains, ","); next }
		/^\*/ { table = substr($0, 2); next }
		/^[#@%]/ || NF < 3 || $3 != "OK" { next }
		{ for (i = 1; i <= n; i++) print (table ? table : "filter") " -A " chains[i] " " $1 }' "$1"
}

one_chain() { awk '{ table = $1; rule = $0; sub(/^[^ ]* -A [^ ]* /, "", rule) } !seen[table " " rule]++'; }

# The first scan finds, the second confirms: what is only in flight has a place by then.
scan_leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak
	echo scan >$kmemleak
	echo scan >$kmemleak
	cat $kmemleak
	[[ ! -s $kmemleak && -z $(cat $kmemleak) ]]
}

no_leaks() {
	if [[ -w /sys/kernel/debug/kmemleak ]]; then
		ok "$1" scan_leaks
	else
		skip "$1" 'this kernel has no kmemleak'
	fi
}

done_testing() {
	printf '1..%d\n' "$_cases"
	((_failures == 0))
	exit
}
