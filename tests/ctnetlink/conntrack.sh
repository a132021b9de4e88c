#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ct with the command line of conntrack(8) prints and changes what the distribution's conntrack
# prints and changes: random tables, random options, and wrong command lines.
# deadline: 1800
# inputs: tests/ctnetlink/table.lib tests/ctnetlink/conntrack-random.pl tests/ctnetlink/conntrack-usage.pl
#
#	n0 ---- r ---- n1	all tables are those of r
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
here=$PWD/${0%/*}
tables=100 lines=400
[[ ${LEVEL-} != full ]] || tables=1000 lines=3000
r sysctl -q -w net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1
r conntrack -C >"$TMP/out" # loads nf_conntrack_netlink
export TMP
# -p dccp makes a connection of DCCP, before Linux 6.16
r conntrack -I -s 192.0.2.1 -d 192.0.2.2 -p dccp --sport 5 --dport 6 --state OPEN --role client \
	-t 500 2>/dev/null || :
[[ $(r conntrack -L -p dccp 2>/dev/null) != *sport=5* ]] || export DCCP=1

# Labels need a rule, and names in a file of this guest.
if [[ ! -e /etc/xtables/connlabel.conf ]] &&
	r "iptables-$BACKEND" -A FORWARD -m connlabel --label 5 && mkdir -p /etc/xtables; then
	printf '%s\n' '0 zero' '1 one' '40 forty' '127 last' >/etc/xtables/connlabel.conf
	export LABELS='zero one forty last'
fi

say 'Random tables.'
ok "equal on $tables random tables${LABELS:+, with labels}" r perl "$here/conntrack-random.pl" \
	"$tool" "$tables"
[[ ! ${LABELS-} ]] || rm /etc/xtables/connlabel.conf

say 'Wrong command lines.'
ok "equal exit statuses of $lines lines" r perl "$here/conntrack-usage.pl" "$tool" "$lines"

say 'What conntrack 1.4.7 does wrong.'
# create ARG..: a connection
create() { r conntrack -I -t 3000 -s 192.0.2.1 -d 192.0.2.2 "$@" 2>/dev/null; }
fill() {
	r conntrack -F 2>/dev/null
	for port in 1 2 3 4; do create -p udp --sport $port --dport 53; done
	create -p udp --sport 1 --dport 53 -w 7
}
fill
is '-U prints all that it changes' \
	"$(r "$tool" -U -p udp -m 5 2>/dev/null | grep -c mark=5)" 5
is '-U knows zones' "$(r "$tool" -L -w 7 -m 5 2>/dev/null | wc -l)" 1
fill
r "$tool" -I -t 50 -s 192.0.2.1 -d 192.0.2.2 -p udp --sport 9 --dport 9 -m 5 \
	-u SEEN_REPLY,ASSURED 2>/dev/null
is '-m and -u, in either order' "$(r "$tool" -L -p udp --sport 9 2>/dev/null |
	grep -o 'mark=[0-9]*')" mark=5
is '--id N' "$(r "$tool" -D --id "$(r "$tool" -L -o id -p udp --sport 3 2>/dev/null |
	sed 's/.*id=//')" 2>/dev/null | grep -o 'sport=3 ')" 'sport=3 '

say 'Files of commands.'
printf '%s\n' '# two' '' '  -A -s 192.0.2.5 -d 192.0.2.6 -t 500 -p udp --sport 1 --dport 2 -m 9' \
	'-I -s 192.0.2.5 -d "192.0.2.6" -t 500 -p udp --sport 2 --dport 2' \
	'-U -s 192.0.2.5 -p udp --sport 2 -m 8' '-D -s 192.0.2.5 -p udp --sport 1' >"$TMP/file"
is '-R runs the commands of a file' "$(r "$tool" -R "$TMP/file" 2>&1 | grep -o 'mark=.')" \
	$'mark=8\nmark=9'
is '-R -: standard input' "$(r "$tool" --load-file - <"$TMP/file" >"$TMP/out" 2>&1; echo $?)" 1
echo '-L' >>"$TMP/file"
r conntrack -F 2>/dev/null
nok '-R refuses a file with other commands' r "$tool" -R "$TMP/file"
is 'and does nothing then' "$(r "$tool" -C)" 0

say 'Events.'
waits_for_events() { # PID: it sleeps, and has its socket
	[[ $(readlink "/proc/$1"/fd/* 2>/dev/null) == *socket:* &&
		$(<"/proc/$1/stat") == *') S '* ]]
}
steady_events() { # FILE: without times and numbers of sockets
	sed -E 's/ (udp +17) [0-9]+/ \1 T/; s/-t [0-9]+/-t T/; s/ \[USERSPACE\].*/ [USERSPACE]/
		s/^(conntrack|ct) v.*: //; s/delta-time=[0-9]+//
		s,<(timeout|deltatime|sec|min|hour)>[0-9]+,<\1>,g' "$1"
}
# events NAME OPTION..: -E of both prints the same
events() {
	local name=$1 theirs ours
	shift
	bg theirs r conntrack -E "$@"
	bg ours r "$tool" -E "$@"
	until_ok "$name: conntrack waits" 30 waits_for_events "$theirs"
	until_ok "$name: ct waits" 30 waits_for_events "$ours"
	create -p udp --sport 7 --dport 8
	r "$tool" -U -s 192.0.2.1 -p udp --sport 7 -m 3 >/dev/null 2>&1
	r "$tool" -D -s 192.0.2.1 -p udp --sport 7 >/dev/null 2>&1
	until_ok "$name: both print" 30 printed
	kill -TERM "$theirs" "$ours"
	wait "$theirs" "$ours" || :
	is "$name: the same" "$(steady_events "$TMP/ours.out")" "$(steady_events "$TMP/theirs.out")"
}
printed() {
	[[ $(grep -c 'dport=8\|dport 8\|<dport>8' "$TMP/theirs.out") -ge 2 &&
		$(wc -l <"$TMP/ours.out") == "$(wc -l <"$TMP/theirs.out")" ]]
}
events 'plain'
events 'a filter' -p udp --dport 8 -o extended
events 'kinds' -e NEW,DESTROY
events 'XML' -o xml
events 'save' -o save

