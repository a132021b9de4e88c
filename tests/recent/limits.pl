#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A user in a user namespace, for limits.sh.
#
#   limits.pl N ADDRESSES
#	makes N network namespaces with a list each, says "namespaces", waits for SIGUSR1, writes
#	ADDRESSES addresses to each list, says what the lists hold, and waits to be killed
use strict;
use warnings;
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use genetlink;

use constant { CLONE_NEWNET => 0x40000000, SYS_unshare => 272, SYS_setns => 308, SET => 1 << 1 };
my ($n, $addresses) = @ARGV;
my (@namespaces, $go);
my ($lists, $entries, $refused, $first) = (0) x 4;
$| = 1;
$SIG{USR1} = sub { $go = 1 };

# A rule of revision 1 that creates the list L.
sub make_list {
	nft_connected();
	nft_table('t', 'c');
	nft_rule('t', 'c', 'recent', 1, pack 'LLCCa200Cxa16x4', 0, 0, SET, 0, "L\0", 0,
		"\xff" x 16);
	die "a rule: $!\n" if $!;
}

sub stat_of_list {
	open my $fh, '<', '/proc/thread-self/net/xt_recent_stat' or die "xt_recent_stat: $!\n";
	my $line = <$fh> // die "no list\n";
	return $line =~ /(\w+)=(\d+)/g;
}

# By netlink, since /proc is the host's.
sub fill {
	my ($family) = family('xt_recent');
	request($family, 2, 0, attr(1, "L\0") . attr(7, pack 'L', 5000));
	die "size: $!\n" if $!;
	my @requests = map { message($family, 0, pack('CCS', 4, 1, 0) . attr(1, "L\0")
		. attr(2, pack 'N', 0x0a000000 + $_)) } 0 .. $addresses - 1;
	put(splice @requests, 0, 50) while @requests;
}

for (1 .. $n) {
	syscall(SYS_unshare, CLONE_NEWNET) == 0 or die "unshare: $!\n";
	make_list();
	open my $fh, '<', '/proc/thread-self/ns/net' or die "ns: $!\n";
	push @namespaces, $fh;
}
print "namespaces $n\n";
select undef, undef, undef, 0.05 until $go; # sleep: for a signal
for my $fh (@namespaces) {
	syscall(SYS_setns, fileno $fh, CLONE_NEWNET) == 0 or die "setns: $!\n";
	fill();
	my %is = stat_of_list();
	$lists++;
	$entries += $is{entries};
	$refused += $is{no_memory};
	$first ||= $is{entries};
}
print "lists $lists\nentries $entries\nfirst $first\nrefused $refused\nfilled $lists\n";
sleep; # until it is killed
