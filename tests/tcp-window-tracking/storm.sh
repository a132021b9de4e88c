#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two CPUs send segments of the same connections. How many refused segments have the reason
# `unknown', because the other CPU has moved the connection; and the same while rules change and
# the module is unloaded.
# inputs: tests/tcp-window-tracking/race tests/tcp-window-tracking/random_segments.pm
#
#	r	sends segments of both ends of connections
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush

connections=30 rounds=2
case ${LEVEL-} in
quick) connections=10 ;;
full) connections=2000 rounds=30 ;;
esac

rules r 46 <<'END'
*mangle
-A OUTPUT -p tcp -m conntrack --ctstate INVALID
COMMIT
END
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_record_invalid=1

declare -A reasons
# Into ${reasons[NAME]}, and $refused, their sum.
read_reasons() {
	local name number
	reasons=() refused=0
	while read -r name number; do
		reasons[$name]=$number
		((refused += number))
	done < <(r perl -ane 'if ($. == 1) { @name = @F; next }
		$sum{$name[$_]} += hex $F[$_] for 0 .. $#F;
		END { print map { "$_ $sum{$_}\n" } sort keys %sum }' \
		/proc/net/stat/nf_ct_tcpwindow)
}
invalid() { echo $(($(counter r 4 mangle OUTPUT 1) + $(counter r 6 mangle OUTPUT 1))); }
race() { # PROCESSES SEED
	r tests/tcp-window-tracking/race "$1" $connections "$2" 4
	r tests/tcp-window-tracking/race "$1" $connections $(($2 + 1)) 6
}

say 'One sender.'
race 1 "${TEST_SEED:-1}"
read_reasons
one=$refused
ok 'segments are refused' test "$one" -gt 0
is 'each has one reason' "$one" "$(invalid)"
is 'none is unknown' "${reasons[unknown]}" 0

say 'Two senders.'
race 2 "${TEST_SEED:-1}"
read_reasons
two=$((refused - one)) unknown=${reasons[unknown]}
ok 'segments are refused' test "$two" -gt 0
is 'each has one reason' "$refused" "$(invalid)"
say "unknown: $unknown of $two on $(nproc) CPUs"
ok 'at most one of twenty is unknown' test $((unknown * 20)) -le "$two"

say 'Rules change, and the module is unloaded.'
bg FOUR r tests/tcp-window-tracking/race 2 0 5 4
bg SIX r tests/tcp-window-tracking/race 2 0 6 6
for ((i = 0; i < rounds; i++)); do
	for option in --be-liberal --no-window --strict "--loose $((i + 1))" --accept; do
		rules r 46 <<-END
			*mangle
			-F OUTPUT
			-A OUTPUT -p tcp -m tcpwindow --reason window,rst,state,unknown
			-A OUTPUT -p tcp -m tcpwindow --ignored window
			-A OUTPUT -p tcp -m tcpwindow ! --retransmission --picked-up
			-A OUTPUT -p tcp -j TCPWINDOW $option
			COMMIT
		END
	done
done
like 'segments met the rules' "$(counter r 4 mangle OUTPUT 1)" '^[1-9]'
ipt r -t mangle -F OUTPUT
ip6t r -t mangle -F OUTPUT
unloaded() { rmmod xt_tcpwindow; }
until_ok 'the module unloads' 20 unloaded
modprobe xt_tcpwindow
ok 'IPv4 was sent all the time' kill "$FOUR"
ok 'and so was IPv6' kill "$SIX"
done_testing
