#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares our libxt_string.so with the distribution's: random options go to both, without a kernel
# (tests/string/options.c). A rule that theirs accepts, and the kernel's module after it, must be
# the same bytes with ours, and be saved and listed in the same words.
#
#	tests/string/options.t [CASES [SEED]]		[4000, a new one]
#
# Another iptables than the installed one: POM_IPTABLES is a directory with its packages iptables
# and libxtables12 unpacked, and POM_IPTABLES_VERSION its version. If it needs another C library,
# that is unpacked there, too.
#
# Intended differences, which are counted apart: ours reads repeated strings as one, needs no
# --algo, takes longer strings, and takes --hex-string of exactly 128 bytes.
use strict;
use warnings;
use File::Temp qw(tempdir);

my ($cases, $seed) = @ARGV;
$cases //= 4000;
$seed //= int rand 1_000_000;
srand $seed;

my $root = $ENV{POM_IPTABLES} // '';
my ($lib) = grep { -e "$_/libxtables.so.12" } "$root/usr/lib/x86_64-linux-gnu",
	"$root/lib/x86_64-linux-gnu", glob "$root/usr/lib/*-linux-gnu*";
my ($stock) = grep { -e "$_/libxt_string.so" } glob "$root/usr/lib/*/xtables $root/usr/lib/xtables";
if (!$lib || !$stock) {
	print "1..0 # SKIP no libxt_string.so of a distribution\n";
	exit;
}
my $version = $ENV{POM_IPTABLES_VERSION} //
	(qx{PATH=\$PATH:/usr/sbin:/sbin iptables --version} =~ /v([\d.]+)/)[0];
my $tmp = tempdir(CLEANUP => 1);
mkdir "$tmp/ours";
system 'make', '-s', 'extensions', 'PATCHLETS=string';
system 'cp', 'build/extensions/libxt_string.so', "$tmp/ours";
system 'cc', '-O1', '-o', "$tmp/options", 'tests/string/options.c', '-lxtables'
	and die "tests/string/options.c does not compile\n";

# ---- words ----

sub pick { return $_[rand @_] }

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

sub number {
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
	push @options, ['--from', number()] if rand() < .3;
	push @options, ['--to', number()] if rand() < .3;
	push @options, ['--icase'] if rand() < .2;
	my @again = grep { "@$_" !~ /string/ } @options;
	push @options, pick(@again) if @again && rand() < .03;
	push @options, ['!'] if rand() < .01;
	return map { @$_ } sort { rand() <=> .5 } @options;
}

# ---- both extensions ----

open my $out, '>', "$tmp/cases" or die "$!\n";
print $out join("\t", words()), "\n" for 1 .. $cases;
close $out;

sub run {
	my ($dir, $revision) = @_;
	my ($loader) = glob "$root/usr/lib/*/ld-linux*.so.2 $root/lib/*/ld-linux*.so.2";
	my $command = $root && $loader ? "$loader --library-path $lib" : $root
		? "env LD_LIBRARY_PATH=$lib" : '';
	$command = "XTABLES_LIBDIR=$dir $command $tmp/options string $version $revision";
	open my $in, '-|', "$command <$tmp/cases 2>/dev/null" or die "$!\n";
	my @lines = <$in>;
	return @lines;
}

# What the kernel's module does not accept is refused.
sub verdict {
	my ($revision, $data) = $_[0] =~ /^(\d+) ([0-9a-f]*)/ or return 'refused';
	return $_[0] if $revision > 1;
	my ($from, $to, $algo, $len) = unpack 'v v Z16 x128 C', pack 'H*', $data;
	return $from > $to || $len < 1 || $len > 128 || $algo !~ /^(bm|kmp)$/ ? 'refused' : $_[0];
}

my @theirs = run($stock, 1);
my @ours = run("$tmp/ours", 3);
open my $in, '<', "$tmp/cases" or die "$!\n";
my %count = (same => 0, refused => 0, extended => 0, differs => 0);
for my $i (0 .. $cases - 1) {
	my $words = <$in>;
	my ($their, $our) = map { verdict($_ // 'nothing') } $theirs[$i], $ours[$i];
	# What theirs saves and does not read again is nothing to compare with.
	if ($their =~ s/\tdiffers$/\t/) { $our =~ s/\t\w+$/\t/ }
	my $kind = $their eq $our ? $their eq 'refused' ? 'refused' : 'same' :
		$their eq 'refused' &&
			($our =~ /^[23] / || ord(pack 'H2', substr $our, 2 + 2 * 148, 2) == 128)
			? 'extended' : 'differs';
	next if ++$count{$kind} > 5 || $kind ne 'differs';
	print map { s/^/# /mgr =~ s/0{40,}/../gr } $words, "theirs: $their\n", "ours: $our\n";
}
print "# iptables $version, seed $seed, $cases rules: $count{same} the same, ",
	"$count{refused} refused by both, $count{extended} that only ours accepts, $count{differs} disagreements\n";
print $count{differs} ? 'not ' : '', "ok 1 - our extension agrees with the distribution's\n";
print $count{same} > $cases / 3 ? '' : 'not ', "ok 2 - most rules are accepted\n1..2\n";
exit($count{differs} > 0);
