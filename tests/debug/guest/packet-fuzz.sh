#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Malformed packets (tests/debug/pktfuzz.c) through every rule of every extension, at every hook
# that the rule allows, and through every helper:
#
#     10.9.1.2 fd09:0:0:1::2 --[h0]--.
#                                 router --[h1]-- 10.9.2.2 fd09:0:0:2::2
#     10.9.3.2 fd09:0:0:3::2 --[h2]--'
#
# h0 and h1 carry GSO packets and partial checksums; h2 carries non-linear packets. h0 has VLAN 5
# and an IPIP tunnel. All matches of an extension are loaded together; each of its targets is tested
# alone. The corpora of the fuzzers are replayed as datagrams and connections, cut at every offset.
# At the end, one allocation in ten fails, while another process lists, replaces and deletes the
# rules.
# deadline: 1800
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
random=$(form 6000 1500 400) stride=$(form 1 13 67) each=$(form 1 3 12)

# Linux 5.10 itself warns about a GSO packet that it has reassembled from fragments and must segment
# again (skb_warn_bad_offload).
whole=()
[[ $(uname -r) != 5.10.* ]] || whole=(-w)
corpora=()
for dir in tests/*/corpus/*/; do
	corpora+=(-c "$dir")
done

# side LINK NET: a tap device of the router, with permanent neighbours: pktfuzz answers no ARP
# request.
side() {
	ip -n pktfuzz tuntap add "h$1" mode tap &&
		ip -n pktfuzz link set "h$1" address "02:00:00:00:00:1$1" mtu 9000 up || return
	ip -n pktfuzz addr add "10.9.$2.1/24" dev "h$1" &&
		ip -n pktfuzz addr add "fd09:0:0:$2::1/64" dev "h$1" nodad || return
	ip -n pktfuzz neigh add "10.9.$2.2" lladdr "02:00:00:00:00:2$1" dev "h$1" nud permanent ||
		return
	ip -n pktfuzz neigh add "fd09:0:0:$2::2" lladdr "02:00:00:00:00:2$1" dev "h$1" nud permanent
}

set_up_router() {
	ip netns add pktfuzz && side 0 1 && side 1 2 && side 2 3 || return
	ip -n pktfuzz link set lo up
	modprobe -a 8021q ipip 2>/dev/null
	ip -n pktfuzz link add link h0 name v0 type vlan id 5 && ip -n pktfuzz link set v0 up ||
		return
	ip -n pktfuzz link add t0 type ipip local 10.9.1.1 remote 10.9.1.2 &&
		ip -n pktfuzz link set t0 up || return
	ip netns exec pktfuzz sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# pktfuzz WHAT OPTION...: WHAT and the seed select the packets, so that a WHAT tested alone gets the
# same ones.
ports=()
pktfuzz() {
	local seed
	seed=$(cksum <<<"$SEED $1")
	ip netns exec pktfuzz build/debug/pktfuzz -s "${seed% *}" "${whole[@]}" "${corpora[@]}" \
		"${ports[@]}" "${@:2}" >"$TMP/pktfuzz"
}

# pktfuzz_moving WHAT OPTION...: pktfuzz with fail_skb_realloc: the head of a packet moves whenever
# the kernel may move it, and an older pointer to it then points to freed memory. Does nothing on
# kernels without it. GRO is off (-g): it keeps such a pointer, which is correct, as the bytes that
# it requests are linear.
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

# load RESTORE FILE: loads the rules in FILE (lines TABLE -A CHAIN RULE) that RESTORE and the kernel
# accept; fails if they accept none.
load() {
	local table rule file="$TMP/table" status=1
	accepted "$1" "$file" <"$2" >/dev/null || return
	ip netns exec pktfuzz "$1" <"$file" 2>/dev/null && return
	while read -r table rule; do
		printf '*%s\n%s\nCOMMIT\n' "$table" "$rule" |
			ip netns exec pktfuzz "$1" --noflush 2>/dev/null && status=0
	done < <(as_lines <"$file")
	return "$status"
}

# through FILE RESTORE...: sends packets through the rules of FILE, loaded by every RESTORE.
through() {
	local file=$1 restore what loaded=0 status=0
	for restore in "${@:2}"; do
		load "$restore" "$file" && loaded=1
	done
	((loaded)) || { cat "$file"; echo "none of these rules can be loaded by ${*:2}"; return 1; }
	what="${*:2} $(cat "$file")"
	pktfuzz "$what" -n "$random" && total=$((total + $(cut -d ' ' -f 1 "$TMP/pktfuzz"))) &&
		pktfuzz_moving "$what" -n $((random / 4)) || status=1
	clear_rules pktfuzz "${every_restore[@]}"
	return "$status"
}

# Loads both families together, one backend after the other.
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
	# A target ends the traversal: test each one alone, in all of its chains.
	while read -r rule; do
		rules_of "$1" | grep -F -- "$rule" >"$TMP/targets"
		through_each "$TMP/targets" || return
		((!SHORT)) || break
	done < <(rules_of "$1" | sed -n 's/^[^ ]* -A [^ ]* \(.* -j .*\|-j .*\)$/\1/p' | sort -u)
	echo "$total packets" >"$TMP/sent"
	((total)) || { echo "no packet was sent through a rule of $1"; return 1; }
}

