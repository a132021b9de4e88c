#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The files of a list: both formats, both dialects, many commands at once in any chunking, and what
# is refused.
#
#   r, x (alone)   lists of the same name in both; what is written to r's shows in r only
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
list=/proc/net/xt_recent/L classic=/proc/net/ipt_recent/L
sources() { r bash -c "sed 's/ .*//; s/^src=//' $list | sort | xargs"; }

ipt r -A INPUT -m recent --name L --rcheck
ip6t r -A INPUT -m recent --name L --rcheck --hitcount 3
ipt x -A INPUT -m recent --name L --set
is 'a list is empty at first' "$(r cat $list $classic)" ''

cases=$(r perl - $list $classic <<'END'
use strict; use warnings;
my ($today, $classic) = @ARGV;
sub content { open my $fh, '<', $today or die; my %all =
	map { /^src=(\S+)/ ? ($1 => 1) : die "bad line $_" } <$fh>; join ' ', sort keys %all }
sub check { my ($what, $is, $want) = @_; print $is eq $want ? "ok $what\n" :
	"$what: '$is', not '$want'\n" }
sub put { # FILE CHUNKS: writes, closes; the first error, or nothing
	my ($file, @chunks) = @_;
	my $error = '';
	open my $fh, '>', $file or die "$file: $!\n";
	for (@chunks) { my $n = syswrite $fh, $_; $error ||= defined $n ?
		($n == length $_ ? '' : "short $n") : 0 + $!; }
	close $fh;
	return $error;
}
my $six = 'fd00:0000:0000:0000:0000:0000:0000:0001';
for my $file ($today, $classic) {
	check('addresses, with and without a sign', put($file, "1.2.3.4\n+1.2.3.5\n+fd00::1\n")
		. content(), "1.2.3.4 1.2.3.5 $six");
	check('removal', put($file, "-1.2.3.4\n-9.9.9.9\n") . content(), "1.2.3.5 $six");
	check('clear', put($file, "clear\n") . content(), '');
	check('byte by byte', put($file, split //, "10.0.0.1\n\n+10.0.0.2\n10.1.0.3\n-10.0.0.2\n")
		. content(), '10.0.0.1 10.1.0.3');
	check('a network', put($file, "-10.0.0.0/16\n") . content(), '10.1.0.3');
	check('without a newline, when it is closed', put($file, '7.7.7.7', '7') . content(),
		'10.1.0.3 7.7.7.77');
	check('a slash', put($file, '/') . content(), '');
	open my $kept, '>', $file or die "$file: $!\n";
	for my $command ('+7.7.7.7', '+7.7.7.8', '-7.7.7.7') {
		sysseek $kept, 0, 0;
		syswrite $kept, $command or die "$command: $!\n";
	}
	check('before the next at the beginning', content(), '7.7.7.7 7.7.7.8');
	close $kept;
	check('and the last when it is closed', content(), '7.7.7.8');
	put($file, '/');
	check('a bad line, those before it are applied',
		put($file, "1.1.1.1\n1.1.1.2\n1.1.1\n1.1.1.3\n") . content(), '221.1.1.1 1.1.1.2');
	check('the file works after it', put($file, "bad\n", "2.2.2.2\n") . content(),
		'221.1.1.1 1.1.1.2 2.2.2.2');
	check('IPv6 networks', put($file, "fd00:1::1\nfd00:2::1\n::1\n-fd00::/16\n") . content(),
		'0000:0000:0000:0000:0000:0000:0000:0001 1.1.1.1 1.1.1.2 2.2.2.2');
	for my $bad ('+', '-', 'Clear', '1.2.3.256', '01.2.3.4', '1.2.3.4/8', '-1.2.3.4/33',
		'1.2.3.4 5.6.7.8', "1.2.3.4\0", '::1::', 'x' x 5000, "\xff") {
		check('EINVAL for ' . substr($bad, 0, 16) =~ s/[^ -~]/?/gr, put($file, "$bad\n"),
			'22');
	}
	check('nothing of that came', content(),
		'0000:0000:0000:0000:0000:0000:0000:0001 1.1.1.1 1.1.1.2 2.2.2.2');
	check('nor of nothing', put($file, '') . put($file, "\n \n") . put($file, '/'), '');
}
END
)
printf '%s\n' "$cases"
is 'both files take both dialects, and refuse the same' "$(grep -v ^ok <<<"$cases")" ''
is 'all of it was tried' "$(grep -c ^ok <<<"$cases")" 52
like 'the kernel log tells the line' "$(klog)" \
	'xt_recent: list "L", line 3: wanted an address, \+address, -address, -address/length, clear or /'

r perl -e 'printf "10.7.0.%d\n" x 10, map 25 * $_, 1 .. 10' >"$TMP/ten"
r bash -c "cat $TMP/ten >$list"
for size in 1 7 100; do
	ok "$size bytes at a time it is the same" r bash -o pipefail -c \
		"dd status=none bs=$size if=$list | cmp - $list"
done
r bash -c "echo / >$list; printf '1.2.3.4\n1.2.3.4\n' >$list"
like "today's format" "$(r cat $list)" \
	'^src=1\.2\.3\.4 ttl: 0 last_seen: ([0-9]+) oldest_pkt: 2 [0-9]+, ([0-9]+)$'
is 'ends with the time it was last seen' "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}"
like 'the classic format' "$(r cat $classic)" \
	'^src=1\.2\.3\.4 ttl: 0 last_seen: [0-9]+ oldest_pkt: 2 last_pkts: [0-9]+, [0-9]+$'
is 'a namespace has its own' "$(x cat $list)" ''
is 'permissions' "$(r stat -c '%a %u %g' $list $classic)" $'644 0 0\n644 0 0'

say 'Parameters that are changed hold for lists that are made afterwards.'
set_to() { r bash -c "echo $2 >/sys/module/xt_recent/parameters/$1"; }
for parameter in ip_list_perms=0640 ip_list_uid=1000 ip_list_gid=2000 ip_pkt_list_tot=9 \
	ip_list_hash_size=1024 debug=1; do
	ok "$parameter" set_to "${parameter%=*}" "${parameter#*=}"
done
ipt r -A INPUT -m recent --name N --rcheck
is 'a new list' "$(r stat -c '%a %u %g' ${list%L}N ${classic%L}N)" $'640 1000 2000\n640 1000 2000'
is 'an old one' "$(r stat -c '%a %u %g' $list)" '644 0 0'
like 'the times of a new one' "$(r cat /proc/net/xt_recent_stat)" 'N entries=0 size=100 stamps=9 '
r bash -c "printf '%s\n' +1.2.3.4 -1.2.3.4 fd00::1 >${list%L}N"
like 'added and removed addresses are logged' "$(klog)" \
	'list "N": 1\.2\.3\.4 comes.*list "N": 1\.2\.3\.4 goes.*list "N": fd00::1 comes'
for parameter in ip_list_perms=0755 ip_list_perms=0 ip_list_uid=-1 ip_list_tot=0 \
	ip_list_tot=10000001 ip_pkt_list_tot=65536 ip_list_hash_size=16777217 debug=2; do
	nok "$parameter" set_to "${parameter%=*}" "${parameter#*=}"
done
like 'the log says what would be right' "$(klog)" \
	'xt_recent: ip_pkt_list_tot: wanted a number from 0 to 65535'
for parameter in ip_list_perms=0644 ip_list_uid=0 ip_list_gid=0 ip_pkt_list_tot=0 \
	ip_list_hash_size=0 debug=0; do
	set_to "${parameter%=*}" "${parameter#*=}"
done

say 'Twenty thousand addresses, read while others come and go.'
r bash -c "echo 20100 >/sys/module/xt_recent/parameters/ip_list_tot"
r perl -e 'for $i (0 .. 19999) { printf "+10.%d.%d.%d\n", $i >> 16, $i >> 8 & 255, $i & 255 }' \
	>"$TMP/many"
r bash -c "echo / >$list; cat $TMP/many >$list"
bg CHURN r perl -e \
	'open F, ">", shift; for $j (1 .. 20) { syswrite F, join "", map { sprintf "+11.0.%d.%d\n", $j, $_ } 0 .. 99; syswrite F, "-11.0.0.0/8\n" }' $list
r perl -ne \
	'm{^src=(10\.[\d.]+) } and $seen{$1}++; END { print scalar(keys %seen), " ", scalar(grep { $_ != 1 } values %seen), "\n" }' $list >"$TMP/read"
is 'each that stayed is listed once' "$(<"$TMP/read")" '20000 0'
ok 'the others came and went' wait "$CHURN"
r perl -e 'printf "+12.0.%d.%d\n", $_ >> 8, $_ & 255 for 0 .. 2999' >"$TMP/more"
is 'the size can be changed: others go as new ones come' \
	"$(r bash -c \
	"echo 100 >/sys/module/xt_recent/parameters/ip_list_tot; cat $TMP/more >$list; wc -l <$list")" 100

say 'A file that is open when the last rule of its list is deleted fails.'
nok 'written' x bash -c "exec 3>$list && iptables-$BACKEND -F INPUT && echo 1.2.3.4 >&3"
ipt x -A INPUT -m recent --name L --set
is 'a new list of that name is empty' "$(x cat $list)" ''
nok 'read' x bash -c "exec 3<$list && iptables-$BACKEND -F INPUT && cat <&3"
done_testing
