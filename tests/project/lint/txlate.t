#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The cases of extensions/*.txlate: an iptables-translate command, and what it prints, up to an
# empty line. An extension without that file has no nft equivalent, and must not be translated into
# one.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need iptables-translate

XTABLES_LIBDIR=$POM_TOP/build/extensions:$(pkg-config --variable=xtlibdir xtables)
export XTABLES_LIBDIR PATH=$PATH:/usr/sbin

translates_to() {
	local got
	got=$(eval "$1" 2>&1 | sed 's/ *$//')
	[[ $got == "$2" ]] && return
	printf 'wanted: %s\ngot:    %s\n' "$2" "$got"
	false
}

# What iptables-translate prints for a rule that it cannot translate is a comment.
not_translated() {
	local got
	got=$(eval "iptables-translate -A INPUT $1" 2>&1)
	[[ $got == 'nft # '* ]] && return
	printf '%s\n' "$got"
	false
}

cases_of() {
	local line command='' want=''
	while IFS= read -r line; do
		if [[ $line == ip*tables-translate* && -z $command ]]; then
			command=$line
		elif [[ -n $line ]]; then
			want+=${want:+$'\n'}$line
		else
			[[ -n $command ]] && ok "$command" translates_to "$command" "$want"
			command='' want=''
		fi
	done < <(grep -v '^#' "$1"; echo)
}

ok 'the extensions build' make -s extensions
for file in extensions/lib*.t; do
	name=${file#extensions/lib*_}
	if [[ -e ${file%.t}.txlate ]]; then
		cases_of "${file%.t}.txlate"
	else
		rule=$(sed -nE 's/;[^;]*;OK$//p' "$file" | head -n 1)
		ok "${name%.t} has no nft equivalent" not_translated "$rule"
	fi
done
done_testing
