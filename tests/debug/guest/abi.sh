#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules that hurt (tests/debug/abi-fuzz.c): every rule of the rule cases is a pattern, spoilt in many ways and given to the kernel
# through setsockopt and through nft_compat, by root and by the root of a user namespace; in the shortest form, by one of them in turn.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
rules=$(form 5000 1000 200)

modprobe -a "${modules[@]}" iptable_filter iptable_mangle iptable_raw ip6table_filter ip6table_mangle ip6table_raw nft_compat

# Runs in a network namespace of its own: the tables at once, or, where one of their rules is refused, each rule; and off.
cat >"$TMP/fuzz" <<'END'
ip link set lo up
for restore in iptables-legacy-restore ip6tables-legacy-restore; do
	! $restore <"$1.$restore" 2>/dev/null || continue
	awk '/^\*/ { table = $0 } /^-A/ { print table; print; print "COMMIT" }' "$1.$restore" | while read -r table && read -r rule && read -r commit; do
		printf '%s\n' "$table" "$rule" "$commit" | $restore --noflush 2>/dev/null
	done
done
exec build/debug/abi-fuzz -s "$2" -n "$3" "${@:4}"
END

fuzz() { # FILE NAME UNSHARE-OPTION...
	local restore
	for restore in iptables-legacy-restore ip6tables-legacy-restore; do
		tables "$restore" "$1" "$TMP/rules.$restore" >/dev/null
	done
	unshare --net "${@:3}" "$BASH" "$TMP/fuzz" "$TMP/rules" "$SEED" "$rules" "$2" >"$TMP/fuzzed"
}

everybody=(root 'root of a user namespace')
for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	name=${name#lib*_}
	[[ -z $ONLY || $ONLY == "$name" ]] || continue
	for who in "${everybody[@]}"; do
		chmod 755 "$TMP"
		if [[ $who == root ]]; then options=(); else options=(--user --map-root-user); fi
		ok "rules of $name, spoilt, by $who" fuzz "$file" "$name" "${options[@]}"
		sed 's/^/# /' "$TMP/fuzzed"
		((SHORT < 2)) || { everybody=("${everybody[1]}" "$who") && break; }
	done
done
no_leaks 'nothing has leaked'
done_testing
