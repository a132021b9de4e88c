#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Coming and going, under traffic of both families:
#
#     a 10.9.0.1 fd09::1 ---- 10.9.0.2 fd09::2 the namespace of this program: the rules are here, the traffic comes from a
#
# Each module is loaded, given every rule of its rule cases, refuses to go while these are replaced under traffic, and goes when
# they have gone: some times alone and, in the long form, a hundred times together with all others. A thousand network namespaces
# with rules and packets come and go. At the end every module is gone, nothing has leaked, and there are exactly as many namespaces
# as before.
# deadline: 1500
[[ ${POM_LIFECYCLE_INSIDE-} ]] || POM_LIFECYCLE_INSIDE=1 exec unshare --net "$BASH" "$0"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
follow=/proc/sys/net/netfilter/nf_autohelper
alone=$(form 10 2 1) together=$(form 100 10 2) namespaces=$(form 1000 50 6)

wire() {
	ip netns add a && ip link add e0 type veth peer name e0 netns a || return
	ip -n a addr add 10.9.0.1/24 dev e0 && ip addr add 10.9.0.2/24 dev e0 || return
	ip -n a addr add fd09::1/64 dev e0 nodad && ip addr add fd09::2/64 dev e0 nodad || return
	ip -n a link set e0 up && ip link set e0 up && ip link set lo up || return
	ip netns exec a ping -c 1 -W 5 10.9.0.2 || return
	# Without a rule that asks for it, nobody tracks connections, and no helper is asked.
	iptables-nft -t security -A INPUT -m conntrack --ctstate INVALID && ip6tables-nft -t security -A INPUT -m conntrack --ctstate INVALID
}

# Datagrams to ports that helpers look at and to others, and connections; until killed.
traffic='
	use IO::Socket::IP;
	my @to = map { my $to = $_; map { [$to, $_] } 69, 23, 5060 } "10.9.0.2", "fd09::2";
	while (1) {
		for (@to) {
			my ($to, $port) = @$_;
			my $udp = IO::Socket::IP->new(PeerHost => $to, PeerPort => $port, Type => SOCK_DGRAM) or next;
			$udp->send("\0\1file\0octet\0");
			my $tcp = IO::Socket::IP->new(PeerHost => $to, PeerPort => $port, Type => SOCK_STREAM, Blocking => 0);
			select undef, undef, undef, 0.005; # sleep: others are to get on
		}
	}'

# That each sender still sends: packets come within five seconds.
traffic_goes_on() {
	local had end=$((SECONDS + 5))
	kill -0 "${senders[@]}" || return
	had=$(received)
	until (($(received) > had + 20)); do
		((SECONDS < end)) || { echo "after $had packets, $(received)"; return 1; }
	done
}
received() { awk '$1 == "e0:" { print $3 }' /proc/net/dev; }

replace() { # NAME: in all tables at once, as it is with whole tables
	local restore
	for restore in "${restores[@]}"; do
		[[ ! -s $TMP/$1.$restore ]] || "$restore" <"$TMP/$1.$restore" || { echo "$restore of the rules of $1"; return 1; }
	done
}

# One life of MODULE..., with the rules of NAME, or without any if that is empty. Those named xt_ are needed by rules.
life() { # NAME MODULE...
	local name=$1 module replacing
	shift
	modprobe -a "$@" || return
	# Helpers that modprobe attaches in the initial namespace, here as well.
	[[ ! -e $follow ]] || echo 2 >"$follow"
	if [[ $name ]]; then
		replace "$name" || return
		{ replace "$name" && replace "$name"; } &
		replacing=$!
		while kill -0 "$replacing" 2>/dev/null; do
			for module; do
				[[ $module == xt_* ]] || continue
				! rmmod "$module" 2>/dev/null || { echo "$module could be unloaded while rules need it"; return 1; }
			done
		done
		wait "$replacing" || return
		clear_rules '' "${restores[@]}"
	fi
	unload_all
}

lives() { # N NAME MODULE...
	local n
	for ((n = 1; n <= $1; n++)); do
		life "${@:2}" || { echo "in life $n"; return 1; }
	done
}

# A namespace after the other, each with the rules of one of the programs, and with packets of both families.
namespace_lives='
	use Socket qw(:DEFAULT pack_sockaddr_in6 IN6ADDR_LOOPBACK);
	my ($times, $rules, @restores) = @ARGV;
	for my $n (1 .. $times) {
		syscall(272, 0x40000000) and die "unshare: $!\n";
		socket(my $four, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
		socket(my $six, AF_INET6, SOCK_DGRAM, 0) or die "socket: $!\n";
		ioctl($four, 0x8914, my $up = pack("a16sx22", "lo", 0x41)) or die "lo: $!\n";
		if (open my $follow, ">", "/proc/sys/net/netfilter/nf_autohelper") { print $follow "2\n" }
		my $restore = $restores[$n % @restores];
		system("$restore <$rules.$restore") and die "namespace $n: $restore\n";
		for my $port (69, 23) {
			send($four, "\0\1file\0octet\0", 0, pack_sockaddr_in($port, INADDR_LOOPBACK));
			send($six, "\0\1file\0octet\0", 0, pack_sockaddr_in6($port, IN6ADDR_LOOPBACK));
		}
	}'

# How many namespaces the slab allocator has given out and not got back. What KASAN keeps for a while, and what lies ready for a
# processor, shrinking the cache lets go.
netns_count() {
	[[ ! -w /sys/kernel/slab/net_namespace/shrink ]] || echo 1 >/sys/kernel/slab/net_namespace/shrink
	awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo
}

# The least of as many counts as asked for, or the first that is not above ENOUGH: going takes a moment, longer than ten looks do
# on emulated CPUs. Since Linux 6.13 a namespace is freed when the next one is removed, so one is removed from time to time.
# Nothing on debug-5.10, where KASAN has to be made to let go, and lockdep warns of how that kernel's shrinking does it.
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
	echo "$count network namespaces at least, of many looks; $before before"
	return 1
}

unload_all >/dev/null
ok 'two namespaces are wired' wire
before=$(least_netns_count 60 0)
# One for each CPU, so that packets run concurrently.
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
		ok "$restore takes rules of $name" tables "$restore" "$file" "$TMP/$name.$restore"
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
	ok "$alone cycles of $module alone${name:+, with rules}" lives "$alone" "$name" "$module"
	clear_rules '' "${restores[@]}"
done
all=
[[ ! -s $TMP/all.${restores[0]} ]] || all=all
ok "$together cycles of all modules together${all:+, with all rules}" lives "$together" "$all" "${modules[@]}"
clear_rules '' "${restores[@]}"
modprobe -a "${modules[@]}"
if [[ $all ]]; then
	ok "$namespaces namespaces with rules come and go" perl -e "$namespace_lives" "$namespaces" "$TMP/few" "${restores[@]}"
fi
ok 'all senders have sent until now' traffic_goes_on
kill -KILL "${senders[@]}"
wait "${senders[@]}" 2>/dev/null
ok 'every module can be unloaded' unload_all
if [[ $before ]]; then
	ok 'as many network namespaces as before' namespaces_are_as_before
elif [[ $(uname -r) == 5.10.*-pom-debug ]]; then
	skip 'as many network namespaces as before' 'this kernel may not shrink caches'
else
	lacking 'as many network namespaces as before' 'this kernel has no /proc/slabinfo'
fi
no_leaks 'nothing has leaked'
done_testing
