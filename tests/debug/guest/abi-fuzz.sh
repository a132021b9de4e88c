#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Malformed rules (tests/debug/abi-fuzz.c). Every rule of the rule cases is a pattern. abi-fuzz
# mutates it and gives it to the kernel through setsockopt and nft_compat, as root and as root of a
# user namespace (LEVEL=quick: as each in turn). If the distribution has an extension of the same
# name, the rules that it accepts are patterns of older revisions.
# deadline: 1500
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
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
	unshare --net "${@:2}" "$BASH" "$TMP/fuzz" "$TMP/patterns/$1" -s "$SEED" -n "$rules" \
		-r "$TMP/patterns/$1/revisions" "$1" >"$TMP/fuzzed"
}

# Before any mutation: mutated rules fill the log, and its rate limit then hides the sizes.
for name in "${extensions[@]}"; do
	ok "revisions of $name" learn_patterns "$name"
done
users=(root 'root of a user namespace')
for name in "${extensions[@]}"; do
	for user in "${users[@]}"; do
		if [[ $user == root ]]; then options=(); else options=(--user --map-root-user); fi
		ok "mutated rules of $name, by $user" fuzz "$name" "${options[@]}"
		sed 's/^/# /' "$TMP/fuzzed"
		((SHORT < 2)) || { users=("${users[1]}" "$user") && break; }
	done
done
no_leaks 'no memory has leaked'
done_testing
