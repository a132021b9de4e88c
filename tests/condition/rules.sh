#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel module checks rules itself: what iptables would never send is refused, and leaves no
# condition behind.
#
#   r (alone)      condition.pl loads rules of both revisions with nf_tables' netlink messages; r is
#                  removed while they exist
. "${0%/*}/../lib/scenario.sh"
namespace r

ipt r -A INPUT -m condition --condition by-iptables # has the modules loaded
cases=$(r perl "${0%/*}/condition.pl" rules)
printf '%s\n' "$cases"
is 'right rules are accepted, wrong ones refused with the right error' \
	"$(grep -v ^ok <<<"$cases")" ''
is 'the table of rules was gone through' "$(grep -c ^ok <<<"$cases")" 38
is 'conditions of accepted rules are there, and no others' \
	"$(r ls -x /proc/net/nf_condition | xargs)" \
	"a b by-iptables c d e f g h i j k $(printf 'l%.0s' {1..30} |
	sed 's/^/l /') m n o one p two"
like 'the log says what was wrong' "$(klog)" 'xt_condition: condition name "bad" is listed twice'

if [[ $BACKEND == nft ]]; then
	is 'a rule of revision 1 next to those of iptables' \
		"$(r perl "${0%/*}/condition.pl" old filter INPUT old)" 'done'
	like 'is listed as what it is' "$(r iptables-nft -S INPUT)" '-m condition ! --condition old'
	like 'and shown' "$(r iptables-nft -L INPUT)" '!condition old'
fi
done_testing
