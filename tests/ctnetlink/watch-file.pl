#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What a program does with /proc/net/nf_ctnetlink_events, in the namespace that it runs in.
#
#   watch-file.pl wrong		writes that must be refused; a line each, "ok ..." or what happened
#   watch-file.pl wait FILE	poll and reads that do not wait; makes FILE when it watches
#   watch-file.pl names N	asks for N channels with different names; prints how many it got,
#				and the error of the next one
#   watch-file.pl rings N.. [hold]
#				opens a file for each N, and asks for N events of each CPU; prints
#				"ok" or the error for each; hold: until the end of its input
use strict;
use warnings;
use Errno qw(EAGAIN EINVAL);
use Fcntl qw(O_NONBLOCK O_RDWR);
use IO::Poll qw(POLLIN);

use constant { NEW => 1, CHANNEL => 1, READ => 1 << 16 };
$| = 1;

sub opened {
	my ($flags) = @_;
	sysopen my $file, '/proc/net/nf_ctnetlink_events', O_RDWR | ($flags // 0) or
		die "open: $!\n";
	return $file;
}

# A struct nf_ctnetlink_watch: new connections, and what is different.
sub watch {
	my (%set) = @_;
	return pack 'L6 a32', $set{kinds} // NEW, $set{blocks} // 0, $set{ring} // 0,
		$set{wake_events} // 0, $set{wake_ms} // 0, $set{flags} // 0, $set{channel} // '';
}

# A term: field, flags, family, prefix, and a range.
sub term { return pack 'CCCCLQQ', $_[0], 0, 0, 0, 0, @_[1, 2] }

# Whether the file takes it: "ok", or the error.
sub put {
	my ($file, $data) = @_;
	my $written = syswrite $file, $data;
	return !defined $written ? "$!" : $written == length $data ? 'ok' : "$written bytes";
}

sub wrong {
	my $file = opened();
	my $port = term(9, 1, 2);
	print 'read before write: ', defined sysread($file, my $data, READ) ? 'data' : $!, "\n";
	for (
		['nothing', ''],
		['half a watch', substr watch(), 0, 28],
		['a byte too few', substr watch(), 0, 55],
		['no kind', watch(kinds => 0)],
		['an unknown kind', watch(kinds => 1024)],
		['an unknown block', watch(blocks => 1 << 31)],
		['a ring too large', watch(ring => 65537)],
		['too many events to wake', watch(wake_events => 65537)],
		['too long a time', watch(wake_ms => 10001)],
		['an unknown flag', watch(flags => 2)],
		['a channel without an end', watch(flags => CHANNEL, channel => 'x' x 32)],
		['half a term', watch() . substr $port, 0, 12],
		['an unknown field', watch() . term(200, 0, 0)],
		['a range backwards', watch() . term(9, 2, 1)],
		['65 terms', watch() . $port x 65],
	) {
		my ($what, $data) = @$_;
		my $said = put($file, $data);
		print $said eq 'ok' || $! != EINVAL ? "$what: $said\n" : "ok $what\n";
	}
	print 'then what is right: ', put($file, watch() . $port x 64), "\n";
	print 'again: ', put($file, watch()), "\n";
}

# Seconds that poll waits at most; whether it said that there are events.
sub polled {
	my ($file, $seconds) = @_;
	my $poll = IO::Poll->new;
	$poll->mask($file => POLLIN);
	$poll->poll($seconds);
	return $poll->events($file) & POLLIN ? 'events' : 'none';
}

sub await {
	my ($ready) = @_;
	my $file = opened(O_NONBLOCK);
	print 'poll before write: ', polled($file, 0), "\n";
	put($file, watch(wake_ms => 10));
	print 'poll: ', polled($file, 0), "\n";
	print 'read: ', defined sysread($file, my $data, READ) ? 'data' : $!, "\n";
	open my $made, '>', $ready or die "$ready: $!\n";
	print 'an event: ', polled($file, 60), "\n";
	print 'read into little: ', defined sysread($file, $data, 16) ? 'data' : $!, "\n";
	sysread $file, $data, READ or die "read: $!\n";
	my ($len, $kinds, $lost) = unpack 'SSL', $data;
	print "then all of it: kinds $kinds lost $lost\n";
}

sub names {
	my ($count) = @_;
	my $got = 0;
	for (0 .. $count - 1) {
		my $said = put(opened(), watch(flags => CHANNEL, channel => "name $_", ring => 1));
		if ($said ne 'ok') {
			print "$got, then: $said\n";
			last;
		}
		$got++;
	}
	print "$got\n" if $got == $count;
	print 'a name that exists: ',
		put(opened(), watch(flags => CHANNEL, channel => 'name 0', ring => 1)), "\n";
}

my @files;
my %run = (
	wrong => \&wrong, wait => \&await, names => \&names,
	rings => sub {
		for (@_) {
			return scalar <STDIN> if $_ eq 'hold';
			push @files, opened();
			print put($files[-1], watch(ring => $_)), "\n";
		}
	},
);
my $what = shift // '';
($run{$what} // die "watch-file.pl wrong|wait|names|rings\n")->(@ARGV);
