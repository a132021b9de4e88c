# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What is installed where, file by file. One record a patchlet and kernel, $STATE/RELEASE/NAME:
#
#   version 0.1                     of the patchlet
#   depends A B                     likewise `conflicts`
#   signed SHA256|no                which certificate
#   kept                            it was reversed, and only the files that had been changed are left
#   file SHA256 FROM PATH           what lies at PATH (below the destination), and the sum of the build product it was made of
#
# While something is under way the record has another name, which says how to end it (see recover in install.sh):
#
#   .NAME.staging    nothing was replaced yet: remove PATH.pom-new
#   .NAME.moving     all is written: move each PATH.pom-new to PATH
#   .NAME.removing   remove the files
#
# $STATE/dirs lists the folders that we made, so that they can be removed when they are empty again.

DEST=''                 # the destination without a slash at its end; empty for /
STATE=''                # $DEST/var/lib/patch-o-matic
RECORDS=()              # RELEASE/NAME of all that is installed below DEST
declare -A REC=()       # RELEASE/NAME/key -> value; key files holds the lines "SHA256 FROM PATH"
declare -A OWNERS=()    # PATH -> lines "SHA256 RELEASE/NAME"

find_destination() {
	DEST=${OPT[destdir]:-${DESTDIR:-/}}
	[[ $DEST == /* ]] || DEST=$PWD/$DEST
	DEST=$(realpath -m -- "$DEST")
	DEST=${DEST%/}
	STATE=$DEST/var/lib/patch-o-matic
}

load_records() {
	local file
	RECORDS=() REC=() OWNERS=()
	for file in "$STATE"/*/*; do
		[[ ! -f $file || $file == *.pom-new ]] || load_record "$file" "${file#"$STATE/"}"
	done
}

load_record() {
	local key value
	RECORDS+=("$2")
	while read -r key value; do
		case $key in
		file)
			REC[$2/files]+=$value$'\n'
			OWNERS[${value#* * }]+="${value%% *} $2"$'\n'
			;;
		kept) REC[$2/kept]=yes ;;
		'#') ;;
		*) REC[$2/$key]=$value ;;
		esac
	done <"$1"
}

recorded() { [[ " ${RECORDS[*]-} " == *" $1 "* ]]; }
installed() { recorded "$RELEASE/$1" && [[ -z ${REC[$RELEASE/$1/kept]-} ]]; }

# owned_by_another PATH RELEASE/NAME [SHA256]: another record lists the file too (with that sum).
owned_by_another() {
	local sum owner
	while read -r sum owner; do
		[[ -n $owner && $owner != "$2" && ${3-$sum} == "$sum" ]] && return 0
	done <<<"${OWNERS[$1]-}"
	return 1
}

# verify_record RELEASE/NAME: sets CHANGED and MISSING, the paths that are not as they were installed. A file that another record
# lists too may be as that one left it.
CHANGED=() MISSING=()
verify_record() {
	local sum _ path now
	local -A sums=()
	CHANGED=() MISSING=()
	while read -r now path; do
		sums[${path#"$DEST"}]=$now
	done < <(while read -r sum _ path; do [[ -z $path ]] || printf '%s\0' "$DEST$path"; done <<<"${REC[$1/files]-}" |
		xargs -0r sha256sum -- 2>/dev/null)
	while read -r sum _ path; do
		[[ -n $path ]] || continue
		now=${sums[$path]-}
		if [[ -z $now ]]; then
			MISSING+=("$path")
		elif [[ $now != "$sum" ]] && ! owned_by_another "$path" "$1" "$now"; then
			CHANGED+=("$path")
		fi
	done <<<"${REC[$1/files]-}"
}

# One run at a time changes a destination.
lock_destination() {
	if [[ ! -d $DEST/ ]]; then
		mkdir -p "$DEST" || die "cannot make $DEST"
		MADE_DEST=yes
	fi
	[[ -w $DEST/ ]] || die "$DEST/ cannot be written: run as root, or install below a folder of yours with --destdir DIR"
	exec {LOCK}<"$DEST/" || exit
	flock -n "$LOCK" && return
	info "waiting for another runme, which is at work on $DEST/"
	flock -w 600 "$LOCK" || die "another runme has been at work on $DEST/ for ten minutes; let it end, and run again"
}
MADE_DEST='' LOCK=''

# make_dir DIR: below the destination, remembering what was not there; never through a link that leads out of it.
make_dir() {
	local dir=$1 made=()
	while [[ -n $dir && ! -d $DEST$dir ]]; do
		made+=("$dir")
		dir=${dir%/*}
	done
	dir=$(realpath -e -- "$DEST$dir/") || return
	[[ $dir/ == "$DEST"/* ]] || { warn "$DEST$1 leads out of $DEST through a link; nothing is installed there"; return 1; }
	((${#made[@]})) || return 0
	mkdir -p -- "$DEST$1" && remember_dirs "${made[@]}"
}

remember_dirs() {
	if [[ ! -d $STATE ]]; then
		make_dir "${STATE#"$DEST"}" || return
	fi
	[[ -z $MADE_DEST ]] || set -- / "$@"
	MADE_DEST=''
	printf '%s\n' "$@" >>"$STATE/dirs"
}

# Removes the folders that we made and that are empty again; the list itself goes with the last record.
tidy_dirs() {
	local dir rest=()
	[[ -f $STATE/dirs ]] || return 0
	while read -r dir; do
		[[ $dir == "${STATE#"$DEST"}"/* ]] || continue
		rmdir -- "$DEST$dir" 2>/dev/null
	done < <(sort -ru "$STATE/dirs")
	if ! compgen -G "$STATE/*/" >/dev/null; then
		readarray -t rest < <(sort -ru "$STATE/dirs")
		rm -f "$STATE/dirs"
	else
		readarray -t rest < <(sort -ru "$STATE/dirs" | grep -vxF "${STATE#"$DEST"}")
	fi
	for dir in "${rest[@]}"; do
		rmdir -- "$DEST$dir" 2>/dev/null
	done
	[[ ! -f $STATE/dirs ]] || prune_dirs
}

prune_dirs() {
	local dir
	sort -u "$STATE/dirs" | while read -r dir; do
		[[ ! -d $DEST$dir ]] || printf '%s\n' "$dir"
	done >"$STATE/dirs.pom-new" && mv -f "$STATE/dirs.pom-new" "$STATE/dirs"
}
