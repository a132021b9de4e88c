#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# iptables-persistent saves rules of several of our modules, and loads and flushes them.
#
#	n0 -- r (the rules, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
topology
firewall netfilter-persistent iptables-persistent
mkdir -p /etc/iptables
receive r 7777 7778 7779 9999

rules r 4 <<'END'
*mangle
-A PREROUTING -p udp --dport 7779 -j CONNMARK --set-mark 7
COMMIT
*filter
-A INPUT -p udp --dport 7777 -m string --string badword --algo bm -j DROP
-A INPUT -p udp --dport 7778 -m recent --name probe --update --seconds 600 --hitcount 2 -j DROP
-A INPUT -p udp --dport 7778 -m recent --name probe --set
-A INPUT -p udp --dport 7779 -m connmark --mark 7 -j DROP
COMMIT
END
before=$(_quiet=1 r "iptables-$BACKEND-save" | grep '^-A')
ok 'the rules are saved' r netfilter-persistent save
ok 'and flushed' r netfilter-persistent flush
is 'no rule is left' "$(_quiet=1 r "iptables-$BACKEND-save" | grep '^-A')" ''
passes 'first badword' 7777
passes 'first probe' 7778
passes 'first marked' 7779

ok 'the rules are loaded' r netfilter-persistent start
is 'they are the same' "$(_quiet=1 r "iptables-$BACKEND-save" | grep '^-A')" "$before"
is_stopped 'second badword' 7777
is 'the string is counted' "$(counter r 4 filter INPUT 1)" 1
passes 'second probe' 7778
passes 'third probe' 7778
is_stopped 'fourth probe' 7778
is_stopped 'second marked' 7779

ok 'they are loaded again' r netfilter-persistent reload
is 'they are still the same' "$(_quiet=1 r "iptables-$BACKEND-save" | grep '^-A')" "$before"
is_stopped 'third badword' 7777
ok 'and flushed' r netfilter-persistent flush
passes 'fourth badword' 7777
done_testing
