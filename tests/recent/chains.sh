#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The hash table of a list cannot grow, since there is no memory for a larger one. Chains stay
# short: the list takes no more addresses than suit its table, until there is memory.
#
#   r (alone)
. "${0%/*}/../lib/scenario.sh"
[[ -d /sys/kernel/debug/failslab ]] || skip_all 'this kernel cannot inject faults'
namespace r
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
list=/proc/net/xt_recent/L
number() { r sed -n "s/^L \(.* \)\?$1=\([0-9]*\).*/\2/p" /proc/net/xt_recent_stat; }
addresses() { perl -e 'my ($net, $n) = @ARGV; printf "+10.$net.0.%d\n", $_ for 1 .. $n' "$@"; }
# settings DIRECTORY: what restores the settings of a kind of faults.
settings() {
	local file
	for file in probability interval times verbose task-filter ignore-gfp-wait; do
		printf 'echo %s >%s/%s\n' "$(<"$1/$file")" "$1" "$file"
	done
}
# Workers allocate tables. Their allocations fail, and no others. Scenarios have a PID namespace of
# their own; the /proc below theirs has the threads of the kernel.
workers() { # 0 or 1
	unshare --mount bash -c '
		until [[ $(cat /proc/2/comm) == kthreadd ]]; do
			umount -l /proc || exit
		done
		for comm in /proc/[0-9]*/comm; do
			[[ $(<"$comm") != kworker/u* ]] || echo "$1" >"${comm%comm}make-it-fail"
		done' bash "$1" 2>/dev/null
}
faults=/sys/kernel/debug/failslab
settings "$faults" >"$TMP/settings"
start_faults() {
	workers 1 || :
	echo Y >$faults/task-filter
	echo N >$faults/ignore-gfp-wait
	echo 0 >$faults/verbose
	echo 1 >$faults/interval
	echo 1000000 >$faults/times
	echo 100 >$faults/probability
}
end_faults() {
	# shellcheck source=/dev/null
	. "$TMP/settings"
	workers 0 || :
}

ipt r -A INPUT -m recent --name L --set --list-size 100000 --list-full refuse
addresses 1 250 >"$TMP/many"
start_faults
r bash -c "head -n 20 $TMP/many >$list"
failed() { (($(<"$faults/times") < 1000000)); }
until_ok 'no memory for a table for 20 addresses' 20 failed
nok 'the list refuses some of 250 addresses' r bash -c "cat $TMP/many >$list"
say 'It has 16 buckets.'
is 'it has 8 addresses for each bucket' "$(number entries)" 128
like 'which is counted as a lack of memory' "$(number no_memory)/$(number refused)" \
	'^[1-9][0-9]*/0$'
ipt r -I INPUT -m recent --name L ! --set -j DROP
is 'no packet is dropped for that' "$(r "${0%/*}/send" 10.9.0.1:1000)" 1
ipt r -D INPUT 1
r "$tool" set L full evict
addresses 2 100 >"$TMP/others"
ok 'a list that evicts takes them' r bash -c "cat $TMP/others >$list"
is 'in the place of others' "$(number entries)/$(number evicted)" 128/100
r "$tool" set L full refuse
end_faults
fits() { r bash -c "cat $TMP/many >$list"; }
until_ok 'with memory, the table grows, and the list takes all' 10 fits
is 'all are there' "$(r grep -c 'src=10\.1\.' $list)" 250
done_testing
