#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m tftp counts exactly the packets that it should: opcodes, file names, modes, inverted and
# together, IPv4 and IPv6, linear packets and not; and nothing that is no TFTP, or not all of it.
#
#	n0 -- r (the rules, raw PREROUTING) -- n1
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

sound=('\0\1boot/pxe.cfg\0octet\0' '\0\1boot/a/b\0netascii\0blksize\0512\0' '\0\1/BOOT\0octet\0' \
	'\0\2up.txt\0Octet\0'
	'\0\2up.txt\0mail\0' '\0\3\0\1data' '\0\4\0\1' '\0\5\0\1no\0' '\0\6blksize\0512\0')
other=('' hello '\0\1boot/x\0binary\0' '\0\1boot/x' '\0\1boot/x\0octet' '\0\7boot/x\0octet\0' \
	'\0\4\0' '\0\6' 'a*1400'
	'\0\1\0octet\0' '\1\0boot/x\0octet\0')

begin='-p udp --dport 6969 -m tftp'
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

packets() { # 4|6 ADDRESS UDP_SEND_OPTION..: the packets, and exact counts
	count_from_zero "$1"
	n0 "$udp_send" "${@:3}" "$2" 6969 "${sound[@]}" "${other[@]}"
	counts_are "$1" "${*:3}"
}
none_counted() { # 4|6 WHAT PACKETS: so many arrive, and only the rule for all counts them
	until_ok "IPv$1: $2: they arrive" 20 counter_is r "$1" raw PREROUTING \
		"$((${#rules[@]} + 1))" "$3"
	is "IPv$1: $2: no rule counts them" "$(counts "$1" | sed '$d' | sort -u)" 0
}
parts() { # 4|6 FROM TO WHAT UDP_SEND_OPTION..: packets that are not whole
	count_from_zero "$1"
	n0 "$udp_send" --source "$2" --from 6969 "${@:5}" "$3" 6969 "${sound[@]:0:4}"
	none_counted "$1" "$4" 4
}

# Where connection tracking has never been nobody puts fragments together before the rules.
ok 'there is no helper that would want connection tracking' helper_unload tftp
topology
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
done
packets 4 10.0.1.2 --pieces 0
packets 4 10.0.1.2 --pieces 3
packets 6 fd00:0:0:1::2 --pieces 0
packets 6 fd00:0:0:1::2 --pieces 3

# One more rule, for what arrives at all: later fragments have no ports.
ipt r -t raw -A PREROUTING -i r0 -s 10.0.0.2 -d 10.0.1.2
ip6t r -t raw -A PREROUTING -i r0 -s fd00::2 -d fd00:0:0:1::2
parts 4 10.0.0.2 10.0.1.2 'cut short' --short 1
parts 4 10.0.0.2 10.0.1.2 'first fragments' --fragments 16 --first
parts 6 fd00::2 fd00:0:0:1::2 'cut short' --short 1
parts 6 fd00::2 fd00:0:0:1::2 'first fragments' --fragments 16 --first
count_from_zero 4
n0 "$udp_send" --source 10.0.0.2 --from 6969 --fragments 24 10.0.1.2 6969 \
	'\0\1boot/pxe.cfg\0octet\0'
none_counted 4 'all fragments of a request' 2
ok 'the helper is loaded again' helper_load tftp
done_testing
