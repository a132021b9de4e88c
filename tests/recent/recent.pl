#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Speaks netlink with xt_recent, for netlink.sh and others, and with nf_tables, for rules.sh.
#
#   recent.pl malformed LIST
#	sends requests that must be refused; a line each, "ok ..." or what was answered
#   recent.pl dump LIST [N [del]]
#	reads the list by dumps of which it hears the first N messages [all], each new one from
#	behind the last address it heard, which is removed before; prints how many addresses, how
#	many of them different, messages
#   recent.pl deaf LIST FILE N
#	listens to events without reading them while N writes of 1000 addresses go to FILE; prints
#	what reading says then
#   recent.pl crowd N
#	listens to events with N sockets and reads none, until it is killed; prints "listening"
#   recent.pl during LIST N
#	removes, N times, a network of which LIST has no address, and an address from the list
#	"other" meanwhile; prints how long such a request waits at most, as a percentage of the
#	removal that it met
#   recent.pl lists COMMAND
#	dumps all lists, and runs COMMAND after the first part; prints their names
#   recent.pl replaced LIST COMMAND
#	dumps a list, and runs COMMAND after the first part; prints "complete" or "interrupted" and
#	the first halves of all addresses
#   recent.pl restore LIST ADDRESS AGES
#	restores an address, and prints the events of it
#   recent.pl rules
#	gives the kernel rules of all revisions, right ones and wrong ones; a line each, as above
#   recent.pl old REVISION LIST
#	rules of that revision, for packets to this host: the second packet of an address is dropped
use strict;
use warnings;
use POSIX qw(WNOHANG);
use List::Util qw(max);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
use Errno qw(EINVAL ENAMETOOLONG ENOENT ENOBUFS ERANGE EOPNOTSUPP);
use Socket qw(SOL_SOCKET SO_RCVBUF inet_aton inet_ntoa);
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use genetlink;

use constant {
	LISTS => 1, SET => 2, GET => 3, ADD => 4, SEE => 5, DEL => 6, FLUSH => 7,
	NAME => 1, ADDR => 2, PREFIX => 3, AGES => 5, SIZE => 7, STAMPS => 8, FULL => 10,
	NLM_F_DUMP_INTR => 0x10,
};
my ($family, $group);
$| = 1;

