#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# runme refuses to reverse a patchlet while a rule of any namespace uses its extension, and names
# the rule.
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"

[[ -d patchlets/condition ]] || skip_all 'there is no patchlet condition'
namespace used
ipt used -A INPUT -m condition --condition reverse.test -j DROP

said=$(./runme --batch --reverse condition 2>&1 </dev/null)
is 'runme --reverse fails' $? 1
say "$said"
like 'it names the rule' "$said" \
	"namespace used: iptables-$BACKEND -A INPUT -m condition .*reverse\.test"
like 'it says what to do' "$said" 'fix: delete these rules, or ./runme --reverse --force condition'
ok 'the rule is still listed' used "iptables-$BACKEND" -C INPUT -m condition \
	--condition reverse.test -j DROP

done_testing
