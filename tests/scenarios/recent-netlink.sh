#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Netlink messages that are wrong, dumps of many messages and dumps that break off, listeners that do not read; and the limit of
# memory.
#
#   r, x (alone)   x has no part in what is done to r
. "$(dirname "$0")/lib.sh"
namespace r
namespace x
send() { r "$(dirname "$0")/recent-send" "$@"; }
netlink() { r perl "$(dirname "$0")/recent.pl" "$@"; }
proc=/proc/net/xt_recent

ipt r -A INPUT -m recent --name L --set --list-size 100000
netlink malformed L >"$TMP/malformed"
while IFS= read -r line; do
	is "refused: ${line#ok }" "$line" "ok ${line#ok }"
done <"$TMP/malformed"
is 'all of them were sent' "$(wc -l <"$TMP/malformed")" 43
is 'none of them has left anything' "$(r cat $proc/L)" ''

say '5000 addresses do not fit into a message, and more come while they are told.'
perl -e 'printf "+10.1.%d.%d\n", $_ / 250, $_ % 250 for 0 .. 4999' >"$TMP/many"
r bash -c "cat $TMP/many >$proc/L"
is 'a dump' "$(netlink dump L)" $'5000 addresses, 5000 different\nin many messages'
is 'a dump that breaks off after each second message' "$(netlink dump L 2)" $'5000 addresses, 5000 different\nin many messages'
is 'also if the one after which it is resumed has gone' "$(netlink dump L 2 del)" $'5000 addresses, 5000 different\nin many messages'
r bash -c "cat $TMP/many >$proc/L"

say 'A listener that does not read holds nobody up, and is told.'
is 'ENOBUFS' "$(netlink deaf L $proc/L 3)" $'told that something is lost\nand reads on'
is 'all addresses are there' "$(r wc -l $proc/L | cut -d ' ' -f 1)" 8000

say 'Memory: no more than 1 MB, of 128 bytes an address.'
limit=/sys/module/xt_recent/parameters/memory_limit_mb
before=$(<$limit)
echo 1 >$limit
perl -e 'printf "+10.2.%d.%d\n", $_ / 250, $_ % 250 for 0 .. 4999' >"$TMP/more"
nok 'a write that wants more fails' r bash -c "cat $TMP/more >$proc/L"
count=$(r wc -l $proc/L | cut -d ' ' -f 1)
is 'what fits is there' "$((count >= 8000 && count <= 8192))" 1
like 'what did not is counted' "$(r cat /proc/net/xt_recent_stat)" 'no_memory=[1-9]'
is 'a packet from a new address is dropped, as the kernel'"'"'s own module does; one that is there passes' "$(send 10.1.0.7:1000 198.51.100.1:1000)" 10
like 'the log says what may be the matter' "$(klog)" 'no memory, or no more than \(net_\)memory_limit_mb allows'
echo "$before" >$limit
ok 'the limit is raised, and there is room' r bash -c "cat $TMP/more >$proc/L"
is 'for all' "$(r wc -l $proc/L | cut -d ' ' -f 1)" 13000

say 'A limit for each namespace: r is over it, x is not.'
ipt x -A INPUT -m recent --name L --set
echo 1 >${limit/memory/net_memory}
nok 'r gets no more' r bash -c "echo 10.3.0.1 >$proc/L"
ok 'x does' x bash -c "echo 10.3.0.1 >$proc/L"
echo 0 >${limit/memory/net_memory}
ok 'without it, so does r' r bash -c "echo 10.3.0.1 >$proc/L"
done_testing
