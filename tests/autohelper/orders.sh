#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Writes to /proc/net/nf_autohelper: valid and invalid commands, rights, and effects.
#
#	a namespace, alone; no traffic
#
# Every order has the result that the manual names, a bad one changes nothing and is explained in
# the kernel log; a list is full at 64; the owner of a namespace may change its list; an attached
# helper holds its module.
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
namespace a

list() { a grep -v -e '^#' -e ' module ' /proc/net/nf_autohelper; }

# Writes each line of standard input, a Perl string, by one write(2); prints what it said: a number
# of bytes or an error.
write_each() {
	a perl -MErrno -ne '
		BEGIN { open F, ">", "/proc/net/nf_autohelper" or die "cannot open: $!\n" }
		chomp;
		my $text = eval qq("$_");
		my $n = syswrite F, $text;
		my ($error) = grep { $!{$_} } qw(EINVAL ENOENT EEXIST ENOSPC EPERM);
		print defined $n ? $n : $error // $!, " $_\n"'
}

wanted() { # a table "RESULT ORDER" from standard input is what happens
	local table
	table=$(cat)
	is "$1" "$(cut -d' ' -f2- <<<"$table" | write_each)" "$table"
}

say 'An empty list.'
like 'it is on, and tells its limit' "$(a cat /proc/net/nf_autohelper)" \
	'^# on, [0-9]+ of at most 64 ports
# proto port helper families origin hits'

wanted 'bad orders are refused' <<'END'
EINVAL \n
EINVAL +
EINVAL +udp:5060
EINVAL +udp:0=sip
EINVAL +udp:65536=sip
EINVAL +udp:05060=sip
EINVAL +icmp:5060=sip
EINVAL +udp:5060=
EINVAL +udp:5060=sixteen--letters
EINVAL +udp:5060=../sip
EINVAL +udp:5060=sip\0
EINVAL +udp:5060=sip\r\n
EINVAL -udp:5060=sip
ENOENT -udp:5060
ENOENT +udp:5060=nonesuch
ENOENT +tcp:5060=tftp
EINVAL bad\n+udp:5060=sip\n
END
is 'and leave nothing behind' "$(list)" ''
log=$(klog)
for line in '"": the line is empty' \
	'"+udp:0=sip": a port is a decimal number from 1 to 65535' \
	'"+icmp:5060=sip": it starts with tcp: or udp:' \
	'"+udp:5060=sixteen--letters": the name of a helper has at most 15 letters' \
	'-udp:5060: nothing is attached there' \
	'udp:5060=nonesuch: no udp helper of that name or module nfct-helper-nonesuch' \
	'tcp:5060=tftp: no tcp helper of that name'; do
	like "the kernel log says: $line" "$log" "nf_autohelper: ${line//+/[+]}"
done

wanted 'orders, one after the other' <<'END'
14 +udp:5060=sip\n
13 +udp:5060=sip
EEXIST +udp:5060=tftp
13 udp:5060=tftp
EEXIST +udp:5060=sip
EEXIST +udp:5060=nonesuch
ENOENT udp:5060=nonesuch
21 +tcp:1=sip\n+udp:1=sip
16 +udp:65535=tftp\n\n
11 -udp:65535\n\n
12 +tcp:21=ftp\nbad\n+udp:4=sip\n
7 -tcp:1\n-tcp:1\n
END
is 'make this list' "$(list)" 'tcp 21 ftp ipv4,ipv6 runtime 0
udp 1 sip ipv4,ipv6 runtime 0
udp 5060 tftp ipv4,ipv6 runtime 0'
like 'a conflict names the attached helper' "$(klog)" \
	'[+]udp:5060=tftp is refused: sip has that port already \(no [+] replaces it\)'
like 'one family is enough for a helper' "$(a bash -c '
	echo +udp:137=netbios-ns >/proc/net/nf_autohelper
	grep netbios /proc/net/nf_autohelper' 2>&1)" \
	"^udp 137 netbios-ns ipv4 runtime 0$"

say 'A full list.'
a perl -e \
	'open F, ">", "/proc/net/nf_autohelper"; syswrite F, join "", map "+udp:$_=sip\n", 2..70' \
	2>&1
is 'has 64 entries' "$(a grep -vc '^#' /proc/net/nf_autohelper)" 64
wanted 'takes no more, but exchanges' <<'END'
ENOSPC +udp:71=sip
12 udp:5060=sip
7 -udp:2\n
11 +udp:71=sip
ENOSPC +udp:2=sip
END
like 'the kernel log has the reason' "$(klog)" \
	'udp:71=sip is refused: this namespace has 64 ports already'

say 'Who may.'
echo '+udp:5070=sip' >"$TMP/order"
chmod 755 "$TMP"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
nok 'nobody may not' a "${nobody[@]}" bash -c 'cat "$1" >/proc/net/nf_autohelper' -- "$TMP/order"
is 'root without CAP_NET_ADMIN may not' "$(a setpriv --bounding-set=-net_admin -- perl -e '
	open F, ">", "/proc/net/nf_autohelper" or print $!{EACCES} ? "EACCES" : $!')" EACCES
is 'but reads it' \
	"$(a setpriv --bounding-set=-net_admin -- grep -c ' 5060 ' /proc/net/nf_autohelper)" 1
is 'nobody may in a namespace of his own' \
	"$("${nobody[@]}" unshare --user --map-root-user unshare --net bash -c '
	cat "$1" >/proc/net/nf_autohelper && echo 0 >/proc/sys/net/netfilter/nf_autohelper &&
	grep -o -e "^# off" -e ".* runtime" /proc/net/nf_autohelper' -- "$TMP/order" 2>&1)" '# off
udp 5070 sip ipv4,ipv6 runtime'

say 'The switch takes 0, 1 and 2.'
for value in 3 -1 x 0x1z; do
	nok "not $value" a bash -c 'echo "$1" >/proc/sys/net/netfilter/nf_autohelper' -- "$value"
done
is 'it is as it was' "$(a cat /proc/sys/net/netfilter/nf_autohelper)" 1

say 'An attached helper holds its modules; the end of its namespace lets them go.'
nok 'the NAT half stays' modprobe -r nf_nat_sip
namespace b
ok 'another namespace attaches it as well' b bash -c 'echo +udp:5060=sip >/proc/net/nf_autohelper'
ip netns delete a
nok 'one of two namespaces ends' modprobe -r nf_nat_sip
ok 'the other one detaches it' b bash -c 'echo -udp:5060 >/proc/net/nf_autohelper'
until_ok 'now it can be unloaded' 20 modprobe -r nf_nat_sip
done_testing
