# SPDX-License-Identifier: GPL-2.0-only
# Random segments of both ends of TCP connections, for the programs of this directory. A connection
# has 41 segments. Most numbers are next to the ends of data and windows.
#
#   begin SEED, FAMILY	family 4 or 6
#   random_segment	the next one: a packet, what send() takes as its address, and a text
#   remaining		how many more segments the connection has; 0: the next begins another
#   bounds NUMBER..	further numbers, next to which the later segments of the connection are
package random_segments;
use strict;
use warnings;
use packet;

use constant { TCP => 6, FIN => 1, SYN => 2, RST => 4, PSH => 8, ACK => 16, URG => 32 };

sub import {
	my $user = caller;
	no strict 'refs';
	*{"${user}::$_"} = \&$_ for qw(begin random_segment remaining bounds);
}

my (@address, @end, @maxend, @bounds, $last);
my ($port, $left) = (1024, 0);

sub begin {
	my ($seed, $family) = @_;
	srand $seed;
	@address = map { address($_) } $family == 4 ? ('10.0.0.2', '10.0.1.2') :
		('fd00::2', 'fd00:0:0:1::2');
}

sub remaining { return $left }

sub bounds {
	push @bounds, @_;
	shift @bounds while @bounds > 6;
}

sub one_of { return $_[rand @_] }

# around what matters: the ends of data, and the bounds that the kernel has printed
sub number {
	my ($dir) = @_;
	my $at = one_of($end[$dir], $end[$dir], $end[$dir], $maxend[$dir], $last // 0, 0, @bounds);
	return ($at + one_of(0, 0, 0, 1, -1, 2, int(rand 3000), -int(rand 3000))) & 0xffffffff;
}

sub flags {
	return one_of(SYN, SYN, SYN, ACK, FIN | ACK, SYN | ACK) if $left == 40;
	return one_of((ACK) x 8, PSH | ACK, PSH | ACK, FIN | ACK, RST, RST | ACK, SYN, SYN | ACK,
		SYN | ACK, ACK | URG, 0, SYN | FIN);
}

sub options {
	my $flags = shift;
	return '' if rand > 0.4;
	return pack('C4', 3, 3, int rand 16, 1) . pack 'C4', 4, 2, 1, 1 if $flags & SYN;
	return pack 'C4 N2', 1, 1, 5, 10, $end[0], one_of(@end);
}

sub next_connection {
	$left = 40;
	$port = $port < 60000 ? $port + 1 : 1024;
	@end = map { int rand 2**32 } 0, 1;
	@maxend = map { $_ + 8192 } @end;
	@bounds = ();
}

sub random_segment {
	next_connection() if $left-- <= 0;
	my $dir = $left == 40 ? 0 : int rand 2;
	my $flags = flags();
	my ($seq, $ack) = (number($dir), number(!$dir));
	my $options = options($flags);
	my $length = one_of(0, 0, 10, int rand 1200);
	my $window = one_of(0, 1, 1000, 8192, 8192, 65535);
	my @ports = $dir ? (80, $port) : ($port, 80);
	my $offset = 5 + length($options) / 4;
	$offset = int rand 16 if rand > 0.995;
	my $segment = pack('n2 N2 C2 n3', @ports, $seq, $ack, $offset << 4, $flags, $window, 0, 0)
		. $options . 'x' x $length;
	substr $segment, 16, 2, pack 'n',
		checksum(pseudo(@address[$dir, !$dir], TCP, length $segment) . $segment);
	if (rand > 0.3) { # it may become the newest
		$end[$dir] = $seq + $length if (($seq + $length - $end[$dir]) & 0xffffffff) < 2**31;
		$maxend[!$dir] = $ack + $window;
	}
	$last = $seq + $length;
	my $text = sprintf '%s flags=%02x seq=%u ack=%u len=%u win=%u%s',
		('client', 'server')[$dir], $flags, $seq, $ack, $length, $window,
		$options && ' opts=' . unpack 'H*', $options;
	my $to = $address[!$dir];
	return (ip($address[$dir], $to, TCP, $segment), sockaddr($to, 0), $text);
}

1;
