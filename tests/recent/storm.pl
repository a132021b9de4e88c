#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The traffic and the upheaval of storm.sh.
#
#   storm.pl flood SEED DEST...
#	sends UDP packets to the addresses DEST in turn until it is killed: from random sources in
#	10.0.0.0/9 or fd00::/32, and of 16 to each of them one from 10.255.0.1 to .4 or fd00:ffff::1
#	to ::4, so that each of these is in any 64 packets to such a DEST
#   storm.pl crowd SEED HOSTS DEST...
#	the same from HOSTS random sources in 10.0.0.0/9 or fd00::/32, without pause
#   storm.pl toggle N LIST
#	N times, for half a second: sets the number of times that an address may have to 1 and to
#	1000 in turn by netlink, as fast as the kernel takes it; then empties the list. A line each:
#	"ok ..." or what is wrong.
#   storm.pl listen N LIST
#	reads N events of a list that only packets change, and says what is wrong with their order
#	and with the times that they tell. What follows lost events is not judged. A line: "ok ..."
#	or what is wrong.
#   storm.pl shake N LIST TOOL RULES...
#	N times: changes the size of the list under the flood, by netlink and by loading the files
#	RULES (SIZE.FAMILY, for iptables-restore), reads it in all ways and adds up what it says of
#	itself. Nobody else may remove anything. A line each: "ok ..." or what is wrong.
#   storm.pl empty N LIST TOOL
#	N times: adds, removes and flushes under the flood
use strict;
use warnings;
use Socket qw(SOL_SOCKET inet_pton inet_ntop);
use Errno qw(ENOBUFS);
use Time::HiRes qw(time);
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{../lib}r }
use genetlink;
use packet;

use constant { SO_RCVBUFFORCE => 33, SET => 2, ADD => 4, SEE => 5, DEL => 6, FLUSH => 7, NAME => 1,
	ADDR => 2, AGES => 5, STAMPS => 8 };

$| = 1;

# Where to, and a packet from a host: one of those that come all the time, or of the others.
sub destination {
	my $to = address(shift);
	my $six = length $to == 16;
	my $packet = ip("\0" x length $to, $to, UDP, pack 'nnnn', 999, 1000, 8, 0);
	return {
		socket => raw_socket($six ? AF_INET6 : AF_INET), sockaddr => sockaddr($to, 0),
		packet => sub {
			my ($always, $host) = @_;
			if ($six) {
				substr $packet, 8, 16, pack 'nnNNN', 0xfd00, $always ? 0xffff : 0,
					0, 0, $host;
			} else {
				substr $packet, 12, 4, pack 'N',
					($always ? 0x0aff0000 : 0x0a000000) + $host;
			}
			return $packet;
		},
	};
}

sub flood {
	my ($seed, @dests) = @_;
	my @to = map { destination($_) } @dests;
	srand $seed;
	print "flood\n";
	for (my $i = 0;; $i++) {
		my $always = $i % 16 == 0;
		for (@to) {
			my $packet = $_->{packet}->($always, $always ? 1 + $i / 16 % 4 :
				int rand 1 << 23);
			# Its receiver may be gone.
			send $_->{socket}, $packet, 0, $_->{sockaddr};
		}
	}
}

# Few sources, so that each of them is seen again and again.
sub crowd {
	my ($seed, $hosts, @dests) = @_;
	my @to = map { destination($_) } @dests;
	srand $seed;
	print "flood\n";
	while (1) {
		my $host = 1 + int rand $hosts;
		send $_->{socket}, $_->{packet}->(0, $host), 0, $_->{sockaddr} for @to;
	}
}

sub toggle {
	my ($rounds, $list) = @_;
	my ($family) = family('xt_recent');
	my $name = attr(NAME, "$list\0");
	my $both = join '', map { message($family, 0, pack('CCS', SET, 1, 0) . $name
		. attr(STAMPS, pack 'L', $_)) } 1, 1000;
	for my $round (1 .. $rounds) {
		for (my $end = time + 0.5; time < $end;) { put($both x 50) }
		request($family, SET, 0, $name . attr(STAMPS, pack 'L', 7));
		print $! ? "round $round: $!\n" :
			"ok round $round: netlink sets the number of times\n";
		my $was = stat_of($list);
		print $was->{stamps} == 7 && $was->{entries} && !$was->{no_memory} ?
			"ok round $round: it is what was set last\n" :
			"round $round: " . join(' ', map { "$_=$was->{$_}" } sort keys %$was)
				. "\n";
		request($family, FLUSH, 0, $name);
	}
}

# An address is new, then seen any number of times, then gone. Who is new was seen once.
sub listen_for {
	my ($wanted, $list) = @_;
	my (undef, $group) = family('xt_recent');
	my (%there, %wrong);
	my $socket = connected(NETLINK_GENERIC);
	setsockopt $socket, SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20 or die "SO_RCVBUFFORCE: $!\n";
	listen_to($group);
	for (my $n = 0; $n < $wanted;) {
		my @messages = eval { receive() };
		if ($@) {
			# What is lost is lost between what waits here and what comes later.
			$!{ENOBUFS} or die $@;
			1 while defined recv $socket, my $waits, 65536, MSG_DONTWAIT;
			%there = ();
			next;
		}
		for (@messages) {
			my ($command, %event) = (unpack('C', $_->[1]), attrs(substr $_->[1], 4));
			next if $event{+NAME} ne "$list\0";
			my ($address, $there) = ($event{+ADDR}, $there{$event{+ADDR}});
			$n++;
			$there{$address} = $command != DEL;
			$wrong{length($event{+AGES}) / 8 . ' times of a new address'}++ if $command
				== ADD and length $event{+AGES} != 8;
			next unless defined $there;
			$wrong{'new, but was there'}++ if $command == ADD and $there;
			$wrong{'seen or gone, but was not there'}++ if $command != ADD and !$there;
		}
	}
	print %wrong ? join(', ', map { "$_: $wrong{$_}" } sort keys %wrong) . "\n" :
		"ok each event is right, and in order\n";
}

