# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Compiles patchlets: the last part of their check.

declare -A BUILT=()     # NAME -> yes or no
BUILD_LOG=''            # the output of the last make
MANUAL=''               # this run has made the manual

build_dir() { modules_dir "$RELEASE"; }

# The directory of extensions and tools, as in the Makefile.
user_dir() {
	local triplet=${CROSS_COMPILE-}
	triplet=${triplet%-}
	printf '%s%s\n' "${POM_OUT:-$POM_TOP/build}" "${triplet:+/${triplet##*/}}"
}

# run_make TARGET... VAR=VALUE...: writes the output to BUILD_LOG, and with --verbose to the
# terminal. MAKEFLAGS of a calling make (as in `make stage`) are dropped, since its job server may
# end before this make does.
run_make() {
	BUILD_LOG=$(build_dir)/runme.log
	require_build_dir
	local make=(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$POM_TOP" \
		"-j$(nproc)" "KERNEL_DIR=$KERNEL_DIR")
	if [[ -n ${OPT[verbose]-} ]]; then
		"${BUILDER[@]}" "${make[@]}" "$@" 2>&1 | "${BUILDER[@]}" tee "$BUILD_LOG"
	else
		# shellcheck disable=SC2016 # the builder opens the log
		"${BUILDER[@]}" sh -c 'exec >"$0" 2>&1; exec "$@"' "$BUILD_LOG" "${make[@]}" "$@"
	fi
}

# build_patchlets NAME...: builds all at once; if that fails, one by one, to find the faulty ones.
# Sets BUILT.
build_patchlets() {
	local name started=$SECONDS targets=(modules extensions tools) status=0 title
	(($#)) || return 0
	command -v make >/dev/null || die "make is not installed; fix: apt-get install make (./runme --try extra installs everything that is needed)"
	SUMS=()
	title="Building $# for $RELEASE ..."
	[[ -z $ON_TERMINAL ]] || printf '%s ' "$title"
	case $PARTS in
	modules) targets=(modules) ;;
	userspace) targets=(extensions tools) ;;
	esac
	progress "$title"
	run_make "${targets[@]}" "PATCHLETS=$(with_needs "$@" | paste -sd ' ')" || status=1
	end_progress
	if ((status == 0)); then
		for name; do BUILT[$name]=yes; done
		[[ -z $ON_TERMINAL ]] || printf '\r%s %d s\n' "$title" $((SECONDS - started))
		build_manual
		return
	fi
	[[ -z $ON_TERMINAL ]] || bad failed
	if (($# == 1)); then
		BUILT[$1]=no
		return 1
	fi
	for name; do build_patchlets "$name"; done
}

# One manual covers all patchlets. A failure is not fatal.
build_manual() {
	[[ -z $MANUAL && $PARTS != modules ]] || return 0
	MANUAL=made
	run_make man || warn "the manual cannot be made: $(build_faults)"
}

# The first errors of a failed build. The compiler names links below build/; the output names the
# files that they point to.
build_faults() {
	local line file faults=()
	while read -r line; do
		line=${line#"$POM_TOP/"} file=${line%%:*}
		[[ ! -L $POM_TOP/$file ]] ||
			line=$(realpath --relative-to="$POM_TOP" "$POM_TOP/$file"):${line#*:}
		faults+=("$line")
	done < <(grep -m 3 -E 'error:|undefined!|No such file|fatal' "$BUILD_LOG" ||
		tail -n 3 "$BUILD_LOG")
	printf -v line '%s; ' "${faults[@]}"
	printf '%s\n' "${line%; }"
}
