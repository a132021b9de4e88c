#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Opens files of our modules and prints one line for each that does not behave.
#
#   proc-files.pl owner WRITES FILE...    each FILE can be read, appended to, and takes one of the
#                                         WRITES, as its mode promises
#   proc-files.pl denied FILE...          no FILE can be opened for writing
#
# WRITES names a file with what is written in the first word of each line, as in
# patchlets/*/proc-writes; \n is a newline, \xNN a byte, \c the end of what is written without one.
# {RANDOM:A-B} is a number, {ADDRESS} an address, and {ZEROS:N} so many bytes. A file that reads
# nothing before a write returns ENOTCONN; one that this kernel cannot serve refuses writes with
# EOPNOTSUPP.
use strict;
use warnings;
use Errno qw(ENOTCONN EOPNOTSUPP);
use Fcntl qw(O_RDONLY O_WRONLY O_RDWR O_APPEND SEEK_SET SEEK_END);

my $verb = shift // '';
my @writes;

sub opened {
	my ($path, $flags) = @_;
	sysopen my $file, $path, $flags or return;
	return $file;
}

# SEEK_END is a position in files that can be written, and reading from the beginning works after
# it.
sub read_whole {
	my ($path, $writable) = @_;
	my $file = opened($path, O_RDONLY) or return "cannot be read: $!";
	!$writable || defined sysseek $file, 0, SEEK_END or return "SEEK_END of a reader: $!";
	defined sysseek $file, 0, SEEK_SET or return "SEEK_SET of a reader: $!";
	my $got;
	while ($got = sysread $file, my $text, 65536) { }
	return defined $got || ($writable && $! == ENOTCONN) ? undef : "cannot be read: $!";
}

sub append {
	my ($path) = @_;
	my $file = opened($path, O_WRONLY | O_APPEND)
		or return "cannot be opened with O_APPEND: $!";
	defined sysseek $file, 0, SEEK_END or return "SEEK_END of a writer: $!";
	my $error;
	for my $text (@writes) {
		# A new open file for each: what one refused is an error of all that follow.
		$file = opened($path, O_WRONLY | O_APPEND) or return "cannot be opened again: $!";
		defined sysseek $file, 0, SEEK_END or return "SEEK_END of a writer: $!";
		my $wrote = syswrite $file, $text;
		return if defined $wrote ? $wrote == length $text : $! == EOPNOTSUPP;
		$error = $!;
	}
	return "accepts no write that is known: $error";
}

sub tee {
	my ($path) = @_;
	system('sh', '-c', 'exec tee -a "$0" </dev/null >/dev/null', $path) == 0
		or return 'tee -a fails';
	return;
}

sub owner {
	my ($path) = @_;
	my $mode = (stat $path)[2] // return "cannot be seen: $!";
	my @errors = map { $_ // () } $mode & 0444 ? read_whole($path, $mode & 0222) : (),
		$mode & 0222 ? (append($path), tee($path)) : ();
	return join '; ', @errors;
}

sub denied {
	my ($path) = @_;
	return opened($path, O_WRONLY) || opened($path, O_RDWR) ||
		opened($path, O_WRONLY | O_APPEND) ? 'can be opened for writing' : '';
}

if ($verb eq 'owner') {
	my $writes = shift // die "see the head of $0\n";
	open my $in, '<', $writes or die "$writes: $!\n";
	while (<$in>) {
		next if /^(#|\s*$)/;
		my ($text) = split;
		$text =~ s/\{RANDOM:\d+-(\d+)\}/$1/g;
		$text =~ s/\{ADDRESS\}/192.0.2.9/g;
		$text =~ s/\{ZEROS:(\d+)\}/'\x00' x $1/ge;
		$text =~ s/\\c.*//;
		push @writes, $text =~ s/\\(?:n|x([0-9a-f]{2}))/defined $1 ? chr hex $1 : "\n"/ger;
	}
} elsif ($verb ne 'denied') {
	die "see the head of $0\n";
}
for my $path (@ARGV) {
	my $error = $verb eq 'owner' ? owner($path) : denied($path);
	print "$path: $error\n" if $error;
}
print 'looked at ', scalar @ARGV, "\n";
