#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The records of helpers are charged to the memory cgroup of the process that created the network
# namespace. A cgroup that is full of page cache stops no helper, and modprobe's cgroup pays for
# nobody.
#
#	olda, oldb..	older than the module, each alone: a client and its server are at lo
#	his		older, too; a user without rights owns it
#	newa, newb..	created in a cgroup
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/memcg.lib
. "${0%/*}/../lib/memcg.lib"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"
memcg_create
initial_namespace
hashsize=/sys/module/nf_conntrack/parameters/hashsize
size=$(<$hashsize)
# A record has space for 512 expectations then.
initial bash -c "echo 65536 >$hashsize"

prepare() { # NS: the helper's rule
	ipt "$1" -t raw -A OUTPUT -p udp --dport 69 -j CT --helper tftp
}
request() { _quiet=1 "$1" "$udp_send" 127.0.0.1 69 '\0\1f\0octet\0'; } # NS
counted() { [[ $(_quiet=1 "$1" cat /proc/net/nf_autohelper_stats) == *$'\n'tftp\ * ]]; } # NS
helped() { request "$1" && counted "$1"; } # NS
expected() { _quiet=1 "$1" grep -c . /proc/net/nf_conntrack_expect; } # NS
all_helped() { # NS..
	local ns
	for ns; do helped "$ns" || { echo "no record in $ns" && return 1; }; done
}

say 'Namespaces that are older than the module'
old=(olda oldb oldc oldd)
for ns in "${old[@]}"; do namespace "$ns"; done
bg TENANT setpriv --reuid=65534 --regid=65534 --clear-groups \
	unshare --user --map-root-user --net sleep 600 # sleep: until it is killed
attached() {
	local net
	net=$(readlink "/proc/$TENANT/ns/net") && [[ $net != "$(readlink /proc/self/ns/net)" ]] &&
		ip netns attach his "$TENANT" && ip -n his link set lo up
}
his() { _in his "$@"; }
if poll 10 attached; then old+=(his); fi
# modprobe stops at the first one that is in use: the cores come last.
holders=$(find /sys/module/nf_autohelper_core/holders -type l -printf '%f\n')
mapfile -t modules < <(grep -v '_core$' <<<"$holders"; grep '_core$' <<<"$holders")
unload() { modprobe -r "${modules[@]}" nf_autohelper_core; }
helper_unload tftp
until_ok 'all is unloaded' 20 unload
memcg_enter
ok 'the module is loaded in a cgroup' modprobe -a nf_conntrack_tftp
memcg_leave
echo 4096 >"$cgroup/memory.max" 2>/dev/null
for ns in "${old[@]}"; do prepare "$ns"; done
ok 'its limit does not concern them' all_helped "${old[@]}"
memcg_unlimit
for ns in "${old[@]}"; do
	for _ in {1..20}; do request "$ns"; done
done
ok 'for those of root, nothing is less' test "$(expected olda)" -gt 16
if [[ ${old[*]} == *his ]]; then
	is 'a helper has 16 expectations in that of the user' "$(expected his)" 16
	ok 'he ends' kill "$TENANT"
else
	skip 'a namespace of a user' 'this kernel lets no user make one'
fi
for ns in "${old[@]}"; do ipt "$ns" -t raw -F OUTPUT; done
until_ok 'the helper is unloaded' 20 helper_unload tftp
for ns in "${old[@]}"; do nok "no record is left in $ns" counted "$ns"; done
ok 'the helper is loaded' modprobe -a nf_conntrack_tftp

say 'Namespaces of a cgroup that is full of page cache'
new=()
memcg_enter
for x in {a..p}; do new+=("new$x") && namespace "new$x"; done
memcg_leave
for ns in "${new[@]}"; do prepare "$ns"; done
if memcg_fill $((8 << 20)); then
	until_ok 'each has its record' 60 all_helped "${new[@]}"
	like 'nothing is killed' "$(<"$cgroup/memory.events")" 'oom_kill 0'
else
	skip 'records in a cgroup that is full of page cache' \
		'files on this guest have no page cache that is charged'
fi

memcg_unlimit
for ns in "${old[@]}" "${new[@]}"; do ip netns del "$ns"; done
initial bash -c "echo $size >$hashsize"
ok 'as it was' modprobe -a "${modules[@]}"
ok 'the cgroup can be removed' memcg_remove
done_testing
