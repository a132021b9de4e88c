# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The conversation: shows one patchlet after the other and asks [N/y/t/f/a/r/b/w/q/?], as runme always did.

WALKING=''              # came here by b or w: stop at what is applied already, too
ANSWER=''

explain_letters() {
	local verb='apply' other='REVERSE'
	[[ $1 == apply ]] || verb='take away'
	cat <<-END
	Answer one of the following:
	  N  no: leave it as it is, and go on (also just Enter)
	  y  yes: $verb this patchlet now
	  t  test: find out whether that would succeed (it is compiled, nothing is installed)
	  f  force: $verb it although the test says no
	  a  restart from the first patchlet, in apply mode
	  r  restart from the first patchlet, in $other mode
	  b  back: walk to the patchlet before this one
	  w  walk: on to the next one, without an answer to this one
	  q  quit: what was answered so far is done and stays
	  ?  this help
	END
}

# read_answer QUESTION: sets ANSWER. A question that nobody can answer ends the run.
read_answer() {
	printf '%s ' "$BOLD$1$PLAIN"
	if ! IFS= read -r ANSWER && [[ -z $ANSWER ]]; then
		say
		info "error: the input ended before this question was answered; what was answered so far is done"
		info "to be asked nothing, say ./runme --batch"
		exit 1
	fi
	[[ -t 0 ]] || say "$ANSWER"
	ANSWER=${ANSWER//[[:space:]]/}
}

# walk MODE: through CHOSEN, in one direction after the other if so answered.
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

# In either direction the list is made anew: what was answered until now has changed it.
restart() {
	say "$RULE"
	if [[ $1 == apply ]]; then
		[[ -d ${KERNEL_DIR-} ]] || die "to apply, the kernel's headers are needed, and $KERNEL_DIR is not here"
		((${#CONFIG[@]})) || read_kernel
		choose_patchlets
	else
		choose_installed
	fi
}

# The letters that mean the same in both modes; sets the caller's next. False for the others.
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
		good "Testing... $(found_words "$1")${2:+, and it compiles}"
	else
		bad "Testing... $1 cannot be applied"
		show_reasons "$1"
	fi
}

# apply_answer NAME FORCE: false if the question stands.
apply_answer() {
	FORCED=$2
	if ! check_patchlet "$1" && [[ -z $FORCED || -n $FINAL ]]; then
		show_reasons "$1"
		if [[ -n $FINAL ]]; then note "Not even f can help here."; else note "The test says no; answer f to apply it all the same."; fi
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
	((${#MISSING[@]} == 0)) || note "   gone already: ${MISSING[*]}"
	others=$(needed_by "$1")
	[[ -z $others ]] || note "   needed by: ${others//$'\n'/ }"
}

# False if the question stands. Whoever needs it goes with it, if that is wanted.
reverse_answer() {
	local name=$1 other others
	others=$(needed_by "$name")
	if [[ -n $others && -z $FORCED ]]; then
		read_answer "${others//$'\n'/ } needs $name. Take that away too? [N/y]"
		[[ $ANSWER == [yY]* ]] || { say "$name stays."; return 1; }
		for other in $others; do
			! recorded "$RELEASE/$other" || reverse_answer "$other" || return 1
		done
	fi
	undo_patchlet "$name"
	FORCED=${OPT[force]-}
}
