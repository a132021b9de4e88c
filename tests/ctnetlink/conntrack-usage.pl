#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# Compares the exit statuses of ct(8) and conntrack(8) for random command lines, most of them wrong,
# in a network namespace whose connections it deletes:
#
#	conntrack-usage.pl CT LINES [SEED]
#
# Prints the lines with different statuses, and how many lines were compared.
use strict;
use warnings;

my ($ct, $lines, $seed) = @ARGV;
$seed //= int rand 1 << 30;
srand $seed;
my ($different, %statuses) = (0);

sub pick { $_[rand @_] }

my @commands = (qw(-L -G -D -I -A -U -F -C -S --dump --get --delete --create --add --update --flush
	--counter --stats -Lconntrack), '');
my @tables = ('', '', '', '', qw(conntrack expect dying unconfirmed exp nothing));
my @addresses = qw(192.0.2.1 192.0.2.2 192.0.2.0/24 192.0.2.0/33 2001:db8::1 2001:db8::/32 10.1
	192.0.2.256 :: x);
my @ports = qw(1 2 0 65536 x 0x10);
my %values = (
	(map { ($_ => \@addresses) } qw(-s -d -r -q --src --dst --orig-src --orig-dst --reply-src
		--reply-dst --tuple-src --tuple-dst --mask-src --mask-dst)),
	(map { ($_ => ['', qw(192.0.2.7 192.0.2.7:80 [2001:db8::7]:80 2001:db8::7 192.0.2.7:
		192.0.2.7:x []:1 [2001:db8::7)]) } qw(-n -g -j --src-nat --dst-nat --any-nat)),
	(map { ($_ => [qw(tcp udp udplite sctp dccp gre icmp icmpv6 TCP 6 17 47 99 0x11 256 foo)]) }
		qw(-p --protonum)),
	(map { ($_ => [qw(1 100 x)]) } qw(-t --timeout -b)),
	(map { ($_ => [qw(ASSURED SEEN_REPLY UNSET a !ASSURED UNREPLIED EXPECTED), 'ASSURED,', ',',
		'SEEN_REPLY,ASSURED', 'SRC_NAT', 'x']) } qw(-u --status)),
	(map { ($_ => [qw(1 0x10 1/0xff)]) } qw(-m --mark)),
	(map { ($_ => [qw(1 2)]) } qw(-w --zone -c --secmark --orig-zone --reply-zone)),
	(map { ($_ => [qw(ipv4 ipv6 ipx)]) } qw(-f --family)),
	(map { ($_ => [qw(xml extended id save timestamp userspace x nothing),
		'xml,id', 'save,id', 'id,save', '']) } qw(-o --output)),
	'-e' => [qw(NEW ALL x)], '-a' => [1], '--id=5' => [''], '-z' => [''], '--zero' => [''],
	'-l' => ['none'], '--nothing' => [''], '-x' => [''],
	'--label-add' => ['none'], '--label-del' => ['none'],
	'--state' => [qw(ESTABLISHED NONE OPEN CLOSED established)], '--role' => [qw(client c x)],
	(map { ($_ => \@ports) } qw(--sport --dport --orig-port-src --orig-port-dst --reply-port-src
		--reply-port-dst --mask-port-src --mask-port-dst --tuple-port-src --tuple-port-dst
		--srckey --dstkey --reply-key-src --reply-key-dst --orig-vtag --reply-vtag
		--icmp-type --icmp-code --icmp-id --icmpv6-type --icmpv6-code --icmpv6-id)),
);
my @options = sort keys %values;

sub words { map { split / / } @_ }

# The options that some commands need, so that not all lines fail for these.
sub needed {
	my ($command) = @_;
	return () if rand() < .3;
	my @words;
	@words = qw(-s 192.0.2.1 -d 192.0.2.2 -p) if $command =~ /^-+[GIAgca]/;
	if (@words) {
		push @words, pick('udp --sport 1 --dport 2', 'gre --srckey 1 --dstkey 2', '99',
			'tcp --sport 1 --dport 2 --state NONE', 'icmp --icmp-type 8 --icmp-code 0',
			'sctp --sport 1 --dport 2 --state CLOSED --orig-vtag 1 --reply-vtag 2');
		push @words, '-t 50' if $command =~ /^-+[IAca]/;
	}
	return words(@words);
}

sub line {
	my $command = pick(@commands);
	my @words = ($command, pick(@tables), needed($command));
	for (1 .. pick(0, 1, 1, 2, 3, 5)) {
		my $option = pick(@options);
		my @with = ($option, pick(@{$values{$option}}));
		# Options of a protocol are unknown in front of it.
		push @words, rand() < .05 ? ($option) : @with;
	}
	push @words, pick(@commands) if rand() < .03;
	return grep { $_ ne '' } @words;
}

sub status {
	my ($program, @words) = @_;
	my $pid = fork // die;
	if (!$pid) {
		open STDOUT, '>', '/dev/null' or die;
		open STDERR, '>', '/dev/null' or die;
		exec $program, @words or die;
	}
	waitpid $pid, 0;
	return $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
}

# A line that begins with a word or has no command of conntrack is one of ct's own, and ct refuses a
# second protocol after options of the first. In the tables dying and
# unconfirmed, conntrack takes a mask without an address, and ct refuses it as in the others.
sub comparable {
	return 0 if !@_ || $_[0] !~ /^-/ || 1 < grep { /^--?p/ } @_;
	return 0 if "@_" =~ /(dying|unconfirmed)\b.* --mask/;
	return grep {
		/^(-[LGDIAUFCS]|--(dump|get|delete|create|add|update|flush|counter|stats)$)/
	} @_;
}

status('conntrack', '-F');
for (1 .. $lines) {
	my @words = line();
	redo unless comparable(@words);
	my $adds = "@words" =~ /-I|-A|create|add/;
	my $theirs = status('conntrack', @words);
	# It may have added a connection and crashed afterwards.
	status('conntrack', '-F') if $adds;
	redo if $theirs =~ /signal/;
	my $ours = status($ct, @words);
	status('conntrack', '-F') if $adds;
	$statuses{$ours}++;
	next if $theirs eq $ours;
	$different++;
	print "seed $seed: @words: conntrack $theirs, ct $ours\n" if $different <= 20;
}
print "$lines lines, ", join(', ', map { "$statuses{$_} with status $_" } sort keys %statuses),
	", $different different\n";
exit($different ? 1 : 0);
