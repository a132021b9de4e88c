#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Replaces bytes in the rules of the filter table and gives them to the kernel, as no extension
# would. For 64-bit x86.
#
#   rule-bytes.pl FROM TO    both of the same length; \n, \e and \xHH in TO are bytes
#
# Exit status 0: the kernel accepted them; 1: it refused, and the reason is printed; 2: FROM is in
# no rule.
use strict;
use warnings;
use Socket;

use constant { SYS_SETSOCKOPT => 54, SYS_GETSOCKOPT => 55, SO_INFO => 64, SO_ENTRIES => 65,
	SO_REPLACE => 64 };

my ($from, $to) = @ARGV;
$to =~ s/\\(?:x([0-9a-f]{2})|(.))/$1 ? chr hex $1 : $2 eq 'n' ? "\n" : $2 eq 'e' ? "\e" : $2/ge;
length $from == length $to or die "FROM and TO differ in length\n";
socket my $socket, AF_INET, SOCK_RAW, 255 or die "socket: $!\n";

sub get {
	my ($option, $buffer) = @_;
	my $size = pack 'L', length $buffer;
	syscall(SYS_GETSOCKOPT, fileno $socket, 0, $option, $buffer, $size) == 0
		or die "getsockopt $option: $!\n";
	return $buffer;
}

# struct ipt_getinfo, ipt_get_entries and ipt_replace of linux/netfilter_ipv4/ip_tables.h
my ($name, $hooks, @rest) = unpack 'a32 L L10 L L', get(SO_INFO, pack 'a32 x52', 'filter');
my ($count, $size) = splice @rest, 10;
my $entries = substr get(SO_ENTRIES, pack "a32 L x4 x$size", 'filter', $size), 40;
$entries =~ s/\Q$from\E/$to/g or exit 2;
my $counters = "\0" x (16 * $count);
my $replace = pack('a32 L L L L10 L', $name, $hooks, $count, $size, @rest, $count) .
	pack('P', $counters) . $entries;
syscall(SYS_SETSOCKOPT, fileno $socket, 0, SO_REPLACE, $replace, length $replace) == 0
	and exit 0;
print "refused: $!\n";
exit 1;
