#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Recent lists and string sets are saved and restored by the commands of the systemd unit.
#
#	r	the rules are loaded in a namespace without neighbours
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme packaging/systemd/*
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
namespace r
unit=packaging/systemd/patch-o-matic-lists.service
installed=/usr/libexec/patch-o-matic/lists
tools=$PWD/build/tools
! command -v recent >/dev/null || tools=
mkdir "$TMP/state"

# of_unit KEY: its command, with the program of the tree.
of_unit() {
	sed -n "s,^$1=-$installed,packaging/systemd/lists,p" "$unit"
}
run() { # KEY: runs the command as the unit does
	r env "PATH=$PATH${tools:+:$tools}" STATE_DIRECTORY="$TMP/state" sh -c "$(of_unit "$1")"
}
load_rules() {
	rules r 46 <<-END
		*filter
		-A INPUT -m recent --name L --set
		-A INPUT -m string --set bad -j DROP
		COMMIT
	END
}
addresses() {
	r sed -n 's/^src=\([^ ]*\) .*/\1/p' /proc/net/xt_recent/L | sort | paste -sd ' '
}
patterns() { r grep -v '^#' /proc/net/nf_string/sets/bad | paste -sd ' '; }
forget() {
	r "iptables-$BACKEND" -F
	r "ip6tables-$BACKEND" -F
	r sh -c 'for set in bad .hidden; do echo "-$set" >/proc/net/nf_string/control; done' || :
}
gone() { ! r test -e /proc/net/xt_recent/L && ! r test -e /proc/net/nf_string/sets/bad; }

ok 'the unit has both commands' test "$(of_unit ExecStart)" -a "$(of_unit ExecStop)"
ok 'nothing was saved: restored' run ExecStart
load_rules
ok 'nothing to save: saved' run ExecStop
nok 'and no file of addresses is written' test -e "$TMP/state/recent"

r sh -c 'printf "+192.0.2.1\n+192.0.2.2\n+2001:db8::1\n" >/proc/net/xt_recent/L'
r sh -c 'printf "+bad" >/proc/net/nf_string/control'
r sh -c 'printf "evil\n--icase worse\n--end\n" >/proc/net/nf_string/sets/bad'
r sh -c 'printf "+.hidden" >/proc/net/nf_string/control'
was=$(addresses) patterns=$(patterns)
like 'the addresses' "$was" '^192\.0\.2\.1 192\.0\.2\.2 2001:0?db8:[0:]*1$'
like 'the patterns' "$patterns" 'evil.*worse'
ok 'the host stops: saved' run ExecStop
is 'only root reads them' "$(stat -c %a "$TMP/state/recent")" 600

forget
until_ok 'the host starts: lists and patterns are gone' 5 gone
nok 'restored before the rules: an error' run ExecStart
ok 'what was not restored is kept' cmp "$TMP/state/recent" "$TMP/state/recent.not-restored"
ok 'and saved: what was saved before is kept' run ExecStop
load_rules
ok 'restored after the rules' run ExecStart
is 'the same addresses' "$(addresses)" "$was"
is 'the same patterns' "$(patterns)" "$patterns"
ok 'and the set whose name begins with a dot' r test -e /proc/net/nf_string/sets/.hidden
ok 'saved again' run ExecStop
nok 'no second directory of sets is left' test -e "$TMP/state/sets.new"
forget
done_testing
