#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# xtinfo shows what the kernel, its modules and iptables have of an extension.
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=cores.lib
. "${0%/*}/cores.lib"
namespace r
tool=$PWD/build/tools/xtinfo
rmmod nf_ip_tables_proc 2>/dev/null
like 'without the module, it prints how to load it' "$(r "$tool" list time 2>&1 >/dev/null)" \
	'^xtinfo: /proc/net/x_tables_extensions: .*; fix: modprobe nf_ip_tables_proc$'
modprobe nf_ip_tables_proc
rmmod xt_time 2>/dev/null

field() { # NAME FAMILY JQ
	r "$tool" list --json "$1" | jq -c ".[] | select(.family == \"$2\") | $3"
}
is 'a match that is not loaded' "$(field time ip '[.kind, .registered, .module, .missing]')" \
	'["match",[],"xt_time",[]]'
nok 'it is not loaded by asking' test -e /sys/module/xt_time
modprobe xt_time
is 'loaded: the revision of all families' \
	"$(field time ip6 '.registered[] | [.revision, .any_family, .hooks, .table, .protocol]')" \
	'[0,true,["all"],"all","all"]'
like 'its shared object' "$(field time ip .shared_object)" '/libxt_time\.so"$'
like 'for people' "$(r "$tool" list time)" 'match +time +ip +0 +[0-9]+ +all +- +xt_time +/'

modprobe xt_mark
is 'revisions of a target' "$(field MARK ip '[.registered[].revision] | contains([2])')" true
is 'its details are not known' "$(field MARK ip '.registered[-1] | [.hooks, .table, .size]')" \
	'[null,null,null]'

say 'A pair of which one is missing.'
mkdir "$TMP/objects"
touch "$TMP/objects"/lib{xt_nosuch,ip6t_NOSUCH}.so
is 'a shared object without a module' "$(r env XTABLES_LIBDIR="$TMP/objects" "$tool" missing \
	--json nosuch NOSUCH | jq -c '.[] | [.kind, .name, .family, .missing]' | xargs)" \
	'[target,NOSUCH,ip6,[module]] [match,nosuch,ip,[module]] [match,nosuch,ip6,[module]]'
is 'a module without a shared object' "$(r env XTABLES_LIBDIR="$TMP/objects" "$tool" missing \
	--json time | jq -c '.[] | [.family, .missing]' | xargs)" \
	'[ip,[shared_object]] [ip6,[shared_object]]'
is 'a pair is not missing' "$(r "$tool" missing --json time | jq -c .)" '[]'
ok 'all of it is JSON' r bash -c "$tool list --json | jq -e 'length > 50'"
cores_remember
done_testing
