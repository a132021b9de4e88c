#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each lint detects its faults: a fault is planted in a copy of the tree, and the lint must fail and
# name the file.
# inputs: tests/project/lint/* scripts/*
# copies: *
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

copy=$TAP_TMP/copy

fresh_copy() {
	rm -rf "$copy"
	mkdir "$copy"
	files '*' | tar -cf - -T - | tar -xf - -C "$copy"
}

# detects LINT FILE WHAT: with the text of stdin as a new FILE (each is called bad), the lint fails
# and names it. What a lint says of the copy as it is does not count: $before has it.
declare -A before=()
detects() {
	local lint=$1 file=$2 what=$3
	[[ ${before[$lint]+1} ]] || before[$lint]=$(cd "$copy" &&
		LINT_ONLY=$file "tests/project/lint/$lint.t" 2>&1 | grep '^not ok')
	mkdir -p "$(dirname "$copy/$file")"
	cat >"$copy/$file"
	ok "$lint: $what" found_only_now "$lint" "$file" "${before[$lint]}"
	rm "$copy/$file"
}

found_only_now() {
	local found
	found=$(cd "$copy" && LINT_ONLY=$2 "tests/project/lint/$1.t" 2>&1)
	grep '^not ok' <<<"$found" | grep -vxF -e "$3" | grep -q . &&
		grep -qw -e bad -e "$2" <<<"$found" && return
	printf 'it did not detect it; it prints:\n%s\n' "$found"
	false
}

ok 'the tree is copied' fresh_copy
licence='SPDX-License-Identifier: GPL-2.0-only'

detects shellcheck scripts/bad.sh 'an unquoted variable' <<<$'#!/bin/sh\nrm $1'
detects perl tests/bad.pl 'a syntax error' <<<'print (;'
detects spdx kernel/bad/xt_bad.c 'no licence' <<<'int x;'
detects spdx include/linux/netfilter/xt_bad.h "a uapi header without the kernel's exception" \
	<<<"/* $licence */"
detects versions kernel/bad/xt_bad.c 'a test for a version' <<<'#if LINUX_VERSION_CODE > 1'
detects memory kernel/bad/xt_bad.c 'an allocation that nobody is charged for' \
	<<<$'int f(void)\n{\n\tp = kmalloc(1,\n\t\tGFP_KERNEL);\n}'
detects sizes kernel/bad/xt_bad.c 'a file of 801 lines' < <(yes 'int x;' | head -n 801)
detects sizes kernel/bad/xt_bad.c 'a function of 90 lines' < <(printf 'int f(void)\n{\n'; yes \
	'x();' | head -n 90; echo '}')
detects sleep tests/bad/bad.sh 'a sleep' <<<$'#!/bin/sh\nsleep 1'
detects paths doc/bad.md 'the path of a particular host' <<<'See /home''/me/notes.'
detects paths doc/bad.md 'the name of an archive' <<<'See http://deb.''debian.org/.'
detects paths kernel/bad/xt_bad.c 'unfinished work' <<<'/* TO''DO */'
detects links doc/bad.md 'a link to nowhere' <<<'[x](nowhere.md)'
detects links doc/bad.md 'a link to no section' <<<'[x](architecture.md#nowhere)'
detects links doc/bad.md 'a file that does not exist' <<<'See `kernel/xt_nowhere.c`.'
detects cppcheck tools/bad/bad.c \
	'a null pointer used' <<<'int main(void) { int *p = 0; return *p; }'
detects analyzer tools/bad/bad.c 'memory that is lost' <<<$'#include <stdlib.h>\nint f(int x) { char *p = malloc(9); if (!p || x) return 1; free(p); return 0; }'
detects help tests/bad/rules.mk 'a target that help does not list' <<<'.PHONY: bad-target'
detects guards kernel/bad/bad.h 'an include guard of a different form' \
	<<<$'#ifndef BAD_H\n#define BAD_H\n#endif'
detects module-source kernel/bad/xt_bad.c \
	'a MODULE_ block behind code' <<<$'static int x;\nMODULE_LICENSE("GPL");'
