#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Commands that override the detection of next hops, in /proc/net/xt_ROUTE and over generic netlink,
# and events. Two uplinks of ROUTE.lib.
#
# deadline: 900
. "${0%/*}/../lib/scenario.sh"
. "${0%/*}/ROUTE.lib"
uplinks 2
# A guest that does nothing for some seconds is no silent gateway.
for i in 1 2; do
	r sysctl -qw "net.ipv4.neigh.r$i.mcast_solicit=9" "net.ipv4.neigh.r$i.ucast_solicit=9" \
		"net.ipv6.neigh.r$i.mcast_solicit=9" "net.ipv6.neigh.r$i.ucast_solicit=9"
done
file=/proc/net/xt_ROUTE
ipt r -t mangle -A PREROUTING -i r0 -j ROUTE --gw "${gw4[1]},${gw4[2]}%r2"
ip6t r -t mangle -A PREROUTING -i r0 -j ROUTE --gw "${gw6[1]},${gw6[2]}%r2"
ipt r -t mangle -A FORWARD -i none -j ROUTE --gw 192.0.2.1
for i in 1 2; do
	until_ok "uplink $i is up" 20 state_is "${gw4[i]}" up
	until_ok "uplink $i is up, IPv6" 20 state_is "${gw6[i]}" up
done

write() { r bash -c "printf '$1' >$file"; }
refused() { # DESC REASON TEXT
	like "$1" "$(r bash -c "printf '$3' >$file" 2>&1)" "$2"
}
ok 'down' write "down ${gw4[1]}"
ok 'the state shows it' state_is "${gw4[1]}" 'down(set)'
ok 'the one of IPv6 is up' state_is "${gw6[1]}" up
ok 'up' write "up ${gw4[1]}\\n"
ok 'the state shows it' state_is "${gw4[1]}" 'up(set)'
silence 1
until_ok 'IPv6 detects that the gateway is silent' 60 state_is "${gw6[1]}" down
ok 'up is not detected' state_is "${gw4[1]}" 'up(set)'
ok 'auto is' write "auto ${gw4[1]}"
until_ok 'the state shows it' 60 state_is "${gw4[1]}" down
answer 1
until_ok 'and the return' 60 state_is "${gw4[1]}" up
ok 'an interface, too' write "down ${gw6[2]}%%r2"
ok 'the state shows it' state_is "${gw6[2]}" 'down(set)'
ok 'several commands by appending' r bash -c \
	"exec >>$file && echo 'auto ${gw6[2]}' && echo 'down ${gw4[2]}' && echo 'auto ${gw4[2]}'"
until_ok 'the state shows it' 60 state_is "${gw6[2]}" up
ok 'tee -a' r bash -c "echo 'down ${gw4[2]}' | tee -a $file"
ok 'auto for all' write auto
until_ok 'the state shows it' 60 state_is "${gw4[2]}" up
say 'Generic netlink.'
program=tests/ROUTE/next-hops.pl
bg events r perl "$program" events
until_ok 'it listens' 60 grep -q listening "$TMP/events.out"
is 'it lists the next hops' "$(r perl "$program" list | LC_ALL=C sort | xargs)" \
	'10.0.1.2 - up auto 10.0.2.2 r2 up auto fd00:0:0:1::2 - up auto fd00:0:0:2::2 r2 up auto'
is 'down' "$(r perl "$program" set 10.0.1.2 - down)" 'done'
is 'down again' "$(r perl "$program" set 10.0.1.2 - down)" 'done'
is 'an interface, too' "$(r perl "$program" set fd00:0:0:2::2 r2 down)" 'done'
is 'auto' "$(r perl "$program" set 10.0.1.2 - auto)" 'done'
is 'not the same interface' "$(r perl "$program" set 10.0.1.2 r1 down)" 'No such file or directory'
is 'no gateway' "$(r perl "$program" set - - down)" 'Invalid argument'
is 'no state' "$(r perl "$program" set 10.0.1.2 - left)" 'Numerical result out of range'
ok 'auto in the file' write auto
until_ok 'both are up' 60 state_is "${gw6[2]}" up
events() { [[ $(xargs <"$TMP/events.out") == "listening $1" ]]; }
events_match() { [[ $(xargs <"$TMP/events.out") =~ $1 ]]; }
until_ok 'an event for each change' 60 events \
	'10.0.1.2 - down down fd00:0:0:2::2 r2 down down 10.0.1.2 - up auto fd00:0:0:2::2 r2 up auto'
say 'Rules come and go.'
lists() { r perl "$program" list | grep -qxF "$1"; }
ipt r -t mangle -A FORWARD -j ROUTE --gw "${gw4[1]},192.0.2.2%none" --balance packet
until_ok 'one without a link is down' 60 lists '192.0.2.2 none down auto'
is 'down, which it is' "$(r perl "$program" set 192.0.2.2 none down)" 'done'
until_ok 'events when it is watched, is down, and is set' 60 events_match \
	' 192.0.2.2 none up auto 192.0.2.2 none down auto 192.0.2.2 none down down$'
ipt r -t mangle -A FORWARD -j ROUTE --gw "${gw4[1]},192.0.2.2%none"
until_ok 'an event when it gets a number' 60 events_match \
	' 192.0.2.2 none down down 192.0.2.2 none down down$'
ipt r -t mangle -D FORWARD -j ROUTE --gw "${gw4[1]},192.0.2.2%none"
ipt r -t mangle -D FORWARD -j ROUTE --gw "${gw4[1]},192.0.2.2%none" --balance packet
until_ok 'an event when it is not watched' 60 events_match ' 192.0.2.2 none down down end$'
ok 'it listened all the time' kill "${events:?}"

r ip link set r2 down
ok 'up does not make a link' write "up ${gw4[2]}"
ok 'that is down' state_is "${gw4[2]}" 'down(set)'
refused 'an address that no rule has' 'No such file' 'down 10.0.1.3'
refused 'a different interface' 'No such file' "down ${gw4[1]}%%r2"
refused 'a rule with one next hop' 'No such file' 'down 192.0.2.1'
for text in '\n' 'down' 'down ' 'down\n' 'left 10.0.1.2' 'down 10.0.1' 'down 10.0.1.2.3' \
	'down 10.0.1.2 x' 'down 10.0.1.2x' 'down fd00:0:0:1::2 x' 'down %%' 'down 10.0.1.2%%' \
	'down 10.0.1.2%%0123456789abcdef' 'down fd00::1::2' 'down x\0' 'down  %0100d'; do
	refused "refused: $text" 'Invalid argument' "$text"
done
nok 'no user can write it' r setpriv --reuid 65534 --clear-groups bash -c "echo >$file"
done_testing
