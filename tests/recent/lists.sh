#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The order of one list tells nothing of the order of another, and the times of an address that has expired do not come back.
#
#   r, x (alone)
. "$(dirname "$0")/../lib/scenario.sh"
namespace r
namespace x
proc=/proc/net/xt_recent
send() { "$1" "$(dirname "$0")/send" "${@:2}"; }
addresses() { perl -e 'my ($net, $n) = @ARGV; printf "+10.$net.%d.%d\n", $_ / 250, $_ % 250 for 0 .. $n - 1' "$@"; }
order() { "$1" sed 's/ .*//' $proc/L; }

say 'Who sorts addresses in a list of his own learns nothing of the order of other lists.'
for ns in r x; do
	ipt $ns -A INPUT -m recent --name L --set --list-size 100000
	addresses 1 1000 >"$TMP/thousand"
	"$ns" bash -c "cat $TMP/thousand >$proc/L"
	order $ns >"$TMP/$ns"
done
ok 'both have the same addresses' cmp <(sort "$TMP/r") <(sort "$TMP/x")
nok 'in another order' cmp "$TMP/r" "$TMP/x"

say 'An address whose time was over is new when it is seen again.'
ipt x -F INPUT
ipt x -A INPUT -m recent --name T --set --list-timeout 2
send x 10.1.0.1*3:1000 sleep=2.1 10.1.0.1:1000
# A line is: src=A ttl: N last_seen: T oldest_pkt: N T, ...
is 'it has one time, which is the last' "$(x awk '{ print NF, $5 == $8 }' $proc/T)" '8 1'
done_testing
