#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct watch prints which connections are expected, and when they no longer are: a connection begins,
# the one that expects it ends, or the module of its helper is unloaded. conntrack prints as many.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1	n0 is a client of FTP, n1 a server
# deadline: 600
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
watched_topology
rules r 4 <<'END'
*raw
-A PREROUTING -p tcp --dport 21 -j CT --helper ftp
COMMIT
*mangle
-A FORWARD -p tcp --dport 21 -j CTEVENT --channel control
COMMIT
END
if [[ $(r "iptables-$BACKEND-save" -t raw) != *helper* ]]; then
	skip 'expectations' 'no helper can be assigned'
	done_testing
fi

watch_in ALL
watch_in SOME for expect-new,expect-destroy dport 21
watch_in OTHER for expect-new,expect-destroy dport 22
watch_in CHANNEL for expect-new,expect-destroy channel control
watch_in JSON --json for expect-new
bg THEIRS r conntrack -E expect
bg SERVER n1 perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 21,
	Listen => 5, ReuseAddr => 1) or die; push @all, $s->accept while 1'
mkfifo "$TMP/ports"
exec {ports}<>"$TMP/ports"
# The helper reads commands behind a complete line only.
# shellcheck disable=SC2016 # bash
bg CLIENT n0 bash -c '
	until exec 3<>/dev/tcp/10.0.1.2/21; do sleep 0.1; done 2>/dev/null # sleep: a retry
	printf "USER a\r\n" >&3
	while read -r port; do printf "PORT 10,0,0,2,16,%s\r\n" "$port" >&3; done <"$0"' \
	"$TMP/ports"
until_ok 'a control connection' 60 has ALL ' assured,state tcp .* dport=21 '
user_seen() { [[ $(r "$tool" list --json dport 21 | jq '.[0].original.bytes // 0') -gt 160 ]]; }
until_ok 'and its first line' 30 user_seen

say 'A connection that begins.'
from='10\.0\.1\.2:any +10\.0\.0\.2' of='10\.0\.0\.2:[0-9]+ 10\.0\.1\.2:21'
echo 1 >&"$ports"
until_ok 'it is expected' 30 has SOME " expect-new ftp +tcp +[0-9]+ $from:4097 +$of\$"
is 'JSON' "$(jq -c 'select(.expectation) | [.events, (.expectation | .helper, .protocol, .src,
	.src_port, .dst, .dst_port, .master.dst, .master.dst_port, .flags)]' "$TMP/JSON.out")" \
	'[["expect-new"],"ftp","tcp","10.0.1.2",null,"10.0.0.2",4097,"10.0.1.2",21,[]]'
n1 bash -c 'exec 3<>/dev/tcp/10.0.0.2/4097' 2>/dev/null
until_ok 'it has begun' 30 has SOME " expect-destroy ftp +tcp +[0-9]+ $from:4097 +$of\$"
until_ok 'it is new' 30 has ALL ' new(,state)? tcp .* dport=4097 '

say 'The connection that expects it ends.'
echo 2 >&"$ports"
until_ok 'one more is expected' 30 has SOME " expect-new .* $from:4098 "
is 'the control connection ends' "$(r "$tool" delete proto tcp dport 21)" 1
until_ok 'it is no longer expected' 30 has SOME " expect-destroy .* $from:4098 "

say 'As many as conntrack prints.'
both_kinds() { # NAME: two of each
	counts "$1" ' expect-new ' 2 && counts "$1" ' expect-destroy ' 2
}
ok 'a filter selects the connection that expects' both_kinds SOME
until_ok 'without a filter' 30 both_kinds ALL
until_ok 'a channel' 30 both_kinds CHANNEL
ok 'nothing of a different connection' counts OTHER . 0
theirs() { counts THEIRS '\[NEW\] ' 2 && counts THEIRS '\[DESTROY\] ' 2; }
until_ok 'conntrack -E expect' 30 theirs

if [[ -e /sys/module/nf_conntrack_ftp/refcnt ]]; then
	say 'The module of the helper is unloaded.'
	kill "$CLIENT"
	until_ok 'the client has ended' 30 gone "$CLIENT"
	# shellcheck disable=SC2016 # bash
	bg AGAIN n0 bash -c 'exec 3<>/dev/tcp/10.0.1.2/21
		printf "USER a\r\n" >&3
		while read -r port; do printf "PORT 10,0,0,2,16,%s\r\n" "$port" >&3; done <"$0"' \
		"$TMP/ports"
	until_ok 'a control connection' 30 user_seen
	echo 3 >&"$ports"
	until_ok 'one more is expected' 30 has SOME " expect-new .* $from:4099 "
	r iptables-"$BACKEND" -t raw -F
	ok 'the module is unloaded' rmmod nf_conntrack_ftp
	until_ok 'it is no longer expected' 30 has SOME " expect-destroy .* $from:4099 "
	kill "$AGAIN"
fi
for job in ALL SOME OTHER CHANNEL JSON; do
	ok "$job watched all the time" kill "${!job}"
done
kill "$THEIRS" "$SERVER"
done_testing
