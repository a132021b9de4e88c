#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Follows doc/adding-a-patchlet.md literally in a copy of the tree: writes the files that it shows,
# runs the commands that it says. The copy is below build/, because the guest that some commands
# boot does not see /tmp.
# inputs: doc/adding-a-patchlet.md kernel/compat/* kernel/lib/* extensions/*.h extensions/rules.mk tools/rules.mk scripts/* runme Kbuild Makefile tests/vm/* tests/lib/* tests/check* tests/cells tests/project/lint/* tests/debug/*
# copies: *
# shellcheck source=../lint/lib.sh
. "${0%/*}/../lint/lib.sh"

page=$POM_TOP/doc/adding-a-patchlet.md
copy=$POM_TOP/build/doc/adding-a-patchlet

copy_tree() {
	rm -rf "$copy"
	mkdir -p "$copy"
	files '*' | tar -cf - -T - | tar -xf - -C "$copy"
}

# Fences are ```LANGUAGE FILE for a file, ```sh follow for commands.
write_files() {
	local fences fence file
	mapfile -t fences < <(grep '^```' "$page")
	for fence in "${fences[@]}"; do
		file=${fence#* }
		[[ $file == */* ]] || continue
		mkdir -p "$(dirname "$file")"
		awk -v fence="$fence" '/^```/ { inside = ($0 == fence); next } inside' \
			"$page" >"$file"
		printf '%s\n' "$file"
	done
}

commands() { awk '/^```/ { inside = ($0 == "```sh follow"); next } inside' "$page"; }

# Of the lints, those that look at a patchlet's files, and only at those: the rest of the tree has
# been linted already.
follow() {
	case $1 in
	'make check-lint') LINT_ONLY='*lenstep*' prove tests/project/lint/{checkpatch,cppcheck,extensions,man,patchlets,readme,shellcheck,sizes,spdx,versions}.t ;;
	*) bash -euc "$1" ;;
	esac
}

ok 'the tree is copied' copy_tree
cd "$copy" || exit
write_files >"$TAP_TMP/written"
mapfile -t written <"$TAP_TMP/written"
ok "the page's ${#written[@]} files are written" test "${#written[@]}" -ge 9
while read -r command; do
	ok "$command" follow "$command"
done < <(commands)
done_testing
