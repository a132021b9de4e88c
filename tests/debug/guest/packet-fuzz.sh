#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Malformed packets (tests/debug/pktfuzz.c), through every rule of every extension, at every hook that it allows, and past every
# helper:
#
#     10.9.1.2 fd09:0:0:1::2 --[h0]--.
#                                 router --[h1]-- 10.9.2.2 fd09:0:0:2::2      h0 and h1: GSO, partial checksums; h2: non-linear
#     10.9.3.2 fd09:0:0:3::2 --[h2]--'
#
# h0 has a VLAN 5 and a tunnel. All matches of an extension are in the tables together; each of its targets is tested alone. The
# seeds of the fuzzers are replayed as datagrams and connections, cut at every offset. At the end allocations that cannot wait, which
# are those of the packet path, fail one time in ten, while others list, replace and delete the rules.
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
random=$(form 6000 1500 400) stride=$(form 1 13 67) each=$(form 1 1 5)

# Linux 5.10 warns of packets of GSO that have been put together from fragments, if it has to take them apart again
# (skb_warn_bad_offload), without anything of ours.
whole=()
[[ $(uname -r) != 5.10.* ]] || whole=(-w)
corpora=()
for dir in tests/*/corpus/*/; do
	corpora+=(-c "$dir")
done

# side LINK NET: a tap of the router; who is behind it needs not be asked for his address.
side() {
	ip -n pktfuzz tuntap add "h$1" mode tap && ip -n pktfuzz link set "h$1" address "02:00:00:00:00:1$1" mtu 9000 up || return
	ip -n pktfuzz addr add "10.9.$2.1/24" dev "h$1" && ip -n pktfuzz addr add "fd09:0:0:$2::1/64" dev "h$1" nodad || return
	ip -n pktfuzz neigh add "10.9.$2.2" lladdr "02:00:00:00:00:2$1" dev "h$1" nud permanent || return
	ip -n pktfuzz neigh add "fd09:0:0:$2::2" lladdr "02:00:00:00:00:2$1" dev "h$1" nud permanent
}

