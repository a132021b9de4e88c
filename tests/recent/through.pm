# SPDX-License-Identifier: GPL-2.0-only
# Sends UDP packets from any source to the network namespace that it runs in, and says which of them
# came through its INPUT chain.
#
#   open_receivers PORT...           before all; the receiver is 127.0.0.1 or ::1
#   came_through FROM, TTL, PORT     sends a packet of one byte from that address, in bytes; 1 or 0
#
# No other packet may be under way, in any network namespace.
package through;
use strict;
use warnings;
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use packet;

my %to = (4 => "\x7f\0\0\1", 16 => ("\0" x 15) . "\1"); # by the length of an address
my (%receiver, %raw);

sub import {
	my $user = caller;
	no strict 'refs';
	*{"${user}::$_"} = \&$_ for qw(open_receivers came_through);
}

# How many packets the kernel has taken in, of whatever kind.
my $handed = 0;
sub processed {
	my $sum = 0;
	open my $fh, '<', '/proc/net/softnet_stat' or die "/proc/net/softnet_stat: $!\n";
	$sum += hex((split)[0]) while <$fh>;
	return $sum;
}

sub open_receivers {
	for my $port (@_) {
		socket my $four, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
		socket my $six, AF_INET6, SOCK_DGRAM, 0 or die "socket: $!\n";
		setsockopt $six, 41, 26, pack('i', 1) or die "IPV6_V6ONLY: $!\n";
		bind $four, sockaddr($to{4}, $port) or die "bind: $!\n";
		bind $six, sockaddr($to{16}, $port) or die "bind: $!\n";
		$receiver{$port} = { 4 => $four, 16 => $six };
	}
	%raw = (4 => raw_socket(AF_INET), 16 => raw_socket(AF_INET6));
	$handed = processed();
}

# Whether the packet that was just sent came through. A busy kernel may deliver it a little later.
sub came {
	my ($socket) = @_;
	$handed++;
	for (1 .. 5000) {
		return 1 if defined recv $socket, my $got, 100, MSG_DONTWAIT;
		my $all = processed() >= $handed;
		return 1 if defined recv $socket, $got, 100, MSG_DONTWAIT;
		return 0 if $all;
		select undef, undef, undef, 0.001; # sleep: to let the kernel work
	}
	die "a packet was lost\n";
}

sub came_through {
	my ($from, $ttl, $port) = @_;
	my $family = length $from;
	my $to = $to{$family};
	send $raw{$family}, ip($from, $to, UDP, udp($from, $to, 999, $port, 'x'), ttl => $ttl), 0,
		sockaddr($to, 0) or die "send: $!\n";
	return came($receiver{$port}{$family});
}

1;
