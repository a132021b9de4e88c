#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Names of lists, conditions and sets that an extension would refuse reach the kernel: it refuses
# them, and they forge no line of the log.
#
#   r (alone)      rules in r's INPUT, whose bytes rule-bytes.pl changes
. "${0%/*}/../lib/scenario.sh"
here=${0%/*}
namespace r

try() { # TO: the module's verdict on a rule whose name is TO
	r perl "$here/rule-bytes.pl" pomnameAAAAAAAA "$1"
}
installed=0 seen=0
while read -r rule; do
	what=${rule%% *}
	compgen -G "/lib/modules/$(uname -r)/updates/patch-o-matic/xt_$what.ko*" >/dev/null ||
		continue
	installed=$((installed + 1))
	# shellcheck disable=SC2086 # words
	r iptables-legacy -A INPUT -m $rule || continue
	seen=$((seen + 1))
	ok "$what: the same rule again" try pomnameBBBBBBBB
	r iptables-legacy -F INPUT
	# shellcheck disable=SC2086
	r iptables-legacy -A INPUT -m $rule
	for name in 'pom\nFORGED: AAA' 'pom\e[2JAAAAAAAA' 'pom\x7fAAAAAAAAAAA' \
		'pom\xc2\x9bAAAAAAAAAA' pom/nameAAAAAAA '..\x00AAAAAAAAAAAA' \
		'\x00omnameAAAAAAAA'; do
		_quiet=1 try "$name" >/dev/null
		is "$what: $name is refused" $? 1
	done
	r iptables-legacy -F INPUT
done <<'END'
condition --condition pomnameAAAAAAAA
recent --set --name pomnameAAAAAAAA
string --set pomnameAAAAAAAA
END
ok 'an extension is installed' test $installed -gt 0
is 'each takes a name' "$seen" "$installed"
log=$(klog)
is 'no line of the log is forged' "$(grep -E '(\] |^)FORGED' <<<"$log")" ''
is 'the log has no control characters' "$(grep -E '\\x(0a|1b|7f|9b)' <<<"$log")" ''
say "the log: $(grep -c 'pom' <<<"$log") lines about these names"

done_testing
