#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The distribution's own libxt_recent.so drives our module and does not notice; the recipes that
# everybody knows work.
#
#   n0 ---- r ---- n1      rules in r; n2 is idle
. "${0%/*}/../lib/scenario.sh"
topology
send() { r "${0%/*}/send" "$@"; }
set -- /usr/lib/*/xtables/libxt_recent.so
libraries=${1%/*}
mkdir "$TMP/stock" && ln -s "$libraries"/lib*t_[!r]*.so "$libraries"/libxt_r[!e]*.so \
	"$libraries/libxt_recent.so" "$TMP/stock"
stock() { # PROGRAM ARGS..: of the backend, without our extension
	r env XTABLES_LIBDIR="$TMP/stock" "${1/tables/tables-$BACKEND}" "${@:2}"
}

say 'The stock extension knows nothing of --list-size; its rules are revision 1.'
nok 'it is the stock one' stock iptables -A INPUT -m recent --set --list-size 3
nok 'our module refuses what the kernel'"'"'s refuses' stock iptables -A INPUT -m recent --set \
	--hitcount 3
stock iptables-restore <<'END'
*filter
-A INPUT -p udp --dport 1000 -m recent --set --name S -j ACCEPT
-A INPUT -p udp --dport 1001 -m recent --rcheck --name S --seconds 60 --hitcount 3 --rttl -j ACCEPT
-A INPUT -p udp --dport 1002 -m recent --update --name S --seconds 60 --reap -j ACCEPT
-A INPUT -p udp --dport 1003 -m recent --remove --name S -j ACCEPT
-A INPUT -p udp --dport 1004 -m recent --set --name M --mask 255.255.255.0 --rdest -j ACCEPT
-A INPUT -p udp -j DROP
COMMIT
END
is 'it adds, finds, counts, removes' \
	"$(send 192.0.2.1:1002 192.0.2.1:1000 192.0.2.1:1001 192.0.2.1*2:1002 192.0.2.1:1001 \
	192.0.2.1%9:1001 192.0.2.1:1003 \
	192.0.2.1:1003 192.0.2.1:1004)" 0101110101
like 'and masks' "$(r cat /proc/net/xt_recent/M)" '^src=127\.0\.0\.0 '
stock iptables-save -t filter >"$TMP/saved"
like 'saves as always' "$(<"$TMP/saved")" \
	'-A INPUT -p udp -m udp --dport 1001 -m recent --rcheck --seconds 60 --hitcount 3 --rttl --name S --mask 255\.255\.255\.255 --rsource -j ACCEPT'
ok 'restores' stock iptables-restore "$TMP/saved"
is 'the same' "$(stock iptables-save -t filter | grep '^-A')" "$(grep '^-A' "$TMP/saved")"
ok 'checks' stock iptables -C INPUT -p udp --dport 1003 -m recent --remove --name S --mask \
	255.255.255.255 -j ACCEPT
ok 'deletes' stock iptables -D INPUT -p udp --dport 1003 -m recent --remove --name S --mask \
	255.255.255.255 -j ACCEPT
is 'our extension shows its rules as it does itself' \
	"$(r "iptables-$BACKEND-save" -t filter | grep '^-A')" \
	"$(stock iptables-save -t filter | grep '^-A')"
stock iptables -F
stock ip6tables -A INPUT -p udp --dport 1000 -m recent --set --mask ffff:ffff:ffff:ffff:: -j ACCEPT
is 'IPv6' "$(send '[fd00::1]:1000')" 1
like 'under its mask' "$(r cat /proc/net/xt_recent/DEFAULT)" \
	'^src=fd00:0000:0000:0000:0000:0000:0000:0000 '
stock ip6tables -F

say 'With ours: a rule that was saved and restored is found by how it was typed.'
ipt r -A INPUT -m recent --set
r bash -c "iptables-$BACKEND-save -t filter | iptables-$BACKEND-restore"
ok '-D finds it' ipt r -D INPUT -m recent --set

tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
seen_ago() { r "$tool" restore - <<<"add DEFAULT 10.0.0.2 ttl 64 age ${1}000"; }
times() { r sed -n 's/^src=10\.0\.0\.2 .*oldest_pkt: \([0-9]*\) .*/\1/p' \
	/proc/net/ipt_recent/DEFAULT; }

