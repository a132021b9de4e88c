# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# `./runme SUITE|NAME...`, --test and --reverse, without questions; the questions are in walk.sh.

FORCED=''               # --force, or the answer f to the current question
FAULT=''                # the exit status will be 1
APPLIED=() REVERSED=()  # compared with the start of the run
NOT_REVERSED=()
AT_START=''             # the installed patchlets when the run started
declare -A NEEDED_BY_GONE=()    # reversed patchlet -> what it depended on

declare -A REASONS_OF=()        # reasons, without the patchlet's name -> the first with them

# refuse NAME: prints the reasons, unless an earlier patchlet had the same. The exit status becomes
# 1; with --keep-going, only if the command line names the patchlet.
refuse() {
	local reasons=${NO[*]} first
	REFUSED[$1]=1
	unset "PICKED[$1]"
	reasons=${reasons//"$1"/NAME} first=${REASONS_OF[$reasons]-}
	REASONS_OF[$reasons]=${first:-$1}
	if [[ -n $first && $first != "$1" ]]; then
		bad "$1: cannot be installed here, skipped (for the reasons of $first)"
	else
		bad "$1: cannot be installed here, skipped"
		show_reasons "$1"
	fi
	[[ -n ${OPT[keep-going]-} && -z ${BY_NAME[$1]-} ]] || FAULT=yes
}

run_apply() {
	FORCED=${OPT[force]-}
	choose_patchlets
	nothing_chosen && return
	choose_kernel
	begin_run
	read_kernel
	show_welcome
	if [[ -n ${OPT[batch]-} ]]; then apply_all; else walk apply; fi
	release_destination
	last_words
	say_missing 'Not installed'
	[[ -z $FAULT ]]
}

# The last line of a run: the wanted patchlets that are missing.
say_missing() {
	local name missing=()
	for name in "${CHOSEN[@]}"; do
		[[ -z ${REFUSED[$name]-} ]] || missing+=("$name")
	done
	((${#missing[@]} == 0)) || bad "$1 for $RELEASE: ${missing[*]} (the reasons are above)"
}

nothing_chosen() {
	((${#CHOSEN[@]} == 0)) || return 1
	say "No patchlet in ${ARGS[*]}${EXCLUDE[*]+ without ${EXCLUDE[*]}}: nothing to do."
}

# check_all: sets PICKED for patchlets that can be installed, in order.
check_all() {
	local name n=0
	for name in "${CHOSEN[@]}"; do
		counter $((++n)) ${#CHOSEN[@]}
		if check_patchlet "$name" || [[ -n $FORCED && -z $FINAL ]]; then
			say "$name: Testing... $(found_words "$name")"
			((${#NO[@]} == 0)) || { show_reasons "$name"; note "$name: forced"; }
			PICKED[$name]=1
		else
			refuse "$name"
		fi
	done
}

picked() {
	local name
	for name in "${CHOSEN[@]}"; do
		[[ -z ${PICKED[$name]-} ]] || printf '%s\n' "$name"
	done
}

# still_possible NAME: it and its dependencies compiled.
still_possible() {
	local need
	NO=()
	for need in $(needs_of "$1"); do
		[[ -z ${REFUSED[$need]-} ]] ||
			no "it needs the patchlet $need, which cannot be installed" \
			"see $need (above)"
	done
	((${#NO[@]})) || check_build "$1"
	((${#NO[@]} == 0)) || { refuse "$1"; return 1; }
}

apply_all() {
	local name names n=0
	check_all
	readarray -t names < <(picked)
	build_patchlets "${names[@]}"
	for name in "${names[@]}"; do
		counter $((++n)) ${#names[@]}
		still_possible "$name" && apply_patchlet "$name"
	done
}

# apply_patchlet NAME: installs a patchlet that is checked and built.
apply_patchlet() {
	local before=$CHANGES
	CHANGES=''
	if ! install_patchlet "$1"; then
		unset "PICKED[$1]"
		REFUSED[$1]=1 FAULT=yes
		CHANGES=$before
		return 1
	fi
	PICKED[$1]=1
	unset "REFUSED[$1]"
	if [[ -n $CHANGES ]]; then
		good "Applied: $1 (version ${INFO[$1/Version]})"
		forget APPLIED "$1"
		forget REVERSED "$1"
		APPLIED+=("$1")
	fi
	CHANGES=$CHANGES$before
}

# forget ARRAY NAME: removes NAME from the array.
forget() {
	local -n array=$1
	local word rest=()
	for word in "${array[@]}"; do
		[[ $word == "$2" ]] || rest+=("$word")
	done
	array=("${rest[@]}")
}

run_test() {
	local name names n=0
	choose_patchlets
	nothing_chosen && return
	choose_kernel
	FORCED=''
	load_records
	read_kernel
	show_welcome
	check_all
	readarray -t names < <(picked)
	build_patchlets "${names[@]}"
	for name in "${names[@]}"; do
		counter $((++n)) ${#names[@]}
		still_possible "$name" && good "$name: can be installed"
	done
	say_missing 'Cannot be installed'
	[[ -z $FAULT ]]
}

run_reverse() {
	FORCED=${OPT[force]-}
	choose_kernel name
	load_records
	# shellcheck disable=SC2046 # names
	choose_patchlets $(installed_names)
	begin_run
	choose_installed
	if [[ -n ${OPT[batch]-} ]]; then
		((${#CHOSEN[@]} == 0)) || reverse_all
	else
		say "${BOLD}Welcome to Patch-o-matic ($POM_VERSION)!$PLAIN"
		say "Kernel:   $RELEASE${DEST:+, below $DEST}"
		say "$RULE"
		walk reverse
	fi
	release_destination
	last_words
	say_missing 'Not installed'
	((${#NOT_REVERSED[@]} == 0)) ||
		{ bad \
		"Not reversed for $RELEASE: ${NOT_REVERSED[*]} (the reasons are above)"; return 1; }
	[[ -z $FAULT ]]
}

installed_names() {
	local key
	for key in "${RECORDS[@]}"; do
		[[ $key != "$RELEASE"/* ]] || printf '%s\n' "${key##*/}"
	done
}

# Sets CHOSEN to the installed patchlets among ARGS, dependents before their dependencies. Patchlets
# that the tree no longer has come from the records.
choose_installed() {
	local name names chosen=() word
	for word in "${ARGS[@]}"; do
		[[ ${OPT[mode]} == reverse ]] || break
		is_suite "$word" || recorded "$RELEASE/$word" && continue
		bad "$word is not installed for $RELEASE${DEST:+ below $DEST}"
		say "      fix: $RUNME --status lists what is installed"
		FAULT=yes
	done
	names=$(installed_names)
	for name in $names; do
		known "$name" || chosen+=("$name")
	done
	for ((word = ${#ALL[@]} - 1; word >= 0; word--)); do
		[[ $'\n'$names$'\n' != *$'\n'"${ALL[word]}"$'\n'* ]] || chosen+=("${ALL[word]}")
	done
	CHOSEN=()
	for name in "${chosen[@]}"; do
		in_arguments "$name" && CHOSEN+=("$name")
	done
	((${#CHOSEN[@]})) ||
		say "Nothing of ${ARGS[*]} is installed for $RELEASE${DEST:+ below $DEST}."
}

# True if an argument names the patchlet or its suite. Dependencies are not implied.
in_arguments() {
	local word suite=${INFO[$1/Suite]-}
	[[ " ${EXCLUDE[*]-} " != *" $1 "* && " ${EXCLUDE[*]-} " != *" ${suite:-none} "* ]] ||
		return 1
	for word in "${ARGS[@]}"; do
		[[ $word == "$1" || -n $suite && ( $word == "$suite" || $word == extra ) ]] &&
			return 0
	done
	return 1
}

reverse_all() {
	local name n=0 others
	for name in "${CHOSEN[@]}"; do
		counter $((++n)) ${#CHOSEN[@]}
		others=$(needed_by "$name")
		if [[ -n $others && -z $FORCED ]]; then
			bad "$name: cannot be reversed: ${others//$'\n'/ } needs it"
			say "      fix: reverse both: $RUNME --reverse ${others//$'\n'/ } $name"
			NOT_REVERSED+=("$name")
		elif [[ -z $FORCED ]] && affects_rules && find_uses "$name"; then
			tell_uses "$name"
			say "      fix: delete these rules, or $RUNME --reverse --force $name"
			NOT_REVERSED+=("$name")
		else
			undo_patchlet "$name"
		fi
	done
}

undo_patchlet() {
	local name=$1 version=${REC[$RELEASE/$1/version]-}
	NEEDED_BY_GONE[$name]=${REC[$RELEASE/$name/depends]-}
	unset "PICKED[$name]"
	if reverse_patchlet "$name"; then
		good "Reversed: $name (version $version)"
		forget APPLIED "$name"
		forget REVERSED "$name"
		[[ $AT_START != *" $name "* ]] || REVERSED+=("$name")
	else
		NOT_REVERSED+=("$name")
	fi
}

# Lists dependencies of the reversed patchlets that no installed patchlet needs.
say_reversed() {
	local name need left=''
	say "Reversed for $RELEASE: ${REVERSED[*]}"
	for name in "${REVERSED[@]}"; do
		for need in ${NEEDED_BY_GONE[$name]-}; do
			[[ " $left " == *" $need "* ]] || ! installed "$need" ||
				[[ -n $(needed_by "$need") ]] || left+=" $need"
		done
	done
	[[ -z $left ]] || say "No patchlet needs these any more:$left ($RUNME --reverse$left)"
}

# The summary at the end of a run.
last_words() {
	local name module modules=''
	((${#APPLIED[@]} + ${#REVERSED[@]})) || return 0
	say "$RULE"
	if ((${#APPLIED[@]})); then
		say "Excellent! Installed for $RELEASE: ${APPLIED[*]}"
		for name in "${APPLIED[@]}"; do modules+=" ${INFO[$name/Modules]-}"; done
		[[ -z ${modules// /} || $PARTS == userspace ]] || say_signed
		next_steps "${APPLIED[@]}"
		tell_loaded "${APPLIED[@]}"
	fi
	((${#REVERSED[@]} == 0)) || say_reversed
	for_this_host "$RELEASE" || return 0
	for name in "${REVERSED[@]}"; do
		for module in ${INFO[$name/Modules]-}; do
			[[ -z $(users_of "$module") ]] ||
				note "$module is still loaded; fix: modprobe -r $module, or reboot"
		done
	done
}
