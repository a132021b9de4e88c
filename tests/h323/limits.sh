#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Segments out of order and sent again, limits of messages and addresses, and unloading in the
# middle of a message. The conversation continues each time.
#
#	n0 (caller) -- r (the helpers) -- n1 (callee)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
h245=h323-uu-pdu.h323-message-body.setup.h245Address.ipAddress
channel=request.openLogicalChannel.forwardLogicalChannelParameters.multiplexParameters
channel+=.h2250LogicalChannelParameters.mediaControlChannel.unicastAddress.iPAddress
setup() { message call $h245 10.0.0.2 "$1"; }
ports() { expects | sed -n 's/.* dport=\([0-9]*\) .*/\1/p' | sort -n | paste -sd ' '; }
segments() { # the barrier's answer proves that r has seen them
	n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1
}
connects() { # SPORT [DPORT [COMMAND]]: by hand; sets $seq and $ways. COMMAND is before the ACK
	local answer
	ways="from=10.0.0.2 to=10.0.1.2 sport=$1 dport=${2-1720}"
	answer=$(segments <<<"syn $ways seq=1000")
	[[ $answer =~ seq=([0-9]+) ]] || { echo "no answer: $answer" && return 1; }
	seq=1001
	ways+=" ack=$((BASH_REMATCH[1] + 1))"
	${3-true} "$1" "${BASH_REMATCH[1]}"
	segments <<<"ack $ways flags=A seq=$seq"
}
segment() { # OFFSET HEX: a line for segments
	echo "data $ways flags=PA seq=$((seq + $1)) data=|$2|"
}

