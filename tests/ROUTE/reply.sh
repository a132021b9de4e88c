#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --reply: connections from outside through both uplinks of ROUTE.lib, to r itself and to n0. The
# default route of r is the first uplink, and s reaches n0 through the second one.
#
# deadline: 900
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/helper.lib
. "${0%/*}/../lib/helper.lib"
. "${0%/*}/ROUTE.lib"
uplinks 2
[[ -d /sys/module/nf_conntrack_tftp ]] && tftp_stays=1 || tftp_stays=''
own4=('' 10.0.1.1 10.0.2.1) own6=('' fd00:0:0:1::1 fd00:0:0:2::1)
r sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
toward() { # UPLINK I: s sends to the addresses of uplink I through UPLINK
	_quiet=1 s ip route replace "10.0.$2.0/24" via "10.1.$1.2" src 198.51.100.1
	_quiet=1 s ip route replace "fd00:0:0:$2::/64" via "fd01:0:0:$1::2" src 2001:db8::1
}
s ip route replace 10.0.0.0/24 via 10.1.2.2 src 198.51.100.1
s ip route replace fd00::/64 via fd01:0:0:2::2 src 2001:db8::1
toward 1 1
toward 2 2

mkdir "$TMP/www"
head -c 1000000 /dev/urandom >"$TMP/www/file"
for ns in r n0; do
	bg "web_$ns" "$ns" busybox httpd -f -p 80 -h "$TMP/www"
	bg "web6_$ns" "$ns" busybox httpd -f -p '[::]:8080' -h "$TMP/www"
done
clear_rules() {
	"$iptables" r -t mangle -F
	"$iptables" r -t nat -F
}
reply_rules() { # OPTION..
	local chain
	clear_rules
	for chain in PREROUTING OUTPUT; do
		"$iptables" r -t mangle -A "$chain" -j ROUTE "$@" --reply
	done
}
fetched() { # ADDRESS PORT
	((family == 4)) || set -- "[$1]" "$2"
	s curl -sS -m 20 -o "$TMP/got" "http://$1:$2/file" && cmp "$TMP/got" "$TMP/www/file"
}
leaves() { # DESC UPLINKS CMD..: replies to CMD in s leave through these uplinks
	clear_counts
	ok "$1: answered$v6" "${@:3}"
	is "$1: the replies took$v6" "$(used "$family")" "$2"
}
unreachable() { # DESC PORT WANT: where errors about a packet from that port leave
	clear_counts
	_quiet=1 s tests/lib/udp-send --from "$2" "${own[1]}" 9 x
	until_ok "$1$v6" 10 came_is "$family" "$3"
}

setup() {
	own=("${own4[@]}") inner=10.0.0.2 port=80 dnat=10.0.0.2:80
	((family == 4)) || own=("${own6[@]}") inner=fd00::2 port=8080 dnat='[fd00::2]:8080'
	both=(--gw "${gws[1]}%r1,${gws[2]}%r2")
}
pings() { leaves "$1" "$2" s ping -n -c 2 -W 2 "$3"; }

both_uplinks() {
	setup
	pings 'without a rule, the second uplink' 'n1 ' "${own[2]}"
	reply_rules "${both[@]}"
	pings 'the second uplink' 'n2 ' "${own[2]}"
	pings 'the first uplink' 'n1 ' "${own[1]}"
	pings 'forwarded to n0' 'n2 ' "$inner"
	until_ok "the server answers$v6" 10 s curl -sf -r 0-9 -o /dev/null \
		"http://$([[ $v6 ]] && echo "[${own[2]}]" || echo "${own[2]}"):$port/file"
	leaves 'TCP of r' 'n2 ' fetched "${own[2]}" "$port"
	"$iptables" r -t nat -A PREROUTING -p tcp --dport 8081 -j DNAT --to-destination "$dnat"
	leaves 'DNAT to n0, the second uplink' 'n2 ' fetched "${own[2]}" 8081
	leaves 'DNAT to n0, the first uplink' 'n1 ' fetched "${own[1]}" 8081
	"$iptables" r -t nat -A POSTROUTING -o r0 -j MASQUERADE
	leaves 'DNAT and MASQUERADE' 'n2 ' fetched "${own[2]}" 8081

	unreachable 'an error takes the first uplink' 1000 '1 0'
	toward 2 1
	unreachable 'still, though the packet came through the second one' 1000 '1 0'
	unreachable 'that of a new connection takes the second one' 1001 '0 1'
	toward 1 1
	unreachable 'still, though the packet came through the first one' 1001 '0 1'
	unreachable 'the first connection, too' 1000 '1 0'
}
say 'Both uplinks.'
families both_uplinks
like 'next hops of replies have their own lines' "$(r grep 'gw=10.0.2.2 ' /proc/net/xt_ROUTE)" \
	'^ipv4 oif=r2 gw=10\.0\.2\.2 reply packets=[1-9].* state=up$'
