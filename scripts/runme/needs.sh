# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What this machine lacks for building and trying, by scripts/packages; and having it installed.

# is_there PROOF...: one of these commands or files (patterns) exists.
is_there() {
	local proof
	for proof; do
		case $proof in
		/*) ! compgen -G "$proof" >/dev/null || return 0 ;;
		*) ! PATH=$PATH:/usr/sbin:/sbin command -v "$proof" >/dev/null || return 0 ;;
		esac
	done
	return 1
}

lacking() {
	local package proof
	while IFS='#' read -r package proof; do
		package=${package// /}
		[[ -n $package ]] || continue
		set -f
		# shellcheck disable=SC2086 # words, patterns among them
		is_there $proof || printf '%s\n' "$package"
		set +f
	done <"$POM_TOP/scripts/packages"
}

# Says in one list what is missing, and installs it if that is wanted and allowed.
supply_machine() {
	local names answer
	readarray -t names < <(lacking)
	((${#names[@]})) || return 0
	# shellcheck source=../lib/packages.sh
	. "$POM_TOP/scripts/lib/packages.sh"
	say "This machine lacks: $(packages_chosen "${names[@]}" | paste -sd ' ')"
	if [[ -z ${OPT[batch]-} ]]; then
		[[ -t 0 ]] ||
			die "they are needed for building and trying; nobody can be asked here, so say ./runme --batch --try, which installs them with apt"
		read_answer 'Install them with apt-get now? [Y/n]'
		[[ $ANSWER != [nN]* ]] || die "without them nothing can be tried"
	fi
	packages_install "${names[@]}" || die "what is missing could not be installed (above); nothing was tried"
	readarray -t names < <(lacking)
	((${#names[@]} == 0)) || die "apt-get succeeded and still there is no: ${names[*]} (see scripts/packages)"
}
