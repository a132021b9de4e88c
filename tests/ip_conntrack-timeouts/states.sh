#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The timer of a connection in each state: by vector, by rule, and by both.
#
#	n0 ---- r ---- n1	r tracks what n0 and n1 send by hand
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
silence
# connections are tracked
ipt r -A FORWARD -m conntrack --ctstate NEW
ip6t r -A FORWARD -m conntrack --ctstate NEW

say 'By the vector of 2003.'
# a FIN that is not acknowledged has the shorter one of two timeouts
r sysctl -w net.netfilter.nf_conntrack_tcp_timeout_unacknowledged=100000 \
	net.netfilter.nf_conntrack_tcp_timeout_max_retrans=100000
r sysctl -w net.ipv4.ip_conntrack_tcp_timeouts='300 1100 1200 1300 1400 1500 1600 1700 1800 1900'
want=([ESTABLISHED]=1100 [SYN_SENT]=1200 [SYN_RECV]=1300 [FIN_WAIT]=1400 [TIME_WAIT]=1500
	[CLOSE]=1600 [CLOSE_WAIT]=1700 [LAST_ACK]=1800)
walk 'vector, IPv4' 4 4001
walk 'vector, IPv6' 6 4001
segment n0 4 4002 flags=S seq=1000
segment n1 4 4002 flags=S seq=5000
# the kernel does not renew the timer at the second SYN
segment n0 4 4002 flags=S seq=1000
timer_is 'vector, a simultaneous open' 4 tcp 4002 1900 SYN_SENT2

say 'By rule, for some states: the others are the namespace'\''s.'
rules r 46 <<'END'
*mangle
-A PREROUTING -p tcp -j TIMEOUT --set syn_sent=2200,established=2100,last_ack=2800
COMMIT
END
want[SYN_SENT]=2200 want[ESTABLISHED]=2100 want[LAST_ACK]=2800
walk 'rule, IPv4' 4 4003
walk 'rule, IPv6' 6 4003
r sysctl -w net.netfilter.nf_conntrack_tcp_timeout_fin_wait=1450
want[FIN_WAIT]=1450
walk 'rule, after a sysctl' 4 4004

say 'By rule, for all states.'
list=syn_sent=3200,syn_recv=3300,established=3100,fin_wait=3400,time_wait=3500,close=3600
list+=,close_wait=3700,last_ack=3800,syn_sent2=3900,unacknowledged=1d,max_retrans=1d
rules r 46 <<END
*mangle
-F PREROUTING
-A PREROUTING -p tcp -j TIMEOUT --set $list
COMMIT
END
want=([ESTABLISHED]=3100 [SYN_SENT]=3200 [SYN_RECV]=3300 [FIN_WAIT]=3400 [TIME_WAIT]=3500
	[CLOSE]=3600 [CLOSE_WAIT]=3700 [LAST_ACK]=3800)
walk 'all states, IPv4' 4 4005
walk 'all states, IPv6' 6 4005
segment n0 4 4006 flags=S seq=1000
segment n1 4 4006 flags=S seq=5000
# the kernel does not renew the timer at the second SYN
segment n0 4 4006 flags=S seq=1000
timer_is 'a simultaneous open' 4 tcp 4006 3900 SYN_SENT2

say 'Data that is not acknowledged.'
rules r 46 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -p tcp -j TIMEOUT --set established=3100,unacknowledged=500
COMMIT
END
established 4 4007
timer_is 'nothing sent' 4 tcp 4007 3100 ESTABLISHED
segment n0 4 4007 flags=PA seq=1001 ack=5001 len=10
timer_is 'data' 4 tcp 4007 500 ESTABLISHED
segment n1 4 4007 flags=A seq=5001 ack=1011
timer_is 'acknowledged' 4 tcp 4007 3100 ESTABLISHED

say 'Data that is sent again and again.'
rules r 46 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -p tcp -j TIMEOUT --set established=3100,max_retrans=400,unacknowledged=500
COMMIT
END
established 4 4008
for seconds in 500 500 500 400; do
	segment n0 4 4008 flags=PA seq=1001 ack=5001 len=10
	timer_is 'data' 4 tcp 4008 "$seconds" ESTABLISHED
done

say 'UDP and ICMP; others.sh has the rest.'
rules r 46 <<'END'
*filter
-A FORWARD -j TIMEOUT --set udp=700,udp_stream=800,icmp=900,icmpv6=1000,generic=1100
COMMIT
END
n0 tests/lib/udp-send --from 5000 10.0.1.2 80 x
timer_is 'UDP' 4 udp 5000 700
n0 tests/lib/udp-send --from 5000 fd00:0:0:1::2 80 x
timer_is 'UDP, IPv6' 6 udp 5000 700
n1 tests/lib/udp-send --from 80 10.0.0.2 5000 x
poll 20 eval 'n0 tests/lib/udp-send --from 5000 10.0.1.2 80 x
	[[ $(r conntrack -L -p udp --orig-port-src 5000 2>/dev/null) == *ASSURED* ]]'
timer_is 'UDP, a stream' 4 udp 5000 800
n0 ping -c 1 10.0.1.2
like 'ICMP' "$(r conntrack -L -p icmp 2>/dev/null)" '^icmp +1 (900|89[89]) '
n0 ping -c 1 fd00:0:0:1::2
like 'ICMPv6' "$(r conntrack -L -f ipv6 -p icmpv6 2>/dev/null | grep type=128)" \
	'^icmpv6 +58 (1000|99[89]) '
done_testing
