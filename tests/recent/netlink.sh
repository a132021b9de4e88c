#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Netlink messages that are wrong, dumps of many messages and dumps that break off, listeners that
# do not read; and the limit of memory.
#
#   r, x (alone)   x has no part in what is done to r
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
send() { r "${0%/*}/send" "$@"; }
netlink() { r perl "${0%/*}/recent.pl" "$@"; }
proc=/proc/net/xt_recent

ipt r -A INPUT -m recent --name L --set --list-size 100000
netlink malformed L >"$TMP/malformed"
while IFS= read -r line; do
	is "refused: ${line#ok }" "$line" "ok ${line#ok }"
done <"$TMP/malformed"
is 'all of them were sent' "$(wc -l <"$TMP/malformed")" 43
is 'none of them has left anything' "$(r cat $proc/L)" ''

say '5000 addresses do not fit into a message, and more are added during the dump.'
perl -e 'printf "+10.1.%d.%d\n", $_ / 250, $_ % 250 for 0 .. 4999' >"$TMP/many"
r bash -c "cat $TMP/many >$proc/L"
is 'a dump' "$(netlink dump L)" $'5000 addresses, 5000 different\nin many messages'
is 'a dump that breaks off after each second message' "$(netlink dump L 2)" \
	$'5000 addresses, 5000 different\nin many messages'
is 'also if the one after which it is resumed has gone' "$(netlink dump L 2 del)" \
	$'5000 addresses, 5000 different\nin many messages'
r bash -c "cat $TMP/many >$proc/L"

say 'A listener that does not read delays no packet, and gets an error.'
is 'ENOBUFS' "$(netlink deaf L $proc/L 3)" $'told that something is lost\nand reads on'
is 'all addresses are there' "$(r wc -l $proc/L | cut -d ' ' -f 1)" 8000

number() { r sed -n "s/^L \(.* \)\?$1=\([0-9]*\) .*/\2/p" /proc/net/xt_recent_stat; }
bytes=$(($(number memory) / $(number entries)))
megabytes=$((12000 * bytes / (1 << 20) + 1)) most=$(((12000 * bytes / (1 << 20) + 1 << 20) / bytes))
say "Memory: no more than $megabytes MB, of $bytes bytes an address."
say "That is less than $most addresses and their table."
limit=/sys/module/xt_recent/parameters/net_memory_limit_mb
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
addresses() {
	perl -e 'my ($net, $n) = @ARGV;
		printf "+10.$net.%d.%d\n", $_ / 250, $_ % 250 for 0 .. $n - 1' "$@"
}
before=$(<$limit)
echo $megabytes >$limit
addresses 2 $((most * 17 / 20 - 8000)) >"$TMP/more"
addresses 8 $((most / 4)) >"$TMP/others"
ok 'the list accepts more' r bash -c "cat $TMP/more >$proc/L"
is 'all are in the list' "$(number entries)" $((most * 17 / 20))
ok 'where the limit is reached, new addresses' r bash -c "cat $TMP/others >$proc/L"
is 'are there' "$(r grep -c 'src=10\.8\.' $proc/L)" $((most / 4))
count=$(number entries)
is 'in the place of others' "$((count >= most * 17 / 20 && count <= most))" 1
like 'which were evicted' "$(r cat /proc/net/xt_recent_stat)" \
	'evicted=[1-9][0-9]* refused=0 no_memory=0 '
is 'so is what a packet brings' "$(send 10.4.0.1:1000)/$(r grep -c 'src=10\.4\.0\.1 ' $proc/L)" 1/1
ok 'a list that evicts nothing' r "$tool" set L full refuse
addresses 9 1000 >"$TMP/refused"
nok 'takes no more' r bash -c "cat $TMP/refused >$proc/L"
like 'and the log says what may be the matter' "$(klog)" \
	'no memory, or no more than \(net_\)memory_limit_mb allows'
ipt r -A INPUT -m recent --name L ! --set -j DROP
ipt r -Z INPUT
is 'no packet is dropped for that: one from a new address, one from an old one' \
	"$(send 10.5.0.1:1000 10.8.0.7:1000)" 11
is 'a rule does not match' "$(counter r 4 filter INPUT 1)/$(counter r 4 filter INPUT 2)" 1/0
like 'which is counted' "$(r cat /proc/net/xt_recent_stat)" 'no_memory=[1-9]'
echo "$before" >$limit
ok 'the limit is raised, and more are accepted' r bash -c "cat $TMP/refused >$proc/L"

say 'A limit for each namespace: r is over it, x is not.'
ipt x -A INPUT -m recent --name L --set
echo 1 >$limit
nok 'r gets no more' r bash -c "echo 10.3.0.1 >$proc/L"
ok 'x does' x bash -c "echo 10.3.0.1 >$proc/L"
ok 'where r has a list that evicts, it does, too' r "$tool" set L full evict
ok 'by evicting an older address' r bash -c "echo 10.3.0.1 >$proc/L"
echo "$before" >$limit
ok 'without it, so does r' r bash -c "echo 10.3.0.1 >$proc/L"
done_testing
