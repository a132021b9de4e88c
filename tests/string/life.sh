#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Namespaces end with rules, sets and connections in place, the module is unloaded, all under
# traffic; as many sets as may be; a user who is root in a namespace of his own.
#
#	n0 ---- r ---- n1	n0 pings n1 without pause; x is a namespace that ends
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
stringset=$PWD/build/tools/stringset
topology
namespace x
proc=/proc/net/nf_string
printf '%s\n' '--icase --mark 7 pattern' >"$TMP/set"
unused() { read -r users </sys/module/xt_string/refcnt && ((users == 0)); }

bg PING n0 ping -n -q -i 0.02 -p 7061747465726e 10.0.1.2 # pattern
bg PINGSIX n0 ping -n -q -i 0.02 -p 7061747465726e fd00:0:0:1::2

say 'A namespace ends while everything is in use.'
ok 'a set' x "$stringset" load held "$TMP/set"
rules x 46 <<'END'
*filter
-A INPUT -m string --set held --mark-mask 0xff
-A INPUT -m string --set made-by-a-rule
-A INPUT -p tcp -m string --string nothing --stream
COMMIT
END
mkdir "$TMP/www" && echo pattern >"$TMP/www/file"
bg SERVER x busybox httpd -f -p 80 -h "$TMP/www"
serves() { [[ $(x ss -tlnH 'sport = :80') ]]; }
until_ok 'x serves' 10 serves
ok 'a connection' x curl -sf -m 5 --noproxy '*' -o /dev/null http://127.0.0.1/file
like 'is known' "$(x cat $proc/status)" 'streams 1'
bg HOLD x bash -c "exec 3<>$proc/sets/held 4>$proc/sets/made-by-a-rule && echo half >&4 && head -n 1 <&3 && exec sleep 60" # sleep: until it is killed
until_ok 'a process has files open, and has written half a set' 20 grep -q '# patterns 1' \
	"$TMP/HOLD.out"
kill "$HOLD" "$SERVER"
ip netns delete x

say 'The module is unloaded and loaded under traffic.'
load_rules() {
	r "iptables-$BACKEND-restore" <<'END' || return
*mangle
-A FORWARD -p icmp -m string --set bad --stream --mark-mask 0xff
COMMIT
*filter
-A FORWARD -m mark --mark 7/0xff
-A FORWARD -m string --string Pattern --icase --base payload --from 8
COMMIT
END
	r "ip6tables-$BACKEND-restore" <<'END'
*filter
-A FORWARD -m string --set bad
COMMIT
END
}
is_counted() {
	has_counted r 4 filter FORWARD 1 && has_counted r 4 filter FORWARD 2 &&
		has_counted r 6 filter FORWARD 1
}
ok 'rules for both families' load_rules
ok 'a set' r "$stringset" load bad "$TMP/set"
until_ok 'packets are found and marked' 20 is_counted

say 'A set is replaced while a connection is searched.'
ipt n1 -A INPUT -p tcp -j DROP
ipt r -A FORWARD -p tcp -m string --set bad --stream
printf '%s\n' 'something else' '--prefix patter' pattern >"$TMP/other"
bg FLOW n0 bash -c '{
	echo "first from=10.0.0.2 to=10.0.1.2 dport=99 flags=A seq=990 data=.pattern.."
	for ((i = 1000; i < 16000; i += 10)); do
		echo "more as=first flags=A seq=$i data=.pattern.."
	done
} | tests/lib/segments --barrier none'
ok 'twenty times' r bash \
	-c "for i in {1..10}; do $stringset load bad $TMP/other; $stringset load bad $TMP/set; done"
ok 'all is sent' wait "$FLOW"
until_ok 'no segment got past it' 20 counter_is r 4 filter FORWARD 3 1501
ipt r -F FORWARD
ipt r -t mangle -F FORWARD
ip6t r -F FORWARD
until_ok 'no rule uses the module' 20 unused
half="exec 3<>$proc/sets/bad && echo half >&3 && echo open && exec sleep 60" # sleep: until killed
bg READER r bash -c "$half"
until_ok 'a process has the set open, and has written half of one' 20 grep -q open "$TMP/READER.out"
nok 'the module stays as long' rmmod xt_string
kill "$READER"
until_ok 'and no longer' 20 unused
namespace y
# Each set is replaced once, so that there are patterns to free.
ok 'a namespace with 1024 sets' y perl -MIO::Handle -e '
	sub put {
		open my $file, ">", "$ARGV[0]/$_[0]" or die "$!\n";
		$file->autoflush;
		print $file $_[1] or die "$_[0]: $!\n";
	}
	for (1 .. 1024) {
		put("control", "+s$_");
		put("sets/s$_", "pattern\n--end\n");
	}' $proc
