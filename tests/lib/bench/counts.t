#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# No case of tests/*/*.bench costs a tenth more instructions than when its count was taken
# (tests/*/NAME.counts). After an intended change, update the counts: tests/lib/bench/run --publish
# NAME. What is over is counted again, twice at most: memory that RCU frees in the meantime is
# counted with the packets, now more of it and now less.
# inputs: kernel/* include/* extensions/*.c extensions/*.h extensions/rules.mk tools/* patchlets/*/info scripts/* Kbuild Makefile runme tests/*.bench tests/*.counts tests/vm/* $KERNELS
# copies: *
use strict;
use warnings;
use File::Basename qw(basename dirname);
use Test::More;

chdir dirname($0) . '/../../..' or die "$!\n";

# tests/lib/bench/run boots 6.1, which takes a build of all modules where no other test needs them.
unless (grep { $_ eq '6.1' } split ' ', $ENV{KERNELS} // '6.1') {
	SKIP: { skip 'the counts are those of 6.1, which KERNELS does not have', 1 }
	done_testing;
	exit;
}

# title => instructions
sub counts {
	my ($file) = @_;
	open my $fh, '<', $file or return;
	return map { chomp; my ($ours, undef, $title) = split /\t/; ($title => $ours) }
		grep { !/^#/ } <$fh>;
}

my %least; # what each case cost, by name and title

sub count {
	my (@names) = @_;
	my $said = `tests/lib/bench/run --ours --rounds 1 @names 2>&1`;
	is($?, 0, "the benchmarks run: @names") or diag $said;
	for my $name (@names) {
		my %now = counts("build/bench/$name.counts");
		for my $title (keys %now) {
			my $least = \$least{$name}{$title};
			$$least = $now{$title} unless defined $$least && $$least < $now{$title};
		}
	}
}

# Cases of targets that answer vary by a tenth from run to run.
sub has_counts {
	open my $fh, '<', shift or die "$!\n";
	return !grep { /^\s*answers / } <$fh>;
}

my @names = map { basename($_, '.bench') } grep { has_counts($_) } glob 'tests/*/*.bench';
# glob() in scalar context would go on with the list of the name before.
my %before = map { my ($file) = glob "tests/*/$_.bench";
	$_ => { counts($file =~ s/bench$/counts/r) } } @names;

sub over {
	my ($name, $title) = @_;
	my $before = $before{$name}{$title};
	return defined $before && $least{$name}{$title} > 1.1 * $before + 2;
}

my @again = @names;
for (1 .. 3) {
	count(@again) if @again;
	@again = grep { my $name = $_; grep { over($name, $_) } keys %{$least{$name}} } @names;
}
for my $name (@names) {
	is_deeply([sort keys %{$least{$name}}], [sort keys %{$before{$name}}],
		"$name: each case has a count, and each count a case")
		or diag "fix: tests/lib/bench/run --publish $name";
	for my $title (sort keys %{$least{$name}}) {
		next unless defined $before{$name}{$title};
		ok(!over($name, $title), "$name: $title: $least{$name}{$title} instructions, "
			. "were $before{$name}{$title}");
	}
}
done_testing;
