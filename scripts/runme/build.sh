# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Compiling patchlets: the last part of their check.

declare -A BUILT=()     # NAME -> yes or no
BUILD_LOG=''            # what the last make said
MANUAL=''               # it has been made by this run

build_dir() { printf '%s/%s\n' "${POM_OUT:-$POM_TOP/build}" "$RELEASE"; }

# run_make TARGET... VAR=VALUE...: quiet but for --verbose; what it says is kept in BUILD_LOG. The jobs are our own: what a make above
# us handed down (as with `make stage`) would end with it.
run_make() {
	BUILD_LOG=$(build_dir)/runme.log
	mkdir -p "${BUILD_LOG%/*}" || die "cannot write $(build_dir); the clone must be writable for you"
	local make=(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$POM_TOP" "-j$(nproc)" "KERNEL_DIR=$KERNEL_DIR")
	if [[ -n ${OPT[verbose]-} ]]; then
		"${make[@]}" "$@" 2>&1 | tee "$BUILD_LOG"
	else
		"${make[@]}" "$@" >"$BUILD_LOG" 2>&1
	fi
}

# build_patchlets NAME...: all in one go; where that fails, one by one, to find out whose fault it is. Sets BUILT.
build_patchlets() {
	local name started=$SECONDS
	(($#)) || return 0
	command -v make >/dev/null || die "make is missing; install the package make (./runme --try extra installs all that is needed)"
	SUMS=()
	[[ -z $ON_TERMINAL ]] || printf 'Building %d for %s ... ' $# "$RELEASE"
	if run_make modules extensions tools "PATCHLETS=$(with_needs "$@" | paste -sd ' ')"; then
		for name; do BUILT[$name]=yes; done
		[[ -z $ON_TERMINAL ]] || printf '%d s\n' $((SECONDS - started))
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

# The manual is of all patchlets; without it they can still be installed.
build_manual() {
	[[ -z $MANUAL ]] || return 0
	MANUAL=made
	run_make man || warn "the manual cannot be made: $(build_faults)"
}

# What the log of a failed build has to say, shortly. The compiler saw links below build/; a person wants the files.
build_faults() {
	local line file faults=()
	while read -r line; do
		line=${line#"$POM_TOP/"} file=${line%%:*}
		[[ ! -L $POM_TOP/$file ]] || line=$(realpath --relative-to="$POM_TOP" "$POM_TOP/$file"):${line#*:}
		faults+=("$line")
	done < <(grep -m 3 -E 'error:|undefined!|No such file|fatal' "$BUILD_LOG" || tail -n 3 "$BUILD_LOG")
	printf -v line '%s; ' "${faults[@]}"
	printf '%s\n' "${line%; }"
}
