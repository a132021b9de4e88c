#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Deleting the directories and the flat files of a patchlet, and of the patchlets that depend on it,
# leaves a tree that builds. The copies are made in one place below build/, so that the compiler
# sees only what a deletion, or a change since the last run, affects. Extensions, tools and manual
# are built. Of the modules that remain, no file may include a header that is gone or use a symbol
# that a deleted module exports: all else is compiled as before.
# SHARD=K/N selects every Nth patchlet; LEVEL=full takes all and compiles the modules, too. DELETED
# names some.
# inputs: kernel/* include/* extensions/* tools/* patchlets/* scripts/* Kbuild Makefile runme $SHARD $LEVEL $DELETED
# copies: *
# shellcheck source=../lint/lib.sh
. "${0%/*}/../lint/lib.sh"
need gcc

unset MAKEFLAGS MFLAGS MAKELEVEL POM_OUT
copy=$POM_TOP/build/delete
mkdir -p "$copy"

fill_copy() {
	find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
	files '*' | tar -cf - -T - | tar -xf - -C "$copy"
}

# The patchlets that need $1, itself included.
dependents() {
	local name
	for name in $(scripts/info list); do
		! scripts/info list "$name" | grep -qxF "$1" || printf '%s\n' "$name"
	done
}

delete() {
	local name word
	mapfile -t symbols < <(cd "$copy/kernel" &&
		grep -rhoE '^EXPORT_SYMBOL(_GPL)?[(][A-Za-z0-9_]+' "$@" 2>/dev/null | sed 's/.*(//')
	headers=()
	for name; do
		for word in $(scripts/info extensions "$name") $(scripts/info modules "$name" |
			sed 's/^[a-z]*_//'); do
			rm -f "$copy"/extensions/lib*_"$word".* \
				"$copy/include/linux/netfilter"/*_"$word".h
			headers+=("<linux/netfilter/xt_$word.h>")
		done
		rm -rf "$copy"/{patchlets,kernel,tools,tests}/"$name"
	done
}

# A line for each use of what is gone, by the sources of modules that remain and what they include.
missed() {
	local file header all
	local -a modules queue
	local -A includes=() seen=()
	mapfile -t modules < <(scripts/info modules)
	all=$(scripts/info all-sources "${modules[@]}") || { echo "$all"; return; }
	mapfile -t queue < <(cut -f 2 <<<"$all")
	while IFS=: read -r file header; do
		header=${header#*\"}
		includes[$file]+=" kernel/${header%\"}"
	done < <(grep -rHoE '^#include "[^"]+"' kernel)
	while ((${#queue[@]})); do
		file=${queue[-1]}
		unset 'queue[-1]'
		[[ ! ${seen[$file]-} ]] || continue
		seen[$file]=1
		[[ -e $file ]] || echo "$file is gone, but it is included"
		# shellcheck disable=SC2206 # words
		queue+=(${includes[$file]-})
	done
	((!${#headers[@]})) || grep -sHnFf <(printf '%s\n' "${headers[@]}") "${!seen[@]}"
	((!${#symbols[@]})) || grep -sHnwFf <(printf '%s\n' "${symbols[@]}") "${!seen[@]}"
}

# Headers that host programs include exist, and no make rule needs a missing file.
host_programs() {
	local file
	for file in tools/*/*.c tests/*/*.{unit,fuzz,bench}.c; do
		[[ ! -e $file ]] || gcc -MM -MF /dev/null -Ikernel -Iinclude -Itests/lib "$file" ||
			return
	done
	make -s -n unit fuzz-programs bench-programs debug-programs >/dev/null
}
in_copy() { (cd "$copy" && "$@"); }

shard=${SHARD:-1/8}
[[ ${LEVEL-} != full ]] || shard=1/1
mapfile -t all < <(scripts/info list)
read -ra selected <<<"${DELETED-}"
for ((i = 0; i < ${#all[@]}; i++)); do
	((i % ${shard#*/} != ${shard%/*} - 1)) || [[ ${DELETED-} ]] || selected+=("${all[i]}")
done
for patchlet in "${selected[@]}"; do
	mapfile -t gone < <(dependents "$patchlet")
	ok "the tree is copied" fill_copy
	delete "${gone[@]}"
	ok "without ${gone[*]}: the info files agree" in_copy scripts/info check
	empty "without ${gone[*]}: the modules miss nothing" in_copy missed
	[[ ${LEVEL-} != full ]] ||
		ok "without ${gone[*]}: modules" in_copy make -s modules KERNEL_DIR=debian:6.1
	ok "without ${gone[*]}: extensions, tools, manual" in_copy make -s extensions tools man
	ok "without ${gone[*]}: programs of tests" in_copy host_programs
done
done_testing
