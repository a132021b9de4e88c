#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# iptables-restore finds the rule that it deletes among rules that differ only in the end of the
# string, whatever rule it read before.
#
#	r	the rules are loaded in a namespace without neighbours
. "${0%/*}/../lib/scenario.sh"
namespace r

printf -v x100 '%0100d' 0
printf -v x140 '%0140d' 0
printf -v x900 '%0900d' 0
# The ends of all strings.
ends() {
	r "iptables-$BACKEND-save" | sed -n 's/^-A .*string "0*\([^"]*\)".*/\1/p' | xargs
}

rules r 4 <<END
*filter
-A INPUT -m string --string ${x100}short1
-A INPUT -m string --string ${x100}short2
-A INPUT -m string --string ${x140}middle1
-A INPUT -m string --string ${x140}middle2
-A INPUT -m string --string ${x900}long1
-A INPUT -m string --string ${x900}long2
-A INPUT -m string --string ${x100}stock1 --algo bm
-A INPUT -m string --string ${x100}stock2 --algo bm
COMMIT
END
is 'rules of all lengths' "$(ends)" 'short1 short2 middle1 middle2 long1 long2 stock1 stock2'
rules r 4 <<END
*filter
-D INPUT -m string --string ${x140}middle2
-D INPUT -m string --string ${x900}long2
-A INPUT -m string --string ${x100}short3
COMMIT
END
is 'long strings, before a new rule with a short one' "$(ends)" \
	'short1 short2 middle1 long1 stock1 stock2 short3'
rules r 4 <<END
*filter
-D INPUT -m string --string ${x100}short2
-D INPUT -m string --string ${x100}stock2 --algo bm
-A INPUT -m string --string ${x900}long3
COMMIT
END
is 'short strings, before a new rule with a long one' "$(ends)" \
	'short1 middle1 long1 stock1 short3 long3'
rules r 4 <<END
*filter
-D INPUT -m string --string ${x900}long3
-D INPUT -m string --string ${x100}short3
-D INPUT -m string --string ${x140}middle1
-D INPUT -m string --string ${x100}stock1 --algo bm
COMMIT
END
is 'all kinds' "$(ends)" 'short1 long1'
ipt r -D INPUT -m string --string "${x900}long1"
is 'a single command' "$(ends)" short1
done_testing
