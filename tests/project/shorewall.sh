#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# shorewall compiles, starts, reloads and clears rules of our string, recent (its action Limit) and
# CONNMARK.
#
#	n0 -- r (shorewall, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
topology
firewall shorewall shorewall-core
mkdir -p /var/lib/shorewall
sed -i -e 's/^STARTUP_ENABLED=.*/STARTUP_ENABLED=Yes/' \
	-e 's/^IP_FORWARDING=.*/IP_FORWARDING=Keep/' \
	-e "s,^LOGFILE=.*,LOGFILE=/dev/null," -e 's/^STARTUP_LOG=.*/STARTUP_LOG=/' \
	-e 's/^DONT_LOAD=.*/DONT_LOAD=nf_conntrack_sip/' \
	-e "s,^SUBSYSLOCK=.*,SUBSYSLOCK=$TMP/lock," /etc/shorewall/shorewall.conf
write() { printf '%s\n' "${@:2}" >"/etc/shorewall/$1"; } # FILE LINE..
write zones 'fw firewall' 'net ipv4'
write interfaces '?FORMAT 2' 'net r0' 'net r1' 'net r2'
write policy 'fw net ACCEPT' 'net all DROP'
configure() { # WORD MARK: the string that is blocked, the mark of connections to port 7779
	write mangle "CONNMARK($2):P r0 - udp 7779"
	write rules '?SECTION NEW' \
		"INLINE(DROP) net fw udp 7777 ;; -m string --string $1 --algo bm" \
		'ACCEPT net fw udp 7777,9999' 'Limit(probe,2,600) net fw udp 7778' \
		'DROP net fw udp 7779 { mark=7:C }' 'ACCEPT net fw udp 7779'
}
shorewall() { r sh /usr/sbin/shorewall "$@"; }
blocked() { # OPTIONS: how many packets shorewall's rule with them has dropped
	_quiet=1 r "iptables-$BACKEND-save" -c |
		sed -n "s/^\[\([0-9]*\):.*-A net-fw .*$1.*-j DROP$/\1/p"
}
receive r 7777 7778 7779 7780 9999
passes 'first badword' 7777
passes 'first marked' 7779
passes 'first closed' 7780

configure badword 7
ok 'shorewall starts' shorewall start
is_stopped 'second badword' 7777
is 'the string is counted' "$(blocked '--string "*badword')" 1
passes 'another word' 7777
is_stopped 'second marked' 7779
is 'the mark of the connection is counted' "$(blocked 'connmark .*0x7')" 1
is_stopped 'second closed' 7780
for n in 1 2; do passes "probe $n" 7778; done
is_stopped 'probe 3' 7778
like 'the list of recent has the address' "$(r cat /proc/net/xt_recent/probe)" \
	'^src=10\.0\.0\.2 '

configure otherword 8
ok 'shorewall reloads' shorewall reload
passes 'third badword' 7777
is_stopped 'an otherword' 7777
passes 'third marked' 7779

ok 'shorewall clears its rules' shorewall clear
passes 'second otherword' 7777
passes 'third closed' 7780
passes 'probe 4' 7778
done_testing
