#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ferm loads, reloads and flushes rules of several of our modules.
#
#	n0 -- r (ferm's rules, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
topology
firewall ferm
receive r 7777 7778 7779 9999

configure() { # WORD: the string that is blocked
	cat >"$TMP/ferm.conf" <<-END
		domain ip {
			table mangle chain PREROUTING {
				proto udp dport 7779 mod connmark mark 0 CONNMARK set-mark 7;
			}
			table raw chain PREROUTING proto udp dport 69 CT helper tftp;
			table filter chain INPUT {
				policy ACCEPT;
				proto udp dport 7777 mod string string "$1" algo bm DROP;
				proto udp dport 7778 mod recent name probe update seconds 600
					hitcount 2 DROP;
				proto udp dport 7778 mod recent name probe set ACCEPT;
				proto udp dport 7779 mod connmark mark 7 DROP;
			}
		}
	END
}
passes 'first badword' 7777
passes 'first marked' 7779

configure badword
ok 'ferm loads its rules' r ferm "$TMP/ferm.conf"
is_stopped 'second badword' 7777
is 'the string is counted' "$(counter r 4 filter INPUT 1)" 1
passes 'another word' 7777
passes 'first probe' 7778
passes 'second probe' 7778
is_stopped 'third probe' 7778
like 'the list has the address' "$(r cat /proc/net/xt_recent/probe)" '^src=10\.0\.0\.2 '
is_stopped 'second marked' 7779
is 'the mark of the connection is counted' "$(counter r 4 filter INPUT 4)" 1

configure otherword
ok 'ferm loads changed rules' r ferm "$TMP/ferm.conf"
passes 'third badword' 7777
is_stopped 'an otherword' 7777
is_stopped 'fourth probe' 7778

ok 'ferm removes its rules' r ferm --flush "$TMP/ferm.conf"
passes 'second otherword' 7777
passes 'fifth probe' 7778
done_testing
