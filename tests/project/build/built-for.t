#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An iptables whose structures have another layout than those that an extension was built for gets
# an error from it, and does not crash.
# inputs: extensions/* Makefile include/* scripts/* patchlets/*/info
# shellcheck source=../../lib/tap.sh
. "$(dirname "$0")/../../lib/tap.sh"
need iptables-translate
unset MAKEFLAGS MFLAGS MAKELEVEL
here=$(iptables --version | sed 's/[^v]*v\([0-9.]*\).*/\1/')
before=1.8.10 since=1.8.11
[[ $(printf '%s\n' $since "$here" | sort -V | head -n 1) != "$since" ]] || before=1.8.12 since=1.8.9

# translate VERSION WORDS...: with extensions that were built for iptables VERSION.
translate() {
	make -s extensions PATCHLETS=recent "O=$TAP_TMP/$1" "XTABLES_VERSION=$1" >/dev/null ||
		return
	out=$(XTABLES_LIBDIR=$TAP_TMP/$1/extensions iptables-translate -A INPUT "${@:2}" 2>&1)
	status=$?
}

for version in "$here" $before ''; do
	translate "$version" -m recent --set
	is "built for '$version': status" "$status" 0
	like "built for '$version': output" "$out" '^nft'
done
translate $since -m recent --set
is 'another layout: status' "$status" 1
like 'another layout: said' "$out" \
	"were built for iptables $since, and this one cannot load them; fix: run ./runme"
translate $since -s 192.0.2.1
is 'another layout: rules without the match work' "$status" 0
done_testing