all_hooks_reached() {
	local program hook
	for program in iptables-legacy ip6tables-legacy; do
		for hook in PREROUTING INPUT FORWARD OUTPUT POSTROUTING; do
			ip netns exec pktfuzz "$program" -t mangle -nvxL "$hook" | head -n 1 |
				grep -q ' [1-9][0-9]* packets' ||
				{ echo "no packet reached $hook of $program"; return 1; }
		done
	done
}

ok 'a router with three tap devices' set_up_router
for program in iptables-legacy ip6tables-legacy; do
	ip netns exec pktfuzz "$program" -t mangle -nL >/dev/null 2>&1
done
modprobe -r -a "${modules[@]}" 2>/dev/null
ok 'packets through a router without rules' pktfuzz 'no rules' -n "$random"
sed 's/^/# /' "$TMP/pktfuzz"
ok 'these packets reached every hook' all_hooks_reached
modprobe -a "${modules[@]}"

for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	name=${name#lib*_}
	[[ -z $ONLY || $ONLY == "$name" ]] || continue
	ok "packets through the rules of $name" through_all "$file"
	sed 's/^/# /' "$TMP/sent"
done

# Connection tracking and NAT, with every helper of the tree and those of the kernel. Rules assign
# the helpers: newer kernels do not assign them automatically. The rule for a family or protocol
# that a helper does not have is refused. A helper that no module attaches to a port has its own one
# here.
helpers=(ftp:tcp:21 tftp:udp:69 irc:tcp:6667 sip:udp:5060)
mapfile -t -O ${#helpers[@]} helpers < <(awk '!/^#/ { print $3 ":" $1 ":" $2 }' \
	/proc/net/nf_autohelper 2>/dev/null)
port=40000
for name in $(modinfo -F alias "${modules[@]}" 2>/dev/null | sed -n 's/^nfct-helper-//p'); do
	[[ " ${helpers[*]}" != *" $name:"* ]] || continue
	helpers+=("$name:udp:$((++port))" "$name:tcp:$port")
done
mapfile -t ports < <(printf '%s\n' "${helpers[@]##*:}" | sort -nu | sed 's/^/-p/')
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
		ip netns exec pktfuzz "$1" -t raw -A PREROUTING -p "$proto" --dport "$port" -j CT \
			--helper "$helper" 2>/dev/null
	done
	return 0
}

all_helpers_reached() {
	local program helper status=0
	for program in iptables-nft ip6tables-nft; do
		ip netns exec pktfuzz "$program-save" -c -t raw
	done >"$TMP/assigned"
	for helper in $(printf '%s\n' "${helpers[@]%%:*}" | sort -u); do
		grep -qE "^\[[1-9][0-9]*:.* --helper $helper\$" "$TMP/assigned" ||
			{ echo "no packet reached the helper $helper"; status=1; }
	done
	((!status)) || cat "$TMP/assigned"
	return "$status"
}

modprobe -q -a nf_conntrack_ftp nf_nat_ftp
ok 'connection tracking with helpers and NAT' track
ok 'packets through the helpers' pktfuzz helpers -n "$random"
sed 's/^/# /' "$TMP/pktfuzz"
ok "the corpora of the fuzzers, cut at every$(form '' ' 13th' ' 67th') offset" pktfuzz helpers \
	-e "$stride" -k "$each"
sed 's/^/# /' "$TMP/pktfuzz"
ok 'packets reached every helper' all_helpers_reached
if [[ -d /sys/kernel/debug/fail_skb_realloc ]]; then
	ok 'packets through the helpers, with moving heads' pktfuzz_moving helpers -n "$random"
	sed 's/^/# /' "$TMP/pktfuzz"
	ok 'the corpora, with moving heads' pktfuzz_moving helpers -e "$((stride * 4))" -k "$each"
	sed 's/^/# /' "$TMP/pktfuzz"
fi
if ((${#modules[@]})); then
	for file in extensions/lib*.t; do
		rules_of "$file" | awk '!/ -j /'
	done >"$TMP/matches"
	ok 'the matches of all extensions, for IPv4' load iptables-nft-restore "$TMP/matches"
	ok 'the matches of all extensions, for IPv6' load ip6tables-nft-restore "$TMP/matches"
	ok 'the corpora through the matches of all extensions' pktfuzz matches \
		-e "$stride" -k "$each"
	sed 's/^/# /' "$TMP/pktfuzz"
fi

# Loads, lists and deletes the rules of all extensions until killed. Its allocations may fail, too.
change_rules() {
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
		[[ -s $TMP/all.$restore ]] || { echo "$restore accepts no rule"; return 1; }
	done
	change_rules &
	others=$!
	pktfuzz 'short of memory' -n "$random" -f 3 3>"$faults/probability"
	status=$?
	echo 0 >"$faults/probability" # in case pktfuzz was killed
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
	ok 'packets while allocations fail' short_of_memory
	sed 's/^/# /' "$TMP/pktfuzz"
	echo "# $failed allocations failed"
else
	lacking 'packets while allocations fail' 'this kernel cannot inject faults'
fi
clear_rules pktfuzz "${every_restore[@]}"
ip netns del pktfuzz
no_leaks 'no memory has leaked'
done_testing
