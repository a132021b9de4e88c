# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Debian packages that something needs: which are missing, and installing them where that is allowed. Sourced after common.sh.
#
#   packages_listed FILE...     the packages named in lists: one a line, then `# why`
#   packages_missing NAME...    those of them that are not installed, one a line; none on a machine without dpkg
#   packages_install NAME...    installs them as root or through sudo; false, with what to type, if that is not possible
#
# Whether somebody wants to be asked first is the caller's affair.

packages_listed() {
	sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$@" | sort -u
}

packages_missing() {
	command -v dpkg-query >/dev/null || return 0
	# shellcheck disable=SC2016 # dpkg's own placeholders
	comm -23 <(printf '%s\n' "$@" | sort -u) \
		<(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

packages_install() {
	local -a as_root=(env)
	local command="apt-get install $*"
	if ((EUID != 0)); then
		as_root=(sudo -n env)
		[[ ! -t 0 ]] || as_root=(sudo env)
		command="sudo $command"
		"${as_root[@]}" true 2>/dev/null || { warn "not allowed to install packages; please type: $command" && return 1; }
	fi
	command -v apt-get >/dev/null || { warn "no apt-get here; please install what your system calls: $*" && return 1; }
	as_root+=(DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends)
	"${as_root[@]}" install "$@" </dev/null >&2 && return
	# The lists may be missing or old.
	"${as_root[@]}" update </dev/null >&2 || true
	"${as_root[@]}" install "$@" </dev/null >&2 || { warn "could not install them; please type: $command" && return 1; }
}
