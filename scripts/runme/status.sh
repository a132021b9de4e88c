# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# --status: what is installed for which kernel, with every checksum verified. --list --json.

show_status() {
	local key release=''
	load_records
	((${#ARGS[@]} == 0)) || known_to_records
	for key in "${RECORDS[@]}"; do
		((${#ARGS[@]} == 0)) || in_arguments "${key##*/}" || continue
		[[ ${key%/*} == "$release" ]] || say "$BOLD${key%/*}$PLAIN:"
		release=${key%/*}
		status_of "$key"
	done
	[[ -n $release ]] || say "Nothing is installed${DEST:+ below $DEST}."
	for key in "$STATE"/*/.*.staging "$STATE"/*/.*.moving "$STATE"/*/.*.removing; do
		[[ -f $key ]] || continue
		note "A run was interrupted (${key#"$STATE"/}); the next run that installs or reverses completes it."
	done
	[[ -z $FAULT ]]
}

known_to_records() {
	local word key
	for word in "${ARGS[@]}"; do
		is_suite "$word" || known "$word" && continue
		for key in "${RECORDS[@]}"; do
			[[ ${key##*/} != "$word" ]] || continue 2
		done
		unknown_name "$word"
	done
}

# signer_of RELEASE/NAME: the signer of its modules, from modinfo or else the record.
signer_of() {
	local path signer=''
	[[ ${REC[$1/signed]-no} != no ]] || return
	path=$(grep -m 1 -oE '/[^ ]*\.ko(\.[a-z]+)?$' <<<"${REC[$1/files]-}") || return
	signer=$(modinfo -F signer "$DEST$path" 2>/dev/null)
	printf ', signed by %s' "${signer:-the certificate with SHA-256 ${REC[$1/signed]:0:16}...}"
}

status_of() {
	local name=${1##*/} have=${REC[$1/version]-?} path word=ok
	verify_record "$1"
	((${#CHANGED[@]} + ${#MISSING[@]} == 0)) || word='NOT as installed'
	[[ -z ${REC[$1/kept]-} ]] || word='reversed, except changed files'
	if ! known "$name"; then
		word+=', not in this tree'
	elif [[ $have != "${INFO[$name/Version]}" ]]; then
		word+=", this tree has ${INFO[$name/Version]}"
	fi
	word+=$(signer_of "$1")
	printf '   %-20s %-8s %3d files  %s\n' "$name" "$have" \
		"$(grep -c . <<<"${REC[$1/files]-}")" "$word"
	for path in "${CHANGED[@]}"; do bad "      changed: $DEST$path"; done
	for path in "${MISSING[@]}"; do bad "      missing: $DEST$path"; done
	((${#CHANGED[@]} + ${#MISSING[@]} == 0)) || FAULT=yes
}

# scripts/info prints one patchlet a line.
list_json() {
	"$POM_TOP/scripts/info" json | awk -v want=" ${CHOSEN[*]-} " -F'"' '
		/^  \{/ && index(want, " " $4 " ") { sub(/,$/, ""); line[++n] = $0 }
		END {
			print "["
			for (i = 1; i <= n; i++) print line[i] (i < n ? "," : "")
			print "]"
		}'
}
