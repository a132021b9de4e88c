#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Malformed rules (tests/debug/abi-fuzz.c): every rule of the rule cases is a pattern, mutated in many ways and given to the kernel
# through setsockopt and through nft_compat, by root and by the root of a user namespace; in the shortest form, by one of them in turn.
# Where the distribution has an extension of that name, the rules that it understands are patterns of older revisions.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=patterns.sh
. tests/debug/guest/patterns.sh
rules=$(form 5000 1000 200)

modprobe -a "${modules[@]}"

extensions=()
for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	name=${name#lib*_}
	[[ -n $ONLY && $ONLY != "$name" ]] || extensions+=("$name")
done

fuzz() { # NAME UNSHARE-OPTION...
	unshare --net "${@:2}" "$BASH" "$TMP/fuzz" "$TMP/patterns/$1" -s "$SEED" -n "$rules" -r "$TMP/patterns/$1/revisions" "$1" >"$TMP/fuzzed"
}

# All first: a little later the log, where the kernel tells the sizes, is full of rules that were refused, and tells no more.
for name in "${extensions[@]}"; do
	ok "revisions of $name" learn_patterns "$name"
done
everybody=(root 'root of a user namespace')
for name in "${extensions[@]}"; do
	for who in "${everybody[@]}"; do
		if [[ $who == root ]]; then options=(); else options=(--user --map-root-user); fi
		ok "mutated rules of $name, by $who" fuzz "$name" "${options[@]}"
		sed 's/^/# /' "$TMP/fuzzed"
		((SHORT < 2)) || { everybody=("${everybody[1]}" "$who") && break; }
	done
done
no_leaks 'nothing has leaked'
done_testing
