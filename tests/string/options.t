#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares our libxt_string.so with the distribution's (tests/lib/options/Options.pm).
# inputs: tests/lib/options/*
#
#   tests/string/options.t [CASES [SEED]]
#
# Intended differences, which are counted apart: ours reads repeated strings as one, needs no
# --algo, takes longer strings, and takes --hex-string of exactly 128 bytes.
use strict;
use warnings;
use lib 'tests/lib/options';
use Options qw(compare pick);

sub text {
	my @bytes = map { chr } pick([97 .. 122], [32 .. 126],
		[grep { $_ != 9 && $_ != 10 } 1 .. 255])->@*;
	my $len = rand() < .9 ? 1 + int rand 12 : pick(0 .. 2, 120 .. 131);
	return join '', map { pick(@bytes) } 1 .. $len;
}

sub hex_text {
	my $text = '';
	for (0 .. rand 4) {
		$text .= rand() < .5 ? text() =~ s/[|\\]//gr :
			'|' . join(rand() < .3 ? ' ' : '',
				map { sprintf pick('%02x', '%02X'),
				rand 256 } 0 .. rand 5) . (rand() < .95 ? '|' : '');
	}
	$text .= pick('\\|', '\\\\', '|7|', '|zz|', '|', '\\', '|41  42|') if rand() < .15;
	return $text;
}

sub place {
	return rand() < .5 ? pick(qw(0 1 2 3 4 28 29 65534 65535 65536 0x10 010 -1 abc), '', ' 5')
		: int rand 70000;
}

sub words {
	my @options;
	push @options, rand() < .6 ? ['--string', text()] : ['--hex-string', hex_text()]
		if rand() < .98;
	unshift $options[0]->@*, '!' if @options && rand() < .2;
	push @options, ['--algo', rand() < .97 ? pick(qw(bm kmp)) : pick('fsm', 'BM', '', 'a' x 20)]
		if rand() < .97;
	push @options, ['--from', place()] if rand() < .3;
	push @options, ['--to', place()] if rand() < .3;
	push @options, ['--icase'] if rand() < .2;
	my @again = grep { "@$_" !~ /string/ } @options;
	push @options, pick(@again) if @again && rand() < .03;
	push @options, ['!'] if rand() < .01;
	return map { @$_ } sort { rand() <=> .5 } @options;
}

sub accepts {
	my (undef, undef, $data) = @_;
	my ($from, $to, $algo, $len) = unpack 'v v Z16 x128 C', $data;
	return $from <= $to && $len >= 1 && $len <= 128 && $algo =~ /^(bm|kmp)$/;
}

compare(name => 'string', kind => 'match', patchlet => 'string', revisions => [1, 3],
	words => \&words, accepts => \&accepts,
	extended => sub {
		my ($revision, $data) = @_;
		return $revision > 1 || ord(substr $data, 148, 1) == 128;
	});
