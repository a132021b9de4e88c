#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Which segment gets which answer from a tarpit, IPv4 and IPv6 alike; and what gets none.
#
#   n0 ---- r ---- n1      n0 sends segments made by hand, as 192.0.2.1 and 2001:db8::1, to r,
#                          where nothing listens: port 80 is held, 81 a honeypot, 82 reset;
#                          83 is held too, before routing has looked at the packet
#
# What is answered has a right checksum and is not larger than the segment.
. "${0%/*}/../lib/scenario.sh"
topology

r ip route add 192.0.2.0/24 via 10.0.0.2
r ip route add 2001:db8::/64 via fd00::2
for iptables in ipt ip6t; do
	"$iptables" r -A INPUT -p tcp --dport 80 -j TARPIT
	"$iptables" r -A INPUT -p tcp --dport 81 -j TARPIT --honeypot
	"$iptables" r -A INPUT -p tcp --dport 82 -j TARPIT --reset
	"$iptables" r -t raw -A PREROUTING -p tcp --dport 83 -j TARPIT
done

declare -A got
segments() { # sends the lines of standard input; what came back is then in $got
	local name answer
	got=()
	while read -r name answer; do
		got[$name]=$answer
	done < <(n0 tests/lib/segments --barrier 192.0.2.1,10.0.0.1,9)
}
field() { # NAME KEY
	[[ " ${got[$1]-} " =~ \ $2=([^ ]*) ]] && printf '%s' "${BASH_REMATCH[1]}"
}
answered() { # NAME FLAGS ACK [MORE, in order]: by that alone
	like "$family: $1: $2${4:+, }${*:4}" "${got[$1]-nothing was said} ;" \
		"^$2 (seq=[0-9]+ )?ack=$3 .*$(printf '%s .*' \
		"${@:4}")sum=ok( ts=[0-9]+ ecr=[0-9]+)? ;"
}
silent() { # NAME..
	local name answers=''
	for name; do
		[[ ${got[$name]-nothing was said} == none ]] ||
			answers+="$name: ${got[$name]-nothing was said}; "
	done
	is "$family: no answer to $*" "$answers" ''
}

