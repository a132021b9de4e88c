#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Loading and unloading under traffic of both families. This program and the rules are in the right
# namespace; the traffic comes from a:
#
#     a 10.9.0.1 fd09::1 ---- 10.9.0.2 fd09::2
#
# - Each module is loaded and gets the rules of its rule cases. It cannot be unloaded while these
#   rules are replaced under traffic, and can after they are deleted. Each module does this alone;
#   then all together.
# - Network namespaces with rules and packets are created and deleted.
# - At the end every module is unloaded, no memory has leaked, and as many network namespaces exist
#   as before.
# deadline: 1500
[[ ${POM_LIFECYCLE_INSIDE-} ]] || POM_LIFECYCLE_INSIDE=1 exec unshare --net "$BASH" "$0"
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
autohelper=/proc/sys/net/netfilter/nf_autohelper
alone=$(form 10 2 1) together=$(form 100 10 2) namespaces=$(form 1000 50 6)

set_up_link() {
	ip netns add a && ip link add e0 type veth peer name e0 netns a || return
	ip -n a addr add 10.9.0.1/24 dev e0 && ip addr add 10.9.0.2/24 dev e0 || return
	ip -n a addr add fd09::1/64 dev e0 nodad && ip addr add fd09::2/64 dev e0 nodad || return
	ip -n a link set e0 up && ip link set e0 up && ip link set lo up || return
	ip netns exec a ping -c 1 -W 5 10.9.0.2 || return
	# No connection is tracked, and no helper is called, without a rule that requires it.
	iptables-nft -t security -A INPUT -m conntrack --ctstate INVALID &&
		ip6tables-nft -t security -A INPUT -m conntrack --ctstate INVALID
}

# Sends datagrams and opens connections, to ports of helpers and to others, until killed.
traffic='
	use IO::Socket::IP;
	my @to = map { my $to = $_; map { [$to, $_] } 69, 23, 5060 } "10.9.0.2", "fd09::2";
	while (1) {
		for (@to) {
			my ($to, $port) = @$_;
			my @peer = (PeerHost => $to, PeerPort => $port);
			my $udp = IO::Socket::IP->new(@peer, Type => SOCK_DGRAM) or next;
			$udp->send("\0\1file\0octet\0");
			my $tcp = IO::Socket::IP->new(@peer, Type => SOCK_STREAM, Blocking => 0);
			select undef, undef, undef, 0.005; # sleep: leave the CPU to other processes
		}
	}'

# Each sender still runs, and 20 packets arrive within five seconds.
traffic_continues() {
	local had end=$((SECONDS + 5))
	kill -0 "${senders[@]}" || return
	had=$(received)
	until (($(received) > had + 20)); do
		((SECONDS < end)) ||
			{ echo "only $(($(received) - had)) packets in 5 s"; return 1; }
	done
}
received() { awk '$1 == "e0:" { print $3 }' /proc/net/dev; }

replace() { # NAME: replaces whole tables, in one step each
	local restore
	for restore in "${restores[@]}"; do
		[[ ! -s $TMP/$1.$restore ]] || "$restore" <"$TMP/$1.$restore" ||
			{ echo "$restore refused the rules of $1"; return 1; }
	done
}

# Loads MODULE..., replaces the rules of NAME (empty: none), and unloads. Rules hold modules named
# xt_*.
cycle() { # NAME MODULE...
	local name=$1 module replacing
	shift
	modprobe -a "$@" || return
	# modprobe attaches helpers in the initial namespace only.
	[[ ! -e $autohelper ]] || echo 2 >"$autohelper"
	if [[ $name ]]; then
		replace "$name" || return
		{ replace "$name" && replace "$name"; } &
		replacing=$!
		while kill -0 "$replacing" 2>/dev/null; do
			for module; do
				[[ $module == xt_* ]] || continue
				! rmmod "$module" 2>/dev/null ||
					{ echo "$module was unloaded while rules used it"; return \
					1; }
			done
		done
		wait "$replacing" || return
		clear_rules '' "${restores[@]}"
	fi
	unload_all
}

cycles() { # N NAME MODULE...
	local n
	for ((n = 1; n <= $1; n++)); do
		cycle "${@:2}" || { echo "in cycle $n"; return 1; }
	done
}

