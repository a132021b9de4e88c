#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Lists come, go and are replaced while they are dumped. Networks are removed from a list with a
# mask.
#
#   r, x (alone)
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
netlink() { r perl "${0%/*}/recent.pl" "$@"; }
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi

say '300 lists do not fit into a message. Between two parts, the first one is removed.'
perl -e 'print "*filter\n",
	map("-A INPUT -m recent --name " . "n" x 150 . "$_ --rcheck\n", 1 .. 300), "COMMIT\n"' |
	r "iptables-$BACKEND-restore"
is 'all others are dumped' "$(netlink lists "iptables-$BACKEND -D INPUT 1" | wc -l)" 300
is 'the next dump is without it' "$(netlink lists true | wc -l)" 299
ipt r -F INPUT

say 'Between two parts of a dump, a new list takes the name.'
ipt r -A INPUT -m recent --name L --rcheck --list-size 5000
perl -e 'printf "+10.1.%d.%d\n", $_ / 250, $_ % 250 for 0 .. 4999' >"$TMP/old"
perl -e 'printf "+10.2.%d.%d\n", $_ / 250, $_ % 250 for 0 .. 4999' >"$TMP/new"
r bash -c "cat $TMP/old >/proc/net/xt_recent/L"
is 'a dump of one list is complete' "$(netlink replaced L true)" 'complete: 10.1'
cat >"$TMP/replace" <<-END
	iptables-$BACKEND -F INPUT
	iptables-$BACKEND -A INPUT -m recent --name L --rcheck --list-size 5000
	cat $TMP/new >/proc/net/xt_recent/L
END
is 'a dump of two is interrupted' "$(netlink replaced L "bash $TMP/replace")" 'interrupted: 10.1'
is 'the new list can be dumped' "$(netlink replaced L true)" 'complete: 10.2'
nok 'a list that is gone is an error' netlink replaced L "iptables-$BACKEND -F INPUT"

say 'Networks and a mask: the mask makes addresses equal.'
ipt x -A INPUT -m recent --name M --rcheck --mask 255.255.255.0
ip6t x -A INPUT -m recent --name M --rcheck --prefix 64
sources() { x bash -c "sed 's/ .*//; s/^src=//' /proc/net/xt_recent/M | sort | xargs"; }
fill() {
	x "$tool" flush M
	x "$tool" add M 10.1.1.1 10.1.2.1 fd00:0:0:1::1
}
six=fd00:0000:0000:0001:0000:0000:0000:0000
fill
is 'three addresses under it' "$(sources)" "10.1.1.0 10.1.2.0 $six"
is 'all bits are a single address' \
	"$(x "$tool" delete M 10.1.1.77/32 fd00:0:0:1::77/128)/$(sources)" /10.1.2.0
like 'which must be there' "$(x "$tool" delete M 10.1.1.77/32 2>&1)" 'No such file or directory'
fill
is 'some bits behind the mask' \
	"$(x "$tool" delete M 10.1.1.77/28 fd00:0:0:1::77/100)/$(sources)" /10.1.2.0
fill
is 'fewer bits' "$(x "$tool" delete M 10.1.3.77/23 fd00:0:0:7::1/48)/$(sources)" '/10.1.1.0'
fill
x bash -c "printf '%s\n' -10.1.1.77/32 -fd00:0:0:1::77/127 -10.1.2.99/30 \
	>/proc/net/xt_recent/M"
is 'the file does the same' "$(sources)" ''
done_testing
