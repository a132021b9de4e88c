#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An unprivileged user (65534) attacks the kernel as root of his own user and network namespace, in
# a memory cgroup with a limit. Root's initial network namespace and a second one (neighbour) must
# not notice it:
#
# - every packet passes the rules of all rule cases, and the rules of a new namespace count as
#   before;
# - a datagram through lo, a generic netlink request and an iptables command take no longer than a
#   limit;
# - the user's cgroup is charged for the memory that MemAvailable lacks, and it is freed after he is
#   killed;
# - the log gets few lines, and no control characters;
# - hooks, tracked connections, sysctls and the files that a patchlet names remain unchanged;
# - the worker that cleans up network namespaces is idle again soon after he is killed.
#
# The attacks are in tests/debug/attack and in patchlets/NAME/adversary (doc/adding-a-patchlet.md).
# The test fails if no attack has used a file, sysctl, netlink operation or revision of the running
# kernel, or if the user can write a module parameter. TEST_ONLY=NAME runs the attacks of a
# patchlet, or the attack NAME of tests/debug/attack. TEST_ATTACK is an extended regular expression
# for the attacks of patchlets.
# deadline: 3400
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=patterns.sh
. tests/debug/guest/patterns.sh
user=65534 cgroups=/sys/fs/cgroup/adversary cgroup=
memory_max=$((48 << 20)) # bytes
packets=$(form 400 100 100)
latency_max=$(form 1500 1500 6000) # milliseconds more than without an attack
cleanup_max=$(form 2000 2000 8000) # milliseconds more than without an attack
# KASAN's quarantine holds freed memory for some time.
memory_slack=$((32 << 10)) # kilobytes
! grep -q '\[kasan\]\|kasan_' /proc/kallsyms || memory_slack=$((72 << 10))
attack_time=$(form 120 40 40) # seconds

# ---- observations ----

spaces=('' neighbour)
in_space() { local space=$1; shift; ${space:+ip netns exec "$space"} "$@"; }

# For both families, one rule counts packets sent, and a second one, after all others, packets that
# arrive.
load_standing_rules() {
	local space program source
	for space in "${spaces[@]}"; do
		for program in iptables-nft ip6tables-nft; do
			[[ $program == ip6* ]] && source=2001:db8::/32 || source=198.18.0.0/15
			in_space "$space" "$program-restore" <"$TMP/rules.$program-restore" ||
				return
			in_space "$space" "$program" -t raw -I OUTPUT -s "$source" -m comment \
				--comment sent || return
			in_space "$space" "$program" -t security -A INPUT -s "$source" -m comment \
				--comment arrived || return
		done
	done
}

# Prints how many packets the rules with this comment have counted, in both families.
counted() { # SPACE COMMENT
	local program
	for program in iptables-nft ip6tables-nft; do
		in_space "$1" "$program-save" -c 2>/dev/null
	done | sed -n "s/^\[\([0-9]*\):.*--comment $2\$/\1/p" |
		awk '{ n += $1 } END { print n + 0 }'
}

all_arrive() { # SPACE
	local space=$1 sent arrived
	in_space "$space" build/debug/flood -p "$packets" >/dev/null || return
	sent=$(counted "$space" sent) arrived=$(counted "$space" arrived)
	((sent == arrived && sent > 0)) || {
		echo "in ${space:-the initial namespace}, of $sent packets $arrived arrived"
		return 1
	}
}

# Prints the counters of the rules in a new namespace, after the same packets each time.
fresh_counters() {
	unshare --net "$BASH" -c 'ip link set lo up
		for p in iptables-nft ip6tables-nft; do $p-restore <"$0.$p-restore" || exit; done
		build/debug/flood -f -p 200 -n 50 >/dev/null || exit
		for p in iptables-nft ip6tables-nft; do $p-save -c | grep "^\[" || exit; done' \
			"$TMP/rules"
}
fresh_rules_count() {
	fresh_counters >"$TMP/fresh" 2>&1 ||
		{ echo 'the rules cannot be loaded into a new namespace'; cat \
		"$TMP/fresh"; return 1; }
	diff "$TMP/fresh-before" "$TMP/fresh"
}

