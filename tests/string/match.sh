#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m string counts exactly the packets that hold the string, where it may be: IPv4 and IPv6, packets
# in one piece, in several, and put together from fragments; with our extension and with the
# distribution's, which knows nothing of this module; all revisions.
#
#	n0 -- r (the rules, raw PREROUTING) -- n1
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"

udp_send=$PWD/tests/lib/udp-send
payloads=('\x7fELF\2\1' 'xx\x7fELF' 'GET /index.html' 'get /index.html' 'ababababcab' \
	'aaaaaaaaaab*100' '')
long=$(printf 'aaaaaaaaaab%.0s' {1..60})

wants=() rules=()
rule() { # WANT MATCH..: -m string MATCH counts WANT of the packets above
	wants+=("$1")
	rules+=("-A PREROUTING -i r0 -p udp --dport 6969 -m string ${*:2}")
}
# Any string, window, base, case, place, and what a model finds: N of the packets, and the match.
drawn_rules() { # BYTES of the IP header
	perl -e 'srand 5;
		my $header = 8 + shift;
		my @texts = map {
			my $n = s/\*(\d+)$// ? $1 : 1;
			s/\\(?:x(..)|(\d))/chr hex($1 || $2)/ge;
			$_ x $n
		} @ARGV;
		sub draw { int rand shift }
		for (1 .. 40) {
			my $text = $texts[draw(scalar @texts)];
			my $place = draw(length $text);
			my $needle = substr $text, $place, 1 + draw(20);
			redo unless $needle =~ /^[\w .]+$/ && length $needle;
			my ($icase, $invert, $prefix) = map { draw($_) == 0 } 2, 5, 4;
			my $from = $place + 2 - draw($prefix ? 4 : 9);
			redo if $from < 0;
			my $to = $from + length($needle) + draw(9);
			my $wanted = grep {
				my $window = $from < length ? substr $_, $from, $to - $from : "";
				my $at = $icase ? index lc $window, lc $needle :
					index $window, $needle;
				($prefix ? $at == 0 : $at >= 0) != $invert } @texts;
			my @bases = (["payload", 0], ["transport", 8], ["network", $header]);
			my ($base, $add) = @{$bases[draw(3)]};
			$needle = uc $needle if $icase;
			print join(" ", $wanted, $invert ? "!" : (), "--string", "\"$needle\"",
				"--base", $base, "--from", $from + $add, "--to", $to + $add,
				$icase ? "--icase" : (), $prefix ? "--prefix" : ()), "\n";
		}' "$1" "${payloads[@]}"
}
our_rules() { # BYTES of the IP header
	local want match
	while read -r want match; do rule "$want" "$match"; done < <(drawn_rules "$1")
	rule 2 --hex-string '"|7F|ELF"'
	rule 2 --string '"|7F|ELF"'
	rule 0 --algo kmp --string '"|7F|ELF"'
	rule 5 ! --string '"|7F|ELF"'
	rule 1 --string '"|7F|ELF"' --base payload --prefix
	rule 1 --string '"|7F|ELF"' --base payload --prefix --from 2
	rule 6 ! --string '"|7F|ELF"' --base payload --prefix
	rule 1 --string '"GET /"'
	rule 2 --string '"GET /"' --icase
	rule 2 --string '"get /INDEX.html"' --icase --base transport --from 8 --to 23
	rule 0 --string GET --from $(($1 + 7)) --to $(($1 + 10))
	rule 1 --string GET --from $(($1 + 8)) --to $(($1 + 11))
	rule 1 --string GET --to $(($1 + 11))
	rule 1 --string GET --base payload --to 3
	rule 0 --string GET --base payload --from 1
	rule 1 --string ababcab
	rule 1 --string "$long"
	rule 0 --string "${long}c"
	rule 0 --string aaaaaaaaaaa
	rule 1 --string baaaaaaaaaab --from 1000 --base payload
	rule 0 --string baaaaaaaaaab --from 1100 --base payload
	rule 7 --hex-string '"|1b39|"' --base transport --from 2 --prefix
}
stock_rules() {
	rule 2 --hex-string '"|7F|ELF"' --algo bm
	rule 2 --hex-string '"|7F|ELF"' --algo kmp
	rule 0 --string '"|7F|ELF"' --algo bm
	rule 5 ! --hex-string '"|7F|ELF"' --algo bm
	rule 1 --string '"GET /"' --algo bm
	rule 2 --string '"GET /"' --algo bm --icase
	rule 1 --string GET --algo bm --from $(($1 + 8)) --to $(($1 + 11))
	rule 0 --string GET --algo bm --from $(($1 + 9))
	rule 1 --string baaaaaaaaaab --algo kmp --from 1000
}

