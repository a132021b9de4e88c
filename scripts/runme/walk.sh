# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shows one patchlet after the other and asks [N/y/t/f/a/r/b/w/q/?], as patch-o-matic's runme did.

# the last answer was b or w: ask about patchlets that are applied already, too
WALKING=''
ANSWER=''

explain_letters() {
	local verb='apply' other='REVERSE'
	[[ $1 == apply ]] || verb='reverse'
	cat <<-END
	Answer one of the following:
	  N  no: leave it as it is, and go on (also just Enter)
	  y  yes: $verb this patchlet now
	  t  test: find out whether that would succeed (it is compiled, nothing is installed)
	  f  force: $verb it although the test refuses
	  a  restart from the first patchlet, in apply mode
	  r  restart from the first patchlet, in $other mode
	  b  back: go to the patchlet before this one
	  w  walk: go to the next one, without an answer to this one
	  q  quit: what was answered so far is done and stays
	  ?  this help
	END
}

# read_answer QUESTION: sets ANSWER. The run ends if standard input ends.
read_answer() {
	printf '%s ' "$BOLD$1$PLAIN"
	if ! IFS= read -r ANSWER && [[ -z $ANSWER ]]; then
		say
		info "error: the input ended before this question was answered; what was answered so far is done"
		info "fix: ./runme --batch asks nothing"
		exit 1
	fi
	[[ -t 0 ]] || say "$ANSWER"
	ANSWER=${ANSWER//[[:space:]]/}
}

# walk MODE: asks about each of CHOSEN. The answers a and r restart in apply or reverse mode.
walk() {
	local mode=$1 i=0 next
	while ((i < ${#CHOSEN[@]})); do
		next=next
		visit_"$mode" "${CHOSEN[i]}" $((i + 1))
		case $next in
		next) i=$((i + 1)) ;;
		back) i=$((i > 0 ? i - 1 : 0)) ;;
		quit) return ;;
		apply | reverse) mode=$next i=0 WALKING=''; restart "$mode" ;;
		esac
	done
}

# Earlier answers may have changed the list of patchlets: compute it again.
restart() {
	say "$RULE"
	if [[ $1 == apply ]]; then
		[[ -d ${KERNEL_DIR-} ]] ||
			die "the kernel's headers are required to apply, and $KERNEL_DIR does not exist"
		((${#CONFIG[@]})) || read_kernel
		choose_patchlets
	else
		choose_installed
	fi
}

# Handles the letters that mean the same in both modes and sets the caller's next. False for other
# letters.
common_answer() {
	case $ANSWER in
	'' | [nN]*) ;;
	[aA]) next=apply ;;
	[rR]) next=reverse ;;
	[bB]) next=back WALKING=yes ;;
	[wW]) WALKING=yes ;;
	[qQ]) next=quit ;;
	*) return 1 ;;
	esac
}

visit_apply() {
	local name=$1
	if check_patchlet "$name" && [[ $FOUND == same && -z $WALKING ]]; then
		counter "$2" ${#CHOSEN[@]}
		say "Already applied: $name"
		PICKED[$name]=1
		return
	fi
	WALKING=''
	say "$RULE"
	counter "$2" ${#CHOSEN[@]}
	tell_check "$name"
	show_patchlet "$name"
	while :; do
		read_answer 'Do you want to apply this patchlet [N/y/t/f/a/r/b/w/q/?]'
		if common_answer; then return; fi
		case $ANSWER in
		[yY]*) apply_answer "$name" "${OPT[force]-}" && return ;;
		[fF]) apply_answer "$name" yes && return ;;
		[tT]) check_patchlet "$name" && check_build "$name"; tell_check "$name" compiled ;;
		*) explain_letters apply ;;
		esac
	done
}

tell_check() {
	if ((${#NO[@]} == 0)); then
		good "Testing... ${2:+it can be applied, and it compiles; now: }$(found_words "$1")"
	else
		bad "Testing... $1 cannot be applied"
		show_reasons "$1"
	fi
}

# apply_answer NAME FORCE: false if the question must be repeated.
apply_answer() {
	FORCED=$2
	if ! check_patchlet "$1" && [[ -z $FORCED || -n $FINAL ]]; then
		show_reasons "$1"
		if [[ -n $FINAL ]]; then note "This cannot be forced."; else note \
			"The test refuses; answer f to apply it anyway."; fi
		return 1
	fi
	NO=()
	if check_build "$1"; then
		apply_patchlet "$1"
	else
		refuse "$1"
	fi
	FORCED=${OPT[force]-}
}

visit_reverse() {
	local name=$1
	recorded "$RELEASE/$name" || { say "Not applied: $name"; return; }
	WALKING=''
	say "$RULE"
	counter "$2" ${#CHOSEN[@]}
	tell_reverse "$name"
	show_patchlet "$name"
	while :; do
		read_answer 'Do you want to REVERSE this patchlet [N/y/t/f/a/r/b/w/q/?]'
		if common_answer; then return; fi
		case $ANSWER in
		[yY]*) FORCED=${OPT[force]-}; reverse_answer "$name" && return ;;
		[fF]) FORCED=yes; reverse_answer "$name" && return ;;
		[tT]) tell_reverse "$name" ;;
		*) explain_letters reverse ;;
		esac
	done
}

tell_reverse() {
	local others
	verify_record "$RELEASE/$1"
	say "Testing... applied (version ${REC[$RELEASE/$1/version]})"
	((${#CHANGED[@]} == 0)) || note "   changed since, and kept unless forced: ${CHANGED[*]}"
	((${#MISSING[@]} == 0)) || note "   removed already: ${MISSING[*]}"
	others=$(needed_by "$1")
	[[ -z $others ]] || note "   needed by: ${others//$'\n'/ }"
}

# False if the question must be repeated. Patchlets that need this one are reversed first, if the
# user agrees.
reverse_answer() {
	local name=$1 other others
	others=$(needed_by "$name")
	if [[ -n $others && -z $FORCED ]]; then
		read_answer "${others//$'\n'/ } needs $name. Reverse that too? [N/y]"
		[[ $ANSWER == [yY]* ]] || { say "$name stays."; return 1; }
		for other in $others; do
			! recorded "$RELEASE/$other" || reverse_answer "$other" || return 1
		done
	fi
	if [[ -z $FORCED ]] && affects_rules && find_uses "$name"; then
		tell_uses "$name"
		read_answer "Reverse $name all the same? [N/y]"
		[[ $ANSWER == [yY]* ]] || { say "$name stays."; return 1; }
	fi
	undo_patchlet "$name"
	FORCED=${OPT[force]-}
}
