# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Debian packages that something needs: which are missing, and installing them where that is allowed. Sourced after common.sh.
#
#   packages_listed FILE...     the packages named in lists: one a line, then `# why`; a|b is the first of them that this Debian has
#   packages_missing NAME...    those of them that are not installed, one a line; none on a machine without dpkg
#   packages_require FILE...     installs what of lists is missing, and says so; false, with what to type, if that is not possible
#   packages_install NAME...    installs them as root or through sudo; false, with what to type, if that is not possible
#
# Whether somebody wants to be asked first is the caller's affair.

packages_listed() {
	sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$@" | sort -u
}

packages_missing() {
	command -v dpkg-query >/dev/null || return 0
	# shellcheck disable=SC2016 # dpkg's own placeholders
	comm -23 <(packages_chosen "$@" | sort -u) \
		<(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

# Of a|b the first that apt can install, else the last; a plain name stays.
packages_chosen() {
	local wanted name
	for wanted; do
		for name in ${wanted//|/ }; do
			[[ $wanted == *'|'* ]] || break
			! apt-cache show --no-all-versions "$name" >/dev/null 2>&1 || break
		done
		printf '%s\n' "$name"
	done
}

packages_require() {
	local listed missing
	listed=$(packages_listed "$@")
	# shellcheck disable=SC2086 # words
	readarray -t missing < <(packages_missing $listed)
	((${#missing[@]})) || return 0
	info "installing what this needs: ${missing[*]}"
	packages_install "${missing[@]}" || { warn "it cannot go on without these packages: ${missing[*]}" && return 1; }
}

packages_install() {
	local -a as_root=(env)
	local command
	command="apt-get install $(packages_chosen "$@" | paste -sd ' ')"
	if ((EUID != 0)); then
		as_root=(sudo -n env)
		[[ ! -t 0 ]] || as_root=(sudo env)
		command="sudo $command"
		"${as_root[@]}" true 2>/dev/null || { warn "not allowed to install packages; please type: $command" && return 1; }
	fi
	command -v apt-get >/dev/null || { warn "no apt-get here; please install what your system calls: $*" && return 1; }
	as_root+=(DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends)
	local names
	readarray -t names < <(packages_chosen "$@")
	"${as_root[@]}" install "${names[@]}" </dev/null >&2 && return
	# The lists may be missing or old.
	"${as_root[@]}" update </dev/null >&2 || true
	readarray -t names < <(packages_chosen "$@")
	"${as_root[@]}" install "${names[@]}" </dev/null >&2 || { warn "could not install them; please type: $command" && return 1; }
}
