# SPDX-License-Identifier: GPL-2.0-only
# Which files of the tree a test depends on, and their digest. The working directory is the root of
# the tree.
#
#   inputs_of(TEST)         the files, sorted; TEST is the file of a test, `unload` (all modules) or
#                           `tree`
#   digest_of(FILE...)      one digest of their names, modes and contents
#   undeclared(TEST, LIST)  which files of LIST are in the tree and no inputs of TEST
#   tests_of_guest()        the tests that run in the guest
#   title_of(TEST)          the short name of such a test, which is also that of its log
#
# Inputs follow from where a test is:
#
#   of a patchlet P         what builds and installs P and the patchlets that P depends on, and
#                           tests/P without other tests
#   in the guest            that, and tests/vm, tests/lib/guest and their callers
#   of no patchlet          the whole tree
#
# and for all the files of tests/lib itself, with its directory of that kind of test.
#
# A line `# inputs: PATTERN...` in a test's first 30 lines adds files to a patchlet's test; for
# other tests, it replaces the whole tree. In a PATTERN, * matches any text, including slashes. A
# word $NAME is a variable of the environment that the test reads; @history is the history of
# commits.
#
# A line `# copies: PATTERN...` names files that a test may open, to copy them or to look for one
# among them, and whose content does not change its result.
package Inputs;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Exporter qw(import);
use File::Basename qw(basename dirname);
use Time::HiRes qw(stat);
our @EXPORT_OK = qw(inputs_of variables_of history_of digest_of undeclared is_test in_guest
	patchlet_of tests_of_guest title_of);

# What the result of every test depends on.
my @always = ('tests/harness', 'scripts/lib/*', 'scripts/info', 'patchlets/*/info');
# What the result of a job in the guest depends on, whatever it tests.
my @guest = ('tests/check-machine', 'tests/vm/run', 'tests/vm/lib/*', 'tests/vm/guest/*',
	'tests/packages', 'tests/fetch-servers', 'tests/servers.list');
# Where the files are that build and install patchlets: of P's tests count those that belong to P,
# to what it depends on, or to all.
my @product = ('Kbuild', 'Makefile', 'runme', 'kernel/*', 'include/*', 'extensions/*', 'tools/*',
	'patchlets/*', 'scripts/*', 'tests/servers.list');

# Documents are installed with patchlets, and no test in the guest reads them.
my $documents = qr{\.(?:man|txlate)$|^patchlets/[^/]+/help$};

# make and git read these for every target and command.
my $read_by_tools = qr{\.mk$|(?:^|/)\.git[a-z]+$};

my (@tree, %info, %owner_of_name, %closures);

# Every file of the tree, as git or, without git, find names them.
sub tree {
	return @tree if @tree;
	my @names = -e '.git' ? `git ls-files --cached --others --exclude-standard` :
		`find . -name .git -prune -o -path ./build -prune -o ! -type d -print`;
	chomp @names;
	s{^\./}{} for @names;
	my %seen;
	return @tree = sort grep { (-f $_ || -l $_) && !$seen{$_}++ } @names;
}

