#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# New connections to the router itself get a place for timeouts, also when connection tracking
# started after xt_timeout's hooks.
#
#	n0 ---- r	n0 sends UDP to r; a rule gives timeouts to the second packet
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
ipt r -A OUTPUT -p icmp -j DROP
ip6t r -A OUTPUT -p icmpv6 --icmpv6-type destination-unreachable -j DROP
port=5000
send() { # FAMILY PORT
	local to=10.0.0.1
	(($1 == 4)) || to=fd00::1
	n0 tests/lib/udp-send --from "$2" "$to" 80 x
}
untracked() { # FAMILY
	send "$1" $((++port))
	[[ ! $(timer "$1" udp "$port") ]]
}
given() { # DESC FAMILY
	send "$2" $((++port))
	send "$2" "$port"
	send "$2" "$port"
	timer_is "$1, IPv$2" "$2" udp "$port" 505
}
rule() {
	rules r 46 <<-'END'
		*mangle
		-A INPUT -p udp -m conntrack --ctstatus CONFIRMED -j TIMEOUT --set udp=505
		COMMIT
	END
}

rule
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='901 901'
given 'the first rule' 4
given 'the first rule' 6
ipt r -t mangle -F INPUT
ip6t r -t mangle -F INPUT
until_ok 'IPv4 is not tracked any more' 20 untracked 4
until_ok 'IPv6 is not tracked any more' 20 untracked 6
rule
given 'tracking started again' 4
given 'tracking started again' 6
done_testing
