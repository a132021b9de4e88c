#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ufw starts, limits connections with our recent, blocks a string, reloads and stops.
#
#	n0 -- r (ufw's rules, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
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
ok 'two ports are open' ufw allow 7777,9999/udp
ok 'ufw starts' ufw --force enable
ok 'a third one is limited' ufw limit 7778/udp
is_stopped 'second badword' 7777
passes 'another word' 7777
is_stopped 'second closed' 7779
# At once: the limit is 5 connections in 30 seconds.
n0 tests/lib/udp-send 10.0.0.1 7778 'probe 1' 'probe 2' 'probe 3' 'probe 4' 'probe 5' 'probe 6'
n0 tests/lib/udp-send 10.0.0.1 9999 'after probe 6'
until_ok 'a packet after them arrives' 20 arrived 'after probe 6'
ok 'five of them arrive' arrived 'probe 5'
nok 'the sixth does not' arrived 'probe 6'
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
