#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A rule has as many bytes as its string needs: a short one has the size of a rule of the
# distribution's extension, although a string may have 4096 bytes.
#
#	r	rules in a namespace without neighbours, by iptables-legacy
. "${0%/*}/../lib/scenario.sh"
namespace r

# Bytes of all rules of the filter table: struct ipt_getinfo of linux/netfilter_ipv4/ip_tables.h.
# The number of getsockopt() is that of 64-bit x86.
table_bytes() {
	_quiet=1 r perl -MSocket -e '
		my ($info, $length) = (pack("a32 x52", "filter"), pack "L", 84);
		socket my $socket, AF_INET, SOCK_RAW, 255 or die "socket: $!\n";
		syscall(55, fileno $socket, 0, 64, $info, $length) == 0 or die "getsockopt: $!\n";
		print unpack "x80 L", $info'
}
# Bytes of a rule with these options.
rule_bytes() {
	local before
	before=$(table_bytes)
	r iptables-legacy -A INPUT -m string "$@" || return
	echo $(($(table_bytes) - before))
}

r iptables-legacy -S INPUT
short=$(rule_bytes --string short | tail -n 1)
stream=$(rule_bytes --string short --stream | tail -n 1)
set=$(rule_bytes --set short | tail -n 1)
long=$(rule_bytes --string "$(printf '%0900d' 0)" | tail -n 1)
say "bytes: $short, with --stream $stream, with --set $set; 900 letters $long"
ok 'a short string' test "$short" -le 400
ok 'the same with --stream' test "$stream" -le 400
ok 'the name of a set' test "$set" -le 400
ok 'a long string needs more' test "$long" -gt 900
done_testing
