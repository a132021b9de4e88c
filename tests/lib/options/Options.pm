# SPDX-License-Identifier: GPL-2.0-only
# Compares an extension of ours with that of a distribution: random options go to both, without a
# kernel (options.c). A rule that theirs and then the kernel module accept must be saved and listed
# by ours in the same words, and be the same bytes where both use one revision. What ours
# saves is read as the same rule again, if that is so with theirs.
#
#   compare(NAME => VALUE...)   prints TAP and exits. The arguments of the command line are CASES
#                               [4000] and SEED [a new one].
#
#     name        of the match or target, such as recent
#     kind        match or target
#     patchlet    that has the extension
#     revisions   [THEIRS, OURS], the newest that each kernel module knows
#     words       a function of the family (4 or 6): the words of a random rule
#     accepts     a function of the family, a revision and the data: whether the kernel's module
#                 accepts them [all]
#     extended    a function of the revision and the data of ours: whether it is an intended
#                 extension that theirs refuses this
#
#   pick(LIST)                  one of them
#   number(LIST)                one of them, or a random number of up to five digits
#
# With POM_OPTIONS_RULES=FILE, nothing is compared. The rules that the distribution's extension
# accepts are written to FILE, for tests/lib/options/kernels: for each the family, kind and name;
# "accepted" if the kernel's module accepts it by `accepts`, "extended" if only ours does, else
# "refused"; and its words.
#
# Another iptables than the installed one: POM_IPTABLES is a directory with its packages iptables,
# libxtables12 and libxtables-dev unpacked, and POM_IPTABLES_VERSION its version. If it needs a
# newer C library, that is unpacked there, too (tests/lib/options/iptables). Ours is built for it.
package Options;
use strict;
use warnings;
use Exporter qw(import);
use File::Temp qw(tempdir);
our @EXPORT_OK = qw(compare pick number);

my ($root, $tmp, $version, $cases);

sub pick { return $_[rand @_] }
sub number { return rand() < .6 ? pick(@_) : int rand 10 ** (1 + int rand 5) }

# Builds the program and ours.
sub build {
	my $patchlet = shift;
	my @headers = $root ? "-I$root/usr/include" : ();
	$tmp = tempdir(CLEANUP => 1);
	system 'make', '-s', 'extensions', "PATCHLETS=$patchlet", "O=$tmp",
		"XTABLES_VERSION=$version", @headers ? "CPPFLAGS=@headers" : ()
		and die "make extensions failed\n";
	system 'cc', '-O1', @headers, '-o', "$tmp/options", 'tests/lib/options/options.c',
		'-lxtables' and die "tests/lib/options/options.c does not compile\n";
}

# What came of each case. An extension may crash: the other cases go to a new process.
sub run {
	my ($cases_left, $dir, $lib, @arguments) = @_;
	my ($loader) = glob "$root/usr/lib/*/ld-linux*.so.2 $root/lib/*/ld-linux*.so.2";
	my $command = $root && $loader ? "$loader --library-path $lib" : $root
		? "env LD_LIBRARY_PATH=$lib" : '';
	my @lines;
	until (@lines >= @$cases_left) {
		open my $out, '>', "$tmp/cases" or die "$!\n";
		print $out @$cases_left[@lines .. $#$cases_left];
		close $out;
		open my $in, '-|', "XTABLES_LIBDIR=$dir $command $tmp/options @arguments " .
			"<$tmp/cases 2>/dev/null" or die "$!\n";
		my @part = grep { /\n$/ } <$in>;
		close $in;
		die "$tmp/options ended with status $?, without an answer\n" if !$? && !@part;
		push @lines, @part;
		push @lines, "crash\n" if @lines < @$cases_left;
	}
	chomp @lines;
	return @lines;
}

sub verdict {
	my ($line, $accepts) = @_;
	return ['crash'] if $line eq 'crash';
	my ($revision, $data) = $line =~ /^(\d+) ([0-9a-f]*)/ or return ['refused'];
	return ['refused'] if $accepts && !$accepts->($revision, pack 'H*', $data);
	my (undef, $save, $print, $again) = split /\t/, $line, -1;
	return ['accepted', $revision, $data, $save, $print, $again];
}

# same, refused, extended, crashed or differs
sub judge {
	my ($their, $our, $extended) = @_;
	return 'differs' if $our->[0] eq 'crash';
	return 'crashed' if $their->[0] eq 'crash';
	if ($their->[0] eq 'refused') {
		return 'refused' if $our->[0] eq 'refused';
		return $extended->($our->[1], pack 'H*', $our->[2]) ? 'extended' : 'differs';
	}
	return 'differs' if $our->[0] eq 'refused';
	# Theirs may save a word without the quotes that it needs, and then does not read it again.
	my $save = $our->[3];
	$save =~ s/"((?:[^"\\]|\\.)*)"/$1 =~ s,\\(.),$1,gr/ge
		if $their->[5] eq 'differs' && $save ne $their->[3];
	return 'differs' if $save ne $their->[3] || $our->[4] ne $their->[4];
	return 'differs' if $their->[1] == $our->[1] && $their->[2] ne $our->[2];
	return 'differs' if $their->[5] eq 'again' && $our->[5] ne 'again';
	return 'same';
}