both_families() {
	local from=$1 to=$2 header=$3
	segments <<-END
		syn from=$from to=$to opts=linux
		again as=syn opts=linux
		next as=syn opts=linux seq=2000
		ack as=syn flags=A seq=1001 ack=syn.seq+1 opts=nop,nop,ts:7
		data as=syn flags=PA seq=1001 ack=syn.seq+1 len=1000 opts=nop,nop,ts:7
		fin as=syn flags=FA seq=1001 ack=syn.seq+1
		datafin as=syn flags=PFA seq=1001 ack=syn.seq+1 len=10
		probe as=syn flags=A seq=1000 ack=syn.seq+1
		later as=syn flags=PA seq=3001 ack=syn.seq+1 len=10
		forged as=syn flags=A seq=1001 ack=syn.seq+2
		closed as=syn flags=A seq=1001 ack=syn.seq+1 win=0
		rst as=syn flags=R seq=1001
		elsewhere from=$from to=$to flags=A seq=1001 ack=syn.seq+1
		synack from=$from to=$to flags=SA ack=1
		null from=$from to=$to flags=
		xmas from=$from to=$to flags=FPU
		synfin from=$from to=$to flags=SF
		synrst from=$from to=$to flags=SR
		all from=$from to=$to flags=FSRPAUEC
		badsum from=$from to=$to opts=linux badsum
		baddata as=syn flags=PA seq=1001 ack=syn.seq+1 len=999 badsum
		doff4 from=$from to=$to doff=4
		doff15 from=$from to=$to doff=15
		cut19 from=$from to=$to cut=19
		cut13 from=$from to=$to cut=13
		cut39 from=$from to=$to opts=linux cut=39
		zero from=$from to=$to sport=0
		bare from=$from to=$to
		mss from=$from to=$to opts=mss:536
		windows from=$from to=$to opts=mss:1460,nop,ws:8,nop,nop,sack
		strange from=$from to=$to opts=ts:1,sack
		h_syn from=$from to=$to dport=81 opts=linux
		h_ack as=h_syn flags=A seq=1001 ack=h_syn.seq+1
		h_data as=h_syn flags=PA seq=1001 ack=h_syn.seq+1 len=1000 opts=nop,nop,ts:9
		h_more as=h_syn flags=PA seq=2001 ack=h_syn.seq+1 len=501
		h_keep as=h_syn flags=A seq=1000 ack=h_syn.seq+1
		h_fin as=h_syn flags=FA seq=2502 ack=h_syn.seq+1
		h_end as=h_syn flags=A seq=2503 ack=h_syn.seq+2
		h_forged from=$from to=$to dport=81 flags=PA ack=1 len=10
		h_plain from=$from to=$to dport=81
		h_plain_data as=h_plain flags=PA seq=1001 ack=h_plain.seq+1 len=1
		r_syn from=$from to=$to dport=82 opts=linux
		r_tfo from=$from to=$to dport=82 len=20
		r_ack from=$from to=$to dport=82 flags=A ack=5000
		r_data from=$from to=$to dport=82 flags=PA ack=5000 len=99
		r_synack from=$from to=$to dport=82 flags=SA ack=5000
		r_rst from=$from to=$to dport=82 flags=R
		r_synfin from=$from to=$to dport=82 flags=SF
		r_badsum from=$from to=$to dport=82 badsum
	END

	# A listener's SYN+ACK, the same for the same SYN.
	answered syn SA 1001 'win=[1-9][0-9]{4}' 'opts=mss:14[46]0,sack,ts,nop,ws:[0-9]+' ttl=64 \
		tos=0 "len=$((header + 40))"
	like "$family: a sequence number and an echo" "${got[syn]}" ' seq=[0-9]{5,} .* ecr=1000$'
	is "$family: a SYN that is sent again gets the same number" "$(field again seq)" \
		"$(field syn seq)"
	ok "$family: another connection gets another" test "$(field next seq)" != "$(field syn seq)"

	# Held: the window is zero, and only the SYN is acknowledged.
	answered ack A 1001 win=0 opts=nop,nop,ts "len=$((header + 32))"
	like "$family: its sequence number and echo" "${got[ack]}" \
		" seq=$(($(field syn seq) + 1 & 0xffffffff)) .* ecr=7$"
	answered data A 1001 win=0 opts=nop,nop,ts
	answered fin A 1001 win=0 opts=- "len=$((header + 20))"
	answered datafin A 1001 win=0
	answered probe A 1001 win=0
	silent later forged closed rst elsewhere synack null xmas synfin synrst all badsum baddata \
		doff4 doff15 cut19 cut13 cut39 zero

	# Never larger than the SYN.
	answered bare SA 1001 opts=- "len=$((header + 20))"
	answered mss SA 1001 'opts=mss:14[46]0' "len=$((header + 24))"
	answered windows SA 1001 'opts=mss:14[46]0,nop,nop,sack,nop,ws:[0-9]+' \
		"len=$((header + 32))"
	answered strange SA 1001 opts=sack,ts "len=$((header + 32))"

	# A honeypot reads all, and closes when the other side does.
	answered h_syn SA 1001
	answered h_data A 2001 'win=[1-9][0-9]*' opts=nop,nop,ts
	answered h_more A 2502
	answered h_keep A 1001
	answered h_fin AF 2503
	silent h_ack h_end h_forged
	answered h_plain_data A 1002 "win=$(field h_plain win)"

	# RFC 9293, 3.10.7.1
	answered r_syn 'AR seq=0' 1001 win=0 opts=-
	answered r_tfo 'AR seq=0' 1021
	answered r_ack 'R seq=5000' 0
	answered r_data 'R seq=5000' 0
	answered r_synack 'R seq=5000' 0
	silent r_rst r_synfin r_badsum
}

