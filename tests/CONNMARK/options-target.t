#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares our libxt_CONNMARK.so with the distribution's (tests/lib/options/Options.pm).
# inputs: tests/lib/options/*
#
#   tests/CONNMARK/options-target.t [CASES [SEED]]
use strict;
use warnings;
use lib 'tests/lib/options';
use Options qw(compare pick number);

sub mark {
	return number(qw(0 1 0x10 0xff 0xffffffff 4294967295 4294967296 010 -1 0xg abc), '');
}

sub words {
	my @options;
	push @options, pick((map { ["--$_", rand() < .5 ? mark() . '/' . mark() : mark()] }
		qw(set-mark set-xmark)), (map { ["--$_", mark()] } qw(and-mark or-mark xor-mark)),
		['--save-mark'], ['--restore-mark']) if rand() < .97;
	my $masks = rand();
	push @options, ['--mask', mark()] if $masks < .2;
	push @options, ['--ctmask', mark()] if $masks > .15 && $masks < .4;
	push @options, ['--nfmask', mark()] if $masks > .2 && $masks < .45;
	push @options, [pick(qw(--left-shift-mark --right-shift-mark)),
		pick(qw(0 1 8 31 32 255 256 -1 abc), '')] if rand() < .1;
	push @options, pick(['--save-mark'], ['--mask', mark()], ['--set-mark', mark()], ['!'])
		if rand() < .05;
	return map { @$_ } sort { rand() <=> .5 } @options;
}

compare(name => 'CONNMARK', kind => 'target', patchlet => 'CONNMARK', revisions => [2, 3],
	words => \&words,
	# Kernels without this check shift by a number of bits that C does not define.
	accepts => sub { (unpack 'x12 C C', $_[2])[1] < 32 });
