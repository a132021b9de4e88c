#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The file of a condition: valid and invalid input, its paths, creation and removal.
#
#   r (alone)      rules in r's INPUT; condition.pl reads and writes r's /proc/net/nf_condition
. "${0%/*}/../lib/scenario.sh"
namespace r
here=${0%/*}
dir=/proc/net/nf_condition

ipt r -A INPUT -m condition --condition gate
cases=$(r perl "$here/condition.pl" writes "$dir/gate")
printf '%s\n' "$cases"
is 'every wrong write is EINVAL and changes nothing, every right one is taken' \
	"$(grep -v ^ok <<<"$cases")" ''
is 'the table of writes was gone through' "$(grep -c ^ok <<<"$cases")" 36

say 'The classic paths are the same files.'
r bash -c "echo 1 >$dir/gate"
is 'ipt_condition' "$(r cat /proc/net/ipt_condition/gate)" 1
is 'ip6t_condition' "$(r cat /proc/net/ip6t_condition/gate)" 1
ok 'they can be written' r bash -c 'echo 0 >/proc/net/ipt_condition/gate'
is 'and it is one value' "$(r cat $dir/gate)" 0
is 'the permissions' "$(r stat -c '%a %u %g' $dir/gate)" '644 0 0'
nok 'a different user cannot write' r setpriv --reuid 1000 --clear-groups bash \
	-c "echo 1 >$dir/gate"
is 'but read' "$(r setpriv --reuid 1000 --clear-groups cat $dir/gate)" 0

say 'A condition exists while a rule of either family names it.'
r bash -c "echo 1 >$dir/gate"
ip6t r -A OUTPUT -m condition ! --any other,gate
ipt r -D INPUT -m condition --condition gate
ip6t r -L OUTPUT -n # the nf_tables backend removes in the background: this waits for it
is 'the IPv6 rule keeps it, and its value' "$(r cat $dir/gate $dir/other)" $'1\n0'
ip6t r -F OUTPUT
empty() { [[ ! $(_quiet=1 r ls "$dir") ]]; }
until_ok 'the last rule takes both along' 10 empty
ipt r -A INPUT -m condition --condition gate
is 'a new one begins as 0' "$(r cat $dir/gate)" 0

say 'A rule that is refused leaves nothing behind.'
nok 'one name of a list is wrong' ipt r -A INPUT -m condition --all fresh,gate,gate
nok 'the target is wrong' ipt r -A INPUT -m condition --condition fresh -j NOSUCHTARGET
is 'only the old condition exists' "$(r ls $dir)" gate

done_testing
