#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The helper does not read ICMP errors, which belong to the connection that they quote. Those about
# what the server has sent come to the helper of a connection as its client's packets.
#
#	n0 (client) -- r (the helper) -- n2 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"

# FROM TO: "port unreachable" about a datagram of port 69 there, to port 5000. Where UDP has its
# length, the error has the right one.
icmp_error() {
	n0 tests/lib/raw-send "$1" "$2" "$([[ $1 == *:* ]] && echo 58 || echo 1)" "$(
		perl -Itests/lib -Mpacket -e '
			my ($from, $to) = map { address($_) } @ARGV;
			my $six = length $to == 16;
			my $quoted = ip($to, $from, UDP, pack("n4", 69, 5000, 8, 0));
			my $icmp = pack("C2 n3", $six ? (1, 4) : (3, 3), 0, 8 + length $quoted, 0)
				. $quoted;
			my $pseudo = $six ? pseudo($from, $to, 58, length $icmp) : "";
			substr $icmp, 2, 2, pack "n", checksum($pseudo . $icmp);
			print unpack "H*", $icmp' "$1" "$2")"
}

topology
ok 'the helper is loaded' helper_load tftp
for family in ipt ip6t; do "$family" r -A FORWARD -m conntrack --ctstate NEW; done
ipt n2 -A INPUT -p icmp --icmp-type port-unreachable
ip6t n2 -A INPUT -p icmpv6 --icmpv6-type port-unreachable
ipt r -A FORWARD -i r0 -p icmp -m conntrack --ctstate RELATED
ip6t r -A FORWARD -i r0 -p icmpv6 -m conntrack --ctstate RELATED
say 'IPv4, and IPv6'
for pair in '4 10.0.0.2 10.0.2.2' '6 fd00::2 fd00:0:0:2::2'; do
	read -r family client server <<<"$pair"
	n0 "$udp_send" --from 5000 "$server" 69 '\0\1f\0octet\0'
	icmp_error "$client" "$server"
	until_ok 'an error about a packet of the server passes' 20 \
		counter_is n2 "$family" filter INPUT 1 1
	ok 'it belongs to the connection' counter_is r "$family" filter FORWARD 2 1
done
is 'two requests are counted, and no error' "$(helper_stats tftp announcements malformed)" '2 0'
done_testing
