#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What each operation does to the mark of a connection, and which marks a match finds.
#
#	n0 -- r -- n1	datagrams from n0 to a closed port of n1, which sends ICMP errors; one
#			connection for each source port
. "${0%/*}/../lib/scenario.sh"
topology

# mark_of PORT: of the connection from that source port, as a number
mark_of() {
	local mark
	mark=$(r conntrack -L -f "$family" -p udp --sport "$1" 2>/dev/null | grep -o 'mark=[0-9]*' |
		head -n 1)
	printf '0x%x\n' "${mark#mark=}"
}
# sends PORT [TIMES]
sends() {
	local -a payloads
	mapfile -t payloads < <(yes x | head -n "${2-1}")
	n0 tests/lib/udp-send --from "$1" "$to" 9 "${payloads[@]}"
}
# mangle RULE...: the rules of PREROUTING
mangle() {
	{ printf '%s\n' '*mangle' '-F PREROUTING' "${@/#/-A PREROUTING }" COMMIT; } |
		rules r "${six:-4}"
}
port=20000
# becomes OLD NEW OPTION...: the mark of a new connection, first set to OLD
becomes() {
	port=$((port + 1))
	mangle "-p udp -m connmark --mark 0 -j CONNMARK --set-mark $1" \
		'-j MARK --set-mark 0xabcd' "-p udp -j CONNMARK ${*:3}"
	sends "$port"
	is "$1: ${*:3}" "$(mark_of "$port")" "$2"
}
# ipt6 is to ip6tables what ipt is to iptables.
ipt6() { ip6t "$@"; }

operations() {
	becomes 0xf0f0 0x1 --set-mark 1
	becomes 0xf0f0 0xf001 --set-mark 0x1/0xff
	becomes 0xf0f0 0xf0ff --xor-mark 0xf
	becomes 0xf0f0 0xf1f0 --or-mark 0x100
	becomes 0xf0f0 0xf000 --and-mark 0xff00
	becomes 0xf0f0 0x100 --set-mark 0x10 --left-shift-mark 4
	becomes 0xf0f0 0xabcd --save-mark
	becomes 0xf0f0 0xf0cd --save-mark --mask 0xff
	becomes 0xf0f0 0xcdf0 --save-mark --nfmask 0xff --ctmask 0xff00 --align
	becomes 0xf0f0 0xf1f0 --add 1 --mask 0xff00
	becomes 0xfff0 0xf0 --add 1 --mask 0xff00
	becomes 0x1f0 0xfff0 --sub 2 --mask 0xff00
	becomes 0xffffffff 0x0 --add 1
	becomes 0xf0f0 0xf0f0 --set-mark 0x1/0xff --once
	becomes 0xf000 0xf001 --set-mark 0x1/0xff --once
	becomes 0xf000 0xf020 --set-random 2:2 --mask 0xf0
}

# restore: the mark of the packet decides whether a rule counts it
restores() {
	port=$((port + 1))
	mangle '-j CONNMARK --set-mark 0x1200' \
		'-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff00 --align' \
		'-p udp -m mark --mark 0x12'
	sends "$port"
	is 'restored to a different position' "$(counter r "${six:-4}" mangle PREROUTING 3)" 1
}

# finds MARK WANT OPTION...: WANT is 1 where the match finds a connection with MARK
finds() {
	port=$((port + 1))
	mangle "-j CONNMARK --set-mark $1" '-j MARK --set-mark 0x10f' "-p udp -m connmark ${*:3}"
	sends "$port"
	is "$1: ${*:3}" "$(counter r "${six:-4}" mangle PREROUTING 3)" "$2"
}

matches() {
	finds 4 1 --mark 4
	finds 4 0 ! --mark 4
	finds 0x14 1 --mark 4/0xf
	finds 0x10 1 --mark 0x10:0x1f
	finds 0x20 0 --mark 0x10:0x1f
	finds 0x1ff 1 --mark 1,2,0x40/0xf0,0x100:0x1ff
	finds 0x200 0 --mark 1,2,0x40/0xf0,0x100:0x1ff
	finds 0x200 1 ! --mark 1,2,0x40/0xf0,0x100:0x1ff
	finds 0x10f 1 --equals-nfmark
	finds 0x20f 0 --equals-nfmark
	finds 0x20f 1 --equals-nfmark --mask 0xff
	finds 0x20f 1 ! --equals-nfmark
}

# A packet without a connection matches nothing, not even with !, and is not changed.
untracked() {
	ipt"$six" r -t raw -A PREROUTING -j CT --notrack
	mangle '-p udp -m connmark --mark 0/0' '-p udp -m connmark ! --mark 1' \
		'-p udp -j CONNMARK --add 1'
	sends 30000
	is 'without a connection: no match' "$(counter r "${six:-4}" mangle PREROUTING 1)" 0
	is 'without a connection: no match with !' "$(counter r "${six:-4}" mangle PREROUTING 2)" 0
	is 'the packet passes' "$(counter r "${six:-4}" mangle PREROUTING 3)" 1
	ipt"$six" r -t raw -F PREROUTING
}

# Numbers are between their bounds, and not all the same; a hash is the same for both directions.
numbers() {
	local i seen=''
	mangle '-p udp -j CONNMARK --set-random 1:4 --mask 0x70 --once'
	for i in {0..19}; do sends $((31000 + i)); done
	seen=$(r conntrack -L -f "$family" -p udp 2>/dev/null |
		sed -n 's/.* sport=31[0-9]* .*mark=\([0-9]*\) .*/\1/p' | paste -sd ' ')
	like '20 random numbers are 1 to 4' "$seen" '^((16|32|48|64) ?){20}$'
	nok 'which are not all the same' test "$(tr ' ' '\n' <<<"$seen" | sort -u | wc -l)" = 1

	mangle '-p udp -j CONNMARK --set-hash 1:1000000 --hash src,dst,sport,dport'
	sends 32000
	seen=$(mark_of 32000)
	n1 tests/lib/udp-send --from 9 "$from" 32000 x
	is 'a hash is the same for a reply' "$(mark_of 32000)" "$seen"
	sends 32001
	nok 'and a different one for a different connection' test "$(mark_of 32001)" = "$seen"
}

family=ipv4 six='' from=10.0.0.2 to=10.0.1.2
operations
restores
matches
untracked
numbers
family=ipv6 six=6 from=fd00::2 to=fd00:0:0:1::2
operations
restores
matches
untracked
numbers
done_testing
