# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the tests read out and status
# Sourced by tests/runme/*.t: TAP, and a small tree of invented patchlets around the real runme.
#
#   ok DESC CMD... | nok DESC CMD...    CMD must succeed | fail; its output is shown otherwise
#   is DESC GOT WANT                    equal text
#   like DESC GOT REGEX | unlike        an extended regular expression, on any line
#   skip DESC REASON                    counted, with its reason
#   tree                                makes the tree $T: runme, scripts, and a Makefile that "builds" in no time
#   patchlet NAME [LINE...]             adds a patchlet NAME with module xt_NAME and extension NAME, and these lines of info
#   kernel RELEASE [LINE...]            makes $K, a kernel's headers with these lines of .config; symbols: nf_one, nf_two
#   runme ARG...                        runs it with KERNEL_DIR=$K and --destdir $D, no terminal; sets $out (both streams) and $status
#   answers LETTERS ARG...              likewise, with those lines on stdin (ENTER is an empty one)
#   state_of DIR                        every file with its checksum and mode, every folder and link
#   done_testing                        the plan; last line

set -u
# shellcheck source=../../scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"

cases=0 failed=0
TMP=$(mktemp -d) || exit
TMP=$(realpath "$TMP")
trap 'rm -rf "$TMP"' EXIT
T=$TMP/tree K=$TMP/kernel D=$TMP/dest
R=6.1.0-test
out='' status=0
unset KERNEL_DIR DESTDIR MAKEFLAGS MFLAGS MAKELEVEL NO_COLOR POM_OUT POM_PREFIX
# What the stub Makefile makes is no ELF file.
export LC_ALL=C STRIP=true

verdict() {
	local word=ok
	cases=$((cases + 1))
	if (($1)); then
		word='not ok' failed=$((failed + 1))
	fi
	printf '%s %d - %s\n' "$word" "$cases" "$2"
	[[ $word == ok ]] || printf '# %s\n' "${3//$'\n'/$'\n'# }"
	return 0
}

ok() { local desc=$1 said; shift; said=$("$@" 2>&1); verdict $? "$desc" "$said"; }
nok() { local desc=$1 said; shift; said=$("$@" 2>&1); verdict $(($? == 0)) "$desc" "$said"; }
is() { local w=0; [[ $2 == "$3" ]] || w=1; verdict $w "$1" "$(diff <(printf '%s\n' "$3") <(printf '%s\n' "$2"))"; }
like() { local w=0; grep -qE -- "$3" <<<"$2" || w=1; verdict $w "$1" "$3 is not in:"$'\n'"$2"; }
unlike() { local w=0; ! grep -qE -- "$3" <<<"$2" || w=1; verdict $w "$1" "$3 is in:"$'\n'"$2"; }
skip() { cases=$((cases + 1)); printf 'ok %d - %s # SKIP %s\n' "$cases" "$1" "$2"; }
done_testing() { printf '1..%d\n' "$cases"; exit $((failed > 0)); }

tree() {
	rm -rf "$T"
	mkdir -p "$T/patchlets" "$T/extensions"
	cp -r "$POM_TOP/runme" "$POM_TOP/scripts" "$T/"
	cp "$POM_TOP/tests/runme/stub.mk" "$T/Makefile"
	kernel "$R"
}

patchlet() {
	local name=$1
	shift
	mkdir -p "$T/patchlets/$name"
	{
		printf '%s\n' "Title: what $name does" 'Author: A. U. Thor <author@example.org>' 'Status: It works.'
		printf '%s\n' "$@"
		[[ " $* " == *Suite:* ]] || echo 'Suite: base'
		[[ " $* " == *Version:* ]] || echo 'Version: 1.0'
		[[ " $* " == *Modules:* ]] || echo "Modules: xt_$name"
		[[ " $* " == *Extensions:* ]] || echo "Extensions: $name"
	} | sed '/^[A-Za-z]*: *$/d' >"$T/patchlets/$name/info"
	printf 'The help of %s.\n\nIt has two lines.\n' "$name" >"$T/patchlets/$name/help"
}

kernel() {
	rm -rf "$K"
	mkdir -p "$K/include/config" "$K/scripts"
	printf '%s\n' "$1" >"$K/include/config/kernel.release"
	printf '%s\n' CONFIG_MODULES=y 'CONFIG_MODULE_SIG_HASH="sha256"' "${@:2}" >"$K/.config"
	printf '0x00000000\t%s\tnet/netfilter/x\tEXPORT_SYMBOL_GPL\t\n' nf_one nf_two >"$K/Module.symvers"
}

runme() {
	out=$(cd "$T" && KERNEL_DIR=$K ./runme --destdir "$D" "$@" 2>&1 </dev/null)
	status=$?
}

answers() {
	local letters=$1
	shift
	out=$(cd "$T" && tr ' ' '\n' <<<"$letters" | sed 's/^ENTER$//' | KERNEL_DIR=$K ./runme --destdir "$D" "$@" 2>&1)
	status=$?
}

state_of() {
	[[ -e $1 ]] || { echo absent; return; }
	(cd "$1" && find . -printf '%y %m %l %p\n' | sort && find . -type f -print0 | sort -z | xargs -0r sha256sum)
}
