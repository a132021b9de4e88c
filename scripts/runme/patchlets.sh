# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The patchlets of the tree, and those that the command line selects. scripts/info reads the info
# files.

declare -A INFO=()      # NAME/Key -> its values, one a line
declare -A BY_NAME=()   # patchlets that the command line names (rather than their suite)
ALL=()                  # every patchlet, dependencies first
CHOSEN=()               # the selected patchlets and their dependencies, dependencies first
SUITES=(submitted pending base extra)

load_patchlets() {
	local text name key value
	text=$("$POM_TOP/scripts/info" dump) || die "the info files have faults (see above)"
	while IFS=$'\t' read -r name key value; do
		[[ -n ${INFO[$name/]-} ]] || { INFO[$name/]=1; ALL+=("$name"); }
		[[ -z $key ]] || INFO[$name/$key]=${INFO[$name/$key]+${INFO[$name/$key]}$'\n'}$value
	done <<<"$text"
}

known() { [[ -n ${INFO[$1/]-} ]]; }
is_suite() { [[ " ${SUITES[*]} " == *" $1 "* ]]; }

# words NAME KEY: the words of all its values.
words() { printf '%s ' "${INFO[$1/$2]//$'\n'/ }"; }

needs_of() {
	local w; for w in ${INFO[$1/Depends]-}; do [[ $w == !* ]] || printf '%s\n' "$w"; done
}
conflicts_of() {
	local w; for w in ${INFO[$1/Depends]-}; do [[ $w != !* ]] || printf '%s\n' "${w#!}"; done
}

# with_needs NAME...: these patchlets and all their dependencies.
with_needs() {
	local name n
	declare -A seen=()
	set -- "$@"
	while (($#)); do
		name=$1
		shift
		[[ -z ${seen[$name]-} ]] || continue
		seen[$name]=1
		for n in $(needs_of "$name"); do set -- "$@" "$n"; done
	done
	for name in "${ALL[@]}"; do
		[[ -z ${seen[$name]-} ]] || printf '%s\n' "$name"
	done
}

# closest WORD CANDIDATE...: the candidate with the least edit distance, if at most a third of
# WORD's letters differ. Ignores case.
closest() {
	local word=$1
	shift
	printf '%s\n' "$@" | awk -v word="$word" '
	function low(a, b) { return a < b ? a : b }
	function distance(a, b,    i, j, row, last, keep, n) {
		n = length(b)
		for (j = 0; j <= n; j++) row[j] = j
		for (i = 1; i <= length(a); i++) {
			last = row[0]; row[0] = i
			for (j = 1; j <= n; j++) {
				keep = row[j]
				row[j] = low(low(row[j], row[j - 1]) + 1,
					last + (substr(a, i, 1) != substr(b, j, 1)))
				last = keep
			}
		}
		return row[n]
	}
	{
		d = distance(tolower(word), tolower($0))
		if (best == "" || d < least) { best = $0; least = d }
	}
	END { if (best != "" && least * 3 <= length(word)) print best }'
}

# The patchlet that a module, a match or a helper of this name belongs to.
owner_of() {
	local name word
	for name in "${ALL[@]}"; do
		for word in ${INFO[$name/Modules]-} ${INFO[$name/Extensions]-} \
			${INFO[$name/Tools]-}; do
			word=${word#lib}
			[[ $1 == "$word" || $1 == "${word#xt_}" || $1 == "lib$word" ]] &&
				{ printf '%s\n' "$name"; return; }
		done
	done
}

unknown_name() {
	local owner close hint suites
	owner=$(owner_of "$1")
	readarray -t -d , suites < <(offered_suites | tr -d ' \n')
	close=${owner:-$(closest "$1" "${ALL[@]}" "${suites[@]}")}
	hint="./runme --list shows all patchlets."
	[[ -z $owner ]] || hint="$1 is in the patchlet $owner: $RUNME $owner"
	[[ -n $owner || -z $close ]] || hint="Did you mean $close? $hint"
	usage_error "there is no patchlet or suite called '$1'" "$hint"
}

# choose_patchlets [NAME...]: sets CHOSEN and BY_NAME from ARGS and EXCLUDE. NAMEs are valid
# although the tree does not have them: installed patchlets, for --reverse.
choose_patchlets() {
	local word list=() names name
	for word in "${ARGS[@]}" "${EXCLUDE[@]}"; do
		is_suite "$word" || known "$word" || [[ " $* " == *" $word "* ]] ||
			unknown_name "$word"
	done
	for word in "${ARGS[@]}"; do
		is_suite "$word" || BY_NAME[$word]=1
		{ is_suite "$word" || known "$word"; } && list+=("$word")
	done
	CHOSEN=()
	((${#list[@]})) || ((${#ARGS[@]} == 0)) || return 0
	names=$("$POM_TOP/scripts/info" list "${list[@]}") ||
		die "cannot order the patchlets (see above)"
	for name in $names; do
		[[ " ${EXCLUDE[*]-} " == *" $name "* ||
			" ${EXCLUDE[*]-} " == *" ${INFO[$name/Suite]} "* ]] || CHOSEN+=("$name")
	done
}

list_patchlets() {
	local name
	choose_patchlets
	if [[ -n ${OPT[json]-} ]]; then
		list_json
		return
	fi
	for name in "${CHOSEN[@]}"; do
		printf '%-10s %-20s %s\n' "${INFO[$name/Suite]}" "$name" "${INFO[$name/Title]}"
	done
}
