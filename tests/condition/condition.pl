#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What the scenarios of the condition match need a program for. Runs in the namespace whose
# conditions it looks at.
#
#   condition.pl writes FILE          writes a table of right and wrong texts; a line each, "ok ..."
#                                     or what was wrong
#   condition.pl watch FILE           says when the file has changed, until the condition is gone
#   condition.pl flip FILE N          writes 1 and 0 in turn, N times in all
#   condition.pl monitor              prints netlink events: "new a 0", "change a 1", "del a 1"
#   condition.pl list                 prints a netlink dump: "a 1"
#   condition.pl get NAME             prints the value, or the error
#   condition.pl set NAME VALUE       says "done", or the error
#   condition.pl malformed NAME       sends requests that must be refused; a line each, as for
#                                     writes
#   condition.pl old TABLE CHAIN NAME adds a rule of revision 1, "! --condition NAME"; says "done",
#   or the error
#   condition.pl rules                loads wrong and right rules past iptables' own checks; a line
#                                     each, as for writes
use strict;
use warnings;
use Errno qw(EINVAL ENODEV ENOENT ERANGE EOPNOTSUPP ENAMETOOLONG);
use Fcntl qw(:DEFAULT :seek);
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use genetlink;

$| = 1;

sub show {
	my $text = shift;
	$text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
	return "'" . substr($text, 0, 20) . "'";
}

sub content {
	my $fh = shift;
	sysseek $fh, 0, SEEK_SET or die "seek: $!\n";
	my $text = '';
	defined sysread $fh, $text, 100 or die "read: $!\n";
	return $text;
}

# ---- files ----

