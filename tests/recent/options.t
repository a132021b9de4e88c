#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares our libxt_recent.so with the distribution's (tests/lib/options/Options.pm).
# inputs: tests/lib/options/*
#
#   tests/recent/options.t [CASES [SEED]]
#
# Intended differences: ours takes more than 255 hits, which are counted apart, and the module
# refuses names with control characters, and theirs saves seconds above 2147483647 as negative
# numbers. These two are not tried.
use strict;
use warnings;
use lib 'tests/lib/options';
use Options qw(compare pick number);

use constant { SET => 2, REMOVE => 8, TTL => 16, REAP => 32,
	NAME_LEN => 200 }; # xt_recent.h

sub name {
	return pick(qw(DEFAULT a ssh web_80 a.b UP), 'a b', 'x"y', "q'r", '-x', 'x\\y', '$(z)')
		if rand() < .8;
	return pick('', '.', '..', 'a/b', 'n' x 199, 'n' x 200, 'n' x 201, 'n' x 199 . '/x',
		"\xc3\xa4");
}

sub mask {
	my $family = shift;
	my @four = qw(255.255.255.255 255.255.255.0 255.0.0.255 0.0.0.0 10.1 255.255 1);
	my @six = qw(ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:: :: ff::ff);
	my @both = (qw(24 /24 255.255.256.0 nowhere 0x10), '');
	return pick(rand() < .8 ? $family == 4 ? @four : @six : (@four, @six, @both));
}

sub words {
	my $family = shift;
	my @options;
	push @options, [pick(qw(--set --rcheck --update --remove))] if rand() < .97;
	unshift $options[0]->@*, '!' if @options && rand() < .2;
	push @options, ['--seconds', number(qw(0 1 60 2147483647 4294967296 0x10 010 -1 abc), '')]
		if rand() < .3;
	push @options, ['--hitcount', number(qw(0 1 4 20 254 256 65535 65536 -1 abc), '')]
		if rand() < .3;
	push @options, ['--reap'] if rand() < .15;
	push @options, ['--rttl'] if rand() < .15;
	push @options, ['--name', name()] if rand() < .6;
	push @options, [pick(qw(--rsource --rdest))] if rand() < .4;
	push @options, ['--mask', mask($family)] if rand() < .3;
	push @options, [pick(qw(--set --rcheck --rdest --rsource --rttl))] if rand() < .05;
	push @options, ['!'] if rand() < .02;
	return map { @$_ } sort { rand() <=> .5 } @options;
}

sub accepts {
	my (undef, undef, $data) = @_;
	my ($seconds, $hits, $check, undef, $name) = unpack 'L L C C a' . NAME_LEN, $data;
	return 0 if $check & (SET | REMOVE) && ($seconds || $hits || $check & (TTL | REAP));
	return 0 if $check & REAP && !$seconds || $hits > 255;
	# A name that cannot be that of a file: the module makes one in /proc.
	$name =~ s/\0.*//s;
	return length $name && length $name < NAME_LEN && $name !~ m{/|^\.\.?$};
}

compare(name => 'recent', kind => 'match', patchlet => 'recent', revisions => [1, 2],
	words => \&words, accepts => \&accepts,
	extended => sub { (unpack 'L L', $_[1])[1] > 255 });
