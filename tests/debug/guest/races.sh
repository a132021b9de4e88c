#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two things at once, for KCSAN: a sender on each processor, without pause, of datagrams and connections that have addresses and
# ports in common, so that packets meet in the modules, while the rules of one extension after the other are loaded, listed
# and replaced, and every file of the modules is read and written.
#
#     lo 127.0.0.1 ::1      all traffic: OUTPUT, POSTROUTING, PREROUTING and INPUT
# deadline: 1500
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
seconds=$(form 60 30 15)
if (($(nproc) < 2)); then
	skip 'two things at once' 'this machine has one processor'
	done_testing
fi

# Takes connections and reads what comes.
server='
	use IO::Socket::IP;
	use IO::Select;
	my $listener = IO::Socket::IP->new(LocalHost => "::", V6Only => 0, LocalPort => 80, Listen => 64, ReuseAddr => 1) or die "$@\n";
	my $open = IO::Select->new($listener);
	while (my @ready = $open->can_read) {
		for my $socket (@ready) {
			if ($socket == $listener) {
				my $client = $listener->accept or next;
				$open->add($client);
			} elsif (!sysread $socket, my $bytes, 65536) {
				$open->remove($socket);
				close $socket;
			}
		}
	}'
# Another sender has the same ports. That nobody listens there, or that a rule forbids it, is nothing to stop at.
sender='
	use IO::Socket::IP;
	my $payload = "\0\1file\0octet\0" . "\xff" x 1000;
	my @hosts = ("127.0.0.1", "::1");
	my @udp = map { my $host = $_; map {
		IO::Socket::IP->new(PeerHost => $host, PeerPort => $_, LocalPort => 30000 + $_, ReuseAddr => 1, ReusePort => 1, Type => SOCK_DGRAM) or die "$@\n"
	} 69, 23, 5060 } @hosts;
	while (1) {
		for (1 .. 50) {
			$_->send($payload) for @udp;
		}
		for my $host (@hosts) {
			my $tcp = IO::Socket::IP->new(PeerHost => $host, PeerPort => 80, Type => SOCK_STREAM, Timeout => 0.2) or next;
			$tcp->blocking(0);
			syswrite $tcp, $payload for 1 .. 10;
		}
	}'

start_traffic() {
	local program processor
	ip link set lo up
	# Without a rule that asks for it, nobody tracks connections.
	for program in iptables-nft ip6tables-nft; do
		"$program" -t security -A INPUT -m conntrack --ctstate INVALID || return
	done
	perl -e "$server" &
	senders=($!)
	for ((processor = $(nproc) - 1; processor >= 0; processor--)); do
		taskset -c "$processor" perl -e "$sender" &
		senders+=($!)
	done
}

# Extension NAME for a while, in as many $rounds and datagrams $sent; refusals by files are theirs to make.
meet() { # NAME
	local end=$((SECONDS + seconds)) restore file data undo
	sent=$(datagrams) rounds=0
	until ((SECONDS > end && rounds)); do
		for restore in "${restores[@]}"; do
			"$restore" <"$TMP/$1.$restore" || return
			"${restore%-restore}-save" -c >/dev/null || return
		done
		while read -r file; do
			mapfile -n 1000 -t <"$file"
			while read -r data undo; do
				printf '%b\n' "$data" "$undo" >"$file"
			done <<<"$writings"
		done 2>/dev/null < <(files_of_modules | comm -13 "$TMP/without" - | grep '^/proc/')
		rounds=$((rounds + 1))
	done
	sent=$(($(datagrams) - sent))
	kill -0 "${senders[@]}" || return
	((sent > 0)) || { echo 'no datagram was sent'; return 1; }
}
datagrams() { awk '/^Udp: [0-9]/ { n += $5 } /^Udp6OutDatagrams/ { n += $2 } END { print n }' /proc/net/snmp /proc/net/snmp6; }

trap 'kill -KILL "${senders[@]}" 2>/dev/null; rm -rf "$TMP"' EXIT
senders=()
unload_all >/dev/null
files_of_modules >"$TMP/without"
modprobe -a "${modules[@]}"
modprobe -q -a nf_conntrack_tftp nf_nat_tftp
ok 'each processor sends' start_traffic
for file in extensions/lib*.t; do
	name=$(basename "$file" .t)
	name=${name#lib*_}
	[[ -z $ONLY || $ONLY == "$name" ]] || continue
	for restore in "${restores[@]}"; do
		ok "$restore takes rules of $name" tables "$restore" "$file" "$TMP/$name.$restore"
	done
	ok "packets meet in $name" meet "$name"
	echo "# $sent datagrams, $rounds rounds"
	clear_rules '' "${every_restore[@]}"
done
kill -KILL "${senders[@]}"
wait "${senders[@]}" 2>/dev/null
ok 'every module can be unloaded' unload_all
done_testing
