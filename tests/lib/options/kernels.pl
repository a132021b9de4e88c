#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# kernels.pl RULES: in the guest that tests/lib/options/kernels boots. Loads each rule of the file
# RULES (Options.pm writes it) with
#
#   stock   the kernel's module and the distribution's extension
#   ours    our module and the distribution's extension
#   own     our module and extension
#
# A rule must be accepted with ours if and only if it is with stock, and be listed in the same
# words; -C and -D must find it. With own that holds for each rule that stock accepts. Ours may
# accept what is an intended extension, and quote a name that theirs lists without the quotes that
# it needs.
use strict;
use warnings;

use constant { CHUNK => 200, SINGLE => 30 };
my %module = (string => 'xt_string', recent => 'xt_recent', connmark => 'xt_connmark',
	CONNMARK => 'xt_connmark');
$| = 1;
$ENV{PATH} .= ':/usr/local/sbin:/usr/sbin:/sbin';
my ($file) = @ARGV;
my ($disagreements, $shown) = (0, 0);

# The extensions of the distribution: ours are libipt_NAME.so and libip6t_NAME.so.
my ($dir) = grep { -e "$_/libxt_recent.so" } glob '/usr/lib/*/xtables /usr/lib/xtables';
my $stock_dir = '/run/stock-xtables';
mkdir $stock_dir or die "$stock_dir: $!\n";
my $names = join '|', keys %module;
symlink $_, "$stock_dir/" . s{.*/}{}r for grep { !/libip6?t_(?:$names)\.so$/ } glob "$dir/*.so";

sub command { system(@_) == 0 or die "@_ failed\n" }

sub load_module {
	my ($module, $variant) = @_;
	(my $release = `uname -r`) =~ s/\n//;
	if ($variant eq 'stock') {
		my ($path) = glob "/lib/modules/$release/kernel/net/netfilter/$module.ko*";
		command('modprobe', $_) for qw(x_tables nf_conntrack);
		command('insmod', $path);
	} else {
		command('modprobe', $module);
	}
	open my $taint, '<', "/sys/module/$module/taint" or die "$module: $!\n";
	my $is_ours = <$taint> =~ /O/ ? 1 : 0;
	die "$module is not that of $variant\n" if $is_ours != ($variant ne 'stock');
}

# The kernel deletes rules of nftables in a worker.
sub unload_module {
	my ($module) = @_;
	for (1 .. 200) {
		return if system("rmmod $module 2>/dev/null") == 0;
		select undef, undef, undef, .1; # sleep: polls
	}
	die "$module cannot be unloaded\n";
}

sub restore {
	my ($program, $text, @options) = @_;
	open my $in, '|-', "$program-restore @options 2>/dev/null" or die "$program: $!\n";
	print $in $text;
	return close $in;
}

# Loads rules in as few steps as possible. Each gets {accepted}, {listed}, {checked} and {deleted}.
sub try_rules {
	my ($program, $variant, @rules) = @_;
	my $table = $rules[0]{kind} eq 'target' ? 'mangle' : 'filter';
	my $option = $rules[0]{kind} eq 'target' ? '-j' : '-m';
	my $text = join '', map { "$option $_->{name} $_->{words}\n" } @rules;
	if (restore($program, "*$table\n" . $text =~ s/^/-A OUTPUT /mgr . "COMMIT\n")) {
		my @listed = map { /^-A OUTPUT (.*)/ ? $1 : () } `$program -t $table -S OUTPUT`;
		my ($checked, $deleted) = map { restore($program, "*$table\n" .
			$text =~ s/^/$_ OUTPUT /mgr . "COMMIT\n", '--noflush') } '-C', '-D';
		for my $i (0 .. $#rules) {
			$rules[$i]{$variant} = { accepted => 1, checked => $checked,
				deleted => $deleted,
				listed => @listed == @rules ? $listed[$i] : 'another number' };
		}
	} elsif (@rules == 1) {
		$rules[0]{$variant} = { accepted => 0 };
	} else {
		my $half = int @rules / 2;
		try_rules($program, $variant, @rules[0 .. $half - 1]);
		try_rules($program, $variant, @rules[$half .. $#rules]);
	}
}

sub run_variant {
	my ($backend, $variant, $family, @rules) = @_;
	my $program = ($family == 4 ? 'iptables' : 'ip6tables') . "-$backend";
	local $ENV{XTABLES_LIBDIR} = $variant eq 'own' ? $dir : $stock_dir;
	my @likely = grep { $_->{expected} eq 'accepted' } @rules;
	my @unlikely = grep { $_->{expected} ne 'accepted' } @rules;
	try_rules($program, $variant, splice @likely, 0, CHUNK) while @likely;
	try_rules($program, $variant, $_) for @unlikely;
	restore($program, "*filter\nCOMMIT\n*mangle\nCOMMIT\n") or die "$program: cannot flush\n";
}

sub unquoted { return $_[0] =~ s/"((?:[^"\\]|\\.)*)"/$1 =~ s,\\(.),$1,gr/ger }

sub differs {
	my ($rule) = @_;
	my ($stock, $ours, $own) = @$rule{qw(stock ours own)};
	return '' if $rule->{expected} eq 'extended' && !$stock->{accepted};
	return 'acceptance' if $stock->{accepted} != $ours->{accepted};
	return '' if !$stock->{accepted};
	return 'acceptance by our extension' if !$own->{accepted};
	return 'listing' if $stock->{listed} ne $ours->{listed};
	return 'listing of our extension' if $stock->{listed} ne $own->{listed} &&
		$stock->{listed} ne unquoted($own->{listed});
	for my $how ('checked', 'deleted') {
		return "not $how" if grep { !$_->{$how} } $stock, $ours, $own;
	}
	return '';
}

sub judge {
	my ($backend, $family, $name, @rules) = @_;
	my %count = (accepted => 0, refused => 0, differ => 0);
	for my $rule (@rules) {
		$count{$rule->{stock}{accepted} ? 'accepted' : 'refused'}++;
		my $how = differs($rule) or next;
		$count{differ}++;
		next if ++$shown > 20;
		print "# $backend IPv$family $name $rule->{words}: $how\n",
			map { my $of = $rule->{$_}; "#   $_: " . join(' ', map { "$_=$of->{$_}" }
				sort keys %$of) . "\n" } qw(stock ours own);
	}
	$disagreements += $count{differ};
	printf "%s IPv%s %s: %d rules compared, %d accepted, %d refused, %d disagreements\n",
		$backend, $family, $name, scalar @rules, @count{qw(accepted refused differ)};
}

my (%rules, %singles);
open my $fh, '<', $file or die "$file: $!\n";
while (<$fh>) {
	chomp;
	my ($family, $kind, $name, $expected, $words) = split /\t/, $_, 5;
	next if $expected ne 'accepted' && ++$singles{"$family $name"} > SINGLE;
	push @{$rules{$name}{$family}},
		{ kind => $kind, name => $name, expected => $expected, words => $words };
}
close $fh;
for my $name (sort keys %rules) {
	for my $backend ('nft', 'legacy') {
		my %of = %{$rules{$name}};
		for my $variant ('stock', 'ours', 'own') {
			load_module($module{$name}, $variant) if $variant ne 'own';
			run_variant($backend, $variant, $_, @{$of{$_}}) for 4, 6;
			unload_module($module{$name}) if $variant ne 'ours';
		}
		judge($backend, $_, $name, @{$of{$_}}) for 4, 6;
	}
}
print "done ", `uname -r`;
exit($disagreements > 0);