time_command() {
	local begin=${EPOCHREALTIME/./} took
	iptables-nft -S INPUT >/dev/null 2>&1
	took=$(((${EPOCHREALTIME/./} - begin) / 1000))
	((took <= slowest)) || slowest=$took
}

# Adds the times without an attack to the limits, for a slow or busy host.
measure_alone() {
	slowest=0
	time_command
	time_command
	latency_max=$((latency_max + 10 * slowest))
	cleanup_max=$((cleanup_max + 5 * $(cleanup_time)))
	attack_time=$((attack_time * (100 + slowest) / 100))
}

# Prints the state of a namespace that only its owner may change, without sysctls that modules have
# added.
state_of() { # SPACE
	local space=$1 name
	if ((has_hooks)); then in_space "$space" nft list hooks; fi
	grep '^/proc/sys/net/netfilter/' "$TMP/without" | grep -v '_count$' |
		in_space "$space" xargs grep -s .
	for name in $(scripts/info list); do
		[[ -e patchlets/$name/adversary ]] || continue
		in_space "$space" "$BASH" -c '. "$0"; ! declare -F watch >/dev/null || watch' \
			"patchlets/$name/adversary"
	done
}
states() { local space; for space in "${spaces[@]}"; do state_of "$space"; done; }
states_stay() { states >"$TMP/state" 2>&1; diff "$TMP/state-before" "$TMP/state"; }

# No namespace tracks connections without a rule that requires it.
nothing_tracked() {
	local space count
	for space in "${spaces[@]}"; do
		in_space "$space" build/debug/flood -p 100 >/dev/null
		count=$(in_space "$space" sysctl -n net.netfilter.nf_conntrack_count)
		((count == 0)) || {
			echo "in ${space:-the initial namespace}, $count connections are tracked"
			return 1
		}
	done
}

available() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }

# Prints the kernel log since the attack began. /dev/kmsg prints control characters as \xNN.
new_log() {
	timeout 1 dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null |
		sed -n 's/^[0-9]*,\([0-9]*\),[^;]*;/\1 /p' | awk -v after="$log_end" '$1 > after'
}
last_log() { log_end=0; log_end=$(new_log | tail -n 1 | cut -d ' ' -f 1); : "${log_end:=0}"; }
log_is_clean() {
	local lines most
	new_log | grep -vE ' (Memory cgroup|Tasks in|oom|\[ *[0-9]+\]|memory: |swap: |Call Trace|Mem-Info|.* invoked oom-killer)' >"$TMP/log"
	if grep -m 3 -E '\\x([01].|7f)|\\xc2\\x[89].' "$TMP/log"; then
		echo 'control characters are in the log'
		return 1
	fi
	lines=$(grep -cE "^[0-9]+ ($(printf '%s|' "${modules[@]}")x_tables)[: ]" "$TMP/log") \
		most=$((30 + 10 * (SECONDS - began)))
	((lines <= most)) ||
		{ echo "$lines lines in $((SECONDS - began)) s, and $most are enough:"; tail -n 5 \
		"$TMP/log"; return 1; }
}

# Prints how many milliseconds the worker that cleans up namespaces takes for a new one. It deletes
# one end of a veth pair with the namespace, and so the other end.
cleanup_time() {
	local begin=${EPOCHREALTIME/./}
	ip netns add last && ip link add pom-last type veth peer name pom-end netns last &&
		ip netns del last || return
	until [[ ! -e /sys/class/net/pom-last ]]; do
		((${EPOCHREALTIME/./} - begin < 60000000)) || break
	done
	echo $(((${EPOCHREALTIME/./} - begin) / 1000))
}

# ---- the user ----

