#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# differential.pl stock|ours SEED PACKETS: in the guest that tests/recent/differential boots. Prints
# the verdict of each packet.
#
# Time advances in steps of 2 s, and rules have odd numbers of seconds, so that no answer depends on
# the speed of the host. In the list that overflows, packets are some ticks apart, for the same
# reason: who was seen in the same tick was seen together.
use strict;
use warnings;
BEGIN { unshift @INC, __FILE__ =~ s{[^/]*$}{.}r }
use through;

my ($which, $seed, $packets) = @ARGV;
my @rules;
srand $seed;
$| = 1;

sub one_of { $_[rand @_] }
sub command { system(@_) == 0 or die "@_ failed\n" }

# ---- rules: a port each ----

sub options {
	my ($verb, @seconds) = @_;
	my $text = (rand() < 0.2 ? '! ' : '') . "--$verb";
	return $text if $verb eq 'set' or $verb eq 'remove';
	$text .= ' --seconds ' . one_of(@seconds) if @seconds and rand() < 0.7;
	$text .= ' --hitcount ' . one_of(1, 1, 2, 3, 4, 7, 8, 9, 15, 20) if rand() < 0.6;
	$text .= ' --rttl' if rand() < 0.2;
	return $text;
}

# L0..L3: any options. M: a mask. R: reaped, so that all its rules have the same seconds. E:
# overflows.
sub make_rules {
	for my $port (1000 .. 1023) {
		my $list = 'L' . int rand 4;
		push @rules, [$port, 'L', "--name $list "
			. options(one_of(qw(set set set rcheck rcheck update update remove)), 1, 3,
			7, 21, 61, 4001) .
			one_of('', '', ' --rdest')];
	}
	push @rules, map { [$_->[0], 'M', "--name M --mask 255.255.255.0 $_->[1]"] }
		([1024, '--set'], [1025, '--rcheck --seconds 9 --hitcount 3'], [1026, '--update'],
			[1027, '--remove']);
	push @rules, map { [$_->[0], 'R', "--name R $_->[1]"] }
		([1028, '--set'], [1029, '--update --seconds 15 --hitcount 2 --reap'],
			[1030, '--rcheck --seconds 15 --reap']);
	push @rules, map { [$_->[0], 'E', "--name E $_->[1]"] } ([1031, '--set'],
		[1032, '--rcheck'], [1033, '--update --seconds 11'], [1034, '--remove']);
	for my $program ('iptables', 'ip6tables') {
		open my $restore, '|-', "$program-restore" or die "$program-restore: $!\n";
		print $restore "*filter\n:INPUT DROP\n";
		for my $rule (@rules) {
			next if $program eq 'ip6tables' and $rule->[1] eq 'M';
			print $restore "-A INPUT -p udp --dport $rule->[0] -m recent $rule->[2] -j ACCEPT\n";
			print "rule $rule->[0] $rule->[2]\n" if $program eq 'iptables';
		}
		print $restore "COMMIT\n";
		close $restore or die "$program-restore failed\n";
	}
}

# ---- packets ----

sub send_one {
	my ($version, $host, $ttl, $port) = @_;
	my $from = $version == 4 ? pack('CCn', 192, 168, $host) :
		pack('n8', 0xfd00, 0, 0, 0, 0, 0, 0, $host);
	return "$version:$host/$ttl>$port=" . came_through($from, $ttl, $port);
}

# ---- what happens ----

my $sent = 0;

sub burst {
	my $busy = 1 + int rand 30;
	for (1 .. 5 + rand 60) {
		my $rule = one_of(grep { $_->[1] ne 'E' } @rules);
		my $version = $rule->[1] eq 'M' ? 4 : one_of(4, 4, 6);
		print ' ', send_one($version, 1 + int rand one_of(5, $busy, 40),
			one_of(64, 64, 64, 63, 1, 255), $rule->[0]);
		$sent++;
	}
}

sub overflow {
	my $hosts = one_of(50, 110, 150);
	for (1 .. 20 + rand 60) {
		select undef, undef, undef, 0.013; # sleep: some ticks
		print ' ', send_one(4, 1 + int rand $hosts, 64,
			one_of(1031, 1031, 1031, 1032, 1033, 1034));
		$sent++;
	}
}

sub write_file {
	my $list = one_of(0 .. 3);
	my $text = one_of('+', '+', '-')
		. (rand() < 0.7 ? '192.168.0.' . (1 + int rand 40) : sprintf 'fd00::%x',
		1 + rand 40);
	$text = '/' if rand() < 0.03;
	$text = one_of('+1.2.3', '-', '+1::2::3') if rand() < 0.05;
	open my $fh, '>', "/proc/net/xt_recent/L$list" or return; # no rule names it
	my $error = defined syswrite($fh, "$text\n") ? '' : 0 + $!;
	print " L$list$text$error";
}

sub lists {
	for my $list (qw(L0 L1 L2 L3 M E)) {
		open my $fh, '<', "/proc/net/xt_recent/$list" or next;
		print "list $list ", join(' ', sort
			map { /^src=(\S+) ttl: (\d+)/ ? "$1/$2" : "bad: $_" } <$fh>), "\n";
	}
}

sub uptime {
	open my $fh, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
	return (split ' ', <$fh>)[0];
}

command('ip', 'link', 'set', 'lo', 'up');
command('modprobe', 'xt_recent', 'ip_list_tot=100');
die "the wrong module is loaded\n"
	unless -e '/sys/module/xt_recent/parameters/memory_limit_mb' eq ($which eq 'ours' ? 1 : '');
make_rules();
open_receivers(map { $_->[0] } @rules);
my $start = uptime();
my $step = 0;
while ($sent < $packets) {
	$step += one_of(0, 1, 1, 1, 1, 2, 3, 5, 10, 40);
	my $pause = $start + 1 + 2 * $step - uptime();
	select undef, undef, undef, $pause if $pause > 0; # sleep: time is what is tested
	print $step;
	rand() < 0.1 ? overflow() : burst();
	write_file() for 1 .. one_of(0, 0, 1, 2);
	print "\n";
	lists() if rand() < 0.05;
}
print "done $sent packets, $step steps\n";
