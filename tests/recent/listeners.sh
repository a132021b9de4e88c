#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The listeners of a namespace cost the lists of others nothing, though netlink knows only whether
# a socket of any namespace listens. With an event for each of them, what is measured here would
# take over ten times as long.
#
#   r, x (alone)   x listens; r has the list
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
list=/proc/net/xt_recent/L
perl -e 'printf "+10.%d.%d.%d\n", $_ >> 16, $_ >> 8 & 255, $_ & 255 for 1 .. 5000' >"$TMP/many"
# Prints the microseconds that the kernel takes for addresses that evict each other, at the best of
# seven.
writes() {
	_quiet=1 r perl -MTime::HiRes=time -e '
		my ($from, $to, $best) = @ARGV;
		open my $addresses, "<", $from or die "$from: $!\n";
		read $addresses, my $text, 1 << 20 or die "$from: $!\n";
		for (1 .. 7) {
			open my $list, ">", $to or die "$to: $!\n";
			my $since = time;
			syswrite($list, $text) == length $text or die "$to: $!\n";
			my $took = time - $since;
			$best = $took if !defined $best or $took < $best;
		}
		printf "%d\n", $best * 1e6' "$TMP/many" "$list"
}
listening() { grep -qx listening "$TMP/crowd.out"; }

ipt r -A INPUT -m recent --name L --set --list-size 100
alone=$(writes)
bg crowd x perl "${0%/*}/recent.pl" crowd 500
until_ok 'x listens, 500 times' 60 listening
beside=$(writes)
say "5000 addresses: $alone us without listeners, $beside us with those of x"
is 'the list of r is no slower for it' "$((alone > 0 && beside < 4 * alone))" 1
is 'a listener of r gets its event' \
	"$(r perl "${0%/*}/recent.pl" restore L 192.0.2.1 5,10 | grep -cx 'ADD 192.0.2.1: 2 times')" 1
kill "${crowd:?}"
done_testing
