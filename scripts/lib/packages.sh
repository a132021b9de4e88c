# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Finds and installs missing Debian packages. Sourced after common.sh.
#
#   packages_listed FILE...     the packages named in lists: one a line, then `# why`; a|b is the
#                               first one that this Debian has
#   packages_missing NAME...    those that are not installed, one a line; none on a host without
#                               dpkg
#   packages_require FILE...    lists the missing packages of lists, asks on a terminal, and
#                               installs; false, with the command to type, if that fails
#   packages_install NAME...    installs packages as root or through sudo; false, with the command
#                               to type, if that fails
#
# The caller of packages_install asks the user for permission.

packages_listed() {
	sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$@" | sort -u
}

packages_missing() {
	command -v dpkg-query >/dev/null || return 0
	# shellcheck disable=SC2016 # dpkg's own placeholders
	comm -23 <(packages_chosen "$@" | sort -u) \
		<(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
		sed -n 's/^installed //p' | sort -u)
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
	local listed missing answer
	listed=$(packages_listed "$@")
	# shellcheck disable=SC2086 # words
	readarray -t missing < <(packages_missing $listed)
	((${#missing[@]})) || return 0
	info "missing packages:"
	packages_describe "${missing[@]}" >&2
	if [[ -t 0 && -t 2 ]]; then
		read -rp 'Install them now? [Y/n] ' answer || answer=n
		[[ $answer != [nN]* ]] || { warn "these packages are required: ${missing[*]}" &&
			return 1; }
	fi
	packages_install "${missing[@]}" || { warn "these packages are required: ${missing[*]}" &&
		return 1; }
}

# The size of each package, and of all that apt would fetch, with the time at 5 MB/s and a second to
# unpack each package.
packages_describe() {
	local names
	readarray -t names < <(packages_chosen "$@")
	apt-cache show --no-all-versions "${names[@]}" 2>/dev/null |
		awk '/^Package:/ { name = $2 } /^Size:/ { printf "  %-28s %7.1f MB\n", name, $2 / 1e6 }'
	apt-get -qq --no-install-recommends --print-uris install "${names[@]}" 2>/dev/null |
		awk '{ size += $3; n++ }
			END {
				if (!n) exit
				printf "%d packages with what they need, %.0f MB, about %d min\n",
					n, size / 1e6, (size / 5e6 + n) / 60 + 1
			}'
}

packages_install() {
	local -a as_root=(env)
	local command
	command="apt-get install $(packages_chosen "$@" | paste -sd ' ')"
	if ((EUID != 0)); then
		as_root=(sudo -n env)
		[[ ! -t 0 ]] || as_root=(sudo env)
		command="sudo $command"
		"${as_root[@]}" true 2>/dev/null ||
			{ warn "not allowed to install packages; fix: $command" && return 1; }
	fi
	command -v apt-get >/dev/null || { warn "apt-get is not installed; fix: install these packages by your distribution's means: $*" && return 1; }
	as_root+=(DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
		--no-install-recommends)
	local names
	readarray -t names < <(packages_chosen "$@")
	"${as_root[@]}" install "${names[@]}" </dev/null >&2 && return
	# The lists may be missing or old.
	"${as_root[@]}" update </dev/null >&2 || true
	readarray -t names < <(packages_chosen "$@")
	"${as_root[@]}" install "${names[@]}" </dev/null >&2 ||
		{ warn "could not install the packages; fix: $command" && return 1; }
}
