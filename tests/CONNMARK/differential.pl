#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Makes random rules of revisions 1 and 2 of CONNMARK and of connmark, and prints what they do. Runs
# in the guest: tests/CONNMARK/differential.
#
#   tests/CONNMARK/differential.pl SEED ROUNDS
use strict;
use warnings;

my ($seed, $rounds) = @ARGV;
if (!$ENV{POM_DIFFERENTIAL}) {
	$ENV{POM_DIFFERENTIAL} = 1;
	exec 'unshare', '--net', $^X, $0, @ARGV or die "unshare: $!\n";
}
srand $seed;
$| = 1;
$ENV{PATH} .= ':/usr/local/sbin:/usr/sbin:/sbin';
system 'ip link set lo up' and die "no lo\n";
# Of both guests the oldest extension that sends all options: the distribution's.
my ($stock) = grep { -e "$_/libxt_CONNMARK.so" } glob '/usr/lib/*/xtables';
$ENV{XTABLES_LIBDIR} = "/run/stock-xtables";
mkdir $ENV{XTABLES_LIBDIR};
symlink $_, "$ENV{XTABLES_LIBDIR}/" . s{.*/}{}r
	for grep { !/lib(?:ipt|ip6t)_(?i:connmark)/ } glob "$stock/*.so";

sub pick { return $_[rand @_] }
sub bits {
	return sprintf '0x%x', pick(0, 1, 0xff, 0xff00, 0xffffffff, 0x80000000, int rand 2**32,
		int rand 16);
}
sub shifts {
	return rand() < .3 ? pick('--left-shift-mark ', '--right-shift-mark ') . int rand 32 : '';
}

sub operation {
	my $masks = pick('', '', '--mask ' . bits(), '--nfmask ' . bits(), '--ctmask ' . bits(),
		'--nfmask ' . bits() . ' --ctmask ' . bits());
	return pick('--set-mark ' . bits(), '--set-mark ' . bits() . '/' . bits(),
		'--set-xmark ' . bits() . '/' . bits(),
		'--and-mark ' . bits(), '--or-mark ' . bits(), '--xor-mark ' . bits(),
		"--save-mark $masks",
		"--save-mark $masks", "--restore-mark $masks",
		"--restore-mark $masks") . ' ' . shifts();
}

sub look { return '-m connmark ' . pick('', '! ') . '--mark ' . bits() . pick('', '/' . bits()) }

my ($operations, $looks) = (0, 0);
for my $round (1 .. $rounds) {
	my $family = pick(4, 6);
	my $six = $family == 6 ? '6' : '';
	open my $restore, '|-', "ip${six}tables-legacy-restore" or die "$!\n";
	print $restore "*mangle\n:OUTPUT ACCEPT\n-A OUTPUT -j MARK --set-mark ", bits(), "\n";
	for (1 .. 20) {
		print $restore '-A OUTPUT -j CONNMARK ', operation(), "\n";
		print $restore '-A OUTPUT ', look(), "\n-A OUTPUT ", look(),
			"\n-A OUTPUT -m mark --mark ", bits(), '/', bits(), "\n";
		$operations++;
		$looks += 2;
	}
	print $restore "COMMIT\n";
	close $restore or die "round $round: the rules were refused\n";
	my $address = $family == 6 ? '::1' : '127.0.0.1';
	system 'tests/lib/udp-send', '--from', 1001, $address, 1002, 'x'
		and die "round $round: not sent\n";
	my @counted = map { /^\[(\d+):/ ? $1 : () } qx{ip${six}tables-legacy-save -c -t mangle};
	my ($mark) = map { /sport=1001 dport=1002 .*mark=(\d+)/ } 
		qx{conntrack -L -f ipv$family -p udp 2>/dev/null};
	print "$round IPv$family ", join('', @counted), " mark ", $mark // 'none', "\n";
}
open my $taint, '<', '/sys/module/xt_connmark/taint' or die "xt_connmark: $!\n";
print 'module ', <$taint> =~ s/\n//r, "\n";
print "done $operations operations, $looks matches\n";