sub compare_family {
	my ($family, $count, $lib, $stock, %of) = @_;
	my @lines = map { join("\t", $of{words}->($family)) . "\n" } 1 .. $cases;
	my @fixed = ($family, $of{kind}, $of{name}, $version);
	my @theirs = run(\@lines, $stock, $lib, @fixed, $of{revisions}[0]);
	my @ours = run(\@lines, "$tmp/extensions", $lib, @fixed, $of{revisions}[1]);
	my $accepts = $of{accepts} && sub { $of{accepts}->($family, @_) };
	for my $i (0 .. $cases - 1) {
		my $their = verdict($theirs[$i], $accepts);
		my $our = verdict($ours[$i], sub {
			my ($revision) = @_;
			return !$accepts || $revision > $of{revisions}[0] || $accepts->(@_);
		});
		my $kind = judge($their, $our, $of{extended} // sub { 0 });
		next if ++$count->{$kind} > 5 || $kind ne 'differs';
		print map { s/^/# /mgr =~ s/0{40,}/../gr } "IPv$family: $lines[$i]",
			"theirs: @$their\n", "ours: @$our\n";
	}
}

# Words as iptables-restore reads them.
sub quoted { return join ' ', map { '"' . s/(["\\])/\\$1/gr . '"' } @_ }

sub write_rules {
	my ($file, $lib, $stock, %of) = @_;
	open my $out, '>>', $file or die "$file: $!\n";
	for my $family (4, 6) {
		my @rules = map { [$of{words}->($family)] } 1 .. $cases;
		my @lines = map { join("\t", @$_) . "\n" } @rules;
		my @theirs = run(\@lines, $stock, $lib, $family, $of{kind}, $of{name}, $version,
			$of{revisions}[0]);
		for my $i (0 .. $cases - 1) {
			# Restore programs of some versions drop empty words.
			next if $theirs[$i] !~ /^\d/ || grep { $_ eq '' } $rules[$i]->@*;
			my $accepts = $of{accepts} && sub { $of{accepts}->($family, @_) };
			my $expected = verdict($theirs[$i], $accepts)->[0];
			my (undef, $revision, $data) = verdict($theirs[$i])->@*;
			$expected = 'extended' if $expected eq 'refused' && $of{extended} &&
				$of{extended}->($revision, pack 'H*', $data);
			print $out join("\t", $family, $of{kind}, $of{name}, $expected,
				quoted($rules[$i]->@*)), "\n";
		}
	}
	close $out or die "$file: $!\n";
}

sub compare {
	my %of = @_;
	my $seed;
	($cases, $seed) = @ARGV;
	$cases //= 4000;
	$seed //= int rand 1_000_000;
	srand $seed;
	$root = $ENV{POM_IPTABLES} // '';
	my ($lib) = grep { -e "$_/libxtables.so.12" } "$root/usr/lib/x86_64-linux-gnu",
		"$root/lib/x86_64-linux-gnu", glob "$root/usr/lib/*-linux-gnu*";
	my ($stock) = grep { -e "$_/libxt_$of{name}.so" }
		glob "$root/usr/lib/*/xtables $root/usr/lib/xtables";
	if (!$lib || !$stock) {
		print "1..0 # SKIP no libxt_$of{name}.so of a distribution\n";
		exit;
	}
	$version = $ENV{POM_IPTABLES_VERSION} //
		(qx{PATH=\$PATH:/usr/sbin:/sbin iptables --version} =~ /v([\d.]+)/)[0];
	build($of{patchlet});
	return write_rules($ENV{POM_OPTIONS_RULES}, $lib, $stock, %of) if $ENV{POM_OPTIONS_RULES};
	my %count = map { $_ => 0 } qw(same refused extended differs crashed);
	compare_family($_, \%count, $lib, $stock, %of) for 4, 6;
	my $all = 2 * $cases;
	print "# $of{name} of iptables $version, seed $seed, $all rules: $count{same} the same, ",
		"$count{refused} refused by both, $count{extended} that only ours accepts, ",
		"$count{crashed} that crash theirs, $count{differs} disagreements\n";
	print $count{differs} ? 'not ' : '',
		"ok 1 - our extension agrees with the distribution's\n";
	print $count{same} > $all / 4 ? '' : 'not ', "ok 2 - many rules are accepted\n1..2\n";
	exit($count{differs} > 0);
}

1;
