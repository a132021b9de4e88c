# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the tests read out and status
# Sourced by tests/project/runme/*.t: TAP (tests/lib/tap.sh), and a small tree of invented patchlets
# around the real runme.
#
#   tree                                makes the tree $T: runme, scripts, and a Makefile that
#                                       "builds" in no time
#   patchlet NAME [LINE...]             adds a patchlet NAME with module xt_NAME and extension NAME,
#                                       and these lines of info
#   kernel RELEASE [LINE...]            makes $K, a kernel's headers with these lines of .config;
#                                       symbols: nf_one, nf_two
#   runme ARG...                        runs it with KERNEL_DIR=$K and --destdir $D, no terminal;
#                                       sets $out (both streams) and $status
#   answers LETTERS ARG...              the same, with those lines on stdin (ENTER is an empty one)
#   state_of DIR                        every file with its checksum and mode, every directory and
#                                       link

# shellcheck source=../../lib/tap.sh
. "${BASH_SOURCE[0]%/*}/../../lib/tap.sh"

TMP=$TAP_TMP
T=$TMP/tree K=$TMP/kernel D=$TMP/dest
R=6.1.0-test
out='' status=0
unset KERNEL_DIR DESTDIR MAKEFLAGS MFLAGS MAKELEVEL NO_COLOR POM_OUT POM_PREFIX PREFIX \
	CROSS_COMPILE LLVM
# What the stub Makefile makes is no ELF file.
export LC_ALL=C STRIP=true

tree() {
	rm -rf "$T"
	mkdir -p "$T/patchlets" "$T/extensions"
	cp -r "$POM_TOP/runme" "$POM_TOP/scripts" "$T/"
	cp "$POM_TOP/tests/project/runme/stub.mk" "$T/Makefile"
	kernel "$R"
}

patchlet() {
	local name=$1
	shift
	mkdir -p "$T/patchlets/$name"
	{
		printf '%s\n' "Title: what $name does" 'Author: A. U. Thor <author@example.org>' \
			'Status: It works.'
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
	printf '0x00000000\t%s\tnet/netfilter/x\tEXPORT_SYMBOL_GPL\t\n' nf_one \
		nf_two >"$K/Module.symvers"
}

# A test that a shell starts in the background ignores SIGINT, and a bash program cannot undo that.
runme() {
	out=$(cd "$T" && KERNEL_DIR=$K env --default-signal=INT ./runme --destdir "$D" \
		"$@" 2>&1 </dev/null)
	status=$?
}

answers() {
	local letters=$1
	shift
	out=$(cd "$T" && tr ' ' '\n' <<<"$letters" | sed 's/^ENTER$//' |
		KERNEL_DIR=$K ./runme --destdir "$D" "$@" 2>&1)
	status=$?
}

state_of() {
	[[ -e $1 ]] || { echo absent; return; }
	(cd "$1" && find . -printf '%y %m %l %p\n' | sort && find . -type f -print0 | sort -z |
		xargs -0r sha256sum)
}
