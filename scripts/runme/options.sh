# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The command line: fills OPT (what to do and how), ARGS (suites and patchlets) and EXCLUDE.

declare -A OPT=([mode]=apply)
ARGS=() EXCLUDE=()

OPTION_NAMES=(--batch --test --reverse --exclude --list --json --status --try --shell --download --destdir --force --sign-key
	--sign-cert --verbose --help --version)

show_usage() {
	cat <<-END
	Usage: KERNEL_DIR=/path ./runme [options] SUITE|PATCHLET...

	Suites: submitted, pending, base, extra (extra begins with the other three).
	KERNEL_DIR is the kernel to build for: its headers' folder (default: that of the running kernel), or debian:6.12 (or
	5.10, 6.1, 7.3) for a stock Debian kernel, fetched where missing.

	  --batch             ask nothing: install everything whose check says that it can be
	  --test              only check: nothing is installed
	  --reverse           remove what was installed
	  --exclude NAME      leave NAME out (may be repeated)
	  --list [--json]     the patchlets, in the order in which they are walked
	  --status            what is installed for which kernel, checksums verified
	  --try [--shell]     boot a stock Debian kernel in a machine in a box and watch the patchlets act on real traffic there;
	                      --shell ends in a shell inside it
	  --download SPEC     fetch a Debian kernel's headers and image into the cache: 5.10, 6.1, 6.12, 7.3, with -generic for
	                      the plain flavour
	  --destdir DIR       install below DIR instead of /
	  --sign-key FILE --sign-cert FILE
	                      sign the modules with this key and certificate
	  --force             install although the check says no; remove files although they were changed
	  --verbose           show the build
	  --help, --version

	To see it work with no root and no risk:  ./runme --try extra
	END
}

usage_error() {
	printf '%s: error: %s\n' "$POM_PROGRAM" "$1" >&2
	[[ -z ${2-} ]] || printf '%s\n' "$2" >&2
	exit 2
}

# The FAQ of 2002 has this question; so has everybody since.
refuse_variable() {
	local word rest=()
	for word in "${@:2}"; do
		[[ $word == "$1" ]] || rest+=("$word")
	done
	printf -v word '%s ./runme%s' "${1%%=*}=$(quoted "${1#*=}")" "${rest[*]:+ ${rest[*]}}"
	usage_error "Invalid option $1" "
A shell is not like make: a variable cannot be passed as an argument. It goes before the command, so type

    $word"
}

quoted() {
	if [[ $1 =~ ^[A-Za-z0-9_./:+@%,-]*$ ]]; then printf '%s' "$1"; else printf '%q' "$1"; fi
}

set_mode() {
	[[ ${OPT[mode]} == apply || ${OPT[mode]} == "$1" ]] ||
		usage_error "--${OPT[mode]} and --$1 cannot go together; run them one after the other"
	OPT[mode]=$1
}

# Options that take a value, as --name VALUE or --name=VALUE.
take_value() {
	local name=$1 value=$2
	[[ -n $value ]] || usage_error "--$name wants a value; see ./runme --help"
	case $name in
	exclude) EXCLUDE+=("$value") ;;
	download) set_mode download; OPT[download]=${value#debian:} ;;
	*) OPT[$name]=$value ;;
	esac
}

read_options() {
	local all=("$@") word only_names=''
	while (($#)); do
		word=$1
		shift
		case $only_names$word in
		--) only_names=- ;;
		--exclude | --destdir | --sign-key | --sign-cert | --download) take_value "${word#--}" "${1-}"; shift ;;
		--exclude=* | --destdir=* | --sign-key=* | --sign-cert=* | --download=*)
			only_names=${word%%=*}
			take_value "${only_names#--}" "${word#*=}"
			only_names=''
			;;
		--batch | --force | --verbose | --json | --shell) OPT[${word#--}]=yes ;;
		--test | --reverse | --list | --status | --try | --help | --version) set_mode "${word#--}" ;;
		-h) set_mode help ;;
		-*) refuse_option "$word" ;;
		*[A-Za-z0-9_]=*) refuse_variable "$word" "${all[@]}" ;;
		*) ARGS+=("$word") ;;
		esac
	done
	check_options
}

refuse_option() {
	local close
	case $1 in
	--kernel-path* | --path*) usage_error "unknown option $1" "The kernel is named by a variable: KERNEL_DIR=/path ./runme ..." ;;
	--iptables-path*) usage_error "unknown option $1" "The shared objects go where this machine's iptables looks (pkg-config xtables)." ;;
	esac
	close=$(closest "${1%%=*}" "${OPTION_NAMES[@]}")
	usage_error "unknown option $1" "${close:+Did you mean $close? }./runme --help lists them all."
}

check_options() {
	if [[ -n ${OPT[sign-key]-}${OPT[sign-cert]-} ]]; then
		[[ -n ${OPT[sign-key]-} && -n ${OPT[sign-cert]-} ]] ||
			usage_error "signing wants both --sign-key and --sign-cert"
		[[ -r ${OPT[sign-key]} ]] || usage_error "cannot read the key ${OPT[sign-key]}"
		[[ -r ${OPT[sign-cert]} ]] || usage_error "cannot read the certificate ${OPT[sign-cert]}"
	fi
	[[ -z ${OPT[json]-} || ${OPT[mode]} == list ]] || usage_error "--json goes with --list"
	[[ -z ${OPT[shell]-} || ${OPT[mode]} == try ]] || usage_error "--shell goes with --try"
	case ${OPT[mode]} in
	apply | test | reverse)
		((${#ARGS[@]})) ||
			usage_error "which patchlets? Name suites or patchlets, e.g. ./runme extra" \
				"Suites: submitted, pending, base, extra; ./runme --list shows the patchlets, ./runme --help the options."
		;;
	esac
}
