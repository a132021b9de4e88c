#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Counters, the list of refused segments, and the classic log.
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush

counters() { # names and sums of those that are not 0
	r perl -ane 'if ($. == 1) { @name = @F; next }
		$sum{$name[$_]} += hex $F[$_] for 0 .. $#F;
		END { print join " ", map { "$_ $sum{$_}" } grep { $sum{$_} } sort keys %sum }' \
		/proc/net/stat/nf_ct_tcpwindow
}
list() { r cat /proc/net/nf_ct_tcpwindow; }
segments() {
	open_connection
	from_client flags=PA seq=90000 ack=5001 len=10
	from_client flags=A seq=1001 ack=5002
	from_client flags=SA seq=1000 ack=5001
	from_client flags=SF seq=1000
	from_client flags=S seq=1000 cut=14
	send
}

say 'Nothing is recorded before an administrator asks.'
ipt r -A FORWARD -m conntrack --ctstate INVALID
segments
is 'the counters' "$(counters)" ''
is 'the list' "$(list)" ''
is 'only the header exists' "$(r sed -n '$=' /proc/net/stat/nf_ct_tcpwindow)" 1

say 'Both families.'
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_record_invalid=1
for family in 4 6; do
	case=11
	segments
done
is 'the counters' "$(counters)" 'ack-over 2 flags 2 seq-over 2 state 2 truncated 2'
is 'the list' "$(list | awk '{ print $2 }' | xargs)" \
	'seq-over ack-over state flags truncated seq-over ack-over state flags truncated'
is 'IPv4, with the bound' "$(list | sed -n '1s/^[0-9]* //p')" \
	"seq-over src=10.0.0.11 dst=10.0.1.2 sport=4000 dport=80 flags=PA seq=90000 ack=5001 len=10 win=8192 bound=9194"
is 'IPv6' "$(list | sed -n '7s/^[0-9]* //p')" \
	"ack-over src=fd00::b dst=fd00:0:0:1::2 sport=4000 dport=80 flags=A seq=1001 ack=5002 len=0 win=8192 bound=5002"
like 'a truncated one' "$(list | sed -n 5p)" '^[0-9]+ truncated src=10.0.0.11 dst=10.0.1.2$'
now=$(date +%s)
ok 'the time' test "$(list | sed -n '1s/ .*//p')" -gt $((now - 600))

say 'The last 100.'
family=4 case=12
for ((i = 0; i < 120; i++)); do
	from_client flags=SF seq=$i
done
send
is 'there are 100' "$(list | wc -l)" 100
like 'the oldest' "$(list | sed -n 1p)" ' seq=20 '
like 'the newest' "$(list | sed -n 100p)" ' seq=119 '

say 'Who reads it.'
user=(setpriv --reuid 1000 --regid 1000 --clear-groups)
nok 'no other user' r "${user[@]}" cat /proc/net/nf_ct_tcpwindow
ok 'but the counters' r "${user[@]}" cat /proc/net/stat/nf_ct_tcpwindow

say 'Off again: what was recorded stays.'
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_record_invalid=0
before=$(counters)
case=13
segments
is 'nothing more is counted' "$(counters)" "$before"
namespace other
is 'a second namespace has counted nothing' \
	"$(other sed -n '$=' /proc/net/stat/nf_ct_tcpwindow)" 1
done_testing
