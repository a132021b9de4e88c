#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares ct(8) with conntrack(8) on random tables of this network namespace:
#
#	conntrack-random.pl CT TABLES [SEED]
#
# Each table is made by one of both from random lines. Both list it with the same random options,
# then one command that changes is run by each on the same table. Exit statuses, standard output and
# what follows the program's name in the last line of standard error must be equal. Prints what
# differs, and the numbers of tables and of compared commands.
use strict;
use warnings;
use IO::Handle;

my ($ct, $tables, $seed) = @ARGV;
$seed //= int rand 1 << 30;
srand $seed;
my $dir = $ENV{TMP} // '/tmp';
my @labels = split / /, $ENV{LABELS} // ''; # names of connlabel.conf
my ($compared, $different, $entries) = (0, 0, 0);

sub pick { $_[rand @_] }
sub chance { rand() < $_[0] }
sub port { int rand 20 }
sub ipv4 { pick(qw(192.0.2. 198.51.100. 203.0.113.)) . int rand 6 }
sub ipv6 {
	pick(qw(2001:db8::1: 2001:db8::2: 2001:db8:1234:5678:9abc:def0:1111:)) .
		sprintf '%x', int rand 5;
}

my %states = (
	tcp => [qw(NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE
		LISTEN)],
	sctp => [qw(NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD
		SHUTDOWN_ACK_SENT)],
	dccp => [qw(NONE REQUEST RESPOND PARTOPEN OPEN CLOSEREQ CLOSING TIMEWAIT)],
);

# The options of a protocol; $reply: in the direction of the answer, too.
sub ports {
	my ($proto, $reply) = @_;
	return () unless $proto =~ /^(tcp|udp|udplite|sctp|dccp|gre)$/;
	my @names = $proto eq 'gre' ? qw(srckey dstkey reply-key-src reply-key-dst) :
		qw(sport dport reply-port-src reply-port-dst);
	@names = (pick('orig-port-src', 'sport'), pick('orig-port-dst', 'dport'), @names[2, 3])
		if $proto ne 'gre';
	return map { "--$_ " . ($proto eq 'gre' && chance(.5) ? sprintf('0x%x', port()) : port()) }
		@names[0 .. ($reply ? 3 : 1)];
}

sub proto {
	my ($six) = @_;
	return pick(qw(tcp tcp udp udp udplite sctp gre), $six ? 'icmpv6' : 'icmp', 99, 'esp', 0x32,
		$ENV{DCCP} ? 'dccp' : 'udp');
}

# A line that creates a connection.
sub connection {
	my ($zones) = @_;
	my $six = chance(.3);
	my $address = $six ? \&ipv6 : \&ipv4;
	my $proto = proto($six);
	my @words = ('-A', '-t', 3000 + int rand 4000);
	my $reply = chance(.2);
	push @words, '-s', $address->(), '-d', $address->();
	push @words, '-r', $address->(), '-q', $address->() if $reply;
	push @words, '-p', $proto =~ /^(tcp|udp|sctp)$/ ? pick($proto, uc $proto) : $proto;
	push @words, ports($proto, $reply);
	push @words, '--state', pick(@{$states{$proto}}) if $states{$proto};
	push @words, '--orig-vtag', port(), '--reply-vtag', port() if $proto eq 'sctp';
	push @words, '--role', pick(qw(client server)) if $proto eq 'dccp';
	if ($proto =~ /^icmp/) {
		push @words, "--$proto-type", pick($six ? (128, 129, 139) : (8, 0, 13, 15, 17)),
			"--$proto-code", 0;
		push @words, "--$proto-id", port() if chance(.7);
	}
	push @words, '-m', pick(port(), sprintf '0x%x', int rand 1 << 30) if chance(.4);
	push @words, '-u', pick('SEEN_REPLY', 'ASSURED,SEEN_REPLY', 'UNSET')
		if chance(.5) && !grep { $_ eq '-m' } @words;
	if ($zones && chance(.3)) {
		push @words, pick('-w', '-w', '--orig-zone', '--reply-zone'), int rand 3;
	}
	if (!$reply && $proto =~ /^(tcp|udp)$/ && chance(.3)) {
		my $to = $address->();
		my $port = chance(.4) ? ':' . (1 + port()) : '';
		$to = "[$to]" if $six && $port;
		push @words, pick('-n', '-g'), "$to$port";
	}
	push @words, '--label-add', join ',', map { pick(@labels) } 1 .. pick(1, 2)
		if @labels && chance(.3);
	return "@words";
}

# Options that select.
sub filter {
	my ($command) = @_;
	my $six = chance(.2);
	my $address = $six ? \&ipv6 : \&ipv4;
	my @words;
	push @words, '-f', $six ? 'ipv6' : 'ipv4' if chance(.1) || $command eq '-U';
	my $prefix = chance(.5) ? '/' . pick($six ? (0, 31, 64, 128) : (0, 7, 24, 32)) : '';
	push @words, '-s', $address->() . $prefix if chance(.2);
	push @words, '-d', $address->() if chance(.1);
	push @words, '-r', $address->() if chance(.1);
	push @words, '-q', $address->() if chance(.1);
	if (chance(.4)) {
		my $proto = proto($six);
		push @words, '-p', $proto;
		push @words, pick(ports($proto, 1)) if chance(.3) && $states{$proto};
		push @words, '--state', pick(@{$states{$proto}}) # which -U sets
			if $states{$proto} && chance(.3) && $command ne '-U';
	}
	if ($command ne '-U') {
		push @words, pick('-w', '--orig-zone', '--reply-zone'), int rand 3 if chance(.1);
		if (chance(.2)) {
			push @words, '-m', port() . pick('', '/0xf', '/1');
		} elsif (chance(.2) && $command eq '-L') {
			push @words, '-u', pick(qw(ASSURED SEEN_REPLY UNSET UNREPLIED a
				!ASSURED EXPECTED), 'ASSURED,SEEN_REPLY');
		}
	}
	push @words, '-l', pick(@labels) if @labels && chance(.1);
	push @words, pick(qw(-n -g)) if chance(.1);
	push @words, pick(qw(-n -g)), ipv4() if chance(.05) && !$six;
	return @words;
}

