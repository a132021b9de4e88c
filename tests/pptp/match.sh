#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The matches pptp and gre count messages and packets of calls, and no others.
#
#	n0 (client) -- r (rules) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"
counts() { # FAMILY TABLE FIRST LAST: those of the rules of FORWARD
	local i out=''
	for ((i = $3; i <= $4; i++)); do out+=" $(counter r "$1" "$2" FORWARD "$i")"; done
	echo "${out# }"
}

topology
rules r 46 <<END
*filter
-A FORWARD -p tcp -m pptp
-A FORWARD -p tcp -m pptp --message start-request,start-reply
-A FORWARD -p tcp -m pptp --message out-call-request --call-id 40
-A FORWARD -p tcp -m pptp --message out-call-reply --call-id 40 --result 1
-A FORWARD -p tcp -m pptp --message out-call-reply ! --result 1
-A FORWARD -p tcp -m pptp --call-id 0:39
-A FORWARD -p tcp -m pptp ! --call-id 40
-A FORWARD -p tcp -m pptp ! --message out-call-request,out-call-reply
-A FORWARD -p tcp --dport 1723 -m pptp --message echo-request
-A FORWARD -p tcp --sport 1723 -m pptp --message echo-reply --result 1
COMMIT
*mangle
-A FORWARD -p gre -m gre --gre-version 1
-A FORWARD -p gre -m gre --gre-version 0
-A FORWARD -p gre -m gre ! --gre-version 0
-A FORWARD -p gre -m gre --call-id 40
-A FORWARD -p gre -m gre ! --call-id 40
-A FORWARD -p gre -m gre --gre-version 1 --call-id 41:65535
COMMIT
END
peer pac n1 listen 3

family() { # 4|6 ADDRESS CONNECTION
	# The first call has the id 40, and that of the server is 3 or 4.
	peer pns n0 connect 40
	says 'a control connection' pns 'opened 1' open 1 "$2"
	says 'a call' pns 'called 1' out 1
	says 'an echo' pns echoed echo 0
	says 'packets' pns 'echoed 1 of 1' gre
	is "IPv$1: messages" "$(counts "$1" filter 1 10)" '6 2 1 1 0 1 0 4 1 1'
	is "IPv$1: GRE" "$(counts "$1" mangle 1 6)" '4 0 4 2 2 0'
}
family 4 10.0.1.2
family 6 fd00:0:0:1::2

say 'Several messages in one segment'
ipt r -Z FORWARD
says 'in one segment' pns 'join 1' join 1
peer many n0 connect 39
says 'a control connection' many 'opened 1' open 1 10.0.1.2
says 'in one segment' many 'join 1' join 1
says 'two calls' many 'called 2' out 2
is 'a rule looks at each message' "$(counter r 4 filter FORWARD 3)" 1
ipt r -Z FORWARD
echo=$(pptp_hex 0 0 echo)
clear=$(pptp_hex 9 0 clear)
says 'a call-clear-request behind 63 others' many sent send 0 "$echo" 63 "$clear"
says 'and one behind 64 others' many sent send 0 "$echo" 64 "$clear"
says 'an echo' many echoed echo 0
is 'a rule looks at the first 64' "$(counter r 4 filter FORWARD 7)" 1
done_testing
