#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# /proc/net/nf_ctnetlink_events for a program that does not behave: wrong writes, reads that do not
# wait, more names and more memory than a namespace may have. Events of labels and helpers.
# inputs: tests/ctnetlink/table.lib tests/ctnetlink/watch-file.pl
#
#	n0 ---- r ---- n1
# deadline: 600
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
ipt n1 -A INPUT -p udp -j DROP
ipt r -A FORWARD -m conntrack --ctstate NEW
in_r() { r perl "${0%/*}/watch-file.pl" "$@"; } # ARG...

say 'Wrong writes.'
in_r wrong >"$TMP/wrong"
is '15 are refused' "$(grep -c '^ok ' "$TMP/wrong")" 15
like 'a read before is an error' "$(head -n 1 "$TMP/wrong")" '^read before write: .*not connected$'
is 'the file is as before, and takes what is right once' "$(tail -n 2 "$TMP/wrong")" \
	$'then what is right: ok\nagain: Device or resource busy'

say 'A program that does not wait.'
bg WAIT r perl "${0%/*}/watch-file.pl" wait "$TMP/ready"
until_ok 'it watches' 30 test -e "$TMP/ready"
udp 10.0.1.2 7000
ok 'it ends' wait "$WAIT"
is 'poll and read' "$(<"$TMP/WAIT.out")" 'poll before write: none
poll: none
read: Resource temporarily unavailable
an event: events
read into little: Invalid argument
then all of it: kinds 1 lost 0'

say 'Names of channels.'
is '1024, and no more' "$(in_r names 1100)" '1024, then: No space left on device
a name that exists: ok'
is 'a namespace has its own' "$(n0 perl "${0%/*}/watch-file.pl" names 3)" \
	$'3\na name that exists: ok'

say 'Memory.'
limits=/sys/module/nf_ctnetlink_events/parameters
net=$(<$limits/net_memory_limit_mb) all=$(<$limits/memory_limit_mb)
echo 1 >$limits/net_memory_limit_mb
is 'a limit of the namespace' "$(in_r rings 64 65536 64)" \
	$'ok\nNo buffer space available\nok'
is 'it is free again afterwards' "$(in_r rings 64 64)" $'ok\nok'
echo 0 >$limits/net_memory_limit_mb
is 'none' "$(in_r rings 65536 64)" $'ok\nok'
echo "$net" >$limits/net_memory_limit_mb
echo 1 >$limits/memory_limit_mb
# own: as root of a user namespace of user 2000, whose namespaces are counted together
own() { setpriv --reuid 2000 --clear-groups unshare --user --map-root-user --net "$@"; }
is 'a limit of a user' "$(own perl "${0%/*}/watch-file.pl" rings 65536 64)" \
	$'No buffer space available\nok'
is 'which root does not have' "$(in_r rings 4096 64)" $'ok\nok'
echo "$all" >$limits/memory_limit_mb

say 'Labels and helpers.'
ipt r -A FORWARD -m connlabel --label 3 --set
ipt r -t raw -A PREROUTING -p udp --dport 7100 -j CT --helper tftp
watch_in LABELS --json for labels
watch_in HELPERS --json for helper
udp 10.0.1.2 7099
is 'a label is set' "$(r "$tool" set label 9 for proto udp dport 7099)" 1
seen() { # NAME PROGRAM WANT: the last event, as a program of jq prints it
	[[ $(jq -r "$2" "$TMP/$1.out" | tail -n 1) == "$3" ]] || { cat "$TMP/$1.out" && return 1; }
}
until_ok 'an event has the labels' 30 seen LABELS \
	'"\(.events | join(",")) \(.connection.original.dport) \(.connection.labels | join(","))"' \
	'labels 7099 3,9'
udp 10.0.1.2 7100
until_ok 'a helper' 30 seen HELPERS \
	'"\(.events | join(",")) \(.connection.original.dport) \(.connection.helper)"' \
	'helper 7100 tftp'
done_testing
