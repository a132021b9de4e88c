#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A user without privileges fills lists in a thousand network namespaces of his own. All of them
# together stay under the limit for one user, and the host's list works as before.
#
#   r (alone)    the host: a list of 100 addresses, which takes a new one
. "${0%/*}/../lib/scenario.sh"
namespace r
parameters=/sys/module/xt_recent/parameters
program=${0%/*}/limits.pl
namespaces=100
[[ ${LEVEL-} != full ]] || namespaces=1000
kilobytes() { sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo; }
told() { grep -q "^$2" "$TMP/$1.out"; }
number() { sed -n "s/^$2 \([0-9]*\)$/\1/p" "$TMP/$1.out"; }
slab() { kilobytes SUnreclaim; }

ipt r -A INPUT -m recent --name HOST --set
r bash -c 'perl -e "printf qq(+10.1.0.%d\n), \$_ for 1 .. 100" >/proc/net/xt_recent/HOST'
bytes=$(r sed -n 's/^HOST entries=100 .* memory=\([0-9]*\)00 .*/\1/p' /proc/net/xt_recent_stat)
say "An address takes $bytes bytes."
mapfile -t limits < <(cat $parameters/{,net_}memory_limit_mb)
echo 4 >$parameters/memory_limit_mb
echo 2 >$parameters/net_memory_limit_mb

bg FILLER r setpriv --reuid 65534 --regid 65534 --clear-groups unshare -U -r perl "$program" \
	"$namespaces" 2000
until_ok 'the user has his namespaces, each with a list' 300 told FILLER 'namespaces'
before=$(slab)
kill -USR1 "$FILLER"
until_ok 'and writes 2000 addresses to each' 300 told FILLER 'filled'
after=$(slab)
is 'all of the lists were there' "$(number FILLER lists)" "$namespaces"
count=$(number FILLER entries)
say "$count addresses fitted; $((after - before)) kB more are in use than before"
# Tables and the lists themselves are counted, too.
is 'as many as fit were taken' "$((count * bytes > 2 << 20))" 1
is 'and no more' "$((count * bytes <= 4 << 20))" 1
is 'the lists that were first hold as many as they may' "$(number FILLER first)" 2000
like 'what was not taken is counted' "$(number FILLER refused)" '^[1-9]'
# A debug kernel has red zones around each object, and keeps for a while what was freed.
slack=1024
[[ $(uname -r) != *-pom-* ]] || slack=16384
is 'the kernel'"'"'s memory grew by little more than that' \
	"$((after - before <= (4 << 10) * 3 / 2 + slack))" 1

say 'The host is as it was.'
is 'a packet from a new address to the host is taken' "$(r "${0%/*}/send" 10.2.0.1:1000)" 1
like 'it is in the list' "$(r cat /proc/net/xt_recent/HOST)" 'src=10\.2\.0\.1 '
like 'the list has refused nothing' "$(r cat /proc/net/xt_recent_stat)" \
	'^HOST entries=100 .* no_memory=0 '

say 'What the user gives back he can use again.'
kill "$FILLER"
wait "$FILLER"
gone() { (($(slab) <= before + 1024)); }
until_ok 'the namespaces end, and their memory is free' 300 gone
bg AGAIN r setpriv --reuid 65534 --regid 65534 --clear-groups unshare -U -r perl "$program" 1 2000
until_ok 'another namespace' 60 told AGAIN 'namespaces'
kill -USR1 "$AGAIN"
until_ok 'is filled' 60 told AGAIN 'filled'
is 'with all that is written' "$(number AGAIN entries)" 2000
kill "$AGAIN"
wait "$AGAIN"
echo "${limits[0]}" >$parameters/memory_limit_mb
echo "${limits[1]}" >$parameters/net_memory_limit_mb
done_testing