detects module-source kernel/bad/xt_bad/core.h 'a private header of a different name' <<<'int x;'
detects man extensions/libxt_bad.man 'an unknown macro' <<<$'.TP\n.XY\n.NOSUCHMACRO x'
detects extensions extensions/libxt_bad.c \
	'an extension without manual, cases, translation' <<<'int x;'
detects extensions extensions/libxt_bad.t 'cases without an extension' <<<'-m bad;=;OK'
detects patchlets kernel/bad/xt_bad.c 'a module of no patchlet' <<<'int x;'
detects patchlets tests/bad/bad.sh 'a directory of no patchlet' <<<'true'
detects patchlets patchlets/bad/info 'an unknown key' <<<'Colour: blue'
detects words bad.md 'an excluded word in a document' <<<'Faults are mend''ed here.'
detects words bad.man 'an excluded word in a manual' <<<$'.TP\nA packet that go''es away.'
detects words bad.c 'an excluded word in a comment' <<<'/* Whoe''ver holds the lock. */'
detects words bad.c 'an excluded word in a message' <<<'int x = f("cannot be h''ad: %d", 1);'
detects words bad.sh 'an excluded word in a message' <<<$'#!/bin/sh\ndie "there is no ro''om"'
detects words NEWS 'a sentence of 26 words' < <(yes word | head -n 26 | tr '\n' ' ')
detects words tests/project/lint/words.ignore 'an exception without a reason' <<<$'bad\tbad'
detects widths tools/bad/bad.c 'a wide line of C' <<<"int x = $(printf '%035d + %035d;' 0 0)"
detects widths doc/bad.md 'a wide line of a document' <<<"$(printf '%050d %050d' 0 0)"
detects equal-lines tests/bad/bad.sh '15 lines of another file' < <(head -n 40 tests/lib/assert.sh)
detects equal-lines tests/project/lint/equal-lines.ignore \
	'an exception without a reason' <<<$'bad\tbad'

if tests/project/lint/fetch-checkpatch >/dev/null 2>&1; then
	detects checkpatch kernel/bad/xt_bad.c \
		'bad style' \
		<<<"// $licence"$'\nint f(int x)\n{\n\tif(x) { return 1; }\n\treturn 0;\n}'
else
	skip 'checkpatch: bad style' 'checkpatch.pl cannot be fetched'
fi

in_copy() { (cd "$copy" && "$@"); }
ok 'readme: a table that is current' in_copy bash -c 'scripts/readme && scripts/readme --check'
sed -i 's/^| patchlet .*/| patchlet | what |/' "$copy/README.md"
ok 'readme: a table that is not' in_copy bash -c '! scripts/readme --check'

# commit_is_found SUBJECT BODY: the lint names a commit of bad.c with that message, in a repository
# made of the copy.
in_git() { git -C "$copy" -c user.name=bad -c user.email=bad@example.org "$@"; }
commit_bad() {
	echo "/* $1 */" >>"$copy/bad.c" && in_git add bad.c && in_git commit -qm "$1" -m "$2"
}
commit_is_found() { commit_bad "$@" && in_copy tests/project/lint/commits.t | grep -F "$1"; }
good_history() {
	in_git init -q && in_git add . && in_git commit -qm 'tree: start' || return
	in_git rev-parse HEAD >"$copy/tests/project/lint/commits.base"
	commit_bad 'bad: add a file' 'It is needed.' && in_copy tests/project/lint/commits.t
}
if command -v git >/dev/null; then
	ok 'commits: a good message passes' good_history
	ok 'commits: a long subject' commit_is_found "bad: $(printf '%070d' 0)" body
	ok 'commits: a semicolon' commit_is_found 'bad: add this; drop that' body
	ok 'commits: no area' commit_is_found 'Add this' body
	ok 'commits: two areas' commit_is_found 'bad, worse: add this' body
	ok 'commits: no body' commit_is_found 'bad: add this without a reason' ''
else
	skip 'commits' 'git is not installed'
fi
done_testing
