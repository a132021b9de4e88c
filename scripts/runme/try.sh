# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# --try: installs missing packages, builds the patchlets, boots a stock kernel in QEMU and runs the
# demonstrations. Writes only to build/ and POM_CACHE. Only apt-get needs root.

TRY_DEFAULT=debian:6.12
TRY_SECONDS=1200

try_patchlets() {
	local names status=0 spec
	((${#ARGS[@]})) || ARGS=(extra)
	OPT[keep-going]=yes
	[[ -z ${OPT[destdir]-} ]] ||
		usage_error "--destdir does not apply to --try, which installs nothing on this host"
	[[ -z ${OPT[shell]-} || -t 0 && -t 1 ]] || usage_error "--shell needs a terminal"
	KERNEL_DIR=${KERNEL_DIR:-$TRY_DEFAULT}
	[[ $KERNEL_DIR == debian:* ]] ||
		usage_error "--try boots a stock Debian kernel: KERNEL_DIR=debian:6.12 (or 5.10, 6.1, 7.3), not $KERNEL_DIR"
	spec=${KERNEL_DIR#debian:}
	load_patchlets
	choose_patchlets
	nothing_chosen && return
	supply_packages
	# Only the packages need root.
	((${#BUILDER[@]} == 0)) || exec "${BUILDER[@]}" KERNEL_DIR="$KERNEL_DIR" "$POM_TOP/runme" \
		"${COMMAND_LINE[@]}"
	stage_for_trial
	readarray -t names < <(picked)
	if ((${#names[@]} == 0)); then
		bad "Cannot try any of ${ARGS[*]} on $RELEASE (see above)."
		return 1
	fi
	say "$RULE"
	say "Booting $RELEASE in QEMU with ${names[*]} ..."
	run_trial "$spec" "${names[@]}" || status=$?
	trial_summary "$status" "${names[@]}"
	((status == 0)) && [[ -z $FAULT ]]
}

# Checks, builds and installs into build/RELEASE/stage, from where tests/vm/run takes the patchlets.
stage_for_trial() {
	local name
	choose_kernel
	DEST=$(build_dir)/stage
	STATE=$DEST/var/lib/patch-o-matic
	set_command
	mkdir -p "$DEST" || die "cannot write $DEST; fix: use a clone that you may write to"
	begin_run
	read_kernel
	show_welcome
	apply_all
	CHANGES=''
	release_destination
	# --try chooses a supported kernel, so a patchlet that does not compile for it is always a
	# fault.
	for name in "${!BUILT[@]}"; do [[ ${BUILT[$name]} == yes ]] || FAULT=yes; done
}

run_trial() {
	local spec=$1 shell=()
	shift
	[[ -z ${OPT[shell]-} ]] || shell=(--shell)
	"$POM_TOP/tests/vm/run" --kernel "$spec" --timeout "$TRY_SECONDS" \
		--patchlets "$(IFS=,; echo "$*")" "${shell[@]}" \
		"$POM_TOP/scripts/runme/demonstrate" "${shell[@]}" "$@"
}

trial_summary() {
	local status=$1 name skipped=() seen=() loaded=()
	shift
	for name; do
		if [[ -x $POM_TOP/patchlets/$name/demo ]]; then
			seen+=("$name")
		else
			loaded+=("$name")
		fi
	done
	for name in "${CHOSEN[@]}"; do
		[[ " $* " == *" $name "* ]] || skipped+=("$name")
	done
	say "$RULE"
	((${#skipped[@]} == 0)) || note "Not tried (reasons above): ${skipped[*]}"
	case $status in
	0)
		((${#seen[@]} == 0)) ||
			good "Checked, built, loaded into $RELEASE and demonstrated: ${seen[*]}"
		((${#loaded[@]} == 0)) ||
			good "Checked, built and loaded, without a demonstration: ${loaded[*]}"
		;;
	124) bad "The guest did not finish within $TRY_SECONDS seconds." ;;
	125) bad "The guest crashed or reported a kernel fault (see above)." ;;
	*) bad "A demonstration failed on $RELEASE (see above)." ;;
	esac
}