started=${EPOCHREALTIME/./}
ip netns delete y
# A module can only go when namespaces that end have ended.
ok 'it unloads' rmmod xt_string
took=$(((${EPOCHREALTIME/./} - started) / 1000))
say "The namespace ended and the module unloaded in $took ms."
ok 'in less than 20 s: not one grace period for each set' test "$took" -lt 20000
nok 'and leaves nothing in /proc/net' r ls -d $proc
like 'the tool reports the missing module' "$(r "$stringset" list 2>&1)" 'fix: modprobe xt_string'
is 'it depends on no connection tracking' "$(modinfo -F depends xt_string)" x_tables
ok 'it loads' modprobe xt_string
is 'and has nothing' "$(r cat $proc/status | head -n 1) $(r ls $proc/sets)" 'memory 0 '
ipt r -A INPUT -m string --string pattern
conntrack_users() {
	local users=0
	[[ ! -e /sys/module/nf_conntrack/refcnt ]] || read -r users </sys/module/nf_conntrack/refcnt
	echo "$users"
}
users=$(conntrack_users)
ipt r -A INPUT -p tcp -m string --string pattern --stream
ok 'a rule with --stream uses it' test "$(conntrack_users)" -gt "$users"
ipt r -F INPUT
is_as_before() { (($(conntrack_users) <= users)); }
until_ok 'and gives it back' 10 is_as_before
ok 'IPv4 was under way all the time' kill -INT "$PING"
ok 'IPv6 was, too' kill -INT "$PINGSIX"

say 'A set is removed while a process writes to its file.'
ok 'a set' r "$stringset" create slow
# Two million sets of one pattern, in one write(2).
r perl -e 'open my $f, ">", $ARGV[0] or die "open: $!\n"; syswrite $f, "a\n--end\n" x 2_000_000 or die "write: $!\n"' \
	"$proc/sets/slow" >"$TMP/writer" 2>&1 &
writer=$!
until_ok 'it is being written' 60 eval 'r cat "$proc/sets/slow" | grep -q "^# patterns 1"'
ok 'the removal does not wait for the process' \
	r timeout 20 bash -c "echo -slow >'$proc/control'"
ok 'nor does a rule with a different set' \
	r timeout 20 "iptables-$BACKEND" -A INPUT -m string --set other
nok 'the file is gone' r test -e "$proc/sets/slow"
nok 'the process fails' wait "$writer"
like 'and learns why' "$(cat "$TMP/writer")" 'write: No such device'
ok 'the rule is deleted' r timeout 20 "iptables-$BACKEND" -F INPUT

say 'As many sets as a namespace may have.'
# One write(2) each, which perl sees fail.
make_sets() { # SIGN NUMBER
	r perl -MIO::Handle -e 'for (1 .. $ARGV[2]) { open my $f, ">", $ARGV[0] or die "$!\n"; $f->autoflush; print $f "$ARGV[1]s$_" or die "s$_: $!\n" }' \
		"$proc/control" "$1" "$2"
}
ok '1024' make_sets + 1024
nok 'one more is refused' r "$stringset" create more
like 'and the program prints what to do' "$(r "$stringset" create more 2>&1)" \
	'the limit of sets is reached; fix: stringset destroy'
nok 'to a rule, too' r "iptables-$BACKEND" -A INPUT -m string --set more
like 'and the kernel logs it' "$(klog)" \
	'xt_string: set "more": a network namespace has at most 1024 sets; stringset destroy'
ok 'an existing set can be loaded' r "$stringset" load s1024 "$TMP/set"
ok 'a second namespace accepts more' n0 "$stringset" create more
ok 'they go' make_sets - 1024
ok 'a name with signs in it' r "$stringset" create 'a"b\c'
is 'is printed unchanged' "$(r "$stringset" list --json | jq -r '.[0].name')" 'a"b\c'
ok 'and is removed' r "$stringset" destroy 'a"b\c'
ok 'a name in Latin-1' r "$stringset" create $'caf\xe9'
is 'is printed in UTF-8' \
	"$(r "$stringset" list --json | jq -r '.[] | select(.name < "d").name')" café
ok 'and is removed' r "$stringset" destroy $'caf\xe9'
nok 'a set that does not exist' r "$stringset" save --json none
is 'prints no JSON' "$(r "$stringset" save --json none 2>/dev/null)" ''
ok 'and a new one is accepted' r "$stringset" create more

say 'Root in a namespace of his own has sets of his own; nobody else has.'
own="$stringset load mine $TMP/set && iptables-$BACKEND -A OUTPUT -m string --set mine && ping -n -q -c 1 -W 5 -p 7061747465726e 127.0.0.1; $stringset list mine"
export XTABLES_LOCKFILE=/dev/null
chmod 755 "$TMP" && chmod 644 "$TMP/set"
like 'who is root there' \
	"$(r setpriv --reuid 4711 --clear-groups unshare --user --map-root-user unshare --net bash \
	-c "ip link set lo up; $own" 2>&1)" \
	' [12]  --icase --mark 0x7 pattern'
nok 'who is not cannot make one' r setpriv --reuid 4711 --clear-groups "$stringset" create mine
nok 'nor see one' r setpriv --reuid 4711 --clear-groups "$stringset" list more
is 'nothing of that is here' "$(r ls $proc/sets)" more
ok 'it is removed' r "$stringset" destroy more
done_testing
