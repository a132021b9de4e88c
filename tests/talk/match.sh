#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m talk counts exactly the packets that it should: types, answers and users, inverted and
# together, linear packets and not; and nothing that is no talk message, or not all of one.
#
#	n0 -- r -- n1		n0 sends, raw PREROUTING of r counts
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=talk.lib
. "${0%/*}/talk.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

of() { request "$1" 10.0.0.2 5000 10.0.0.2 900 "${@:2}"; } # TYPE [VERSION [EXTENDED]]
renamed() { printf %s "${1/root\\0\\0\\0/$2}"; } # REQUEST NAME, of seven bytes
announce=$(of 3)
# 8 requests, 6 responses; and what is no message.
packets=("$(of 0)" "$(of 1)" "$(of 2)" "$announce" "$(of 4 2)" "$(of 3 2 9)"
	"$(renamed "$announce" roots\\0\\0)" "$(renamed "$announce" 'J. Doe\0')"
	"$(response 1 0 10.0.0.2 5000)" "$(response 1 1 0.0.0.0 0)" "$(response 3 0 0.0.0.0 0)"
	"$(response 3 8 0.0.0.0 0)" "$(response 4 11 0.0.0.0 0 2)" "$(response 2 0 0.0.0.0 0 2)"
	'' hello "$announce\\0" "${announce%\\0}" "$(of 4)" "$(of 5 2)" "$(of 1 3)" "$(of 3 2 9)\\0"
	"$(response 1 9 10.0.0.2 5000)" "$(old_request 3 10.0.0.2 5000 10.0.0.2 900)")

begin='-p udp --dport 6969 -m talk'
rule 14
rule 1 --type leave-invite
rule 3 --type look-up
rule 2 --type delete
rule 6 --type announce
rule 2 --type reply-query
rule 12 ! --type delete
rule 3 --answer success
rule 1 --answer not-here,failed
rule 1 --answer bad-ctl-addr
rule 1 --answer selective-refusal
rule 3 ! --answer success
rule 2 --type look-up ! --answer failed
rule 6 --caller root
rule 2 ! --caller root
rule 1 --caller roots
rule 1 --caller '"J. Doe"'
rule 8 --callee daemon
rule 0 --callee daemo
rule 0 ! --callee daemon
rule 2 --type announce --caller root --callee daemon
rule 4 ! --type announce --caller root

topology
declare -A to=([4]=10.0.1.2 [6]=fd00:0:0:1::2)
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
	for pieces in 0 10; do
		count_from_zero $family
		n0 "$udp_send" --pieces "$pieces" "${to[$family]}" 6969 "${packets[@]}"
		counts_are $family "$pieces bytes apart"
	done
done

say 'Packets that are not whole'
# One more rule, for what arrives at all: later fragments have no ports.
ipt r -t raw -A PREROUTING -i r0
count_from_zero 4
n0 "$udp_send" --source 10.0.0.2 --from 6969 --short 1 10.0.1.2 6969 "$announce"
n0 "$udp_send" --source 10.0.0.2 --from 6969 --fragments 16 --first 10.0.1.2 6969 "$announce"
until_ok 'they arrive' 20 counter_is r 4 raw PREROUTING $((${#rules[@]} + 1)) 2
is 'no rule counts them' "$(counts 4 | sed '$d' | sort -u)" 0

say 'Messages of talk, to and from port 517'
wants=() rules=()
begin='-p udp -m talk'
old=("$(old_request 3 10.0.0.2 5000 10.0.0.2 900)" "$(old_request 1 10.0.0.2 5000 10.0.0.2 900)"
	"$(old_response 1 0 10.0.0.2 5000)" "$(old_response 3 4 0.0.0.0 0)" "$announce")
rule 10
rule 4 --type look-up
rule 2 --answer permission-denied
rule 5 --caller root --callee daemon
ok 'the rules' load_rules 4
count_from_zero 4
n0 "$udp_send" --from 900 10.0.1.2 517 "${old[@]}"
n0 "$udp_send" --from 517 10.0.1.2 900 "${old[@]}"
# To a daemon of ntalk: one is a request, and the bytes of one more are a response.
n0 "$udp_send" --from 517 10.0.1.2 518 "${old[@]}"
counts_are 4 'port 517'
done_testing
