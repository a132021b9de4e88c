#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The rules that other programs write: fail2ban and crowdsec without -p tcp, firehol in OUTPUT.
#
#   n0, n1 ---- r      r blocks n0 with such rules; n1 is not blocked. Nothing listens in r but a
#                      UDP echo server
. "${0%/*}/../lib/scenario.sh"
topology

held() { n0 timeout 20 bash -c "exec 3<>/dev/tcp/$1/22"; } # connects, though nothing listens
pings() { "$1" ping -n -c 1 -W 1 "$2"; }

say 'fail2ban, blocktype=TARPIT: a chain, and a rule for each banned address.'
for family in 4 6; do
	iptables=ipt address=10.0.0.2 router=10.0.0.1
	[[ $family == 4 ]] || iptables=ip6t address=fd00::2 router=fd00::1
	"$iptables" r -N f2b-sshd
	"$iptables" r -A f2b-sshd -j RETURN
	"$iptables" r -I INPUT -j f2b-sshd
	ok "n0 can ping r (IPv$family)" pings n0 $router
	ok "n0 is banned (IPv$family)" "$iptables" r -I f2b-sshd 1 -s $address -j TARPIT
	ok "its TCP connection is held (IPv$family)" held $router
	nok "its ping has no answer (IPv$family)" pings n0 $router
	[[ $(counter r $family filter f2b-sshd 1) -ge 3 ]] # SYN, ACK, echo request
	ok "the rule counted both (IPv$family)" test $? -eq 0
	ok "fail2ban unbans n0 (IPv$family)" "$iptables" r -D f2b-sshd -s $address -j TARPIT
	ok "n0 can ping r again (IPv$family)" pings n0 $router
done
ok 'n1, which nobody banned, can ping r' pings n1 10.0.1.1

say 'crowdsec, deny_action: TARPIT: a rule for the set of addresses, in INPUT and FORWARD.'
if r ipset create crowdsec-blacklists hash:net; then
	set=(-m set --match-set crowdsec-blacklists src)
	for chain in INPUT FORWARD; do
		ok "its rule in $chain is accepted" ipt r -I $chain "${set[@]}" -j TARPIT
	done
	r ipset add crowdsec-blacklists 10.0.0.2
	ok 'TCP to r is held' held 10.0.0.1
	ok 'TCP to n1 is held' held 10.0.1.2
	nok 'a ping to r has no answer' pings n0 10.0.0.1
	nok 'a ping to n1 has no answer' pings n0 10.0.1.2
	ok 'n1 can ping r' pings n1 10.0.1.1
	ok '-C finds the rule, the default written out' ipt r -C INPUT "${set[@]}" \
		-j TARPIT --tarpit
else
	skip 'crowdsec' 'this kernel has no ipset'
fi

say 'firehol: TARPIT in OUTPUT.'
reason='TARPIT: not in OUTPUT, where packets come from this host itself: it works in PREROUTING, INPUT and FORWARD'
nok 'a rule in OUTPUT is refused' ipt r -A OUTPUT -p tcp --sport 22 -j TARPIT
like 'with the reason' "$(ipt r -A OUTPUT -p tcp --sport 22 -j TARPIT 2>&1)" "$reason"
like 'so is --insert' "$(ip6t r --insert OUTPUT -j TARPIT 2>&1)" "$reason"
like 'and POSTROUTING' "$(ipt r -t mangle -I POSTROUTING -j TARPIT 2>&1)" \
	'TARPIT: not in POSTROUTING'
# shellcheck disable=SC2016 # the inner shell expands
restored=$(r bash -c '
	printf "%s\n" "*filter" ":out_world -" "-A OUTPUT -j out_world" \
		"-A out_world -p tcp -j TARPIT" COMMIT |
		"iptables-$BACKEND-restore" --noflush
	echo "status $?"' 2>&1)
printf '%s\n' "$restored"
nok 'iptables-restore refuses a chain that is called from OUTPUT' grep -q '^status 0' <<<"$restored"
like 'and TARPIT says where it works' "$restored" \
	'TARPIT: if the kernel refused a rule with TARPIT: it works in PREROUTING'
checked=$(ipt r -C FORWARD -p udp -j TARPIT 2>&1)
is 'a check of a rule that does not exist says only that' "$(grep TARPIT: <<<"$checked")" ''

done_testing
