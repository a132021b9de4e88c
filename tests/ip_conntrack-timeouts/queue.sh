#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A rule is deleted while the new connection that it gave timeouts waits in a queue of user space.
# inputs: tests/ip_conntrack-timeouts/hold
#
#	n0 ---- r ---- n1	r queues the first packet of each connection
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
silence
modprobe nfnetlink_queue
ipt r -A FORWARD -m conntrack --ctstate NEW
ipt r -A FORWARD -p udp -m conntrack ! --ctstatus CONFIRMED -j NFQUEUE --queue-num 0
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='901 901'
packets=0 accepted=0
said() { [[ $(grep -c "$1" "$TMP/HOLD.out") == "$2" ]]; }
send() { n0 tests/lib/udp-send --from "$1" 10.0.1.2 80 x; }
wait_in_queue() { # PORT
	send "$1"
	until_ok "a packet of port $1 waits" 20 said packet $((++packets))
}
leave_queue() {
	echo >&7
	until_ok 'the queue is empty' 20 said accepted $((++accepted))
}
known() { [[ $(timer 4 udp "$1") ]]; }

mkfifo "$TMP/go"
exec 7<>"$TMP/go"
# shellcheck disable=SC2016 # the inner shell expands
bg HOLD r bash -c 'exec tests/ip_conntrack-timeouts/hold <"$0"' "$TMP/go"
until_ok 'a program holds the queue' 20 said bound 1

ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=501
wait_in_queue 5000
ipt r -t mangle -F PREROUTING
say 'The rule is gone. Others come and go, with the memory of its timeouts if that is free.'
for i in 1 2 3 4 5 6 7 8; do
	ipt r -t mangle -A PREROUTING -p udp --sport 1 -j TIMEOUT --set "udp=60$i"
	ipt r -t mangle -F PREROUTING
done
leave_queue
until_ok 'its connection is tracked' 20 known 5000
send 5000
timer_is 'it has the timeouts of the namespace' 4 udp 5000 901
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='801 801'
follows() {
	send 5000
	[[ $(timer 4 udp 5000) =~ ^(80[01]|79[0-9])$ ]]
}
until_ok 'and follows these' 150 follows

say 'A rule with an equal list is added while the connection waits.'
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=502
ipt r -t mangle -A POSTROUTING -p udp -j TIMEOUT --set udp=502
wait_in_queue 5001
ipt r -t mangle -F PREROUTING
ipt r -t mangle -F POSTROUTING
ipt r -t mangle -A PREROUTING -p udp --sport 1 -j TIMEOUT --set udp=502
leave_queue
until_ok 'its connection is tracked' 20 known 5001
send 5001
timer_is 'it has the list of that rule' 4 udp 5001 502
ipt r -t mangle -F PREROUTING
reverted() {
	send 5001
	[[ $(timer 4 udp 5001) =~ ^(80[01]|79[0-9])$ ]]
}
until_ok 'without the rule, the timeouts of the namespace' 20 reverted

say 'The module is unloaded while a connection waits.'
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=503
wait_in_queue 5002
ipt r -t mangle -F PREROUTING
unloaded() { rmmod xt_timeout; }
until_ok 'the module unloads' 20 unloaded
leave_queue
wait_in_queue 5003
leave_queue
until_ok 'a connection is tracked' 20 known 5003
# its timer has run since the packet left the queue
send 5003
timer_is 'it has the timeouts of the namespace' 4 udp 5003 801
modprobe xt_timeout

say 'The namespace ends while a connection waits.'
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=504
wait_in_queue 5004
done_testing
