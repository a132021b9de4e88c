#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Sessions of three hosts behind MASQUERADE with one server at the same time, all from the same
# ports: each session gets its own errors, and rshd accepts every port that NAT has chosen.
#
#	n0 (three addresses) -- r (NAT, filter) -- n1 (rshd)
#
# deadline: 1200
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=rsh.lib
. "${0%/*}/rsh.lib"
each=8
[[ ${LEVEL-} != full ]] || each=100

topology
ok 'a user' rsh_users
rsh_serve rshd n1 rsh-redone
ok 'the helper is loaded' helper_load rsh
for address in 10.0.0.3 10.0.0.4; do n0 ip addr add $address/24 dev e0; done
rules r 4 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 514 -j ACCEPT
COMMIT
*nat
-A POSTROUTING -o r1 -j MASQUERADE
COMMIT
END
bg sessions n0 perl tests/rsh/sessions 10.0.1.2 $each 10.0.0.2 10.0.0.3 10.0.0.4
ended() { ! kill -0 "${sessions:?}"; }
until_ok 'the sessions end' 1000 ended
is 'each has its errors' "$(<"$TMP/sessions.out")" "$((3 * each)) of $((3 * each))"
is 'each was expected' "$(helper_stats rsh expectations not-expected)" "$((3 * each)) 0"
done_testing
