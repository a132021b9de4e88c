#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The HTTP server's homemade state engine of Oskar Andreasson's iptables tutorial (chapter on the
# recent match), with real clients, and with segments that belong to no connection.
#
#   n0 (10.0.0.2, clients; segments made by hand as 192.0.2.1) ---- r ---- n1 (10.0.1.2, a web
#   server; the rules are in its INPUT)
#
# The chains and lists are those of the chapter's walk through a connection. What has died since:
# the option --close is --remove now; a rule that only names a list says --rcheck; and ACKs of the
# middle of a connection are distinguished from FIN,ACK by FIN and RST, too, because otherwise they
# would take the end of it. The server, whose side is not seen by INPUT, sends SYN,ACK unasked.
. "${0%/*}/../lib/scenario.sh"
topology
r ip route add 192.0.2.0/24 via 10.0.0.2
list() { n1 sed -n 's/^src=\([^ ]*\) .*/\1/p' "/proc/net/xt_recent/$1"; }
list_is() { [[ $(_quiet=1 list "$1") == "$2" ]]; }
segments() { n0 "${0%/*}/../lib/segments" --barrier 192.0.2.1,10.0.1.2,7; }
fates() { sed -E 's/^([^ ]+) (none|[A-Z]+).*/\1=\2/' | xargs; }

n1 "iptables-$BACKEND-restore" <<'RULES'
*filter
:INPUT DROP
:http-recent -
:http-recent-final -
:http-recent-final1 -
:http-recent-final2 -
-A INPUT -p tcp --dport 7 -j ACCEPT
-A INPUT -p tcp --dport 80 -j http-recent
-A http-recent -p tcp --tcp-flags SYN,ACK,FIN,RST SYN -m recent --name httplist --set -j ACCEPT
-A http-recent -p tcp --tcp-flags SYN,ACK,FIN,RST SYN,ACK -m recent --name httplist --update -j ACCEPT
-A http-recent -p tcp --tcp-flags SYN,ACK,FIN,RST ACK -m recent --name httplist --update -j ACCEPT
-A http-recent -p tcp --tcp-flags RST RST -m recent --name httplist --remove -j ACCEPT
-A http-recent -p tcp --tcp-flags SYN NONE -j http-recent-final
-A http-recent-final -p tcp -m recent --name httplist --rcheck -j http-recent-final1
-A http-recent-final -p tcp -m recent --name http-recent-final --rcheck -j http-recent-final2
-A http-recent-final1 -p tcp --tcp-flags SYN,ACK,FIN FIN,ACK -m recent --name httplist --remove -m recent --name http-recent-final --set -j ACCEPT
-A http-recent-final2 -p tcp --tcp-flags SYN,ACK,FIN ACK -m recent --name http-recent-final --update -j ACCEPT
-A http-recent-final2 -p tcp --tcp-flags SYN,ACK,FIN FIN,ACK -m recent --name http-recent-final --remove -j ACCEPT
COMMIT
RULES
mkdir "$TMP/www"
head -c 100000 /dev/zero | tr '\0' w >"$TMP/www/page"
bg SERVER n1 busybox httpd -f -p 80 -h "$TMP/www"
listening() { [[ $(_quiet=1 n1 ss -Hltn 'sport = 80') ]]; }
until_ok 'the web server listens' 20 listening

say 'Segments of no connection: the server never hears of them.'
is 'ACK, FIN, RST and SYN,ACK, all out of nowhere' "$(segments <<'END_OF_SEGMENTS' | fates
ack to=10.0.1.2 from=192.0.2.1 flags=A
fin to=10.0.1.2 from=192.0.2.1 flags=FA
nothing to=10.0.1.2 from=192.0.2.1 flags=
synack to=10.0.1.2 from=192.0.2.1 flags=SA
synfin to=10.0.1.2 from=192.0.2.1 flags=SF
END_OF_SEGMENTS
)" 'ack=none fin=none nothing=none synack=none synfin=none'
is 'nobody is in a list' "$(list httplist)$(list http-recent-final)" ''

say 'A connection from its SYN to the FIN of both sides.'
is 'curl gets the page' "$(n0 curl -sS -m 20 http://10.0.1.2/page | wc -c)" 100000
until_ok 'its end has moved it' 10 list_is httplist ''
is 'to the other list' "$(list http-recent-final)" 10.0.0.2
is 'perl gets it, too, from an address that has been here' \
	"$(n0 perl -MHTTP::Tiny -e 'print HTTP::Tiny->new(timeout => 20)->get(shift)->{content}' \
		http://10.0.1.2/page | wc -c)" 100000
until_ok 'and ends alike' 10 list_is httplist ''

say 'By hand: who has been let in is answered; after its RST it is a stranger again.'
n1 bash -c 'echo / >/proc/net/xt_recent/http-recent-final'
is 'SYN, its answer, RST, ACK' "$(segments <<'END_OF_SEGMENTS' | fates
syn to=10.0.1.2 from=192.0.2.1 sport=4000 flags=S
stray to=10.0.1.2 from=192.0.2.1 sport=4001 flags=A
rst to=10.0.1.2 from=192.0.2.1 sport=4000 flags=R seq=1001
late to=10.0.1.2 from=192.0.2.1 sport=4001 flags=A
END_OF_SEGMENTS
)" 'syn=SA stray=R rst=none late=none'
is 'nobody is in a list' "$(list httplist)$(list http-recent-final)" ''

say 'In the final stage: what the other side still acknowledges passes, a second FIN ends it.'
n1 bash -c 'echo 192.0.2.1 >/proc/net/xt_recent/http-recent-final'
is 'ACK, FIN, ACK' "$(segments <<'END_OF_SEGMENTS' | fates
ack to=10.0.1.2 from=192.0.2.1 sport=4002 flags=A
fin to=10.0.1.2 from=192.0.2.1 sport=4002 flags=FA
late to=10.0.1.2 from=192.0.2.1 sport=4002 flags=A
END_OF_SEGMENTS
)" 'ack=R fin=R late=none'
done_testing
