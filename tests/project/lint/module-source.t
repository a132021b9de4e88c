#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Sources of modules follow doc/conventions.md: the MODULE_ block follows the includes, and the
# private header of a module directory is internal.h.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need perl

# Finds MODULE_ lines of a block that follow other code. A MODULE_PARM_DESC belongs to its
# parameter.
misplaced() {
	perl -0777 -ne 's{/\*.*?\*/|//[^\n]*}{$& =~ tr/\n//cdr}gse; s/^[ \t]*#.*(?:\\\n.*)*//gm;
		my $argument = qr/[^()"]|"(?:[^"\\]|\\.)*"/;
		my $block = qr/MODULE_(?!PARM_DESC|PARM_TYPE)\w+\s*\($argument*\);/;
		my ($head) = /^((?:\s|$block)*)/;
		while (/^MODULE_(?!PARM)\w+/gm) {
			next if $-[0] < length $head;
			my $line = 1 + substr($_, 0, $-[0]) =~ tr/\n//;
			print "$ARGV:$line: $& after other code; fix: move it behind the includes\n";
		}' "$1"
}

# The header that all files of a module share has one name, whatever the module is called.
other_names() {
	local dir=$1 name=${1##*/} header
	name=${name#*_}
	name=${name#conntrack_}
	for header in "$dir"/{"$name","${name%_core}",core,common,main,private}.h; do
		[[ ! -e $header ]] ||
			echo "$header: the private header of a module; fix: rename it to internal.h"
	done
}

while read -r file; do
	if grep -q '^MODULE_' "$file"; then empty "$file: the MODULE_ block" misplaced "$file"; fi
done < <(files 'kernel/*.c' 'tests/*.c')
while read -r dir; do
	empty "$dir: the private header" other_names "$dir"
done < <(files 'kernel/*/*/*.h' | xargs -r dirname | sort -u)
((tap_cases)) || skip 'sources of modules' 'no module'
done_testing
