# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Checks whether a patchlet can be installed for this kernel and host. Each refusal has a reason and
# a fix.

NO=()                   # refusals of the last check: "reason<tab>fix"
FINAL=''                # --force cannot overrule the last check
FOUND=''                # what is installed: none, same, older, newer, changed, kept, other
declare -A PICKED=()    # patchlets that this run has chosen or installed
declare -A REFUSED=()   # patchlets that failed their check

no() { NO+=("$1"$'\t'"$2"); }

# check_patchlet NAME: sets FOUND and NO; true if there is no refusal. Does not compile (see
# check_build).
check_patchlet() {
	local name=$1
	NO=() FINAL=''
	find_installed "$name"
	check_requirements "$name"
	check_extensions "$name"
	check_tools "$name"
	check_needs "$name"
	check_conflicts "$name"
	[[ $PARTS == userspace ]] || check_twins "$name"
	check_found "$name"
	((${#NO[@]} == 0))
}

check_requirements() {
	local name=$1 kind what op wanted
	[[ $PARTS == userspace || -z ${INFO[$name/Modules]-} || ${#CONFIG[@]} == 0 ||
		-n ${CONFIG[MODULES]-} ]] ||
		no "the kernel $RELEASE cannot load modules at all (CONFIG_MODULES)" \
			"choose another kernel: KERNEL_DIR=debian:VERSION, or run ./runme --try $name"
	while read -r kind what op; do
		[[ $PARTS != userspace || $kind == iptables ]] || continue
		[[ $PARTS != modules || $kind != iptables ]] || continue
		case $kind in
		linux)
			op="$what $op" wanted=${op#* } op=${op%% *}
			compare "$RELEASE" "$op" "$wanted" ||
				no "it needs linux $op $wanted, and this is $RELEASE" \
					"build for another kernel: KERNEL_DIR=debian:VERSION $RUNME_HERE $name (5.10, 6.1, 6.12 or 7.3)"
			;;
		iptables)
			op="$what $op" wanted=${op#* } op=${op%% *}
			[[ -z ${XTABLES[version]} ]] ||
				compare "${XTABLES[version]}" "$op" "$wanted" ||
				no "it needs iptables $op $wanted, and this host has libxtables ${XTABLES[version]}" \
					"install a newer iptables and its development files (libxtables-dev)"
			;;
		config)
			((${#CONFIG[@]})) || { no_config; return; }
			[[ -n ${CONFIG[$what]-} ]] ||
				no "the kernel $RELEASE was built without CONFIG_$what" \
					"build that kernel with CONFIG_$what=m, or choose another: KERNEL_DIR=debian:VERSION $RUNME_HERE $name"
			;;
		symbol) check_symbol "$name" "$what" ;;
		esac
	done <<<"${INFO[$name/Requires]-}"
}

no_config() {
	no "$KERNEL_DIR has neither .config nor include/config/auto.conf, so the configuration of its kernel is unknown" \
		"set KERNEL_DIR to a configured tree or to the distribution's headers"
}

check_symbol() {
	[[ -z ${SYMBOLS[$2]-} ]] || return 0
	if [[ -r $KERNEL_DIR/Module.symvers ]]; then
		no "the kernel $RELEASE does not export $2" \
			"choose another kernel: KERNEL_DIR=debian:VERSION $RUNME_HERE $1"
	else
		no "$KERNEL_DIR has no Module.symvers, so the exports of its kernel are unknown" \
			"run 'make modules' in that tree, or use the distribution's headers"
	fi
}

# The shared objects are built with the header that pkg-config finds, and loaded by the host's
# iptables.
check_extensions() {
	local built_for runs_with
	[[ -n ${INFO[$1/Extensions]-} && $PARTS != modules ]] || return 0
	check_cross || return 0
	if [[ -z ${XTABLES[dir]} ]]; then
		no "the development files of iptables are missing${FOREIGN:+ for $FOREIGN}, so its extension cannot be built" \
			"install the packages libxtables-dev${FOREIGN:+:$FOREIGN} and pkg-config${FOREIGN:+, or use --modules}"
		FINAL=yes
		return
	fi
	[[ -z $FOREIGN ]] || return 0
	[[ -n ${XTABLES[api]-} ]] || XTABLES[api]=$(echo XTABLES_VERSION |
		cc -E -P -include xtables.h -x c - 2>/dev/null | tail -n 1 | tr -d '" ')
	[[ -n ${XTABLES[runs]-} ]] ||
		XTABLES[runs]=$(ldd "$(command -v iptables || echo /nonexistent)" 2>/dev/null |
		sed -n 's/.*\(libxtables\.so\.[0-9]*\).*/\1/p;T;q')
	built_for=${XTABLES[api]} runs_with=${XTABLES[runs]}
	[[ -z $built_for || -z $runs_with || $built_for == "$runs_with" ]] ||
		no "iptables uses $runs_with and the development files are for $built_for: it would refuse the extension" \
			"install the development files of the installed iptables"
	[[ -n ${XTABLES[installed]-} ]] || XTABLES[installed]=$(iptables_version)
	! other_layout "${XTABLES[version]}" "${XTABLES[installed]}" ||
		no "iptables is ${XTABLES[installed]} and the development files are for ${XTABLES[version]}: it would refuse the extension" \
			"install the development files of the installed iptables"
}

check_tools() {
	[[ -n ${INFO[$1/Tools]-} && $PARTS != modules ]] || return 0
	[[ -n ${INFO[$1/Extensions]-} ]] || check_cross || return 0
	local library tool
	for tool in ${INFO[$1/Tools]}; do
		for library in $("$POM_TOP/scripts/info" libraries "$tool"); do
			"$POM_TOP/scripts/pkg-config" --exists "$library" 2>/dev/null && continue
			no "the development files of $library are missing${FOREIGN:+ for $FOREIGN}, so its tool cannot be built" \
				"install the packages ${library//_/-}-dev${FOREIGN:+:$FOREIGN} and pkg-config${FOREIGN:+, or use --modules}"
			FINAL=yes
			return
		done
	done
}

# Extensions and tools must be for the architecture of the kernel.
check_cross() {
	[[ -n $FOREIGN && -z ${CROSS_COMPILE-} ]] || return 0
	no "the kernel is for $FOREIGN, and no cross compiler for its extension or tool is chosen" \
		"set CROSS_COMPILE (to i686-linux-gnu- for i386), or install only modules: --modules"
	FINAL=yes
	return 1
}

check_needs() {
	local need fix
	for need in $(needs_of "$1"); do
		[[ -z ${PICKED[$need]-} ]] || continue
		! installed "$need" || continue
		fix="install it first: $RUNME $need"
		[[ -z ${REFUSED[$need]-} ]] || fix="first do what is listed for $need (above)"
		[[ " ${EXCLUDE[*]-} " != *" $need "* ]] ||
			fix="do not --exclude $need, or --exclude $1 too"
		no "it needs the patchlet $need, which is not installed" "$fix"
	done
}

check_conflicts() {
	local other
	for other in $(conflicts_of "$1"); do
		[[ -z ${PICKED[$other]-} ]] && ! installed "$other" && continue
		no_together "$1" "$other"
	done
	for other in "${!PICKED[@]}"; do
		[[ " $(conflicts_of "$other" | paste -sd ' ') " != *" $1 "* ]] ||
			no_together "$1" "$other"
	done
	for other in "${RECORDS[@]}"; do
		[[ $other == "$RELEASE"/* && -z ${PICKED[${other##*/}]-} ]] || continue
		[[ " ${REC[$other/conflicts]-} " != *" $1 "* ]] || no_together "$1" "${other##*/}"
	done
}

no_together() {
	if installed "$2" && [[ -z ${PICKED[$2]-} ]]; then
		no "it conflicts with $2, which is installed" \
			"reverse $2 first: $RUNME --reverse $2"
	else
		no "it conflicts with $2, which was chosen before it" \
			"choose one of them: --exclude $2 or --exclude $1"
	fi
}

# A module of the kernel that the patchlet replaces must not be built in. With a second module of
# the same name in updates/ or extra/, it would be undefined which one modprobe loads.
check_twins() {
	local twin module file
	for twin in ${INFO[$1/Replaces]-}; do
		file=$(builtin_says "$twin") || continue
		no "the kernel's own $twin is built in ($file), so the patchlet cannot replace it" \
			"choose a kernel that has it as a module: KERNEL_DIR=debian:VERSION $RUNME_HERE $1"
	done
	for module in ${INFO[$1/Modules]-}; do
		while read -r file; do
			[[ -z $file || $file == */patch-o-matic/* ]] && continue
			no "a second $module is installed: $file" \
				"remove the package that it belongs to, or that file"
		done < <(find "$DEST/lib/modules/$RELEASE/updates" \
			"$DEST/lib/modules/$RELEASE/extra" -name "$module.ko*" 2>/dev/null)
	done
}

# Prints which file says that a module of the kernel is built in: modules.builtin or the
# configuration. False if none does.
builtin_says() {
	local option
	if [[ -n ${BUILTIN[${1//-/_}]-} ]]; then
		printf '%s\n' "${BUILTIN[${1//-/_}]}"
		return
	fi
	option=${1^^}
	for option in "$option" "${option/#XT_/NETFILTER_XT_MATCH_}" \
		"${option/#XT_/NETFILTER_XT_TARGET_}" "${option/#XT_/NETFILTER_XT_}" \
		"${option/#IPT_/IP_NF_MATCH_}" "${option/#IPT_/IP_NF_TARGET_}"; do
		[[ ${CONFIG[$option]-} != y ]] || { printf 'CONFIG_%s=y\n' "$option"; return; }
	done
	return 1
}

# Sets FOUND from the record of an earlier run.
find_installed() {
	local key=$RELEASE/$1 have want=${INFO[$1/Version]-0}
	FOUND=none
	recorded "$key" || return 0
	verify_record "$key"
	have=${REC[$key/version]-0}
	if [[ -n ${REC[$key/kept]-} ]]; then
		FOUND=kept
	elif ((${#CHANGED[@]})); then
		FOUND=changed
	elif [[ $have != "$want" ]]; then
		FOUND=older
		[[ $(printf '%s\n' "$have" "$want" | sort -V | tail -n 1) == "$want" ]] ||
			FOUND=newer
	elif ((${#MISSING[@]})) || [[ ${REC[$key/parts]-} != "$PARTS" ]] ||
		! built_from_these "$key"; then
		FOUND=other
	else
		FOUND=same
	fi
}

# Build products that exist must be the ones that were installed.
built_from_these() {
	local from path file
	while read -r _ from path; do
		[[ -n $path ]] || continue
		file=$(product_of "$path")
		[[ -e $file ]] || continue
		product_sum "$file"
		[[ $SUM == "$from" ]] || return 1
	done <<<"${REC[$1/files]-}"
	signing_certificate
	[[ $SIGNED_BY == no || ${REC[$1/signed]-} == "$SIGNED_BY" ]]
}

check_found() {
	local name=$1
	case $FOUND in
	changed | kept)
		no "files were changed since it was installed: ${CHANGED[*]}" \
			"$RUNME --force $name replaces them, $RUNME --reverse --force $name removes them"
		;;
	newer)
		no "version ${REC[$RELEASE/$name/version]} is installed, and this tree has the older ${INFO[$name/Version]}" \
			"get a newer tree, or install the older version with $RUNME --force $name"
		;;
	esac
}

# The state after "Testing..." of a patchlet without refusals.
found_words() {
	case $FOUND in
	none) echo 'not applied' ;;
	same) echo "applied (version ${INFO[$1/Version]})" ;;
	older)
		echo "version ${REC[$RELEASE/$1/version]} is applied, this tree has ${INFO[$1/Version]}"
		;;
	other) echo 'applied, from another build' ;;
	*) echo "applied, then changed" ;;
	esac
}

# check_build NAME: compiles it. True if it does.
check_build() {
	[[ ${BUILT[$1]-} == yes ]] || build_patchlets "$1" && return
	FINAL=yes
	no "it does not compile for $RELEASE: $(build_faults)" \
		"read $BUILD_LOG, or build for a stock kernel: KERNEL_DIR=debian:6.12"
	return 1
}
