#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# quakestat finds a server of OpenArena through a master server, with NAT and without; the router
# forwards only questions to the master server, and RELATED packets. LEVEL=full fetches the game (85
# MB):
#
#	LEVEL=full tests/check-one tests/quake3/openarena.sh
#
#	n0 (quakestat) -- r (filter, NAT) -- n1 (master and game server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/helper.lib
. "${0%/*}/../lib/helper.lib"

fetched=${POM_CACHE-}/unpacked
quakestat=$fetched/qstat/usr/bin/quakestat
engine=$fetched/ioquake3-server/usr/lib/ioquake3/ioq3ded
data=usr/share/games/openarena/baseoa
files=("$fetched/openarena-server/usr/lib/openarena-server/baseoa/qagamex86_64.so"
	"$fetched/openarena-data/$data/pak0.pk3" "$fetched/openarena-081-maps/$data/pak1-maps.pk3")
for file in "$engine" "${files[@]}"; do
	[[ -e $file ]] || skip_all "no ${file##*/}; fix: LEVEL=full tests/fetch-servers"
done

finds() { # [MASTER]
	local list
	list=$(n0 timeout 60 "$quakestat" -nh -mi 1 -retry 2 -q3m "${1-10.0.1.2}:27950")
	grep -q '^Q3S .* oa_dm1 .* noname' <<<"$list" || { printf '%s\n' "$list" && return 1; }
}
beats() { grep -qx heartbeat "$TMP/master.out"; }
answers() { n0 "$quakestat" -nh -q3s 10.0.1.2:27960 | grep -q oa_dm1; }

topology
bg master n1 tests/quake3/stub master 10.0.1.2 27950 10.0.1.2,27960
poll 20 grep -q ready "$TMP/master.out"
mkdir -p "$TMP/oa/baseoa"
ln -s "${files[@]}" "$TMP/oa/baseoa/"
# Without a terminal, and without bots, whose files are in other packages.
bg game n1 env HOME="$TMP/oa" "$engine" +set ttycon 0 +set fs_basepath "$TMP/oa" \
	+set com_basegame baseoa +set com_standalone 1 +set vm_game 0 +set bot_enable 0 \
	+set dedicated 2 +set net_enabled 1 +set net_ip 10.0.1.2 +set net_port 27960 \
	+set sv_master1 10.0.1.2:27950 +map oa_dm1
until_ok 'the server answers' 60 answers
until_ok 'it tells the master server that it exists' 60 beats
rules r 4 <<END
*filter
:FORWARD DROP
-A FORWARD -p udp --dport 27960 -m conntrack --ctstate NEW
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -p udp --dport 27950 -j ACCEPT
COMMIT
END

say 'Without the helper'
r conntrack -F
ok 'it can be unloaded' helper_unload quake3
nok 'quakestat finds no server' finds
ok 'its packets to the server were dropped' has_counted r 4 filter FORWARD 1

say 'With it'
ok 'it is loaded' helper_load quake3
r conntrack -F
ok 'quakestat finds the server' finds
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
r conntrack -F
ok 'MASQUERADE' finds
r ip address add 10.0.1.9/24 dev r1
ipt r -t nat -R POSTROUTING 1 -o r1 -j SNAT --to-source 10.0.1.9
r conntrack -F
ok 'SNAT' finds
ipt r -t nat -A PREROUTING -d 192.0.2.1 -p udp --dport 27950 -j DNAT --to-destination 10.0.1.2
r conntrack -F
ok 'SNAT, and DNAT of the question' finds 192.0.2.1
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
r conntrack -F
ok 'DNAT of the question alone' finds 192.0.2.1
done_testing
