#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A tarpit looks like a listener of the same host: every SYN gets the same SYN+ACK from both, IPv4
# and IPv6, whatever the sysctls and the route say; all that differs is sequence number and
# timestamp.
#
#   n0 ---- r      n0 sends SYNs made by hand, as 192.0.2.1 and 2001:db8::1; in r a program listens
#                  on ports from 90 on, 80 is a tarpit, 81 a honeypot
. "${0%/*}/../lib/scenario.sh"
topology

r ip route add 192.0.2.0/24 via 10.0.0.2
r ip route add 2001:db8::/64 via fd00::2
rules r 46 <<END
*filter
-A INPUT -p tcp --dport 80 -j TARPIT
-A INPUT -p tcp --dport 81 -j TARPIT --honeypot
COMMIT
END

# A socket has the buffers that were the default when it was made, so each comparison has one of its
# own.
port=89
listens() { [[ $(<"$TMP/listener.out") == listens ]]; }
listen() {
	port=$((port + 1))
	# shellcheck disable=SC2016 # Perl; Linux's own numbers, because a module takes long to load
	bg listener r perl -e '
		socket my $listener, 10, 1, 0 or die "socket: $!";
		bind $listener, pack "S n x24", 10, $ARGV[0] or die "bind: $!";
		listen $listener, 1000 or die "listen: $!";
		syswrite STDOUT, "listens";
		sleep' $port
	until_ok "a program listens on port $port" 20 listens
}

compare() { # WHAT: the answers to SYNs of every kind, on both ports
	local name answer line to
	declare -A got=()
	listen
	# The listener's checksums are left to the network card, which veth has none of.
	while read -r name answer; do
		got[$name]=$answer
	done < <(
		for to in $port 80; do
			while read -r line; do
				printf '%s_4_%s from=192.0.2.1 to=10.0.0.1 dport=%s %s\n' \
					"${line%% *}" "$to" "$to" "${line#* }"
				printf '%s_6_%s from=2001:db8::1 to=fd00::1 dport=%s %s\n' \
					"${line%% *}" "$to" "$to" "${line#* }"
			done <<<"$syns"
		done | n0 tests/lib/segments --barrier 192.0.2.1,10.0.0.1,9 |
			sed -E 's/ (seq|ts|more)=[0-9]+//g; s/ sum=[a-z]+//'
	)
	for name in "${!got[@]}"; do
		[[ $name == *_80 ]] || continue
		is "$1: ${name%_80}" "${got[$name]}" "${got[${name%80}$port]-nothing was said}"
	done
}

syns='linux opts=linux
windows opts=mss:1460,nop,ws:8,nop,nop,sack
bsd opts=mss:1460,nop,ws:6,sack,ts:77
small opts=mss:536
plain_sack opts=mss:1460,nop,nop,sack
scaled opts=mss:1460,nop,ws:0
stamped opts=mss:1460,nop,nop,ts:5
nmap1 opts=ws:10,nop,mss:1460,ts:4294967295,sack
nmap3 opts=ts:4294967295,nop,nop,ws:5,nop,mss:640
ecn opts=linux flags=SEC
ece opts=linux flags=SE
window opts=linux win=1
push opts=linux flags=SPU
data opts=linux len=10
hops opts=linux ttl=3'
compare 'as it is'

syns='linux opts=linux
ecn opts=linux flags=SEC
windows opts=mss:1460,nop,ws:8,nop,nop,sack'
ok 'sysctls are changed' r bash \
	-c 'cd /proc/sys/net/ipv4 && echo 0 >tcp_timestamps && echo 0 >tcp_ecn &&
	echo 4096 65536 900000 >tcp_rmem && echo 77 >ip_default_ttl'
compare 'smaller buffers, no timestamps, no ECN, TTL 77'
ok 'sysctls are changed' r bash -c \
	'cd /proc/sys/net/ipv4 && echo 1 >tcp_timestamps && echo 1 >tcp_ecn && echo 0 >tcp_sack &&
	echo 4096 500000 40000000 >tcp_rmem && echo 64 >ip_default_ttl'
compare 'larger buffers, no SACK, ECN on'
ok 'sysctls are changed' r bash \
	-c 'cd /proc/sys/net/ipv4 && echo 0 >tcp_window_scaling && echo 1 >tcp_sack &&
	echo 4096 131072 6291456 >tcp_rmem'
r ip route change 192.0.2.0/24 via 10.0.0.2 advmss 1000 hoplimit 9
r ip route change 2001:db8::/64 via fd00::2 mtu 1300 hoplimit 9
compare 'no window scale, another route'
ok 'sysctls are changed' r bash -c 'echo 1 >/proc/sys/net/ipv4/tcp_window_scaling'

# A honeypot acknowledges data as the listener does; the window may differ by what the program has
# not read yet.
listen
for to in $port 81; do
	cat <<-END
		syn$to from=192.0.2.1 to=10.0.0.1 dport=$to opts=linux
		ack$to as=syn$to flags=A seq=1001 ack=syn$to.seq+1 opts=nop,nop,ts:1001
		data$to as=syn$to flags=PA seq=1001 ack=syn$to.seq+1 len=10 opts=nop,nop,ts:1002
	END
done >"$TMP/lines"
declare -A got=()
while read -r name answer; do
	got[$name]=$answer
done < <(n0 tests/lib/segments --barrier 192.0.2.1,10.0.0.1,9 <"$TMP/lines")
is 'neither answers the ACK of the handshake' "${got[ack$port]} ${got[ack81]}" 'none none'
pattern='^A seq=[0-9]+ ack=1011 win=([0-9]+) opts=nop,nop,ts ttl=9 id=[0-9]+ df=1 tos=0 len=52 '
like 'the listener acknowledges data' "${got[data$port]}" "$pattern"
window=${BASH_REMATCH[1]-0}
like 'and a honeypot does as it does' "${got[data81]}" "$pattern"
difference=$((window - ${BASH_REMATCH[1]-0}))
ok "their windows differ by $difference" test "${difference#-}" -le 2
done_testing
