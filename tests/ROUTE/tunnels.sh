#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Output interfaces that are no plain Ethernet: tunnels without a link header, a VLAN, a bridge. A
# tunnel whose own packets are routed into it does no harm.
#
#   n0 ---- r ---- n1     n0 and r send to n1. ROUTE sends it through t0 to n2, which has n1's
#           |             addresses, too, and answers through r2.
#           n2
. "${0%/*}/../lib/scenario.sh"
topology
n2 ip -batch - <<'END'
address add 10.0.1.2/32 dev lo
address add fd00:0:0:1::2/128 dev lo nodad
END
# The link-local address of t0, which IPv6 needs, shall be valid at once.
r sysctl -qw net.ipv6.conf.default.accept_dad=0
n2 sysctl -qw net.ipv6.conf.default.accept_dad=0
ipt n2 -t raw -A PREROUTING -i t0 -d 10.0.1.2 -p icmp
ip6t n2 -t raw -A PREROUTING -i t0 -d fd00:0:0:1::2 -p icmpv6

end() { # NS DEVICE N TYPE: adds one end of t0; fails if the kernel has no such interface
	local here=10.0.2.$3 there=10.0.2.$((3 - $3))
	local -a ends=(local "$here" remote "$there" ttl 64)
	[[ $4 != vlan ]] || ends=(id 7)
	_quiet=1 "$1" ip link add t0 ${2:+link "$2"} type "$4" "${ends[@]}" 2>/dev/null ||
		return
	_quiet=1 "$1" ip -batch - <<END
link set t0 up
address add 10.0.9.$3/24 dev t0
address add fd00:0:0:9::$3/64 dev t0 nodad
END
}

through() { # 4|6 CHAIN NS ROUTE-OPTIONS: a ping of NS goes through t0
	local to=10.0.1.2 iptables=ipt
	[[ $1 == 4 ]] || to=fd00:0:0:1::2 iptables=ip6t
	_quiet=1 "$iptables" n2 -t raw -Z
	# shellcheck disable=SC2086 # words
	"$iptables" r -t mangle -A "$2" -d "$to" -j ROUTE $4
	until_ok "$type, $2: IPv$1" 10 "$3" ping -n -c 1 -W 1 "$to"
	like "$type, $2: through t0, IPv$1" "$(counter n2 "$1" raw PREROUTING 1)" '^[1-9]'
	# The first one may get the error packet too big, whose MTU n0 then uses.
	[[ $2 != PREROUTING ]] ||
		until_ok "$type, $2: 30 kB, IPv$1" 10 "$3" ping -n -c 1 -W 2 -s 30000 "$to"
	"$iptables" r -t mangle -F
}

for type in ipip gre sit vlan; do
	families='4 6' device='' options='--oif t0'
	case $type in
	ipip) families=4 ;;
	sit) families=6 ;;
	vlan) device=1 ;;
	esac
	if ! end r "${device:+r2}" 1 "$type" || ! end n2 "${device:+e0}" 2 "$type"; then
		skip "$type" 'the kernel has no such interface'
		continue
	fi
	for family in $families; do
		[[ $type != vlan ]] || options='--oif t0 --gw 10.0.9.2'
		[[ $type$family != vlan6 ]] || options='--oif t0 --gw fd00:0:0:9::2'
		through "$family" PREROUTING n0 "$options"
		through "$family" OUTPUT r "$options"
		# Each process takes long on an emulated CPU, and these are alike.
		[[ $type == gre ]] || continue
		through "$family" FORWARD n0 "$options"
		through "$family" POSTROUTING n0 "$options"
	done
	[[ $type != ipip ]] || {
		ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j ROUTE --oif t0
		like 'the MTU of the tunnel' "$(n0 ping -n -c 1 -W 2 -s 1472 -M "do" 10.0.1.2)" \
			'mtu ?= ?1480'
		say 'What the tunnel sends enters the tunnel again.'
		for chain in POSTROUTING OUTPUT; do
			ipt r -t mangle -A $chain -j ROUTE --oif t0
			nok "a rule in $chain: it is dropped" \
				n0 ping -n -c 3 -i 0.2 -W 1 10.0.1.2
		done
		ipt r -t mangle -F
		ok 'without the rules a ping is answered' n0 ping -n -c 1 -W 1 10.0.1.2
	}
	r ip link del t0
	n2 ip link del t0
done

say 'r2 becomes a port of a bridge, which has its Ethernet address.'
r ip -batch - <<'END'
address flush dev r2
link add t0 type bridge
link set r2 master t0
link set t0 up
address add 10.0.2.1/24 dev t0
address add fd00:0:0:2::1/64 dev t0 nodad
END
ipt n2 -t raw -R PREROUTING 1 -d 10.0.1.2 -p icmp
ip6t n2 -t raw -R PREROUTING 1 -d fd00:0:0:1::2 -p icmpv6
type=bridge
for chain in PREROUTING POSTROUTING; do
	through 4 "$chain" n0 '--oif t0 --gw 10.0.2.2'
	through 6 "$chain" n0 '--oif t0 --gw fd00:0:0:2::2'
done
done_testing
