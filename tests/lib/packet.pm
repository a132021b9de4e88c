# SPDX-License-Identifier: GPL-2.0-only
# Packets made by hand, for the programs of scenarios. The kernel's numbers are written out: to load
# the modules that know them takes most of a program's time on an emulated CPU.
#
#   address TEXT, address_text BYTES      an IPv4 or IPv6 address; :: is read, and not written
#   sockaddr ADDRESS, PORT                what bind() and send() take; ADDRESS is in bytes, as below
#   checksum BYTES                        RFC 1071; 0 for bytes that hold their own checksum
#   pseudo FROM, TO, PROTOCOL, LENGTH     a pseudo header for the checksum, the same for both
#                                         families
#   udp FROM, TO, SPORT, DPORT, PAYLOAD   a datagram
#   ip FROM, TO, PROTOCOL, PAYLOAD [, ttl => 64, id => 1]                 a packet
#   ip FROM, TO, PROTOCOL, PAYLOAD, offset => BYTES, more => 0|1, ...     a fragment of one
#   raw_socket FAMILY                     a socket that takes packets with their IP header
package packet;
use strict;
use warnings;

sub AF_INET() { 2 }
sub AF_INET6() { 10 }
sub SOCK_DGRAM() { 2 }
sub SOCK_RAW() { 3 }
sub MSG_DONTWAIT() { 0x40 }
sub UDP() { 17 }

# Exporter would be one more module.
sub import {
	my $user = caller;
	no strict 'refs';
	*{"${user}::$_"} = \&$_ for qw(AF_INET AF_INET6 SOCK_DGRAM SOCK_RAW MSG_DONTWAIT UDP
		address address_text sockaddr checksum pseudo udp ip raw_socket);
}

sub address {
	my $text = shift;
	return pack 'C4', split /\./, $text unless $text =~ /:/;
	my ($head, $tail) = map { [split /:/] } split(/::/, $text, 2), '';
	return pack 'n8', map { hex } @$head, (0) x (8 - @$head - @$tail), @$tail;
}

sub address_text {
	return join '.', unpack 'C4', $_[0] if length $_[0] == 4;
	return join ':', map { sprintf '%x', $_ } unpack 'n8', $_[0];
}

sub sockaddr {
	my ($address, $port) = @_;
	return pack 'Sna4x8', AF_INET, $port, $address if length $address == 4;
	return pack 'SnNa16N', AF_INET6, $port, 0, $address, 0;
}

sub checksum {
	my $data = shift;
	my $sum = unpack '%32n*', length($data) & 1 ? "$data\0" : $data;
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	return $sum ^ 0xffff;
}

sub pseudo {
	my ($from, $to, $protocol, $length) = @_;
	return $from . $to . pack 'NN', $length, $protocol;
}

sub udp {
	my ($from, $to, $sport, $dport, $payload) = @_;
	my $datagram = pack('n4', $sport, $dport, 8 + length $payload, 0) . $payload;
	substr $datagram, 6, 2, pack 'n',
		checksum(pseudo($from, $to, UDP, length $datagram) . $datagram) || 0xffff;
	return $datagram;
}

sub ip {
	my ($from, $to, $protocol, $payload, %field) = @_;
	my ($ttl, $id, $offset, $more) = ($field{ttl} // 64, $field{id} // 1, $field{offset} // 0,
		$field{more} ? 1 : 0);
	if (length $to == 4) {
		my $header = pack 'CCnnnCCna4a4', 0x45, 0, 20 + length $payload, $id,
			$more << 13 | $offset >> 3, $ttl, $protocol, 0, $from, $to;
		substr $header, 10, 2, pack 'n', checksum($header);
		return $header . $payload;
	}
	if (defined $field{offset}) {
		$payload = pack('CCnN', $protocol, 0, $offset & ~7 | $more, $id) . $payload;
		$protocol = 44;
	}
	return pack('NnCC', 6 << 28, length $payload, $protocol, $ttl) . $from . $to . $payload;
}

sub raw_socket {
	my ($family) = @_;
	socket my $raw, $family, SOCK_RAW, 255 or die "raw socket: $!\n";
	$family == AF_INET or setsockopt $raw, 41, 36, pack 'i', 1 or die "IPV6_HDRINCL: $!\n";
	return $raw;
}

1;
