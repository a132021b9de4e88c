# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# --status: what is installed for which kernel, with every checksum verified. --list --json.

declare -A SHARED_FAULTS=()     # PATH -> changed or missing: pages that several patchlets install

show_status() {
	local key release=''
	load_records
	((${#ARGS[@]} == 0)) || known_to_records
	[[ -z ${OPT[json]-} ]] || { status_json; return; }
	for key in "${RECORDS[@]}"; do
		((${#ARGS[@]} == 0)) || in_arguments "${key##*/}" || continue
		[[ ${key%/*} == "$release" ]] || say "$BOLD${key%/*}$PLAIN:"
		release=${key%/*}
		status_of "$key"
	done
	[[ -n $release ]] || say "Nothing is installed${DEST:+ below $DEST}."
	say_shared
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

# shared_page PATH NAME: another patchlet installs this manual page, too.
shared_page() {
	local _ owner
	[[ $1 == */man/* ]] || return
	while read -r _ owner; do
		[[ -z $owner || ${owner##*/} == "$2" ]] || return 0
	done <<<"${OWNERS[$1]-}"
	return 1
}

# verify_own RELEASE/NAME: verify_record, with the pages that patchlets share in SHARED_FAULTS.
verify_own() {
	local path changed=() missing=()
	verify_record "$1"
	for path in "${CHANGED[@]}"; do
		if shared_page "$path" "${1##*/}"; then
			SHARED_FAULTS[$path]=changed
		else
			changed+=("$path")
		fi
	done
	for path in "${MISSING[@]}"; do
		if shared_page "$path" "${1##*/}"; then
			SHARED_FAULTS[$path]=missing
		else
			missing+=("$path")
		fi
	done
	CHANGED=("${changed[@]}") MISSING=("${missing[@]}")
}

say_shared() {
	local path
	((${#SHARED_FAULTS[@]})) || return 0
	FAULT=yes
	say "${BOLD}shared manual pages$PLAIN:"
	while read -r path; do
		bad "      ${SHARED_FAULTS[$path]}: $DEST$path"
	done < <(printf '%s\n' "${!SHARED_FAULTS[@]}" | sort)
	say "      fix: run runme again for one of these patchlets"
}

# signer_of RELEASE/NAME: the signer of its modules, from modinfo or else the record.
signer_of() {
	local path
	[[ ${REC[$1/signed]-no} != no ]] || return
	path=$(grep -m 1 -oE '/[^ ]*\.ko(\.[a-z]+)?$' <<<"${REC[$1/files]-}") || return
	modinfo -F signer "$DEST$path" 2>/dev/null | grep . ||
		printf 'the certificate with SHA-256 %s...\n' "${REC[$1/signed]:0:16}"
}

status_of() {
	local name=${1##*/} have=${REC[$1/version]-?} path word=ok signer
	verify_own "$1"
	((${#CHANGED[@]} + ${#MISSING[@]} == 0)) || word='NOT as installed'
	[[ -z ${REC[$1/kept]-} ]] || word='reversed, except changed files'
	if ! known "$name"; then
		word+=', not in this tree'
	elif [[ $have != "${INFO[$name/Version]}" ]]; then
		word+=", this tree has ${INFO[$name/Version]}"
	fi
	signer=$(signer_of "$1")
	word+=${signer:+, signed by $signer}
	printf '   %-20s %-8s %3d files  %s\n' "$name" "$have" \
		"$(grep -c . <<<"${REC[$1/files]-}")" "$word"
	RELEASE=${1%/*}
	outdated "$name"
	((${#OUTDATED[@]} == 0)) || note "      loaded from another build: ${OUTDATED[*]}"
	say_layout "$1"
	for path in "${CHANGED[@]}"; do bad "      changed: $DEST$path"; done
	for path in "${MISSING[@]}"; do bad "      missing: $DEST$path"; done
	((${#CHANGED[@]} + ${#MISSING[@]} == 0)) || FAULT=yes
}

# is_refused RELEASE/NAME: the installed extension is the one of this record, for another layout.
is_refused() {
	local sum path
	[[ -z $DEST && -n ${REC[$1/iptables]-} ]] || return
	other_layout "${REC[$1/iptables]}" "$(iptables_version)" || return
	read -r sum _ path < <(grep -m 1 '\.so$' <<<"${REC[$1/files]-}") &&
		[[ $(sha256sum <"$path" 2>/dev/null) == "$sum "* ]]
}

# say_layout RELEASE/NAME: prints whether iptables refuses its extensions since an upgrade. The
# iptables below another destination is not run.
say_layout() {
	local now
	is_refused "$1" || return 0
	now=$(iptables_version)
	bad "      its extensions were built for iptables ${REC[$1/iptables]}, and $now refuses them"
	say "      fix: $RUNME --userspace ${1##*/}"
	FAULT=yes
}

# json_string TEXT: sets JSON, the text as a JSON string.
json_string() {
	local i c
	JSON=${1//\\/\\\\}
	JSON=${JSON//\"/\\\"}
	for ((i = 1; i < 32; i++)); do
		[[ $JSON == *[[:cntrl:]]* ]] || break
		printf -v c '%b' "\\x$(printf %02x "$i")"
		JSON=${JSON//"$c"/$(printf '\\u%04x' "$i")}
	done
	JSON='"'$JSON'"'
}
JSON=''

# json_array WORD...: sets JSON.
json_array() {
	local word all=''
	for word; do
		json_string "$word"
		all+=${all:+, }$JSON
	done
	JSON="[$all]"
}

# --status --json, as runme(8) describes it.
status_json() {
	local key comma='' runs=() page
	json_string "$POM_VERSION"
	printf '{"version": %s' "$JSON"
	json_string "${DEST:-/}"
	printf ', "destination": %s, "patchlets": [' "$JSON"
	for key in "${RECORDS[@]}"; do
		((${#ARGS[@]} == 0)) || in_arguments "${key##*/}" || continue
		printf '%s\n  ' "$comma"
		record_json "$key"
		comma=,
	done
	printf '\n], "shared_pages": {'
	comma=''
	for page in "${!SHARED_FAULTS[@]}"; do
		FAULT=yes
		json_string "$DEST$page"
		printf '%s%s: "%s"' "$comma" "$JSON" "${SHARED_FAULTS[$page]}"
		comma=', '
	done
	for key in "$STATE"/*/.*.staging "$STATE"/*/.*.moving "$STATE"/*/.*.removing; do
		[[ ! -f $key ]] || runs+=("${key#"$STATE"/}")
	done
	json_array "${runs[@]}"
	printf '}, "interrupted": %s}\n' "$JSON"
	[[ -z $FAULT ]]
}

record_json() {
	local name=${1##*/} state=ok field signer
	verify_own "$1"
	((${#CHANGED[@]} + ${#MISSING[@]} == 0)) || state=differs FAULT=yes
	[[ -z ${REC[$1/kept]-} ]] || state=reversed
	! is_refused "$1" || state=refused FAULT=yes
	signer=$(signer_of "$1")
	printf '{'
	for field in "kernel ${1%/*}" "name $name" "version ${REC[$1/version]-}" \
		"tree_version ${INFO[$name/Version]-}" "state $state" \
		"parts ${REC[$1/parts]:-all}" "signer $signer"; do
		json_string "${field#* }"
		[[ -n ${field#* } ]] || JSON=null
		printf '"%s": %s, ' "${field%% *}" "$JSON"
	done
	printf '"files": %d' "$(grep -c . <<<"${REC[$1/files]-}")"
	json_array "${CHANGED[@]/#/$DEST}"
	printf ', "changed": %s' "$JSON"
	json_array "${MISSING[@]/#/$DEST}"
	printf ', "missing": %s' "$JSON"
	RELEASE=${1%/*}
	outdated "$name"
	json_array "${OUTDATED[@]}"
	printf ', "loaded_differ": %s}' "$JSON"
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