# Enters the cgroup before any allocation, then drops privileges, then creates the namespaces.
run_user() { # FILE FUNCTION
	local -a env=(HIS="$his" RULES="$TMP/rules" WITHOUT="$TMP/without" FUZZ="$TMP/fuzz" \
		PATTERNS="$TMP/patterns" REFUSED="$TMP/refused-rules"
		EXTENSIONS="${extensions[*]}" HELPERS="${helpers[*]}" FAMILIES="${families[*]}" \
			WRITES="${writes[*]}" COMMANDS="${commands[*]}"
		XTABLES_LOCKFILE="$his/lock" DRIVE_MODULES="${modules[*]}" FORM="$SHORT" \
			TEST_SEED="$SEED")
	make_cgroup || return
	# A subshell, because bash prints a line when a child is killed.
	(
		env "${env[@]}" "$BASH" -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
			setpriv --reuid "$user" --regid "$user" --clear-groups \
			unshare --user --map-root-user --net "$BASH" tests/debug/attack "$@"
		exit
	) >"$his/out" 2>&1 </dev/null &
	session=$!
}

kill_user() {
	local tries pid
	for ((tries = 0; tries < 100; tries++)); do
		[[ $(<"$cgroup/cgroup.events") == *'populated 1'* ]] || break
		while read -r pid; do kill -KILL "$pid"; done <"$cgroup/cgroup.procs" 2>/dev/null
	done
	wait "$session" 2>/dev/null
	session=
	rmdir "$cgroup" 2>/dev/null
}

# A cgroup for each attack: the counters of an earlier one would count for those after it.
make_cgroup() {
	cgroup=$cgroups/$((attacks++))
	mkdir "$cgroup" && echo "$memory_max" >"$cgroup/memory.max"
}

# Observes everything once; keeps the first failure of each kind.
observe() {
	local space
	for space in "${spaces[@]}"; do
		all_arrive "$space" >"$TMP/saw" || [[ -s $TMP/saw.arrive ]] ||
			cp "$TMP/saw" "$TMP/saw.arrive"
	done
	fresh_rules_count >"$TMP/saw" || [[ -s $TMP/saw.fresh ]] || cp "$TMP/saw" "$TMP/saw.fresh"
	time_command
	looks=$((looks + 1))
}

nothing_seen() { [[ ! -s $1 ]] || { cat "$1"; return 1; }; }

memory_charged() {
	local missing=$((memory_before - least))
	((missing <= (memory_max >> 10) + memory_slack)) || {
		echo "$missing kB are missing; the limit of the cgroup is $((memory_max >> 10)) kB"
		return 1
	}
}

memory_returns() {
	local end=$((SECONDS + 30)) now
	until now=$(available); ((now > memory_before - memory_slack)); do
		((SECONDS < end)) ||
			{ echo "after 30 s, $((memory_before - now)) kB are missing"; return 1; }
		sleep 0.2 # sleep: between observations
	done
}

