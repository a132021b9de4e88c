#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The memory of a list is charged to the memory cgroup of the task that created it, also for
# addresses that others add. memory.max holds.
#
#   r (alone)
. "${0%/*}/../lib/scenario.sh"
namespace r
mkdir "$TMP/cgroup"
usable() {
	mount -t cgroup2 none "$TMP/cgroup" 2>/dev/null &&
		grep -qw memory "$TMP/cgroup/cgroup.controllers"
}
usable || skip_all 'no memory cgroups of version 2'
[[ $(uname -r) != 5.10.* ]] ||
	skip_all 'Linux 5.10 lets no module charge another task in the packet path'
echo +memory >"$TMP/cgroup/cgroup.subtree_control"
mkdir "$TMP/cgroup/tenant"
in_tenant() { r bash -c "echo \$\$ >$TMP/cgroup/tenant/cgroup.procs; $1"; }
addresses() {
	perl -e 'my ($net, $n) = @ARGV;
		printf "+10.$net.%d.%d\n", $_ / 250, $_ % 250 for 0 .. $n - 1' "$@"
}
current() { cat "$TMP/cgroup/tenant/memory.current"; }
number() { r sed -n "s/^L \(.* \)\?$1=\([0-9]*\) .*/\2/p" /proc/net/xt_recent_stat; }

ok 'a task in a cgroup creates a list' in_tenant \
	"iptables-$BACKEND -A INPUT -m recent --name L --set --list-size 100000"
before=$(current)
addresses 1 40000 >"$TMP/many"
ok 'a task outside of it adds 40000 addresses' r bash -c "cat $TMP/many >/proc/net/xt_recent/L"
memory=$(number memory)
grown=$(($(current) - before))
say "The addresses take $memory bytes; the cgroup is charged $grown more."
is 'the cgroup is charged for them' \
	"$((grown >= memory * 9 / 10 && grown <= memory * 2))" 1

say 'At memory.max, new addresses take the place of old ones.'
echo $(($(current) + (1 << 20))) >"$TMP/cgroup/tenant/memory.max"
addresses 2 30000 >"$TMP/more"
ok 'more addresses are added than the limit allows' r bash -c "cat $TMP/more >/proc/net/xt_recent/L"
is 'they are in the list' "$(r grep -c 'src=10\.2\.' /proc/net/xt_recent/L)" 30000
is 'the cgroup stays under its limit' \
	"$(($(current) <= $(<"$TMP/cgroup/tenant/memory.max")))" 1
is 'others were evicted' "$(($(number evicted) > 0))" 1

ipt r -F INPUT
given_back() { (($(current) < before + memory / 4)); }
until_ok 'the memory of a removed list is given back' 20 given_back
echo max >"$TMP/cgroup/tenant/memory.max"
gone() { rmdir "$TMP/cgroup/tenant"; }
until_ok 'and the cgroup can be removed' 10 gone
echo -memory >"$TMP/cgroup/cgroup.subtree_control"
umount "$TMP/cgroup"
done_testing