topology
ok 'the helpers are loaded' h323_load
ipt r -A FORWARD -m conntrack --ctstate NEW
ipt r -t raw -A PREROUTING -i r0 -p tcp --dport 2720 -j CT --helper H.245
ipt n0 -A OUTPUT -p tcp --sport 9000:9100 --tcp-flags RST RST -j DROP
peer callee n1 listen 10.0.1.2 1720
peer control n1 listen 10.0.1.2 2720
setup=$(setup 5000)
length=$((${#setup} / 2))

say 'Segments out of order'
ok 'a connection' connects 9000
ok 'the second segment comes first' segments <<<"$(segment $length "$(setup 5002)")"
ok 'and opens nothing' expects_are 0
ok 'then the first one' segments <<<"$(segment 0 "$(setup 5001)")"
is 'which is read' "$(ports)" 5001
ok 'one that is behind the next one' segments <<<"$(segment $((2 * length)) "$(setup 5003)")"
is 'is read' "$(ports)" '5001 5003'
ok 'the one between them comes' segments <<<"$(segment $length "$(setup 5002)")"
is 'and is read' "$(ports)" '5001 5002 5003'
ok 'it comes again with a different content' segments <<<"$(segment $length "$(setup 5004)")"
is 'and opens nothing' "$(ports)" '5001 5002 5003'

say 'Limits of messages'
r conntrack -F
ok 'a connection' connects 9001
before=$(h323_stat Q.931 not-expected)
printf -v large '03002328%*s' 1396 ''
ok 'a message of 9000 bytes in segments, then a setup' segments <<END
$(segment 0 "${large// /00}")
$(for ((at = 1400; at < 9000; at += 950)); do
	printf -v rest %*s 950 ''
	segment $at "${rest// /00}"
done)
$(segment 9000 "$(setup 5005)")
END
is 'the first one is counted' "$(h323_stat Q.931 not-expected)" $((before + 1))
is 'the second one is read' "$(ports)" 5005
seq=$((seq + 9000 + length))
one=$(setup 5006)
ok 'a message in segments of a byte, then a setup' segments <<END
$(for ((at = 0; at < length; at++)); do segment $at "${one:at*2:2}"; done)
$(segment $length "$(setup 5007)")
END
is 'the first one is counted' "$(h323_stat Q.931 not-expected)" $((before + 2))
is 'the second one is read' "$(ports)" '5005 5007'

say 'Addresses of a packet'
ok 'a control connection' connects 9002 2720
channels=''
for ((port = 6001; port < 6081; port += 2)); do
	channels+=$(message control $channel 10.0.0.2 $port)
done
ok '40 channels in a segment' segments <<<"$(segment 0 "$channels")"
is '8 are counted' "$(h323_stat H.245 not-expected)" 8
is 'of the others, the last 16 are expected' "$(ports)" "5005 5007 $(seq -s ' ' 6033 2 6063)"

say 'A callee who names a later beginning'
again() { # SPORT SEQ: the SYN/ACK, which acknowledges 100 bytes more
	n1 tests/lib/segments --barrier 10.0.1.2,10.0.0.2,1 \
		<<<"again from=10.0.1.2 to=10.0.0.2 sport=1720 dport=$1 flags=SA seq=$2 ack=1101"
}
r conntrack -F
ok 'a connection' connects 9005 1720 again
ok '100 bytes of a different protocol, then a setup' segments <<END
$(segment 0 "$(printf '50%.0s' {1..100})")
$(segment 100 "$(setup 5010)")
END
ok 'nothing is opened' expects_are 0

say 'Data in a SYN'
r conntrack -F
fast() { # SPORT: a SYN with four bytes, which the callee does not take
	local answer ways="from=10.0.0.2 to=10.0.1.2 sport=$1 dport=1720"
	answer=$(segments <<<"syn $ways seq=1000 data=|03000004|")
	[[ $answer =~ seq=([0-9]+)\ ack=1001 ]] || { echo "wrong answer: $answer" && return 1; }
	seq=1001
	ways+=" ack=$((BASH_REMATCH[1] + 1))"
	segments <<<"ack $ways flags=A seq=$seq"
	segments <<<"data $ways flags=PA seq=$seq data=|03000004$(setup 5011)|"
}
like 'a connection, and a setup, which the callee receives' "$(fast 9006)" \
	" ack=$((1005 + length)) "
ok 'open nothing' expects_are 0

say 'Beginnings of messages that nobody continues'
r conntrack -F
n1 ip addr add 10.0.1.3/24 dev e0
bg idle_server n1 perl -MSocket=:all -e '
	socket my $s, AF_INET, SOCK_STREAM, 0 or die $!;
	bind $s, pack_sockaddr_in(1720, inet_aton("10.0.1.3")) or die $!;
	listen $s, 256 or die $!;
	print "ready\n"; close STDOUT; sleep'
until_ok 'a callee' 20 grep -q ready "$TMP/idle_server.out"
split() { # PORT: a setup in two segments
	local setup
	setup=$(setup "$1")
	segments <<<"$(segment 0 "${setup:0:40}")"$'\n'"$(segment 20 "${setup:40}")" &&
		seq=$((seq + length))
}
ok 'a connection' connects 9008
ok 'the beginning of a message of 8192 bytes' segments <<<"$(segment 0 030020000802)"
first=$seq first_ways=$ways
ok 'a second connection' connects 9007
before=$(h323_stat Q.931 not-expected)
# With the first one, they have a MiB, which is what the namespace keeps. The setup has to come
# within ten seconds.
bg idle_clients n0 perl -MSocket=:all -e '
	my @all;
	for (1 .. 127) {
		socket my $s, AF_INET, SOCK_STREAM, 0 or die $!;
		connect $s, pack_sockaddr_in(1720, inet_aton("10.0.1.3")) or die $!;
		push @all, $s;
	}
	for (@all) { syswrite $_, "\3\0\x20\0\x08\2" or die $!; }
	print "ready\n"; close STDOUT; sleep'
until_ok '127 others with such a beginning' 60 grep -q ready "$TMP/idle_clients.out"
ok 'a message in two segments' split 5012
is 'is not read' "$(ports)" ''
is 'and counted' "$(h323_stat Q.931 not-expected)" $((before + 1))
port=5013
is_read() { split $((port++)) && [[ $(ports) == "$((port - 1))" ]]; }
until_ok 'one that comes when the others are 10 seconds old is read' 60 is_read
seq=$first ways=$first_ways
ok 'the rest of the first message, which was given up, and a setup' segments <<END
$(for ((at = 6; at < 8192; at += 1364)); do
	printf -v rest %*s $((8192 - at < 1364 ? 8192 - at : 1364)) ''
	segment $at "${rest// /00}"
done)
$(segment 8192 "$(setup 5099)")
END
is 'the setup is read' "$(ports | grep -o 5099)" 5099

say 'Unloading in the middle of a message'
ok 'a connection' connects 9003
ok 'the beginning' segments <<<"$(segment 0 "${setup:0:40}")"
ipt r -t raw -F PREROUTING
ok 'the modules can be unloaded' h323_unload
like 'the callee receives the rest' "$(segments <<<"$(segment 20 "${setup:40}")")" \
	" ack=$((seq + length)) "
ok 'they can be loaded again' h323_load
ok 'a message of the old connection' segments <<<"$(segment $length "$(setup 5008)")"
ok 'opens nothing' expects_are 0
ok 'a connection' connects 9004
ok 'a message of a new one' segments <<<"$(segment 0 "$(setup 5009)")"
is 'is read' "$(ports)" 5009
done_testing
