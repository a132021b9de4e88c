#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Watches new connections in the namespace that it runs in, but reads nothing until a file exists.
# Then it prints "read N lost M" after each reading, as sums.
#
#   watcher.pl FILE EVENTS	EVENTS: those that each CPU keeps
use strict;
use warnings;
use Fcntl qw(O_RDWR);

my ($go, $events) = @ARGV;
my ($read, $lost) = (0, 0);
$| = 1;
sysopen my $file, '/proc/net/nf_ctnetlink_events', O_RDWR or die "open: $!\n";
# struct nf_ctnetlink_watch: kinds (new), blocks, ring, twice the default, no flags, no channel
syswrite $file, pack 'L6 x32', 1, 0, $events, 0, 0, 0 or die "write: $!\n";
print "watching\n";
select undef, undef, undef, 0.05 until -e $go;
while (sysread $file, my $data, 1 << 16) {
	while (length $data) {
		# struct nf_ctnetlink_event
		my ($len, $kinds, $missed) = unpack 'SSL', $data;
		$read++;
		$lost += $missed;
		substr $data, 0, $len, '';
	}
	print "read $read lost $lost\n";
}
die "read: $!\n";
