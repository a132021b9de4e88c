#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# firewalld starts, obeys its client over D-Bus, reloads and stops, with direct rules of our recent
# and string.
#
#	n0 -- r (firewalld, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
topology
firewall firewalld python3-firewall python3-nftables
# Without the tables of bridges, which not every kernel of the tests has.
rm /usr/sbin/ebtables*
sed -i -e 's/^FirewallBackend=.*/FirewallBackend=iptables/' \
	-e 's/^IPv6_rpfilter=.*/IPv6_rpfilter=no/' /etc/firewalld/firewalld.conf
configure() { # WORD: the string that is blocked
	cat >/etc/firewalld/direct.xml <<-END
		<direct>
		<rule ipv="ipv4" table="filter" chain="INPUT" priority="0">-p udp --dport 7777
			-m string --string $1 --algo bm -j DROP</rule>
		<rule ipv="ipv4" table="filter" chain="INPUT" priority="2">-p udp --dport 7778
			-m recent --name probe --set</rule>
		</direct>
	END
}
cat >/etc/firewalld/zones/public.xml <<'END'
<zone>
<port protocol="udp" port="7777"/>
<port protocol="udp" port="7778"/>
<port protocol="udp" port="9999"/>
</zone>
END
cat >"$TMP/bus.conf" <<END
<busconfig>
<type>system</type>
<listen>unix:path=$TMP/bus</listen>
<policy context="default">
<allow user="*"/><allow own="*"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
</policy>
</busconfig>
END
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$TMP/bus
client() { r /usr/bin/python3 /usr/bin/firewall-cmd "$@"; }
has_rule() { [[ $(_quiet=1 r "iptables-$BACKEND-save") == *"$1"* ]]; } # TEXT
counted() { # TEXT: how many packets the rule with it has counted
	_quiet=1 r "iptables-$BACKEND-save" -c | sed -n "s/^\[\([0-9]*\):.*$1.*/\1/p"
}
receive r 7777 7778 7779 9999
passes 'first badword' 7777
passes 'first probe' 7778
passes 'first closed' 7779

configure badword
bg bus dbus-daemon --config-file="$TMP/bus.conf" --nofork --print-address
until_ok 'a bus' 20 test -S "$TMP/bus"
bg server r /usr/bin/python3 /usr/sbin/firewalld --nofork --nopid --log-target=console
until_ok 'firewalld starts' 100 has_rule badword
# firewalld answers when it has loaded all rules.
ok 'its client adds a rule' client --direct --add-rule ipv4 filter INPUT 1 -p udp --dport 7778 \
	-m recent --name probe --update --seconds 600 --hitcount 2 -j DROP
is_stopped 'second badword' 7777
is 'the string is counted' "$(counted '"*badword"* .*-j DROP')" 1
passes 'another word' 7777
is_stopped 'second closed' 7779
for n in 1 2; do passes "probe $n" 7778; done
is_stopped 'probe 3' 7778
is "the client's rule counts it" "$(counted 'recent --update .*-j DROP')" 1
like 'the list of recent has the address' "$(r cat /proc/net/xt_recent/probe)" \
	'^src=10\.0\.0\.2 '

configure otherword
# On a slow host its client gives up after a minute. firewalld answers when it has loaded all rules.
reloaded() { client --state && has_rule otherword && ! has_rule badword; }
client --reload
until_ok 'firewalld reloads' 200 reloaded
passes 'third badword' 7777
is_stopped 'an otherword' 7777
passes "probe 4, without the client's rule" 7778

kill "${server:?}"
ok 'firewalld stops' wait "$server"
passes 'second otherword' 7777
passes 'third closed' 7779
done_testing
