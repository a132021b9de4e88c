# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Records of installed files. Each patchlet and kernel has one, $STATE/RELEASE/NAME; with
# --userspace, RELEASE is `userspace`:
#
#   version 0.1                     of the patchlet
#   depends A B                     patchlets that it needs
#   conflicts A B                   patchlets that it excludes
#   parts modules|userspace         what was installed, if not everything
#   signed SHA256|no                the certificate
#   iptables 1.8.9                  what its extensions were built for
#   kept                            the patchlet was reversed, and only changed files are left
#   file SHA256 FROM PATH           the sums of the file at PATH (below the destination) and of the
#                                   build product it was made from
#
# During a change the record has another name, which determines how to complete it (see recover
# in install.sh):
#
#   .NAME.staging    nothing was replaced yet: remove PATH.pom-new
#   .NAME.moving     all files are written: move each PATH.pom-new to PATH
#   .NAME.removing   remove the files
#
# $STATE/dirs lists the directories that runme created; it removes them when they are empty.

DEST=''                 # the destination without a slash at its end; empty for /
STATE_PATH=/var/lib/patch-o-matic
STATE=''                # $DEST$STATE_PATH
RECORDS=()              # RELEASE/NAME of every record below DEST
declare -A REC=()       # RELEASE/NAME/key -> value; key files holds the lines "SHA256 FROM PATH"
declare -A OWNERS=()    # PATH -> lines "SHA256 RELEASE/NAME"

