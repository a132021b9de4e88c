#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# iptables-restore finds the rule that it deletes among rules of other lengths.
#
#	r	the rules are loaded in a namespace without neighbours
. "${0%/*}/../lib/scenario.sh"
namespace r

marks() { r "iptables-$BACKEND-save" -t mangle | grep -o -- '--mark .*' | cut -d' ' -f2 | xargs; }

rules r 46 <<'END'
*mangle
-A PREROUTING -m connmark --mark 1,3
-A PREROUTING -m connmark --mark 1,2
-A PREROUTING -m connmark --mark 7
-A PREROUTING -m connmark --mark 1:9/0xff
COMMIT
END
rules r 46 <<'END'
*mangle
-D PREROUTING -m connmark --mark 1,2
-A PREROUTING -m connmark --mark 5
COMMIT
END
is 'a list, before a new rule with one mark' "$(marks)" '0x1,0x3 0x7 0x1:0x9/0xff 0x5'
rules r 46 <<'END'
*mangle
-D PREROUTING -m connmark --mark 5
-A PREROUTING -m connmark --mark 1,4
COMMIT
END
is 'a rule with one mark, before a new list' "$(marks)" '0x1,0x3 0x7 0x1:0x9/0xff 0x1,0x4'
rules r 46 <<'END'
*mangle
-D PREROUTING -m connmark --mark 1:9/0xff
-D PREROUTING -m connmark --mark 1,4
-A PREROUTING -m connmark --equals-nfmark
COMMIT
END
is 'a range and a list' "$(marks)" '0x1,0x3 0x7'
done_testing
