#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real programs: two clients (pptp-linux) behind one address call a server (pptpd), with the same
# call id. PPP frames pass through both calls and come back. Without the helper none does.
#
#	n0 (clients .2 and .3) -- r (filter, MASQUERADE) -- n1 (pptpd)
#
# The kernels of most guests have no PPP, so tests/pptp/frames is in the place of pppd; ppp.sh has
# pppd.
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"
# client NAME ADDRESS
client() {
	bg "$1" n0 perl tests/pptp/frames ask 5 /usr/sbin/pptp 10.0.1.2 --nolaunchpppd \
		--nohostroute --localbind "$2"
}
echoed() { grep -qx 'echoed 5 of 5' "$TMP/$1.out" || { cat "$TMP/$1.out" && return 1; }; }

topology
gre_rules
n0 ip addr add 10.0.0.3/24 dev e0
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
# Without the helper, the server's frames are for r itself. They would be GRE connections, too.
ipt r -A INPUT -p gre -j DROP
printf '#!/bin/sh\nexec perl %q echo\n' "$PWD/tests/pptp/frames" >"$TMP/ppp"
chmod +x "$TMP/ppp"
ok 'the programs are there' pptp_programs
pptpd_start "$TMP/ppp" /dev/null

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload pptp
client alone 10.0.0.2
dropped() { (($(counter r 4 filter FORWARD 3) > 2)); }
until_ok 'r drops the frames of a call' 60 dropped
nok 'none has come back' echoed alone
kill "${alone:?}"

say 'With the helper'
ok 'the helper is loaded' pptp_load
client one 10.0.0.2
client two 10.0.0.3
until_ok 'the frames of the first client come back' 60 echoed one
until_ok 'and those of the second one' 60 echoed two
ok 'each call has a GRE connection' gre_are 2
kill "${one:?}"
until_ok 'that of the first one ends with it' 60 gre_are 1
kill "${two:?}"
until_ok 'and that of the second one' 60 gre_are 0
is 'nothing was refused' "$(pptp_stat malformed not-expected wrong-side split)" '0 0 0 0'
done_testing
