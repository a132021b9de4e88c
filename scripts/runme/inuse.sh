# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Finds the rules that use the extensions of a patchlet. Without the extension iptables could not
# list or delete them.

INUSE=()                # what find_uses has found: a rule each, or the number of the others

# True if reversing affects the rules of the running kernel.
affects_rules() { [[ -z $DEST && ($RELEASE == "$(uname -r)" || $RELEASE == userspace) ]]; }

# The references to a module, without those of other modules.
references() {
	lsmod 2>/dev/null |
		awk -v module="${1//-/_}" '$1 == module { print $3 - split($4, users, ",") }'
}

# Lines "NAME<tab>FILE": every network namespace that a process or /run/netns shows, this one first.
net_namespaces() {
	local file inode name
	local -A seen=()
	for file in /proc/self/ns/net /run/netns/* /proc/[0-9]*/ns/net; do
		inode=$(stat -L -c %i "$file" 2>/dev/null) || continue
		[[ -z ${seen[$inode]-} ]] || continue
		seen[$inode]=1
		case $file in
		/proc/self/*) name='this namespace' ;;
		/run/*) name="namespace ${file##*/}" ;;
		*) name=${file#/proc/} name="namespace of process ${name%%/*}" ;;
		esac
		printf '%s\t%s\n' "$name" "$file"
	done
}

# saved_rules FILE: the rules of a namespace, with the program that lists them in front. Legacy
# programs load modules, so they run only where there are legacy tables.
saved_rules() {
	local family program
	for family in ip ip6; do
		for program in "${family}tables-nft" "${family}tables-legacy"; do
			[[ $program == *-nft ||
				-n $(nsenter "--net=$1" cat "/proc/net/${family}_tables_names" \
				2>/dev/null) ]] || continue
			nsenter "--net=$1" "$program-save" 2>/dev/null |
				sed -n "s/^-A/$program -A/p"
		done
	done
}

# find_uses NAME: sets INUSE; false if the extensions of the patchlet are not in use. The modules'
# reference counts decide.
find_uses() {
	local word count total=0 found=0 pattern='' text name file
	local -a rules
	INUSE=()
	# One module may have several extensions, as xt_connmark has CONNMARK and connmark.
	for word in ${INFO[$1/Modules]-}; do
		[[ $word == xt_* ]] || continue
		count=$(references "$word")
		total=$((total + ${count:-0}))
	done
	for word in ${INFO[$1/Extensions]-}; do
		pattern+="${pattern:+|}-[mjg] ${word#libxt_}( |\$)"
	done
	[[ -n $pattern ]] && ((total > 0)) || return
	while IFS=$'\t' read -r name file; do
		text=$(saved_rules "$file" | grep -E -- "$pattern") || continue
		found=$((found + $(grep -oE -- "$pattern" <<<"$text" | grep -c .)))
		readarray -t rules <<<"$text"
		INUSE+=("${rules[@]/#/$name: }")
	done < <(net_namespaces)
	((found >= total)) || INUSE+=("$((total - found)) more in namespaces that neither a process nor /run/netns shows")
}

# tell_uses NAME: prints at most 20 rules.
tell_uses() {
	bad "$1: rules use it, and iptables could not list or delete them without it:"
	# A comment of a rule in a container may have control characters for this terminal in it.
	printf '   %s\n' "${INUSE[@]:0:20}" | tr '\000-\011\013-\037\177' '?'
	((${#INUSE[@]} <= 20)) || say "   and $((${#INUSE[@]} - 20)) more"
}
