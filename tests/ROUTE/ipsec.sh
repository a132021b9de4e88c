#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# IPsec policies apply to the interface that ROUTE selects, also to a copy of --tee and to what a
# tunnel in a different network namespace sends. A policy of a socket counts instead of those of r.
#
#   n0 ---- r ---- n1     n0 and r send datagrams to n1. r has IPsec policies for packets to n1 that
#           |             leave through r2: a tunnel to n2, later a block.
#           n2
. "${0%/*}/../lib/scenario.sh"
topology
key=0x0123456789abcdef0123456789abcdef01234567
tunnel() { # TO ENDS: to n2, for packets to TO through r2
	r ip xfrm state add "${@:2}" proto esp spi 7 mode tunnel \
		aead 'rfc4106(gcm(aes))' "$key" 128 &&
		r ip xfrm policy add dst "$1" dev r2 dir out tmpl "${@:2}" proto esp mode tunnel
}
tunnel 10.0.1.2 src 10.0.2.1 dst 10.0.2.2 || skip_all 'the kernel has no IPsec'
ok 'a tunnel for IPv6' tunnel fd00:0:0:1::2 src fd00:0:0:2::1 dst fd00:0:0:2::2
for ns in n1 n2; do
	for iptables in ipt ip6t; do
		"$iptables" "$ns" -t raw -A PREROUTING -p udp --dport 9
		"$iptables" "$ns" -t raw -A PREROUTING -p esp
	done
done
counts() { # 4|6: datagrams at n1 and at n2, ESP at n2
	echo "$(counter n1 "$1" raw PREROUTING 1) $(counter n2 "$1" raw PREROUTING 1)" \
		"$(counter n2 "$1" raw PREROUTING 2)"
}
counts_are() { [[ $(counts "$1") == "$2" ]]; }

try() { # 4|6 CHAIN NS OPTIONS WANT: of counts
	local to=10.0.1.2 gw=10.0.2.2 iptables=ipt
	[[ $1 == 4 ]] || to=fd00:0:0:1::2 gw=fd00:0:0:2::2 iptables=ip6t
	for ns in n1 n2; do
		_quiet=1 "$iptables" "$ns" -t raw -Z
	done
	# shellcheck disable=SC2086 # words
	"$iptables" r -t mangle -A "$2" -p udp -d "$to" -j ROUTE --gw "$gw" $4
	"$3" tests/lib/udp-send "$to" 9 x
	until_ok "$what, $2 $4: IPv$1" 5 counts_are "$1" "$5"
	"$iptables" r -t mangle -F
}
all() { # WANT WANT-OF-TEE
	local chain family
	for family in 4 6; do
		for chain in PREROUTING FORWARD POSTROUTING; do
			try "$family" $chain n0 '' "$1"
			try "$family" $chain n0 --tee "$2"
		done
		try "$family" OUTPUT r '' "$1"
		try "$family" OUTPUT r --tee "$2"
	done
}

what=tunnel
all '0 0 1' '1 0 1'

say 'r has made a tunnel to n1 that n0 uses, which has no policies. Those of r are for its packets.'
for family in 4 6; do
	type=(ipip) from=10.0.1.1 to=10.0.1.2 gw=10.0.2.2 iptables=ipt
	[[ $family == 4 ]] || {
		type=(ip6tnl mode ipip6 encaplimit none) iptables=ip6t
		from=fd00:0:0:1::1 to=fd00:0:0:1::2 gw=fd00:0:0:2::2
	}
	r ip link add t0 type "${type[@]}" local "$from" remote "$to" || {
		skip "${type[0]}" 'the kernel has no such interface'
		continue
	}
	r ip link set t0 netns n0
	n0 ip -batch - <<'END'
link set t0 up
address add 10.0.9.1/24 dev t0
END
	for ns in n1 n2; do
		_quiet=1 "$iptables" "$ns" -t raw -Z
	done
	"$iptables" r -t mangle -A OUTPUT -d "$to" -j ROUTE --gw "$gw"
	n0 tests/lib/udp-send 10.0.9.2 9 x
	until_ok "what the tunnel sends: IPv$family" 5 counts_are "$family" '0 0 1'
	"$iptables" r -t mangle -F
	n0 ip link del t0
done

say 'A socket of r with a policy of its own, to send as it is: that of r does not count.'
udp_bypass() { # 4|6 TO
	r perl -MSocket -e '
		my ($four, $to) = ($ARGV[0] == 4, $ARGV[1]);
		my $family = $four ? AF_INET : AF_INET6;
		socket my $socket, $family, SOCK_DGRAM, 0 or die "socket: $!\n";
		# struct xfrm_userpolicy_info of linux/xfrm.h: the family of the selector, the
		# direction "out" and the action "allow"; IP_XFRM_POLICY and IPV6_XFRM_POLICY
		my $policy = pack "x40 S x118 C C x6", $family, 1, 0;
		setsockopt $socket, $four ? 0 : 41, $four ? 17 : 35, $policy or die "policy: $!\n";
		my $at = $four ? sockaddr_in(9, inet_pton($family, $to))
			: sockaddr_in6(9, inet_pton($family, $to));
		send $socket, "x", 0, $at or die "send: $!\n"' "$@"
}
for family in 4 6; do
	to=10.0.1.2 gw=10.0.2.2 iptables=ipt
	[[ $family == 4 ]] || to=fd00:0:0:1::2 gw=fd00:0:0:2::2 iptables=ip6t
	for chain in OUTPUT POSTROUTING; do
		for ns in n1 n2; do
			_quiet=1 "$iptables" "$ns" -t raw -Z
		done
		"$iptables" r -t mangle -A "$chain" -p udp -d "$to" -j ROUTE --gw "$gw"
		ok "IPv$family, $chain: it sends" udp_bypass "$family" "$to"
		until_ok "IPv$family, $chain: n2 gets it as it is" 5 counts_are "$family" '0 1 0'
		"$iptables" r -t mangle -F
	done
done

for to in 10.0.1.2 fd00:0:0:1::2; do
	r ip xfrm policy update dst "$to" dev r2 dir out action block
done
what=blocked
all '0 0 0' '1 0 0'
dropped() { # the rules counted packets, which the policy dropped
	[[ $(_quiet=1 r cat /proc/net/xfrm_stat) =~ XfrmOutPolBlock[[:space:]]+([0-9]+) ]] &&
		((BASH_REMATCH[1] >= 16))
}
ok 'the kernel counts the drops' dropped
done_testing
