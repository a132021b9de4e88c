#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two real bots share their file of users through a router that forwards links and RELATED packets,
# and nothing else: without NAT, with MASQUERADE, SNAT and DNAT, both families, whichever bot links,
# and with a port that is taken. Without the helper it fails. The links are in clear text.
#
#	n0 (a bot) -- r (NAT, filter) -- n1 (a bot)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=eggdrop.lib
. "${0%/*}/eggdrop.lib"
egg_have || skip_all 'tests/fetch-servers has no eggdrop, or libtcl8.6 is missing'

shares() { # egg_start's arguments; the file comes
	local status
	egg_start "$@"
	[[ ! ${meanwhile-} ]] || "$meanwhile"
	poll 40 egg_shared
	status=$?
	((status == 0)) || tail -n 5 "$TMP"/bot_*.out
	egg_stop
	return "$status"
}
related() { counter r "$1" filter FORWARD 2; } # packets that began a connection

topology
ok 'the helper can be unloaded' helper_unload eggdrop
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 3333 -j ACCEPT
-A FORWARD -p tcp --dport 5000:5009 -j DROP
-A FORWARD -i r0 -p tcp --dport 3336 -j ACCEPT
-A INPUT -p tcp --dport 1024: -j DROP
COMMIT
END

say 'Without the helper'
egg_start n1 n0 leaf 10.0.1.2
dropped() { has_counted r 4 filter FORWARD 4; }
until_ok 'the connection to the announced port is dropped' 40 dropped
nok 'the leaf has no file' egg_shared
egg_stop
egg_start n0 n1 hub fd00:0:0:1::2
dropped() { has_counted r 6 filter FORWARD 4; }
until_ok 'the same over IPv6, where the hub has linked' 40 dropped
nok 'the leaf has no file' egg_shared
egg_stop

say 'With the helper, without NAT'
ok 'the helper is loaded' egg_load ports=3333,3336
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_eggdrop
ok 'the leaf links' shares n1 n0 leaf 10.0.1.2
ok 'the hub links' shares n0 n1 hub 10.0.1.2
is 'what was announced is counted' "$(egg_stat announcements expectations)" '2 2'
is 'both connections were expected' "$(related 4)" 2

say 'MASQUERADE'
# Bots in n1 know no way to n0, so what arrives there proves NAT.
n1 ip route del default
n1 ip -6 route del default
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
ok 'the leaf links' shares n1 n0 leaf 10.0.1.2
ok 'the hub links' shares n0 n1 hub 10.0.1.2

say 'A port that a second bot behind the router has announced'
n0 ip addr add 10.0.0.3/24 dev e0
talk_port=3336
talk_serve
talk_open eve n0 10.0.1.2 10.0.0.3
egg_offer eve
announces() { egg_send eve 167772163 5000; }
announces
like 'it is expected' "$(expects)" ' dport=5000 '
ipt r -t raw -A PREROUTING -i r1 -p tcp --dport 5000
# Again when the bots have started: an expectation ends after a minute.
ok 'the hub links' eval 'meanwhile=announces shares n0 n1 hub 10.0.1.2'
is 'the leaf has connected to another port' "$(counter r 4 raw PREROUTING 1)" 0

say 'SNAT to another address'
r ip addr add 10.0.1.9/24 dev r1
ipt r -t nat -R POSTROUTING 1 -s 10.0.0.0/24 -o r1 -p tcp -j SNAT --to-source 10.0.1.9
ok 'the hub links' shares n0 n1 hub 10.0.1.2
ok 'the leaf links' shares n1 n0 leaf 10.0.1.2

say 'DNAT and SNAT: the bots do not know the addresses of each other.'
ipt r -t nat -A PREROUTING -i r0 -p tcp -d 10.0.0.1 --dport 3333 -j DNAT --to-destination 10.0.1.2
ok 'the leaf links' shares n1 n0 leaf 10.0.0.1
ok 'the hub links' shares n0 n1 hub 10.0.0.1

say 'DNAT alone: only the bot that has linked does not know the address of the other one.'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
ok 'the leaf links' shares n1 n0 leaf 10.0.0.1
ok 'the hub links' shares n0 n1 hub 10.0.0.1

say 'IPv6'
ip6t r -t nat -A POSTROUTING -s fd00::/64 -o r1 -j MASQUERADE
ok 'the leaf links' shares n1 n0 leaf fd00:0:0:1::2
ok 'the hub links' shares n0 n1 hub fd00:0:0:1::2
is 'no announcement was refused' "$(egg_stat malformed foreign bad-port wrong-side)" '0 0 0 0'
ok 'the helper is loaded as it was' egg_load
done_testing