say 'conntrack 1.4.7 deletes all with UNREPLIED, ct those that -L shows.'
r conntrack -F 2>/dev/null
for status in '' SEEN_REPLY,ASSURED; do
	# shellcheck disable=SC2086 # words
	r conntrack -I -s 192.0.2.1 -d 192.0.2.${#status} -t 500 -p 99 ${status:+-u $status} \
		>/dev/null 2>&1
done
is '-D -u UNREPLIED' "$(r "$tool" -D -u UNREPLIED 2>/dev/null | grep -c .)" 1
like 'the other one is left' "$(r "$tool" -L 2>/dev/null)" 'dst=192\.0\.2\.18 .*\[ASSURED\]'

say 'Expectations.'
rules r 4 <<'END'
*raw
-A PREROUTING -p tcp --dport 21 -j CT --helper ftp
COMMIT
END
# Of the control connection, which begins before its listeners.
r sysctl -q -w net.netfilter.nf_conntrack_events=1
server=
# shellcheck disable=SC2016 # perl
bg server n1 perl -MIO::Socket::IP -e '
	my $l = IO::Socket::IP->new(Listen => 9, LocalHost => "0.0.0.0", LocalPort => 21) or die;
	push @all, $l->accept while 1'
connected() { n0 bash -c 'exec 3<>/dev/tcp/10.0.1.2/21' 2>/dev/null; }
if [[ $(r "iptables-$BACKEND-save" -t raw) == *helper* ]] &&
	until_ok 'a control connection' 20 connected; then
	port=$(r conntrack -L -p tcp --dport 21 2>/dev/null |
		sed 's/.* sport=\([0-9]*\) dport=21 .*/\1/;q')
	master=(-s 10.0.0.2 -d 10.0.1.2 -p tcp --sport "$port" --dport 21)
	expected=(--tuple-src 10.0.1.2 --tuple-dst 10.0.0.2 --mask-src 255.255.255.255
		--mask-dst 255.255.255.255 --tuple-port-src 20 --mask-port-src 0
		--mask-port-dst 65535)
	expect() { r "$1" -I expect "${master[@]}" -t 300 "${expected[@]}" --tuple-port-dst "$2"; }
	shown() { sed -E 's/^[0-9]+ /T /; s/400[01]/PORT/g; s/<timeout>[0-9]+//'; }
	ok 'ct makes one' expect "$tool" 4001
	for format in '' '-o xml'; do
		# shellcheck disable=SC2086 # words
		is "-L expect $format" "$(r "$tool" -L expect $format 2>/dev/null | shown)" \
			"$(r conntrack -L expect $format 2>/dev/null | shown)"
	done
	like 'it is one of TCP' "$(r "$tool" -L expect 2>/dev/null)" \
		' proto=6 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=20 dport=4001 '
	is '-C expect' "$(r "$tool" -C expect)" 1
	like 'ct expect' "$(r "$tool" expect | tr -s ' ')" "$(printf '%s' \
		$'^HELPER PROTOCOL LEFT FROM TO OF\nftp tcp (300|2[89][0-9]) ' \
		"10\.0\.1\.2:any 10\.0\.0\.2:4001 10\.0\.0\.2:$port 10\.0\.1\.2:21$")"
	like 'on a terminal: with a unit' "$(r script -qec "$tool expect" /dev/null </dev/null |
		tr -d '\r' | tr -s ' ')" "$(printf '%s' \
		$'^HELPER PROTOCOL LEFT FROM TO CLIENT SERVER\nftp +tcp +([34]\\.[0-9]|5\\.0) min ' \
		"10\.0\.1\.2:any 10\.0\.0\.2:4001 10\.0\.0\.2:$port 10\.0\.1\.2:21$")"
	is 'as JSON' "$(r "$tool" --json expect ftp | jq -c '.[] |
		[.helper, .protocol, .src, .src_port, .dst_port, .master.src_port, .flags]')" \
		"[\"ftp\",\"tcp\",\"10.0.1.2\",null,4001,$port,[]]"
	is 'of a different helper' "$(r "$tool" expect irc)" ''
	is 'as JSON' "$(r "$tool" expect irc -j | jq -c .)" '[]'
	found=(-s 10.0.1.2 -d 10.0.0.2 -p tcp --sport 20 --dport 4001 --reply-port-src 0
		--reply-port-dst 0)
	is '-G expect' "$(r "$tool" -G expect "${found[@]}" 2>/dev/null | shown)" \
		"$(r conntrack -G expect "${found[@]}" 2>/dev/null | shown)"
	ok '-D expect' r "$tool" -D expect "${found[@]}"
	is '-C expect: none is left' "$(r "$tool" -C expect)" 0
	two_printed() { # in a format: one begins, and one ends
		[[ $(grep -c 4001 "$TMP/theirs.out") -ge 2 &&
			$(wc -l <"$TMP/ours.out") == "$(wc -l <"$TMP/theirs.out")" ]]
	}
	steady_expect() { steady_events "$1" | sed -E 's/(\[(NEW|DESTROY)\]) [0-9]+/\1 T/'; }
	for format in '' '-o xml'; do
		# shellcheck disable=SC2086 # words
		bg theirs r conntrack -E expect $format
		# shellcheck disable=SC2086 # words
		bg ours r "$tool" -E expect $format
		# shellcheck disable=SC2154 # bg sets it
		until_ok "-E expect $format: conntrack waits" 30 waits_for_events "$theirs"
		# shellcheck disable=SC2154
		until_ok "-E expect $format: ct waits" 30 waits_for_events "$ours"
		ok 'ct makes one again' expect "$tool" 4001
		ok 'and deletes it' r "$tool" -D expect "${found[@]}"
		until_ok "-E expect $format: both print" 30 two_printed
		kill -TERM "$theirs" "$ours"
		wait "$theirs" "$ours" || :
		is "-E expect $format: the same" "$(steady_expect "$TMP/ours.out")" \
			"$(steady_expect "$TMP/theirs.out")"
	done
	ok 'ct makes one again' expect "$tool" 4001
	is 'conntrack deletes it, and reports a failure' \
		"$(r conntrack -D expect "${found[@]}" >"$TMP/out" 2>&1; echo $?)" 1
	ok 'ct makes one again' expect "$tool" 4001
	ok '-F expect' r "$tool" -F expect
	is '-C expect: none' "$(r "$tool" -C expect)" 0
else
	skip 'expectations' 'no helper can be assigned'
fi
kill "$server" 2>/dev/null || :
fill

say 'Messages.'
like 'the last line is that of conntrack' "$(r "$tool" -L 2>&1 >/dev/null)" \
	'^ct v.* \(Patch-o-matic\): 5 flow entries have been shown\.$'
like 'nothing is deleted' "$(r "$tool" -D -s 203.0.113.9 2>&1)" \
	': 0 flow entries have been deleted\.$'
like 'an option of no command' "$(r "$tool" -L -t 5 2>&1)" '^ct: --timeout has no meaning'
like 'an option that is missing' "$(r "$tool" -I -s 1.2.3.4 2>&1)" '^ct: --protonum is missing'
like 'a connection that exists' "$(r "$tool" -I -t 50 -s 192.0.2.1 -d 192.0.2.2 -p udp --sport 1 \
	--dport 53 2>&1)" '^ct: -I: it exists'
like 'a user has no rights' "$(r setpriv --reuid 65534 --clear-groups "$tool" -L 2>&1)" 'needs root'
is "ct's own options do not change" "$(r "$tool" --json count proto udp | jq .connections)" 5
done_testing
