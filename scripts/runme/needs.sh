# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Finds the packages of scripts/packages that are missing for building and trying, and installs
# them.

# exists PROOF...: one of these commands or files (patterns) exists.
exists() {
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
		exists $proof || printf '%s\n' "$package"
		set +f
	done <"$POM_TOP/scripts/packages"
}

# Lists the missing packages, and installs them if the user agrees.
supply_packages() {
	local names answer
	readarray -t names < <(lacking)
	((${#names[@]})) || return 0
	# shellcheck source=../lib/packages.sh
	. "$POM_TOP/scripts/lib/packages.sh"
	say "Missing packages: $(packages_chosen "${names[@]}" | paste -sd ' ')"
	if [[ -z ${OPT[batch]-} ]]; then
		[[ -t 0 ]] ||
			die "these packages are required, and standard input is not a terminal; fix: ./runme --batch --try installs them with apt"
		read_answer 'Install them with apt-get now? [Y/n]'
		[[ $ANSWER != [nN]* ]] || die "--try needs these packages"
	fi
	packages_install "${names[@]}" || die "cannot install the missing packages (see above)"
	readarray -t names < <(lacking)
	((${#names[@]} == 0)) ||
		die "apt-get succeeded, but these are still missing: ${names[*]} (see scripts/packages)"
}
