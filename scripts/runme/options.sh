# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The command line: fills OPT (what to do and how), ARGS (suites and patchlets) and EXCLUDE.

declare -A OPT=([mode]=apply)
ARGS=() EXCLUDE=() COMMAND_LINE=()
PARTS=''                # modules or userspace: what is installed; empty: both

OPTION_NAMES=(--batch --keep-going --test --reverse --exclude --list --json --status --try \
	--shell --download
	--convert --modules --userspace --destdir --force --sign-key --sign-cert --verbose \
		--help --version)

show_usage() {
	cat <<-END
	Usage: KERNEL_DIR=/path ./runme [options] SUITE|PATCHLET...

	Suites: $(offered_suites) (extra has all patchlets).
	KERNEL_DIR is the kernel to build for: the directory of its headers (default:
	those of the running kernel), or debian:6.12 (or 5.10, 6.1, 7.3) for a stock
	Debian kernel, fetched where missing.

	  --batch             ask nothing: install everything that passes its check
	  --keep-going        succeed although patchlets of a suite cannot be installed
	  --test              check and compile, install nothing
	  --reverse           remove installed patchlets
	  --modules           install the modules only
	  --userspace         install (or remove) extensions, tools and manuals only,
	                      for modules that dkms or a package installs
	  --exclude NAME      leave NAME out (may be repeated)
	  --list [--json]     list the patchlets in the order of the questions
	  --status [--json]   list what is installed for which kernel, and verify it
	  --try [--shell]     boot a stock Debian kernel in QEMU and demonstrate each
	                      patchlet with real traffic; --shell ends in a shell there,
	                      with a router between two hosts
	  --download SPEC     fetch a Debian kernel's headers and image into the cache:
	                      5.10, 6.1, 6.12, 7.3, with -generic for the plain flavour
	  --convert FILE      rewrite an old firewall script for today's iptables: print
	                      it, and each change to the standard error
	  --destdir DIR       install below DIR instead of /
	  --sign-key FILE --sign-cert FILE
	                      sign the modules with this key and certificate
	  --force             install although the check refuses; remove files although
	                      they were changed or rules use them
	  --verbose           show the build
	  --help, --version

	To try it without root:  ./runme --try extra
	END
}