sub stat_of {
	my ($list) = @_;
	open my $fh, '<', '/proc/net/xt_recent_stat' or die "xt_recent_stat: $!\n";
	my ($line) = grep { /^\Q$list\E / } <$fh> or die "no list $list\n";
	return { $line =~ /(\w+)=(\d+)/g };
}

# Waits until so many more are new: so that there was traffic.
sub traffic {
	my ($list, $n) = @_;
	my ($from, $end) = (stat_of($list)->{added}, time + 60);
	select undef, undef, undef, 0.005 while stat_of($list)->{added} < $from + $n
		and time < $end; # sleep: traffic is under way
	die "no traffic\n" if time >= $end;
}

# Whether a list of addresses has each at most once and, of them, all that must be there.
sub content {
	my ($what, @addresses) = @_;
	my %seen;
	$seen{$_}++ for @addresses;
	my @twice = grep { $seen{$_} > 1 } keys %seen;
	my @lost = grep { !$seen{$_} } map { ("10.255.0.$_", "fd00:ffff::$_") } 1 .. 4;
	print @twice || @lost || @addresses < 100 ?
		"$what: @{[scalar @addresses]} addresses, twice @twice[0 .. ($#twice > 5 ? 5 : $#twice)], lost @lost\n" :
		"ok $what\n";
}

sub file_of {
	my ($list) = @_;
	open my $fh, '<', "/proc/net/xt_recent/$list" or die "$list: $!\n";
	my @addresses;
	while (<$fh>) {
		my ($address) = /^src=(\S+) ttl/ or die "bad line $_";
		push @addresses, $address =~ /:/ ?
			inet_ntop(AF_INET6, inet_pton(AF_INET6, $address)) : $address;
	}
	return @addresses;
}

sub dump_of {
	my ($tool, $list) = @_;
	open my $fh, '-|', $tool, 'list', $list or die "$tool: $!\n";
	my @addresses = map { /^(\S+)/ } <$fh>;
	close $fh or die "$tool list failed\n";
	return @addresses;
}

sub adds_up {
	my ($list, $size, $what) = @_;
	my $is = stat_of($list);
	my $sum = $is->{entries} + $is->{evicted};
	print $is->{size} == $size && $is->{entries} <= $size && $is->{added} == $sum
		&& !$is->{no_memory} && !$is->{refused} && !$is->{expired} ?
		"ok $what\n" : "$what: " . join(' ', map { "$_=$is->{$_}" } sort keys %$is) . "\n";
}

sub shake {
	my ($rounds, $list, $tool, @rules) = @_;
	for my $round (1 .. $rounds) {
		for my $size (1000 + 100 * $round, 4000, 1000) {
			system($tool, 'set', $list, 'size', $size) == 0 or die "$tool set failed\n";
			adds_up($list, $size, "round $round: $size by netlink, at once");
			traffic($list, 200);
			adds_up($list, $size, "round $round: $size by netlink, some packets later");
		}
		content("round $round: the file", file_of($list));
		content("round $round: a dump", dump_of($tool, $list));
		my ($size, $family) = $rules[$round % @rules] =~ m{(\d+)\.([\w-]+)$}
			or die "$rules[$round % @rules]: no rules\n";
		system("$family-restore <$rules[$round % @rules]") == 0
			or die "$family-restore failed\n";
		adds_up($list, $size, "round $round: $size by new rules, at once");
		traffic($list, 200);
		adds_up($list, $size, "round $round: $size by new rules, some packets later");
	}
}

sub write_list {
	my ($list, $text) = @_;
	open my $fh, '>', "/proc/net/xt_recent/$list" or die "$list: $!\n";
	syswrite $fh, $text or die "$list: $text: $!\n";
}

sub empty {
	my ($rounds, $list, $tool) = @_;
	for my $round (1 .. $rounds) {
		write_list($list, join '', map { "+10.200.$round.$_\n" } 1 .. 200);
		write_list($list, "-10.200.$round.7\n-10.200.0.0/16\n");
		traffic($list, 100);
		my @left = grep { /^10\.200\./ } file_of($list);
		print @left ? "round $round: @left came back\n" :
			"ok round $round: what came and went is not there\n";
		write_list($list, "/\n");
		traffic($list, 100);
		system($tool, 'flush', $list) == 0 or die "$tool flush failed\n";
		traffic($list, 100);
		my $is = stat_of($list);
		print $is->{entries} <= $is->{size}
			&& $is->{entries} + $is->{evicted} < $is->{added} ?
			"ok round $round: it fills again\n" :
			"round $round: " . join(' ', map { "$_=$is->{$_}" } sort keys %$is) . "\n";
	}
}

my ($what, @arguments) = @ARGV;
({ flood => \&flood, crowd => \&crowd, toggle => \&toggle, listen => \&listen_for, shake => \&shake,
	empty => \&empty }->{$what // ''} // die "see the head of $0\n")->(@arguments);
