#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Control plane and packets at the same time. For each patchlet, programs change everything that
# user space can change, with random values, while a sender on each CPU sends packets from thousands
# of addresses:
#
# - iptables-nft loads and lists tables with the rules of the rule cases;
# - tests/debug/abi-fuzz.c replaces single rules of every revision, with mutated data;
# - tests/debug/drive.pl reads and writes files in /proc/net, sysctls and module parameters, sends
#   generic netlink requests, runs commands, and joins and leaves groups of events;
# - network namespaces with the rules are created and left.
#
# drive.pl finds the files and operations in the running kernel. The test fails if the kernel
# accepted no value for one of them: the patchlet must declare a value in proc-writes or
# netlink-commands. KASAN and KCSAN detect the races. With one CPU, packets race only with code in
# process context.
#
#     lo 127.0.0.1 ::1      all traffic: OUTPUT, POSTROUTING, PREROUTING and INPUT
# deadline: 1500
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=patterns.sh
. tests/debug/guest/patterns.sh
seconds=$(form 60 3 20)
restores=(iptables-nft-restore ip6tables-nft-restore)

# Accepts connections and discards their data.
server='
	use IO::Socket::IP;
	use IO::Select;
	my $listener = IO::Socket::IP->new(LocalHost => "::", V6Only => 0, LocalPort => 80,
		Listen => 64, ReuseAddr => 1) or die "$@\n";
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
# Opens connections, which flood does not. Rules may reject some.
client='
	use IO::Socket::IP;
	my $payload = "\0\1file\0octet\0" . "\xff" x 1000;
	while (1) {
		for my $host ("127.0.0.1", "::1") {
			my $tcp = IO::Socket::IP->new(PeerHost => $host, PeerPort => 80,
				Type => SOCK_STREAM, Timeout => 0.2) or next;
			$tcp->blocking(0);
			syswrite $tcp, $payload for 1 .. 10;
		}
	}'

agents=()
agent() { # OUTPUT COMMAND...
	"${@:2}" >"$TMP/$1.out" 2>&1 </dev/null &
	agents+=($!)
}

start_traffic() {
	local cpu
	for ((cpu = $(nproc) - 1; cpu >= 0; cpu--)); do
		agent "flood.$cpu" build/debug/flood -c "$cpu" -s "$SEED$cpu"
	done
	agent server perl -e "$server"
	agent client perl -e "$client"
}

# Prints the declaration files of a patchlet and of those that it needs. KIND: proc-writes,
# netlink-commands.
declared() { # KIND NAME
	scripts/info list "$2" | while read -r patchlet; do
		find "patchlets/$patchlet/$1" -maxdepth 0 2>/dev/null
	done
}
families_of() { modinfo -F alias "$@" | sed -n 's/^net-pf-16-proto-16-family-//p'; }

