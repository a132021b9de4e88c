#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The order of one list tells nothing of that of another. Addresses outside of the mask of a list
# are removed, times of expired addresses do not come back, memory is given back, and the end of
# a namespace does not wait for its 1,000 lists.
#
#   r, x, y (alone)    y has a veth to r: the kernel removes it when it cleans up y
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
proc=/proc/net/xt_recent
send() { "$1" "${0%/*}/send" "${@:2}"; }
addresses() {
	perl -e 'my ($net, $n) = @ARGV;
		printf "+10.$net.%d.%d\n", $_ / 250, $_ % 250 for 0 .. $n - 1' "$@"
}
order() { "$1" sed 's/ .*//' "$proc/$2"; } # NS LIST

say 'Who sorts addresses in a list of his own learns nothing of the order of other lists.'
for ns in r x; do
	ipt $ns -A INPUT -m recent --name L --set --list-size 100000
	addresses 1 1000 >"$TMP/thousand"
	"$ns" bash -c "cat $TMP/thousand >$proc/L"
	order $ns L >"$TMP/$ns"
done
ipt r -A INPUT -m recent --name M --set --list-size 100000
r bash -c "cat $TMP/thousand >$proc/M"
order r M >"$TMP/second"
ok 'both have the same addresses' cmp <(sort "$TMP/r") <(sort "$TMP/x")
nok 'in another order' cmp "$TMP/r" "$TMP/x"
ok 'so has a second list of one namespace' cmp <(sort "$TMP/r") <(sort "$TMP/second")
nok 'in another order' cmp "$TMP/r" "$TMP/second"

say 'Addresses that are written before a rule has set the mask of their family.'
r bash -c "printf '+fd00::1:2:3:4\n+fd00:0:0:1::\n' >$proc/L"
like 'are in the list' "$(r cat $proc/L)" 'src=fd00:0000:0000:0000:0001:0002:0003:0004 '
ip6t r -A INPUT -m recent --name L --set --prefix 64
is 'one that no packet could match is not' \
	"$(r grep -c 'src=fd00:0000:0000:0000:0001:' $proc/L)" 0
is 'one that is under the mask stays' \
	"$(r grep -c 'src=fd00:0000:0000:0001:0000:0000:0000:0000 ' $proc/L)" 1
is 'so do those of the other family' "$(r grep -c 'src=10\.1\.' $proc/L)" 1000

say 'As many lists as a namespace may have.'
most=/sys/module/xt_recent/parameters/net_lists_max
usual=$(<$most)
is 'by default' "$usual" 10000
echo 2 >$most
ipt r -A INPUT -m recent --name second --set
nok 'one more is refused' r "iptables-$BACKEND" -w -A INPUT -m recent --name third --set
like 'and the kernel logs why' "$(klog)" \
	'--name third: the network namespace has 2 lists; more need .* net_lists_max'
ok 'a rule with one of them is accepted' \
	r "iptables-$BACKEND" -w -A INPUT -m recent --name second --rcheck
ok 'a second namespace has as many' \
	x "iptables-$BACKEND" -w -A INPUT -m recent --name second --set
r "iptables-$BACKEND" -w -D INPUT -m recent --name second --set
r "iptables-$BACKEND" -w -D INPUT -m recent --name second --rcheck
accepted() { r "iptables-$BACKEND" -w -A INPUT -m recent --name third --set; }
until_ok 'one that goes leaves its place to another' 10 accepted
nok 'no number is none' bash -c "echo 0 >$most"
echo "$usual" >$most

say 'An address whose time was over is new when it is seen again.'
ipt x -F INPUT
ipt x -A INPUT -m recent --name T --set --list-timeout 2
send x 10.1.0.1*3:1000 sleep=2.1 10.1.0.1:1000
# A line is: src=A ttl: N last_seen: T oldest_pkt: N T, ...
is 'it has one time, which is the last' "$(x awk '{ print NF, $5 == $8 }' $proc/T)" '8 1'

say 'Memory is given back when addresses are removed by prefix.'
limit=/sys/module/xt_recent/parameters/net_memory_limit_mb
before=$(<$limit)
addresses 3 60000 >"$TMP/many"
ipt r -F INPUT
for list in A B; do
	ipt r -A INPUT -m recent --name $list --set --list-size 100000 --list-full refuse
done
ok 'a list is filled' r bash -c "cat $TMP/many >$proc/A"
memory=$(r sed -n 's/^A .* memory=\([0-9]*\).*/\1/p' /proc/net/xt_recent_stat)
# What the addresses take, and a table for them, but not two.
echo $((memory * 5 / 4 / (1 << 20) + 1)) >$limit
fits() { r bash -c "cat $TMP/many >$proc/B"; }
nok 'a second list of that size does not fit' fits
r bash -c "echo -10.0.0.0/8 >$proc/B"
r bash -c "echo -10.0.0.0/8 >$proc/A"
until_ok 'when the addresses are removed, it does' 10 fits
echo "$before" >$limit

say 'The end of a namespace does not wait for its lists.'
lists=1000
[[ ${LEVEL-} != full ]] || lists=5000
{
	echo '*filter'
	for ((i = 0; i < lists; i++)); do
		echo "-A INPUT -m recent --name l$i --set --list-size 300"
	done
	echo COMMIT
} >"$TMP/lists"
namespace y
r ip link add vy type veth peer name e0 netns y
x "iptables-$BACKEND-restore" "$TMP/lists"
send x 10.1.0.1+200:1000 | tr -d 1
is 'each list has 200 addresses' \
	"$(x grep -c 'entries=200 ' /proc/net/xt_recent_stat)" "$lists"
ip netns delete x
ip netns delete y
gone() { ! r ip link show vy; }
until_ok 'the next namespace that ends is cleaned up' 6 gone
done_testing
