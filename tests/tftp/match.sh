#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m tftp counts exactly the packets that it should: opcodes, file names, modes, inverted and
# together, IPv4 and IPv6, linear packets and not; and nothing that is no TFTP, or not all of it.
#
#	n0 -- r (the rules, raw PREROUTING) -- n1
#
# shellcheck source=../lib/scenario.sh
. "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "$(dirname "$0")/tftp.lib"

sound=('\0\1boot/pxe.cfg\0octet\0' '\0\1boot/a/b\0netascii\0blksize\0512\0' '\0\1/BOOT\0octet\0' \
	'\0\2up.txt\0Octet\0'
	'\0\2up.txt\0mail\0' '\0\3\0\1data' '\0\4\0\1' '\0\5\0\1no\0' '\0\6blksize\0512\0')
other=('' hello '\0\1boot/x\0binary\0' '\0\1boot/x' '\0\1boot/x\0octet' '\0\7boot/x\0octet\0' \
	'\0\4\0' '\0\6' 'a*1400'
	'\0\1\0octet\0' '\1\0boot/x\0octet\0')

wants=() rules=()
rule() { # WANT MATCH..: -m tftp MATCH counts WANT of the packets above
	wants+=("$1")
	rules+=("-A PREROUTING -i r0 -p udp --dport 6969 -m tftp ${*:2}")
}
rule 9
rule 3 --opcode rrq
rule 2 --opcode wrq
rule 1 --opcode data
rule 1 --opcode ack
rule 1 --opcode error
rule 1 --opcode oack
rule 5 --opcode rrq,wrq
rule 6 ! --opcode rrq
rule 2 ! --opcode rrq,data,ack,error,oack
rule 2 --filename '"boot/*"'
rule 3 ! --filename '"boot/*"'
rule 1 --filename '"boot/???.cfg"'
rule 3 --filename '"[/b]*"'
rule 1 --filename '"/*"'
rule 0 --filename boot
rule 5 --filename '"*"'
rule 0 ! --filename '"*"'
rule 3 --mode octet
rule 2 ! --mode octet
rule 1 --mode netascii
rule 2 --mode netascii,mail
rule 1 --opcode rrq --filename '"boot/*"' --mode octet
rule 1 --opcode rrq ! --filename '"boot/*"' --mode octet
rule 1 ! --opcode rrq --filename '"*.txt"' ! --mode octet
rule 2 --opcode wrq -m tftp --filename '"*.txt"'

load_rules() { # PROGRAM
	{
		echo '*raw'
		printf '%s\n' "${rules[@]}"
		echo COMMIT
	} >"$TMP/rules"
	r "$1-$BACKEND-restore" "$TMP/rules"
}
counts() {
	_quiet=1 r "$1-$BACKEND-save" -c -t raw | sed -n 's/^\[\([0-9]*\):.*-A PREROUTING.*/\1/p'
}
counted() { # PROGRAM WANT...: true when these are the counts of all rules
	local got
	got=$(counts "$1" | paste -sd ' ')
	[[ $got == "${*:2}" ]] || { printf 'wanted %s\ngot    %s\n' "${*:2}" "$got" && return 1; }
}
packets() { # PROGRAM ADDRESS UDP_SEND_OPTION..: the packets, and exact counts
	local i got
	r "$1-$BACKEND" -w 10 -t raw -Z PREROUTING
	n0 "$udp_send" "${@:3}" "$2" 6969 "${sound[@]}" "${other[@]}"
	until_ok "$1 ${*:3}: the packets are counted" 20 counted "$1" "${wants[@]}"
	mapfile -t got < <(counts "$1")
	for i in "${!rules[@]}"; do
		is "$1 ${*:3}: ${rules[i]#*-m }" "${got[i]-no such rule}" "${wants[i]}"
	done
}
parts() { # PROGRAM FROM TO DESC UDP_SEND_OPTION..: packets that are not whole
	r "$1-$BACKEND" -w 10 -t raw -Z PREROUTING
	n0 "$udp_send" --source "$2" --from 6969 "${@:5}" "$3" 6969 "${sound[@]:0:4}"
	until_ok "$1: $4: they arrive" 20 counter_is r "${family[$1]}" raw PREROUTING \
		"$((${#rules[@]} + 1))" 4
	is "$1: $4: no rule counts them" "$(counts "$1" | sed '$d' | sort -u)" 0
}
declare -A family=([iptables]=4 [ip6tables]=6)

# Where connection tracking has never been nobody puts fragments together before the rules.
ok 'there is no helper that would want connection tracking' helper_unload tftp
topology
for program in iptables ip6tables; do
	ok "$program: the rules" load_rules "$program"
done
packets iptables 10.0.1.2
packets iptables 10.0.1.2 --pieces 3
packets ip6tables fd00:0:0:1::2
packets ip6tables fd00:0:0:1::2 --pieces 3

# One more rule, for what arrives at all: later fragments have no ports.
ipt r -t raw -A PREROUTING -i r0 -s 10.0.0.2 -d 10.0.1.2
ip6t r -t raw -A PREROUTING -i r0 -s fd00::2 -d fd00:0:0:1::2
parts iptables 10.0.0.2 10.0.1.2 'cut short' --short 1
parts iptables 10.0.0.2 10.0.1.2 'first fragments' --fragments 16 --first
parts ip6tables fd00::2 fd00:0:0:1::2 'cut short' --short 1
parts ip6tables fd00::2 fd00:0:0:1::2 'first fragments' --fragments 16 --first
r "iptables-$BACKEND" -w 10 -t raw -Z PREROUTING
n0 "$udp_send" --source 10.0.0.2 --from 6969 --fragments 24 10.0.1.2 6969 \
	'\0\1boot/pxe.cfg\0octet\0'
until_ok 'iptables: all fragments of a request: they arrive' 20 counter_is r 4 raw PREROUTING \
	"$((${#rules[@]} + 1))" 2
is 'iptables: all fragments of a request: no rule counts them' \
	"$(counts iptables | sed '$d' | sort -u)" 0
ok 'the helper is loaded again' helper_load tftp
done_testing
