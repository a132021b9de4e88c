#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real programs: two asterisks with chan_ooh323 call each other in four modes: with and without fast
# start, and with H.245 in the call's own connection or in one of its own. RTP passes in both
# directions: routed, through MASQUERADE, through DNAT and through both. Without the helpers no RTP
# passes.
#
#	n0 (caller) -- r (NAT, filter, counters of UDP on both links) -- n1 (callee)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
root=${POM_CACHE-}/unpacked/asterisk-ooh323
[[ -x $root/usr/sbin/asterisk ]] || skip_all 'tests/fetch-servers has no asterisk'

# configure NAME FAST TUNNEL ADDRESS: in $root/tmp/NAME. Calls to the peer direct are for the
# callee, those to the peer nat for the router.
configure() {
	local dir=$root/tmp/$1 options
	printf -v options '%s\n' "faststart=$2" "h245tunneling=$3"
	mkdir -p "$dir"/{run,spool,log,db}
	printf '%s\n' '[directories]' "astetcdir => /tmp/$1" "astdbdir => /tmp/$1/db" \
		"astkeydir => /tmp/$1" "astspooldir => /tmp/$1/spool" "astrundir => /tmp/$1/run" \
		"astlogdir => /tmp/$1/log" 'astmoddir => /usr/lib/asterisk/modules' \
		'astvarlibdir => /usr/share/asterisk' 'astdatadir => /usr/share/asterisk' \
		>"$dir/asterisk.conf"
	{
		printf '%s\n' '[modules]' autoload=no
		printf 'load=%s.so\n' res_timing_timerfd res_sorcery_config res_pjproject \
			res_rtp_asterisk codec_ulaw bridge_simple chan_ooh323 pbx_config \
			app_milliwatt res_clioriginate
	} >"$dir/modules.conf"
	cat >"$dir/ooh323.conf" <<-END
		[general]
		port=1720
		bindaddr=$4
		gatekeeper=DISABLE
		context=default
		disallow=all
		allow=ulaw
		directmedia=no
		$options
		[caller]
		type=user
		ip=10.0.0.2
		context=default
		$options
		[router]
		type=user
		ip=10.0.1.1
		context=default
		$options
		[direct]
		type=peer
		ip=10.0.1.2
		port=1720
		$options
		[nat]
		type=peer
		ip=10.0.0.1
		port=1720
		$options
	END
	printf '%s\n' '[general]' rtpstart=10000 rtpend=10100 >"$dir/rtp.conf"
	printf '%s\n' '[default]' 'exten => 100,1,Answer' ' same => n,Milliwatt' \
		>"$dir/extensions.conf"
	printf '%s\n' '[general]' '[logfiles]' 'console =>' >"$dir/logger.conf"
}
listens() { "$1" ss -Hltn 'sport = :1720' | grep -q .; }
start() { # FAST TUNNEL
	configure caller "$1" "$2" 10.0.0.2
	configure callee "$1" "$2" 10.0.1.2
	bg caller n0 chroot "$root" /usr/sbin/asterisk -f -C /tmp/caller/asterisk.conf
	bg callee n1 chroot "$root" /usr/sbin/asterisk -f -C /tmp/callee/asterisk.conf
	until_ok 'the caller has booted' 60 says_ready caller
	until_ok 'so has the callee' 60 says_ready callee
	until_ok 'which listens' 60 listens n1
}
stop() {
	kill -9 "${caller:?}" "${callee:?}"
	wait "$caller" "$callee" 2>/dev/null
	forget
}
forget() {
	r conntrack -F
	ipt r -Z
	ipt r -t mangle -Z
}
cli() { # NAME COMMAND
	chroot "$root" /usr/sbin/asterisk -C "/tmp/$1/asterisk.conf" -rx "$2"
}
says_ready() { cli "$1" 'core waitfullybooted' 2>/dev/null | grep -q 'fully booted'; }
dial() { cli caller "channel originate OOH323/100@$1 application Milliwatt"; }
no_channel() { cli "$1" 'core show channels' | grep -q '^0 active channels'; }
hangup() {
	cli caller 'channel request hangup all' >/dev/null
	until_ok 'the call ends' 60 no_channel caller
	until_ok 'on both sides' 60 no_channel callee
	forget
}
# What left to the caller, and to the callee.
rtp() { echo "$(counter r 4 mangle POSTROUTING 1) $(counter r 4 mangle POSTROUTING 2)"; }
flows() {
	local to_caller to_callee
	read -r to_caller to_callee < <(rtp)
	((to_caller >= 25 && to_callee >= 25)) || { echo "RTP: $to_caller $to_callee" && return 1; }
}
# A packet of the call, or the connection for H.245.
is_dropped() { (($(counter r 4 filter FORWARD 3) > 2)); }

nat() { # snat|dnat|both|none
	ipt r -t nat -F
	[[ $1 != snat && $1 != both ]] || ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
	[[ $1 != dnat && $1 != both ]] || ipt r -t nat -A PREROUTING -i r0 -d 10.0.0.1 -p tcp \
		--dport 1720 -j DNAT --to-destination 10.0.1.2
}
audio() { # NAT PEER
	nat "$1"
	dial "$2"
	until_ok "$mode, NAT $1: RTP passes in both directions" 30 flows
	hangup
}

topology
rules r 4 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 1720 -j ACCEPT
-A FORWARD -j DROP
COMMIT
*mangle
-A POSTROUTING -o r0 -p udp
-A POSTROUTING -o r1 -p udp
COMMIT
END
ok 'the programs have a place for their files' mount -t tmpfs h323 "$root/tmp"
ok 'and devices' mount --bind /dev "$root/dev"

for modes in 'no no' 'no yes' 'yes no' 'yes yes'; do
	read -r fast tunnel <<<"$modes"
	mode="fast start $fast, tunnel $tunnel"
	say "$mode"
	ok 'the helpers can be unloaded' h323_unload
	nat none
	start "$fast" "$tunnel"
	dial direct
	until_ok "$mode: without the helpers r drops packets" 60 is_dropped
	is 'and forwards no RTP' "$(rtp)" '0 0'
	stop
	ok 'the helpers are loaded' h323_load
	start "$fast" "$tunnel"
	audio none direct
	n1 ip route del default
	audio snat direct
	audio both nat
	n1 ip route add default via 10.0.1.1
	audio dnat nat
	stop
done
for name in RAS Q.931 H.245; do
	is "$name: nothing was refused" "$(h323_stat "$name" malformed foreign split)" '0 0 0'
done
umount "$root/dev"
umount "$root/tmp"
done_testing
