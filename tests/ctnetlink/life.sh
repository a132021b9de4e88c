#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The module is unloaded and namespaces end while requests are open, and while packets pass.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
rmmod nf_ip_conntrack_proc xt_CTEVENT nf_ctnetlink_events 2>/dev/null # they use nf_ctnetlink
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW
flood n0 10.0.1.2 1000 1000
all_there() { [[ $(r "$tool" count proto udp) == 1000 ]]; }
until_ok '1000 connections' 20 all_there

# A request of which one message is read.
# shellcheck disable=SC2016 # perl
bg LIST r perl -I tests/lib -Mgenetlink -e 'my ($family) = family("nf_ctnetlink");
	my $socket = connected(NETLINK_GENERIC);
	put(message($family, NLM_F_DUMP, pack "CCS", 1, 1, 0));
	sysread $socket, my $answer, 4096;
	$| = 1; print "begun\n";
	select undef, undef, undef, 0.05 until -e $ARGV[0]' "$TMP/end"
until_ok 'a listing is begun' 10 grep -q begun "$TMP/LIST.out"
nok 'the module stays' rmmod nf_ctnetlink
: >"$TMP/end"
ok 'the program exits without reading the rest' wait "$LIST"
rm "$TMP/end"
ok 'then it is unloaded' rmmod nf_ctnetlink
ok 'and loaded' modprobe nf_ctnetlink
is 'all connections are there' "$(r "$tool" count proto udp)" 1000

say 'Load and unload while programs use it.'
for i in A B; do
	bg "USE$i" r bash -c "until [[ -e $TMP/end ]]; do
		$tool list; $tool count by dport; $tool set mark 1 for all
	done >/dev/null 2>&1; echo used"
done
bg SPACES bash -c "until [[ -e $TMP/end ]]; do
	unshare --net $tool count || true
done >/dev/null 2>&1; echo made"
for ((i = 1; i <= 5; i++)); do
	flood n0 10.0.1.2 2000 200
	rmmod nf_ctnetlink 2>/dev/null
	ok "round $i" modprobe nf_ctnetlink
done
: >"$TMP/end"
for job in USEA USEB SPACES; do
	ok "$job has ended" wait "${!job}"
done
modprobe -a nf_ip_conntrack_proc xt_CTEVENT nf_ctnetlink_events
done_testing
