#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What is wrong in an info file is said with its file and line; the order of patchlets follows what
# they depend on.
# inputs: scripts/* Kbuild Makefile kernel/compat/* tests/project/lint/lib.sh
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
small_tree

# wrong DESC REGEX LINE...: the patchlet `bad`, with LINEs in its info file, is refused.
wrong() {
	local what=$1 regex=$2
	shift 2
	info_file bad "$@"
	says "$what" "$regex" "$TREE/scripts/info" check
	rm -r "$TREE/patchlets/bad"
}

ok 'a tree without faults' "$TREE/scripts/info" check
wrong 'an unknown key' "patchlets/bad/info:7: unknown key 'Colour'" 'Colour: red'
wrong 'a line that is no key and value' "patchlets/bad/info:7: not a 'Key: value' line" 'nonsense'
wrong 'a key without value' 'patchlets/bad/info:7: Repository has no value' 'Repository:'
wrong 'a key given twice' 'patchlets/bad/info:7: Version is given twice' 'Version: 2'
wrong 'a requirement that nobody understands' "cannot read the requirement 'linux about 5'" \
	'Requires: linux about 5'
wrong 'an operator that does not exist' "cannot read the requirement 'linux => 5.10'" \
	'Requires: linux => 5.10'
wrong 'a dependency that does not exist' 'bad depends on nobody, but there is no such patchlet' \
	'Depends: nobody'
wrong 'a module that another patchlet has' \
	'the module xt_hello belongs to hello already|the module xt_hello belongs to bad already' \
	'Modules: xt_hello'
wrong 'a dependency on itself' 'bad names itself in Depends' 'Depends: bad'

info_file bad 'Suite: extra'
sed -i '/^Suite/d' "$TREE/patchlets/bad/info"
says 'a missing key' 'patchlets/bad/info:1: the key Suite is missing' "$TREE/scripts/info" check
info_file bad
sed -i 's/^Suite:.*/Suite: extras/' "$TREE/patchlets/bad/info"
says 'an unknown suite' "patchlets/bad/info:4: unknown suite 'extras'" "$TREE/scripts/info" check
rm -r "$TREE/patchlets/bad"

info_file one 'Depends: two'
info_file two 'Depends: three'
info_file three 'Depends: one'
says 'a cycle is reported' 'have a cycle: one -> two -> three -> one' "$TREE/scripts/info" check
info_file three
sed -i 's/^Suite:.*/Suite: base/' "$TREE/patchlets/three/info"
ok 'what a patchlet depends on comes first' \
	test "$("$TREE/scripts/info" list one | tr '\n' ' ')" = 'three two one '
ok 'extra needs base, and base comes first' \
	test "$("$TREE/scripts/info" list extra | head -n 1)" = three
ok 'base alone needs nothing of extra' test "$("$TREE/scripts/info" list base)" = three
says 'an unknown name' "no patchlet or suite called 'oen'" "$TREE/scripts/info" list oen
ok 'the sources of a module: its file and the parsers that it includes' \
	test "$("$TREE/scripts/info" sources xt_hello | tr '\n' ' ')" = \
	'kernel/hello/xt_hello.c kernel/hello/greet.c '
says 'a module without a source' 'xt_one includes kernel/one/xt_one.c, which does not exist' \
	"$TREE/scripts/info" sources xt_one
mkdir "$TREE/patchlets/lib" && cp "$TREE/patchlets/one/info" "$TREE/patchlets/lib"
says 'a patchlet with the name of a shared directory' "'lib' is a directory that patchlets share" \
	"$TREE/scripts/info" check
rm -r "$TREE/patchlets/lib"
mkdir "$TREE/patchlets/extra" && cp "$TREE/patchlets/one/info" "$TREE/patchlets/extra"
says 'a patchlet with the name of a suite' "'extra' is a suite" "$TREE/scripts/info" check
done_testing
