#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The match and the kernel's own log give the same reason for random segments.
# inputs: tests/tcp-window-tracking/oracle tests/tcp-window-tracking/random_segments.pm
#
#	r	sends segments of both ends of connections
. "${0%/*}/../lib/scenario.sh"
topology
ipt n1 -A INPUT -p tcp -j DROP
ip6t n1 -A INPUT -p tcp -j DROP
ipt n0 -A INPUT -p tcp -j DROP
ip6t n0 -A INPUT -p tcp -j DROP
modprobe nfnetlink_log
modprobe xt_NFLOG

seed=${TEST_SEED:-1} count=3000
case ${LEVEL-} in
quick) count=500 ;;
full) count=25000 ;;
esac

r sysctl -w net.netfilter.nf_conntrack_log_invalid=6 net.netfilter.nf_log.2=nfnetlink_log \
	net.netfilter.nf_log.10=nfnetlink_log
{
	echo '*mangle'
	for reason in seq-over ack-over seq-under ack-under rst state flags checksum truncated \
		no-connection unknown; do
		echo "-A OUTPUT -p tcp -m tcpwindow --reason $reason -j NFLOG --nflog-group 1 --nflog-threshold 1 --nflog-prefix \"refused $reason\""
	done
	for reason in seq-over ack-over seq-under ack-under rst state; do
		echo "-A OUTPUT -p tcp -m tcpwindow --ignored $reason -j NFLOG --nflog-group 1 --nflog-threshold 1 --nflog-prefix \"ignored $reason\""
	done
	echo '-A OUTPUT -p tcp -m conntrack --ctstate INVALID -j NFLOG --nflog-group 1 --nflog-threshold 1 --nflog-prefix INVALID'
	echo COMMIT
} >"$TMP/rules"
rules r 46 <"$TMP/rules"

for family in 4 6; do
	for liberal in 0 1; do
		r sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=$liberal
		r tests/tcp-window-tracking/oracle "$count" $((seed += 1)) $family >"$TMP/said"
		cat "$TMP/said"
		like "IPv$family, be_liberal=$liberal: no difference in $count segments" \
			"$(tail -n 1 "$TMP/said")" '^0 differences$'
		((liberal)) || like "IPv$family: some were refused for the window" \
			"$(cat "$TMP/said")" '[0-9]+ refused (seq|ack)-over'
	done
done
done_testing
