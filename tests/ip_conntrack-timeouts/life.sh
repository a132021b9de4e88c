#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Many connections keep their timeouts while other rules are edited, and lose them with their rule;
# the modules are unloaded and namespaces end in any order.
#
#	n0 ---- r ---- n1	n0 sends UDP from one port to many ports of n1
. "${0%/*}/../lib/scenario.sh"
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW
r sysctl -w net.netfilter.nf_conntrack_udp_timeout=900

many=2000
[[ ${LEVEL-} != full ]] || many=10000
flood() { # one packet of each connection
	# shellcheck disable=SC2016 # perl
	n0 perl -MSocket -e 'socket S, PF_INET, SOCK_DGRAM, 17 or die; bind S, sockaddr_in(6000,
		INADDR_ANY) or die; for (1 .. $ARGV[0]) { send S, "x", 0, sockaddr_in(10000 + $_,
		inet_aton("10.0.1.2")) or die }' "$many"
}
with_timer() { # MIN MAX: prints how many connections are between
	r conntrack -L -p udp 2>/dev/null | awk -v min="$1" -v max="$2" \
		'$1 == "udp" && $3 >= min && $3 <= max { n++ } END { print n + 0 }'
}
all_between() { # DESC MIN MAX: the last packets may still be on their way
	are_all() { (($(with_timer "$1" "$2") == many)); }
	until_ok "$1" 20 are_all "$2" "$3"
}
modules_unload() { rmmod xt_timeout; }

say "$many connections."
ipt r -t mangle -A PREROUTING -p udp -m conntrack ! --ctstatus CONFIRMED -j TIMEOUT --set udp=5000
flood
all_between 'all have the timeout of their rule' 4800 5000

say 'Other rules are edited.'
# shellcheck disable=SC2016 # the inner shell expands
bg EDIT r bash -c 'for i in 1 2 3 4 5 6 7 8; do
	"$0" -w -t mangle -I PREROUTING -p udp --dport "$i"
	"$0"-save -t mangle | "$0"-restore -w
	"$0" -w -t mangle -D PREROUTING -p udp --dport "$i"
done' "iptables-$BACKEND"
flood
flood
ok 'they were edited' wait "$EDIT"
flood
all_between 'all connections have kept it' 4800 5000

say 'A second rule has the same list.'
ipt r -t mangle -A POSTROUTING -p udp --dport 1 -j TIMEOUT --set udp=5000s
ipt r -t mangle -F PREROUTING
flood
all_between 'it keeps the list alive' 4800 5000

say 'The last rule is deleted.'
ipt r -t mangle -F POSTROUTING
flood
all_between 'all have the timeout of the namespace at once' 700 900
until_ok 'the module unloads' 20 modules_unload
flood
all_between 'and without the module' 700 900
modprobe xt_timeout

say 'A namespace has up to 256 lists.'
namespace many
# shellcheck disable=SC2016 # the inner shell expands
many bash -c 'echo "*mangle"
	for ((i = 1; i <= 256; i++)); do
		echo "-A POSTROUTING -p udp -j TIMEOUT --set udp=$i"
	done
	echo COMMIT' >"$TMP/lists"
ok 'the most lists' many "iptables-$BACKEND-restore" --noflush "$TMP/lists"
nok 'one more' many "iptables-$BACKEND" -t mangle -A OUTPUT -p udp -j TIMEOUT --set udp=257
ok 'one of them again' many "iptables-$BACKEND" -t mangle -A OUTPUT -p udp -j TIMEOUT --set udp=256
# in one program: the worker has no time to free the lists
# shellcheck disable=SC2016 # the inner shell expands
ok 'lists of rules that were just deleted' many bash -c '"$0" -t mangle -F &&
	"$0-restore" --noflush "$1"' "iptables-$BACKEND" "$TMP/lists"
many "iptables-$BACKEND" -t mangle -F
one_more() { many "iptables-$BACKEND" -t mangle -A OUTPUT -p udp -j TIMEOUT --set udp=257; }
until_ok 'deleted lists give way to others' 60 one_more
ok 'the namespace ends' ip netns delete many

say 'A namespace ends with rules and connections.'
for i in 1 2 3; do
	namespace x
	ipt x -t mangle -A OUTPUT -p udp -j TIMEOUT --set udp=5$i,icmp=6$i
	ipt x -t mangle -A OUTPUT -p udp --dport 1 -j TIMEOUT --set udp=7$i
	x tests/lib/udp-send 127.0.0.1 9 x
	ipt x -t mangle -D OUTPUT 2
	ok "round $i: it ends" ip netns delete x
done

say 'Both modules are loaded in the other order.'
until_ok 'they unload when the namespaces have ended' 20 modules_unload
ok 'the sysctls, too' rmmod nf_ct_timeouts
ok 'xt_timeout loads first' modprobe xt_timeout
ok 'then the sysctls' modprobe nf_ct_timeouts
done_testing