# Creates and leaves network namespaces, each with the rules of one restore program and with packets
# of both families.
namespace_cycles='
	use Socket qw(:DEFAULT pack_sockaddr_in6 IN6ADDR_LOOPBACK);
	my ($times, $rules, @restores) = @ARGV;
	for my $n (1 .. $times) {
		syscall(272, 0x40000000) and die "unshare: $!\n";
		socket(my $four, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
		socket(my $six, AF_INET6, SOCK_DGRAM, 0) or die "socket: $!\n";
		ioctl($four, 0x8914, my $up = pack("a16sx22", "lo", 0x41)) or die "lo: $!\n";
		if (open my $autohelper, ">", "/proc/sys/net/netfilter/nf_autohelper") {
			print $autohelper "2\n";
		}
		my $restore = $restores[$n % @restores];
		system("$restore <$rules.$restore") and die "namespace $n: $restore\n";
		for my $port (69, 23) {
			my $text = "\0\1file\0octet\0";
			send($four, $text, 0, pack_sockaddr_in($port, INADDR_LOOPBACK));
			send($six, $text, 0, pack_sockaddr_in6($port, IN6ADDR_LOOPBACK));
		}
	}'

# Prints how many network namespaces the slab allocator counts. Shrinking the cache releases the
# objects in KASAN's quarantine and in the lists of the CPUs.
netns_count() {
	[[ ! -w /sys/kernel/slab/net_namespace/shrink ]] ||
		echo 1 >/sys/kernel/slab/net_namespace/shrink
	awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo
}

# Prints the least of COUNTS counts, or the first that is at most ENOUGH. A namespace is freed with
# a delay; on emulated CPUs ten counts are too few. Since Linux 6.13 it is freed when the next one
# is removed, so one is removed every 20 counts. Prints nothing on debug-5.10: its KASAN would need
# the cache to shrink, and lockdep warns about that kernel's code for it.
least_netns_count() { # COUNTS ENOUGH
	local tries count least=
	[[ $(uname -r) != 5.10.*-pom-debug ]] || return 0
	for ((tries = 0; tries < $1; tries++)); do
		((tries % 20)) || unshare --net true
		count=$(netns_count)
		[[ $count ]] || return
		((${least:=$count} <= count)) || least=$count
		((least > $2)) || break
	done
	echo "$least"
}

namespaces_are_as_before() {
	local count
	count=$(least_netns_count 400 "$before")
	((count > before)) || return 0
	echo "at least $count network namespaces in each of 400 counts; $before before"
	return 1
}

unload_all >/dev/null
ok 'a link to a second namespace' set_up_link
before=$(least_netns_count 60 0)
# One sender for each CPU, so that packets are processed concurrently.
senders=()
for ((i = $(nproc); i > 0; i--)); do
	ip netns exec a perl -e "$traffic" &
	senders+=($!)
done
trap 'kill -KILL "${senders[@]}" 2>/dev/null; rm -rf "$TMP"' EXIT

modprobe -a "${modules[@]}"
for restore in "${restores[@]}"; do
	for file in extensions/lib*_*.t; do
		name=$(basename "$file" .t)
		name=${name#lib*_}
		[[ -z $ONLY || $ONLY == "$name" ]] || continue
		ok "$restore accepts rules of $name" tables "$restore" "$file" "$TMP/$name.$restore"
		as_lines <"$TMP/$name.$restore" >>"$TMP/lines.$restore"
		as_lines <"$TMP/$name.$restore" | head -n 1 >>"$TMP/few-lines.$restore"
	done
	[[ -s $TMP/lines.$restore ]] || continue
	as_tables <"$TMP/lines.$restore" >"$TMP/all.$restore"
	as_tables <"$TMP/few-lines.$restore" >"$TMP/few.$restore"
done

for module in "${modules[@]}"; do
	name=${module#xt_}
	[[ -z $ONLY || $ONLY == "$name" || $ONLY == "$module" ]] || continue
	[[ -s $TMP/$name.${restores[0]} ]] || name=
	ok "$alone cycles of $module alone${name:+, with rules}" cycles "$alone" "$name" "$module"
	clear_rules '' "${restores[@]}"
done
all=
[[ ! -s $TMP/all.${restores[0]} ]] || all=all
ok "$together cycles of all modules together${all:+, with all rules}" cycles "$together" "$all" \
	"${modules[@]}"
clear_rules '' "${restores[@]}"
modprobe -a "${modules[@]}"
if [[ $all ]]; then
	ok "$namespaces namespaces with rules are created and deleted" perl -e "$namespace_cycles" \
		"$namespaces" "$TMP/few" "${restores[@]}"
fi
ok 'all senders still send' traffic_continues
kill -KILL "${senders[@]}"
wait "${senders[@]}" 2>/dev/null
ok 'every module can be unloaded' unload_all
if [[ $before ]]; then
	ok 'as many network namespaces as before' namespaces_are_as_before
elif [[ $(uname -r) == 5.10.*-pom-debug ]]; then
	skip 'as many network namespaces as before' 'lockdep reports how Linux 5.10 shrinks caches'
else
	lacking 'as many network namespaces as before' 'this kernel has no /proc/slabinfo'
fi
no_leaks 'no memory has leaked'
done_testing