# The suites that have patchlets, and extra, which contains the others.
offered_suites() {
	local suite offered=''
	for suite in "${SUITES[@]}"; do
		[[ $suite == extra ]] ||
			grep -qsx "Suite: *$suite" "$POM_TOP"/patchlets/*/info || continue
		offered+=${offered:+, }$suite
	done
	printf '%s\n' "$offered"
}

# The beginning of the commands that runme suggests: they act on the same kernel and destination.
RUNME=./runme           # with KERNEL_DIR
RUNME_HERE=./runme      # for another KERNEL_DIR

set_command() {
	local kernel=${KERNEL_DIR-}
	[[ -z $DEST ]] || RUNME_HERE+=" --destdir $(quoted "$DEST")"
	[[ -z $PARTS ]] || RUNME_HERE+=" --$PARTS"
	[[ -z ${OPT[sign-key]-} ]] ||
		RUNME_HERE+=" --sign-key $(quoted "${OPT[sign-key]}") --sign-cert $(quoted \
		"${OPT[sign-cert]}")"
	RUNME=${kernel:+KERNEL_DIR=$(quoted "$kernel") }$RUNME_HERE
}

usage_error() {
	printf '%s: error: %s\n' "$POM_PROGRAM" "$1" >&2
	[[ -z ${2-} ]] || printf '%s\n' "$2" >&2
	exit 2
}

# A common mistake: patch-o-matic's FAQ of 2002 has this question.
refuse_variable() {
	local word rest=()
	for word in "${@:2}"; do
		[[ $word == "$1" ]] || rest+=("$word")
	done
	printf -v word '%s ./runme%s' "${1%%=*}=$(quoted "${1#*=}")" "${rest[*]:+ ${rest[*]}}"
	usage_error "Invalid option $1" "
Unlike make, a shell command takes variables before its name, not as arguments. Type

    $word"
}

quoted() {
	if [[ $1 =~ ^[A-Za-z0-9_./:+@%,-]*$ ]]; then printf '%s' "$1"; else printf '%q' "$1"; fi
}

set_mode() {
	[[ ${OPT[mode]} == apply || ${OPT[mode]} == "$1" ]] ||
		usage_error "--${OPT[mode]} and --$1 cannot go together; run one after the other"
	OPT[mode]=$1
}

# Options that take a value, as --name VALUE or --name=VALUE.
take_value() {
	local name=$1 value=$2
	[[ -n $value ]] || usage_error "--$name needs a value; see ./runme --help"
	case $name in
	exclude) EXCLUDE+=("$value") ;;
	download) set_mode download; OPT[download]=${value#debian:} ;;
	convert) set_mode convert; OPT[convert]=$value ;;
	*) OPT[$name]=$value ;;
	esac
}

read_options() {
	local word only_names=''
	COMMAND_LINE=("$@")
	while (($#)); do
		word=$1
		shift
		case $only_names$word in
		--) only_names=- ;;
		--exclude | --destdir | --sign-key | --sign-cert | --download | --convert)
			take_value "${word#--}" "${1-}"
			shift
			;;
		--exclude=* | --destdir=* | --sign-key=* | --sign-cert=* | --download=* | \
			--convert=*)
			only_names=${word%%=*}
			take_value "${only_names#--}" "${word#*=}"
			only_names=''
			;;
		--batch | --keep-going | --force | --verbose | --json | --shell)
			OPT[${word#--}]=yes
			;;
		--modules | --userspace)
			[[ -z $PARTS || $PARTS == "${word#--}" ]] ||
				usage_error "--modules and --userspace cannot go together"
			PARTS=${word#--}
			;;
		--test | --reverse | --list | --status | --try | --help | --version)
			set_mode "${word#--}"
			;;
		-h) set_mode help ;;
		-*) refuse_option "$word" ;;
		*[A-Za-z0-9_]=*) refuse_variable "$word" "${COMMAND_LINE[@]}" ;;
		*) ARGS+=("$word") ;;
		esac
	done
	check_options
}

refuse_option() {
	local close
	case $1 in
	--kernel-path* | --path*)
		usage_error "unknown option $1" \
			"A variable names the kernel: KERNEL_DIR=/path ./runme ..."
		;;
	--iptables-path*)
		usage_error "unknown option $1" \
			"Shared objects are installed where the host's iptables looks (pkg-config xtables)."
		;;
	esac
	close=$(closest "${1%%=*}" "${OPTION_NAMES[@]}")
	usage_error "unknown option $1" \
		"${close:+Did you mean $close? }./runme --help lists them all."
}

check_options() {
	if [[ -n ${OPT[sign-key]-}${OPT[sign-cert]-} ]]; then
		[[ -n ${OPT[sign-key]-} && -n ${OPT[sign-cert]-} ]] ||
			usage_error "signing needs both --sign-key and --sign-cert"
		[[ -r ${OPT[sign-key]} ]] || usage_error "cannot read the key ${OPT[sign-key]}"
		[[ -r ${OPT[sign-cert]} ]] ||
			usage_error "cannot read the certificate ${OPT[sign-cert]}"
	fi
	[[ -z ${OPT[json]-} || ${OPT[mode]} =~ ^(list|status)$ ]] ||
		usage_error "--json applies to --list and --status only"
	[[ -z $PARTS || ${OPT[mode]} =~ ^(apply|test|reverse)$ ]] ||
		usage_error "--$PARTS does not apply to --${OPT[mode]}"
	[[ -z ${OPT[shell]-} || ${OPT[mode]} == try ]] ||
		usage_error "--shell applies to --try only"
	case ${OPT[mode]} in
	apply | test | reverse)
		((${#ARGS[@]})) ||
			usage_error "which patchlets? Name suites or patchlets: ./runme extra" \
				"Suites: $(offered_suites); ./runme --list shows the patchlets, ./runme --help the options."
		;;
	esac
}
