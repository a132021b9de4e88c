#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/harness runs a test again when anything that its result depends on has changed, and only
# then. It notices a test that opens a file that is not among its inputs.
# inputs: tests/harness
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh" || exit

export POM_RESULTS=${TAP_TMP:?}/results
unset FRESH LEVEL
tree=$TAP_TMP/tree
mkdir -p "$tree"/{tests/kind,data,patchlets/{one,two},kernel/{one,two,lib},include}
cd "$tree" || exit

# The test counts how often it ran; the file is outside of the tree.
test_file() { # NAME INPUTS COMMAND
	printf '#!/bin/bash\n# inputs: %s\necho >>%s/ran\n%s\necho 1..1\n' "$2" \
		"$TAP_TMP" "$3" >"$1"
}
runs() { # TEST...: prints how many tests ran, and the counts
	local test
	: >"$TAP_TMP/ran"
	for test; do
		printf '%s\t%s\tbash %s\t%s\n' "$test" "$test" "$test" "$test"
	done | "$POM_TOP/tests/harness" >"$TAP_TMP/said" 2>&1
	echo "$(wc -l <"$TAP_TMP/ran") ran, $(sed -n 's/^\([0-9]* cached\).*/\1, /p' \
		"$TAP_TMP/said")$(tail -n 1 "$TAP_TMP/said")"
}
fresh='1 ran, 1 passed, 0 failed, 0 skipped' again='0 ran, 1 cached, 0 passed, 0 failed, 0 skipped'

t=tests/kind/a.t
test_file "$t" "data/in.* \$COLOUR" 'cat data/in.txt >/dev/null; echo ok 1 - fine'
echo one >data/in.txt
echo one >data/other.txt
is 'a test runs' "$(runs $t)" "$fresh"
is 'once' "$(runs $t)" "$again"
ok 'a cached result is a success' bash -c "printf 'x\tx\tbash $t\t$t\n' | $POM_TOP/tests/harness; printf '$t\t$t\tbash $t\t$t\n' | $POM_TOP/tests/harness"
is 'FRESH=1 runs it' "$(FRESH=1 runs $t)" "$fresh"
echo two >data/other.txt
is 'a file that is no input does not matter' "$(runs $t)" "$again"
echo two >data/in.txt
is 'a changed input does' "$(runs $t)" "$fresh"
echo one >data/in.txt
is 'the old content is still known' "$(runs $t)" "$again"
echo new >data/in.new
is 'a new file that the pattern matches is an input' "$(runs $t)" "$fresh"
is 'a variable that the test names' "$(COLOUR=red runs $t)" "$fresh"
is 'one that it does not name' "$(SHAPE=round runs $t)" "$again"
is 'LEVEL' "$(LEVEL=full runs $t)" "$fresh"
chmod +x data/in.txt
is 'the mode of an input' "$(runs $t)" "$fresh"
echo '# more' >>"$t"
is 'the test itself' "$(runs $t)" "$fresh"

mkdir "$TAP_TMP/bin"
printf '#!/bin/sh\necho "iptables 2 installed"\n' >"$TAP_TMP/bin/dpkg-query"
chmod +x "$TAP_TMP/bin/dpkg-query"
is 'the version of a package' "$(PATH=$TAP_TMP/bin:$PATH runs $t)" "$fresh"

test_file tests/kind/fails.t data/in.txt 'echo not ok 1 - wrong'
is 'a failure' "$(runs tests/kind/fails.t)" '1 ran, 0 passed, 1 failed, 0 skipped'
is 'is not cached' "$(runs tests/kind/fails.t)" '1 ran, 0 passed, 1 failed, 0 skipped'
test_file tests/kind/ends.t data/in.txt 'echo ok 1; trap "exit 3" EXIT'
runs tests/kind/ends.t >/dev/null
is 'a bad end is not cached' "$(runs tests/kind/ends.t)" '1 ran, 1 passed, 1 failed, 0 skipped'
test_file tests/kind/skips.t data/in.txt 'echo "ok 1 # SKIP no network"'
runs tests/kind/skips.t >/dev/null
is 'a skipped test is not cached' "$(runs tests/kind/skips.t)" \
	'1 ran, 0 passed, 0 failed, 1 skipped'
