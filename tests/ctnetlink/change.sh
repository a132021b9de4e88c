#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct delete and ct set change what the filter selects, in their network namespace. A user without
# rights can neither read nor change.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1	connections through r; n0 and n1 have the same ones
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
ipt n1 -A INPUT -p udp -j DROP
for ns in n0 r; do
	ipt $ns -A FORWARD -m conntrack --ctstate NEW
done
# A connection has memory for labels if a rule uses them when it begins.
labels=
r "iptables-$BACKEND" -A FORWARD -m connlabel --label 3 && labels=1
flood n0 10.0.1.2 1000 500
count() { r "$tool" count "$@"; }
all_there() { [[ $(count proto udp) == 500 && $(n0 "$tool" count proto udp) == 500 ]]; }
until_ok 'both namespaces have 500 connections' 20 all_there

is 'marks are set' "$(r "$tool" set mark 0x10 for proto udp dport 1000-1099)" 100
is 'they are there' "$(count mark 0x10)" 100
is 'bits of a mark' "$(r "$tool" set mark 3/0xf for mark 0x10 dport 1000-1009)" 10
is 'other bits stay' "$(count mark 0x13)" 10
is 'conntrack(8) sees them' "$(r conntrack -L --mark 0x13 2>/dev/null | wc -l)" 10
is 'a timeout' "$(r "$tool" set timeout 2h for dport 1100-1149)" 50
is 'is what is left' "$(count left 7100-7200)" 50
if [[ $labels ]]; then
	is 'labels' "$(r "$tool" set label 3 label 100 for dport 1150-1159)" 10
	is 'are compared' "$(count label 100)" 10
	is 'and cleared' \
		"$(r "$tool" set unlabel 100 for label 3)/$(count label 100)/$(count label 3)" \
		10/0/10
else
	skip 'labels' 'the match connlabel does not exist'
fi
like 'without a rule, none can have labels' \
	"$(n0 "$tool" set label 3 for dport 1150-1159 2>&1)" \
	$'^0\nct: 10 connections were skipped: they cannot have labels'
is 'JSON' "$(r "$tool" set --json mark 1 for dport 1499 | jq -c '[.changed, .failed]')" '[1,0]'
is 'a filter deletes' "$(r "$tool" delete proto udp dport 1000-1249)" 250
is 'others stay' "$(count proto udp)" 250
is 'in the other namespace, all do, without marks' \
	"$(n0 "$tool" count proto udp mark 0)" 500
nok 'without a filter, nothing is deleted' r "$tool" delete
is 'all can be' "$(r "$tool" delete all)" 250
is 'in this namespace' "$(count)/$(n0 "$tool" count proto udp)" 0/500

say 'Rights.'
like 'a user has none' "$(n0 setpriv --reuid 65534 --clear-groups "$tool" count 2>&1)" 'needs root'
like 'nor in the namespace of another, as root of his own user namespace' \
	"$(n0 setpriv --reuid 65534 --clear-groups unshare --user --map-root-user "$tool" \
	delete all 2>&1)" 'needs root'
is 'in his own network namespace, he has: it is empty' \
	"$(n0 setpriv --reuid 65534 --clear-groups unshare --user --map-root-user --net \
	"$tool" count)" 0
is 'nothing was deleted' "$(n0 "$tool" count proto udp)" 500
done_testing