family=IPv4
both_families 192.0.2.1 10.0.0.1 20
like 'IPv4: a SYN+ACK has DF and no id' "${got[syn]}" ' id=0 df=1 '
like 'IPv4: an ACK has DF and an id' "${got[ack]}" ' id=[1-9][0-9]* df=1 '
like 'IPv4: a RST has DF and no id' "${got[r_syn]}" ' id=0 df=1 '
family=IPv6
both_families 2001:db8::1 fd00::1 40
like 'IPv6: a flow label' "${got[syn]}" ' label=set '

# Only TARPIT itself checks these before it answers.
family=IPv4
segments <<END
	broadcast from=192.0.2.1 to=10.0.0.255 dport=83
	everyone from=192.0.2.1 to=255.255.255.255 dport=83
	multicast from=192.0.2.1 to=224.0.0.1 dport=83
	linkcast from=192.0.2.1 to=10.0.0.1 mac=ff:ff:ff:ff:ff:ff dport=83
	linkmulti from=192.0.2.1 to=10.0.0.1 mac=01:00:5e:00:00:01 dport=83
	to_loopback from=192.0.2.1 to=127.0.0.1 dport=83
	from_loopback from=127.0.0.1 to=10.0.0.1 dport=83
	from_itself from=10.0.0.1 to=10.0.0.1 sport=80 dport=83
	from_broadcast from=10.0.0.255 to=10.0.0.1 dport=83
	from_everyone from=255.255.255.255 to=10.0.0.1 dport=83
	from_multicast from=224.0.0.1 to=10.0.0.1 dport=83
	from_nobody from=0.0.0.0 to=10.0.0.1 dport=83
	fragment from=192.0.2.1 to=10.0.0.1 len=24 frag=0+ dport=83
	second from=192.0.2.1 to=10.0.0.1 frag=64 dport=83
	last from=192.0.2.1 to=10.0.0.1 opts=mss:1460 dport=83
END
silent broadcast everyone multicast linkcast linkmulti to_loopback from_loopback from_itself \
	from_broadcast from_everyone from_multicast from_nobody fragment second
answered last SA 1001
family=IPv6
read -r _ _ mac _ <<<"$(n0 ip -br link show e0)"
r ip address add fe80::1/64 dev r0 nodad
r ip neighbour add fe80::2 lladdr "$mac" dev r0
segments <<END
	linklocal from=fe80::2 to=fe80::1
	multicast from=2001:db8::1 to=ff02::1 dport=83
	anycast from=2001:db8::1 to=fd00::
	linkcast from=2001:db8::1 to=fd00::1 mac=ff:ff:ff:ff:ff:ff dport=83
	from_loopback from=::1 to=fd00::1 dport=83
	from_itself from=fd00::1 to=fd00::1 sport=80 dport=83
	from_multicast from=ff02::1 to=fd00::1 dport=83
	from_nobody from=:: to=fd00::1 dport=83
	fragment from=2001:db8::1 to=fd00::1 len=24 frag=0+ dport=83
	second from=2001:db8::1 to=fd00::1 frag=64 dport=83
	hop from=2001:db8::1 to=fd00::1 ext=hop dport=83
	dst from=2001:db8::1 to=fd00::1 ext=dst dport=83
	last from=2001:db8::1 to=fd00::1 opts=mss:1440 dport=83
END
silent multicast anycast linkcast from_loopback from_itself from_multicast from_nobody \
	fragment second
answered linklocal SA 1001
answered hop SA 1001 len=60
answered dst SA 1001 len=60
answered last SA 1001 len=64

ok 'ICMP is not touched' n0 ping -n -c 1 -W 5 10.0.0.1
ok 'ICMPv6 is not touched' n0 ping -n -c 1 -W 5 fd00::1
done_testing