test_file tests/kind/races.t 'data/*' "echo ok 1; date +%N >data/clock"
date >data/clock
runs tests/kind/races.t >/dev/null
is 'a test whose inputs changed while it ran is not cached' "$(runs tests/kind/races.t)" "$fresh"
rm data/clock

# marked N: a program of which N of three tests are cached
printf 'ok 1 - a # cached\nok 2 - b\nok 3 - c # SKIP cached: no tool\n1..3\n' >"$TAP_TMP/tap"
like 'tests that a program marks as cached are counted' \
	"$(printf 'x\tx\tcat %s\n' "$TAP_TMP/tap" | "$POM_TOP/tests/harness")" '^2 cached '
is 'apart from those that passed' \
	"$(printf 'x\tx\tcat %s\n' "$TAP_TMP/tap" | "$POM_TOP/tests/harness" | tail -n 1)" \
	'1 passed, 0 failed, 0 skipped'

test_file tests/kind/opens.t data/in.txt 'echo ok 1; cat data/other.txt >/dev/null'
if "$POM_TOP/build/record-opens" "$tree" "$TAP_TMP/list" true && [[ -e $TAP_TMP/list ]]; then
	is 'a test that opens what is no input fails' "$(runs tests/kind/opens.t)" \
		'1 ran, 1 passed, 1 failed, 0 skipped'
	like 'the file is named' "$(<"$TAP_TMP/said")" '^ *data/other\.txt$'
	is 'and it is not cached' "$(runs tests/kind/opens.t)" \
		'1 ran, 1 passed, 1 failed, 0 skipped'
	sed -i '2a # copies: data/o*' tests/kind/opens.t
	is 'unless the test says that it only copies it' "$(runs tests/kind/opens.t)" "$fresh"
	echo three >data/other.txt
	is 'the content then does not matter' "$(runs tests/kind/opens.t)" "$again"
else
	skip 'a test that opens what is no input' 'fanotify is not permitted here'
fi

# Inputs that follow from where a test is.
inputs() {
	perl -I"$POM_TOP/tests/lib" -MInputs=inputs_of \
		-e 'print map { "$_\n" } inputs_of($ARGV[0])' "$1"
}
printf 'Modules: xt_one\nExtensions: one\n' >patchlets/one/info
printf 'Modules: xt_two\nExtensions: two\nDepends: one\n' >patchlets/two/info
mkdir -p tests/{one,two} extensions
touch kernel/one/xt_one.c kernel/two/xt_two.c kernel/lib/shared.c tests/{one/one,two/two}-it.sh \
	tests/two/two-more.{sh,unit.c} tests/two/helper extensions/libxt_{one,two}.{c,t}
like "a test of a patchlet depends on its code" "$(inputs tests/one/one-it.sh)" \
	'^kernel/one/xt_one.c$'
like 'on shared code' "$(inputs tests/one/one-it.sh)" '^kernel/lib/shared.c$'
unlike 'not on that of other patchlets' "$(inputs tests/one/one-it.sh)" \
	'^(kernel|extensions|tests)/.*two'
like 'but on those that the patchlet depends on' "$(inputs tests/two/two-it.sh)" \
	'^kernel/one/xt_one.c$'
like 'and on files next to it' "$(inputs tests/two/two-it.sh)" '^tests/two/helper$'
unlike 'that are no tests' "$(inputs tests/two/two-it.sh)" 'two-more'
like "rule cases depend on the extension" "$(inputs extensions/libxt_one.t)" \
	'^extensions/libxt_one.c$'
unlike 'and on no other' "$(inputs extensions/libxt_one.t)" '^(kernel|extensions|tests)/.*two'
like 'to unload depends on all modules' "$(inputs unload)" '^kernel/two/xt_two.c$'
done_testing
