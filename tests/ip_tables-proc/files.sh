#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The files of ip_tables exist with iptables-nft only, list what is loaded, and are those of the
# kernel as soon as it has them.
#
#   r, x   network namespaces; x is made while the module's own files exist
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=cores.lib
. "${0%/*}/cores.lib"
net=/proc/net
files_of() { "$1" bash -c "cd $net; LC_ALL=C ls -d *_tables_* 2>/dev/null" | xargs; }

namespace r
say 'The module loads the cores, whose own files the namespace then has.'
cores_forget
nok 'without the module, iptables-nft has no files' r cat $net/ip_tables_names
ok 'it loads' modprobe nf_ip_tables_proc
if [[ -e /sys/module/ip_tables ]]; then
	is 'all three cores' "$(files_of r)" "$(all_files)"
	is 'they have no table' "$(r cat $net/{ip,ip6,arp}_tables_names)" ''
	like 'and the kernel has its target' "$(r cat $net/ip_tables_targets)" '(^|
)ERROR($|
)'
else
	skip 'the files of the kernel' 'this kernel has no core'
fi

say 'Without the cores, the files are those of the module.'
cores_forget
ok 'it loads, and no core' modprobe nf_ip_tables_proc load=N
nok 'no core was loaded' test -e /sys/module/ip_tables
is 'the namespace has all files' "$(files_of r)" "$(all_files)"
is 'no table' "$(r cat $net/{ip,ip6,arp}_tables_names)" ''
namespace x
is 'a new namespace has them, too' "$(files_of x)" "$(all_files)"
rmmod xt_time 2>/dev/null
nok 'a match that is not loaded is not listed' r grep -qx time $net/ip_tables_matches
nok 'asking has not loaded it' test -e /sys/module/xt_time
modprobe xt_time
for file in ip_tables_matches ip6_tables_matches; do
	is "$file: it is listed once after loading" "$(r grep -cx time $net/$file)" 1
done
nok 'it is no target' r grep -qx time $net/ip_tables_targets
modprobe xt_mark
is 'match and target of one module' "$(r grep -hxi mark $net/ip_tables_{matches,targets} | xargs)" \
	'mark MARK'
modprobe ipt_REJECT
ok 'a target of one family' r grep -qx REJECT $net/ip_tables_targets
rmmod ip6t_REJECT 2>/dev/null
nok 'is not listed for the other one' r grep -qx REJECT $net/ip6_tables_targets
is 'names are sorted' "$(r cat $net/ip_tables_matches | LC_ALL=C sort -uc 2>&1)" ''

say 'Details, for root of the initial namespace.'
is 'a match of all families' \
	"$(r grep '^match time ' $net/x_tables_extensions | cut -d ' ' -f 1-7,9)" \
	'match time any 0 all all all xt_time'
modprobe xt_owner
like 'a match that some chains refuse' \
	"$(r grep -E "^match owner (any|ip) " $net/x_tables_extensions)" \
	' OUTPUT,POSTROUTING all all [0-9]+ xt_owner$'
modprobe xt_tcpmss
like 'a match of one protocol' "$(r grep '^match tcpmss ip 0 ' $net/x_tables_extensions)" \
	' all all 6 [0-9]+ xt_tcpmss$'
is 'a target' "$(r grep '^target REJECT ip ' $net/x_tables_extensions)" \
	'target REJECT ip 0 ? ? ? ? ?'

say 'A core that is loaded later takes the place of these files in all namespaces.'
mkfifo "$TMP/go"
# shellcheck disable=SC2016
bg HOLD r bash -c 'exec 3</proc/net/ip_tables_matches; read -r line <&3; echo "open $line"
	read -r _ <"$TMP/go"; cat <&3'
until_ok 'a process reads a file' 20 grep -q '^open .' "$TMP/HOLD.out"
r cat $net/ip_tables_matches >"$TMP/ours.matches"
r cat $net/ip_tables_targets >"$TMP/ours.targets"
if modprobe ip_tables; then
	namespace y
	for ns in r x y; do
		ok "$ns: the file is the kernel's" "$ns" grep -qx ERROR $net/ip_tables_targets
		nok "$ns: that of arp_tables is not" "$ns" grep -qx ERROR $net/arp_tables_targets
	done
	for what in matches targets; do
		is "the kernel lists the same $what, and its own" \
			"$(r cat $net/ip_tables_$what | LC_ALL=C sort -u |
			grep -vxE 'ERROR|icmp')" \
			"$(grep -vxE 'icmp' "$TMP/ours.$what")"
	done
	echo >"$TMP/go"
	nok 'the file that was open has ended' wait "$HOLD"
	modprobe iptable_filter
	r iptables-legacy -S >/dev/null
	is 'a table of legacy' "$(r cat $net/ip_tables_names)" filter
	is 'is that of its namespace' "$(x cat $net/ip_tables_names)" ''
	cores_unload
	for ns in r x y; do
		is "$ns: without the core, the files are the module's again" \
			"$("$ns" cat $net/ip_tables_names && "$ns" grep -cx time \
			$net/ip_tables_matches)" 1
	done
else
	skip 'a core that is loaded later' 'this kernel has no core'
fi

say 'The rights of readers.'
user() { # CMD.. in new user and network namespaces, made in one step
	setpriv --reuid 1000 --regid 1000 --clear-groups unshare --user --map-root-user --net "$@"
}
if user true; then
	ok 'root of a user namespace reads the names' user grep -qx time $net/ip_tables_matches
	is 'and revisions, but holds no module for details' \
		"$(user grep '^match time ' $net/x_tables_extensions)" 'match time any 0 ? ? ? ? ?'
else
	skip 'user namespaces' 'this kernel lets no user make one'
fi
nok 'others read nothing' setpriv --reuid 1000 --regid 1000 --clear-groups cat \
	$net/ip_tables_matches $net/x_tables_extensions

say 'The module is unloaded while files are open.'
# shellcheck disable=SC2016
bg KEEP r bash -c 'exec 3</proc/net/x_tables_extensions; read -r line <&3; echo "open $line"
	read -r _ <"$TMP/go"; cat <&3'
until_ok 'a process reads a file' 20 grep -q '^open .' "$TMP/KEEP.out"
ok 'it unloads' rmmod nf_ip_tables_proc
is 'and leaves no file' "$(files_of r)" ''
echo >"$TMP/go"
nok 'reading on failed' wait "$KEEP"

cores_remember
done_testing
