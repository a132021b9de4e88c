#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# guest.pl string|CONNMARK MODULE.KO SEED PACKETS: in the guest that tests/lib/differential/run
# boots.
#
# Windows of --from and --to, --icase, both algorithms, and the kernel's own meaning of --to are
# compared. Packets are in one piece: where a string crosses fragments, ours finds more on purpose
# (the manual of string).
use strict;
use warnings;

use constant BURST => 10_000;
my ($patchlet, $generator, $seed, $packets) = @ARGV;
my $module = $patchlet eq 'string' ? 'xt_string' : 'xt_connmark';
$| = 1;
$ENV{PATH} .= ':/usr/local/sbin:/usr/sbin:/sbin';

sub pick { return $_[rand @_] }
sub command { system(@_) == 0 or die "@_ failed\n" }

sub string_rule {
	my $len = 1 + int rand pick(2, 4, 8);
	my $text = join '', map { pick(qw(a b A B)) } 1 .. $len;
	my ($from, $to) = sort { $a <=> $b } int rand 130, int rand 130;
	return join ' ', '-m string', pick('', '', '!'), "--string $text",
		'--algo', pick(qw(bm kmp)), pick('', '--icase'),
		pick('', "--from $from", "--to $to", "--from $from --to $to",
		"--from $from --to " . ($from + int rand 10));
}

sub bits {
	return sprintf '0x%x', pick(0, 1, 0xff, 0xff00, 0xffffffff, 0x80000000, int rand 2**32,
		1 << int rand 32);
}

sub mark_operation {
	my $masks = pick('', '--mask ' . bits(), '--nfmask ' . bits() . ' --ctmask ' . bits());
	my $shift = pick('', '', '',
		pick(qw(--left-shift-mark --right-shift-mark)) . ' ' . int rand 32);
	return '-j CONNMARK ' . pick('--set-mark ' . bits(),
		'--set-xmark ' . bits() . '/' . bits() . " $shift", '--and-mark ' . bits(),
		'--or-mark ' . bits(), '--xor-mark ' . bits(), "--save-mark $masks $shift",
		"--save-mark $masks $shift", "--restore-mark $masks $shift",
		"--restore-mark $masks $shift");
}

sub rules {
	my @rules;
	for my $i (0 .. 31) {
		my $match = $patchlet eq 'string' ? string_rule() : join ' ', '-m connmark',
			pick('', '!'), '--mark', bits() . pick('', '/' . bits());
		push @rules, mark_operation() if $patchlet ne 'string';
		push @rules, sprintf '%s -j MARK --xor-mark 0x%x', $match, 1 << $i;
	}
	push @rules, '-j CONNMARK --restore-mark' if $patchlet ne 'string' && rand() < .3;
	return @rules;
}

sub generator {
	my ($order) = @_;
	open my $fh, '>', '/proc/pom_payload' or die "pom_payload: $!\n";
	syswrite $fh, $order or die "$order: $!\n";
}

# The digest and the number of changed marks for each burst, and the rules for each.
sub run {
	srand $seed;
	generator("seed=$seed");
	my (@digests, @rules);
	for (my $sent = 0; $sent < $packets; $sent += BURST) {
		my @these = rules();
		my $text = join '', "*mangle\n", map({ "-A PREROUTING $_\n" } @these), "COMMIT\n";
		for my $program ('iptables', 'ip6tables') {
			open my $in, '|-', "$program-legacy-restore" or die "$program: $!\n";
			print $in $text;
			close $in or die "$program-legacy-restore failed:\n$text";
		}
		generator('packets=' . BURST);
		open my $fh, '<', '/proc/pom_payload' or die "pom_payload: $!\n";
		push @digests, scalar <$fh>;
		push @rules, \@these;
	}
	command("$_-legacy", '-t', 'mangle', '-F') for 'iptables', 'ip6tables';
	return \@digests, \@rules;
}

(my $release = `uname -r`) =~ s/\n//;
command('insmod', $generator);
command('modprobe', $_) for qw(x_tables nf_conntrack);
my ($reference) = glob "/lib/modules/$release/kernel/net/netfilter/$module.ko*";
command('insmod', $reference);

sub is_ours {
	open my $taint, '<', "/sys/module/$module/taint" or die "$module: $!\n";
	return <$taint> =~ /O/;
}

die "that is not the kernel's module\n" if is_ours();
my ($theirs) = run();
command('rmmod', $module);
command('modprobe', $module);
die "that is not our module\n" if !is_ours();
my ($ours, $rules) = run();
my ($changed, $differ) = (0, 0);
for my $i (0 .. $#$theirs) {
	$changed += (split ' ', $theirs->[$i])[1];
	next if $theirs->[$i] eq $ours->[$i];
	print "burst $i: $theirs->[$i]instead: $ours->[$i]", map { "\t$_\n" } $rules->[$i]->@*
		if ++$differ <= 2;
}
printf "%s on %s, seed %d: %d packets, %d marks changed, 32 matches for each packet: " .
	"%d of %d bursts disagree\n", $patchlet, $release, $seed, scalar(@$theirs) * BURST,
	$changed, $differ, scalar @$theirs;
exit($differ > 0 || $changed < $packets / 10);
