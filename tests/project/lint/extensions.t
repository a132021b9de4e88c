#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every extension has a manual fragment, rule cases and translation cases, and the same options are
# in the source, the manual and the rule cases. One rule case in four is a rule that must be
# refused.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# The options of an extension as its x6 table names them.
options() {
	sed -nE 's/.*\.name[[:space:]]*=[[:space:]]*"([a-z0-9-]+)".*\.(type|id|flags)[[:space:]]*=.*/\1/p' "$1" | sort -u
}

refusals() {
	awk -F';' '/^[[:space:]]*(#|:|\*|%|$)/ { next } { all++ } $NF == "FAIL" { bad++ }
		END {
			printf "%d of %d cases must fail\n", bad, all
			exit !(all && bad * 4 >= all)
		}' "$1"
}

# $1 without suffix: a .txlate file with translations, or the statement in the rule cases that there
# is none.
translations() {
	if [[ -e $1.txlate ]]; then
		grep -qE '^ip6?tables-translate' "$1.txlate" ||
			{ echo "$1.txlate: no translation"; false; }
	else
		grep -qE '^# no nft equivalent: [[:alnum:]]' "$1.t" ||
			{ echo "$1.t: no .txlate, and no '# no nft equivalent: REASON'"; false; }
	fi
}

well_formed() {
	awk -F';' '/^[[:space:]]*(#|:|\*|%|$)/ { next } $NF !~ /^(OK|FAIL)$/ || NF < 3 {
		printf "%s:%d: not rule;expected;OK or rule;expected;FAIL\n", FILENAME, FNR }' "$1"
}

# $1 the extension's source, $2 a text that must contain each option as --option.
mentions() {
	local option
	while read -r option; do
		sed 's/\\-/-/g' "$2" | grep -qE -- "--$option([^a-z0-9-]|\$)" ||
			echo "$2: --$option of $1 is not there"
	done < <(options "$1")
}

for source in extensions/lib*.c; do
	[[ -e $source ]] || continue
	base=${source%.c}
	name=${base#extensions/lib*_}
	for fragment in man t; do
		ok "$name: .$fragment" test -s "$base.$fragment"
	done
	ok "$name: the ABI is in include/linux/netfilter/xt_$name.h" grep \
		-q "^#include <linux/netfilter/xt_$name\.h>" "$source"
	ok "$name: options are an x6 table" test -n "$(options "$source")"
	empty "$name: no getopt, no _init" grep -nE '\bgetopt|\bvoid _init\(' "$source"
	empty "$name: every option is in the manual" mentions "$source" "$base.man"
	empty "$name: every option has a rule case" mentions "$source" "$base.t"
	empty "$name: rule cases are well formed" well_formed "$base.t"
	ok "$name: a quarter of the rule cases must fail" refusals "$base.t"
	ok "$name: translations" translations "$base"
done
for fragment in extensions/*.man extensions/*.t extensions/*.txlate; do
	[[ -e $fragment ]] && ok "$fragment has its extension" test -f "${fragment%.*}.c"
done
((tap_cases)) || skip extensions 'there are none yet'
done_testing
