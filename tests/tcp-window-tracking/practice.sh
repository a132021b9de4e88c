#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two cases from practice, each of which one rule solves. A: an answer outside of the window shows
# the inner address of a server behind DNAT. B: `--ctstate INVALID -j DROP' ends connections whose
# SYN went another way.
#
#	n0 ---- r ---- n1	r translates port 8000 of its own to port 80 of the server n1. n0
#				and n1 send by hand
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush

from_n0() { # KEY=VALUE..: to the router, and wait until r has seen it
	n0 tests/lib/segments --barrier none <<<"s sport=$port dport=8000 win=8192 $*"
	n0 ping -n -c 1 -W 20 10.0.0.1
}
from_n1() { # KEY=VALUE..: until n0 has seen it
	n1 tests/lib/segments --barrier none <<<"s sport=80 dport=$port win=8192 $*"
	n1 ping -n -c 1 -W 20 10.0.0.2
}
# The server sends data far outside of the window of the client.
converse() {
	from_n0 "from=$client to=$router" flags=S seq=1000
	from_n1 "from=$server to=$client" flags=SA seq=5000 ack=1001
	from_n0 "from=$client to=$router" flags=A seq=1001 ack=5001
	from_n1 "from=$server to=$client" flags=PA seq=90000 ack=1001 len=10
}
shown() { # how many segments n0 has got: from the server's address, and from the router's
	echo "$(counter n0 "$family" filter INPUT 1) $(counter n0 "$family" filter INPUT 2)"
}

for family in 4 6; do
	client=10.0.0.2 router=10.0.0.1 server=10.0.1.2 target=10.0.1.2:80
	((family == 4)) || {
		client=fd00::2 router=fd00::1 server=fd00:0:0:1::2
		target='[fd00:0:0:1::2]:80'
	}
	rules n0 $family <<END
*filter
-I INPUT 1 -p tcp -s $server
-I INPUT 2 -p tcp -s $router
COMMIT
END
	rules r $family <<END
*nat
-A PREROUTING -p tcp -d $router --dport 8000 -j DNAT --to-destination $target
COMMIT
END

	say 'A: NAT does not see a refused segment.'
	port=4001
	converse
	is "IPv$family: without a rule, one segment shows the inner address" "$(shown)" '1 1'
	rules r $family <<END
*mangle
-A PREROUTING -p tcp -s $server --sport 80 -j TCPWINDOW --accept
COMMIT
END
	port=4002
	converse
	is "IPv$family: with --accept, none does" "$(shown)" '1 3'

	say 'B: the router sees the answers of the server only.'
	port=4003
	rules r $family <<'END'
*filter
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
END
	from_n1 "from=$server to=$client" flags=SA seq=5000 ack=1001
	is "IPv$family: without a rule, the SYN+ACK is dropped" "$(shown)" '1 3'
	rules r $family <<'END'
*filter
-I FORWARD -m tcpwindow --reason no-connection -j ACCEPT
COMMIT
END
	from_n1 "from=$server to=$client" flags=SA seq=5000 ack=1001
	is "IPv$family: with it, the client gets the SYN+ACK" "$(shown)" '2 3'
	from_n1 "from=$server to=$client" flags=PA seq=5001 ack=1001 len=10
	is "IPv$family: and the data" "$(shown)" '3 3'
	port=4004
	from_n1 "from=$server to=$client" flags=SF seq=5000 ack=1001
	is "IPv$family: what is malformed is dropped still" "$(shown)" '3 3'
done
done_testing
