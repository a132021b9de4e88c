#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# FTP through NAT, with the kernel's helper and rules of both extensions. NAT makes the addresses in
# commands longer, so that all later sequence numbers change.
#
#	n0 (curl) -- r (SNAT to a longer address of r1) -- n1 (vsftpd, port 21)
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/ftp.lib
. "${0%/*}/../lib/ftp.lib"
topology
modprobe nf_nat_ftp
r ip address add 10.0.1.101/24 dev r1
r ip address add fd00:0:0:1::101/64 dev r1 nodad
n1 ip neigh replace 10.0.1.101 lladdr "$(r cat /sys/class/net/r1/address)" dev e0
n1 ip neigh replace fd00:0:0:1::101 lladdr "$(r cat /sys/class/net/r1/address)" dev e0

declare -A outer=([4]=10.0.1.101 [6]=fd00:0:0:1::101)
for family in 4 6; do
	rules r $family <<END
*raw
-A PREROUTING -i r0 -p tcp --dport 21 -j CT --helper ftp
COMMIT
*mangle
:options - [0:0]
-A PREROUTING -p tcp -m tcpwindow --reason no-connection,window,rst,state,malformed,unknown
-A PREROUTING -p tcp -m tcpwindow --ignored window,state
-A PREROUTING -p tcp -j options
COMMIT
*filter
-A FORWARD -p tcp -m conntrack --ctstate INVALID -j DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED -p tcp -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 21 -j ACCEPT
-A FORWARD -p tcp -j REJECT --reject-with tcp-reset
COMMIT
*nat
-A POSTROUTING -o r1 -j SNAT --to-source ${outer[$family]}
COMMIT
END
done
rules n1 4 <<'END'
*filter
-A INPUT -p tcp --dport 21 -m string --algo bm --string "EPRT |1|10.0.1.101|"
COMMIT
END
rules n1 6 <<'END'
*filter
-A INPUT -p tcp --dport 21 -m string --algo bm --string "EPRT |2|" -m string --algo bm ! --string "|2|fd00::2|"
COMMIT
END
serve_ftp

refused() { # 4|6: how many segments were refused and tolerated
	echo "$(counter r "$1" mangle PREROUTING 1) $(counter r "$1" mangle PREROUTING 2)"
}
use() { # OPTION: of TCPWINDOW, for all segments
	local ipt
	for ipt in ipt ip6t; do
		$ipt r -t mangle -F options
		[[ ! $1 ]] || $ipt r -t mangle -A options -p tcp -j TCPWINDOW "$1"
	done
}

say 'An active transfer, and a passive one of the same connection.'
turn=0
options=('' --accept --be-liberal)
[[ ${LEVEL-} != full ]] || options+=(--no-window --strict)
for option in "${options[@]}"; do
	use "$option"
	((turn += 1))
	for family in 4 6; do
		fetch 20 $family-active $family-passive
		desc="IPv$family, ${option:-no target}"
		for mode in active passive; do
			ok "$desc, $mode: the file arrives" \
				cmp "$TMP/got.$family-$mode" "$TMP/ftp/file"
		done
		is "$desc: the server gets another address" \
			"$(counter n1 $family filter INPUT 1)" $turn
		is "$desc: no segment is refused or tolerated" "$(refused $family)" '0 0'
	done
done

say 'Segments outside of the window of a session.'
session() { # leaves its port in $port
	# shellcheck disable=SC2016 # the inner shell expands
	bg CONTROL n0 bash -c 'exec 7<>/dev/tcp/10.0.1.2/21; head -n 1 <&7; read -r _ <&7'
	poll 20 grep -q '^220 ' "$TMP/CONTROL.out"
	port=$(r conntrack -L -p tcp --orig-port-dst 21 --state ESTABLISHED 2>/dev/null |
		sed -n 's/.*src=10\.0\.0\.2 dst=10\.0\.1\.2 sport=\([0-9]*\) .*/\1/p;q')
}
# One of two numbers that are half a circle apart is after the window.
outside() {
	local seq
	for seq in 1000 2147484648; do
		echo "s from=10.0.0.2 to=10.0.1.2 sport=$port dport=21 flags=PA seq=$seq ack=1 len=9"
	done | n0 tests/lib/segments --barrier none
	n0 ping -n -c 1 -W 20 10.0.0.1
}
invalid() { # how many segments were refused, and how many of them were INVALID afterwards
	echo "$(counter r 4 mangle PREROUTING 1) $(counter r 4 filter FORWARD 1)"
}
use --accept
session
outside
read -r refused invalid < <(invalid)
ok 'some are refused' test "$refused" -gt 0
is 'with a helper, --accept leaves all INVALID' "$invalid" "$refused"
kill "$CONTROL"
ipt r -t raw -F PREROUTING
r conntrack -D -p tcp
session
outside
read -r more invalid < <(invalid)
ok 'without a helper, some are refused' test "$more" -gt "$refused"
is 'and --accept gives them back' "$invalid" "$refused"
kill "$CONTROL"
done_testing
