# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Reverses a patchlet: removes exactly the files of its record. A file that was changed since is
# kept, unless --force is given.

# needed_by NAME: installed patchlets that depend on it.
needed_by() {
	local key
	for key in "${RECORDS[@]}"; do
		[[ $key == "$RELEASE"/* && -z ${REC[$key/kept]-} &&
			" ${REC[$key/depends]-} " == *" $1 "* ]] && printf '%s\n' "${key##*/}"
	done
}

# reverse_patchlet NAME: the caller has checked that no other patchlet needs it.
reverse_patchlet() {
	local name=$1 records=$STATE_PATH/$RELEASE
	write_file "$records/.depmod" </dev/null &&
		move_file "$records/$name" ".$name.removing" || return
	JOURNAL=$name
	finish_removal "$name" || return
	((${#KEPT[@]})) || return 0
	bad "$name: kept these files, which were changed since: ${KEPT[*]}"
	say "      fix: $RUNME --reverse --force $name removes them"
	return 1
}
KEPT=()

# Removes the files of a .removing record. Also completes an interrupted run.
finish_removal() {
	local name=$1 journal=$STATE_PATH/$RELEASE/.$1.removing path line
	KEPT=()
	load_records
	REC[$RELEASE/$name/files]=$(sed -n 's/^file //p' "$DEST$journal")$'\n'
	verify_record "$RELEASE/$name"
	while read -r line; do
		path=${line#* * }
		[[ -n $path ]] || continue
		is_below "$path" || continue
		! owned_by_another "$path" "$RELEASE/$name" || continue
		if [[ -z ${FORCED-} && " ${CHANGED[*]-} " == *" $path "* ]]; then
			KEPT+=("$path")
		else
			remove_file "$path" || return
		fi
	done <<<"${REC[$RELEASE/$name/files]}"
	CHANGES=yes
	if ((${#KEPT[@]})); then
		keep_record "$DEST$journal" | write_file "$journal.pom-new" &&
			move_file "$journal.pom-new" "$name" || return
	fi
	remove_file "$journal"
	JOURNAL=''
	load_records
}

# The record of a reversed patchlet, reduced to its kept files.
keep_record() {
	local path
	grep -v '^file ' "$1" | grep -v '^kept'
	echo kept
	for path in "${KEPT[@]}"; do
		awk -v path="$path" '$1 == "file" && $4 == path' "$1"
	done
}
