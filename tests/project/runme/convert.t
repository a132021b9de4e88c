#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# runme --convert: each rewriting, what must not change, and what cannot be converted.
# inputs: runme scripts/*
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# converted OLD: the new text in $out, the changes in $said
converted() {
	printf '%s\n' "$1" >"$TMP/old"
	out=$(cd "$POM_TOP" && ./runme --convert "$TMP/old" 2>"$TMP/said")
	status=$?
	said=$(<"$TMP/said")
}
# becomes OLD NEW: and each change is printed
becomes() {
	converted "$1"
	is "$1" "$out" "$2"
	like 'the change is printed' "$said" 'old:1: changed: '
	is 'exit status' "$status" 0
}
# stays COMMAND
stays() {
	converted "$1"
	is "not changed: $1" "$out" "$1"
	is 'nothing is printed' "$said" ''
	is 'exit status' "$status" 0
}
# refused COMMAND REASON
refused() {
	converted "$1"
	is "not converted: $1" "$out" "$1"
	like 'the reason' "$said" "$TMP/old:1: cannot convert: .*$2"
	is 'exit status' "$status" 1
}

becomes 'iptables -A INPUT -s ! 10.0.0.0/8 -p ! tcp -j DROP' \
	'iptables -A INPUT ! -s 10.0.0.0/8 ! -p tcp -j DROP'
becomes "\$IPTABLES -A INPUT -i ! \$LAN -j DROP" "\$IPTABLES -A INPUT ! -i \$LAN -j DROP"
becomes "\"\$IPT\" -A INPUT -d ! \"\$LAN\" -j DROP" "\"\$IPT\" -A INPUT ! -d \"\$LAN\" -j DROP"
becomes '/sbin/ip6tables -A INPUT -p tcp --dport ! 80 -j DROP' \
	'/sbin/ip6tables -A INPUT -p tcp ! --dport 80 -j DROP'
becomes 'iptables -A INPUT -p tcp --tcp-flags ! SYN,RST SYN -j DROP' \
	'iptables -A INPUT -p tcp ! --tcp-flags SYN,RST SYN -j DROP'
becomes '[1:60] -A INPUT -i ! eth0 -j DROP' '[1:60] -A INPUT ! -i eth0 -j DROP'
becomes 'iptables -A INPUT -m random --average 25 -j DROP' \
	'iptables -A INPUT -m statistic --mode random --probability 0.25 -j DROP'
becomes 'iptables -A INPUT -m nth --every 4 --start 2 -j DROP' \
	'iptables -A INPUT -m statistic --mode nth --every 4 --packet 2 -j DROP'
becomes 'iptables -A INPUT -p tcp --syn -m iplimit --iplimit-above 3 --iplimit-mask 24 -j REJECT' \
	'iptables -A INPUT -p tcp --syn -m connlimit --connlimit-above 3 --connlimit-mask 24 -j REJECT'
becomes 'iptables -A INPUT -m dstlimit --dstlimit 10 --dstlimit-mode srcip-dstip --dstlimit-name a -j DROP' \
	'iptables -A INPUT -m hashlimit --hashlimit 10 --hashlimit-mode srcip,dstip --hashlimit-name a -j DROP'
becomes 'iptables -A INPUT -p tcp -m mport --ports 1,2:4 -j DROP' \
	'iptables -A INPUT -p tcp -m multiport --ports 1,2:4 -j DROP'
becomes 'iptables -A INPUT -m recent --check --name a -j DROP' \
	'iptables -A INPUT -m recent --rcheck --name a -j DROP'
becomes 'iptables -A INPUT -j ULOG --ulog-nlgroup 2 --ulog-prefix "a ! b" --ulog-cprange 48' \
	'iptables -A INPUT -j NFLOG --nflog-group 2 --nflog-prefix "a ! b" --nflog-size 48'
becomes 'iptables -t nat -A POSTROUTING -j SAME --to 192.0.2.1-192.0.2.4 --nodst' \
	'iptables -t nat -A POSTROUTING -j SNAT --to-source 192.0.2.1-192.0.2.4 --persistent'
becomes 'iptables -t nat -A PREROUTING -j BALANCE --to 192.0.2.1-192.0.2.4' \
	'iptables -t nat -A PREROUTING -j DNAT --to-destination 192.0.2.1-192.0.2.4'
becomes 'iptables -t mangle -A FORWARD -j FTOS --set-ftos 8' \
	'iptables -t mangle -A FORWARD -j TOS --set-tos 8'

stays 'iptables -A INPUT -p tcp ! --syn ! -i eth0 -m state ! --state NEW -j DROP'
stays '# iptables -A INPUT -s ! 10.0.0.0/8'
stays 'iptables -A INPUT -j LOG --log-prefix "-s ! x "'
stays 'test -n ! x && find / -name ! y'
stays 'iptables -C INPUT --check'

refused 'iptables -A INPUT -m unclean -s ! 192.0.2.1 -j DROP' 'ctstate INVALID'
refused 'iptables -A INPUT -j MIRROR' 'remove the rule'
refused 'iptables -A OUTPUT -m owner --pid-owner 1 -j DROP' 'uid-owner'
refused 'iptables -t nat -P PREROUTING DROP' 'table filter'
refused 'iptables -A INPUT -m nth --every 3 --counter 1 --packet 0 -j DROP' 'share no counter'
refused 'iptables -A INPUT -m random --average x -j DROP' 'no number'

converted "iptables -A INPUT -p tcp \\
	--dport ! 80 -j DROP
iptables -A INPUT -s ! 192.0.2.1"
is 'a command of two lines keeps its lines' "$out" "iptables -A INPUT -p tcp \\
	! --dport 80 -j DROP
iptables -A INPUT ! -s 192.0.2.1"
is 'changes have the line where the command begins' "$(cut -d: -f2 <<<"$said" | paste -sd ' ')" \
	'1 3'

cp "$TMP/old" "$TMP/new" && (cd "$POM_TOP" && ./runme --convert "$TMP/old" >"$TMP/new" 2>/dev/null)
again=$(cd "$POM_TOP" && ./runme --convert="$TMP/new" 2>&1)
is 'what was converted is not changed again' "$again" "$(<"$TMP/new")"

nok 'a file that does not exist' env -C "$POM_TOP" ./runme --convert "$TMP/none"
done_testing
