#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m quake3 counts exactly the packets that it should: messages, inverted and together, IPv4 and
# IPv6, linear packets and not; and nothing that is no connectionless message.
#
#	n0 -- r (the rules, raw PREROUTING) -- n1
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/helper.lib
. "${0%/*}/../lib/helper.lib"

mark='\xff\xff\xff\xff'
packets=("${mark}getservers 68 empty full" "${mark}getserversExt Game 68"
	"${mark}getserversResponse\\\\" "${mark}getserversExtResponse/" "${mark}getinfo x"
	"${mark}infoResponse\\x0a" "${mark}getstatus" "${mark}GETSTATUS x"
	"${mark}statusResponse\\x0a" "${mark}rcon secret status" "${mark}print\\x0a"
	"${mark}getplayers" "${mark}getinfos"
	'' hello "$mark" "${mark}\\x0agetinfo" '\xff\xff\xffgetinfo' 'A*1400')

# What is counted of them, and by which options.
wants=(
	'13'
	'1 --message getservers'
	'2 --message getstatus'
	'3 --message getstatus,rcon'
	'4 --message getservers,getserversExt,getserversResponse,getserversExtResponse'
	'2 --message other'
	'11 ! --message other'
	'0 --message heartbeat'
	'13 ! --message heartbeat'
)

topology
for family in ipt ip6t; do
	for want in "${wants[@]}"; do
		read -ra words <<<"$want"
		"$family" r -t raw -A PREROUTING -i r0 -p udp --dport 6969 -m quake3 "${words[@]:1}"
	done
	"$family" r -t raw -A PREROUTING -i r0 -p udp --dport 6969
done
counts_are() { # 4|6
	local i
	until_ok "IPv$1: all packets" 20 counter_is r "$1" raw PREROUTING $((${#wants[@]} + 1)) \
		${#packets[@]}
	for i in "${!wants[@]}"; do
		is "IPv$1: ${wants[i]#* }" "$(counter r "$1" raw PREROUTING $((i + 1)))" \
			"${wants[i]%% *}"
	done
}
for pieces in 0 6; do
	say "Packets in $pieces bytes and a rest"
	ipt r -t raw -Z
	ip6t r -t raw -Z
	n0 "$udp_send" --pieces "$pieces" 10.0.1.2 6969 "${packets[@]}"
	n0 "$udp_send" --pieces "$pieces" fd00:0:0:1::2 6969 "${packets[@]}"
	counts_are 4
	counts_are 6
done

say 'Fragments that nothing puts together'
ipt r -t raw -Z
n0 "$udp_send" --source 10.0.0.2 --from 5000 --fragments 16 10.0.1.2 6969 \
	"${mark}getservers 68 empty"
ipt r -t raw -A PREROUTING -i r0 -f
until_ok 'they arrive' 20 counter_is r 4 raw PREROUTING $((${#wants[@]} + 1)) 1
is 'and do not match' "$(counter r 4 raw PREROUTING 2)" 0
done_testing
