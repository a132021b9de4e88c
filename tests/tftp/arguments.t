#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the extension refuses, with the reason, before a rule reaches the kernel: iptables-translate
# parses rules without one.
# inputs: extensions/* include/* scripts/* Makefile tests/lib/tap.sh patchlets/*/info
. "${0%/*}/../lib/tap.sh"
need iptables-translate
ok 'the extension is built' make -s extensions PATCHLETS=tftp
XTABLES_LIBDIR=$POM_TOP/build/extensions:$(pkg-config --variable=xtlibdir xtables)
export XTABLES_LIBDIR

# rule REASON ARG...: the rule is refused for REASON, or accepted if that is empty, for both
# families.
rule() {
	local reason=$1 program said
	shift
	for program in iptables-translate ip6tables-translate; do
		said=$("$program" -A INPUT "$@" 2>&1)
		if [[ $reason ]]; then
			like "$program $*: refused" "$said" "$reason"
		else
			unlike "$program $*: accepted" "$said" 'tftp: '
		fi
	done
}

rule '' -p udp -m tftp
rule '' -p udp -m tftp --opcode rrq
rule '' -m tftp --opcode rrq -p udp
rule 'tftp: needs -p udp' -m tftp --opcode rrq
rule 'tftp: needs -p udp' -p tcp -m tftp --mode octet
rule 'tftp: needs -p udp' ! -p udp -m tftp --filename boot
# shellcheck disable=SC1003 # a backslash
for pattern in 'boot/*' 'a[b' 'a[]' 'a[!' 'a[b-' 'a[]-b' '[z-a]' 'a\'; do
	case $pattern in
	*\[z*) reason='--filename has a range whose end comes before its beginning' ;;
	*\[*) reason='--filename has a \[ without a \]' ;;
	*\\) reason='--filename has a backslash at the end' ;;
	*) reason='' ;;
	esac
	rule "$reason" -p udp -m tftp --filename "$pattern"
done
# shellcheck disable=SC1003
for pattern in '[]]' '[!]]' '[a-]' '[]-a]x' '[a-z0-9]' '\[' '\\' '[\]' '[!-~]'; do
	rule '' -p udp -m tftp --filename "$pattern"
done

done_testing
