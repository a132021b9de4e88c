#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# /proc/net/ip_conntrack has the connections of IPv4 in the classic format, and the sysctls have the
# kernel's values.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
modprobe nf_ip_conntrack_proc
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW
ip6t r -A FORWARD -m conntrack --ctstate NEW
file=/proc/net/ip_conntrack
is 'no connection yet' "$(r cat $file)" ''

n0 ping -n -q -c 1 10.0.1.2
n0 ping -n -q -c 1 fd00:0:0:1::2
like 'a ping' "$(r cat $file)" "$(printf '%s' '^icmp     1 [0-9]+ ' \
	'src=10\.0\.0\.2 dst=10\.0\.1\.2 type=8 code=0 id=[0-9]+ ' \
	'src=10\.0\.1\.2 dst=10\.0\.0\.2 type=0 code=0 id=[0-9]+ ' \
	'mark=0 use=1$')"
r conntrack -I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 2 --state ESTABLISHED -t 3000 \
	-u ASSURED,SEEN_REPLY -m 5
like 'TCP' "$(r grep ^tcp $file)" \
	'^tcp      6 [0-9]+ ESTABLISHED src=192\.0\.2\.1 .* \[ASSURED\] mark=5 use=1$'
is 'IPv6 is not there' "$(r grep -c . $file)" 2

flood n0 10.0.1.2 1000 3000
all_there() { [[ $(r grep -c '^udp ' "$file") == 3000 ]]; }
until_ok '3000 lines' 30 all_there
is 'each is another connection' \
	"$(r sed -n 's/^udp .* dport=\([0-9]*\) \[UNREPLIED\].*/\1/p' $file | sort -u | wc -l)" 3000
is 'read in small pieces' "$(r dd if=$file bs=100 status=none | grep -c '^udp ')" 3000
is 'in a second namespace, there are none' "$(n0 cat $file)" ''
nok 'a user cannot read it' r setpriv --reuid 65534 --clear-groups cat $file
is 'there is no expectation' "$(r cat /proc/net/ip_conntrack_expect)" ''
like 'a line of statistics for each CPU' "$(r cat /proc/net/stat/ip_conntrack | head -n 2)" \
	$'^entries  searched found .* search_restart\n00000[0-9a-f]{3}  0{8} ([0-9a-f]{8} ){11} '

say 'Sysctls.'
value() { "$1" sysctl -n "$2"; }
for dir in net.ipv4 net.ipv4.netfilter; do
	is "$dir: count" "$(value r $dir.ip_conntrack_count)" \
		"$(value r net.netfilter.nf_conntrack_count)"
	is "$dir: buckets" "$(value r $dir.ip_conntrack_buckets)" \
		"$(value r net.netfilter.nf_conntrack_buckets)"
	is "$dir: max" "$(value r $dir.ip_conntrack_max)" \
		"$(value r net.netfilter.nf_conntrack_max)"
	# sysctl(8) exits with 0 although it could not write
	nok "$dir: the maximum of all cannot be set in a namespace" \
		r bash -c "echo 70000 >/proc/sys/${dir//.//}/ip_conntrack_max"
done

say 'A reader keeps no connection.'
bg READ r bash -c "exec 4<$file; read -r line <&4; echo begun; until [[ -e $TMP/end ]]; do
	sleep 0.1; done" # sleep: the file stays open
until_ok 'a file is being read' 10 grep -q begun "$TMP/READ.out"
r conntrack -F
none_left() { [[ $(value r net.netfilter.nf_conntrack_count) == 0 ]]; }
until_ok 'all connections have ended' 10 none_left
: >"$TMP/end"
ok 'the reader has ended' wait "$READ"
ok 'the module is unloaded' rmmod nf_ip_conntrack_proc
nok 'and the file is gone' r test -e $file
modprobe nf_ip_conntrack_proc
done_testing
