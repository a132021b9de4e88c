#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What a namespace full of conditions can take from others: names, memory, the time of the worker
# that ends namespaces.
#
#   r      filled with conditions up to its limit; r and y have a veth pair to the namespace of the
#          scenario, so that the end
#   x, y   of each shows outside; x has conditions of its own
. "${0%/*}/../lib/scenario.sh"
limit=/sys/module/xt_condition/parameters/condition_max
dir=/proc/net/nf_condition
modprobe xt_condition
count() { _quiet=1 "$1" bash -c "shopt -s nullglob; set -- $dir/*; echo \$#"; }

# RULES FIRST: an iptables-restore file of RULES rules, each with 16 names that no other rule has.
names() {
	perl -e 'my ($rules, $first) = @ARGV;
		print "*filter\n";
		for my $rule (0 .. $rules - 1) {
			my @numbers = map { $first + 16 * $rule + $_ } 0 .. 15;
			my @names = map { sprintf "%s%06d", "n" x 24, $_ } @numbers;
			print "-A INPUT -m condition --all ", join(",", @names), "\n";
		}
		print "COMMIT\n"' "$@"
}
fill() { names "$2" "$3" >"$TMP/fill" && "$1" "iptables-$BACKEND-restore" --noflush "$TMP/fill"; }

namespace r
namespace x
is 'the limit is 1024 by default' "$(<$limit)" 1024
ok 'a namespace can have 1024 conditions' fill r 64 0
is 'and has them' "$(count r)" 1024
nok 'the next one is refused' ipt r -A INPUT -m condition --condition more
like 'the log says why' "$(klog)" 'condition "more": the network namespace has 1024 conditions'
ok 'a rule with names that exist is accepted' ipt r -A INPUT -m condition \
	--condition nnnnnnnnnnnnnnnnnnnnnnnn000007
nok 'a rule with one name too many is refused' ipt r -A INPUT -m condition \
	--any nnnnnnnnnnnnnnnnnnnnnnnn000007,more
nok 'and leaves no file' r ls $dir/more
ok 'another namespace has a limit of its own' ipt x -A INPUT -m condition --condition more

say 'The parameter: 1 to 65536, at any time.'
for wrong in 0 -1 65537 many; do
	nok "$wrong is refused" eval "echo $wrong >$limit"
done
is 'and changes nothing' "$(<$limit)" 1024
echo 2 >$limit
ok 'x can have a second one' ipt x -A INPUT -m condition --condition second
nok 'but no third one' ipt x -A INPUT -m condition --condition third
is 'r keeps what it has' "$(count r)" 1024
ipt x -F INPUT
until_ok 'without rules, x has none' 10 eval '[[ $(count x) == 0 ]]'
ok 'a freed name makes space for another' ipt x -A INPUT -m condition --all third,fourth
echo 1024 >$limit

say 'The end of a full namespace does not delay that of another.'
outside() { ip link add "out$1" type veth peer name in netns "$1"; }
gone() { [[ ! -e /sys/class/net/$1 ]]; }
# FULL: into $delay, the microseconds that namespace y, which ends just after namespace f, takes to
# be gone
measure() {
	local start
	namespace f && outside f && namespace y && outside y || return
	[[ ! $1 ]] || fill f 64 0 || return
	_now && start=$now
	ip netns delete f && poll 20 gone outf && ip netns delete y && poll 20 gone outy || return
	_now && delay=$((now - start))
}
mount -t sysfs sysfs /sys # of this scenario's network namespace
ok 'two empty namespaces end' measure ''
empty=$delay
ok 'a full one and an empty one end' measure full
say "empty: $empty us; full: $delay us"
ok 'the full one takes less than a second more' test $((delay - empty)) -lt 1000000

say 'What conditions take is charged to the memory cgroup of the process that loads the rules.'
mkdir "$TMP/cgroup"
if ! mount -t cgroup2 none "$TMP/cgroup" ||
	! echo +memory >"$TMP/cgroup/cgroup.subtree_control"; then
	skip 'memory cgroup' 'this kernel has no memory cgroups, or version 1 uses them'
	done_testing
fi
echo 65536 >$limit
kernel_memory() { awk '/^slab_unreclaimable / { print $2 }' "$TMP/cgroup/pom/memory.stat"; }
# NS RULES SAME: into $charged, what RULES rules charge, with 16 names or with 16 names each
charge() {
	mkdir "$TMP/cgroup/pom"
	names "$2" 0 >"$TMP/rules"
	[[ ! $3 ]] || sed -i -E "s/--all .*/--all $(printf 'n%02d,' {0..14})n15/" "$TMP/rules"
	# shellcheck disable=SC2016 # the inner shell expands
	"$1" bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$TMP/cgroup/pom" \
		"iptables-$BACKEND-restore" --noflush "$TMP/rules" ||
		return
	charged=$(kernel_memory)
	ip netns delete "$1"
	poll 20 rmdir "$TMP/cgroup/pom"
}
namespace same
namespace apart
ok 'rules with the same names are loaded' charge same 512 same
same=$charged
ok 'rules with names of their own are loaded' charge apart 512 ''
say "the same names: $same bytes; 8192 names: $charged bytes"
ok 'each name is charged 100 bytes and more' test $((charged - same)) -gt $((8176 * 100))
echo 1024 >$limit

done_testing
