#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The program recent: lists, changes, saves and restores; and a second firewall that follows the
# first.
#
#   r, x (alone)   two firewalls with the same rules; x follows r through a pipe
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
send() { r "${0%/*}/send" "$@"; }
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
wrote() { grep -qF -- "$2" "$TMP/$1.out"; }

for ns in r x; do
	ipt $ns -A INPUT -p udp --dport 1000 -m recent --name L --set -j ACCEPT
	ipt $ns -A INPUT -p udp --dport 1001 -m recent --name L --rcheck --seconds 60 --hitcount 3 \
		-j ACCEPT
	ipt $ns -A INPUT -p udp --dport 1001 -j DROP
	ip6t $ns -A INPUT -m recent --name L --set
done
ipt r -A INPUT -m recent --name 'a b"c' --rcheck
rules r 4 <<'RULES'
*filter
-A INPUT -p udp --dport 1002 -m recent --name L --rcheck --seconds 2900000 -j ACCEPT
-A INPUT -p udp --dport 1003 -m recent --name L --rcheck --seconds 3100000 -j ACCEPT
-A INPUT -p udp --dport 1004 -m recent --name L --rcheck --seconds 4294967295 -j ACCEPT
-A INPUT -p udp --dport 1002:1004 ! -s 10.0.0.0/24 -j DROP
COMMIT
RULES

is 'add' "$(r "$tool" add L 192.0.2.1 192.0.2.2 fd00::1 && r "$tool" add 'a b"c' 1.2.3.4)" ''
r "$tool" list L >"$TMP/list"
is 'list: addresses' "$(sed 's/ .*//' "$TMP/list" | sort | xargs)" '192.0.2.1 192.0.2.2 fd00::1'
like 'list: each of them' "$(<"$TMP/list")" \
	'192\.0\.2\.1 ttl 0 seen 1 times, last [0-9]+\.[0-9]{3} s ago'
like 'list: all lists' "$(r "$tool" list)" \
	'L entries 3 size 100 stamps 5 timeout 0 full evict memory [0-9]+ added 3 evicted 0 '
# on_terminal ARG..: what a terminal shows, with single blanks
on_terminal() {
	r script -qec "$tool $*" /dev/null </dev/null | tr -d '\r' |
		sed 's/^ *//; s/  */ /g; s/ $//'
}
r "$tool" set L timeout 7200
like 'list on a terminal: a table of lists, with units' "$(on_terminal list)" "$(printf '%s' \
	$'^LIST ADDRESSES SIZE STAMPS TIMEOUT FULL MEMORY ADDED EVICTED REFUSED NO MEMORY EXPIRED\n' \
	$'L 3 100 5 2\\.0 h evict [0-9]+(\\.[0-9])? K?i?B 3 0 0 0 0\n' \
	'a.040b.042c 1 100 5 - evict ')"
r "$tool" set L timeout 0
like 'list on a terminal: addresses' "$(on_terminal list L)" "$(printf '%s' \
	$'^ADDRESS TTL SEEN, TIMES LAST, AGO\n' \
	$'(.* 0 1 [0-9]+\\.[0-9] s(\n|$)){3}$')"
is 'list on a terminal, --json: no table' "$(on_terminal --json list L | head -c 1)" '['
ok 'list: JSON is JSON' r bash -c \
	"$tool --json list | perl -MJSON::PP -0ne 'my \$l = decode_json(\$_); exit !(@\$l == 2 && \$l->[1]{list} eq qq(a b\"c))'"
ipt r -A OUTPUT -m recent --name $'\xe4\xc3\xb6' --rcheck
ok 'list: JSON is UTF-8, whatever a name is' r bash -c \
	"$tool --json list | perl -MJSON::PP -0ne 'exit decode_json(\$_)->[2]{list} ne qq(\xe4\xf6)'"
ipt r -F OUTPUT
ok 'list: also of addresses' r bash -c \
	"$tool --json list L | perl -MJSON::PP -0ne 'exit(@{decode_json(\$_)} != 3)'"
r bash -c 'printf "+192.0.2.3\n%.0s" {1..7} >/proc/net/xt_recent/L'
like 'list: all hits are counted, also those whose times are forgotten' "$(r "$tool" list L)" \
	'192\.0\.2\.3 ttl 0 seen 7 times, '
like 'top: they decide between addresses that were seen as often in the last minute' \
	"$(r "$tool" top L)" '192\.0\.2\.3 +5 +7 '
is 'list: JSON has them, too' \
	"$(r "$tool" --json list L | perl -MJSON::PP -0ne \
	'print map { $_->{hits} . "/" . @{$_->{age_ms}} } grep { $_->{address} eq "192.0.2.3" } @{decode_json($_)}')" 7/5
