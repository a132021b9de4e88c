#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The order of a list in one network namespace is unrelated to that of a list in a second one: a
# user cannot sort addresses by the buckets of the host's list, and aim them at a few of these.
#
#	a, b (alone)	the same addresses, added in different orders, are read in unrelated orders
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
namespace a
namespace b
addresses=2000

for ((i = 0; i < addresses; i++)); do echo "+198.18.$((i >> 8)).$((i & 255))"; done >"$TMP/in-order"
shuf --random-source=<(yes) "$TMP/in-order" >"$TMP/shuffled"
fill() { # NS FILE
	# shellcheck disable=SC2016 # for the other shell
	"$1" "$BASH" -c 'cat "$0" >/proc/net/xt_recent/sorted' "$2"
}
read_list() { # NS: addresses in the order of the list
	_quiet=1 "$1" sed -n 's/^src=\([^ ]*\) .*/\1/p' /proc/net/xt_recent/sorted >"$TMP/$1"
}
for ns in a b; do
	ipt "$ns" -A INPUT -m recent --set --name sorted --list-size 4000
done
ok 'addresses are added in order' fill a "$TMP/in-order"
ok 'and in a different order' fill b "$TMP/shuffled"
read_list a
read_list b
is 'the first list has all of them' "$(wc -l <"$TMP/a")" "$addresses"
is 'the second one has the same' "$(sort "$TMP/a")" "$(sort "$TMP/b")"

# Of unrelated orders, two pairs of neighbours are neighbours in both; 14 or more in one of ten
# million runs.
same_neighbours=$(awk '
	FNR > 1 {
		pair = last < $1 ? last " " $1 : $1 " " last
		if (NR == FNR)
			had[pair] = 1
		else if (pair in had)
			n++
	}
	{ last = $1 }
	END { print n + 0 }' "$TMP/a" "$TMP/b")
say "$same_neighbours of $((addresses - 1)) pairs of neighbours are neighbours in both"
ok 'the orders are unrelated' test "$same_neighbours" -lt 14
done_testing
