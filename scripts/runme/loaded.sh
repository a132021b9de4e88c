# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What to do after installing: the commands to type, and the loaded modules that are not the
# installed ones.

# The build ID of a loaded module, in hexadecimal; nothing if the kernel does not show it. The note
# has a header of 16 bytes.
loaded_id() {
	od -An -v -tx1 -j16 "/sys/module/${1//-/_}/notes/.note.gnu.build-id" 2>/dev/null |
		tr -d ' \n'
}

# The references to a loaded module, other modules included.
users_of() { cat "/sys/module/${1//-/_}/refcnt" 2>/dev/null; }

# The build ID of a module's file.
file_id() {
	local plain=cat
	case $1 in
	*.xz) plain='xz -dc' ;;
	*.gz) plain='gzip -dc' ;;
	*.zst) plain='zstd -dqc' ;;
	esac
	# readelf needs a file that it can seek in.
	(
		file=$(mktemp) || exit
		trap 'rm -f "$file"' EXIT
		$plain "$1" >"$file" 2>/dev/null
		readelf -n "$file" 2>/dev/null | sed -n 's/^ *Build ID: *//p'
	)
}

# True if the modules of RELEASE can be the loaded ones.
for_this_host() { [[ -z $DEST && $1 == "$(uname -r)" ]]; }

# outdated NAME: sets OUTDATED, the modules of an installed patchlet whose loaded module is another
# build: an older one, or the kernel's own.
outdated() {
	local module file loaded id
	OUTDATED=()
	for_this_host "$RELEASE" || return 0
	for module in ${INFO[$1/Modules]-}; do
		loaded=$(loaded_id "$module")
		[[ -n $loaded ]] || continue
		file=$(grep -m 1 -oE "/[^ ]*/$module\.ko(\.[a-z]+)?\$" \
			<<<"${REC[$RELEASE/$1/files]-}") || continue
		id=$(file_id "$DEST$file")
		[[ -z $id || $id == "$loaded" ]] || OUTDATED+=("$module")
	done
}
OUTDATED=()

# The loaded modules that use a loaded module, one a line.
holders_of() { ls "/sys/module/${1//-/_}/holders" 2>/dev/null; }

# used_by_others MODULE SET...: how many references to a loaded module are not those of modules of
# the set.
used_by_others() {
	local used holder
	used=$(users_of "$1")
	while read -r holder; do
		[[ " ${*:2} " != *" $holder "* ]] || used=$((used - 1))
	done < <(holders_of "$1")
	echo "${used:-0}"
}

# keep_loaded NAME: true, and said, if modules of this patchlet of REPLACED cannot be replaced.
keep_loaded() {
	local module used
	for module in ${INFO[$1/Depends]-}; do
		[[ -n ${STAYING[$module]-} ]] || continue
		note "$1: its modules stay loaded, because those of $module do"
		return
	done
	for module in ${REPLACED[$1]}; do
		# shellcheck disable=SC2048,SC2086 # words
		used=$(used_by_others "$module" ${REPLACED[*]})
		((used > 0)) || continue
		note "$module: another build of it is loaded and has $used users; fix: delete the rules that use it, then rmmod $module, or reboot"
		return
	done
	false
}

# choose_replaced NAME...: sets REPLACED[NAME], the outdated modules of installed patchlets that
# can be replaced: all of a patchlet or none, as an old and a new one may not fit.
choose_replaced() {
	local name again=yes
	REPLACED=() STAYING=()
	for name; do
		outdated "$name"
		((!${#OUTDATED[@]})) || REPLACED[$name]="${OUTDATED[*]}"
	done
	while [[ -n $again ]]; do
		again=
		for name; do
			[[ -n ${REPLACED[$name]-} ]] || continue
			keep_loaded "$name" || continue
			unset "REPLACED[$name]"
			STAYING[$name]=yes again=yes
		done
	done
}
declare -A REPLACED=() STAYING=()

# tell_loaded NAME...: names the outdated modules of installed patchlets and, unless --batch is
# given, offers to replace those without users.
tell_loaded() {
	local name module free=() answer=''
	choose_replaced "$@"
	for name; do
		# The modules that a patchlet lists first are used by the later ones.
		for module in ${REPLACED[$name]-}; do
			free=("$module" "${free[@]}")
		done
	done
	((${#free[@]})) || return 0
	note "Another build is loaded, without users: ${free[*]}"
	if [[ -z ${OPT[batch]-} ]]; then
		printf '%s ' "${BOLD}Replace these with the installed ones now (parameters that modprobe was given are lost)? [N/y]$PLAIN"
		IFS= read -r answer || say
	fi
	if [[ $answer == [yY]* ]]; then
		reload "${free[@]}"
	else
		say "      fix: rmmod ${free[*]}, or reboot; the first use loads the installed ones"
	fi
}

# reload MODULE...: users before what they use.
reload() {
	local module removed=()
	for module; do
		if rmmod "$module"; then
			removed=("$module" "${removed[@]}")
		else
			bad "$module is still loaded"
			FAULT=yes
		fi
	done
	for module in "${removed[@]}"; do
		if modprobe "$module"; then
			good "Loaded: $module"
		else
			bad "$module: modprobe failed; fix: read the kernel log (dmesg)"
			FAULT=yes
		fi
	done
}

# next_steps NAME...: what to type now that these are installed.
next_steps() {
	local name word
	if ! for_this_host "$RELEASE" && [[ $RELEASE != userspace || -n $DEST ]]; then
		[[ -n $DEST ]] || say "Next: boot $RELEASE, and use them in rules there."
		return 0
	fi
	say "Next:"
	for name; do
		for word in ${INFO[$name/Extensions]-}; do
			[[ $PARTS != modules ]] || break
			if [[ $word == [A-Z]* ]]; then word="-j $word"; else word="-m $word"; fi
			printf '   %-34s %s\n' "iptables $word --help" "the options of $name"
		done
		for word in ${INFO[$name/Modules]-}; do
			# A rule loads xt_ modules; others load what they need, and NAT with it.
			[[ $word != @(xt_*|*_core|nf_nat_*) && $PARTS != userspace ]] || continue
			printf '   %-34s %s\n' "modprobe $word" "starts $name"
		done
	done
	[[ $PARTS == modules ]] ||
		printf '   %-34s %s\n' 'man patch-o-matic-extensions' 'all options, with examples'
}
