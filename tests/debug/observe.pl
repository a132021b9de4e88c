#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Measures, until SIGTERM, how much a busy user slows down others: the longest time of a datagram
# through lo and of a generic netlink request, and the least available memory.
#
#   observe.pl FILE       writes to FILE at the end: DATAGRAM-MS NETLINK-MS AVAILABLE-KB ROUNDS
use strict;
use warnings;
use IO::Socket::IP;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
BEGIN { unshift @INC, grep { -e "$_/genetlink.pm" } 'tests/lib' }
use genetlink;

my $end = 0;
$SIG{TERM} = sub { $end = 1 };
my $file = shift // die "see the head of $0\n";
my ($datagram, $request, $available, $rounds) = (0, 0, 1 << 40, 0);

my $receiver = IO::Socket::IP->new(LocalHost => '127.0.0.1', Type => SOCK_DGRAM) or die "$@\n";
my $sender = IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $receiver->sockport,
	Type => SOCK_DGRAM) or die "$@\n";
my $bits = '';
vec($bits, fileno $receiver, 1) = 1;

# The duration of a function call, in milliseconds.
sub took {
	my $function = shift;
	my $begin = clock_gettime(CLOCK_MONOTONIC);
	$function->();
	return 1000 * (clock_gettime(CLOCK_MONOTONIC) - $begin);
}

sub max { return $_[0] > $_[1] ? $_[0] : $_[1] }

# Sends a datagram and waits for it; a lost datagram takes 5 s.
sub echo {
	$sender->send('x');
	$receiver->recv(my $data, 10) if select(my $ready = $bits, undef, undef, 5);
}

sub available {
	open my $in, '<', '/proc/meminfo' or die "$!\n";
	return (map { /^MemAvailable: *(\d+)/ } <$in>)[0];
}

until ($end) {
	$datagram = max($datagram, took(\&echo));
	$request = max($request, took(sub { eval { family('nlctrl') } }));
	my $now = available();
	$available = $now if $now < $available;
	$rounds++;
	select undef, undef, undef, 0.01; # sleep: leave the CPU to the attack
}
open my $out, '>', $file or die "$file: $!\n";
printf $out "%.0f %.0f %d %d\n", $datagram, $request, $available, $rounds;
