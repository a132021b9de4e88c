#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each lint finds what it is there to find: a fault is planted in a copy of the tree, and the lint must fail and name the file.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

copy=$TAP_TMP/copy

fresh_copy() {
	rm -rf "$copy"
	mkdir "$copy"
	files '*' | tar -cf - -T - | tar -xf - -C "$copy"
}

# bites LINT FILE WHAT: with the text of stdin as a new FILE (each is called bad), the lint fails and names it.
bites() {
	local lint=$1 file=$2 what=$3 before
	before=$(cd "$copy" && LINT_ONLY=$file "tests/lint/$lint.t" 2>&1 | grep '^not ok')
	mkdir -p "$(dirname "$copy/$file")"
	cat >"$copy/$file"
	ok "$lint: $what" found_only_now "$lint" "$file" "$before"
	rm "$copy/$file"
}

found_only_now() {
	local found
	found=$(cd "$copy" && LINT_ONLY=$2 "tests/lint/$1.t" 2>&1)
	grep '^not ok' <<<"$found" | grep -vxF -e "$3" | grep -q . && grep -qw -e bad -e "$2" <<<"$found" && return
	printf 'it did not notice; it says:\n%s\n' "$found"
	false
}

ok 'the tree is copied' fresh_copy
licence='SPDX-License-Identifier: GPL-2.0-only'

bites shellcheck scripts/bad.sh 'an unquoted variable' <<<$'#!/bin/sh\nrm $1'
bites perl tests/bad.pl 'a syntax error' <<<'print (;'
bites spdx kernel/xt_bad.c 'no licence' <<<'int x;'
bites spdx include/linux/netfilter/xt_bad.h "a uapi header without the kernel's exception" <<<"/* $licence */"
bites versions kernel/xt_bad.c 'a test for a version' <<<'#if LINUX_VERSION_CODE > 1'
bites sizes kernel/xt_bad.c 'a file of 801 lines' < <(yes 'int x;' | head -n 801)
bites sizes kernel/xt_bad.c 'a function of 90 lines' < <(printf 'int f(void)\n{\n'; yes 'x();' | head -n 90; echo '}')
bites sleep tests/scenarios/bad.sh 'a sleep' <<<$'#!/bin/sh\nsleep 1'
bites paths doc/bad.md 'the path of one machine' <<<'See /home''/me/notes.'
bites paths doc/bad.md 'the name of an archive' <<<'See http://deb.''debian.org/.'
bites paths kernel/xt_bad.c 'unfinished work' <<<'/* TO''DO */'
bites links doc/bad.md 'a link to nowhere' <<<'[x](nowhere.md)'
bites links doc/bad.md 'a link to no section' <<<'[x](architecture.md#nowhere)'
bites links doc/bad.md 'a file that does not exist' <<<'See `kernel/xt_nowhere.c`.'
bites cppcheck tools/bad.c 'a null pointer used' <<<'int main(void) { int *p = 0; return *p; }'
bites analyzer tools/bad.c 'memory that is lost' <<<$'#include <stdlib.h>\nint f(int x) { char *p = malloc(9); if (!p || x) return 1; free(p); return 0; }'
bites man extensions/libxt_bad.man 'an unknown macro' <<<$'.TP\n.XY\n.NOSUCHMACRO x'
bites extensions extensions/libxt_bad.c 'an extension without manual, cases, translation' <<<'int x;'
bites extensions extensions/libxt_bad.t 'cases without an extension' <<<'-m bad;=;OK'
bites patchlets kernel/xt_bad.c 'a module of no patchlet' <<<'int x;'
bites patchlets patchlets/bad/info 'an unknown key' <<<'Colour: blue'
if tests/lint/fetch-checkpatch >/dev/null 2>&1; then
	bites checkpatch kernel/xt_bad.c 'bad style' <<<"// $licence"$'\nint f(int x)\n{\n\tif(x) { return 1; }\n\treturn 0;\n}'
else
	skip 'checkpatch: bad style' 'checkpatch.pl cannot be had'
fi

in_copy() { (cd "$copy" && "$@"); }
ok 'readme: a table that is current' in_copy bash -c 'scripts/readme && scripts/readme --check'
sed -i 's/^| patchlet .*/| patchlet | what |/' "$copy/README.md"
ok 'readme: a table that is not' in_copy bash -c '! scripts/readme --check'
done_testing
