# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The check of one patchlet: may it be installed for this kernel, on this machine? Every "no" has its reason and its mend.

NO=()                   # of the last check: "reason<tab>mend"
FINAL=''                # the last check found something that no --force helps
FOUND=''                # what is there of it: none, same, older, newer, changed, kept, other
declare -A PICKED=()    # patchlets that this run has chosen or installed
declare -A REFUSED=()   # and those that failed their check

no() { NO+=("$1"$'\t'"$2"); }

# check_patchlet NAME: sets FOUND and NO; true if nothing speaks against it. It does not compile (see check_build).
check_patchlet() {
	local name=$1
	NO=() FINAL=''
	find_installed "$name"
	check_requirements "$name"
	check_extensions "$name"
	check_needs "$name"
	check_conflicts "$name"
	check_twins "$name"
	check_found "$name"
	((${#NO[@]} == 0))
}

check_requirements() {
	local name=$1 kind what op wanted
	[[ -z ${INFO[$name/Modules]-} || ${#CONFIG[@]} == 0 || -n ${CONFIG[MODULES]-} ]] ||
		no "the kernel $RELEASE cannot load modules at all (CONFIG_MODULES)" \
			"choose another kernel: KERNEL_DIR=debian:VERSION; ./runme --try $name shows it at work with none of your own"
	while read -r kind what op; do
		case $kind in
		linux)
			op="$what $op" wanted=${op#* } op=${op%% *}
			compare "$RELEASE" "$op" "$wanted" ||
				no "it needs linux $op $wanted, and this is $RELEASE" \
					"build for another kernel: KERNEL_DIR=debian:VERSION ./runme $name (5.10, 6.1, 6.12 and 7.3 can be had)"
			;;
		iptables)
			op="$what $op" wanted=${op#* } op=${op%% *}
			[[ -z ${XTABLES[version]} ]] || compare "${XTABLES[version]}" "$op" "$wanted" ||
				no "it needs iptables $op $wanted, and this machine has libxtables ${XTABLES[version]}" \
					"install a newer iptables and its development files (libxtables-dev)"
			;;
		config)
			((${#CONFIG[@]})) || { no_config; return; }
			[[ -n ${CONFIG[$what]-} ]] ||
				no "the kernel $RELEASE was built without CONFIG_$what" \
					"build that kernel with CONFIG_$what=m, or choose another: KERNEL_DIR=debian:VERSION ./runme $name"
			;;
		symbol) check_symbol "$name" "$what" ;;
		esac
	done <<<"${INFO[$name/Requires]-}"
}

no_config() {
	no "$KERNEL_DIR has neither .config nor include/config/auto.conf, so it is not known what its kernel can do" \
		"point KERNEL_DIR at a configured tree or at the headers of the distribution"
}

check_symbol() {
	[[ -z ${SYMBOLS[$2]-} ]] || return 0
	if [[ -r $KERNEL_DIR/Module.symvers ]]; then
		no "the kernel $RELEASE does not export $2" "choose another kernel: KERNEL_DIR=debian:VERSION ./runme $1"
	else
		no "$KERNEL_DIR has no Module.symvers, so it is not known what its kernel exports" \
			"run 'make modules' in that tree, or take the headers of the distribution"
	fi
}

# The shared objects are built against the header that pkg-config finds and loaded by the iptables of this machine.
check_extensions() {
	local built_for runs_with
	[[ -n ${INFO[$1/Extensions]-} ]] || return 0
	if [[ -z ${XTABLES[dir]} ]]; then
		no "the development files of iptables are missing, so its extension cannot be built" \
			"install the packages libxtables-dev and pkg-config"
		FINAL=yes
		return
	fi
	[[ -n ${XTABLES[api]-} ]] || XTABLES[api]=$(echo XTABLES_VERSION |
		cc -E -P -include xtables.h -x c - 2>/dev/null | tail -n 1 | tr -d '" ')
	[[ -n ${XTABLES[runs]-} ]] || XTABLES[runs]=$(ldd "$(command -v iptables || echo /nonexistent)" 2>/dev/null |
		sed -n 's/.*\(libxtables\.so\.[0-9]*\).*/\1/p;T;q')
	built_for=${XTABLES[api]} runs_with=${XTABLES[runs]}
	[[ -z $built_for || -z $runs_with || $built_for == "$runs_with" ]] ||
		no "the iptables here runs with $runs_with and the development files are for $built_for: it would refuse the extension" \
			"install the development files of that same iptables"
}

check_needs() {
	local need mend
	for need in $(needs_of "$1"); do
		[[ -z ${PICKED[$need]-} ]] || continue
		! installed "$need" || continue
		mend="install it first: ./runme $need"
		[[ -z ${REFUSED[$need]-} ]] || mend="mend what stands in the way of $need (above)"
		[[ " ${EXCLUDE[*]-} " != *" $need "* ]] || mend="do not --exclude $need, or --exclude $1 too"
		no "it needs the patchlet $need, which is not installed" "$mend"
	done
}

check_conflicts() {
	local other
	for other in $(conflicts_of "$1"); do
		[[ -z ${PICKED[$other]-} ]] && ! installed "$other" && continue
		no_together "$1" "$other"
	done
	for other in "${!PICKED[@]}"; do
		[[ " $(conflicts_of "$other" | paste -sd ' ') " != *" $1 "* ]] || no_together "$1" "$other"
	done
	for other in "${RECORDS[@]}"; do
		[[ $other == "$RELEASE"/* && -z ${PICKED[${other##*/}]-} ]] || continue
		[[ " ${REC[$other/conflicts]-} " != *" $1 "* ]] || no_together "$1" "${other##*/}"
	done
}

no_together() {
	if installed "$2" && [[ -z ${PICKED[$2]-} ]]; then
		no "it cannot live beside $2, which is installed" "take that away first: ./runme --reverse $2"
	else
		no "it cannot live beside $2, which was chosen before it" "choose one of them: --exclude $2 or --exclude $1"
	fi
}

# A module of the kernel's own that it replaces must not be built in; a namesake from elsewhere would be picked at random.
check_twins() {
	local twin module file
	for twin in ${INFO[$1/Replaces]-}; do
		file=$(builtin_says "$twin") || continue
		no "the kernel's own $twin is built in ($file), so ours cannot take its place" \
			"choose a kernel that has it as a module: KERNEL_DIR=debian:VERSION ./runme $1"
	done
	for module in ${INFO[$1/Modules]-}; do
		while read -r file; do
			[[ -z $file || $file == */patch-o-matic/* ]] && continue
			no "another $module is there already: $file" "remove the package that brought it, or that file"
		done < <(find "$DEST/lib/modules/$RELEASE/updates" "$DEST/lib/modules/$RELEASE/extra" -name "$module.ko*" 2>/dev/null)
	done
}

# Where it is said that a module of the kernel is built in: in the list of those, or in the configuration.
builtin_says() {
	local option
	if [[ -n ${BUILTIN[${1//-/_}]-} ]]; then
		printf '%s\n' "${BUILTIN[${1//-/_}]}"
		return
	fi
	option=${1^^}
	for option in "$option" "${option/#XT_/NETFILTER_XT_MATCH_}" "${option/#XT_/NETFILTER_XT_TARGET_}" "${option/#XT_/NETFILTER_XT_}" \
		"${option/#IPT_/IP_NF_MATCH_}" "${option/#IPT_/IP_NF_TARGET_}"; do
		[[ ${CONFIG[$option]-} != y ]] || { printf 'CONFIG_%s=y\n' "$option"; return; }
	done
	return 1
}

# Sets FOUND: what an earlier run left.
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
		[[ $(printf '%s\n' "$have" "$want" | sort -V | tail -n 1) == "$want" ]] || FOUND=newer
	elif ((${#MISSING[@]})) || ! built_from_these "$key"; then
		FOUND=other
	else
		FOUND=same
	fi
}

# Where the build products lie there, they must be those that were installed.
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
			"./runme --force $name puts ours back, ./runme --reverse --force $name takes them away"
		;;
	newer)
		no "version ${REC[$RELEASE/$name/version]} is installed, and this tree has the older ${INFO[$name/Version]}" \
			"get a newer tree, or go back with ./runme --force $name"
		;;
	esac
}

# What "Testing..." says of a patchlet that nothing speaks against.
found_words() {
	case $FOUND in
	none) echo 'not applied' ;;
	same) echo "applied (version ${INFO[$1/Version]})" ;;
	older) echo "version ${REC[$RELEASE/$1/version]} is applied, ${INFO[$1/Version]} is here" ;;
	other) echo 'applied, from another build' ;;
	*) echo "applied, then changed" ;;
	esac
}

# check_build NAME: compiles it. True if it does.
check_build() {
	[[ ${BUILT[$1]-} == yes ]] || build_patchlets "$1" && return
	FINAL=yes
	no "it does not compile for $RELEASE: $(build_faults)" "read $BUILD_LOG; with a stock kernel (KERNEL_DIR=debian:6.12) it should"
	return 1
}
