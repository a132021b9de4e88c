#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules that hurt (tests/debug/abi-fuzz.c): every rule of the rule cases is a pattern, spoilt in many ways and given to the kernel
# through setsockopt and through nft_compat, by root and by the root of a user namespace; in the shortest form, by one of them in turn.
# Where the distribution has an extension of that name, the rules that it understands are patterns of older revisions.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
rules=$(form 5000 1000 200)
restores=(iptables-legacy-restore ip6tables-legacy-restore)

modprobe -a "${modules[@]}" iptable_filter iptable_mangle iptable_raw ip6table_filter ip6table_mangle ip6table_raw nft_compat
chmod 755 "$TMP"

extensions=()
for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	name=${name#lib*_}
	[[ -n $ONLY && $ONLY != "$name" ]] || extensions+=("$name")
done

# The extensions of the distribution, without ours, which libxtables looks for first.
libraries=$(pkg-config --variable=xtlibdir xtables 2>/dev/null)
[[ -d $libraries ]] || libraries=$(dirname "$(find /usr/lib* -path '*/xtables/libxt_tcp.so' -print -quit)")
mkdir "$TMP/stock" && ln -s "$libraries"/*.so "$TMP/stock"
for name in "${extensions[@]}"; do
	[[ -e $TMP/stock/libipt_$name.so ]] || rm -f "$TMP/stock/libxt_$name.so"
	rm -f "$TMP/stock"/lib{ipt,ip6t}_"$name.so"
done

# Runs in a network namespace of its own: the tables at once, or, where one of their rules is refused, each rule; and off.
cat >"$TMP/fuzz" <<'END'
ip link set lo up
for file in "$1"/ours.* "$1"/stock.*; do
	restore=${file##*.}
	[[ $file != */ours.* ]] || unset XTABLES_LIBDIR
	[[ $file != */stock.* ]] || export XTABLES_LIBDIR=${1%/*}/stock
	[[ -s $file ]] && ! $restore --noflush <"$file" 2>/dev/null || continue
	awk '/^\*/ { table = $0 } /^-A/ { print table; print; print "COMMIT" }' "$file" | while read -r table && read -r rule && read -r commit; do
		printf '%s\n' "$table" "$rule" "$commit" | $restore --noflush 2>/dev/null
	done
done
exec build/debug/abi-fuzz "${@:2}"
END

# As tables, where many rules are refused: each is looked at by itself.
stock_tables() { # RESTORE FILE
	local table rule
	rules_of "$2" | one_chain | of_family "$1" | while read -r table rule; do
		! XTABLES_LIBDIR=$TMP/stock "$1" --test <<<"*$table"$'\n'"$rule"$'\nCOMMIT' 2>/dev/null ||
			printf '%s %s\n' "$table" "$rule"
	done | as_tables
}

# Of the rule cases of an extension, what each program understands; and the revisions that the kernel has, with their sizes, which
# only the real root can read.
prepare() { # NAME
	local restore
	mkdir "$TMP/$1"
	for restore in "${restores[@]}"; do
		tables "$restore" extensions/lib*_"$1.t" "$TMP/$1/ours.$restore"
		[[ ! -e $TMP/stock/libxt_$1.so ]] || stock_tables "$restore" extensions/lib*_"$1.t" >"$TMP/$1/stock.$restore"
	done >/dev/null
	unshare --net "$BASH" "$TMP/fuzz" "$TMP/$1" -l "$1" >"$TMP/$1/revisions"
}

fuzz() { # NAME UNSHARE-OPTION...
	unshare --net "${@:2}" "$BASH" "$TMP/fuzz" "$TMP/$1" -s "$SEED" -n "$rules" -r "$TMP/$1/revisions" "$1" >"$TMP/fuzzed"
}

# All first: a little later the log, where the kernel tells the sizes, is full of rules that were refused, and tells no more.
for name in "${extensions[@]}"; do
	ok "revisions of $name" prepare "$name"
done
everybody=(root 'root of a user namespace')
for name in "${extensions[@]}"; do
	for who in "${everybody[@]}"; do
		if [[ $who == root ]]; then options=(); else options=(--user --map-root-user); fi
		ok "rules of $name, spoilt, by $who" fuzz "$name" "${options[@]}"
		sed 's/^/# /' "$TMP/fuzzed"
		((SHORT < 2)) || { everybody=("${everybody[1]}" "$who") && break; }
	done
done
no_leaks 'nothing has leaked'
done_testing
