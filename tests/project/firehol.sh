#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# firehol starts, restarts and stops rules of our recent (its action `accept with recent`) and
# string.
#
#	n0 -- r (firehol, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
topology
firewall firehol firehol-common
mount -t tmpfs firehol /var/spool
cat >/etc/default/firehol <<'END'
START_FIREHOL=YES
FIREHOL_LOAD_KERNEL_MODULES=0
ENABLE_IPV6=0
END
configure() { # WORD: the string that is blocked
	cat >/etc/firehol/firehol.conf <<-END
		version 6
		interface any net
			policy drop
			server custom word udp/7777 any drop \
				custom "-m string --string $1 --algo bm"
			server custom other udp/7777 any accept
			server custom probe udp/7778 any accept with recent probe 600 3
			server custom after udp/9999 any accept
	END
}
firehol() { r bash /usr/sbin/firehol "$@"; }
receive r 7777 7778 7779 9999
passes 'first badword' 7777
passes 'first closed' 7779

configure badword
ok 'firehol starts' firehol start
is_stopped 'second badword' 7777
is 'the string is counted' "$(_quiet=1 r "iptables-$BACKEND-save" -c |
	sed -n 's/^\[\([0-9]*\):.* -A in_.*--string "*badword.*-j DROP$/\1/p')" 1
passes 'another word' 7777
is_stopped 'second closed' 7779
for n in 1 2; do passes "probe $n" 7778; done
is_stopped 'probe 3' 7778
like 'the list of recent has the address' "$(r cat /proc/net/xt_recent/probe)" \
	'^src=10\.0\.0\.2 '

configure otherword
ok 'firehol restarts' firehol restart
passes 'third badword' 7777
is_stopped 'an otherword' 7777

ok 'firehol stops' firehol stop
if [[ $BACKEND == nft ]]; then
	skip 'no rule is left' \
		'firehol reads the names of tables in /proc/net/ip_tables_names; nftables has none there'
else
	passes 'second otherword' 7777
	passes 'third closed' 7779
	passes 'probe 4' 7778
fi
rm -rf /run/firehol
done_testing
