#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# PPP with MPPE through PPTP: pppd with pptp-linux, and pptpd with pppd. Two clients behind one
# address have a session with the same server at once, and one has it through DNAT. Packets pass
# ppp0 in both directions. Without the helper there is no session.
#
#	n0 (clients .2 and .3) -- r (filter, NAT) -- n1 (pptpd)
#
# It needs a kernel with PPP: Debian's generic flavour (tests/check-one --kernel 6.12-generic) or a
# debug kernel.
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"
has_ppp() {
	local module
	for module in ppp_generic ppp_async ppp_mppe; do modprobe "$module"; done
	: </dev/ppp
}
unload_ppp() {
	local module
	for module in ppp_mppe ppp_async ppp_generic; do
		! grep -q "^$module " /proc/modules || modprobe -r "$module" || return
	done
}
has_ppp 2>/dev/null || skip_all 'the kernel has no PPP; fix: --kernel 6.12-generic'

# client NAME ADDRESS SERVER UNIT
client() {
	bg "$1" n0 /usr/sbin/pppd pty \
		"/usr/sbin/pptp $3 --nolaunchpppd --nohostroute --localbind $2" \
		user alice password secret noauth nodetach noipdefault nodefaultroute unit "$4" \
		require-mppe-128 nobsdcomp nodeflate maxfail 1 logfd 1
}
is_encrypted() { grep -q '^MPPE 128-bit stateless compression enabled' "$TMP/$1.out"; }
is_up() {
	n0 ip -4 addr show dev "$1" 2>/dev/null | grep -q peer ||
		{ tail -n 5 "$TMP/$2.out" && return 1; }
}
address_of_peer() { _quiet=1 n0 ip -4 addr show dev "$1" | sed -n 's|.* peer \([0-9.]*\)/.*|\1|p'; }
session() { # NAME INTERFACE
	until_ok "$1: $2 is up" 60 is_up "$2" "$1"
	ok "$1: it is encrypted" is_encrypted "$1"
	ok "$1: packets pass in both directions" n0 ping -c 5 -i 0.2 -s 1000 -I "$2" \
		"$(address_of_peer "$2")"
}
# ends NAME..
ends() {
	local name
	for name; do kill "${!name}"; done
	for name; do wait "${!name}" 2>/dev/null; done
	until_ok 'the GRE connections end' 60 gre_are 0
}

topology
gre_rules
n0 ip addr add 10.0.0.3/24 dev e0
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
# Without the helper, the server's frames are for r itself.
ipt r -A INPUT -p gre -j DROP
ok 'the programs are there' pptp_programs
printf '%s\n' 'name server' auth refuse-pap refuse-chap refuse-mschap require-mschap-v2 \
	require-mppe-128 nobsdcomp nodeflate >"$TMP/options"
echo 'alice * secret *' >/etc/ppp/chap-secrets
chmod 600 /etc/ppp/chap-secrets
: >/etc/ppp/options
pptpd_start /usr/sbin/pppd "$TMP/options"

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload pptp
client alone 10.0.0.2 10.0.1.2 9
dropped() { (($(counter r 4 filter FORWARD 3) > 2)); }
until_ok 'r drops the frames of the session' 60 dropped
nok 'ppp9 is not up' is_up ppp9 alone
ends alone

say 'Two clients behind one address'
ok 'the helper is loaded' pptp_load
client one 10.0.0.2 10.0.1.2 0
client two 10.0.0.3 10.0.1.2 1
session one ppp0
session two ppp1
ok 'each has a GRE connection' gre_are 2
ends one two

say 'The server is behind DNAT'
ipt r -t nat -F
ipt r -t nat -A PREROUTING -i r0 -d 10.0.0.1 -p tcp --dport 1723 -j DNAT --to-destination 10.0.1.2
n1 ip route add default via 10.0.1.1
client three 10.0.0.2 10.0.0.1 2
session three ppp2
ends three
kill "${server:?}"
until_ok 'PPP can be unloaded' 20 unload_ppp
rm -f /run/pppd2.tdb
is 'nothing was refused' "$(pptp_stat malformed not-expected wrong-side split)" '0 0 0 0'
done_testing
