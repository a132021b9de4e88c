#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Addresses are restored with ages in any order. Eviction, reaping and expiry remove the oldest
# ones, and listeners hear of each address once.
#
#   r (alone)
. "${0%/*}/../lib/scenario.sh"
namespace r
netlink() { r perl "${0%/*}/recent.pl" "$@"; }
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
list=/proc/net/xt_recent/L
number() { r sed -n "s/^L \(.* \)\?$1=\([0-9]*\).*/\2/p" /proc/net/xt_recent_stat; }
# ages HOW: HOST SECONDS of 400 hosts; host N was seen N minutes ago.
ages() {
	perl -e '
		my @hosts = 1 .. 400;
		@hosts = reverse @hosts if $ARGV[0] eq "oldest";
		srand 7 if $ARGV[0] eq "random";
		@hosts = sort { $a->[0] <=> $b->[0] } map { [rand, $_] } @hosts
			if $ARGV[0] eq "random";
		printf "add L 10.1.%d.%d age %d\n", $_ >> 8, $_ & 255, $_ * 60000
			for map { ref $_ ? $_->[1] : $_ } @hosts' "$1"
}
# The hosts of 10.1.0.0/16 that are in the list, as ranges.
hosts() {
	r sed -n 's/^src=10\.1\.\([0-9]*\)\.\([0-9]*\) .*/\1 \2/p' $list | perl -ane '
		$there{$F[0] * 256 + $F[1]} = 1;
		END {
			for (1 .. 400) {
				next unless $there{$_};
				print $there{$_ - 1} ? "" : " $_", $there{$_ + 1} ? "" : "-$_";
			}
		}'
}
new() { perl -e 'printf "+10.2.0.%d\n", $_ for $ARGV[0] .. $ARGV[1]' "$@"; }

for how in newest oldest random; do
	say "400 addresses are restored, $how first."
	ipt r -A INPUT -m recent --name L --set --list-size 400
	ages $how >"$TMP/ages"
	ok 'all of them' r "$tool" restore "$TMP/ages"
	is 'they are in the list' "$(hosts)" ' 1-400'
	new 1 100 >"$TMP/new"
	r bash -c "cat $TMP/new >$list"
	is 'new addresses evict the oldest' "$(hosts)" ' 1-300'
	r bash -c "printf '10.1.1.44\n10.1.0.200\n' >$list"
	new 101 200 >"$TMP/new"
	r bash -c "cat $TMP/new >$list"
	is 'those that were seen again stay' "$(hosts)" ' 1-198 200-200 300-300'
	r "$tool" restore - <<<'add L 10.1.0.10 age 86400000'
	new 201 202 >"$TMP/new"
	r bash -c "cat $TMP/new >$list"
	is 'an address gets an older time' "$(hosts)" ' 1-9 11-197 200-200 300-300'
	r "$tool" set L size 200
	is 'a smaller list loses the oldest' "$(number entries)" 200
	r "$tool" set L size 400
	r bash -c "echo / >$list"
	is 'an empty list has no memory' "$(number entries)/$(number memory)" 0/0
	ipt r -F INPUT
done

say 'An old address is reaped, although all addresses that it was restored before are removed.'
ipt r -A INPUT -m recent --name L --set --list-size 400
ages oldest | grep -v ' 10\.1\.1\.' >"$TMP/ages"
r "$tool" restore "$TMP/ages"
r "$tool" restore - <<<'add L 10.4.0.1 age 86400000'
r "$tool" delete L 10.1.0.0/16
r bash -c "echo +10.2.0.1 >$list"
is 'two are left' "$(number entries)" 2
ipt r -I INPUT -m recent --name L --rcheck --seconds 3600 --reap
r "${0%/*}/send" 10.2.0.1:1000
is 'the old one is reaped' "$(r grep -c '^src=10\.4\.' $list)" 0
r bash -c "echo / >$list"
ipt r -F INPUT

say 'A timeout removes the oldest of them, wherever they came.'
ipt r -A INPUT -m recent --name L --set --list-size 400
ages random >"$TMP/ages"
r "$tool" restore "$TMP/ages"
r "$tool" set L timeout $((100 * 60 + 30))
expired() { [[ $(number entries) == 100 ]]; }
until_ok 'those over it go' 20 expired
is 'the others stay' "$(hosts)" ' 1-100'

say 'A restored address is one event, with all of its times.'
r "$tool" set L timeout 0
is 'a new address' "$(netlink restore L 10.3.0.1 1000,2000,3000)" 'ADD 10.3.0.1: 3 times'
is 'one that is in the list' "$(netlink restore L 10.3.0.1 500,600)" 'ADD 10.3.0.1: 2 times'
done_testing
