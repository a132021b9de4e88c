# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Installs a patchlet's files. Each is written as PATH.pom-new first, then all are moved to PATH,
# and the record is renamed last. An interrupted run leaves the old state, or one that the next run
# completes (see record.sh).

declare -A SUMS=()      # build product -> SHA-256
PLAN=()                 # files of one patchlet: "MODE<tab>PRODUCT<tab>PATH"
CHANGES=''              # this run has changed the modules of RELEASE
PREFIX=${POM_PREFIX:-/usr/local}
[[ $PREFIX == /* ]] || die "POM_PREFIX=$PREFIX is not an absolute path"

# product_sum FILE: sets SUM.
product_sum() {
	if [[ -z ${SUMS[$1]-} ]]; then
		read -r SUM _ < <(sha256sum <"$1")
		SUMS[$1]=$SUM
	fi
	SUM=${SUMS[$1]}
}
SUM=''

# sum_products PRODUCT<tab>PATH...: fills SUMS with one sha256sum.
sum_products() {
	local sum file
	while read -r sum file; do SUMS[$file]=$sum; done < <(sha256sum -- "${@%%$'\t'*}")
}

# product_of PATH: the build product that is installed at PATH.
product_of() {
	local out file=${1##*/}
	out=$(user_dir)
	case $1 in
	*.ko | *.ko.*) printf '%s/%s.ko\n' "$(build_dir)" "${file%%.ko*}" ;;
	*.so) printf '%s/extensions/libxt_%s\n' "$out" "${file#lib*_}" ;;
	*/man/*) printf '%s/man/%s\n' "${POM_OUT:-$POM_TOP/build}" "$file" ;;
	*/completions/*) printf '%s/packaging/completion/%s\n' "$POM_TOP" "$file" ;;
	*) printf '%s/tools/%s\n' "$out" "$file" ;;
	esac
}

# plan_files NAME: sets PLAN.
plan_files() {
	PLAN=()
	[[ $PARTS == userspace ]] || plan_modules "$1"
	[[ $PARTS == modules ]] || plan_userspace "$1"
}

plan_modules() {
	local word
	[[ -n ${COMPRESSION-} ]] || COMPRESSION=.ko$(module_compression)
	for word in ${INFO[$1/Modules]-}; do
		PLAN+=("644"$'\t'"$(build_dir)/$word.ko"$'\t'"/lib/modules/$RELEASE/updates/patch-o-matic/$word$COMPRESSION")
	done
}

plan_userspace() {
	local out word file
	out=$(user_dir)
	for word in ${INFO[$1/Extensions]-}; do
		# Distributions have libxt_NAME.so. libxtables looks for these two first, so they
		# fit next to it on every host.
		for file in libipt libip6t; do
			PLAN+=("644"$'\t'"$out/extensions/libxt_${word#libxt_}.so"$'\t'"${XTABLES[dir]}/${file}_${word#libxt_}.so")
		done
	done
	for word in ${INFO[$1/Tools]-}; do
		PLAN+=("755"$'\t'"$out/tools/$word"$'\t'"$PREFIX/sbin/$word")
		file=$POM_TOP/packaging/completion/$word
		[[ ! -f $file ]] ||
			PLAN+=("644"$'\t'"$file"$'\t'"$PREFIX/share/bash-completion/completions/$word")
	done
	for file in "${POM_OUT:-$POM_TOP/build}"/man/*.[1-8]; do
		# The page of a tool belongs to its patchlet, the other pages to all.
		[[ ! -f $file ]] || is_page_of_tool "${file##*/}" &&
			[[ ! -f $POM_TOP/tools/$1/${file##*/} ]] ||
			PLAN+=("644"$'\t'"$file"$'\t'"$PREFIX/share/man/man${file##*.}/${file##*/}")
	done
}

is_page_of_tool() {
	local page
	for page in "$POM_TOP"/tools/*/"$1"; do [[ ! -f $page ]] || return 0; done
	return 1
}

# True if the files of PLAN are installed, from the same build products.
plan_is_installed() {
	local key=$RELEASE/$1 line product path lines=0
	installed "$1" && [[ ${REC[$key/version]} == "${INFO[$1/Version]}" ]] || return 1
	signing_certificate
	[[ $SIGNED_BY == no || ${REC[$key/signed]} == "$SIGNED_BY" ]] || return 1
	for line in "${PLAN[@]}"; do
		IFS=$'\t' read -r _ product path <<<"$line"
		product_sum "$product"
		[[ ${REC[$key/files]} == *" $SUM $path"$'\n'* ]] || return 1
		lines=$((lines + 1))
	done
	((lines == $(wc -l <<<"${REC[$key/files]}") - 1)) || return 1
	verify_record "$key"
	((${#CHANGED[@]} + ${#MISSING[@]} == 0))
}

# Prints the paths of PLAN that hold a file which no record lists.
foreign_files() {
	local line path
	for line in "${PLAN[@]}"; do
		path=${line##*$'\t'}
		[[ ! -e $DEST$path || -n ${OWNERS[$path]-} ]] || printf '%s\n' "$path"
	done
}

# install_patchlet NAME: installs a patchlet that has been checked and built.
install_patchlet() {
	local name=$1 foreign line
	plan_files "$name"
	for line in "${PLAN[@]}"; do
		line=${line#*$'\t'}
		[[ -r ${line%$'\t'*} ]] ||
			{ bad "$name: the build did not make ${line%$'\t'*}"; return 1; }
	done
	sum_products "${PLAN[@]#*$'\t'}"
	if plan_is_installed "$name"; then
		say "Already applied: $name"
		return
	fi
	foreign=$(foreign_files)
	if [[ -n $foreign && -z ${FORCED-} ]]; then
		bad "$name: these files exist and do not belong to a patchlet: ${foreign//$'\n'/ }"
		say "      fix: remove them, or replace them with $RUNME --force $name"
		return 1
	fi
	replaces_signed "$name" && return 1
	PROBLEM='' WORDS=$(mktemp) || return
	if ! stage_files "$name" 2>"$WORDS"; then
		cat "$WORDS" >&2
		roll_back "$name"
		say_problem "$name"
		rm -f "$WORDS"
		return 1
	fi
	rm -f "$WORDS"
	finish_install "$name"
}
PROBLEM=''              # the program that failed, if the cause is not in WORDS
WORDS=''                # a file with the error messages of the current step

# replaces_signed NAME: refuses to replace signed modules by unsigned ones.
replaces_signed() {
	local key=$RELEASE/$1
	installed "$1" &&
		[[ ${REC[$key/signed]-no} != no && -z ${OPT[sign-key]-}${FORCED-} ]] &&
		[[ $PARTS != userspace ]] || return
	bad "$1: its installed modules are signed, and this run has no key"
	say "      fix: give --sign-key and --sign-cert, or replace them with $RUNME --force $1"
}

# say_problem NAME: why its files could not be written.
say_problem() {
	local fix='remove the cause of the error above'
	if grep -q 'No space left\|quota' "$WORDS"; then
		fix="free space on $(df --output=target "${DEST:-/}" 2>/dev/null | tail -n 1)"
		fix+=' and on the file system of this clone'
	elif grep -q 'Read-only file system' "$WORDS"; then
		fix="make it writable, or install elsewhere with --destdir DIR"
	elif grep -q 'Permission denied' "$WORDS"; then
		fix='run as root, or use --destdir DIR with a directory of yours'
	fi
	bad "$1: ${PROBLEM:-cannot write below $DEST/}; nothing was installed"
	say "      fix: $fix, and run again"
}

# Writes every file as PATH.pom-new and the record as .NAME.staging. The record is complete before
# the first file is written.
stage_files() {
	local name=$1 journal=$STATE_PATH/$RELEASE/.$1 line mode product path from staged=()
	prepare_modules || return
	make_dir "${journal%/*}" || return
	JOURNAL=$name
	signing_certificate
	{
		echo "# patch-o-matic's record of $name for $RELEASE"
		echo "version ${INFO[$name/Version]}"
		echo "depends $(needs_of "$name" | paste -sd ' ')"
		echo "conflicts $(conflicts_of "$name" | paste -sd ' ')"
		[[ -z $PARTS ]] || echo "parts $PARTS"
		echo "signed $SIGNED_BY"
		[[ $PARTS == modules || -z ${INFO[$name/Extensions]-} ]] ||
			echo "iptables ${XTABLES[version]-}"
		for line in "${PLAN[@]}"; do
			IFS=$'\t' read -r mode product path <<<"$line"
			from=$(prepared "$product")
			product_sum "$from"
			from=$SUM
			product_sum "$product"
			echo "file $from $SUM $path"
		done
	} | write_file "$journal.staging" || return
	for line in "${PLAN[@]}"; do
		IFS=$'\t' read -r mode product path <<<"$line"
		make_dir "${path%/*}" || return
		put_file "$mode" "$(prepared "$product")" "$path.pom-new" || return
		staged+=("$DEST$path.pom-new")
	done
	sync -- "$DEST$journal.staging" "${staged[@]}" || return
	write_file "${journal%/*}/.depmod" </dev/null || return
	move_file "$journal.staging" ".$name.moving"
}

# Removes the PATH.pom-new files of a staging record.
roll_back() {
	local journal=$STATE_PATH/$RELEASE/.$1.staging kind path
	while read -r kind _ _ path; do
		[[ $kind != file ]] || remove_file "$path.pom-new" 2>/dev/null
	done < <(cat "$DEST$journal" 2>/dev/null)
	remove_file "$journal" 2>/dev/null
	JOURNAL=''
}

# Moves the staged files into place. From here a run can only be completed. Also completes an
# interrupted run.
finish_install() {
	local name=$1 journal=$STATE_PATH/$RELEASE/.$1.moving kind path
	local -A now=()
	CHANGES=yes
	while read -r kind _ _ path; do
		[[ $kind == file ]] || continue
		is_below "$path" || continue
		now[$path]=1
		[[ ! -e $DEST$path.pom-new ]] || move_file "$path.pom-new" "${path##*/}" || return
	done <"$DEST$journal"
	while read -r _ _ path; do
		[[ -z $path || -n ${now[$path]-} ]] || owned_by_another "$path" "$RELEASE/$name" ||
			remove_file "$path"
	done <<<"${REC[$RELEASE/$name/files]-}"
	move_file "$journal" "$name" || return
	JOURNAL=''
	load_records
}

# Completes or undoes interrupted runs, for every kernel of this destination.
recover() {
	local journal name saved=$RELEASE
	for journal in "$STATE"/*/.*.staging "$STATE"/*/.*.moving "$STATE"/*/.*.removing; do
		[[ -f $journal ]] || continue
		RELEASE=${journal%/*} RELEASE=${RELEASE##*/}
		name=${journal##*/.} name=${name%.*}
		info "an earlier run was interrupted at $name for $RELEASE: completing it"
		case $journal in
		*.staging) roll_back "$name" ;;
		*.moving) finish_install "$name" ;;
		*.removing) finish_removal "$name" ;;
		esac
	done
	for journal in "$STATE"/*/.depmod; do
		[[ -f $journal ]] || continue
		RELEASE=${journal%/*} RELEASE=${RELEASE##*/}
		index_modules
	done
	RELEASE=$saved
}