libraries=() whose=''
load_rules() { # PROGRAM
	{
		echo '*raw'
		printf '%s\n' "${rules[@]}"
		echo COMMIT
	} >"$TMP/rules"
	r env "${libraries[@]}" "$1-$BACKEND-restore" "$TMP/rules"
}
counts() {
	_quiet=1 r env "${libraries[@]}" "$1-$BACKEND-save" -c -t raw |
		sed -n 's/^\[\([0-9]*\):.*-A PREROUTING.*/\1/p'
}
counted() { # PROGRAM: true when the counts of all rules are those wanted
	local got
	got=$(counts "$1" | paste -sd ' ')
	[[ $got == "${wants[*]}" ]] || { printf 'wanted %s\ngot    %s\n' "${wants[*]}" "$got" &&
		return 1; }
}
packets() { # PROGRAM ADDRESS UDP_SEND_OPTION..: the packets, and exact counts
	ok "$1$whose: the rules" load_rules "$1"
	# Always from the same port: a checksum of its own choice may end with an a, of which some
	# payloads must not have one more.
	n0 "$udp_send" --from 6969 "${@:3}" "$2" 6969 "${payloads[@]}"
	until_ok "$1$whose ${*:3}: ${#rules[@]} rules have the right counts" 10 counted "$1"
}

topology
# Conntrack puts fragments together.
ipt r -A INPUT -m conntrack --ctstate INVALID
ip6t r -A INPUT -m conntrack --ctstate INVALID

our_rules 20
packets iptables 10.0.1.2
packets iptables 10.0.1.2 --pieces 3
packets iptables 10.0.1.2 --source 10.0.0.2 --fragments 16
longest=$(printf 'abcd%.0s' {1..1024})
ipt r -t raw -A PREROUTING -i r0 -p udp -m string --string "$longest"
ipt r -t raw -A PREROUTING -i r0 -p udp -m string --string "${longest:4}abcD"
n0 "$udp_send" 10.0.1.2 6970 'abcd*1025'
# From one fragment to the next: more than a segment of Ethernet holds.
until_ok 'a string of 4096 bytes' 10 counter_is r 4 raw PREROUTING $((${#rules[@]} + 1)) 1
is 'and none that is all but the same' "$(counter r 4 raw PREROUTING $((${#rules[@]} + 2)))" 0
rules=() wants=()
our_rules 40
packets ip6tables fd00:0:0:1::2
packets ip6tables fd00:0:0:1::2 --pieces 3
packets ip6tables fd00:0:0:1::2 --source fd00::2 --fragments 16

say 'The extension of the distribution, without ours'
mkdir "$TMP/stock"
shopt -s extglob
stock=$(dirname "$(find /usr/lib -name libxt_string.so -path '*/xtables/*' -print -quit)")
ln -s "$stock"/lib!(ipt_string|ip6t_string).so "$TMP/stock"
libraries=("XTABLES_LIBDIR=$TMP/stock") whose=' (stock)'
rules=() wants=()
stock_rules 20
packets iptables 10.0.1.2
packets iptables 10.0.1.2 --pieces 3
rules=() wants=()
stock_rules 40
packets ip6tables fd00:0:0:1::2 --source fd00::2 --fragments 16
libraries=()
like 'ours lists a rule of the other one' "$(r "ip6tables-$BACKEND" -t raw -S)" \
	'-m string --hex-string "\|7f454c46\|" --algo kmp'
like 'also for people' "$(r "ip6tables-$BACKEND" -t raw -L)" \
	'STRING match +"\|7f454c46\|" ALGO name kmp'

say 'Revision 0, which libraries use if a kernel has no other: our module with only that one'
mkdir "$TMP/old"
ln -s "$TMP"/stock/lib!(xt_string).so "$TMP/old"
ok 'such a library' bash -c "sed 's/ARRAY_SIZE(string_mt_reg));/1);/' extensions/libxt_string.c |
	gcc -x c -shared -fPIC -Iinclude -Iextensions \$(pkg-config --cflags xtables) \\
		-o $TMP/old/libxt_string.so -"
libraries=("XTABLES_LIBDIR=$TMP/old") whose=' (revision 0)'
nok 'it is of revision 0' r env "${libraries[@]}" "iptables-$BACKEND" -t raw -A PREROUTING \
	-m string --string a --algo bm --icase
rules=() wants=()
rule 2 --hex-string '"|7F|ELF"' --algo bm
rule 5 ! --hex-string '"|7F|ELF"' --algo kmp
rule 1 --string '"GET /"' --algo bm
rule 1 --string GET --algo bm --from 28 --to 31
rule 0 --string GET --algo kmp --from 29
packets iptables 10.0.1.2
packets iptables 10.0.1.2 --pieces 3
libraries=()
like 'ours lists it' "$(r "iptables-$BACKEND" -t raw -S)" \
	'-m string ! --hex-string "\|7f454c46\|" --algo kmp'
done_testing
