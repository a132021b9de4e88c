#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares our libxt_connmark.so with the distribution's (tests/lib/options/Options.pm).
# inputs: tests/lib/options/*
#
#   tests/CONNMARK/options-match.t [CASES [SEED]]
#
# Intended differences, which are counted apart: ours matches ranges and lists of marks, in a
# revision of its own.
use strict;
use warnings;
use lib 'tests/lib/options';
use Options qw(compare pick number);

sub mark {
	return number(qw(0 1 0x10 0xff 0xffffffff 4294967295 4294967296 010 -1 0xg abc), '');
}

sub words {
	my @options;
	push @options, ['--mark', rand() < .5 ? mark() . '/' . mark() : mark()] if rand() < .97;
	unshift $options[0]->@*, '!' if @options && rand() < .3;
	push @options, pick(['--mark', mark()], ['!'], ['! ', '--mark', mark()]) if rand() < .05;
	return map { @$_ } @options;
}

compare(name => 'connmark', kind => 'match', patchlet => 'CONNMARK', revisions => [1, 2],
	words => \&words, extended => sub { $_[0] > 1 });