sub read_info {
	return if %info;
	for my $file (glob 'patchlets/*/info') {
		my ($name) = $file =~ m{^patchlets/([^/]+)/};
		$info{$name} = {};
		open my $fh, '<', $file or next;
		while (my $line = <$fh>) {
			push @{$info{$name}{$1}}, grep { length } split /[\s,]+/, $2
				if $line =~ /^(Depends|Modules|Extensions|Tools): *(.*)/;
		}
		$owner_of_name{$_} = $name for $name,
			map { @{$info{$name}{$_} // []} } qw(Modules Extensions Tools);
	}
}

# P and all that it depends on, as a hash.
sub closure {
	my ($name) = @_;
	read_info();
	return $closures{$name} //= do {
		my (%all, @left);
		@left = ($name);
		while (defined(my $one = shift @left)) {
			next if $all{$one}++;
			push @left, @{$info{$one}{Depends} // []};
		}
		\%all;
	};
}

# The patchlet that a file belongs to, by the names of its directories or by its own, or undef.
sub patchlet_of {
	my ($file) = @_;
	read_info();
	my @parts = split m{/}, $file;
	return undef if @parts < 2;
	my $name = pop @parts;
	if ($parts[0] =~ /^(?:kernel|tools|patchlets|tests)$/) {
		return $parts[1] if @parts > 1 && $info{$parts[1]};
	}
	for my $part (@parts[1 .. $#parts], $name =~ /^([^.]+)/) {
		return $owner_of_name{$part} if $owner_of_name{$part};
	}
	if ($parts[0] eq 'extensions' && $name =~ /^lib(?:xt|ipt|ip6t)_([^.]+)\./) {
		return $owner_of_name{$1};
	}
	return undef;
}

sub title_of {
	my ($file) = @_;
	return "$1-demo" if $file =~ m{([^/]+)/demo$};
	my ($group) = $file =~ m{^tests/([^/]+)/[^/]+\.sh$};
	return (defined $group ? "$group-" : '') . basename($file) =~ s/\.sh$//r;
}

sub in_guest {
	my ($test) = @_;
	return $test eq 'unload' || $test =~ m{^extensions/lib.*\.t$|^patchlets/[^/]+/demo$} ||
		$test =~ m{^tests/(?!lib/|vm/|debug/)[^/]+/[^/]+\.sh$};
}

# The scenarios, rule cases and demonstrations of the tree: rule cases first, then what takes
# longer.
sub tests_of_guest {
	my %rank = (t => 0, demo => 1, sh => 2);
	return sort { $rank{$a =~ s/.*[.\/]//r} <=> $rank{$b =~ s/.*[.\/]//r} || $a cmp $b }
		grep { is_test($_) && in_guest($_) } tree();
}

# Tests, and what belongs to benchmarks alone.
sub is_test {
	my ($file) = @_;
	return in_guest($file) ||
		$file =~ m{^tests/.*\.(?:t|unit\.c|fuzz\.c|bench\.c|bench|counts)$};
}

# The directory of tests/lib for this kind of test, as a pattern.
sub kind_of {
	my ($test) = @_;
	return 'tests/lib/guest/*' if in_guest($test);
	return $test =~ /\.(unit|fuzz|bench)(?:\.c)?$/ ? "tests/lib/$1/*" : ();
}

# Files next to a test that only some kinds of tests read.
sub is_for_others {
	my ($file, $test) = @_;
	return is_test($file) || $file =~ m{/corpus/} && $test !~ /\.fuzz\.c$/ ||
		$file =~ m{/captures/} && $test !~ /\.unit\.c$/;
}

# The words of the lines `# inputs:` or `# copies:`.
sub words {
	my ($test, $which) = @_;
	$which //= 'inputs';
	open my $fh, '<', $test or return;
	my @words;
	while (my $line = <$fh>) {
		push @words, split ' ', $1 if $line =~ m{^(?:#|//| \*) $which: +(.*)};
		last if $. > 30;
	}
	return @words;
}

sub variables_of {
	my ($test) = @_;
	return map { /^\$(\w+)$/ ? $1 : () } words($test);
}

sub history_of {
	my ($test) = @_;
	return (grep { $_ eq '@history' } words($test)) ? `git rev-parse HEAD 2>/dev/null` : '';
}

sub matcher {
	my $any = join '|', map { join '.*', map { quotemeta } split /\*/, $_, -1 } @_;
	return qr{^(?:$any)$};
}

sub inputs_of {
	my ($test) = @_;
	my @words = grep { !/^[\$\@]/ } words($test);
	my $declared = matcher($test, @always, kind_of($test),
		in_guest($test) ? @guest : (), @words);
	my $common = sub { return $_[0] =~ $declared || $_[0] =~ m{^tests/lib/[^/]+$} };
	my $patchlet = patchlet_of($test);
	my $product = matcher(@product);
	return grep { $common->($_) || $_ =~ $product } tree() if $test eq 'unload';
	if (!defined $patchlet) {
		return tree() unless @words;
		my $place = dirname($test);
		return grep { $common->($_) || index($_, "$place/") == 0 && !is_test($_) } tree();
	}
	my $mine = closure($patchlet);
	return grep {
		my $owner = patchlet_of($_);
		$common->($_) || $_ !~ $documents && !is_for_others($_, $test) &&
			(!defined $owner || $mine->{$owner}) &&
			($_ =~ $product || index($_, "tests/$patchlet/") == 0);
	} tree();
}

my %digests; # file => [what stat says, digest]
sub digest {
	my ($file) = @_;
	return 'link ' . readlink $file if -l $file;
	my @stat = stat $file or return 'none';
	my $state = join ' ', @stat[1, 2, 7, 9, 10];
	my $known = $digests{$file};
	return $known->[1] if $known && $known->[0] eq $state;
	my $digest = sprintf '%o %s', $stat[2] & 0111,
		Digest::SHA->new(256)->addfile($file)->hexdigest;
	$digests{$file} = [$state, $digest];
	return $digest;
}

sub digest_of { return sha256_hex(map { "$_ " . digest($_) . "\n" } @_) }

sub undeclared {
	my ($test, @opened) = @_;
	my %inputs = map { $_ => 1 } inputs_of($test);
	my %tree = map { $_ => 1 } tree();
	my %seen;
	my $copies = matcher(words($test, 'copies'));
	return grep { $tree{$_} && !$inputs{$_} && $_ !~ $copies && $_ !~ $read_by_tools &&
		!$seen{$_}++ } @opened;
}

1;
