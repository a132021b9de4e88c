#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Next hops over generic netlink, in the namespace that it runs in.
#
#   next-hops.pl list               prints a line for each that is watched: GATEWAY INTERFACE STATE
#                                   SET, as in "10.0.1.2 - up auto", and "reply" for one
#                                   of rules with --reply
#   next-hops.pl events             prints such a line for each event, and "end" after the last one
#                                   of a next hop
#   next-hops.pl set GATEWAY|- INTERFACE|- auto|up|down	prints "done", or the error
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 inet_pton inet_ntop);
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use genetlink;

$| = 1;
use constant { CMD_GET => 1, CMD_SET => 2, CMD_END => 4, A_GW => 1, A_OIF => 2, A_SET => 3,
	A_UP => 5, A_REPLY => 7 };
my @set = qw(auto up down);

sub text {
	my $hop = shift;
	my $gw = $hop->{+A_GW};
	return join ' ', $gw ? inet_ntop(length $gw == 4 ? AF_INET : AF_INET6, $gw) : '-',
		unpack('Z*', $hop->{+A_OIF} // '-'),
		unpack('C', $hop->{+A_UP}) ? 'up' : 'down', $set[unpack 'C', $hop->{+A_SET}],
		exists $hop->{+A_REPLY} ? 'reply' : ();
}

sub list {
	my ($family) = family('xt_ROUTE');
	my @hops = request($family, CMD_GET, NLM_F_DUMP, '');
	die "list: $!\n" if $!;
	print text($_), "\n" for @hops;
}

sub events {
	my (undef, $group) = family('xt_ROUTE');
	listen_to($group);
	print "listening\n";
	while (1) {
		for (receive()) {
			my $end = unpack('C', $_->[1]) == CMD_END ? ' end' : '';
			print text({ attrs(substr $_->[1], 4) }), "$end\n";
		}
	}
}

sub set {
	my ($gw, $oif, $what) = @_;
	my ($family) = family('xt_ROUTE');
	my ($number) = grep { $set[$_] eq $what } 0 .. $#set;
	my $payload = attr(A_SET, pack 'C', $number // 9);
	$payload .= attr(A_GW, inet_pton($gw =~ /:/ ? AF_INET6 : AF_INET, $gw)) if $gw ne '-';
	$payload .= attr(A_OIF, "$oif\0") if $oif ne '-';
	request($family, CMD_SET, 0, $payload);
	print $! ? "$!\n" : "done\n";
}

my %verbs = (list => \&list, events => \&events, set => \&set);
my $verb = $verbs{shift // ''} // die "see the head of $0\n";
$verb->(@ARGV);
