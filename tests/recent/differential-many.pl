#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# differential-many.pl MODULE.KO SEED PACKETS virtual|real [BURST]: in the guest that
# tests/recent/differential-many boots. Prints a digest a line, of BURST packets [10000]; a BURST of
# 1 tells the packet. Where time is real, steps are short, and 100,000 packets apart.
#
# Time advances in steps of 2 s, and rules have odd numbers of seconds, so that no answer depends on
# the speed of the host.
use strict;
use warnings;

my ($module, $seed, $packets, $time, $burst) = (@ARGV, 10000);
my ($hosts, $ports, $large) = (10000, 48, 24);
$| = 1;
$ENV{PATH} .= ':/usr/local/sbin:/usr/sbin:/sbin';

sub one_of { $_[rand @_] }
sub command { system(@_) == 0 or die "@_ failed\n" }

sub options {
	my $verb = one_of(qw(set set set rcheck rcheck update update update remove));
	my $text = (rand() < 0.2 ? '! ' : '') . "--$verb";
	return $text if $verb eq 'set' or $verb eq 'remove';
	$text .= ' --seconds ' . one_of(1, 3, 7, 21, 61, 4001) if rand() < 0.7;
	$text .= ' --hitcount ' . one_of(1, 1, 2, 3, 4, 7, 8, 9, 15, 20) if rand() < 0.6;
	$text .= ' --rttl' if rand() < 0.2;
	return $text;
}

# Half of the ports: lists of few addresses; the others: lists of many. Eight ports a chain. Each
# list begins with a rule that adds. IPv6 has lists of its own: the kernel's module puts them under
# the mask of an IPv4 rule, if that is the first.
sub make_rules {
	my ($which) = @_;
	my @rules = map { "--name L$_ --set" } 0 .. 3;
	push @rules, map { '--name L' . int(rand 4) . ' ' . options()
		. one_of('', '', ' --rdest') } @rules .. $large - 1;
	push @rules, map { "--name B$_ --set" } 0 .. 3;
	push @rules, map { '--name B' . int(rand 4) . ' ' . options() } @rules .. $ports - 1;
	print "$which rule $_ $rules[$_]\n" for 0 .. $#rules;
	for my $program ('iptables', 'ip6tables') {
		s/--name (\w)/--name $1$program/ for my @named = @rules;
		open my $restore, '|-', "$program-legacy-restore"
			or die "$program-legacy-restore: $!\n";
		print $restore "*raw\n", map({ ":C$_ -\n" } 0 .. $ports / 8 - 1),
			map({ sprintf "-A PREROUTING -p udp --dport %d:%d -j C%d\n", 1000 + 8 * $_,
				1007 + 8 * $_, $_ } 0 .. $ports / 8 - 1),
			map({
				sprintf "-A C%d -p udp --dport %d -m recent %s -j MARK --set-mark 1\n", $_ / 8, 1000 + $_, $named[$_] } 0 .. $#rules),
			"COMMIT\n";
		close $restore or die "$program-legacy-restore failed\n";
	}
}

sub uptime {
	open my $fh, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
	return (split ' ', <$fh>)[0];
}

sub generator {
	my ($order) = @_;
	open my $fh, '>', '/proc/pom_random' or die "pom_random: $!\n";
	syswrite $fh, $order or die "$order: $!\n";
}

sub run {
	my ($which) = @_;
	srand $seed;
	make_rules($which);
	generator("seed=$seed ports=$ports large=$large");
	my ($start, $step, $sent, $most, $marked) = (uptime(), 0, 0, 0, 0);
	while ($sent < $packets) {
		$step += $time eq 'real' ? 1 : one_of(0, 1, 1, 1, 1, 2, 3, 5, 10, 40)
			if $sent % ($time eq 'real' ? 100000 : 10000) == 0;
		my $pause = $start + 1 + 2 * $step - uptime();
		select undef, undef, undef, $pause if $pause > 0; # sleep: time is what is tested
		generator("packets=$burst");
		my $late = uptime() - $start - 1 - 2 * $step;
		$most = $late if $late > $most;
		open my $fh, '<', '/proc/pom_random' or die "pom_random: $!\n";
		my $digest = <$fh>;
		print "$which $step $digest";
		$marked += (split ' ', $digest)[1];
		$sent += $burst;
	}
	die "bursts ended $most s after their step: too slow to tell what was in time\n"
		if $most > 0.99 and $burst > 1;
	command("$_-legacy -t raw -F && $_-legacy -t raw -X") for 'iptables', 'ip6tables';
	warn "$which: bursts ended $most s after their step at most\n";
	print "$which done $sent packets, $marked of them matched, $step steps\n";
}

command('insmod', $module);
my ($reference) = glob '/lib/modules/' . (split ' ', `uname -r`)[0]
	. '/kernel/net/netfilter/xt_recent.ko*';
command('modprobe', 'x_tables');
command('insmod', $reference, "ip_list_tot=" . 3 * $hosts, 'ip_list_hash_size=65536');
die "that is not the kernel's module\n" if -e '/sys/module/xt_recent/parameters/memory_limit_mb';
run('stock');
command('rmmod', 'xt_recent');
command('modprobe', 'xt_recent', "ip_list_tot=" . 3 * $hosts);
die "that is not our module\n" unless -e '/sys/module/xt_recent/parameters/memory_limit_mb';
run('ours');
