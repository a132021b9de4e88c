# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# --try: everything from an empty machine to patchlets at work in a stock kernel, in a machine in a box. Writes in the clone (build/)
# and in POM_CACHE, and nowhere else; only apt-get, if it must install something, needs root.

TRY_DEFAULT=debian:6.12
TRY_SECONDS=1200

try_patchlets() {
	local names status=0 spec
	((${#ARGS[@]})) || ARGS=(extra)
	[[ -z ${OPT[destdir]-} ]] || usage_error "--try installs nothing on this machine, so --destdir means nothing to it"
	[[ -z ${OPT[shell]-} || -t 0 && -t 1 ]] || usage_error "--shell wants a terminal"
	KERNEL_DIR=${KERNEL_DIR:-$TRY_DEFAULT}
	[[ $KERNEL_DIR == debian:* ]] ||
		usage_error "--try boots a stock Debian kernel: KERNEL_DIR=debian:6.12 (or 5.10, 6.1, 7.3), not $KERNEL_DIR"
	spec=${KERNEL_DIR#debian:}
	load_patchlets
	choose_patchlets
	nothing_chosen && return
	supply_machine
	stage_for_trial
	readarray -t names < <(picked)
	if ((${#names[@]} == 0)); then
		bad "None of ${ARGS[*]} can be tried on $RELEASE (see above)."
		return 1
	fi
	say "$RULE"
	say "Booting $RELEASE in a machine in a box, with ${names[*]} ..."
	run_trial "$spec" "${names[@]}" || status=$?
	trial_summary "$status" "${names[@]}"
	((status == 0)) && [[ -z $FAULT ]]
}

# Checks, builds and installs into build/RELEASE/stage, which is where tests/vm/run takes them from.
stage_for_trial() {
	local name
	choose_kernel
	DEST=$(build_dir)/stage
	STATE=$DEST/var/lib/patch-o-matic
	mkdir -p "$DEST" || die "cannot write $DEST; the clone must be writable for you"
	begin_run
	read_kernel
	show_welcome
	apply_all
	CHANGES=''
	release_destination
	# Here the kernel is of our own choice: what does not compile for it is a fault, whoever asked for it.
	for name in "${!BUILT[@]}"; do [[ ${BUILT[$name]} == yes ]] || FAULT=yes; done
}

run_trial() {
	local spec=$1 options=()
	shift
	[[ -z ${OPT[shell]-} ]] || options+=(--shell)
	"$POM_TOP/tests/vm/run" --kernel "$spec" --timeout "$TRY_SECONDS" --patchlets "$(IFS=,; echo "$*")" "${options[@]}" \
		"$POM_TOP/scripts/runme/demonstrate" "$@"
}

trial_summary() {
	local status=$1 name skipped=() seen=() loaded=()
	shift
	for name; do
		if [[ -x $POM_TOP/patchlets/$name/demo ]]; then seen+=("$name"); else loaded+=("$name"); fi
	done
	for name in "${CHOSEN[@]}"; do
		[[ " $* " == *" $name "* ]] || skipped+=("$name")
	done
	say "$RULE"
	((${#skipped[@]} == 0)) || note "Not tried (reasons above): ${skipped[*]}"
	case $status in
	0)
		((${#seen[@]} == 0)) || good "Checked, built, loaded into $RELEASE and seen at work: ${seen[*]}"
		((${#loaded[@]} == 0)) || good "Checked, built and loaded; without a demonstration: ${loaded[*]}"
		;;
	124) bad "The machine was not done after $TRY_SECONDS seconds." ;;
	125) bad "The machine or its kernel came to harm (above)." ;;
	*) bad "Not everything was seen at work on $RELEASE (above)." ;;
	esac
}