start_drivers() { # NAME MODULE... SUFFIX
	local name=$1 suffix=${*: -1}
	local -a writes commands families
	set -- "${@:2:$#-2}"
	readarray -t writes < <(declared proc-writes "$name")
	readarray -t commands < <(declared netlink-commands "$name")
	readarray -t families < <(families_of "$@")
	export DRIVE_SEED=$SEED DRIVE_MODULES="$*"
	agent files tests/debug/drive.pl files "$TMP/without" "$TMP/covered.files$suffix" \
		"${writes[@]}"
	((!${#families[@]})) || agent netlink tests/debug/drive.pl netlink "$TMP/without" \
		"$TMP/covered.netlink$suffix" "${families[@]}"
	((!${#families[@]})) ||
		agent listen tests/debug/drive.pl listen "$TMP/covered.listen$suffix" \
		"${families[@]}"
	((!${#commands[@]})) ||
		agent commands tests/debug/drive.pl commands "$TMP/covered.commands$suffix" \
		"${commands[@]}"
}

start_changes() { # NAME MODULE...
	local extension
	start_drivers "$@" ''
	agent namespaces unshare --net tests/debug/drive.pl namespaces "$TMP/covered.namespaces" \
		"$TMP/rules" "${restores[@]}"
	fuzzers=()
	for extension in $(scripts/info extensions "$1"); do
		"$BASH" "$TMP/fuzz" "$TMP/patterns/$extension" -s "$SEED" -t "$seconds" \
			-r "$TMP/patterns/$extension/revisions" "$extension" \
			>"$TMP/fuzz.$extension.out" 2>&1 </dev/null &
		fuzzers+=($!)
		# The next one fills the same tables with its patterns.
		until [[ -s $TMP/fuzz.$extension.out ]] || ! kill -0 "$!" 2>/dev/null; do
			sleep 0.1 # sleep: between observations
		done
	done
}

stop_agents() {
	local pid status=0
	kill -TERM "${agents[@]}" 2>/dev/null
	for pid in "${agents[@]}"; do
		wait "$pid"
		case $? in
		0 | 143) ;;
		*) status=1 ;;
		esac
	done
	agents=()
	((!status)) || tail -n 5 "$TMP"/*.out
	return "$status"
}

load_rules() {
	local restore
	for restore in "${restores[@]}"; do
		[[ ! -s $TMP/rules.$restore ]] || "$restore" <"$TMP/rules.$restore" || return
	done
}

# Loads and lists the tables for $seconds. The kernel may refuse them while a limit is small.
replace_rules() {
	local end=$((SECONDS + seconds)) restore
	rounds=0
	until ((SECONDS >= end && rounds)); do
		load_rules >"$TMP/restore.out" 2>&1
		for restore in "${restores[@]}"; do
			"${restore%-restore}-save" -c >/dev/null 2>&1 || return
		done
		rounds=$((rounds + 1))
	done
}

# Runs the drivers while all rules remain loaded, so that requests find the names that they need,
# until the kernel has accepted something for each item, for a minute at most.
use_all() {
	local n=0 end=$((SECONDS + 60))
	load_rules || return
	until everything_used >/dev/null || ((SECONDS >= end)); do
		start_drivers "$@" ".alone$((n++))"
		sleep "$(form 5 2 5)" & # sleep: the time that the drivers have
		wait "$!"
		stop_agents || return
	done
}

# No connection is tracked without a rule that requires it.
conntrack_on() {
	local program
	for program in iptables-nft ip6tables-nft; do
		"$program" -t security -A INPUT -m conntrack --ctstate INVALID || return
	done
}

run_both() { # NAME MODULE...
	local status=0 pid
	rm -f "$TMP"/covered.* "$TMP"/*.out
	start_traffic
	# abi-fuzz changes rules that it finds.
	load_rules || status=1
	start_changes "$@"
	replace_rules || status=1
	for pid in "${fuzzers[@]}"; do
		wait "$pid" || status=1
	done
	stop_agents || status=1
	use_all "$@" || status=1
	((!status)) || cat "$TMP"/fuzz.*.out 2>/dev/null
	sent=$(cat "$TMP"/flood.*.out | awk '{ n += $1 } END { print n + 0 }')
	((sent > 0)) || { echo 'no packet was sent'; return 1; }
	return "$status"
}

everything_used() {
	awk '{ n[substr($0, index($0, " ") + 1)] += $1 } END { for (i in n) if (!n[i]) print i }' \
		"$TMP"/covered.* >"$TMP/unused"
	[[ -s $TMP/unused ]] || return 0
	echo 'the kernel accepted no value for these; declare one in proc-writes or netlink-commands of the patchlet:'
	cat "$TMP/unused"
	return 1
}

print_summary() {
	local file
	echo "# $sent packets, $rounds rounds of rules"
	for file in "$TMP"/covered.*; do
		awk -v kind="${file#*covered.}" '
			{ n += $1 }
			END { print "# " kind ": " n + 0 " times, " NR " different" }' "$file"
	done
	sed 's/^/# /' "$TMP"/fuzz.*.out 2>/dev/null
}

# Loads the patchlet's own modules last: files that exist before belong to other modules.
prepare() { # NAME MODULE...
	local extension restore
	unload_all || return
	load_needs "${@:2}"
	tests/debug/drive.pl list >"$TMP/without" || return
	modprobe -a "${@:2}" || return
	for extension in $(scripts/info extensions "$1"); do
		learn_patterns "$extension" || return
	done
	for restore in "${restores[@]}"; do
		for extension in $(scripts/info extensions "$1"); do
			tables "$restore" extensions/lib*_"$extension.t" "$TMP/of-one" >/dev/null &&
				as_lines <"$TMP/of-one"
		done >"$TMP/lines"
		rm -f "$TMP/rules.$restore"
		[[ ! -s $TMP/lines ]] || as_tables <"$TMP/lines" >"$TMP/rules.$restore"
	done
}

# Loads the modules of the kernel that MODULE... need.
load_needs() {
	local needs
	needs=$(modinfo -F depends "$@" | tr ',' '\n' |
		grep -vxF "$(printf '%s\n' "${modules[@]}")" | sort -u)
	# shellcheck disable=SC2086 # words
	[[ -z $needs ]] || modprobe -a $needs
}

trap 'kill -KILL "${agents[@]}" 2>/dev/null; rm -rf "$TMP"' EXIT
ip link set lo up
ok 'connections are tracked' conntrack_on
for name in $(scripts/info list); do
	[[ -z $ONLY || $ONLY == "$name" ]] || continue
	readarray -t its_modules < <(scripts/info modules "$name")
	ok "rules and revisions of $name" prepare "$name" "${its_modules[@]}"
	ok "packets and changes at the same time: $name" run_both "$name" "${its_modules[@]}"
	ok "everything that $name lets user space change was changed" everything_used
	print_summary
	clear_rules '' "${every_restore[@]}"
done
ok 'every module can be unloaded' unload_all
no_leaks 'no memory has leaked'
done_testing