sub malformed {
	my $list = attr(NAME, shift . "\0");
	my $addr = attr(ADDR, "\xc0\0\2\1");
	my $check = sub {
		my ($what, $want, @request) = @_;
		my @answers = request($family, @request);
		# Some errors have another number on newer kernels.
		print +($! == $want || $want == ERANGE && $! == EINVAL) && !@answers ? "ok $what\n"
			: "$what: $!\n";
	};
	for ([SET, 'set'], [ADD, 'add'], [DEL, 'del'], [FLUSH, 'flush']) {
		$check->("$_->[1] without a name", EINVAL, $_->[0], 0, $addr);
		$check->("$_->[1] of a list that is not there", ENOENT, $_->[0], 0,
			attr(NAME, "nobody\0") . $addr);
		$check->("$_->[1] of a name without an end", EINVAL, $_->[0], 0, attr(NAME, 'L')
			. $addr);
		$check->("$_->[1] of a name that is too long", ERANGE, $_->[0], 0,
			attr(NAME, 'a' x 200 . "\0") . $addr);
	}
	$check->('dump without a name', EINVAL, GET, NLM_F_DUMP, '');
	$check->('dump of a list that is not there', ENOENT, GET, NLM_F_DUMP,
		attr(NAME, "nobody\0"));
	$check->('dump from behind half an address', EINVAL, GET, NLM_F_DUMP, $list
		. attr(ADDR, "\1\2"));
	for my $n (0, 1, 3, 5, 15, 17, 64) {
		$check->("an address of $n bytes", ERANGE, ADD, 0, $list . attr(ADDR, 'x' x $n));
	}
	$check->('add without an address', EINVAL, ADD, 0, $list);
	$check->('a prefix longer than the address', ERANGE, DEL, 0, $list . $addr
		. attr(PREFIX, pack 'C', 33));
	$check->('a prefix longer than any', ERANGE, DEL, 0, $list . $addr
		. attr(PREFIX, pack 'C', 129));
	$check->('no ages', EINVAL, ADD, 0, $list . $addr . attr(AGES, ''));
	$check->('half an age', EINVAL, ADD, 0, $list . $addr . attr(AGES, 'xxxx'));
	$check->('an age and a half', EINVAL, ADD, 0, $list . $addr . attr(AGES, pack 'QL', 1, 2));
	$check->('ages out of order', EINVAL, ADD, 0, $list . $addr . attr(AGES, pack 'QQ', 2, 1));
	$check->('an age before all time', EINVAL, ADD, 0, $list . $addr
		. attr(AGES, pack 'Q', ~0));
	$check->('ages without end', ERANGE, ADD, 0, $list . $addr
		. attr(AGES, pack 'Q*', 1 .. 257));
	$check->('a size of 0', ERANGE, SET, 0, $list . attr(SIZE, pack 'L', 0));
	$check->('a size over ten million', ERANGE, SET, 0, $list
		. attr(SIZE, pack 'L', 10_000_001));
	$check->('half a size', ERANGE, SET, 0, $list . attr(SIZE, "\1\0"));
	$check->('65536 stamps', ERANGE, SET, 0, $list . attr(STAMPS, pack 'L', 65536));
	$check->('an unknown way to be full', ERANGE, SET, 0, $list . attr(FULL, pack 'C', 3));
	$check->('an unknown attribute', EINVAL, FLUSH, 0, $list . attr(99, "\0"));
	$check->('an event as a request', EOPNOTSUPP, SEE, 0, $list . $addr);
	$check->('an unknown command', EOPNOTSUPP, 77, 0, $list);
}

sub dump_list {
	my ($name, $most, $del) = @_;
	my (%seen, $last, $n, $messages, $ended);
	($n, $messages) = (0, 0);
	until ($ended) {
		ask($family, GET, NLM_F_DUMP, attr(NAME, "$name\0")
			. (defined $last ? attr(ADDR, $last) : ''));
		for (my $heard = 0; !$ended && (!$most || $heard < $most); $heard++, $messages++) {
			for (receive()) {
				my ($type, $data) = @$_;
				if ($type == NLMSG_DONE) { $ended = 1; last }
				die "$!\n" if $type == NLMSG_ERROR and $! = -unpack 'l', $data;
				my %answer = attrs(substr $data, 4);
				$seen{$last = $answer{+ADDR}} = 1;
				$n++;
			}
		}
		connected(NETLINK_GENERIC); # the old one is left as it is
		request($family, DEL, 0, attr(NAME, "$name\0") . attr(ADDR, $last)) if $del;
	}
	print "$n addresses, ", scalar keys %seen, " different\n", $messages > 4 ?
		"in many messages\n" : "in $messages messages\n";
}

# The messages of a dump. COMMAND runs when the kernel has made the first part, and before the
# second. The last message has the type NLMSG_DONE.
sub dump_around {
	my ($command, @request) = @_;
	my @messages;
	ask(@request);
	system($command) == 0 or die "$command: $?\n";
	until (@messages && $messages[-1][0] == NLMSG_DONE) {
		push @messages, receive();
		die "$!\n" if $messages[-1][0] == NLMSG_ERROR and $! = -unpack 'l',
			$messages[-1][1];
	}
	die "$!\n" if $! = -unpack 'l', $messages[-1][1];
	return @messages;
}

sub lists {
	my @messages = dump_around(shift, $family, LISTS, NLM_F_DUMP, '');
	pop @messages;
	for (@messages) {
		my %list = attrs(substr $_->[1], 4);
		print unpack('Z*', $list{+NAME}), "\n";
	}
}

