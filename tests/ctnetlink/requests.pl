#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Requests to nf_ctnetlink that no program should send.
#
#   requests.pl malformed
#	sends requests that must be refused; a line each, "ok ..." or the answer
#   requests.pl parts N
#	lists with reads of N bytes; prints how many records and parts
#   requests.pl abandon N
#	begins N listings and N counts at once, and reads one message of each
use strict;
use warnings;
use Errno qw(EINVAL ERANGE);
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use genetlink;

use constant {
	LIST => 1, COUNT => 2, CHANGE => 3,
	TERMS => 2, BLOCKS => 3, GROUP => 4, GROUPS_MAX => 5, DELETE => 6, MARK => 7, TIMEOUT => 9,
	LABELS => 10, RECORDS => 12, SEEN => 14,
	FAMILY => 1, SRC => 3, DPORT => 9, MARK_IS => 18, HELPER => 21,
};
my ($family) = family('nf_ctnetlink');
$| = 1;

# A term: field, flags, and the 16 bytes of its union; family and prefix of an address.
sub term {
	my ($field, $flags, $union, @address) = @_;
	return pack 'CCCCLa16', $field, $flags, $address[0] // 0, $address[1] // 0, 0, $union;
}
sub range { return pack 'QQ', @_ }
sub terms { return attr(TERMS, join '', @_) }

sub malformed {
	my $check = sub {
		my ($what, @request) = @_;
		my @answers = request($family, @request);
		# Some errors have another number on newer kernels.
		print +($! == EINVAL || $! == ERANGE) && !@answers ? "ok $what\n" : "$what: $!\n";
	};
	my $port = term(DPORT, 0, range(1, 2));
	for (
		['half a term', substr $port, 0, 12],
		['a term and a half', $port . substr $port, 0, 12],
		['65 terms', $port x 65],
		['no field', term(0, 0, range(0, 0))],
		['an unknown field', term(200, 0, range(0, 0))],
		['an unknown flag', term(DPORT, 4, range(0, 0))],
		['an alternative to nothing', term(DPORT, 2, range(0, 0))],
		['a range backwards', term(DPORT, 0, range(2, 1))],
		['a port over 65535', term(DPORT, 0, range(1, 65536))],
		['a range with a family', term(DPORT, 0, range(1, 1), 2, 0)],
		['an address of no family', term(SRC, 0, '', 0, 8)],
		['a prefix of 33', term(SRC, 0, '', 2, 33)],
		['a prefix of 129', term(SRC, 0, '', 10, 129)],
		['an IPv4 address of 5 bytes', term(SRC, 0, 'x' x 5, 2, 32)],
		['a mark outside of its mask', term(MARK_IS, 0, pack 'LL', 2, 1)],
		['a name without an end', term(HELPER, 0, 'x' x 16)],
		['a reserved byte', substr($port, 0, 4) . pack('L', 1) . substr $port, 8],
	) {
		my ($what, $terms) = @$_;
		$check->("list: $what", LIST, NLM_F_DUMP, terms($terms));
		$check->("change: $what", CHANGE, NLM_F_DUMP, terms($terms) . attr(DELETE, ''));
	}
	$check->('an unknown block', LIST, NLM_F_DUMP, attr(BLOCKS, pack 'L', 16));
	$check->('an unknown group', COUNT, NLM_F_DUMP, attr(GROUP, pack 'C', 99));
	$check->('too many groups', COUNT, NLM_F_DUMP, attr(GROUP, pack 'C', 1)
		. attr(GROUPS_MAX, pack 'L', 2_000_000));
	$check->('a change of nothing', CHANGE, NLM_F_DUMP, '');
	$check->('to delete and to set', CHANGE, NLM_F_DUMP, attr(DELETE, '')
		. attr(MARK, pack 'L', 1));
	$check->('half a mark', CHANGE, NLM_F_DUMP, attr(MARK, "\1\0"));
	$check->('labels of 8 bytes', CHANGE, NLM_F_DUMP, attr(LABELS, 'x' x 8));
	$check->('an attribute of answers', LIST, NLM_F_DUMP, attr(RECORDS, 'x' x 72));
	$check->('an unknown attribute', LIST, NLM_F_DUMP, attr(99, 'x'));
}

# The number of records in an attribute.
sub records {
	my $data = shift // '';
	my $n = 0;
	while (length $data) {
		my $len = unpack 'S', $data;
		die "a record of $len bytes\n" if $len < 88 || $len > length $data;
		$data = substr $data, $len;
		$n++;
	}
	return $n;
}

sub parts {
	my $size = shift;
	my ($n, $parts, $done) = (0, 0, 0);
	my $socket = connected(NETLINK_GENERIC);
	put(message($family, NLM_F_DUMP, pack('CCS', LIST, 1, 0) . attr(BLOCKS, pack 'L', 15)));
	until ($done) {
		sysread $socket, my $data, $size or die "read: $!\n";
		my ($len, $type) = unpack 'LS', $data;
		die "a message of $len bytes\n" if $len > length $data;
		$done = $type == NLMSG_DONE || $type == NLMSG_ERROR;
		next if $done;
		my %attrs = attrs(substr $data, 20, $len - 20);
		$n += records($attrs{+RECORDS});
		$parts++;
	}
	print "$n records\n", $parts > 2 ? "in many parts\n" : '';
}

sub abandon {
	my @sockets;
	for (1 .. shift) {
		for my $request (pack('CCS', LIST, 1, 0),
			pack('CCS', COUNT, 1, 0) . attr(GROUP, pack 'C', 1)) {
			push @sockets, connected(NETLINK_GENERIC);
			put(message($family, NLM_F_DUMP, $request));
		}
	}
	sysread $_, my $data, 65536 for @sockets;
	print scalar(@sockets), " requests\n";
}

my ($what, @arguments) = @ARGV;
({ malformed => \&malformed, parts => \&parts, abandon => \&abandon }->{$what // ''}
	// die "see the head of $0\n")->(@arguments);
