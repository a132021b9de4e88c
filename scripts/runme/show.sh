# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Output of runme: colours and a counter on a terminal, plain lines elsewhere.

POM_VERSION=$("$POM_TOP/scripts/version") || exit
BOLD='' RED='' GREEN='' YELLOW='' PLAIN='' ON_TERMINAL=''
RULE=-------------------------------------------------------

set_colours() {
	[[ -t 1 && ${TERM:-dumb} != dumb ]] || return 0
	ON_TERMINAL=yes
	[[ -z ${NO_COLOR-} ]] || return 0
	BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
}

say() { printf '%s\n' "$*"; }
good() { printf '%s%s%s\n' "$GREEN" "$*" "$PLAIN"; }
bad() { printf '%s%s%s\n' "$RED" "$*" "$PLAIN"; }
note() { printf '%s%s%s\n' "$YELLOW" "$*" "$PLAIN"; }

show_version() {
	local commit
	commit=$("$POM_TOP/scripts/version" --commit)
	say "Patch-o-matic $POM_VERSION${commit:+ (commit $commit)}"
}

show_welcome() {
	say "${BOLD}Welcome to Patch-o-matic ($POM_VERSION)!$PLAIN"
	say
	[[ $PARTS == userspace ]] || say "Kernel:   $RELEASE, $KERNEL_DIR"
	[[ -z $PARTS ]] || say "Parts:    ${PARTS/userspace/extensions, tools and manuals}"
	say "Iptables: ${XTABLES[version]:-none}, ${XTABLES[dir]:-no libxtables development files}"
	[[ -z $DEST ]] || say "Into:     $DEST"
	say
	say "Each patchlet adds a feature to iptables. Install what you need."
	say "$RULE"
}

# show_patchlet NAME: author, status and help text, before the question.
show_patchlet() {
	local name=$1
	say "The $BOLD$name$PLAIN patchlet:"
	say "   Author: ${INFO[$name/Author]-}"
	say "   Status: ${INFO[$name/Status]-}"
	say
	if [[ -r $POM_TOP/patchlets/$name/help ]]; then
		sed 's/^\(.\)/   \1/' "$POM_TOP/patchlets/$name/help"
	else
		say "   ${INFO[$name/Title]-}"
	fi
	say "$RULE"
}

# counter N TOTAL: prints "[2/7] " on a terminal.
counter() { [[ -z $ON_TERMINAL ]] || printf '%s[%d/%d]%s ' "$BOLD" "$1" "$2" "$PLAIN"; }

# show_reasons NAME: every refusal of the last check, with its fix.
show_reasons() {
	local line
	for line in "${NO[@]}"; do
		say "   $1: ${line%%$'\t'*}"
		say "      fix: ${line#*$'\t'}"
	done
}

PROGRESS_AFTER=5        # seconds

# progress TEXT: on a terminal, prints TEXT and the elapsed time each second, from PROGRESS_AFTER
# seconds on, until end_progress, or until this program ends in whatever way.
progress() {
	[[ -n $ON_TERMINAL && -z ${OPT[verbose]-} ]] || return 0
	(
		[[ -z ${LOCK-} ]] || exec {LOCK}>&-
		exec {never}<> <(:)
		started=$SECONDS pause=$PROGRESS_AFTER
		while ! read -rt "$pause" -u "$never" && kill -0 $$ 2>/dev/null; do
			pause=1
			printf '\r%s %d s' "$1" $((SECONDS - started))
		done
	) &
	PROGRESS=$!
}
PROGRESS=''

end_progress() {
	[[ -n $PROGRESS ]] || return 0
	kill "$PROGRESS"
	wait "$PROGRESS" 2>/dev/null
	PROGRESS=''
}