r "$tool" delete L 192.0.2.3
is 'delete, also a network' "$(r "$tool" delete L fd00::1 192.0.2.0/31 && r "$tool" list L | sed \
	's/ .*//')" 192.0.2.2
is 'delete what is not there' "$(r "$tool" delete L fd00::1 2>&1)" \
	'recent: fd00::1: No such file or directory: the address is not in the list'
is 'a list that no rule has' "$(r "$tool" add nobody 1.2.3.4 2>&1)" \
	'recent: 1.2.3.4: No such file or directory: no rule uses a list of that name'
nok 'no address' r "$tool" add L 1.2.3
is 'set' "$(r "$tool" set L size 5 stamps 300 timeout 100 full refuse && r "$tool" list | grep \
	'^L')" \
	"$(r "$tool" list | sed -n \
		's/^L entries 1 .* memory/L entries 1 size 5 stamps 300 timeout 100 full refuse memory/p')"
is 'a full list that refuses says so, and what helps' "$(r "$tool" add L 192.0.2.{11..15} 2>&1)" \
	'recent: 192.0.2.15: No space left on device: the list is full and refuses; set its size, or full evict'
nok 'set: too large' r "$tool" set L size 10000001
nok 'set: nothing' r "$tool" set L size
is 'flush' "$(r "$tool" flush L && r "$tool" list L)" ''

say 'Saved and restored, an address has its times: the third hit of a minute is still the third.'
r "$tool" set L size 1000 stamps 5 full evict timeout 0
is 'two hits' "$(send 10.0.0.1*2:1000 10.0.0.1:1001)" 110
r "$tool" save >"$TMP/saved"
like 'what is saved' "$(<"$TMP/saved")" 'add L 10\.0\.0\.1 ttl 64 age [0-9]+,[0-9]+'
r "$tool" flush L
is 'forgotten' "$(send 10.0.0.1:1001)" 0
ok 'restored' r "$tool" restore "$TMP/saved"
is 'one more, and it matches' \
	"$(r cat /proc/net/xt_recent/L | wc -l) $(send 10.0.0.1:1000 10.0.0.1:1001)" '1 11'
printf 'add L 10.9.9.9 ttl 3 age 3000000000,4000000000\n' >"$TMP/old"
ok 'times before the boot' r "$tool" restore "$TMP/old"
like 'are kept' "$(r "$tool" save L)" 'add L 10\.9\.9\.9 ttl 3 age 30000[0-9]*,40000[0-9]*'
printf 'add L 10.9.9.8 ttl 3 age 1000,2000,3000,4000,5000,6000,7000\n' >"$TMP/seven"
ok 'more times than the list keeps' r "$tool" restore "$TMP/seven"
like 'the newest are kept' "$(r "$tool" save L)" \
	'add L 10\.9\.9\.8 ttl 3 age 1[0-9]{3},2[0-9]{3},3[0-9]{3},4[0-9]{3},5[0-9]{3}'$'(\n|$)'
r "$tool" restore - <<<$'add L 10.9.9.7 age 4294966000000\nadd L 10.9.9.6 age 4294968000000'
is 'no number of seconds overflows' \
	"$(send 10.9.9.9:1002 10.9.9.9:1003 10.9.9.7:1004 10.9.9.6:1004)" 0110
nok 'an invalid line is reported' r "$tool" restore /etc/passwd
r "$tool" flush L

say 'x follows r.'
mkfifo "$TMP/pipe"
bg FOLLOW x "$tool" restore "$TMP/pipe"
bg MONITOR r bash -c "$tool monitor L | tee $TMP/pipe"
until_ok 'the monitor listens' 30 wrote MONITOR '# listening'
send 10.0.0.5*3:1000 10.0.0.6:1000 '[fd00::9]:1002' '/proc/net/xt_recent/L=-10.0.0.6\n' >"$TMP/null"
until_ok 'it tells what happens, in order' 20 wrote MONITOR 'del L 10.0.0.6'
followed() { [[ $(_quiet=1 x "$tool" list L | sed 's/ ttl.*seen/ seen/; s/ times.*//' | sort |
	xargs) == '10.0.0.5 seen 3 fd00::9 seen 1' ]]; }
until_ok 'x has the same, hits and all' 20 followed
kill "$MONITOR" "$FOLLOW"
like 'top' "$(r "$tool" top L)" $'^L: 2 addresses.*\n10\.0\.0\.5 +3 +3 +[0-9.]+\nfd00::9 '
like 'top: all lists' "$(r "$tool" top)" \
	$'^all lists: 3 addresses.* LIST\n10\.0\.0\.5 +3 +3 +[0-9.]+  L\n.*1\.2\.3\.4 .*  a\\\\040b\\\\042c'
