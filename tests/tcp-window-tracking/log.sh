#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The classic log: what scanners of 2003 look for, and no more than ten lines in five seconds.
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
initial_namespace
topology
hush

loggers() { grep -c '^nf_log_' /proc/modules; }
say 'The loggers.'
for module in nf_log_ipv4 nf_log_ipv6 nf_log_syslog nf_log_common; do
	! grep -q "^$module " /proc/modules || initial modprobe -r "$module"
done
is 'none at first' "$(loggers)" 0
for name in ip_ct_tcp_log_out_of_window ip_conntrack_tcp_log_invalid_scale \
	ip_conntrack_log_invalid; do
	r sysctl -w "net.ipv4.netfilter.$name=1"
	is "$name loads none for lines that nobody would see" "$(loggers)" 0
	r sysctl -w "net.ipv4.netfilter.$name=0"
done
# From now on the kernel log has also lines of other than the initial namespace.
initial sysctl -w net.netfilter.nf_log_all_netns=1
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_log_out_of_window=1
ok 'it loads them for others' test "$(loggers)" -gt 0
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_log_out_of_window=0

lines() { klog | grep -c "$1"; } # REGEX
out_of_window() {
	open_connection
	from_client flags=PA seq=90000 ack=5001 len=10
	from_client flags=A seq=1001 ack=5002
	from_client flags=SF seq=1000
	from_client flags=S seq=1000 cut=14
	from_client flags=S seq=1000 badsum
	from_client flags=SA seq=1000 ack=5001 # refused, and not logged in 2003
	send
}

say 'Off.'
ipt r -A FORWARD -m conntrack --ctstate INVALID
out_of_window
is 'no line' "$(lines ip_conntrack_tcp:)" 0

say 'Out of window.'
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_log_out_of_window=1
for family in 4 6; do
	((case++))
	out_of_window
done
is 'data' "$(lines 'ip_conntrack_tcp: INVALID: Out of window data; SEQ is over the upper bound (over the window of the receiver) IN=r0 .*SPT=4000 DPT=80 ')" 2
is 'an acknowledgment' "$(lines 'ip_conntrack_tcp: INVALID: Out of window data; ACK is over the upper bound (ACKed data has never seen yet) ')" 2
is 'flags' "$(lines 'ip_conntrack_tcp: INVALID: invalid TCP flag combination\. ')" 2
is 'truncated' "$(lines 'ip_conntrack_tcp: INVALID: truncated packet\. ')" 2
is 'the checksum' "$(lines 'ip_conntrack_tcp: INVALID: bad TCP checksum\. ')" 2
is 'nothing else' "$(lines ip_conntrack_tcp:)" 10
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_log_out_of_window=0

say 'The scale.'
r sysctl -w net.ipv4.netfilter.ip_conntrack_tcp_log_invalid_scale=1
family=4
for scale in 14 15 255; do
	((case++))
	from_client flags=S seq=1000 opts=ws:$scale
done
send
until_ok 'a scale of 15' 20 eval '(($(lines "Illegal window scaling value 15 > 14 ignored") == 1))'
is 'a scale of 255' "$(lines 'Illegal window scaling value 255 > 14 ignored')" 1
is 'none of 14' "$(lines 'Illegal window scaling value 14')" 0

say 'A flood.'
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_log_out_of_window=1
before=$(lines ip_conntrack_tcp:)
SECONDS=0
for ((i = 0; i < 200; i++)); do
	from_client flags=SF seq=$i
done
send
added=$(($(lines ip_conntrack_tcp:) - before))
ok "200 segments wrote $added lines in $SECONDS seconds, not more than allowed" \
	test $added -le $((10 * (SECONDS / 5 + 2)))
initial sysctl -w net.netfilter.nf_log_all_netns=0
done_testing
