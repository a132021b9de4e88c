#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Next hops that fail and return, without a command. n0 sends through the three uplinks of
# ROUTE.lib, without NAT.
#
# deadline: 600
. "${0%/*}/../lib/scenario.sh"
. "${0%/*}/ROUTE.lib"
uplinks 3
no_answers

fails() {
	rule --gw "${gws[1]},${gws[2]}"
	clear_counts
	packets 1 2001
	packets 1 2002
	arrived 'two connections take two next hops' '1 1 0'
	silence 2
	state 'no answer: down' "${gws[2]}" down
	state 'the other one: up' "${gws[1]}" up
	packets 2 2001
	packets 2 2002
	connections 4
	arrived 'both connections, and new ones, take the other one' '8 0 0'
	answer 2
	state 'answers: up' "${gws[2]}" up
	packets 2 2001
	packets 2 2002
	arrived 'connections stay' '4 0 0'
	connections 4
	arrived 'new ones use both' '2 2 0'
}
say 'A neighbour fails and returns. Nothing is written anywhere.'
families fails

link() {
	rule --gw "${gws[1]},${gws[2]}%r2"
	n2 ip link set e0 down
	state 'no carrier: down' "${gws[2]}" down
	clear_counts
	connections 4
	arrived 'all take the other one' '4 0 0'
	_quiet=1 n2 ip -batch - <<'END'
link set e0 up
address replace fd00:0:0:2::2/64 dev e0 nodad
address replace fe80::2/64 dev e0 nodad
END
	state 'carrier: up' "${gws[2]}" up
	clear_counts
	connections 4
	arrived 'both are used' '2 2 0'
}
say 'A link fails and returns.'
families link

all_down_is() { # N
	local line
	line=$(_quiet=1 r grep -F "ipv$family gw=${gws[1]} " /proc/net/xt_ROUTE)
	[[ $line == *" all-down=$1 "* ]]
}
none() {
	r ip "-$family" route replace default via "${gws[3]}"
	rule --gw "${gws[1]},%missing"
	silence 1
	state 'down' "${gws[1]}" down
	clear_counts
	connections 4
	until_ok "they are dropped and counted$v6" 10 all_down_is 4
	rule --gw "${gws[1]}%r1,%missing" --down continue
	state 'down, too' "${gws[1]}" down
	connections 3
	arrived 'drop drops, and continue takes the default route' '0 0 3'
	rule --gw "${gws[1]}" --down continue
	state 'a single next hop' "${gws[1]}" down
	connections 3
	arrived 'is skipped, too' '0 0 3'
	answer 1
	state 'until it is up' "${gws[1]}" up
	connections 3
	arrived 'then it is used' '3 0 0'
}
say 'None is left.'
families none

done_testing
