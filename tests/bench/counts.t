#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# No case of tests/bench costs a tenth more instructions than when its count was taken (tests/bench/counts/NAME.counts).
# A change that is meant to cost more takes the counts anew: tests/bench/run --publish NAME.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use Test::More;

chdir dirname($0) . '/../..' or die "$!\n";

# title => instructions
sub counts {
	my ($file) = @_;
	open my $fh, '<', $file or return;
	return map { chomp; my ($ours, undef, $title) = split /\t/; ($title => $ours) } grep { !/^#/ } <$fh>;
}

my @names = map { basename($_, '.bench') } glob 'tests/bench/*.bench';
my $said = `tests/bench/run --ours --rounds 1 @names 2>&1`;
is($?, 0, 'the benchmarks run') or diag $said;
for my $name (@names) {
	my %before = counts("tests/bench/counts/$name.counts");
	my %now = counts("build/bench/$name.counts");
	is_deeply([sort keys %now], [sort keys %before], "$name: each case has a count, and each count a case")
		or diag "tests/bench/run --publish $name takes them anew";
	for my $title (sort keys %now) {
		next unless defined $before{$title};
		cmp_ok($now{$title}, '<=', 1.1 * $before{$title} + 2, "$name: $title: $now{$title} instructions, were $before{$title}");
	}
}
done_testing;