sub writes {
	my $file = shift;
	sysopen my $fh, $file, O_RDWR or die "$file: $!\n";
	my @wrong = ('', "\n", '2', '00', '01', '10', '11', " 1", "1 ", "1\r", "1\0", "\0", '-',
		'-1', 'y', 'on', "1\n\n", "0\n1\n", '1' x 4096, "\xb1");
	my $check = sub {
		my ($what, $got, $value) = @_;
		my $is = content($fh);
		print $got && $is eq "$value\n" ? "ok $what\n" : "$what: status "
			. ($got ? 'right' : "wrong ($!)") . ", then " . show($is) . "\n";
	};
	for my $value (0, 1) {
		syswrite($fh, $value) or die "$file: $!\n";
		for my $text (@wrong[0 .. ($value ? 9 : $#wrong)]) {
			my $n = syswrite $fh, $text;
			$check->('EINVAL for ' . show($text) . " over $value", !defined $n &&
				$! == EINVAL, $value);
		}
	}
	for my $text ('0', "1\n", '1', "0\n") {
		$check->('takes ' . show($text), (syswrite($fh, $text) // 0) == length $text,
			substr $text, 0, 1);
	}
	# One write is one command, at any file position.
	sysseek $fh, 7, SEEK_SET;
	$check->('takes 1 at an offset', (syswrite($fh, "1\n") // 0) == 2, 1);
	sysseek $fh, 1, SEEK_SET;
	sysread $fh, my $rest, 10;
	print $rest eq "\n" ? "ok reads on from an offset\n" : "an offset reads wrongly\n";
}

sub watch {
	my $file = shift;
	sysopen my $fh, $file, O_RDONLY or die "$file: $!\n";
	require IO::Poll; # here, because loading it takes its time
	my $poll = IO::Poll->new;
	my $gone = IO::Poll::POLLERR() | IO::Poll::POLLHUP();
	$poll->mask($fh => IO::Poll::POLLPRI());
	print 'begins ', content($fh);
	while (1) {
		$poll->poll(60) > 0 or die "nothing for a minute\n";
		last if $poll->events($fh) & $gone;
		print 'changed ', content($fh);
	}
	print +($poll->events($fh) & $gone) == $gone ? "hung up\n" : "half hung up\n";
	sysseek $fh, 0, SEEK_SET;
	print defined sysread($fh, my $text, 10) ? "still reads\n" : $! == ENODEV
		? "no such device\n" : "$!\n";
}

sub flip {
	my ($file, $n) = @_;
	sysopen my $fh, $file, O_WRONLY or die "$file: $!\n";
	for my $i (1 .. $n) { syswrite $fh, $i & 1 or die "$file: $!\n" }
}

# ---- netlink ----

use constant { CMD_GET => 1, CMD_SET => 2, A_NAME => 1, A_VALUE => 2 };
my @commands = qw(unspec get set new change del);

sub text {
	my ($answer) = @_;
	return unpack('Z*', $answer->{+A_NAME}), unpack('C', $answer->{+A_VALUE});
}
sub name { return attr(A_NAME, "$_[0]\0") }
sub value { return attr(A_VALUE, pack 'C', $_[0]) }

sub monitor {
	my (undef, $group) = family('nf_condition');
	listen_to($group);
	print "listening\n";
	while (1) {
		for my $message (receive()) {
			print join(' ', $commands[unpack 'C', $message->[1]],
				text({ attrs(substr $message->[1], 4) })), "\n";
		}
	}
}

sub list {
	my ($family) = family('nf_condition');
	my @answers = request($family, CMD_GET, NLM_F_DUMP, '');
	die "$!\n" if $!;
	print join(' ', text($_)), "\n" for @answers;
}

sub get {
	my ($family) = family('nf_condition');
	my ($answer) = request($family, CMD_GET, 0, name(shift));
	print $answer ? (text($answer))[1] : $!, "\n";
}

sub set {
	my ($family) = family('nf_condition');
	request($family, CMD_SET, 0, name(shift) . value(shift));
	print $! ? "$!\n" : "done\n";
}

sub malformed {
	my $name = shift;
	my ($family) = family('nf_condition');
	my $check = sub {
		my ($what, $want, @request) = @_;
		my @answers = request($family, @request);
		# Newer kernels have an error of its own for a wrong length.
		print +($! == $want || $want == ERANGE && $! == EINVAL) && !@answers ? "ok $what\n"
			: "$what: $!\n";
	};
	$check->('get without a name', EINVAL, CMD_GET, 0, '');
	$check->('get of an empty name', ENOENT, CMD_GET, 0, name(''));
	$check->('get of a name that no rule uses', ENOENT, CMD_GET, 0, name('nobody'));
	$check->('get of a name of 31 bytes', ERANGE, CMD_GET, 0, name('a' x 31));
	$check->('get of a name without NUL', EINVAL, CMD_GET, 0, attr(A_NAME, $name));
	$check->('set without a value', EINVAL, CMD_SET, 0, name($name));
	$check->('set without a name', EINVAL, CMD_SET, 0, value(1));
	$check->('set to 2', ERANGE, CMD_SET, 0, name($name) . value(2));
	$check->('set to a value of two bytes', ERANGE, CMD_SET, 0,
		name($name) . attr(A_VALUE, "\1\0"));
	$check->('set to a value of no bytes', ERANGE, CMD_SET, 0, name($name) . attr(A_VALUE, ''));
	$check->('an unknown attribute', EINVAL, CMD_GET, 0, name($name) . attr(9, "\0"));
	$check->('an event as a request', EOPNOTSUPP, 3, 0, name($name));
	$check->('an unknown command', EOPNOTSUPP, 77, 0, name($name));
}

# ---- rules that iptables would not send ----

sub rule {
	my ($revision, $info, $table, $chain) = (@_, 't', 'c');
	nft_rule($table, $chain, 'condition', $revision, $info);
}

sub revision1 { my ($name, $invert) = @_; return pack 'a31 C Q', $name, $invert, ~0 - 7 }

sub old {
	my ($table, $chain, $name) = @_;
	nft_connected();
	rule(1, revision1($name, 1), $table, $chain);
	print $! ? "$!\n" : "done\n";
}

sub rules {
	my $v1 = \&revision1;
	my $v2 = sub {
		my ($names, %but) = @_;
		return pack 'a496 C C a6 Q', pack("a31" x @$names, @$names), $but{count} //
			scalar @$names, $but{flags} // 0,
			$but{reserved} // '', ~0 - 7;
	};
	nft_connected();
	nft_table('t', 'c');
	my $check = sub {
		my ($what, $want, $revision, $info) = @_;
		rule($revision, $info);
		print $! == $want ? "ok $what\n" : "$what: $!\n";
	};
	$check->('revision 1', 0, 1, $v1->('one', 0));
	$check->('revision 1, inverted', 0, 1, $v1->('one', 1));
	$check->('revision 1, the longest name', 0, 1, $v1->('l' x 30, 1));
	$check->('revision 1, invert 2', EINVAL, 1, $v1->('bad', 2));
	$check->('revision 1, no NUL', ENAMETOOLONG, 1, $v1->('b' x 31, 0));
	$check->('revision 1, short', EINVAL, 1, substr $v1->('bad', 0), 0, 24);
	$check->('revision 2', 0, 2, $v2->(['one', 'two']));
	$check->('revision 2, any, inverted', 0, 2, $v2->(['one', 'two'], flags => 3));
	$check->('revision 2, sixteen', 0, 2, $v2->(['a' .. 'p']));
	$check->('revision 2, none', EINVAL, 2, $v2->([]));
	$check->('revision 2, seventeen', EINVAL, 2, $v2->(['a' .. 'p'], count => 17));
	$check->('revision 2, 255', EINVAL, 2, $v2->(['a' .. 'p'], count => 255));
	$check->('revision 2, more than there are', EINVAL, 2, $v2->(['bad', 'bad2'], count => 3));
	$check->('revision 2, fewer than there are', EINVAL, 2, $v2->(['bad', 'bad2'], count => 1));
	$check->('revision 2, unknown flags', EINVAL, 2, $v2->(['bad'], flags => 4));
	$check->('revision 2, reserved bytes', EINVAL, 2,
		$v2->(['bad'], reserved => "\0\0\0\0\0\1"));
	$check->('revision 2, one twice', EINVAL, 2, $v2->(['bad', 'bad2', 'bad']));
	$check->('revision 2, no NUL', ENAMETOOLONG, 2, $v2->(['bad', 'b' x 31]));
	$check->('revision 2, short', EINVAL, 2, substr $v2->(['bad']), 0, 496);
	$check->('revision 3', ENOENT, 3, $v2->(['bad']));
	for my $name ('', '.', '..', '/', 'b/', 'b,d', 'b d', "b\n", "b\x7f") {
		$check->('revision 1, the name ' . show($name), EINVAL, 1, $v1->($name, 0));
		$check->('revision 2, the name ' . show($name), EINVAL, 2,
			$v2->(['bad', $name, 'bad2']));
	}
}

my %verbs = (writes => \&writes, watch => \&watch, flip => \&flip, monitor => \&monitor,
	list => \&list, get => \&get,
	set => \&set, malformed => \&malformed, old => \&old, rules => \&rules);
my $verb = shift // '';
($verbs{$verb} // die "condition.pl: unknown verb '$verb'\n")->(@ARGV);