wire() {
	ip netns add pktfuzz && side 0 1 && side 1 2 && side 2 3 || return
	ip -n pktfuzz link set lo up
	modprobe -a 8021q ipip 2>/dev/null
	ip -n pktfuzz link add link h0 name v0 type vlan id 5 && ip -n pktfuzz link set v0 up || return
	ip -n pktfuzz link add t0 type ipip local 10.9.1.1 remote 10.9.1.2 && ip -n pktfuzz link set t0 up || return
	ip netns exec pktfuzz sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# pktfuzz WHAT OPTION...: each WHAT has packets of its own, which are the same when it runs alone.
pktfuzz() {
	local seed
	seed=$(cksum <<<"$SEED $1")
	ip netns exec pktfuzz build/debug/pktfuzz -s "${seed% *}" "${whole[@]}" "${corpora[@]}" "${@:2}" >"$TMP/pktfuzz"
}

# pktfuzz, where each packet's head moves whenever it may, so that a pointer to it from before is one to freed memory. Does nothing on
# kernels that cannot do that. The kernel's GRO keeps such a pointer, and may, since the requested bytes are linear already.
pktfuzz_moving() {
	local faults=/sys/kernel/debug/fail_skb_realloc status
	[[ -d $faults ]] || return 0
	echo 0 >"$faults/verbose"
	echo -1 >"$faults/times"
	echo 100 >"$faults/probability"
	pktfuzz "$1, moving" -g "${@:2}"
	status=$?
	echo 0 >"$faults/probability"
	return "$status"
}

# load RESTORE FILE: what a file of `TABLE -A CHAIN RULE` lines says, as far as RESTORE and the kernel take it; fails without any.
load() {
	local table rule file="$TMP/table" status=1
	accepted "$1" "$file" <"$2" >/dev/null || return
	ip netns exec pktfuzz "$1" <"$file" 2>/dev/null && return
	while read -r table rule; do
		printf '*%s\n%s\nCOMMIT\n' "$table" "$rule" | ip netns exec pktfuzz "$1" --noflush 2>/dev/null && status=0
	done < <(as_lines <"$file")
	return "$status"
}

# through FILE RESTORE...: packets through the rules of FILE, in the tables of each RESTORE at once.
through() {
	local file=$1 restore what loaded=0 status=0
	for restore in "${@:2}"; do
		load "$restore" "$file" && loaded=1
	done
	((loaded)) || { cat "$file"; echo "none of these rules can be loaded by ${*:2}"; return 1; }
	what="${*:2} $(cat "$file")"
	pktfuzz "$what" -n "$random" && total=$((total + $(cut -d ' ' -f 1 "$TMP/pktfuzz"))) && pktfuzz_moving "$what" -n $((random / 4)) || status=1
	clear_rules pktfuzz "${every_restore[@]}"
	return "$status"
}

# Through the programs of both families, one backend after the other.
through_each() {
	local n
	for ((n = 0; n < ${#restores[@]}; n += 2)); do
		through "$1" "${restores[@]:n:2}" || return
	done
}

through_all() {
	local rule
	total=0
	rules_of "$1" | awk '!/ -j /' >"$TMP/matches"
	if [[ -s $TMP/matches ]]; then
		through_each "$TMP/matches" || return
	fi
	# A target ends the traversal, so each is tested alone, in all of its chains.
	while read -r rule; do
		rules_of "$1" | grep -F -- "$rule" >"$TMP/targets"
		through_each "$TMP/targets" || return
		((!SHORT)) || break
	done < <(rules_of "$1" | sed -n 's/^[^ ]* -A [^ ]* \(.* -j .*\|-j .*\)$/\1/p' | sort -u)
	echo "$total packets" >"$TMP/walked"
	((total)) || { echo "no packet, for no rule of $1"; return 1; }
}

hooks_met() {
	local program hook
	for program in iptables-legacy ip6tables-legacy; do
		for hook in PREROUTING INPUT FORWARD OUTPUT POSTROUTING; do
			ip netns exec pktfuzz "$program" -t mangle -nvxL "$hook" | head -n 1 | grep -q ' [1-9][0-9]* packets' ||
				{ echo "no packet came to $hook of $program"; return 1; }
		done
	done
}

ok 'a router is wired' wire
for program in iptables-legacy ip6tables-legacy; do
	ip netns exec pktfuzz "$program" -t mangle -nL >/dev/null 2>&1
done
modprobe -r -a "${modules[@]}" 2>/dev/null
ok 'packets through a router without rules' pktfuzz 'no rules' -n "$random"
sed 's/^/# /' "$TMP/pktfuzz"
ok 'they came to every hook' hooks_met
modprobe -a "${modules[@]}"

for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	name=${name#lib*_}
	[[ -z $ONLY || $ONLY == "$name" ]] || continue
	ok "packets through the rules of $name" through_all "$file"
	sed 's/^/# /' "$TMP/walked"
done

# Conntrack and its helpers, without rules and with address translation. Every helper that ours bring, and those that they take over,
# by rule, as nobody assigns them any more; of a helper for one family or protocol, the other's rule is refused.
helpers=(ftp:tcp:21 tftp:udp:69 irc:tcp:6667 sip:udp:5060)
for module in "${modules[@]}"; do
	[[ $module != nf_conntrack_* || $module == *_core ]] || helpers+=("${module#nf_conntrack_}:udp:69" "${module#nf_conntrack_}:tcp:21")
done
track() {
	local program
	ip netns exec pktfuzz sysctl -qe net.netfilter.nf_conntrack_helper=1
	for program in iptables-nft ip6tables-nft; do
		ip netns exec pktfuzz "$program" -t nat -A POSTROUTING -o h1 -j MASQUERADE || return
		ip netns exec pktfuzz "$program" -A FORWARD -m conntrack --ctstate RELATED || return
		assign "$program"
	done
}

assign() {
	local helper proto port
	for helper in "${helpers[@]}"; do
		IFS=: read -r helper proto port <<<"$helper"
		ip netns exec pktfuzz "$1" -t raw -A PREROUTING -p "$proto" --dport "$port" -j CT --helper "$helper" 2>/dev/null
	done
	return 0
}

helpers_met() {
	local program helper status=0
	for program in iptables-nft ip6tables-nft; do
		ip netns exec pktfuzz "$program-save" -c -t raw
	done >"$TMP/assigned"
	for helper in $(printf '%s\n' "${helpers[@]%%:*}" | sort -u); do
		grep -qE "^\[[1-9][0-9]*:.* --helper $helper\$" "$TMP/assigned" || { echo "no packet came to the helper $helper"; status=1; }
	done
	((!status)) || cat "$TMP/assigned"
	return "$status"
}

modprobe -q -a nf_conntrack_ftp nf_nat_ftp
ok 'connections are tracked, helped and translated' track
ok 'packets past the helpers' pktfuzz helpers -n "$random"
sed 's/^/# /' "$TMP/pktfuzz"
ok "the seeds of the fuzzers, cut at every$(form '' ' 13th' ' 67th') offset" pktfuzz helpers -e "$stride" -k "$each"
sed 's/^/# /' "$TMP/pktfuzz"
ok 'they came to every helper' helpers_met
if [[ -d /sys/kernel/debug/fail_skb_realloc ]]; then
	ok 'packets past the helpers, moving' pktfuzz_moving helpers -n "$random"
	sed 's/^/# /' "$TMP/pktfuzz"
	ok 'the seeds, moving' pktfuzz_moving helpers -e "$((stride * 4))" -k "$each"
	sed 's/^/# /' "$TMP/pktfuzz"
fi
if ((${#modules[@]})); then
	for file in extensions/lib*.t; do
		rules_of "$file" | awk '!/ -j /'
	done >"$TMP/matches"
	ok 'the matches of all extensions, for IPv4' load iptables-nft-restore "$TMP/matches"
	ok 'the matches of all extensions, for IPv6' load ip6tables-nft-restore "$TMP/matches"
	ok 'the seeds through the matches of all extensions' pktfuzz matches -e "$stride" -k "$each"
	sed 's/^/# /' "$TMP/pktfuzz"
fi

# Rules of all extensions come, are listed and go, until killed. Memory may be short for them, too.
restless() {
	exec >/dev/null 2>&1 </dev/null
	while :; do
		for restore in "${restores[@]}"; do
			ip netns exec pktfuzz "$restore" <"$TMP/all.$restore"
			ip netns exec pktfuzz "${restore%-restore}-save" -c
		done
		clear_rules pktfuzz "${every_restore[@]}"
	done
}

short_of_memory() {
	local faults=/sys/kernel/debug/failslab most=1000000 others status restore
	echo Y >"$faults/ignore-gfp-wait"
	echo N >"$faults/task-filter"
	echo 0 >"$faults/verbose"
	echo "$most" >"$faults/times"
	echo 1 >"$faults/interval"
	for restore in "${restores[@]}"; do
		[[ -s $TMP/all.$restore ]] || { echo "$restore takes no rule"; return 1; }
	done
	restless &
	others=$!
	pktfuzz 'short of memory' -n "$random" -f 3 3>"$faults/probability"
	status=$?
	echo 0 >"$faults/probability" # should it have died
	kill -KILL "$others"
	wait "$others" 2>/dev/null
	failed=$((most - $(<"$faults/times")))
	((failed)) || { echo 'no allocation failed'; return 1; }
	return "$status"
}

if [[ -d /sys/kernel/debug/failslab ]]; then
	for restore in "${restores[@]}"; do
		for file in extensions/lib*.t; do
			rules_of "$file"
		done >"$TMP/all"
		accepted "$restore" "$TMP/all.$restore" <"$TMP/all" >/dev/null
	done
	ok 'packets where memory is short' short_of_memory
	sed 's/^/# /' "$TMP/pktfuzz"
	echo "# $failed allocations failed"
else
	lacking 'packets where memory is short' 'this kernel cannot inject faults'
fi
clear_rules pktfuzz "${every_restore[@]}"
ip netns del pktfuzz
no_leaks 'nothing has leaked'
done_testing
