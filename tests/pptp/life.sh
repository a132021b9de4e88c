#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The modules are unloaded, and the namespace of the router ends, while calls are open and packets
# pass. Nothing is left of the calls.
#
#	n0 (client) -- r (filter, MASQUERADE) -- n1 (server)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"

topology
gre_rules
peer pac n1 listen 1
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
for i in 3 4 5; do n0 ip addr add 10.0.0.$i/24 dev e0; done

for i in 1 2 3; do
	ok 'the helper is loaded' pptp_load
	peer pns n0 connect 0
	says 'control connections' pns 'opened 4' open 4 10.0.1.2 10.0.0.2+
	says 'calls' pns 'called 16' out 4
	says 'pass' pns 'echoed 16 of 16' gre
	if ((i == 2)); then
		ipt n0 -A OUTPUT -p gre -j DROP
		says 'calls without a packet' pns 'called 4' out 1
		ok 'are expected' expects_are 8
		ipt n0 -D OUTPUT -p gre -j DROP
	fi
	# Packets pass while the modules are unloaded.
	printf '%s\n' 'gre' >&"${_peer_pns:?}"
	_told_pns=$((_told_pns + 1))
	if ((i == 2)); then
		ok 'the NAT half is unloaded first' modprobe -r nf_nat_pptp
		ok 'nothing is expected then' expects_are 0
		says 'further calls do not open' pns 'called 4' out 1
		ok 'they are refused' test "$(pptp_stat not-expected)" -ge 4
	fi
	ok 'the helper is unloaded' helper_unload pptp
	# What was on its way to r itself is tracked for 30 seconds.
	until_ok 'its calls have ended' 60 gre_are 0
	kill "${peer_pns:?}"
done

say 'The namespace ends while calls are open.'
ok 'the helper is loaded' pptp_load
peer pns n0 connect 0
says 'control connections' pns 'opened 4' open 4 10.0.1.2 10.0.0.2+
says 'calls' pns 'called 16' out 4
says 'pass' pns 'echoed 16 of 16' gre
ok 'the namespace is removed' ip netns del r
until_ok 'the modules can be unloaded' 60 helper_unload pptp
ok 'and loaded again' pptp_load
done_testing
