#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Links between documents lead somewhere, and every file that a document names exists.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

anchors() {
	sed -nE 's/^#+ +//p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g;s/ /-/g'
}

# Links as in [text](path#section); those to other machines are not followed.
broken_links() {
	local link path section
	while read -r link; do
		[[ $link == *:* ]] && continue
		path=${link%%#*} section=${link#"${link%%#*}"}
		[[ -z $path ]] || path=$(dirname "$1")/$path
		[[ -e ${path:-$1} ]] || { echo "$1: $link leads nowhere"; continue; }
		[[ -z $section ]] || anchors "${path:-$1}" | grep -qxF -- "${section#\#}" ||
			echo "$1: $link: no such section"
	done < <(grep -oE '\]\([^) ]+\)' "$1" | sed 's/^](//;s/)$//')
}

# Names in backquotes that begin with a directory of the tree. Capitals in them (NAME, RELEASE)
# match anything; files under build/ is made, and so is what the document itself shows whole (a
# fence with a file's name).
missing_files() {
	local name glob
	while read -r name; do
		grep -qE "^\`\`\`[a-z]+ $name\$" "$1" && continue
		glob=$(sed -E 's/\b(NAME|TOPIC|WHAT|MODULE|RELEASE|P|M)\b/*/g;s/_(NAME|WHAT)/_*/g;s/-(WHAT)/-*/g' <<<"$name")
		[[ $glob != "$name" ]] && glob=${glob%/*}
		compgen -G "${glob%/}" >/dev/null || echo "$1: $name does not exist"
	done < <(grep -oE '`(runme|Makefile|Kbuild|(patchlets|kernel|include|extensions|tools|scripts|tests|doc|packaging|\.ci)/[^` ]*)' "$1" |
		sed 's/^`//' | grep -v '[$<{]' | sort -u)
}

while read -r document; do
	empty "$document: links" broken_links "$document"
	empty "$document: names of files" missing_files "$document"
done < <(files '*.md')
((tap_cases)) || skip documents 'there are none yet'
done_testing
