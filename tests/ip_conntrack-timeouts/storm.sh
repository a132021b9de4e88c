#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules and sysctls change, namespaces end and the module is unloaded in a flood of new connections.
#
#	n0 ---- r ---- n1	n0 sends UDP from many ports; r's rules give them timeouts
. "${0%/*}/../lib/scenario.sh"
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW

some='-p udp -m statistic --mode random --probability'
rounds=10
[[ ${LEVEL-} != full ]] || rounds=200
# shellcheck disable=SC2016 # the inner shell expands
bg FLOOD n0 bash -c 'for ((;;)); do for p in {2000..2400}; do
	printf x >"/dev/udp/10.0.1.2/$p"; done; done 2>/dev/null'
bg TABLE r bash -c 'for ((;;)); do conntrack -L -p udp; done >/dev/null 2>&1'
for ((i = 1; i <= rounds; i++)); do
	rules r 4 <<-END
		*mangle
		-F PREROUTING
		-A PREROUTING $some 0.5 -j TIMEOUT --set udp=$((i + 100))
		-A PREROUTING $some 0.5 -j TIMEOUT --set udp=7,udp_stream=8 --now
		-A PREROUTING $some 0.1 -j TIMEOUT --expire
		-A PREROUTING $some 0.1 -j TIMEOUT --cap 5
		COMMIT
	END
	r sysctl -q -w net.ipv4.ip_conntrack_udp_timeouts="$((i + 10)) $((i + 20))"
done
like 'packets met the rules' "$(counter r 4 mangle PREROUTING 1)" '^[1-9]'
ipt r -t mangle -F PREROUTING
unloaded() { rmmod xt_timeout; }
until_ok 'the module unloads in the flood' 20 unloaded
modprobe xt_timeout
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=9
ok 'the flood was under way all the time' kill "$FLOOD"
ok 'and so was the reader' kill "$TABLE"
done_testing
