#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The module and a core come and go while processes read the files and namespaces come and go.
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=cores.lib
. "${0%/*}/cores.lib"
rounds=2

namespace r
cores_forget
ok 'the module loads, and no core' modprobe nf_ip_tables_proc load=N

# Ends when the file $TMP/end exists. A file that is being removed is an error of its reader.
# shellcheck disable=SC2016
for i in A B; do
	bg "READ$i" r bash -c 'until [[ -e $TMP/end ]]; do
		cat /proc/net/{ip,ip6,arp}_tables_{names,matches,targets}
		cat /proc/net/x_tables_extensions
	done >/dev/null 2>&1; echo read'
done
# shellcheck disable=SC2016
bg SPACES bash -c 'until [[ -e $TMP/end ]]; do
	unshare --net cat /proc/net/ip_tables_names || true
done >/dev/null 2>&1; echo made'
# shellcheck disable=SC2016
bg MATCH bash -c 'until [[ -e $TMP/end ]]; do
	modprobe xt_time; rmmod xt_time
done 2>/dev/null; echo loaded'

for ((i = 1; i <= rounds; i++)); do
	if modprobe -q -a ip_tables arp_tables; then
		ok "round $i: the core has its files" r grep -qx ERROR /proc/net/ip_tables_targets
	fi
	cores_unload
	is "round $i: the module has them again" "$(r cat /proc/net/ip_tables_names 2>&1)" ''
	ok "round $i: the module unloads under readers" rmmod nf_ip_tables_proc
	ok "round $i: and loads" modprobe nf_ip_tables_proc load=N
done

say 'The module and a core at the same time.'
for ((i = 1; i <= rounds; i++)); do
	rmmod nf_ip_tables_proc
	cores_unload
	bg CORE modprobe -q ip_tables
	ok "round $i: the module loads" modprobe nf_ip_tables_proc load=N
	if wait "$CORE"; then
		ok "round $i: the core has its files" r grep -qx ERROR /proc/net/ip_tables_targets
	fi
done
: >"$TMP/end"
for job in READA READB SPACES MATCH; do
	ok "$job has ended" wait "${!job}"
done
like 'all of them were busy' "$(cat "$TMP"/{READA,READB,SPACES,MATCH}.out | xargs)" \
	'^read read made loaded$'

cores_remember
done_testing
