#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The network of --try --shell: its hosts reach each other through the router, and what it suggests
# to type works.
#
# inputs: scripts/runme/* scripts/info scripts/lib/* patchlets/*
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
mount -t tmpfs commands /usr/local/bin
ok 'the network is made' eval 'scripts/runme/network recent TARPIT >"$TMP/said"'
typed() { # what is suggested, without the comment
	sed -n 's/^   \(\(n0\|r\) [a-z].*\)/\1/p' "$TMP/said" | sed 's/  .*//'
}
ping() { n0 ping -n -c 1 -W 1 "$1"; }
eval 'n0() { /usr/local/bin/n0 "$@"; }; r() { /usr/local/bin/r "$@"; }'
until_ok 'IPv4 passes the router' 20 ping 10.0.1.2
until_ok 'so does IPv6' 20 ping fd00:0:0:1::2
is 'five commands are suggested' "$(typed | wc -l)" 5
while read -r command; do
	ok "$command" sh -c "exec /usr/local/bin/${command//iptables/iptables-$BACKEND}"
done < <(typed)
nok 'the rule that it suggests stops a ping' n0 ping -n -c 1 -W 1 10.0.1.2
for name in n0 r n1; do ip netns delete "$name"; done
umount /usr/local/bin
done_testing