is 'they are in the list of netlink' "$(r perl tests/ROUTE/next-hops.pl list | grep 10.0.2.2)" \
	'10.0.2.2 r2 up auto reply'

existing() {
	setup
	reply_rules "${both[@]}"
	"$iptables" r -t mangle -I PREROUTING -i r0 -m connmark --mark 0/0xff000000 \
		-j CONNMARK --set-mark 0x7f000005/0xff0000ff
	"$iptables" r -t mangle -A PREROUTING -i r0 -j ROUTE "${both[@]}"
	leaves 'a reply does not take the route of new connections' 'n2 ' \
		s ping -n -c 2 -W 2 "$inner"
	"$iptables" r -t mangle -D PREROUTING 1
	ok "connections from n0 are answered$v6" n0 ping -n -c 4 -i 0.2 -W 2 "$server"
	ok "and more of them$v6" n0 ping -n -c 4 -i 0.2 -W 2 "$server"
}
say 'Next to a rule for connections from inside, with the same field of the mark.'
families existing

expected() {
	setup
	reply_rules "${both[@]}"
	"$iptables" r -t raw -A PREROUTING -p udp --dport 69 -j CT --helper tftp
	s tests/lib/udp-send --from 4000 "$inner" 69 '\0\1x\0octet\0'
	until_ok "the helper expects the answer$v6" 5 expects_are 1 4000
	clear_counts
	n0 tests/lib/udp-send --from 5000 "$server" 4000 'an answer'
	until_ok "it takes the second uplink$v6" 10 came_is "$family" '0 1'
	"$iptables" n0 -A INPUT -p udp --dport 5000 -j DROP
	s tests/lib/udp-send --from 4000 "$inner" 5000 'an acknowledgement'
	until_ok "an acknowledgement comes in$v6" 10 counter_is n0 "$family" filter INPUT 1 1
	is "and takes no uplink$v6" "$(came "$family")" '0 1'
	like "which its connection stores$v6" \
		"$(r conntrack -L -f "ipv$family" -p udp --sport 5000 2>/dev/null)" \
		'src=[0-9a-f.:]* dst=[0-9a-f.:]* sport=5000 dport=4000 .* mark=[1-9]'
	"$iptables" r -t raw -F
}
say 'A connection that a helper expects begins inside.'
families expected

down() {
	setup
	reply_rules "${both[@]}"
	ok "down$v6" r bash -c "echo 'down ${gws[2]}' >/proc/net/xt_ROUTE"
	clear_counts
	nok "replies are not sent$v6" s ping -n -c 1 -W 1 "${own[2]}"
	is "no uplink has them$v6" "$(used "$family")" ''
	like "they are counted$v6" "$(r grep -F "gw=${gws[2]} " /proc/net/xt_ROUTE)" ' all-down=1 '
	reply_rules "${both[@]}" --down continue
	ok "down, with --down continue$v6" r bash -c "echo 'down ${gws[2]}' >/proc/net/xt_ROUTE"
	pings 'the routing tables decide' 'n1 ' "${own[2]}"
	pings 'the first uplink' 'n1 ' "${own[1]}"
	clear_rules
	reply_rules --oif r2 --gw "${gws[2]}"
	pings 'a rule with one next hop' 'n2 ' "${own[2]}"
	pings 'it leaves other connections alone' 'n1 ' "${own[1]}"
	reply_rules --gw "${gws[2]}%none,${gws[1]}%r1"
	pings 'a missing interface' 'n1 ' "${own[2]}"
}
say 'Next hops that are down.'
families down

one_link() {
	setup
	reply_rules --oif br0 --gw "${gws[1]},${gws[2]}"
	for i in 1 2; do ok "gateway $i answers$v6" r ping -n -c 1 -W 5 "${gws[i]}"; done
	pings 'the second gateway' 'n2 ' "${own[2]}"
	pings 'the first gateway' 'n1 ' "${own[1]}"
	pings 'forwarded to n0' 'n2 ' "$inner"
	reply_rules --oif br0 --gw "${gws[1]},${gws[1]%2}9"
	clear_counts
	_quiet=1 s ping -n -c 1 -W 1 "${own[2]}"
	is "of a sender that is no gateway: the routing tables decide$v6" \
		"$(used "$family")" 'n1 '
}
say 'Both gateways on one link.'
r ip -batch - <<'END'
link add br0 type bridge
link set br0 up
address flush dev r1
address flush dev r2
link set r1 master br0
link set r2 master br0
address add 10.0.1.1/24 dev br0
address add 10.0.2.1/24 dev br0
address add fd00:0:0:1::1/64 dev br0 nodad
address add fd00:0:0:2::1/64 dev br0 nodad
address add fe80::1/64 dev br0 nodad
route replace default via 10.0.1.2
route replace default via fd00:0:0:1::2
END
families one_link
clear_rules
[[ $tftp_stays ]] || modprobe -r nf_nat_tftp nf_conntrack_tftp
done_testing
