#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A request that looks at each address of a large list delays no other request of generic netlink.
# With the lock of all families held, it would wait for the end.
#
#   r (alone)   a list of 300,000 addresses, and an empty one
# deadline: 300
. "${0%/*}/../lib/scenario.sh"
namespace r
perl -e 'printf "+10.%d.%d.%d\n", $_ >> 16, $_ >> 8 & 255, $_ & 255 for 1 .. 300000' >"$TMP/many"
list=/proc/net/xt_recent/L
addresses() { r grep -c src= "$list"; }
ipt r -A INPUT -m recent --name L --set --list-size 300000
ipt r -A INPUT -m recent --name other --rcheck
ok 'a large list' r bash -c "cat $TMP/many >$list"
is 'it has all addresses' "$(addresses)" 300000
waits=$(r perl "${0%/*}/recent.pl" during L 5)
say "A request for the other list waits $waits % of a removal, at most."
is 'it does not wait for the removal' "$((waits < 50))" 1
is 'no address was removed' "$(addresses)" 300000
done_testing
