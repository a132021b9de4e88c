#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The modules of the TFTP helper: unloading under traffic; modules of ours and of the kernel's do
# not mix; the kernel's own still work when ours are unloaded. What all helpers have in common is in
# tests/autohelper/modules.sh.
#
#	n0 (clients) -- r (NAT) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"

file() { # kernel|updates MODULE: the file of that name, the kernel's own or ours
	find -L "/lib/modules/$(uname -r)/$1/" -name "$2.ko*" -print -quit
}

topology
tftp_serve 69

say 'Unloading under traffic'
ok 'a helper for port 69' helper_load tftp
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
bg traffic n0 "$BASH" -c "while :; do
	timeout 5 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg $TMP/again
	cmp -s $TMP/srv/boot/pxe.cfg $TMP/again && echo whole; done"
# Few connections with many requests each: the table of expectations is small.
bg requests n0 "$BASH" -c 'exec 3<> <(:)
	while :; do
		exec 4<>/dev/udp/10.0.2.2/69
		for ((i = 0; i < 200; i++)); do
			printf "\0\1f\0octet\0" >&4
			read -rt 0.005 -u 3
		done
	done'
until_ok 'there is traffic' 60 grep -q whole "$TMP/traffic.out"
for round in 1 2 3; do
	until_ok "round $round: an expectation exists" 20 eval '[[ $(expects) ]]'
	ok "round $round: unload" helper_unload tftp
	is "round $round: no expectation is left" "$(expects)" ''
	ok "round $round: load" helper_load tftp
done
kill "${requests:?}" "${traffic:?}"
ok 'transfers work' tftp_gets n0 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg "$TMP/got"

say "The kernel's own"
ok 'ours are out' helper_unload tftp
ok 'the kernel'\''s own loads' insmod "$(file kernel nf_conntrack_tftp)"
nok 'our NAT half does not go with it' insmod "$(file updates nf_nat_tftp)"
ok 'its own does' insmod "$(file kernel nf_nat_tftp)"
ipt r -t raw -A PREROUTING -i r0 -p udp --dport 69 -j CT --helper tftp
ok 'and works as it always did' tftp_gets n0 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg "$TMP/got"
ipt r -t raw -F
ok 'it is out again' helper_unload tftp
ok 'ours by its file' insmod "$(file updates nf_conntrack_tftp_core)"
nok 'the kernel'\''s NAT half does not go with ours' insmod "$(file kernel nf_nat_tftp)"
ok 'modprobe takes ours again' helper_load tftp
like 'it is ours' "$(</sys/module/nf_nat_tftp/taint)" O
done_testing