JOURNAL=''              # the patchlet whose files are being written
end_run() {
	end_progress
	[[ -n $LOCK ]] || return 0
	[[ -z $JOURNAL ]] || recover
	[[ ! -f $STATE/$RELEASE/.depmod ]] || index_modules || FAULT=yes
	tidy_dirs
	[[ -z $MADE_DEST ]] || rmdir -- "$DEST" 2>/dev/null
}

# Ends the run: what follows cannot change the destination.
release_destination() {
	end_run
	exec {LOCK}<&-
	LOCK=''
}

begin_run() {
	lock_destination
	umask 022
	trap end_run EXIT
	trap 'say; info "interrupted; no patchlet is half installed"; exit 130' INT
	trap 'exit 143' TERM HUP
	load_records
	recover
	AT_START=" $(installed_names | paste -sd ' ') "
}

index_with_progress() {
	local status=0
	progress "Updating the index of modules for $RELEASE ..."
	depmod -b "${DEST:-/}" "$RELEASE" || status=1
	end_progress
	return "$status"
}

# Updates modprobe's index. Below a destination without a kernel, the index would list only the
# patchlets and overwrite the complete one when the destination is copied. There the user runs
# depmod after copying.
index_modules() {
	local tree=$DEST/lib/modules/$RELEASE
	if [[ $RELEASE == userspace ]]; then
		:
	elif [[ ! -e $tree/modules.order && ! -e $tree/modules.builtin && ! -d $tree/kernel ]]; then
		[[ -z $CHANGES ]] || info "$DEST/ has no kernel $RELEASE: run 'depmod $RELEASE' on the host that gets these files"
	elif ! index_with_progress; then
		warn "depmod failed: modprobe does not see the change; fix: depmod ${DEST:+-b $DEST }$RELEASE"
		return 1
	fi
	remove_file "$STATE_PATH/$RELEASE/.depmod"
}
