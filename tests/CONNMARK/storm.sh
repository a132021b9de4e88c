#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules that change different bits of one mark at the same time lose nothing.
#
#	r (alone)	both ends of one connection send through lo, on two CPUs if available; the
#			packets of each end are counted in a half of the mark
#
# LEVEL=full with two CPUs (--smp 2): pktgen receives ten million packets of one connection, half of
# them on each CPU.
#
# deadline: 1500
. "${0%/*}/../lib/scenario.sh"
namespace r
# The first packet waits for those that follow it.
r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600

packets=2000
[[ ${LEVEL-} != full ]] || packets=60000
ipt r -t mangle -A PREROUTING -p udp --sport 1001 -j CONNMARK --add 1 --mask 0xffff
ipt r -t mangle -A PREROUTING -p udp --sport 1002 -j CONNMARK --add 1 --mask 0xffff0000
ipt r -t mangle -A PREROUTING -p udp -m connmark --mark 0 -j CONNMARK --set-mark 0xbad --once
ipt r -t mangle -A PREROUTING -p udp -j CONNMARK --restore-mark

one='' two=''
mark() { # [OPTION...]: of the connection that conntrack(8) finds
	r conntrack -L -p udp "$@" 2>/dev/null | grep -o 'mark=[0-9]*' | cut -d= -f2
}
mapfile -t many < <(yes x | head -n "$packets")

r tests/lib/udp-send --from 1001 127.0.0.1 1002 x
is 'the first packet is counted' "$(mark)" 1
bg one r tests/lib/udp-send --from 1001 127.0.0.1 1002 "${many[@]}"
bg two r tests/lib/udp-send --from 1002 127.0.0.1 1001 "${many[@]}"
ok 'one end has sent' wait "$one"
ok 'the other end has sent' wait "$two"
seen() { counter r 4 mangle PREROUTING "$1"; }
is 'the low half has counted each packet of one end' "$(($(mark) & 0xffff))" "$(seen 1)"
is 'the high half has counted each packet of the other' "$(($(mark) >> 16))" "$(seen 2)"
ok 'most packets have arrived' test "$(($(seen 1) + $(seen 2)))" -gt "$packets"

# ---- ten million packets ----

generate() { # CPU DEVICE N
	local at=/proc/net/pktgen word
	r tee "$at/kpktgend_$1" <<<rem_device_all
	r tee "$at/kpktgend_$1" <<<"add_device $2"
	for word in 'xmit_mode netif_receive' 'burst 64' 'delay 0' 'pkt_size 60' \
		"dst_mac 02:00:00:00:01:0$1" 'src_min 10.1.0.2' 'dst 10.1.0.1' \
		'udp_src_min 1001' 'udp_src_max 1001' 'udp_dst_min 9' 'udp_dst_max 9' "count $3"; do
		r tee "$at/$2" <<<"$word"
	done
}
start() { r tee /proc/net/pktgen/pgctrl <<<start; }

half=5000000 # a multiple of the burst
if [[ ${LEVEL-} == full ]] && (($(nproc) > 1)) && modprobe pktgen; then
	say "Two CPUs, $half packets each."
	r ip -batch - <<'END'
link add d0 address 02:00:00:00:01:00 type dummy
link add d1 address 02:00:00:00:01:01 type dummy
link set d0 up
link set d1 up
address add 10.1.0.1/24 dev d0
END
	ipt r -t mangle -F PREROUTING
	ipt r -t mangle -A PREROUTING -i d0 -p udp -j CONNMARK --add 1 --mask 0xffff
	ipt r -t mangle -A PREROUTING -i d1 -p udp -j CONNMARK --add 1 --mask 0xffff0000
	generate 0 d0 64
	start
	is 'the first packets are counted' "$(mark --orig-dst 10.1.0.1)" 64
	ipt r -t mangle -A PREROUTING -p udp -j DROP
	generate 0 d0 "$half"
	generate 1 d1 "$half"
	start
	now=$(mark --orig-dst 10.1.0.1)
	is 'all packets of one CPU have come' "$(seen 1)" $((half + 64))
	is 'all packets of the other CPU have come' "$(seen 2)" "$half"
	is 'the low half has lost none' "$((now & 0xffff))" $(((half + 64) & 0xffff))
	is 'nor has the high half' "$((now >> 16))" $((half & 0xffff))
	modprobe -r pktgen
fi
done_testing
