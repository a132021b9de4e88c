#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The modules of the TFTP helper: ours are chosen, by their classic names too; bad parameters are refused and say why;
# halves of ours and of the kernel's do not mix; the kernel's own still work when ours are out; unloading under traffic.
#
#	n0 (clients) -- r (NAT) -- n1 (server)
#
# shellcheck source=../lib/initial.lib
. "$(dirname "$0")/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "$(dirname "$0")/tftp.lib"

file() { # kernel|updates MODULE: the file of that name, the kernel's own or ours
	find -L "/lib/modules/$(uname -r)/$1/" -name "$2.ko*" -print -quit
}
loaded() { [[ -d /sys/module/$1 ]]; }
refused() { # REASON PARAMETER..: modprobe fails, and the kernel's log says why
	local before
	before=$(klog | wc -l)
	nok "modprobe nf_conntrack_tftp ${*:2}" modprobe nf_conntrack_tftp "${@:2}"
	like 'the kernel says why' "$(klog | tail -n "+$((before + 1))")" "$1"
}

topology
initial_namespace
tftp_serve 69

say 'Names'
ok 'unload' tftp_unload
ok 'by the classic name' modprobe ip_conntrack_tftp ports=69,70
is 'with its ports' "$(</sys/module/nf_conntrack_tftp/parameters/ports)" 69,70
like 'both are attached' "$(initial cat /proc/net/nf_autohelper)" 'udp.*69.*tftp.*udp.*70.*tftp'
ok 'the NAT half is loaded' loaded nf_nat_tftp
like 'it is ours' "$(</sys/module/nf_conntrack_tftp/taint)" O
like 'so is the NAT half' "$(</sys/module/nf_nat_tftp/taint)" O
ok 'unload again' tftp_unload
ok 'the NAT half by its classic name' modprobe ip_nat_tftp
ok 'it needs the helper' loaded nf_conntrack_tftp_core
nok 'but not the module that attaches it' loaded nf_conntrack_tftp
ok 'unload it' tftp_unload

say 'Bad parameters'
refused 'tftp: 0 is not a port' ports=0
refused 'tftp: udp:69 is named twice' ports=69,69
refused 'nf_conntrack_tftp: .*ports' ports=65536
refused 'nf_conntrack_tftp: .*ports' ports=-1
refused 'nf_conntrack_tftp: .*ports' ports=tftp
refused 'ports: can only take 8 arguments' ports=1,2,3,4,5,6,7,8,9
nok 'nothing is loaded after all that' loaded nf_conntrack_tftp
ok 'eight ports are fine' modprobe nf_conntrack_tftp ports=1,2,3,4,5,6,7,65535

say 'Unloading under traffic'
ok 'a helper for port 69' tftp_load
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
	ok "round $round: unload" tftp_unload
	is "round $round: no expectation is left" "$(expects)" ''
	ok "round $round: load" tftp_load
done
kill "${requests:?}" "${traffic:?}"
ok 'transfers work' tftp_gets n0 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg "$TMP/got"

say "The kernel's own"
ok 'ours are out' tftp_unload
ok 'the kernel'\''s own loads' insmod "$(file kernel nf_conntrack_tftp)"
nok 'our NAT half does not go with it' insmod "$(file updates nf_nat_tftp)"
ok 'its own does' insmod "$(file kernel nf_nat_tftp)"
ipt r -t raw -A PREROUTING -i r0 -p udp --dport 69 -j CT --helper tftp
ok 'and works as it always did' tftp_gets n0 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg "$TMP/got"
ipt r -t raw -F
ok 'it is out again' tftp_unload
ok 'ours by its file' insmod "$(file updates nf_conntrack_tftp_core)"
nok 'the kernel'\''s NAT half does not go with ours' insmod "$(file kernel nf_nat_tftp)"
ok 'modprobe takes ours again' tftp_load
like 'it is ours' "$(</sys/module/nf_nat_tftp/taint)" O
done_testing
