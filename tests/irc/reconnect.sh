#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A client connects again from the same port while conntrack still has its old connection as
# established. Conntrack takes the entry for the new connection, and the helper does, too.
#
#	n0 (client) -- r (the helper) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
own=167772162 # 10.0.0.2
export talk_abort=1
entry() { _quiet=1 r conntrack -L -p tcp --orig-port-src 33000 -o id 2>/dev/null; }
id() { entry | sed -n 's/.* id=\([0-9]*\).*/\1/p'; }
sockets_are_gone() { [[ ! $(n0 ss -tnaH 'dport = :6667')$(n1 ss -tnaH 'sport = :6667') ]]; }
# Both sides lose the connection, and the router hears nothing of it.
lose() { # NAME
	local talker=talker_$1
	ipt r -t raw -A PREROUTING -p tcp -j DROP
	kill "${!talker}" "${talk_pid:?}"
	until_ok 'both sides have lost the connection' 20 sockets_are_gone
	ipt r -t raw -F PREROUTING
	like 'conntrack has it as established' "$(entry)" ' ESTABLISHED '
	talk_serve
}
connect() { talk_open "$1" n0 10.0.1.2 10.0.0.2:33000; }

topology
ok 'the helper is loaded' irc_load
ipt r -A FORWARD -m conntrack --ctstate NEW
talk_serve
connect first
dcc first "CHAT chat $own 5000"
ok 'an announcement' expects_are 1
entry=$(id)

say 'The client connects again.'
lose first
connect second
dcc second "CHAT chat $own 5001"
is 'its connection has the same entry' "$(id)" "$entry"
ok 'an announcement' expects_are 2
talk second 'PRIVMSG bob :\1DCC |CHAT chat '"$own 5002"'\1\r\n'
ok 'one in two segments' expects_are 3

say 'Its first line is not one of IRC.'
lose second
talk_first='POST / HTTP/1.1\r\n' connect third
dcc third "CHAT chat $own 5003"
is 'its connection has the same entry' "$(id)" "$entry"
ok 'it announces nothing' expects_are 3
is 'the first line is counted' "$(irc_stat malformed)" 1

say 'It is one of IRC again.'
lose third
connect fourth
dcc fourth "CHAT chat $own 5004"
is 'its connection has the same entry' "$(id)" "$entry"
ok 'an announcement' expects_are 4
done_testing
