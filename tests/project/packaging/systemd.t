#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The systemd unit and the samples: systemd accepts the unit, and the samples name modules and
# options that exist. tests/project/saved-lists.sh runs the commands of the unit.
# inputs: packaging/* scripts/* kernel/*.c
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
need systemd-analyze
export LC_ALL=C
unset PREFIX LIBEXECDIR UNITDIR
unit=patch-o-matic-lists.service

ok 'packaging/install lists' packaging/install lists "$TAP_TMP/root"
ok 'the unit is installed' test -e "$TAP_TMP/root/usr/lib/systemd/system/$unit"
ok 'and its program' test -x "$TAP_TMP/root/usr/libexec/patch-o-matic/lists"
PREFIX=$TAP_TMP/local packaging/install lists /
installed=$TAP_TMP/local/lib/systemd/system/$unit
empty 'systemd-analyze verify' systemd-analyze verify --man=no "$installed"
is 'with a PREFIX: its program is installed' \
	"$(sed -n 's/^Exec[A-Za-z]*=-\([^ ]*\) .*/\1/p' "$installed" | xargs ls | sort -u)" \
	"$TAP_TMP/local/libexec/patch-o-matic/lists"
sed 's/^ExecStart=-/ExecStrat=-/' "$installed" >"$TAP_TMP/$unit"
ok 'a unit with a mistake is found' bash -c \
	'systemd-analyze verify --man=no "$1" 2>&1 | grep -q ExecStrat' - "$TAP_TMP/$unit"

# values KEY: the words of the unit.
values() { sed -n "s/^$1=//p" "$installed" | tr ' ' '\n'; }
is 'before the network' "$(values Before | grep -x network-pre.target)" network-pre.target
is 'behind the rules' "$(values After | grep -xE '(netfilter-persistent|iptables).service')" \
	$'netfilter-persistent.service\niptables.service'
is 'no unit needs it' "$(values 'RequiredBy\|Requires')" ''
is 'a failure does not count' "$(grep -E '^Exec' "$installed" | grep -v '=-')" ''

modules=$(scripts/info modules)
# samples NAME: its settings, which are comments.
samples() { sed -n '/^#[^ ]/s/^#//p' "packaging/samples/$1.conf"; }
for sample in modules-load modprobe sysctl; do
	ok "$sample.conf has settings" test "$(samples "$sample")"
	is "$sample.conf: nothing is set before it is edited" \
		"$(grep -v '^#' "packaging/samples/$sample.conf")" ''
done
wrong=''
for module in $(samples modules-load); do
	grep -qxF "$module" <<<"$modules" || wrong+=" $module"
done
is 'modules-load.conf: modules of this tree' "$wrong" ''
while read -r word module option; do
	is "modprobe.conf: $module" "$word $(grep -cxF "$module" <<<"$modules")" 'options 1'
	ok "modprobe.conf: $module has ${option%%=*}" \
		grep -rqE "^module_param[a-z_]*\(${option%%=*}," kernel --include='*.c'
done < <(samples modprobe)
is 'sysctl.conf: a setting that exists' "$(samples sysctl | sed 's/^-//; s/ = .*//; s,\.,/,g')" \
	net/netfilter/nf_autohelper
done_testing
