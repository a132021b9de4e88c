# SPDX-License-Identifier: GPL-2.0-only
# Netlink for the programs of scenarios: sockets, messages, generic netlink's families, and rules as
# nft_compat takes them, which may be such as no iptables would send. One socket at a time.
package genetlink;
use strict;
use warnings;
use Exporter qw(import);
use Socket qw(SOCK_RAW SOCK_CLOEXEC);

use constant {
	AF_NETLINK => 16, NETLINK_GENERIC => 16, SOL_NETLINK => 270, NETLINK_ADD_MEMBERSHIP => 1,
	NLMSG_ERROR => 2, NLMSG_DONE => 3, NLM_F_REQUEST => 1, NLM_F_ACK => 4, NLM_F_DUMP => 0x300,
	GENL_ID_CTRL => 16, CTRL_CMD_GETFAMILY => 3, CTRL_ATTR_FAMILY_ID => 1,
	CTRL_ATTR_FAMILY_NAME => 2,
	CTRL_ATTR_MCAST_GROUPS => 7, CTRL_ATTR_MCAST_GRP_NAME => 1, CTRL_ATTR_MCAST_GRP_ID => 2,
	NETLINK_NETFILTER => 12, BATCH_BEGIN => 0x10, BATCH_END => 0x11, NFT => 10,
	NEWTABLE => 10 << 8, NEWCHAIN => 10 << 8 | 3,
	NEWRULE => 10 << 8 | 6, NLM_F_CREATE => 0x400, NLM_F_APPEND => 0x800,
};
our @EXPORT = qw(NETLINK_GENERIC NLMSG_ERROR NLMSG_DONE NLM_F_ACK NLM_F_DUMP
	attr attrs connected message put ask receive request family listen_to
	nft_connected nft_table nft_rule);
my $socket;

sub attr {
	my ($type, $data) = @_;
	my $n = 4 + length $data;
	return pack('SS', $n, $type) . $data . "\0" x (-$n & 3);
}

# The attributes in DATA, by their numbers.
sub attrs {
	my ($data, %attrs) = shift;
	while (length $data >= 4) {
		my ($n, $type) = unpack 'SS', $data;
		$attrs{$type & 0x3fff} = substr $data, 4, $n - 4;
		$data = length $data > ($n + 3 & ~3) ? substr $data, $n + 3 & ~3 : '';
	}
	return %attrs;
}

# Opens a new socket for all later requests, and returns it. An old socket stays open.
sub connected {
	# a handle of its own, so that earlier ones stay open
	socket my $new, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, shift or die "socket: $!\n";
	$socket = $new;
	bind $socket, pack 'SSLL', AF_NETLINK, 0, 0, 0 or die "bind: $!\n";
	return $socket;
}

sub message {
	my ($type, $flags, $body) = @_;
	return pack('LSSLL', 16 + length $body, $type, NLM_F_REQUEST | $flags, 1, 0) . $body;
}

sub put { defined syswrite $socket, join '', @_ or die "send: $!\n" }

# Sends a request of generic netlink.
sub ask {
	my ($family, $command, $flags, $payload, $reserved) = @_;
	put(message($family, NLM_F_ACK | $flags, pack('CCS', $command, 1, $reserved // 0)
		. $payload));
}

# What one read brings: [type, body, flags]...
sub receive {
	defined sysread $socket, my $data, 65536 or die "receive: $!\n";
	my @messages;
	while (length $data >= 16) {
		my ($n, $type, $flags) = unpack 'LSS', $data;
		push @messages, [$type, substr($data, 16, $n - 16), $flags];
		$data = length $data > ($n + 3 & ~3) ? substr $data, $n + 3 & ~3 : '';
	}
	return @messages;
}

# Sends one request, as ask(); gives the attributes of each of its answers, the command among them,
# and sets $! where it is refused.
sub request {
	my @answers;
	ask(@_);
	while (1) {
		for (receive()) {
			my ($type, $data) = @$_;
			if ($type == NLMSG_ERROR || $type == NLMSG_DONE) {
				$! = -unpack 'l', $data;
				return @answers;
			}
			push @answers, { command => unpack('C', $data), attrs(substr $data, 4) };
		}
	}
}

# Connects with a family: its number, and that of its group of events if it has groups.
sub family {
	my $name = shift;
	connected(NETLINK_GENERIC);
	my ($answer) = request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0,
		attr(CTRL_ATTR_FAMILY_NAME, "$name\0"));
	$answer or die "$name: $!\n";
	my %groups = attrs($answer->{+CTRL_ATTR_MCAST_GROUPS} // '');
	for (values %groups) {
		my %group = attrs($_);
		return unpack('S', $answer->{+CTRL_ATTR_FAMILY_ID}),
			unpack('L', $group{+CTRL_ATTR_MCAST_GRP_ID})
			if unpack('Z*', $group{+CTRL_ATTR_MCAST_GRP_NAME}) eq 'events';
	}
	die "no group called events\n" if %groups;
	return unpack 'S', $answer->{+CTRL_ATTR_FAMILY_ID};
}

sub listen_to {
	my $group = shift;
	setsockopt $socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, pack 'L', $group
		or die "join: $!\n";
}

sub nft_connected { connected(NETLINK_NETFILTER) }

sub nfgen { return pack 'CCn', @_ }

# One batch of one message; $! is 0 or what the kernel says of it.
sub batch {
	my ($type, $flags, $attrs) = @_;
	put(message(BATCH_BEGIN, 0, nfgen(0, 0, NFT)),
		message($type, NLM_F_ACK | NLM_F_CREATE | $flags, nfgen(2, 0, 0) . $attrs),
		message(BATCH_END, 0, nfgen(0, 0, NFT)));
	for my $message (receive()) { $! = -unpack 'l', $message->[1] }
}

# A table of IPv4 with one chain; where HOOK is given, packets come by there.
sub nft_table {
	my ($table, $chain, $hook) = @_;
	batch(NEWTABLE, 0, attr(1, "$table\0"));
	batch(NEWCHAIN, 0, attr(1, "$table\0") . attr(3, "$chain\0") . (defined $hook ?
		attr(4, attr(1, pack 'N', $hook) . attr(2, pack 'N', 0)) . attr(7, "filter\0")
		: ''));
}

# Appends a rule of one match, which drops packets if DROP is given.
sub nft_rule {
	my ($table, $chain, $name, $revision, $info, $drop) = @_;
	my $match = attr(1, "match\0")
		. attr(2, attr(1, "$name\0") . attr(2, pack 'N', $revision) . attr(3, $info));
	my $verdict = attr(1, "immediate\0")
		. attr(2, attr(1, pack 'N', 0) . attr(2, attr(2, attr(1, pack 'N', 0))));
	batch(NEWRULE, NLM_F_APPEND, attr(1, "$table\0") . attr(2, "$chain\0") .
		attr(4, attr(1, $match) . ($drop ? attr(1, $verdict) : '')));
}

1;
