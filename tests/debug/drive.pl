#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Finds the files, sysctls, parameters and netlink operations of modules, and uses them with random
# values. The layers concurrency and adversary run this, and fail if it found something that it
# could not use.
#
#   drive.pl files WITHOUT COVERED DECLARED...     reads and writes files in /proc/net, sysctls and
#                                                  module parameters
#   drive.pl netlink WITHOUT COVERED FAMILY...     sends generic netlink requests that follow the
#                                                  kernel's policies
#   drive.pl commands COVERED DECLARED...          runs commands
#   drive.pl listen COVERED FAMILY...              joins and leaves groups of events, with and
#                                                  without reading
#   drive.pl namespaces COVERED RULES RESTORE...   creates and leaves network namespaces with the
#                                                  rules in RULES.RESTORE
#   drive.pl expand                                expands templates on standard input
#   drive.pl list [MODULE...]                      prints the files, and the parameters of MODULEs
#
# Each verb runs until SIGTERM, except expand and list.
#
#   WITHOUT        a file that lists the paths that exist without the modules (the output of list)
#   COVERED        a file that has the process ID when the verb begins, and at the end a line
#                  "USED ITEM" for each item; USED is how often the kernel accepted it
#   DECLARED       files proc-writes or netlink-commands of patchlets (doc/adding-a-patchlet.md)
#   DRIVE_SEED     the seed
#   DRIVE_MODULES  the modules whose parameters are written
use strict;
use warnings;
use Errno qw(EINTR ENOTCONN);
use Fcntl qw(:DEFAULT);
use File::Find ();
use List::Util qw(min shuffle);
use POSIX ();
BEGIN { unshift @INC, grep { -e "$_/genetlink.pm" } 'tests/lib' }
use genetlink;

use constant { ADDRESSES => 4096, READ_MAX => 1 << 20, UNUSED_ROUNDS => 5 };
use constant { GETFAMILY => 3, GETPOLICY => 10, GENL_ID_CTRL => 16, FAMILY_ID => 1,
	FAMILY_NAME => 2, OPS => 6, GROUPS => 7, GROUP_ID => 2, POLICY => 8, OP_POLICY => 9,
	CAP_DO => 2, CAP_DUMP => 4 };

