#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Coming and going, under traffic of both families:
#
#     a 10.9.0.1 fd09::1 ---- b 10.9.0.2 fd09::2   the rules are in b, the traffic comes from a
#
# Each module is loaded, given every rule of its rule cases, replaced while packets pass, refuses to go while rules need it, and
# goes; a hundred times (short form: ten). Then a thousand (fifty) network namespaces with rules come and go. At the end every
# module is gone, nothing has leaked, and the namespaces are gone.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cycles=$((SHORT ? 10 : 100)) namespaces=$((SHORT ? 50 : 1000))

readarray -t modules < <(scripts/info modules)
unload_all() {
	local module tries
	for tries in {1..40}; do
		for module in "${modules[@]}"; do
			rmmod "$module" 2>/dev/null
		done
		for module in "${modules[@]}"; do
			[[ ! -d /sys/module/$module ]] || continue 2
		done
		return 0
	done
	echo "after $tries tries these are still loaded: $(for module in "${modules[@]}"; do [[ ! -d /sys/module/$module ]] || echo "$module"; done)"
	return 1
}

# KASAN keeps what is freed for a while; shrinking the cache lets it go. What is free in the slab that a processor works with counts
# as used, so that a slab more or less says nothing.
netns_count() {
	[[ ! -w /sys/kernel/slab/net_namespace/shrink ]] || echo 1 >/sys/kernel/slab/net_namespace/shrink
	awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo
}

wire() {
	ip netns add a && ip netns add b && ip -n a link add e0 type veth peer name e0 netns b || return
	ip -n a addr add 10.9.0.1/24 dev e0 && ip -n b addr add 10.9.0.2/24 dev e0 || return
	ip -n a addr add fd09::1/64 dev e0 nodad && ip -n b addr add fd09::2/64 dev e0 nodad || return
	ip -n a link set e0 up && ip -n b link set e0 up && ip -n b link set lo up || return
	ip netns exec a ping -c 1 -W 5 10.9.0.2
}

# Datagrams to ports that helpers look at, connections, echo requests; until killed.
traffic() {
	exec >/dev/null 2>&1 </dev/null
	ping -q -i 0.01 10.9.0.2 &
	ping -q -i 0.01 fd09::2 &
	while :; do
		printf '\0\1file\0octet\0' >/dev/udp/10.9.0.2/69
		printf '\0\1file\0octet\0' >/dev/udp/fd09::2/69
		timeout 0.2 "$BASH" -c 'echo hello >/dev/tcp/10.9.0.2/23'
		timeout 0.2 "$BASH" -c 'echo hello >/dev/tcp/fd09::2/23'
	done
}

# tables RESTORE FILE OUT: a table file for RESTORE with every rule of FILE that it takes.
tables() {
	local table chain rule rules="$TMP/one"
	: >"$3"
	while read -r table _ chain rule; do
		printf '*%s\n-A %s %s\nCOMMIT\n' "$table" "$chain" "$rule" >"$rules"
		ip netns exec b "$1" --noflush --test <"$rules" >/dev/null 2>&1 || continue
		cat "$rules" >>"$3"
	done < <(rules_of "$2" | one_chain)
	[[ -s $3 ]]
}

flush() {
	local command table
	for command in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
		for table in filter raw mangle nat; do
			ip netns exec b $command -w -t $table -F 2>/dev/null
		done
	done
	return 0
}

# One life of an extension's module, with the rules of $TMP/NAME.RESTORE.
life() {
	local name=$1 module=$2 restore flip
	modprobe "$module" || return
	for restore in "${restores[@]}"; do
		[[ -s $TMP/$name.$restore ]] || continue
		ip netns exec b "$restore" <"$TMP/$name.$restore" || { echo "$restore of $name"; return 1; }
	done
	! rmmod "$module" 2>/dev/null || { echo "$module could be unloaded while rules need it"; return 1; }
	for flip in 1 2; do # a table is replaced as a whole while packets pass
		for restore in "${restores[@]}"; do
			[[ ! -s $TMP/$name.$restore ]] || ip netns exec b "$restore" <"$TMP/$name.$restore" || { echo "$restore, time $flip"; return 1; }
		done
	done
	flush
	unload_all
}

lives() {
	local n
	for ((n = 1; n <= cycles; n++)); do
		"$@" || { echo "in cycle $n"; return 1; }
	done
}

bare_life() {
	modprobe "$1" && unload_all
}

# Namespaces that have rules and a packet, four at a time.
namespace_lives() {
	local n failed=0
	for ((n = 0; n < namespaces; n += 4)); do
		for _ in 1 2 3 4; do
			unshare --net "$BASH" -c 'ip link set lo up && iptables-nft-restore <"$1" && ping -c 1 -W 2 127.0.0.1 >/dev/null' - "$TMP/some" &
		done
		for _ in 1 2 3 4; do wait -n || failed=1; done
		((!failed)) || { echo "near namespace $n"; return 1; }
	done
}

restores=(iptables-nft-restore ip6tables-nft-restore iptables-legacy-restore ip6tables-legacy-restore)
unload_all >/dev/null
ok 'two namespaces are wired' wire
before=$(netns_count)
ip netns exec a "$BASH" -c "$(declare -f traffic); traffic" &
sender=$!
trap 'kill -KILL -- $sender 2>/dev/null; rm -rf "$TMP"' EXIT

for patchlet in $(scripts/info list); do
	for name in $(scripts/info get "$patchlet" Extensions); do
		scripts/info modules "$patchlet" | xargs modprobe -a
		for restore in "${restores[@]}"; do
			tables "$restore" extensions/lib*_"$name".t "$TMP/$name.$restore"
		done
		cat "$TMP/$name.iptables-nft-restore" >>"$TMP/some.all"
		unload_all >/dev/null
		[[ -z $ONLY || $ONLY == "$name" ]] || continue
		ok "$cycles lives of xt_$name with rules" lives life "$name" "xt_$name"
		flush
	done
done
for module in "${modules[@]}"; do
	[[ -z $ONLY || $ONLY == "$module" ]] || continue
	ok "$cycles lives of $module" lives bare_life "$module"
done
modprobe -a "${modules[@]}"
# A rule of each extension is enough here.
awk '/^\*/ { table = $0 } /^-A/ { ext = $0; sub(/.*-[mj] /, "", ext); if (seen[ext]++ < 1 && n++ < 12) print table "\n" $0 "\nCOMMIT" }' "$TMP/some.all" >"$TMP/some"
ok "$namespaces namespaces with rules come and go" namespace_lives
kill -KILL -- $sender
wait $sender 2>/dev/null
ok 'every module can be unloaded' unload_all
slack=$(awk '$1 == "net_namespace" { print $5 }' /proc/slabinfo)
namespaces_are() {
	local tries
	for ((tries = 0; tries < 200; tries++)); do
		[[ $(netns_count) -gt $((before + slack)) ]] || return 0
		read -rt 0.1 <> <(:)
	done
	echo "$(netns_count) namespaces, $before before, $slack in a slab"
	return 1
}
if [[ -n $before ]]; then
	ok 'no more network namespaces than before, but for a slab' namespaces_are
else
	skip 'no more network namespaces than before' 'this kernel shows no /proc/slabinfo for them'
fi
no_leaks 'nothing has leaked'
done_testing
