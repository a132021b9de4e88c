#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# nf_autohelper and the helpers come and go while connections begin.
#
#	n0 -- r -- n1		a stream of datagrams, each a connection of its own, through r
#
# tests/vm/run detects kernel faults; the scenario asserts that every module can be unloaded at any
# time, that the helpers of connections survive their attachment, and that namespaces end with their
# lists full.
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
topology

order() { r bash -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }
hits() { r sed -n 's/^udp 5060 sip .* //p' /proc/net/nf_autohelper; }
grows() { local now; now=$(hits); [[ $now && $now -gt ${1:-0} ]]; }

# From other source ports all the time, in both families.
bg stream n0 perl -MSocket=:all -e '
	for (;;) {
		for my $port (5060, 69) {
			socket my $s, AF_INET, SOCK_DGRAM, 0;
			send $s, "x", 0, pack_sockaddr_in($port, inet_aton("10.0.1.2"));
			socket my $s6, AF_INET6, SOCK_DGRAM, 0;
			my $address = inet_pton(AF_INET6, "fd00:0:0:1::2");
			send $s6, "x", 0, pack_sockaddr_in6($port, $address);
		}
		select undef, undef, undef, 0.002; # the rate of the stream
	}'

for tool in ipt ip6t; do $tool r -A FORWARD -m conntrack --ctstate NEW; done
ok 'attach' order $'+udp:5060=sip\n+udp:69=tftp'
until_ok 'connections get the helper' 20 grows 0

say 'Attach, detach, exchange.'
order_many() {
	r perl -e '
		my @orders = ("-udp:5060", "+udp:5060=sip", "udp:5060=tftp", "udp:5060=sip");
		for my $o ((@orders) x 50) {
			open F, ">", "/proc/net/nf_autohelper";
			defined syswrite F, $o or die "$o: $!";
		}'
}
ok '200 changes' order_many
until_ok 'and on it goes' 20 grows 0

say 'The switch.'
ok '50 times off, on and following' r perl -e 'for (1..50) { for my $v (0, 1, 2) {
	open F, ">", "/proc/sys/net/netfilter/nf_autohelper" or die; syswrite F, $v or die $! } }'
before=$(hits)
until_ok 'and on it goes' 20 grows "$before"

say 'The helper of connections that run is unloaded.'
ok 'detach' order $'-udp:5060\n-udp:69'
ok 'unload the helper' modprobe -r nf_nat_sip nf_conntrack_sip
is 'the connections are there still' "$(($(r conntrack -C) > 10))" 1
ok 'attach: it is loaded again' order +udp:5060=sip
until_ok 'connections get it' 20 grows 0

say 'All of it, with lists that are not empty.'
# Helper modules of this collection keep the core loaded, and an entry of the list keeps its helper.
# So the list has others.
# modprobe stops at the first one that is in use: the cores come last.
holders=$(find /sys/module/nf_autohelper_core/holders -type l ! -name nf_autohelper -printf '%f\n')
mapfile -t modules < <(grep -v '_core$' <<<"$holders"; grep '_core$' <<<"$holders")
for i in 1 2; do
	# shellcheck disable=SC2068 # words, perhaps none
	until_ok "unload ($i)" 20 modprobe -r ${modules[@]} nf_autohelper nf_autohelper_core
	nok 'the list is gone' test -e /proc/net/nf_autohelper
	ok 'load' modprobe nf_autohelper attach=udp:5060=sip
	ok 'this namespace follows' r bash -c 'echo 2 >/proc/sys/net/netfilter/nf_autohelper'
	until_ok 'connections get the helper' 20 grows 0
	ok 'one more at run time' order +tcp:21=ftp
done

say 'Namespaces that end with entries.'
ends() {
	unshare --net bash \
		-c 'echo "+udp:69=tftp" >/proc/net/nf_autohelper && exec 9</proc/net/nf_autohelper'
}
for i in 1 2; do ends; done
ok 'the last of three' ends

modprobe -r nf_autohelper
ok 'as it was' modprobe -a nf_autohelper ${modules[@]+"${modules[@]}"}
done_testing
