#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Transfers that run at the same time for some seconds. curl cannot limit the rate of several.
#
#   transfers.pl ADDRESS PORT COUNT SIZE SECONDS
#
# Prints "connected" when COUNT connections are established. Then each gets /file, which has SIZE
# bytes, in SECONDS or more; at its end it prints "complete" or "short". No buffer holds a whole
# file.
use strict;
use warnings;
use Errno qw(EAGAIN);
use IO::Socket::IP;
use Socket qw(:all);

my ($address, $port, $count, $size, $seconds) = @ARGV;
use constant STEPS => 5; # in a second
$| = 1;

sub begin {
	my $socket = IO::Socket::IP->new(PeerHost => $address, PeerPort => $port,
		Type => SOCK_STREAM) or die "$address: $@\n";
	setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 16384;
	# One whose packets get no answer learns soon that it has ended.
	setsockopt $socket, SOL_SOCKET, SO_KEEPALIVE, 1;
	setsockopt $socket, IPPROTO_TCP, $_, 1 for TCP_KEEPIDLE, TCP_KEEPINTVL;
	return $socket;
}

my %got = map { $_ => 0 } my @open = map { begin() } 1 .. $count;
print "connected\n";
for (@open) {
	syswrite $_, "GET /file HTTP/1.0\r\n\r\n";
	$_->blocking(0);
}

# True if more is to come.
sub step {
	my $socket = shift;
	my $n = sysread $socket, my $bytes, $size / $seconds / STEPS;
	return 1 if !defined $n && $! == EAGAIN;
	return $got{$socket} += $n if $n;
	print $got{$socket} > $size ? "complete\n" : "short\n"; # with the header
	return;
}
while (@open) {
	@open = grep { step($_) } @open;
	select undef, undef, undef, 1 / STEPS; # sleep: this is the rate
}