sub output {
	my ($command) = @_;
	return () if chance(.3);
	return ('-o', pick('labels', 'xml,labels')) if @labels && chance(.3);
	return ('-o', pick(qw(xml extended id save ktimestamp), 'xml,id', 'xml,extended',
		'extended,id', 'xml,ktimestamp', 'x,e'));
}

sub slurp {
	local $/;
	open my $file, '<', $_[0] or die;
	return <$file> // '';
}

# Runs a command line of one of both. Returns status, output and the end of the messages.
sub run {
	my ($program, @words) = @_;
	my $pid = fork // die;
	if (!$pid) {
		open STDOUT, '>', "$dir/out" or die;
		open STDERR, '>', "$dir/err" or die;
		exec $program, @words or die;
	}
	waitpid $pid, 0;
	my $status = $?;
	my ($out, $err) = map { slurp("$dir/$_") } qw(out err);
	my $end = $err =~ /\): (.*)\n\z/ ? $1 : '';
	return ($status >> 8, $out, $status ? '' : $end);
}

# Timeouts go on between two commands.
sub steady {
	my ($out) = @_;
	$out =~ s/^((?:ipv[46] +\d+ )?[a-z0-9]+ +\d+) \d+/$1 T/gm;
	$out =~ s/-t \d+/-t T/g;
	$out =~ s/<timeout>\d+/<timeout>T/g;
	$out =~ s,<deltatime>\d+,<deltatime>T,g;
	$out =~ s/ delta-time=\d+//g;
	$out =~ s/ use=\d+/ use=U/g;
	$out =~ s,<use>\d+,<use>U,g;
	$out =~ s/ id=\d+/ id=I/g;
	$out =~ s,<id>\d+,<id>I,g;
	return join "\n", sort split /\n/, $out;
}

sub report {
	my ($words, $what, $theirs, $ours) = @_;
	$different++;
	return if $different > 5;
	my %seen = map { $_ => 1 } split /\n/, $theirs;
	my @only = grep { !delete $seen{$_} } split /\n/, $ours;
	print "seed $seed: conntrack @$words: $what differs\n";
	print "conntrack: $_\n" for sort keys %seen;
	print "ct: $_\n" for @only;
}

sub compare {
	my ($words, $theirs, $ours, $table) = @_;
	my @what = ('the status', 'the output', 'the last message', 'the table');
	$compared++;
	for my $i (0 .. $#$theirs) {
		next if $theirs->[$i] eq $ours->[$i];
		report($words, $what[$i], $theirs->[$i], $ours->[$i]);
		return;
	}
}

sub fill {
	my ($file) = @_;
	run('conntrack', '-F');
	my ($status) = run($ENV{FILLER} // 'conntrack', '-R', $file);
	die "seed $seed: the table cannot be made: ", slurp("$dir/err") if $status;
}

for my $table (1 .. $tables) {
	my $lines = pick(0, 1, 2, 5, 10, 20);
	my $command = pick(qw(-L -L -L -L -D -U));
	$entries += $lines;
	open my $file, '>', "$dir/lines" or die;
	print $file connection($command ne '-U'), "\n" for 1 .. $lines;
	close $file;
	fill("$dir/lines");

	my @list = ('-L', filter('-L'), output('-L'));
	my (@theirs, @ours);
	for (1 .. 5) { # a second may begin between both
		@theirs = run('conntrack', @list);
		@ours = run($ct, @list);
		last if "@theirs" eq "@ours";
	}
	compare(\@list, \@theirs, \@ours);
	next if $command eq '-L';

	my @change = ($command, filter($command), $command eq '-D' ? output($command) : ());
	my @settings = (['-m', '0x5/0xf'], ['-m', 77], ['-t', 55], ['-u', 'SEEN_REPLY'],
		['-u', 'ASSURED,SEEN_REPLY', '-t', 99]);
	push @settings, ['--label-add', pick(@labels)], ['--label-del', pick(@labels)],
		['--label-del'] if @labels;
	push @change, pick(@settings)->@* if $command eq '-U';
	my @result;
	for my $program ('conntrack', $ct) {
		fill("$dir/lines") if $program eq $ct;
		my @one = run($program, @change);
		# conntrack -U prints every second connection that it changed, and takes those of
		# a zone for those of zone 0.
		$one[1] = $command eq '-U' ? '' : steady($one[1]);
		my @after = run('conntrack', '-L', @labels ? ('-o', 'labels') : ());
		push @result, [@one, steady($after[1])];
	}
	compare(\@change, @result);
}
print "$tables tables with $entries connections, $compared commands compared, $different different\n";
exit($different ? 1 : 0);
