#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ufw starts, limits connections with our recent, blocks a string, reloads and stops.
#
#	n0 -- r (ufw's rules, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "$(dirname "$0")/../lib/firewall.lib"
topology
firewall ufw
cp -L /usr/share/ufw/*.conf /usr/share/ufw/*.rules /usr/share/ufw/*.init /etc/ufw/
sed -i 's/^IPV6=yes/IPV6=no/' /etc/default/ufw
ufw() { r /usr/bin/python3 /usr/sbin/ufw "$@"; }
block() { # WORD
	cp -L /usr/share/ufw/before.rules /etc/ufw/before.rules
	sed -i "/^# End required lines/a -A ufw-before-input -p udp --dport 7777 -m string --string $1 --algo bm -j DROP" \
		/etc/ufw/before.rules
}
receive r 7777 7778 7779 9999
passes 'first badword' 7777
passes 'first closed' 7779

block badword
ok 'ufw starts' ufw --force enable
ok 'a port is open' ufw allow 7777/udp
ok 'a second one' ufw allow 9999/udp
ok 'a third one is limited' ufw limit 7778/udp
is_stopped 'second badword' 7777
passes 'another word' 7777
is_stopped 'second closed' 7779
for n in 1 2 3 4 5; do passes "probe $n" 7778; done
is_stopped 'probe 6' 7778
like 'status: the limit' "$(ufw status)" '7778/udp +LIMIT'
like 'the list of recent has the address' "$(r cat /proc/net/xt_recent/DEFAULT)" \
	'^src=10\.0\.0\.2 '

block otherword
ok 'ufw reloads' ufw reload
passes 'third badword' 7777
is_stopped 'an otherword' 7777

ok 'ufw stops' ufw --force disable
passes 'second otherword' 7777
passes 'third closed' 7779
passes 'probe 7' 7778
rm -f /run/ufw.lock
done_testing