sub replaced {
	my ($name, $command) = @_;
	my @messages = dump_around($command, $family, GET, NLM_F_DUMP, attr(NAME, "$name\0"));
	my $done = pop @messages;
	my %halves;
	for (@messages) {
		my %entry = attrs(substr $_->[1], 4);
		$halves{join '.', unpack 'CC', $entry{+ADDR}} = 1;
	}
	print $done->[2] & NLM_F_DUMP_INTR ? 'interrupted' : 'complete', ': ',
		join(' ', sort keys %halves), "\n";
}

sub restore {
	my ($name, $address, $ages) = @_;
	my @ages = split /,/, $ages;
	listen_to($group);
	for (request($family, ADD, 0, attr(NAME, "$name\0") . attr(ADDR, inet_aton($address))
		. attr(AGES, pack 'Q*', @ages))) {
		print +($_->{command} == ADD ? 'ADD' : $_->{command}), ' ', inet_ntoa($_->{+ADDR}),
			': ', length($_->{+AGES}) / 8, " times\n";
	}
	die "$!\n" if $!;
}

# Many listeners, until they are killed.
sub crowd {
	my @sockets;
	for (1 .. shift) {
		push @sockets, connected(NETLINK_GENERIC);
		listen_to($group);
	}
	print "listening\n";
	select undef, undef, undef, undef;
}

sub during {
	my ($list, $rounds) = @_;
	my $host = attr(NAME, "other\0") . attr(ADDR, inet_aton('192.0.2.1'));
	my $now = sub { clock_gettime(CLOCK_MONOTONIC) };
	pipe my $times, my $told or die "pipe: $!\n";
	my $child = fork // die "fork: $!\n";
	if (!$child) {
		connected(NETLINK_GENERIC);
		for (1 .. $rounds) {
			my $begin = $now->();
			request($family, DEL, 0, attr(NAME, "$list\0")
				. attr(ADDR, inet_aton('172.16.0.0')) . attr(PREFIX, pack 'C', 12));
			die "DEL: $!\n" if $!;
			syswrite $told, pack 'dd', $begin, $now->();
		}
		POSIX::_exit(0);
	}
	my @answers;
	until (waitpid $child, WNOHANG) {
		my $begin = $now->();
		request($family, DEL, 0, $host);
		push @answers, [$begin, $now->()];
	}
	die "the removals failed\n" if $?;
	sysread $times, my $removals, 16 * $rounds;
	my @removals = unpack 'd*', $removals;
	my $most = 0;
	while (my ($begin, $end) = splice @removals, 0, 2) {
		for (grep { $_->[1] > $begin && $_->[0] < $end } @answers) {
			$most = max($most, ($_->[1] - $_->[0]) / ($end - $begin));
		}
	}
	printf "%d\n", 100 * $most;
}

sub deaf {
	my ($file, $n) = @_[1, 2];
	my $socket = connected(NETLINK_GENERIC);
	setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 4096 or die "SO_RCVBUF: $!\n";
	listen_to($group);
	open my $fh, '>', $file or die "$file: $!\n";
	for my $i (1 .. $n) {
		syswrite $fh, join '', map { "+10." . (100 + $i) . "." . ($_ >> 8) . '.'
			. ($_ & 255) . "\n" } 1 .. 1000 or die "$file: $!\n";
	}
	my $read = sysread $socket, my $data, 65536;
	print defined $read ? "read on\n" : $! == ENOBUFS ? "told that something is lost\n" :
		"$!\n";
	$read = sysread $socket, $data, 65536;
	print defined $read ? "and reads on\n" : "then: $!\n";
}

# ---- rules ----

use constant { RCHECK => 1, SET_FLAG => 2, UPDATE => 4, REMOVE => 8, TTL => 16, REAP => 32 };