for command in list save top monitor; do
	is "$command: no such list" "$(r "$tool" $command nobody 2>&1; echo $?)" \
		$'recent: nobody: No such file or directory: no rule uses a list of that name\n1'
done
frames() { [[ $(grep -o $'\e\\[H' "$TMP/TOP.out" | wc -l) -ge $1 ]]; }
bg TOP r script -qfc "$tool top" /dev/null
until_ok 'top on a terminal' 20 frames 1
send 192.0.2.99*4:1000 >"$TMP/null"
until_ok 'is drawn again' 20 frames 2
newest() { tail -n 30 "$TMP/TOP.out" | grep -A 1 'LIST' | grep -qE '^192\.0\.2\.99 +4 +4 .*  L'; }
until_ok 'with who has come meanwhile at the top' 20 newest
kill "$TOP"
r "$tool" delete L 192.0.2.99

say 'The same as JSON: an object a line.'
bg JSON r "$tool" monitor --json
until_ok 'the monitor listens, too' 30 wrote JSON '{"event":"listening"}'
x "$tool" add L 10.0.0.9 # which r need not know
send 10.0.0.5:1000 '/proc/net/xt_recent/L=-10.0.0.5\n+10.0.0.7\n' \
	'/proc/net/xt_recent/a b"c=+10.0.0.8\n' >"$TMP/null"
until_ok 'and tells what happens' 20 wrote JSON 10.0.0.8
kill "$JSON"
perl -MJSON::PP -ne 'my $o = decode_json($_); my $ages = $o->{age_ms};
	push @lines, join " ", grep(defined, @$o{qw(event list address ttl entries size)}), $ages
		? "ages " . @$ages : ();
	@lines = sort @lines if $o->{event} eq "listening";
	END { print "$_\n" for @lines }' "$TMP/JSON.out" >"$TMP/json"
is 'the current state, then events' "$(<"$TMP/json")" 'add L 10.0.0.5 64 ages 3
add L fd00::9 64 ages 1
add a b"c 1.2.3.4 0 ages 1
list L 2 1000
list a b"c 1 100
listening
see L 10.0.0.5 64 ages 1
del L 10.0.0.5
add L 10.0.0.7 0 ages 1
add a b"c 10.0.0.8 0 ages 1'
r "$tool" --json save >"$TMP/json"
perl -MJSON::PP -ne 'my $o = decode_json($_);
	print join(" ", grep defined, @$o{qw(event list address size)}), "\n"' \
	"$TMP/json" | LC_ALL=C sort >"$TMP/objects"
is 'save: the same objects' "$(<"$TMP/objects")" \
	'add L 10.0.0.7
add L fd00::9
add a b"c 1.2.3.4
add a b"c 10.0.0.8
list L 1000
list a b"c 100'
nok 'a name that is cut off' r "$tool" restore <(printf 'add \\\\1')

is 'nobody else may look' "$(r setpriv --reuid 1000 --clear-groups "$tool" list 2>&1; echo $?)" \
	$'recent: list: needs root\n1'
nok 'nor listen' r setpriv --reuid 1000 --clear-groups timeout 10 "$tool" monitor
as_root_of_his_own() { # in user and network namespaces of user 1000
	env XTABLES_LOCKFILE=/dev/null setpriv --reuid 1000 --regid 1000 --clear-groups unshare \
		--user --map-root-user --net "$@"
}
if as_root_of_his_own true; then
	is 'but in a namespace of his own he may, and the files are his' \
		"$(as_root_of_his_own bash -c \
		"iptables-$BACKEND -A INPUT -m recent --name mine --set &&
		stat -c '%a %u %g' /proc/net/xt_recent/mine && echo 1.2.3.4 \
			>/proc/net/xt_recent/mine && $tool delete mine 1.2.3.4 &&
		$tool add mine 1.2.3.5 && $tool list mine" | sed 's/ ttl.*//' | xargs)" \
			'644 0 0 1.2.3.5'
else
	skip 'in a user namespace' 'this kernel lets no user make one'
fi

say 'More lists than fit into a message.'
perl -e \
	'print "*filter\n", map("-A FORWARD -m recent --name " . "n" x 150 . "$_ --rcheck\n", 1 .. 300), "COMMIT\n"' | x "iptables-$BACKEND-restore" --noflush
is 'all are printed' "$(x "$tool" list | wc -l) $(x "$tool" save | grep -c '^list ') $(x cat \
	/proc/net/xt_recent_stat | wc -l)" '301 301 301'
is 'and told apart' "$(x "$tool" list | cut -d ' ' -f 1 | sort -u | wc -l)" 301
done_testing
