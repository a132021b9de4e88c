#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m h323 counts exactly the messages that it should: calls over TCP, RAS over UDP, inverted,
# several in a segment; and nothing that is no message.
#
#	n0 -- r -- n1		n0 sends, raw PREROUTING of r counts
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"

topology
ipt r -t raw -N calls
ipt r -t raw -N ras
ipt r -t raw -A PREROUTING -i r0 -p tcp --dport 1720 -j calls
ipt r -t raw -A PREROUTING -i r0 -p udp --dport 1719 -j ras
calls=('--message setup' '! --message setup' '--message connect,facility' '--message status'
	'! --message status,setup')
for rule in "${calls[@]}"; do
	# shellcheck disable=SC2086 # words of a rule
	ipt r -t raw -A calls -p tcp -m h323 $rule
done
ras=('--ras rrq' '! --ras rrq' '--ras acf,lcf' '--ras grq')
for rule in "${ras[@]}"; do
	# shellcheck disable=SC2086 # words of a rule
	ipt r -t raw -A ras -p udp -m h323 $rule
done
counts() { # CHAIN N: of its rules
	local i all=()
	for ((i = 1; i <= $2; i++)); do all+=("$(counter r 4 raw "$1" "$i")"); done
	echo "${all[*]}"
}
counts_are() { # CHAIN WANT
	local -a want
	read -ra want <<<"$2"
	[[ $(counts "$1" ${#want[@]}) == "$2" ]] || { counts "$1" ${#want[@]} && return 1; }
}

say 'Calls'
peer server n1 listen 10.0.1.2 1720
peer client n0 connect 10.0.1.2 1720
until_ok 'they are connected' 20 opens server
setup=$(message call h323-uu-pdu.h323-message-body.setup.h245Address.ipAddress 10.0.0.2 5000)
connect=${setup/0802000105/0802000107}
facility=${setup/0802000105/0802000162}
i=0
sends_call() { # MESSAGE: the server receives it; a byte behind it proves that all of it is there
	i=$((i + 1))
	sends client "$1"
	sends client "$(printf 'fade%02x' "$i")"
	poll 20 received server "$(printf 'fade%02x' "$i")"
}
ok 'a setup' sends_call "$setup"
ok 'and it counts' counts_are calls '1 0 0 0 0'
ok 'a connect and a facility in one segment' sends_call "$connect$facility"
ok 'count once' counts_are calls '1 1 1 0 1'
ok 'what is behind other bytes' sends_call "00$setup"
ok 'does not count' counts_are calls '1 1 1 0 1'
ok 'a setup behind a facility' sends_call "$facility$setup"
ok 'counts for both' counts_are calls '2 2 2 0 2'
ok 'a different protocol' sends_call "${setup/08020001/09020001}"
ok 'does not count' counts_are calls '2 2 2 0 2'

say 'RAS'
peer gatekeeper n1 udp 10.0.1.2 1719
peer endpoint n0 udp 10.0.0.2 1719 10.0.1.2 1719
sends_ras() {
	sends endpoint "$1"
	poll 20 received gatekeeper "$1"
}
request=$(message ras 'registrationRequest.callSignalAddress[].ipAddress' 10.0.0.2 1720)
ok 'a request' sends_ras "$request"
ok 'counts' counts_are ras '1 0 0 0'
confirm=$(message ras admissionConfirm.destCallSignalAddress.ipAddress 10.0.0.2 1720)
ok 'a confirmation' sends_ras "$confirm"
ok 'counts' counts_are ras '1 1 1 0'
ok 'a request that is cut' sends_ras "${request:0:40}"
ok 'does not count' counts_are ras '1 1 1 0'
done_testing