my $end = 0;
$SIG{TERM} = sub { $end = 1 };
$SIG{PIPE} = 'IGNORE';
srand(($ENV{DRIVE_SEED} // 1) * 31 + (@ARGV && $ARGV[0] eq q(expand) ? 0 : $$));

# ---- random values ----

# A random number; its logarithm is uniformly distributed, so small values are as likely as large
# ones.
sub number {
	my ($min, $max) = @_;
	my $dice = rand;
	return $min if $dice < 0.1;
	return $max if $dice < 0.2;
	my $n = $min + int(exp(rand() * log($max - $min + 1)) - 1 + 0.5);
	return $n > $max ? $max : $n;
}

# A source address of tests/debug/flood.c.
sub address {
	my $n = int rand ADDRESSES;
	return rand() < 0.5 ? sprintf '198.18.%d.%d', $n >> 8, $n & 255 : sprintf '2001:db8::%x',
		$n;
}

sub address_bytes {
	my $n = int rand ADDRESSES;
	return rand() < 0.5 ? pack 'N', 0xc6120000 + $n : pack 'nnx8N', 0x2001, 0xdb8, $n;
}

my %templates = (RANDOM => sub { number(split /-/, shift) }, ADDRESS => \&address,
	ZEROS => sub { '\x00' x shift });

# The bytes of a line of proc-writes, with \n, \xNN, and \c, after which nothing follows.
sub unescaped {
	my $data = shift;
	$data =~ s/\\c.*//s;
	return $data =~ s/\\(?:n|x([0-9a-f]{2}))/defined $1 ? chr hex $1 : "\n"/ger;
}

# A template that occurs twice in a line has the same value both times.
sub expand {
	my ($line, %had) = shift;
	my $value = sub { ($templates{$_[1]} or die "no template $_[0]\n")->($_[2]) };
	$line =~ s/(\{([A-Z]+)(?::([^}]*))?\})/$had{$1} \/\/= $value->($1, $2, $3)/ge;
	return $line;
}

# The lines of files, as [FILE, LINE].
sub lines_of {
	return map {
		my $file = $_;
		open my $in, '<', $file or die "$file: $!\n";
		map { chomp; [$file, $_] } grep { /\S/ && !/^#/ } <$in>;
	} @_;
}

# ---- coverage ----

my (%items, %used, %seen);

sub use_item { my $item = shift; $items{$item} = 1; $used{$item}++ }

# An item counts after UNUSED_ROUNDS rounds: a file may exist too briefly to be used.
sub see_item {
	my $item = shift;
	$seen{$item}++;
	$items{$item} = 1 if $seen{$item} >= UNUSED_ROUNDS;
}

# The file with the process ID says that this handles SIGTERM.
sub begin {
	my $file = shift;
	open my $out, '>', $file or die "$file: $!\n";
	print $out "$$\n";
	close $out;
}

sub write_covered {
	my $file = shift;
	open my $out, '>', $file or die "$file: $!\n";
	print $out +($used{$_} // 0), " $_\n" for sort keys %items;
	close $out;
}

# ---- files ----

sub file_list {
	my @modules = @_;
	my @files;
	my @dirs = grep { -d } '/proc/net/', '/proc/sys/net',
		map { "/sys/module/$_/parameters" } @modules;
	File::Find::find({ no_chdir => 1, wanted => sub { push @files, $_ if -f $_ } }, @dirs);
	return map { s,//,/,gr } @files;
}

sub paths_in {
	my $file = shift;
	open my $in, '<', $file or die "$file: $!\n";
	return map { chomp; $_ => 1 } <$in>;
}

sub read_file {
	my ($path, $item) = @_;
	sysopen my $fh, $path, O_RDONLY | O_NONBLOCK or return;
	my ($all, $text) = (0, '');
	while (1) {
		my $n = sysread $fh, my $part, 65536;
		# ENOTCONN: the file reads nothing before a write.
		use_item("read $path") if $item && !defined $n && $! == ENOTCONN;
		return if !defined $n;
		$text = $part if !$all;
		$all += $n;
		last if !$n || $all > READ_MAX || $end;
	}
	use_item("read $path") if $item;
	return $text;
}

sub write_file {
	my ($path, $data) = @_;
	sysopen my $fh, $path, O_WRONLY or return;
	return defined syswrite $fh, unescaped("$data\\n");
}

sub is_readable { return (stat shift)[2] & 0444 }
sub is_writable { return (stat shift)[2] & 0222 }

# Writes a random value to a sysctl or parameter. files() restores the original value at the end.
my %was;
sub write_value {
	my $path = shift;
	my $old = is_readable($path) ? read_file($path) : undef;
	$was{$path} //= $old;
	# Restore it half of the time: a limit that stays small would hide other code.
	return write_file($path, $was{$path} =~ s/\n*$//r) if defined $was{$path} && rand() < 0.5;
	my @choices = (0, 1, number(0, 16), number(0, 1000), number(0, 65535), 'Y', 'N');
	use_item("write $path") if write_file($path, $choices[rand @choices]);
}

# The undo commands of accepted lines: an entry may hold a module.
my %left;
sub undo_rest {
	for my $path (keys %left) { write_file($path, $_) for sort keys %{ $left{$path} } }
}

# Writes a declared line to a file in /proc/net: mostly one that a file of the same directory has
# accepted. Tries all of them while the file has accepted none.
my %taken;
sub write_lines {
	my ($path, $lines) = @_;
	my $good = $taken{$path =~ s,[^/]*$,,r} //= {};
	my @good = keys %$good;
	my @tries = $used{"write $path"}
		? (@good && rand() < 0.9 ? $good[rand @good] : $lines->[rand @$lines])
		: (@good, shuffle(@$lines));
	for my $line (@tries) { return if write_line($path, $line, $good) }
}

sub write_line {
	my ($path, $line, $good) = @_;
	my ($data, $undo) = split ' ', expand($line);
	my $taken = write_file($path, $data);
	if ($taken) {
		use_item("write $path");
		$good->{$line} = 1;
		$left{$path}{$undo} = 1 if defined $undo;
	}
	delete $left{$path}{$undo} if defined $undo && rand() < 0.5 && write_file($path, $undo);
	return $taken;
}

sub drive_file {
	my ($path, $lines) = @_;
	-e $path or return;
	see_item("read $path") if is_readable($path);
	see_item("write $path") if is_writable($path);
	read_file($path, 1) if is_readable($path) && (!$used{"read $path"} || rand() < 0.5);
	if (is_writable($path)) {
		if ($path !~ m,^/proc/net/,) {
			write_value($path);
		} elsif (@$lines) {
			write_lines($path, $lines);
		}
	}
}

sub files {
	my ($without, $covered, @declared) = @_;
	begin($covered);
	my %existing = paths_in($without);
	my @lines = map { $_->[1] } lines_of(@declared);
	my @modules = split ' ', $ENV{DRIVE_MODULES} // '';
	my ($round, @files) = 0;
	until ($end) {
		@files = grep { !$existing{$_} } file_list(@modules) if $round++ % 20 == 0;
		drive_file($_, \@lines) for @files;
		select undef, undef, undef,
			@files ? 0 : 0.1; # sleep: the patchlet may have no files
	}
	undo_rest();
	for my $path (grep { defined $was{$_} } keys %was) {
		write_file($path, $was{$path} =~ s/\n*$//r);
	}
	write_covered($covered);
}

# ---- generic netlink ----

sub nested { my %attrs = attrs(shift); return \%attrs }

sub ask_controller {
	my $name = shift;
	connected(NETLINK_GENERIC);
	my ($answer) = request(GENL_ID_CTRL, GETFAMILY, 0, attr(FAMILY_NAME, "$name\0"));
	return $answer // die "$name: $!\n";
}

# Queries the controller. Returns the ID of a family, its policies, and its operations: [COMMAND, do
# or dump, POLICY].
sub operations {
	my $name = shift;
	my $answer = ask_controller($name);
	my (%policies, %policy_of, @operations);
	for (request(GENL_ID_CTRL, GETPOLICY, NLM_F_DUMP, attr(FAMILY_NAME, "$name\0"))) {
		for my $n (keys %{ nested($_->{+POLICY} // '') }) {
			my $attributes = nested(nested($_->{+POLICY})->{$n});
			$policies{$n}{$_} = nested($attributes->{$_}) for keys %$attributes;
		}
		my $commands = nested($_->{+OP_POLICY} // '');
		$policy_of{$_} = nested($commands->{$_}) for keys %$commands;
	}
	for (values %{ nested($answer->{+OPS} // '') }) {
		my %op = attrs($_);
		my ($command, $flags) = (unpack('L', $op{1}), unpack('L', $op{2}));
		my $policy = sub {
			my $n = $policy_of{$command}{shift()};
			return defined $n ? $policies{unpack 'L', $n} : {};
		};
		push @operations, [$command, 'do', $policy->(1)] if $flags & CAP_DO;
		push @operations, [$command, 'dump', $policy->(2)] if $flags & CAP_DUMP;
	}
	return unpack('S', $answer->{+FAMILY_ID}), \%policies, @operations;
}

my %packs = (2 => 'C', 3 => 'S', 4 => 'L', 5 => 'Q', 6 => 'c', 7 => 's', 8 => 'l', 9 => 'q',
	16 => 'l', 17 => 'L');
my @names;

# A random attribute that satisfies the kernel's policy.
sub attribute {
	my ($number, $policy, $policies, $depth) = @_;
	my $type = unpack 'L', $policy->{1} // return '';
	my ($min, $max) = map { defined $_ ? unpack('Q', $_) : undef } $type >= 6 && $type <= 9
		? @$policy{2, 3} : @$policy{4, 5};
	my ($short, $long) = map { defined $_ ? unpack('L', $_) : undef } @$policy{6, 7};
	if ($packs{$type}) {
		my $bits = 8 * length pack $packs{$type}, 0;
		return attr($number, pack $packs{$type},
			number($min // 0, defined $max && $max < 2 ** 32 ? $max : $bits > 31
			? 2 ** 32 - 1 : 2 ** $bits - 1));
	}
	return attr($number, '') if $type == 1;
	if ($type == 10) {
		return attr($number, address_bytes()) if ($long // 0) == 16;
		my $age = 0;
		return attr($number, pack 'Q*',
			map { $age += number(0, 1000) } 1 .. number(1, ($long // 64) / 8));
	}
	if ($type == 11 || $type == 12) {
		my $name = @names && rand() < 0.98 ? $names[rand @names]
			: "\e[1m" . ('x' x number(1, $long // 16));
		return attr($number, $name . ($type == 12 ? "\0" : ''));
	}
	if (($type == 13 || $type == 14) && $depth < 3 && defined $policy->{8}) {
		my $inner = attributes($policies->{unpack 'L', $policy->{8}}, $policies,
			$depth + 1);
		return attr($number, $type == 13 ? $inner : attr(1, $inner));
	}
	return '';
}

# Includes strings more often: they are names, and a request without one finds no object. The
# attributes that LIKE has are those.
sub attributes {
	my ($policy, $policies, $depth, $like) = @_;
	return join '', map {
		my $type = unpack 'L', $policy->{$_}{1} // pack 'L', 0;
		rand() >= ($type == 11 || $type == 12 ? 0.97 : 0.5) ? ''
			: defined $like->{$_} ? attr($_, $like->{$_})
			: attribute($_, $policy->{$_}, $policies, $depth);
	} sort { $a <=> $b } keys %$policy;
}

# The names in requests are those of the modules' files.
sub learn_names {
	my ($existing) = @_;
	@names = map { m,([^/]+)$, } grep { m,^/proc/net/, && !$existing->{$_} } file_list();
}

# What the last dump of a family has sent: half of the requests are about one of these objects.
my %heard;
use constant HEARD_MAX => 50;

sub drive_operation {
	my ($name, $id, $policies, $operation) = @_;
	my ($command, $kind, $policy) = @$operation;
	my $item = "netlink $name $command $kind";
	$items{$item} = 1;
	$! = 0;
	my $known = $heard{$name} // [];
	my $like = @$known && rand() < 0.5 ? $known->[rand @$known] : {};
	my @answers = request($id, $command, $kind eq 'dump' ? NLM_F_DUMP : 0,
		attributes($policy, $policies, 0, $like));
	return if $!;
	use_item($item);
	$heard{$name} = [@answers[0 .. min(HEARD_MAX, $#answers)]] if @answers;
}

sub netlink {
	my ($without, $covered, @families) = @_;
	begin($covered);
	my %existing = paths_in($without);
	my (%known, $round);
	until ($end) {
		for my $name (@families) {
			eval {
				$known{$name} //= [operations($name)];
				my ($id, $policies, @operations) = @{ $known{$name} };
				learn_names(\%existing) if $round++ % 50 == 0;
				# One socket for several requests, as in one program.
				connected(NETLINK_GENERIC);
				for my $operation ((@operations) x 20) {
					$end or drive_operation($name, $id, $policies, $operation);
				}
			};
			die $@ if $@ && !$known{$name} && !$end;
		}
	}
	write_covered($covered);
}

# ---- commands, listeners, namespaces ----

sub commands {
	my ($covered, @declared) = @_;
	begin($covered);
	my @lines = lines_of(@declared);
	until ($end) {
		for (@lines) {
			my ($file, $line) = @$_;
			last if $end;
			see_item("command $line");
			my @words = split ' ', expand($line);
			my $child = fork // die "fork: $!\n";
			if (!$child) {
				open STDIN, '<', '/dev/null';
				open STDOUT, '>', '/dev/null';
				open STDERR, '>', '/dev/null';
				exec @words or POSIX::_exit(127);
			}
			while (waitpid($child, 0) < 0) { $! == EINTR or die "waitpid: $!\n" }
			use_item("command $line") if !$?;
		}
	}
	write_covered($covered);
}

# The numbers of the multicast groups of a family.
sub groups_of {
	my $name = shift;
	my $groups = nested(ask_controller($name)->{+GROUPS} // '');
	return map { unpack 'L', nested($_)->{+GROUP_ID} } values %$groups;
}

sub listen_briefly {
	my ($name, $reads) = @_;
	my @groups = groups_of($name);
	my $socket = connected(NETLINK_GENERIC);
	listen_to($_) for @groups;
	my $bits = '';
	vec($bits, fileno $socket, 1) = 1;
	my ($until, $events) = (rand(0.2), 0);
	while ($reads && !$end && $until > 0) {
		(my $left, $until) = (0, $until - 0.01);
		use_item("events $name") if select(my $ready = $bits, undef, undef, 0.01) > 0 &&
			sysread $socket, my $data, 65536;
	}
	select undef, undef, undef, rand 0.2 if !$reads; # sleep: until the queue overflows
}

sub listen_all {
	my ($covered, @families) = @_;
	begin($covered);
	# A family that does not answer is expected to have events.
	my @heard = grep { my @groups = eval { groups_of($_) }; @groups || $@ } @families;
	$items{"events $_"} = 1 for @heard;
	until ($end) {
		for my $name (@heard) { eval { listen_briefly($name, rand() < 0.8) } }
		select undef, undef, undef, 0.1 if !@heard; # sleep: until SIGTERM
	}
	write_covered($covered);
}

sub enter_new_namespace {
	syscall(272, 0x40000000) and die "unshare: $!\n";
	socket(my $four, 2, 2, 0) or die "socket: $!\n";
	ioctl($four, 0x8914, my $up = pack('a16sx22', 'lo', 0x41)) or die "lo: $!\n";
}

sub namespaces {
	my ($covered, $rules, @restores) = @_;
	begin($covered);
	$items{'namespace'} = 1;
	until ($end) {
		enter_new_namespace();
		my $restore = $restores[rand @restores];
		system("$restore <$rules.$restore") if -s "$rules.$restore";
		system('build/debug/flood -p 50 >/dev/null');
		use_item('namespace');
	}
	write_covered($covered);
}

my %verbs = (files => \&files, netlink => \&netlink, commands => \&commands, listen => \&listen_all,
	namespaces => \&namespaces,
	expand => sub { while (my $line = <STDIN>) { print expand($line) } },
	list => sub { print "$_\n" for sort +file_list(@_) });
my $verb = shift // '';
($verbs{$verb} // die "drive.pl: unknown verb '$verb'\n")->(@ARGV);
