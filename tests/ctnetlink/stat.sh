#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct stat prints what conntrack -S counts, and how full the table is; ct export prints it so that
# the parser of Prometheus reads it, with numbers by protocol and state, and without them where
# nf_ctnetlink is not loaded.
# inputs: tests/ctnetlink/table.lib
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
create() { r conntrack -I -t 3000 -s 192.0.2.1 -d 192.0.2.2 "$@"; }
for port in 1 2 3; do
	create -p tcp --sport $port --dport 80 --state ESTABLISHED -u ASSURED,SEEN_REPLY
done
create -p tcp --sport 4 --dport 80 --state SYN_SENT
create -p udp --sport 5 --dport 53
create -p gre --srckey 1 --dstkey 2
create -p icmp --icmp-type 8 --icmp-code 0 --icmp-id 5

say 'ct stat.'
# theirs NAME: the sum of a counter of conntrack -S
theirs() { r conntrack -S | grep -oP "\\b$1=\\K[0-9]+" | awk '{ n += $1 } END { print n }'; }
ours() { r "$tool" stat | awk -v name="$1" '$2 == name { print $1 }'; }
same() { [[ $(ours "$1") == "$(theirs "$1")" ]]; }
is 'connections' "$(ours connections)" "$(r conntrack -C)"
is 'how many there can be' "$(ours connections_max)" "$(r sysctl -n net.netfilter.nf_conntrack_max)"
is 'buckets' "$(ours buckets)" "$(r cat /proc/sys/net/netfilter/nf_conntrack_buckets)"
names=$(r conntrack -S | head -n 1 | grep -oE '[a-z_]+=' | tr -d = | grep -vx cpu)
compared=0
for name in $names; do
	[[ $(ours "$name") ]] || continue
	until_ok "the counter $name" 10 same "$name"
	compared=$((compared + 1))
done
ok "$compared counters were compared" test $compared -ge 6
like 'expectations are counted, too' "$(ours expect_create)" '^[0-9]+$'
like 'a terminal: what each number is' \
	"$(r script -qec "$tool stat" /dev/null </dev/null | tr -d '\r' |
		sed 's/^ *//; s/  */ /g')" \
	$'^VALUE NAME MEANING\n[0-9]+ connections Connections of this network namespace\\.\n'
r "$tool" stat --json >"$TMP/json"
is 'JSON: connections' "$(jq .connections "$TMP/json")" "$(r conntrack -C)"
ok 'JSON: the CPUs together' jq -e '.counters as $all | .cpus as $cpus |
	all($all | keys[]; . as $name | ([$cpus[][$name]] | add) == $all[$name])' "$TMP/json"

say 'ct export.'
# samples: NAME{LABEL=VALUE,..} VALUE, as the parser of Prometheus has read them from stdin
cat >"$TMP/samples" <<'END'
import sys
from prometheus_client.parser import text_fd_to_metric_families
for family in text_fd_to_metric_families(sys.stdin):
    assert family.documentation and family.type in ("gauge", "counter"), family
    for s in family.samples:
        labels = ",".join(k + "=" + v for k, v in sorted(s.labels.items()))
        print("%s{%s} %d" % (s.name, labels, s.value))
END
r "$tool" export >"$TMP/export"
ok 'the parser reads it' /usr/bin/python3 "$TMP/samples" <"$TMP/export" >"$TMP/read"
ok 'connections' grep -qx "conntrack_connections{} $(r conntrack -C)" "$TMP/read"
ok 'a counter of the first CPU' grep -qxE 'conntrack_invalid_total\{cpu=0\} [0-9]+' "$TMP/read"
is 'by protocol' "$(grep ^conntrack_connections_by_protocol "$TMP/read" | sort)" \
	"$(printf 'conntrack_connections_by_protocol{protocol=%s\n' 'gre} 1' 'icmp} 1' 'tcp} 4' \
		'udp} 1')"
is 'by state' "$(grep ^conntrack_connections_by_state "$TMP/read" | sort)" \
	"$(printf 'conntrack_connections_by_state{protocol=tcp,state=%s\n' 'ESTABLISHED} 3' \
		'SYN_SENT} 1')"
rmmod nf_ip_conntrack_proc xt_CTEVENT nf_ctnetlink_events 2>/dev/null # they use nf_ctnetlink
modprobe=$(</proc/sys/kernel/modprobe)
rmmod nf_ctnetlink
echo /bin/false >/proc/sys/kernel/modprobe
r "$tool" export >"$TMP/without"
is 'without nf_ctnetlink, too' $? 0
is 'but for protocols and states' "$(grep -o '^conntrack_[a-z_]*' "$TMP/without" | sort -u)" \
	"$(grep -o '^conntrack_[a-z_]*' "$TMP/export" | grep -v _by_ | sort -u)"
echo "$modprobe" >/proc/sys/kernel/modprobe
modprobe -a nf_ctnetlink nf_ip_conntrack_proc xt_CTEVENT nf_ctnetlink_events

say 'Who may ask.'
like 'not a user without rights' "$(r setpriv --reuid 2000 --clear-groups "$tool" stat 2>&1)" \
	'^ct: .*root'
done_testing