quick() { # the slowest of each kind
	local what limit=$latency_max took
	for what in "datagram $datagram" "netlink $netlink" "iptables $slowest"; do
		took=${what#* }
		((took <= limit)) ||
			{ echo "${what% *}: $took ms; the limit is $limit ms"; return 1; }
	done
}

cleanup_is_quick() {
	((cleanup <= cleanup_max)) || {
		echo "the next namespace was removed after $cleanup ms; the limit is $cleanup_max ms"
		return 1
	}
}

user_did() {
	[[ -e $his/state ]] || { echo "not in $attack_time s"; tail -n 5 "$his/out"; return 1; }
	[[ $(<"$his/state") == 'full 0' ]] || { cat "$his/state"; tail -n 5 "$his/out"; return 1; }
}

# attack DESC FILE FUNCTION
attack() {
	local what=$1 observer end peak
	rm -rf "$his" "$TMP"/saw*
	mkdir "$his" && chown "$user:$user" "$his"
	looks=0 slowest=0 began=$SECONDS
	memory_before=$(available)
	last_log
	tests/debug/observe.pl "$TMP/observed" &
	observer=$!
	run_user "$2" "$3"
	end=$((SECONDS + attack_time))
	until [[ -e $his/state ]] || ((SECONDS > end)) || [[ ! -d /proc/$session ]]; do
		observe
	done
	observe
	peak=$(cat "$cgroup/memory.peak" 2>/dev/null || cat "$cgroup/memory.current")
	killed=$(awk '/^oom_kill / { print $2 }' "$cgroup/memory.events")
	kill -TERM "$observer"
	wait "$observer"
	read -r datagram netlink least _ <"$TMP/observed"
	ok "$what: it succeeded, or reached the memory limit" user_did_or_killed
	ok "$what: all packets of others arrive" nothing_seen "$TMP/saw.arrive"
	ok "$what: rules of a new namespace count as before" nothing_seen "$TMP/saw.fresh"
	ok "$what: others do not wait" quick
	ok "$what: memory is charged to him" memory_charged
	ok "$what: the log is clean" log_is_clean
	ok "$what: hooks, sysctls and files of others stay" states_stay
	kill_user
	cleanup=$(cleanup_time)
	ok "$what: namespaces are cleaned up quickly" cleanup_is_quick
	ok "$what: memory returns" memory_returns
	cat "$his"/covered.* >>"$TMP/covered" 2>/dev/null
	echo "# $((SECONDS - began)) s, $looks looks; the slowest: datagram $datagram ms, netlink $netlink ms, iptables $slowest ms, clean-up $cleanup ms;" \
		"limit $cleanup_max ms; $((memory_before - least)) kB missing, $((peak >> 10)) kB charged; killed for memory: $killed"
}
user_did_or_killed() { ((killed)) || user_did; }

# ---- preparation ----

his=$TMP/his
session='' attacks=0
trap '[[ ! $session ]] || kill_user; rm -rf "$TMP"' EXIT
if ! grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
	lacking 'an unprivileged user' 'this kernel has no memory cgroups'
	done_testing
fi
# The user may lack access to a parent directory.
if ! setpriv --reuid "$user" --regid "$user" --clear-groups test -r scripts/info; then
	mkdir "$TMP/tree" && mount --bind . "$TMP/tree" && cd "$TMP/tree" || exit
fi
[[ ! -e /proc/sys/kernel/unprivileged_userns_clone ]] ||
	echo 1 >/proc/sys/kernel/unprivileged_userns_clone

enable_cgroups() {
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control && mkdir "$cgroups" &&
		echo +memory >"$cgroups/cgroup.subtree_control"
}

extensions=() helpers=() families=() writes=() commands=()
collect() {
	local file restore needs
	readarray -t extensions < <(scripts/info extensions)
	readarray -t helpers < <(modinfo -F alias "${modules[@]}" |
		sed -nE 's/^(nfct-helper|ip_nat|ip_conntrack)[-_]//p' | sort -u)
	readarray -t families < <(modinfo -F alias "${modules[@]}" |
		sed -n 's/^net-pf-16-proto-16-family-//p')
	readarray -t writes < <(find patchlets/*/proc-writes 2>/dev/null)
	readarray -t commands < <(find patchlets/*/netlink-commands 2>/dev/null)
	unload_all || return
	needs=$(modinfo -F depends "${modules[@]}" | tr ',' '\n' |
		grep -vxF "$(printf '%s\n' "${modules[@]}")" | sort -u)
	# shellcheck disable=SC2086 # words
	modprobe -a $needs nf_conntrack xt_CT xt_conntrack xt_comment nft_compat nf_nat
	tests/debug/drive.pl list >"$TMP/without"
	modprobe -a "${modules[@]}" || return
	for restore in iptables-nft-restore ip6tables-nft-restore; do
		for file in extensions/lib*.t; do
			rules_of "$file" | awk '!/ -j /'
		done | one_chain | sed 's/^\([^ ]*\) -A [^ ]*/\1 -A INPUT/' |
			accepted "$restore" "$TMP/rules.$restore" >/dev/null || return
	done
	awk -F ';' '!/^[:*#@%]/ && $3 == "FAIL" { print $1 }' extensions/lib*.t |
		grep -v '"' >"$TMP/refused-rules"
	if [[ -z $ONLY || $ONLY == rules ]]; then
		for file in "${extensions[@]}"; do
			learn_patterns "$file" || return
		done
	fi
	chmod -R a+rX "$TMP"
}

has_hooks=0
modules_change_nothing() {
	unload_all || return
	nft list hooks >/dev/null 2>&1 && has_hooks=1
	states >"$TMP/state-before" 2>&1
	rm -rf "$his"
	mkdir "$his" && chown "$user:$user" "$his" || return
	last_log
	run_user - attack_modules
	end=$((SECONDS + 3 * attack_time))
	until [[ -e $his/state ]] || ((SECONDS > end)); do
		sleep 0.1 # sleep: between observations
	done
	user_did
}

# The user can load a module only if the kernel requests it by an alias.
some_loaded() {
	loaded=0
	for module in "${modules[@]}"; do
		[[ ! -d /sys/module/$module ]] || loaded=$((loaded + 1))
	done
	((loaded))
}

all_used() {
	awk '{ n[substr($0, index($0, " ") + 1)] += $1 } END { for (i in n) print n[i], i }' \
		"$TMP/covered" | sort -k 2 >"$TMP/used"
	if grep -E '^[1-9][0-9]* write /sys/' "$TMP/used"; then
		echo 'the user can write module parameters'
		return 1
	fi
	grep '^0 ' "$TMP/used" | grep -v ' /sys/' >"$TMP/unused" || return 0
	echo 'no attack could use these; declare a value in proc-writes or netlink-commands of the patchlet:'
	cat "$TMP/unused"
	return 1
}

ok 'cgroups with a limit of memory' enable_cgroups
ip link set lo up
ip netns add neighbour && ip -n neighbour link set lo up
measure_alone
ok 'rules, revisions, helpers and families' collect
echo "# ${#extensions[@]} extensions, ${#helpers[@]} helpers, ${#families[@]} families of generic netlink"

ok 'the user has modules loaded' modules_change_nothing
ok 'the kernel has loaded some' some_loaded
echo "# $loaded of ${#modules[@]}"
ok 'modules: hooks, sysctls and files of others stay' states_stay
ok 'modules: no namespace tracks connections' nothing_tracked
kill_user

modprobe -a "${modules[@]}"
ok 'standing rules of the other namespaces' load_standing_rules
ok 'all packets arrive before' all_arrive ''
fresh_counters >"$TMP/fresh-before" 2>&1
ok 'rules of a new namespace count twice the same' fresh_rules_count
states >"$TMP/state-before" 2>&1
: >"$TMP/covered"
for action in drive rules log namespaces open_files; do
	[[ -z $ONLY || $ONLY == "$action" ]] || continue
	attack "$action" - "attack_$action"
done
[[ -n $ONLY ]] || ok 'everything that the kernel has was used' all_used
for name in $(scripts/info list); do
	[[ -e patchlets/$name/adversary ]] || continue
	[[ -z $ONLY || $ONLY == "$name" ]] || continue
	# As root: lower limits, so that an attack reaches them soon.
	# shellcheck source=/dev/null
	(. "patchlets/$name/adversary" && if declare -F prepare >/dev/null; then prepare; fi)
	# shellcheck source=/dev/null
	for action in $(. "patchlets/$name/adversary" && declare -F |
		sed -n 's/^declare -f attack_//p' | grep -E "^(${TEST_ATTACK:-.*})\$"); do
		attack "$name: $action" "patchlets/$name/adversary" "attack_$action"
	done
done
for space in "${spaces[@]}"; do
	clear_rules "$space" "${every_restore[@]}"
done
ip netns del neighbour
ok 'every module can be unloaded' unload_all
no_leaks 'no memory has leaked'
done_testing
