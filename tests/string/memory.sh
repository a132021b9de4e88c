#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Connections that --stream follows are charged to the memory cgroup of the process that added the
# rule, although a process outside of it sends the packets, up to the limit of the cgroup. The
# memory is returned.
#
#	n0 (segments) -- r (the rule, FORWARD, added in a cgroup) -- n1
# shellcheck source=../lib/scenario.sh
. "$(dirname "$0")/../lib/scenario.sh"
here=$PWD/tests/string
root=/sys/fs/cgroup cgroup=/sys/fs/cgroup/pom-string
connections=3500 entry=256 # bytes
grep -qw memory "$root/cgroup.controllers" || skip_all 'this kernel has no memory cgroups'
topology

had_memory=0
! grep -qw memory "$root/cgroup.subtree_control" || had_memory=1
create() { { ((had_memory)) || echo +memory >"$root/cgroup.subtree_control"; } && mkdir "$cgroup"; }
remove() { rmdir "$cgroup" && { ((had_memory)) || echo -memory >"$root/cgroup.subtree_control"; }; }
in_cgroup() { r "$BASH" -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" "$@"; }
charged() { _quiet=1 r cat "$cgroup/memory.current"; }
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
ok 'a memory cgroup' create
ok 'the rule is added in it' in_cgroup "iptables-$BACKEND" -A FORWARD -p tcp \
	-m string --string abcdef --stream
before=$(charged)
until_ok 'connections are followed' 30 followed 81 $((connections * 9 / 10))
after=$(charged) want=$((connections * entry * 7 / 10))
say "$before bytes before, $after after"
# The kernel charges in steps of up to 256 kB.
ok 'they are charged to the cgroup' test $((after - before)) -ge "$want"

say 'At its limit, connections are searched packet by packet.'
echo $((after + (300 << 10))) >"$cgroup/memory.max"
flood 82
flood 82
ok 'some are not followed' test "$(status streams_refused)" -gt 0
ok 'no more than the limit is charged' test "$(charged)" -le $((after + (300 << 10)))
like 'nothing is killed' "$(r cat "$cgroup/memory.events")" 'oom_kill 0'

ipt r -F FORWARD
returned() { (($(charged) <= before + (256 << 10))); }
until_ok 'without the rule, the memory is given back' 60 returned
ok 'the cgroup can be removed' remove
done_testing
