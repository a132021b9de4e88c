#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# inputs: extensions/libxt_recent.man
# The examples of the recent match's manual and of xtrecent(8) work literally.
#
#   r, second (alone)
#	the examples are typed in r; second is another firewall with the same rules, which ssh(1)
#	leads to
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace second
tool=$(realpath "${0%/*}/../../build/tools")

# iptables in an example is that of the backend under test; ssh needs no network.
mkdir "$TMP/bin"
for program in iptables ip6tables; do
	ln -s "$(command -v "$program-$BACKEND")" "$TMP/bin/$program"
done
printf '#!/bin/sh\nhost=$1; shift\nexec nsenter --net=/run/netns/$host "$@"\n' >"$TMP/bin/ssh"
chmod +x "$TMP/bin/ssh"
PATH=$TMP/bin:$PATH
command -v recent >/dev/null || PATH=$PATH:$tool
text() { sed 's/\\-/-/g' "$1"; }

mapfile -t examples < <(text extensions/libxt_recent.man | grep -E '^ip6?tables ')
is 'the manual has examples' "${#examples[@]}" 4
for example in "${examples[@]}"; do
	ok "$example" r bash -c "$example"
	second bash -c "$example"
done
is 'the rules of IPv4 are there' "$(r "iptables-$BACKEND-save" | grep -c '^-A')" 2
is 'and those of IPv6' "$(r "ip6tables-$BACKEND-save" | grep -c '^-A')" 2

say 'ssh: the fifth of a minute is one too many, whichever addresses of a /64 they come from.'
r perl - 2001:db8::{1,2,ffff:1,4,5,1} 2001:db8:0:1::1 <<'END' # a SYN from each to port 22 of ::1
use Socket qw(inet_pton);
my $to = inet_pton(10, '::1');
socket my $raw, 10, 3, 255 or die "$!\n";
setsockopt $raw, 41, 36, pack 'i', 1 or die "IPV6_HDRINCL: $!\n";
for (@ARGV) {
	my ($from, $sum) = (inet_pton(10, $_), 0);
	my $syn = pack 'nnNNCCnnn', 4000 + $n++, 22, 1000, 0, 0x50, 2, 64240, 0, 0;
	$sum += $_ for unpack 'n*', $from . $to . pack('NN', 20, 6) . $syn;
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	substr $syn, 16, 2, pack 'n', 0xffff - $sum;
	send $raw, pack('NnCC', 6 << 28, 20, 6, 64) . $from . $to . $syn, 0,
		pack('SnNa16N', 10, 0, 0, $to, 0) or die "send: $!\n";
}
END
until_ok 'of six connections from a network and one from another' 20 counter_is r 6 filter INPUT 1 7
is 'two are dropped' "$(counter r 6 filter INPUT 2)" 2
is 'the list has two networks' \
	"$(r grep -c '^src=2001:0db8:0000:000[01]:0000:0000:0000:0000 ' /proc/net/xt_recent/ssh)" 2
like 'and is as large as the rule says' "$(r recent list)" \
	'ssh entries 2 size 100000 stamps 5 timeout 3600 full evict '

mapfile -t examples < <(text tools/recent/xtrecent.8 | sed -n '/^\.SH EXAMPLES/,/^\.SH EXIT/p' |
	grep '^xtrecent ')
is 'the manual of xtrecent has examples' "${#examples[@]}" 3
ok "${examples[0]}" r bash -c "${examples[0]}"
r recent flush ssh
ok "${examples[1]}" r bash -c "${examples[1]}"
like 'what was saved is back, with its times' "$(r recent list ssh)" \
	'2001:db8:: ttl 64 seen 5 times, '

say 'The second firewall gets the current state, then all events.'
seen() { [[ $(_quiet=1 second recent list ssh | sed -n "s/^$1 .* seen \([0-9]*\) times.*/\1/p") == \
	"$2" ]]; }
bg PAIR r bash -c "${examples[2]}"
until_ok "${examples[2]}" 20 seen 2001:db8:: 5
r recent add ssh 2001:db8:0:2::
until_ok 'who comes' 20 seen 2001:db8:0:2:: 1
r recent delete ssh 2001:db8::
until_ok 'and who goes' 20 seen 2001:db8:: ''
kill "$PAIR"
rm /var/lib/recent
done_testing