# The bytes of a rule. The bytes after its last member belong to the kernel.
sub info {
	my ($revision, $name, $flags, %of) = @_;
	my @head = ($of{seconds} // 0, $of{hits} // 0, $flags, $of{invert} // 0);
	my $side = $of{side} // 0;
	my $mask = "\xff" x 4 . "\0" x 12;
	return pack('LLCCa200Cx', @head, $name, $side) . "\xff" x 4 if $revision == 0;
	return pack('LLCCa200Cxa16', @head, $name, $side, $mask) . "\xff" x 4 if $revision == 1;
	return pack('LLCCCCa200a16LLLLx4', @head, $side, $of{full} // 0, $name, $mask,
		$of{size} // 0, $of{stamps} // 0, $of{timeout} // 0,
		$of{reserved} // 0) . "\xff" x 8;
}

sub rules {
	nft_connected();
	nft_table('t', 'c');
	my $check = sub {
		my ($what, $want, $revision, $info) = @_;
		nft_rule('t', 'c', 'recent', $revision, $info);
		print $! == $want ? "ok revision $revision: $what\n" :
			"revision $revision: $what: $!\n";
	};
	for my $r (0 .. 2) {
		my $good = sub { my ($what, @rest) = @_; $check->($what, 0, $r, info($r, @rest)) };
		my $bad = sub { my ($what, @rest) = @_;
			$check->($what, EINVAL, $r, info($r, 'bad', @rest)) };
		$bad->('65536 hits', RCHECK, hits => 65536);
		$bad->('no verb', 0);
		$bad->('two verbs', SET_FLAG | RCHECK);
		$bad->('all verbs', 15);
		$bad->('an unknown flag', RCHECK | 64);
		$bad->('set within seconds', SET_FLAG, seconds => 1);
		$bad->('set with hits', SET_FLAG, hits => 1);
		$bad->('set with a TTL', SET_FLAG | TTL);
		$bad->('remove and reap', REMOVE | REAP, seconds => 1);
		$bad->('reap of what age', RCHECK | REAP);
		$bad->('twice inverted', RCHECK, invert => 2);
		$bad->('a third side', RCHECK, side => 2);
		$good->('set', "set$r", SET_FLAG);
		$good->('remove', "set$r", REMOVE, invert => 1);
		$good->('the largest numbers', "large$r", UPDATE | TTL | REAP,
			seconds => 0xffffffff, hits => 65535, side => 1, invert => 1);
		$good->('the longest name', $r x 199, RCHECK);
		$check->('a name without an end', ENAMETOOLONG, $r, info($r, 'b' x 200, RCHECK));
		$check->("the name '$_'", EINVAL, $r, info($r, $_, RCHECK)) for '', '.', '..',
			'b/d', '/', "b\rd", "b\e[1md";
		$check->('half a rule', EINVAL, $r, substr info($r, 'bad', RCHECK), 0, 96);
	}
	$check->('the largest list', 0, 2,
		info(2, 'large2', RCHECK, size => 10_000_000, stamps => 65535,
		timeout => 0xffffffff, full => 2));
	$check->('a list of over ten million', EINVAL, 2,
		info(2, 'bad', RCHECK, size => 10_000_001));
	$check->('65536 stamps', EINVAL, 2, info(2, 'bad', RCHECK, stamps => 65536));
	$check->('an unknown way to be full', EINVAL, 2, info(2, 'bad', RCHECK, full => 3));
	$check->('a reserved byte', EINVAL, 2, info(2, 'bad', RCHECK, reserved => 1));
	$check->('there is none', ENOENT, 3, info(2, 'bad', RCHECK));
}

sub old {
	my ($revision, $list) = @_;
	nft_connected();
	nft_table("old$revision", 'c', 1);
	for ([RCHECK, hits => 2, seconds => 60], [SET_FLAG]) {
		nft_rule("old$revision", 'c', 'recent', $revision, info($revision, $list, @$_),
			$_->[0] == RCHECK);
		die "$!\n" if $!;
	}
}

my ($what, @arguments) = @ARGV;
($family, $group) = family('xt_recent') unless $what =~ /^(rules|old)$/;
({ rules => \&rules, old => \&old, malformed => \&malformed, dump => \&dump_list, deaf => \&deaf,
	crowd => \&crowd, during => \&during, lists => \&lists, replaced => \&replaced,
	restore => \&restore }->{$what} // die "see the head of $0\n")->(@arguments);
