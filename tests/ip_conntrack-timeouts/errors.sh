#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An ICMP error carries the connection that it quotes. A rule that it meets does nothing to that
# connection.
#
#	n0 ---- r ---- n1	n0 has a connection to n1; both links have one host more, number 7
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
silence
r sysctl -w net.ipv4.ip_conntrack_tcp_timeouts='300 1001'
send_error() { n1 tests/lib/raw-send --error "$@"; }
send_error_back() { n0 tests/lib/raw-send --error "$@"; }

rules r 46 <<'END'
*mangle
-A FORWARD -m conntrack --ctstate RELATED
COMMIT
END
rules r 4 <<'END'
*mangle
-A FORWARD -s 10.0.0.7 -j TIMEOUT --expire
-A FORWARD -s 10.0.1.7 -j TIMEOUT --expire
COMMIT
END
rules r 6 <<'END'
*mangle
-A FORWARD -s fd00::7 -j TIMEOUT --expire
-A FORWARD -s fd00:0:0:1::7 -j TIMEOUT --expire
COMMIT
END

say 'A host that is cut off quotes the connection of others.'
established 4 4000
established 6 4000
timer_is 'IPv4, before' 4 tcp 4000 1001 ESTABLISHED
timer_is 'IPv6, before' 6 tcp 4000 1001 ESTABLISHED
send_error 10.0.1.7 10.0.0.2 10.0.0.2 4000 10.0.1.2 80
send_error_back 10.0.0.7 10.0.1.2 10.0.1.2 80 10.0.0.2 4000
send_error fd00:0:0:1::7 fd00::2 fd00::2 4000 fd00:0:0:1::2 80
send_error_back fd00::7 fd00:0:0:1::2 fd00:0:0:1::2 80 fd00::2 4000
for family in 4 6; do
	is "IPv$family: both errors belong to the connection" \
		"$(counter r $family mangle FORWARD 1)" 2
	is "IPv$family: and meet the rules" "$(counter r $family mangle FORWARD 2) $(
		counter r $family mangle FORWARD 3)" '1 1'
	timer_is "IPv$family: it has not ended" $family tcp 4000 1001 ESTABLISHED
done

say '--cap and --now for ICMP do nothing to the connection that an error quotes.'
rules r 46 <<'END'
*mangle
-F FORWARD
-A FORWARD -p icmp -j TIMEOUT --cap 5
-A FORWARD -p icmpv6 -j TIMEOUT --cap 5
-A FORWARD -m conntrack --ctstate RELATED -j TIMEOUT --set established=7000 --now
COMMIT
END
established 4 4001
established 6 4001
send_error 10.0.1.7 10.0.0.2 10.0.0.2 4001 10.0.1.2 80
send_error_back 10.0.0.7 10.0.1.2 10.0.1.2 80 10.0.0.2 4001
send_error fd00:0:0:1::7 fd00::2 fd00::2 4001 fd00:0:0:1::2 80
send_error_back fd00::7 fd00:0:0:1::2 fd00:0:0:1::2 80 fd00::2 4001
is 'IPv4: errors meet the rule' "$(counter r 4 mangle FORWARD 1)" 2
is 'IPv6: errors meet the rule' "$(counter r 6 mangle FORWARD 2)" 2
timer_is 'IPv4' 4 tcp 4001 1001 ESTABLISHED
timer_is 'IPv6' 6 tcp 4001 1001 ESTABLISHED
n0 ping -n -c 1 -W 1 10.0.1.2
like 'a ping has the cap' "$(r conntrack -L -p icmp 2>/dev/null)" '^icmp +1 [0-5] '
done_testing
