#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules come and go, namespaces end, the module is unloaded, all under traffic.
#
#   n0 ---- r ---- n1
#	n0 pings n1 without pause; x is a namespace that ends with its rules in place
. "${0%/*}/../lib/scenario.sh"
topology
namespace x
unused() { read -r users </sys/module/xt_recent/refcnt && ((users == 0)); }
# Its entries die after a second.
x_has_a_list() { x ping -n -q -c 1 127.0.0.1 && x grep '^src=127\.0\.0\.1 ' /proc/net/xt_recent/x; }
lists_are() { [[ $(_quiet=1 r ls /proc/net/xt_recent | xargs) == "$1" ]]; }

bg PING n0 ping -n -q -i 0.02 10.0.1.2
bg PINGSIX n0 ping -n -q -i 0.02 fd00:0:0:1::2
for size in 1000 3; do
	printf \
		'*filter\n-A FORWARD -m recent --name a --set --list-size %s\n-A FORWARD -m recent --name b --update --hitcount %s\nCOMMIT\n' $size $size >"$TMP/$size"
done
ipt x -A INPUT -m recent --name x --set
ip6t x -A INPUT -m recent --name x --set --list-timeout 1
until_ok 'x has a list' 20 x_has_a_list
# sleep: until it is killed
bg HOLD x bash -c 'exec 3<>/proc/net/xt_recent/x && echo open && exec sleep 60' # sleep: see above
until_ok 'a process has it open' 20 grep -q open "$TMP/HOLD.out"
kill "$HOLD"
ip netns delete x

r "iptables-$BACKEND-restore" "$TMP/1000"
r "ip6tables-$BACKEND-restore" "$TMP/3"
r bash -c \
	'perl -e "printf qq(+10.1.%d.%d\n), \$_ >> 8, \$_ & 255 for 0 .. 499" >/proc/net/xt_recent/a'
for i in 1 2; do
	r "iptables-$BACKEND-restore" "$TMP/3"
	r "iptables-$BACKEND-restore" "$TMP/1000"
done
like 'the list outlived every replacement, and the small ones made it small' \
	"$(r bash -c 'wc -l </proc/net/xt_recent/a')" '^[345]$'
like 'packets were seen' "$(r cat /proc/net/xt_recent/a)" 'src=10\.0\.0\.2 ttl: 64'
for i in 1 2; do
	ipt r -F FORWARD
	ip6t r -F FORWARD
	until_ok "round $i: lists go with their last rules" 20 lists_are ''
	until_ok "round $i: no rule uses the module" 20 unused
	ok "round $i: it unloads" rmmod xt_recent
	nok "round $i: and leaves nothing in /proc/net" r ls -d /proc/net/xt_recent \
		/proc/net/ipt_recent /proc/net/xt_recent_stat
	ok "round $i: it loads" modprobe xt_recent
	r "iptables-$BACKEND-restore" "$TMP/1000"
	r "ip6tables-$BACKEND-restore" "$TMP/3"
done
until_ok 'packets are seen again' 20 r grep -q 'src=10\.0\.0\.2' /proc/net/xt_recent/a
ok 'IPv4 was under way all the time' kill -INT "$PING"
ok 'IPv6 was, too' kill -INT "$PINGSIX"

ipt r -F FORWARD
ip6t r -F FORWARD
until_ok 'nothing uses it' 20 unused
rmmod xt_recent
nok 'a parameter that makes no sense is refused' modprobe xt_recent ip_list_tot=0
nok 'another' modprobe xt_recent ip_list_perms=0777
like 'and the log says what would be right' "$(klog)" \
	'ip_list_tot: wanted a number from 1 to 10000000'
ok 'parameters of old' modprobe xt_recent ip_list_tot=7 ip_pkt_list_tot=20 ip_list_hash_size=64 \
	ip_list_perms=0600 ip_list_uid=1 ip_list_gid=2 debug=1
ipt r -A INPUT -m recent --set
is 'hold' "$(r stat -c '%a %u %g' /proc/net/xt_recent/DEFAULT)" '600 1 2'
like 'all of them' "$(r cat /proc/net/xt_recent_stat)" '^DEFAULT entries=0 size=7 stamps=20 '
ipt r -F INPUT
until_ok 'it is not used any more' 20 unused
rmmod xt_recent
modprobe xt_recent
done_testing
