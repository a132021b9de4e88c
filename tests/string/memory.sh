#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Connections that --stream follows are charged to the memory cgroup of the process that added the
# rule, although a process outside of it sends the packets, up to the limit of the cgroup. The
# memory is returned.
#
#	n0 (segments) -- r (the rule, FORWARD, added in a cgroup) -- n1
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/memcg.lib
. "${0%/*}/../lib/memcg.lib"
here=$PWD/tests/string
connections=3500 entry=256 # bytes
memcg_create
topology

in_cgroup() { r "$BASH" -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" "$@"; }
status() { _quiet=1 r sed -n "s/^$1 //p" /proc/net/nf_string/status; }
# Conntrack confirms a connection with its first packet; the second one makes an entry.
flood() { # PORT
	n0 "$here/../lib/segments" --barrier none --flood "$connections" \
		<<<"flood from=10.0.0.2 to=10.0.1.2 dport=$1 flags=A seq=1000 data=xyz"
}
followed() { # PORT COUNT
	flood "$1"
	(($(status streams) >= $2))
}

# Its RST would end them.
ipt n1 -A INPUT -p tcp -j DROP
ok 'the rule is added in it' in_cgroup "iptables-$BACKEND" -A FORWARD -p tcp \
	-m string --string abcdef --stream
before=$(memcg_charged)
until_ok 'connections are followed' 30 followed 81 $((connections * 9 / 10))
after=$(memcg_charged) want=$((connections * entry * 7 / 10))
say "$before bytes before, $after after"
# The kernel charges in steps of up to 256 kB.
ok 'they are charged to the cgroup' test $((after - before)) -ge "$want"

say 'At its limit, connections are searched packet by packet.'
echo $((after + (300 << 10))) >"$cgroup/memory.max"
flood 82
flood 82
ok 'some are not followed' test "$(status streams_refused)" -gt 0
ok 'no more than the limit is charged' test "$(memcg_charged)" -le $((after + (300 << 10)))
like 'nothing is killed' "$(r cat "$cgroup/memory.events")" 'oom_kill 0'

say 'A packet cannot wait until page cache is reclaimed. Connections are followed nevertheless.'
memcg_unlimit
ipt r -F FORWARD
if memcg_fill $((8 << 20)); then
	ok 'a rule, in a cgroup that is full of page cache' in_cgroup "iptables-$BACKEND" \
		-A FORWARD -p tcp -m string --string abcdef --stream
	until_ok 'most connections are followed' 60 followed 83 $((connections * 9 / 10))
	like 'nothing is killed' "$(r cat "$cgroup/memory.events")" 'oom_kill 0'
else
	skip 'connections in a cgroup that is full of page cache' \
		'files on this guest have no page cache that is charged'
fi

memcg_unlimit
ipt r -F FORWARD
echo 0 >"$cgroup/memory.high" # reclaims the page cache
echo max >"$cgroup/memory.high"
returned() { (($(memcg_charged) <= before + (256 << 10))); }
until_ok 'without the rule, the memory is given back' 60 returned
ok 'the cgroup can be removed' memcg_remove
done_testing
