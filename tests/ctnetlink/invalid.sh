#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct invalid shows what nf_ct_tcpwindow keeps of refused segments.
# inputs: tests/ctnetlink/table.lib tests/tcp-window-tracking/window.lib
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
# shellcheck source=../tcp-window-tracking/window.lib
. "${0%/*}/../tcp-window-tracking/window.lib"
topology
hush

segments() {
	open_connection
	from_client flags=PA seq=90000 ack=5001 len=10
	from_client flags=SA seq=1000 ack=5001
	send
}

say 'Nothing is kept.'
is 'it prints how to begin' "$(r "$tool" invalid 2>&1)" \
	'ct: newer segments are not kept; fix: sysctl net.ipv4.netfilter.ip_ct_tcp_record_invalid=1'

say 'Refused segments of both families.'
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_record_invalid=1
for family in 4 6; do
	segments
done
is 'the counters' "$(r "$tool" invalid | sed -n '/^[0-9]* [a-z-]*$/p')" $'2 seq-over\n2 state'
is 'the segments' "$(r "$tool" invalid | awk 'NF > 2 { print $3, $5 }')" "$(printf '%s\n' \
	'seq-over dst=10.0.1.2' 'state dst=10.0.1.2' \
	'seq-over dst=fd00:0:0:1::2' 'state dst=fd00:0:0:1::2')"
is 'JSON' "$(r "$tool" invalid --json | jq -c '.counters.state, (.segments[0] |
	[.reason, .src, .sport, .flags, .seq, .bound])')" \
	$'2\n["seq-over","10.0.0.10",4000,"PA",90000,9194]'
now=$(date +%s)
like 'the time' "$((now - $(r "$tool" invalid --json | jq '.segments[3].time')))" '^[0-9]{1,3}$'

say 'Other users and other namespaces.'
nok 'a user cannot read it' r setpriv --reuid 65534 --clear-groups "$tool" invalid
is 'a second namespace has none' "$(unshare --net "$tool" invalid 2>/dev/null)" ''
done_testing