say 'Example 1 of its author, 2003: an address that sends something to nobody is not heard for a'
say 'minute, whatever else it sends.'
ipt r -A FORWARD -m recent --rcheck --seconds 60 -j DROP
ipt r -A FORWARD -i r0 -d 10.0.2.0/24 -m recent --set -j DROP
ok 'n0 reaches n1' n0 ping -n -q -c 1 -W 5 10.0.1.2
nok 'n0 does not reach n2' n0 ping -n -q -c 1 -W 1 10.0.2.2
nok 'nor n1 any more' n0 ping -n -q -c 1 -W 1 10.0.1.2
is 'what was sent in vain is not noted' "$(times)" 1
seen_ago 50
nok 'after 50 s, n0 does not reach n1' n0 ping -n -q -c 1 -W 1 10.0.1.2
seen_ago 61
ok 'after 61 s it does' n0 ping -n -q -c 1 -W 5 10.0.1.2
ipt r -F

say 'Example 2 of its author, 2003: a host that sends to an unused port is blocked for a minute.'
ipt r -A FORWARD -m recent --update --seconds 60 -j DROP
ipt r -A FORWARD -i r0 -d 10.0.2.0/24 -m recent --set -j DROP
ok 'n0 reaches n1' n0 ping -n -q -c 1 -W 5 10.0.1.2
nok 'n0 does not reach n2' n0 ping -n -q -c 1 -W 1 10.0.2.2
nok 'nor n1 any more' n0 ping -n -q -c 1 -W 1 10.0.1.2
is 'a dropped packet is recorded: the minute starts again' "$(times)" 2
r bash -c 'echo clear >/proc/net/ipt_recent/DEFAULT'
ok 'forgiven' n0 ping -n -q -c 1 -W 5 10.0.1.2
ipt r -F

say 'A host to which we sent on one port may ask us on another for 15 s (IRC and ident).'
r "iptables-$BACKEND-restore" <<'END'
*filter
-A OUTPUT -p udp --dport 1000 -m recent --name irc --rdest --set
-A INPUT -p udp --dport 1013 -m recent --name irc --rcheck --seconds 15 -j ACCEPT
-A INPUT -p udp --dport 1013 -j DROP
COMMIT
END
is 'a question before and after, and from somebody else' \
	"$(send 127.0.0.1:1013 192.0.2.5:1000 127.0.0.1:1013 192.0.2.5:1013)" 0110
like 'an outgoing packet is recorded with its TTL' "$(r cat /proc/net/xt_recent/irc)" \
	'^src=127\.0\.0\.1 ttl: 64 '

say 'ssh: the fifth attempt of a minute is one too many.'
say 'Knocking at 1001, 1002, 1003 opens 1010 for 10 s.'
r "iptables-$BACKEND-restore" <<'END'
*filter
:KNOCK -
-A INPUT -p udp --dport 1000 -m recent --name ssh --set
-A INPUT -p udp --dport 1000 -m recent --name ssh --update --seconds 60 --hitcount 5 -j DROP
-A INPUT -p udp --dport 1000 -j ACCEPT
-A INPUT -p udp -j KNOCK
-A KNOCK -p udp --dport 1010 -m recent --rcheck --seconds 10 --name open -j ACCEPT
-A KNOCK -p udp --dport 1003 -m recent --rcheck --seconds 10 --name knock2 -m recent --name open --set -j DROP
-A KNOCK -m recent --name knock2 --remove
-A KNOCK -p udp --dport 1002 -m recent --rcheck --seconds 10 --name knock1 -m recent --name knock2 --set -j DROP
-A KNOCK -m recent --name knock1 --remove
-A KNOCK -p udp --dport 1001 -m recent --name knock1 --set -j DROP
-A KNOCK -j DROP
COMMIT
END
is 'ssh' "$(send 192.0.2.7*6:1000 192.0.2.8:1000)" 1111001
is 'knocking, in order and not' \
	"$(send 192.0.2.9:1010 192.0.2.9:1001 192.0.2.9:1003 192.0.2.9:1002 192.0.2.9:1010 \
	192.0.2.9:1001 192.0.2.9:1002 192.0.2.9:1003 192.0.2.9:1010 192.0.2.10:1010)" 0000000010
done_testing