find_destination() {
	DEST=${OPT[destdir]:-${DESTDIR:-/}}
	[[ $DEST == /* ]] || DEST=$PWD/$DEST
	DEST=$(realpath -m -- "$DEST")
	DEST=${DEST%/}
	STATE=$DEST$STATE_PATH
	set_command
}

# Another user may be able to write below the destination. Files are created, not opened, and links
# are not followed; paths of records stay below the destination.

# in_dir_of PATH COMMAND...: runs COMMAND in the directory of $DEST$PATH if that is below the
# destination. The directory is entered first and checked then: a link that is exchanged meanwhile
# leads nowhere else. The pwd of coreutils asks the kernel; that of bash remembers.
in_dir_of() (
	[[ $1 == /* && $1/ != */../* ]] && cd -P -- "$DEST${1%/*}/" || exit
	[[ -z $DEST || $(env pwd -P)/ == "$DEST"/* ]] || exit
	shift
	"$@"
)

# remove_file PATH, move_file PATH NAME: below the destination; NAME is in the same directory.
remove_file() {
	[[ -e $DEST$1 || -L $DEST$1 ]] || return 0
	in_dir_of "$1" rm -f -- "./${1##*/}"
}
move_file() { in_dir_of "$1" mv -fT -- "./${1##*/}" "./$2"; }

# remove_dir PATH: if it is empty. / is the destination.
remove_dir() {
	if [[ $1 == / ]]; then
		rmdir -- "$DEST/" 2>/dev/null
	else
		in_dir_of "$1" rmdir -- "./${1##*/}" 2>/dev/null
	fi
}

# write_file PATH: removes the file below the destination and creates it from stdin.
write_file() { in_dir_of "$1" create_file "./${1##*/}"; }
create_file() { rm -f -- "$1" && dd "of=$1" conv=excl status=none; }

# put_file MODE FILE PATH: the same with a copy of FILE.
put_file() {
	local copy status
	copy=$(mktemp) && copy=$(realpath -- "$copy") || return
	cat -- "$2" >"$copy" && chmod "$1" "$copy" && in_dir_of "$3" \
		cp --remove-destination --preserve=mode -T -- "$copy" "./${3##*/}"
	status=$?
	rm -f -- "$copy"
	return "$status"
}

# is_below PATH: $DEST$PATH is below the destination, through all links but that of its last part. A
# directory is asked about once for each load_records: in_dir_of decides where something is changed.
declare -A BELOW=()     # directory -> yes or no
is_below() {
	local dir=${1%/*} real
	[[ $1 == /* && $1/ != */../* ]] || return
	[[ $DEST ]] || return 0
	if [[ ! ${BELOW[$dir/]-} ]]; then
		BELOW[$dir/]=no
		if real=$(realpath -m -- "$DEST$dir/") && [[ $real/ == "$DEST"/* ]]; then
			BELOW[$dir/]=yes
		fi
	fi
	[[ ${BELOW[$dir/]} == yes ]]
}

load_records() {
	local file
	RECORDS=() REC=() OWNERS=() BELOW=()
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
			is_below "${value#* * }" || continue
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

# verify_record RELEASE/NAME: sets CHANGED and MISSING, the paths that differ from their record. A
# file that two records list may match either.
CHANGED=() MISSING=()
verify_record() {
	local sum _ path now
	local -A sums=()
	CHANGED=() MISSING=()
	while read -r now path; do
		sums[${path#"$DEST"}]=$now
	done < <(while read -r sum _ path; do
		[[ -z $path ]] || printf '%s\0' "$DEST$path"
	done <<<"${REC[$1/files]-}" | xargs -0r sha256sum -- 2>/dev/null)
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

# Ends the run with the cause if nothing can be written to the destination.
check_destination() {
	local error
	[[ ! -w $DEST/ ]] || return 0
	if error=$(LC_ALL=C mktemp -d -- "$DEST/.write.XXXXXX" 2>&1); then
		rmdir -- "$error"
	elif [[ $error == *'Read-only file system' ]]; then
		die "cannot write $DEST/: Read-only file system; fix: make it writable, or install elsewhere with --destdir DIR"
	else
		die "cannot write $DEST/; fix: run as root, or use --destdir DIR with a directory of yours"
	fi
}

# Only one run at a time may change a destination.
lock_destination() {
	if [[ ! -d $DEST/ ]]; then
		mkdir -p "$DEST" || die "cannot make $DEST"
		MADE_DEST=yes
	fi
	check_destination
	is_below "$STATE_PATH/dirs" ||
		die "$STATE leads out of $DEST through a link; fix: remove the link"
	exec {LOCK}<"$DEST/" || exit
	flock -n "$LOCK" && return
	info "waiting for another runme, which has locked $DEST/"
	flock -w 600 "$LOCK" || die "another runme has held the lock of $DEST/ for ten minutes; fix: wait for its end, and run again"
}
MADE_DEST='' LOCK=''

# make_dir DIR: creates DIR below the destination and records new directories. Refuses links that
# lead out of the destination.
make_dir() {
	local dir=$1 made=() i
	while [[ -n $dir && ! -d $DEST$dir ]]; do
		made+=("$dir")
		dir=${dir%/*}
	done
	dir=$(realpath -e -- "$DEST$dir/") || return
	[[ $dir/ == "$DEST"/* ]] ||
		{ warn \
		"$DEST$1 leads out of $DEST through a link; nothing is installed there"; return 1; }
	((${#made[@]})) || return 0
	for ((i = ${#made[@]} - 1; i >= 0; i--)); do
		in_dir_of "${made[i]}" mkdir -- "./${made[i]##*/}" || return
	done
	remember_dirs "${made[@]}"
}

remember_dirs() {
	if [[ ! -d $STATE ]]; then
		make_dir "$STATE_PATH" || return
	fi
	[[ -z $MADE_DEST ]] || set -- / "$@"
	MADE_DEST=''
	printf '%s\n' "$@" | in_dir_of "$STATE_PATH/dirs" \
		dd of=./dirs oflag=append,nofollow conv=notrunc status=none
}

# The destination may have a name that is a pattern.
has_records() {
	local dir
	for dir in "$STATE"/*/; do [[ ! -d $dir ]] || return 0; done
	return 1
}

# Removes recorded directories that are empty, and the list itself with the last record.
tidy_dirs() {
	local dir rest=()
	[[ -f $STATE/dirs ]] || return 0
	while read -r dir; do
		[[ $dir == "$STATE_PATH"/* ]] || continue
		remove_dir "$dir"
	done < <(sort -ru "$STATE/dirs")
	if ! has_records; then
		readarray -t rest < <(sort -ru "$STATE/dirs")
		remove_file "$STATE_PATH/dirs"
	else
		readarray -t rest < <(sort -ru "$STATE/dirs" | grep -vxF "$STATE_PATH")
	fi
	for dir in "${rest[@]}"; do
		remove_dir "$dir"
	done
	[[ ! -f $STATE/dirs ]] || prune_dirs
}

prune_dirs() {
	local dir
	sort -u "$STATE/dirs" | while read -r dir; do
		[[ ! -d $DEST$dir ]] || printf '%s\n' "$dir"
	done | write_file "$STATE_PATH/dirs.pom-new" || return
	if cmp -s "$STATE/dirs.pom-new" "$STATE/dirs"; then
		remove_file "$STATE_PATH/dirs.pom-new"
	else
		move_file "$STATE_PATH/dirs.pom-new" dirs
	fi
}
