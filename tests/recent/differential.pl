#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# differential.pl stock|ours SEED PACKETS: in the machine that tests/recent/differential boots. Prints what becomes of each packet.
#
# Time goes in steps of 2 s, and rules have odd numbers of seconds, so that no answer depends on how quick a machine is. In the
# list that overflows, packets are some ticks apart, for the same reason: who was seen in the same tick was seen together.
use strict;
use warnings;

my ($which, $seed, $packets) = @ARGV;
my ($AF_INET, $AF_INET6, $SOCK_DGRAM, $SOCK_RAW, $RAW, $MSG_DONTWAIT) = (2, 10, 2, 3, 255, 0x40);
my %to = (4 => "\x7f\0\0\1", 6 => ("\0" x 15) . "\1");
my (%receiver, %raw, @rules);
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

# L0..L3: anything goes. M: a mask. R: reaped, so that all its rules have the same seconds. E: overflows.
sub make_rules {
	for my $port (1000 .. 1023) {
		my $list = 'L' . int rand 4;
		push @rules, [$port, 'L', "--name $list " . options(one_of(qw(set set set rcheck rcheck update update remove)), 1, 3, 7, 21, 61, 4001) .
			one_of('', '', ' --rdest')];
	}
	push @rules, map { [$_->[0], 'M', "--name M --mask 255.255.255.0 $_->[1]"] }
		([1024, '--set'], [1025, '--rcheck --seconds 9 --hitcount 3'], [1026, '--update'], [1027, '--remove']);
	push @rules, map { [$_->[0], 'R', "--name R $_->[1]"] }
		([1028, '--set'], [1029, '--update --seconds 15 --hitcount 2 --reap'], [1030, '--rcheck --seconds 15 --reap']);
	push @rules, map { [$_->[0], 'E', "--name E $_->[1]"] } ([1031, '--set'], [1032, '--rcheck'], [1033, '--update --seconds 11'], [1034, '--remove']);
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

sub sockaddr4 { pack 'Sna4x8', $AF_INET, @_ }
sub sockaddr6 { pack 'SnNa16N', $AF_INET6, $_[0], 0, $_[1], 0 }

sub open_sockets {
	for my $port (map { $_->[0] } @rules) {
		socket my $four, $AF_INET, $SOCK_DGRAM, 0 or die "socket: $!\n";
		socket my $six, $AF_INET6, $SOCK_DGRAM, 0 or die "socket: $!\n";
		setsockopt $six, 41, 26, pack('i', 1) or die "IPV6_V6ONLY: $!\n";
		bind $four, sockaddr4($port, $to{4}) or die "bind: $!\n";
		bind $six, sockaddr6($port, $to{6}) or die "bind: $!\n";
		$receiver{$port} = { 4 => $four, 6 => $six };
	}
	socket $raw{4}, $AF_INET, $SOCK_RAW, $RAW or die "raw socket: $!\n";
	socket $raw{6}, $AF_INET6, $SOCK_RAW, $RAW or die "raw socket: $!\n";
	setsockopt $raw{6}, 41, 36, pack('i', 1) or die "IPV6_HDRINCL: $!\n";
}

sub checksum {
	my $sum = 0;
	$sum += $_ for unpack 'n*', shift;
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	return (0xffff - $sum) || 0xffff;
}

# How many packets the kernel has taken in, of whatever kind.
my $handed = 0;
sub processed {
	my $sum = 0;
	open my $fh, '<', '/proc/net/softnet_stat' or die "/proc/net/softnet_stat: $!\n";
	$sum += hex((split)[0]) while <$fh>;
	return $sum;
}

# Whether the packet that was just sent came through. A busy kernel may deliver it a little later.
sub came {
	my ($socket) = @_;
	$handed++;
	for (1 .. 5000) {
		return 1 if defined recv $socket, my $got, 100, $MSG_DONTWAIT;
		my $all = processed() >= $handed;
		return 1 if defined recv $socket, $got, 100, $MSG_DONTWAIT;
		return 0 if $all;
		select undef, undef, undef, 0.001; # sleep: to let the kernel work
	}
	die "a packet was lost\n";
}

sub send_one {
	my ($version, $host, $ttl, $port) = @_;
	my $udp = pack 'nnnn', 999, $port, 9, 0;
	if ($version == 4) {
		my $from = pack 'CCn', 192, 168, $host;
		send $raw{4}, pack('CCnnnCCna4a4', 0x45, 0, 29, 1, 0, $ttl, 17, 0, $from, $to{4}) . "${udp}x", 0, sockaddr4(0, $to{4}) or die "send: $!\n";
	} else {
		my $from = pack 'n8', 0xfd00, 0, 0, 0, 0, 0, 0, $host;
		substr $udp, 6, 2, pack 'n', checksum($from . $to{6} . pack('NN', 9, 17) . $udp . "x\0");
		send $raw{6}, pack('NnCCa16a16', 6 << 28, 9, 17, $ttl, $from, $to{6}) . "${udp}x", 0, sockaddr6(0, $to{6}) or die "send: $!\n";
	}
	return "$version:$host/$ttl>$port=" . came($receiver{$port}{$version});
}

# ---- what happens ----

my $sent = 0;

sub burst {
	my $busy = 1 + int rand 30;
	for (1 .. 5 + rand 60) {
		my $rule = one_of(grep { $_->[1] ne 'E' } @rules);
		my $version = $rule->[1] eq 'M' ? 4 : one_of(4, 4, 6);
		print ' ', send_one($version, 1 + int rand one_of(5, $busy, 40), one_of(64, 64, 64, 63, 1, 255), $rule->[0]);
		$sent++;
	}
}

sub overflow {
	my $hosts = one_of(50, 110, 150);
	for (1 .. 20 + rand 60) {
		select undef, undef, undef, 0.013; # sleep: some ticks
		print ' ', send_one(4, 1 + int rand $hosts, 64, one_of(1031, 1031, 1031, 1032, 1033, 1034));
		$sent++;
	}
}

sub write_file {
	my $list = one_of(0 .. 3);
	my $text = one_of('+', '+', '-') . (rand() < 0.7 ? '192.168.0.' . (1 + int rand 40) : sprintf 'fd00::%x', 1 + rand 40);
	$text = '/' if rand() < 0.03;
	$text = one_of('+1.2.3', '-', '+1::2::3') if rand() < 0.05;
	open my $fh, '>', "/proc/net/xt_recent/L$list" or return; # no rule names it
	my $error = defined syswrite($fh, "$text\n") ? '' : 0 + $!;
	print " L$list$text$error";
}

sub lists {
	for my $list (qw(L0 L1 L2 L3 M E)) {
		open my $fh, '<', "/proc/net/xt_recent/$list" or next;
		print "list $list ", join(' ', sort map { /^src=(\S+) ttl: (\d+)/ ? "$1/$2" : "bad: $_" } <$fh>), "\n";
	}
}

sub uptime {
	open my $fh, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
	return (split ' ', <$fh>)[0];
}

command('ip', 'link', 'set', 'lo', 'up');
command('modprobe', 'xt_recent', 'ip_list_tot=100');
die "the wrong module is loaded\n" unless -e '/sys/module/xt_recent/parameters/memory_limit_mb' eq ($which eq 'ours' ? 1 : '');
make_rules();
open_sockets();
$handed = processed();
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
