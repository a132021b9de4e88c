#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# While the table is resized and other connections come and go, a listing has each connection that
# stays once.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1
#
# Only the initial network namespace can resize the table.
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
initial_namespace
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW
r sysctl -q -w net.netfilter.nf_conntrack_udp_timeout=900
hashsize=/sys/module/nf_conntrack/parameters/hashsize
before=$(<$hashsize)
fixed=4000
[[ ${LEVEL-} != full ]] || fixed=40000

flood n0 10.0.1.2 10000 $fixed
all_there() { [[ $(r "$tool" count dport 10000-59999) == "$fixed" ]]; }
until_ok "$fixed connections" 60 all_there
r "$tool" list --json dport 10000-59999 | jq '.[].id' | sort >"$TMP/ids"
is 'each has an id' "$(sort -u "$TMP/ids" | wc -l)" $fixed

bg RESIZE initial bash -c "until [[ -e $TMP/end ]]; do
	for size in 512 16384 1024 65536 2048; do echo \$size >$hashsize; done
	echo resized
done"
bg CHURN r bash -c "until [[ -e $TMP/end ]]; do
	$tool delete proto udp dport 1-9999; done"
# shellcheck disable=SC2016 # perl
bg TRAFFIC n0 perl -MSocket -e 'socket S, PF_INET, SOCK_DGRAM, 17 or die;
	until (-e "$ARGV[0]/end") { for (1 .. 200) {
		send S, "x", 0, sockaddr_in(1 + rand 9999, inet_aton("10.0.1.2")) or die }
		select undef, undef, undef, 0.01 }' "$TMP"

rounds=8
[[ ${LEVEL-} != full ]] || rounds=100
for ((i = 1; i <= rounds; i++)); do
	r "$tool" list --json | jq ".[] | select(.original.dport >= 10000) | .id" |
		sort >"$TMP/listed"
	ok "listing $i: each once" cmp "$TMP/ids" "$TMP/listed"
	is "count $i" "$(r "$tool" count dport 10000-59999)" $fixed
done
is 'marks: each once' "$(r "$tool" set mark 7 for dport 10000-59999)" $fixed
: >"$TMP/end"
for job in RESIZE CHURN TRAFFIC; do
	ok "$job has ended" wait "${!job}"
done
like 'the table was resized' "$(cat "$TMP/RESIZE.out")" '^resized'
nok 'without errors' grep -v resized "$TMP/RESIZE.out"
initial bash -c "echo $before >$hashsize"
done_testing
