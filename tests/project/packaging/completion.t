#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Bash completion of runme and of each tool, called as bash calls it.
# inputs: packaging/* runme scripts/* patchlets/* tools/* kernel/* include/* extensions/* Makefile doc/*.mk tests/*.mk
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
unset POM_OUT CFLAGS LDFLAGS CPPFLAGS
ok 'the tools are built' make -s tools

# completed PROGRAM WORD...: the completions of the last WORD.
completed() {
	local function
	. "packaging/completion/${1##*/}"
	function=$(complete -p "${1##*/}" | sed 's/.* -F \([^ ]*\) .*/\1/')
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	"$function" "$1" "${*: -1}" "${*: -2:1}"
	printf '%s\n' "${COMPREPLY[@]}" | paste -sd ' '
}

is 'runme: an option' "$(completed ./runme --re)" --reverse
is 'runme: all options' "$(completed ./runme -- | tr ' ' '\n')" \
	"$(. scripts/runme/options.sh; printf '%s\n' "${OPTION_NAMES[@]}" | LC_ALL=C sort -u)"
is 'runme: a patchlet' "$(completed ./runme --batch TAR)" TARPIT
is 'runme: a suite' "$(completed ./runme --test ba)" base
is 'runme: no suite without patchlets' "$(completed ./runme pend)" ''
is 'runme: a kernel' "$(completed ./runme --download 7)" 7.3
is 'runme: a directory' "$(completed ./runme --destdir doc/pic)" ''
is 'runme: a directory that exists' "$(completed ./runme --destdir doc/ben)" doc/benchmarks
is 'runme: a file' "$(completed ./runme --sign-key COPY)" COPYING

for tool in $(scripts/info tools); do
	ok "$tool has a completion" test -f "packaging/completion/$tool"
	ok "$tool: its manual page has each completed command" bash -c '
		for word in $2; do
			grep -qE "^\.(TP|BI|B|BR).*\b$word\b" tools/*/"${1/#recent/xtrecent}.8" ||
				exit 1
		done' \
		- "$tool" "$(completed "build/tools/$tool" '')"
	like "$tool: --help is completed" "$(completed "build/tools/$tool" --he)" '^--help$'
done
is 'recent: a command' "$(completed build/tools/recent mon)" monitor
is 'xtrecent: a command' "$(completed build/tools/xtrecent mon)" monitor
is 'recent: all commands' "$(completed build/tools/recent '')" \
	'add delete flush list monitor restore save set top'
is 'recent: a setting' "$(completed build/tools/recent set L st)" stamps
is 'recent: a file' "$(completed build/tools/recent restore COPY)" COPYING
for program in runme recent xtrecent stringset xtinfo; do
	. "packaging/completion/$program"
	_patch_o_matic_reply '' $'plain\n$(touch '"$TAP_TMP"$'/run)\na;b'
	nok "$program: names are not run" test -e "$TAP_TMP/run"
	is "$program: but quoted" "${COMPREPLY[*]}" "\\$\\(touch\\ $TAP_TMP/run\\) a\\;b plain"
done
is 'stringset: all commands' "$(completed build/tools/stringset '')" \
	'check create destroy list load save top'
is 'ct: all commands' "$(completed build/tools/ct '')" \
	'count delete expect export invalid list set stat top watch'
is 'ct: a filter' "$(completed build/tools/ct list proto tcp st)" 'state status'
is 'ct: a key' "$(completed build/tools/ct count by d)" 'dport dst'
is 'ct: a command of conntrack' "$(completed build/tools/ct --du)" --dump
is 'ct: a table' "$(completed build/tools/ct -L e)" expect
is 'ct: an option of conntrack' "$(completed build/tools/ct -L --lab)" \
	'--label --label-add --label-del'
is 'ct: an option of ct behind its command' "$(completed build/tools/ct list --j)" --json
is 'ct: none of conntrack for ct' "$(completed build/tools/ct --json list --du)" ''
is 'ct: a protocol' "$(completed build/tools/ct -D -p udp)" 'udp udplite'
is 'ct: its options' "$(completed build/tools/ct -D -p sctp --reply-v)" --reply-vtag
is 'ct: not those of a different one' "$(completed build/tools/ct -D -p udp --st)" \
	'--stats --status'
is 'ct: a state' "$(completed build/tools/ct -L -p tcp --state FIN)" FIN_WAIT
# What the program refuses as unknown is no option.
for proto in tcp sctp dccp gre icmp icmpv6; do
	for option in $(completed build/tools/ct -I -p $proto --); do
		[[ $(build/tools/ct -I -p $proto "$option" 2>&1) != *"no option $option;"* ]] ||
			unknown+=" $option"
	done
done
is 'ct: takes all options that are completed' "${unknown-}" ''
is 'xtinfo: all commands' "$(completed build/tools/xtinfo '')" 'list missing names'
is 'stringset: a file' "$(completed build/tools/stringset load bad COPY)" COPYING
done_testing
