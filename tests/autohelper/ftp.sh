#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own FTP helper, given to connections by nf_autohelper, with real programs through a
# NAT router.
#
#	n0 (curl) -- r (masquerades towards r1) -- n1 (vsftpd, port 21)
#
# r forwards connections to port 21 and what is related to them, and refuses all else. A transfer
# needs a second connection: from n0 to any port of n1 (passive), or from n1 back to n0, whose
# address n1 must learn as r's (active). Both fail unless r has the helper; nothing of it is a rule.
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/ftp.lib
. "${0%/*}/../lib/ftp.lib"
topology

order() { r bash -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }
switch() { r bash -c 'echo "$1" >/proc/sys/net/netfilter/nf_autohelper' -- "$1"; }
hits() { r sed -n 's/^tcp 21 ftp ipv4,ipv6 runtime //p' /proc/net/nf_autohelper; }

rules r 46 <<END
*filter
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED -p tcp -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 21 -j ACCEPT
-A FORWARD -p tcp -j REJECT --reject-with tcp-reset
COMMIT
*nat
-A POSTROUTING -o r1 -j MASQUERADE
COMMIT
END
serve_ftp

say 'Nothing is attached: only the control connection gets through.'
nok 'IPv4, passive: no transfer without a helper' transfer 4-passive
nok 'IPv6, active: no transfer without a helper' fetch 2 6-active
is 'nothing was related' "$(counter r 4 filter FORWARD 2) $(counter r 6 filter FORWARD 2)" '0 0'

say 'With the helper on port 21 of this namespace, as if it were 2003.'
ok 'attaching is one line' order +tcp:21=ftp
fetch 20 {4,6}-{passive,active}
for family in 4 6; do
	for mode in passive active; do
		ok "IPv$family, $mode: the file arrives" cmp "$TMP/got.$family-$mode" \
			"$TMP/ftp/file"
	done
	is "IPv$family: one related connection a transfer" \
		"$(counter r "$family" filter FORWARD 2)" 2
done
is 'the list counts two connections, of two transfers each' "$(hits)" 2
like 'conntrack knows the helper' "$(r conntrack -L -p tcp --orig-port-dst 21 2>&1)" 'helper=ftp'
is 'no other namespace has it' "$(n0 grep -c runtime /proc/net/nf_autohelper)" 0

say 'The switch of the namespace.'
ok 'off' switch 0
nok 'no transfer when it is off' transfer 4-passive
like 'the list shows it' "$(r cat /proc/net/nf_autohelper)" '^# off, '
ok 'on' switch 1
ok 'a transfer when it is on again' transfer 4-passive
is 'the list has counted one more' "$(hits)" 3
ok 'detaching is one line' order -tcp:21
nok 'no transfer afterwards' transfer 6-passive
done_testing
