#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# stringset check: what is right is right; of what is wrong, each line is named as FILE:LINE with
# the reason, and counted.
# inputs: tests/project/build/lib.sh tests/project/lint/lib.sh
# shellcheck source=../project/build/lib.sh
. "${0%/*}/../project/build/lib.sh"
need gcc
ok 'the tool is built' make -s build/tools/stringset
stringset=$POM_TOP/build/tools/stringset
cd "$TAP_TMP" || exit 1

check() { "$stringset" check "$@" 2>&1; }
long() { printf 'a%.0s' $(seq "$1"); }

# REASON TEXT...: each TEXT, as printf has it, is the second of three lines.
refused() {
	local reason=$1 text got
	shift
	for text; do
		printf 'fine\n%b\nfine\n' "$text" >patterns
		got=$(check patterns)
		[[ $? == 1 && $got == "patterns:2: $reason"$'\nstringset: patterns: 1 line cannot be used; nothing was changed' ]] ||
			printf '%s: %s\n' "${text:0:40}" "$got"
	done
}
hex='expected pairs of hexadecimal digits between bars (a bar itself is \|)'
empty 'hexadecimal' refused "$hex" '|7|' '|7g|' '|7f 4|' '|7 f|' 'a|0'
empty 'a bar that is not closed' refused 'the last | is missing (a bar itself is \|)' '|7f' 'a|' \
	'|7f|b|' 'a\\\\|'
empty 'options that are none' refused \
	'an unknown option (write -- before a pattern that begins with dashes)' \
	'--icas a' '--ICASE a' '--icase=1 a' '---' '--icase --no a' '--no'
empty 'an option twice' refused 'an option is given twice' '--icase --icase a' '--mark 1 --mark 1 a'
empty 'a mark that is none' refused '--mark needs a number, 0 to 0xffffffff' '--mark' '--mark a' \
	'--mark 0x a' '--mark -1 a' \
	'--mark 0x100000000 a' '--mark 4294967296 a' '--mark 1g a'
empty 'hits that are none' refused '--hits needs a number' '--hits' '--hits x a' \
	'--hits 9223372036854775808 a'
empty 'options and nothing else' refused 'options without a pattern' '--icase' '--mark 1' '--'
empty '--end' refused '--end is not allowed in a file' '--end'
empty '--end and more' refused '--end must be the whole line' '--end a' '--icase --end'
empty 'a NUL' refused 'a NUL (write it as |00|)' 'a\0b'
empty 'a pattern that is too long' refused 'a pattern has more than 4096 bytes' "$(long 4097)"
empty 'a line that is too long' refused 'a line has more than 16384 bytes' "#$(long 16384)"

yes a | head -n 100000 >patterns
empty 'as many patterns as a set may have' check patterns
echo a >>patterns
says 'one more' '^stringset: patterns:100001: a set has at most 100000 patterns, of 33554432 bytes together$' "$stringset" check patterns
yes "$(long 4096)" | head -n 8192 >patterns
empty 'as many bytes' check patterns
echo a >>patterns
says 'one more' '^stringset: patterns:8193: a set has at most 100000 patterns' "$stringset" \
	check patterns
rm patterns

printf '|7\nfine\n--no x\n\n--mark\n' >patterns
says 'of several lines each' '^stringset: patterns: 3 lines cannot be used; nothing was changed$' \
	"$stringset" check patterns
is 'by its number' "$(check patterns | grep -o '^patterns:[0-9]*' | paste -sd ' ')" \
	'patterns:1 patterns:3 patterns:5'
says 'load reads the whole file before it asks the kernel' '^patterns:5: --mark needs' \
	"$stringset" load bad patterns
like 'standard input is called -' "$(printf 'fine\n|7' | check -)" '^-:2: expected pairs'
says 'a file that is not there' '^stringset: nowhere: No such file' "$stringset" check nowhere
says 'a folder' '^stringset: \.: ' "$stringset" check .
says 'no file' '; usage: stringset check FILE$' "$stringset" check
says 'two files' '; usage: stringset check FILE$' "$stringset" check patterns patterns
for name in a/b . .. '' "$(long 128)"; do
	says "the name \"${name:0:9}\"" 'cannot be the name of a set' "$stringset" create "$name"
done

{
	printf '# comment\n\n  \t\r\n|7f|ELF\r\n--icase --prefix --mark 0xffffffff --hits 0x7ffffffffffffff a b \n'
	printf '%s\n' '-- --a' '-a' '\#' 'a\|b' 'a\\b' '|00|' 'last\ ' "$(long 4096)" \
		"#$(long 16383)"
	printf 'no newline'
} >patterns
empty 'what is right' check patterns
: >patterns
empty 'an empty file' check patterns
done_testing
