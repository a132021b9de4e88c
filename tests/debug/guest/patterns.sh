# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables of lib.sh
# Sourced after lib.sh by layers that run tests/debug/abi-fuzz.c.
#
#   learn_patterns NAME        writes the input of abi-fuzz for extension NAME to
#                              $TMP/patterns/NAME: the rules that the extensions of the tree and of
#                              the distribution accept, and the revisions of the kernel with their
#                              sizes
#   "$BASH" "$TMP/fuzz" "$TMP/patterns/NAME" -r "$TMP/patterns/NAME/revisions" OPTION... NAME
#                              loads these rules into the current network namespace and runs
#                              abi-fuzz
#
# learn_patterns reads the sizes from the kernel log: it needs root of the initial user namespace,
# and fails while the log's rate limit is exhausted.
modprobe -a iptable_filter iptable_mangle iptable_raw ip6table_filter ip6table_mangle \
	ip6table_raw nft_compat
chmod 755 "$TMP"

# Links the extensions of the distribution, without those from the tree, which libxtables would
# prefer.
link_stock_extensions() {
	local libraries name
	[[ ! -d $TMP/patterns/stock ]] || return 0
	libraries=$(pkg-config --variable=xtlibdir xtables 2>/dev/null)
	[[ -d $libraries ]] ||
		libraries=$(dirname "$(find /usr/lib* -path '*/xtables/libxt_tcp.so' -print -quit)")
	mkdir -p "$TMP/patterns/stock" && ln -s "$libraries"/*.so "$TMP/patterns/stock"
	for name in $(scripts/info extensions); do
		[[ -e $TMP/patterns/stock/libipt_$name.so ]] ||
			rm -f "$TMP/patterns/stock/libxt_$name.so"
		rm -f "$TMP/patterns/stock"/lib{ipt,ip6t}_"$name.so"
	done
}

# Loads all tables at once, or rule by rule if the kernel refuses one.
cat >"$TMP/fuzz" <<'END'
ip link set lo up
for file in "$1"/tree.* "$1"/stock.*; do
	restore=${file##*.}
	[[ $file != */tree.* ]] || unset XTABLES_LIBDIR
	[[ $file != */stock.* ]] || export XTABLES_LIBDIR=${1%/*}/stock
	[[ -s $file ]] && ! $restore --noflush <"$file" 2>/dev/null || continue
	awk '/^\*/ { table = $0 } /^-A/ { print table; print; print "COMMIT" }' "$file" |
		while read -r table && read -r rule && read -r commit; do
			printf '%s\n' "$table" "$rule" "$commit" | $restore --noflush 2>/dev/null
		done
done
exec build/debug/abi-fuzz "${@:2}"
END

# Like `tables` of lib.sh, but tries each rule alone: the distribution's extension refuses many.
stock_tables() { # RESTORE FILE
	local table rule
	rules_of "$2" | one_chain | of_family "$1" | while read -r table rule; do
		! XTABLES_LIBDIR=$TMP/patterns/stock "$1" \
			--test <<<"*$table"$'\n'"$rule"$'\nCOMMIT' 2>/dev/null ||
			printf '%s %s\n' "$table" "$rule"
	done | as_tables
}

learn_patterns() { # NAME
	local restore dir=$TMP/patterns/$1
	link_stock_extensions
	mkdir -p "$dir"
	for restore in iptables-legacy-restore ip6tables-legacy-restore; do
		tables "$restore" extensions/lib*_"$1.t" "$dir/tree.$restore"
		[[ ! -e $TMP/patterns/stock/libxt_$1.so ]] ||
			stock_tables "$restore" extensions/lib*_"$1.t" >"$dir/stock.$restore"
	done >/dev/null
	unshare --net "$BASH" "$TMP/fuzz" "$dir" -l "$1" >"$dir/revisions"
}
