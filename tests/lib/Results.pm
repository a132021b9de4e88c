# SPDX-License-Identifier: GPL-2.0-only
# The cache of test results: what a test printed when it passed, by a key of all that its result
# depends on.
#
#   key_of(TEST, WORD...)   the key: TEST's inputs (Inputs.pm), the WORDs (a command, kernel,
#                           backend), versions of all packages, the host's kernel and the variables
#                           that change what a test does
#   cached(KEY)             the lines that were printed, as an array reference, or undef; always
#                           undef with FRESH=1
#   keep(KEY, LINE...)      keeps them. The caller keeps no failure, and asks for the key again
#                           first: a test whose inputs changed while it ran has another key by then
#
# Results are files in $POM_RESULTS [$POM_CACHE/results]; one that was not used for 60 days is
# deleted.
package Results;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Exporter qw(import);
use File::Path qw(make_path);
use Inputs qw(inputs_of variables_of history_of digest_of);
our @EXPORT_OK = qw(key_of cached keep place);

my @variables = qw(LEVEL TEST_SEED TEST_ONLY POM_VM_APPEND POM_VM_ACCEL POM_VM_SHARE POM_PATIENCE
	POM_DEADLINE LINT_ONLY);
my $world;

sub place {
	return $ENV{POM_RESULTS} if length($ENV{POM_RESULTS} // '');
	my $cache = $ENV{POM_CACHE} // ($ENV{XDG_CACHE_HOME} // ($ENV{HOME} // '/root') . '/.cache')
		. '/patch-o-matic';
	return "$cache/results";
}

# What is the same for all tests of one run.
sub world {
	return $world //= do {
		my $format = '${Package} ${Version} ${db:Status-Status}\n';
		my @packages = grep { / installed$/ } `dpkg-query -W -f '$format' 2>/dev/null`;
		my $host = `uname -r`;
		sha256_hex(@packages, $host, map { "$_=" . ($ENV{$_} // '') . "\n" } @variables);
	};
}

sub key_of {
	my ($test, @words) = @_;
	my @read = map { "$_=" . ($ENV{$_} // '') } variables_of($test);
	return sha256_hex(join "\n", 'results 1', world(), $test, @words, @read, history_of($test),
		digest_of(inputs_of($test)));
}

sub path { return place() . '/' . substr($_[0], 0, 2) . "/$_[0]" }

sub cached {
	my ($key) = @_;
	return undef if ($ENV{FRESH} // '') eq '1';
	open my $fh, '<', path($key) or return undef;
	my @lines = <$fh>;
	chomp @lines;
	return undef unless @lines && $lines[-1] eq '# end'; # a full disk
	utime undef, undef, path($key);
	pop @lines;
	return \@lines;
}

sub keep {
	my ($key, @lines) = @_;
	my $path = path($key);
	my $dir = $path =~ s{/[^/]+$}{}r;
	eval { make_path($dir) };
	open my $fh, '>', "$path.$$" or return;
	print $fh map { "$_\n" } @lines, '# end';
	close $fh and rename "$path.$$", $path;
}

sub forget_old {
	my $place = place();
	system('find', $place, '-type', 'f', '-mtime', '+60', '-delete') if -d $place;
}

1;
