#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own FTP helper, given to connections by nf_autohelper, with real programs through a NAT router.
#
#	n0 (curl) -- r (masquerades towards r1) -- n1 (pyftpdlib, port 21)
#
# r forwards connections to port 21 and what is related to them, and refuses all else. A transfer needs a second connection:
# from n0 to any port of n1 (passive), or from n1 back to n0, whose address n1 must learn as r's (active). Both fail unless r
# has the helper; nothing of it is a rule.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
topology

order() { r bash -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }
switch() { r bash -c 'echo "$1" >/proc/sys/net/netfilter/nf_autohelper' -- "$1"; }
hits() { r sed -n 's/^tcp 21 ftp ipv4,ipv6 runtime //p' /proc/net/nf_autohelper; }

declare -A server=([4]=10.0.1.2 [6]='[fd00:0:0:1::2]')
transfer() { # 4|6 active|passive [SECONDS]
	local how=(--ftp-pasv)
	[[ $2 == passive ]] || how=(--ftp-port -)
	rm -f "$TMP/got"
	n0 curl -sS --max-time "${3:-20}" "${how[@]}" -o "$TMP/got" "ftp://${server[$1]}/file" &&
		cmp "$TMP/got" "$TMP/ftp/file"
}

for tool in ipt ip6t; do
	$tool r -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
	$tool r -A FORWARD -m conntrack --ctstate RELATED -p tcp -j ACCEPT
	$tool r -A FORWARD -i r0 -p tcp --dport 21 -j ACCEPT
	$tool r -A FORWARD -p tcp -j REJECT --reject-with tcp-reset
	$tool r -t nat -A POSTROUTING -o r1 -j MASQUERADE
done
mkdir "$TMP/ftp"
head -c 100000 /dev/urandom >"$TMP/ftp/file"
# It may connect to any address, because it takes another spelling of an IPv6 address for another address.
bg ftpd n1 /usr/bin/python3 -c 'import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
FTPHandler.permit_foreign_addresses = True
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_anonymous(sys.argv[1])
FTPServer(("::", 21), FTPHandler).serve_forever()' "$TMP/ftp"
until_ok 'the FTP server answers' 60 n0 bash -c 'echo >/dev/tcp/10.0.1.2/21'

say 'Nothing is attached: only the control connection gets through.'
nok 'IPv4, passive: no transfer without a helper' transfer 4 passive
nok 'IPv6, active: no transfer without a helper' transfer 6 active 5
is 'nothing was related' "$(counter r 4 filter FORWARD 2) $(counter r 6 filter FORWARD 2)" '0 0'

say 'With the helper on port 21 of this namespace, as if it were 2003.'
ok 'attaching is one line' order +tcp:21=ftp
for family in 4 6; do
	for mode in passive active; do
		ok "IPv$family, $mode: the file arrives" transfer "$family" "$mode"
	done
	is "IPv$family: one related connection a transfer" "$(counter r "$family" filter FORWARD 2)" 2
done
is 'the list counts four connections' "$(hits)" 4
like 'conntrack knows the helper' "$(r conntrack -L -p tcp --orig-port-dst 21 2>&1)" 'helper=ftp'
is 'no other namespace has it' "$(n0 grep -c runtime /proc/net/nf_autohelper)" 0

say 'The switch of the namespace.'
ok 'off' switch 0
nok 'no transfer when it is off' transfer 4 passive
like 'the list says so' "$(r cat /proc/net/nf_autohelper)" '^# off, '
ok 'on' switch 1
ok 'a transfer when it is on again' transfer 4 passive
is 'the list has counted one more' "$(hits)" 5
ok 'detaching is one line' order -tcp:21
nok 'no transfer afterwards' transfer 6 passive
done_testing
