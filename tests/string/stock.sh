#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules that the distribution's extension can say: accepted, listed, saved, checked and deleted as
# with that extension, in its size, and with the meaning that --to has on this kernel.
#
#	n0 -- r (the rules, FORWARD) -- n1		n0 sends UDP packets
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
topology
stock=$TMP/stock
mkdir "$stock"
for dir in /usr/lib/*/xtables /usr/lib/xtables; do
	[[ ! -e $dir/libxt_string.so ]] || cp "$dir"/lib{xt,ipt}_{string,udp,standard}.so \
		"$stock" 2>/dev/null
done
rm -f "$stock/libipt_string.so"
[[ -e $stock/libxt_string.so ]] || skip_all 'this distribution has no libxt_string.so'
theirs() { XTABLES_LIBDIR=$stock ipt "$@"; }

rule_set=(
	'--string badword --algo bm'
	'! --string badword --algo kmp'
	'--string badword --algo bm --to 65535'
	'--string badword --algo bm --from 0'
	'--algo bm --from 28 --to 29 --string WXYZ'
	'--algo bm --hex-string |7F|ELF --icase'
	'--algo kmp --string a"b\c --from 4 --to 400'
	'--algo kmp --hex-string |41||bc'
)
say 'The same listing from the same rules.'
for rule in "${rule_set[@]}"; do
	# shellcheck disable=SC2086 # words
	ipt r -A INPUT -m string $rule
	# shellcheck disable=SC2086
	theirs r -A OUTPUT -m string $rule
done
ours_listing=$(_quiet=1 r "iptables-$BACKEND" -L INPUT -n | tail -n +3)
like 'as public scripts expect it' "$ours_listing" 'STRING match  "badword" ALGO name bm'
is '-L is that of the stock extension' "$ours_listing" \
	"$(XTABLES_LIBDIR=$stock _quiet=1 r "iptables-$BACKEND" -L OUTPUT -n | tail -n +3)"
is '-S too' "$(_quiet=1 r "iptables-$BACKEND" -S INPUT | sed 1d)" \
	"$(XTABLES_LIBDIR=$stock _quiet=1 r "iptables-$BACKEND" -S OUTPUT |
	sed '1d; s/OUTPUT/INPUT/')"
for rule in "${rule_set[@]}"; do
	# shellcheck disable=SC2086
	ok "$rule: the stock extension finds our rule" r env "XTABLES_LIBDIR=$stock" \
		"iptables-$BACKEND" -C INPUT -m string $rule
	# shellcheck disable=SC2086
	ok 'and ours finds its rule' r "iptables-$BACKEND" -C OUTPUT -m string $rule
done
ok '--to 65535 is no --to' r "iptables-$BACKEND" -D INPUT -m string --string badword \
	--algo bm --to 65535
ok 'nor the other way' r "iptables-$BACKEND" -D INPUT -m string --string badword --algo bm
ipt r -F INPUT
ipt r -F OUTPUT

say 'A rule that finds nothing is loaded, with a warning.'
printf '*filter\n-A INPUT -m string --algo bm --from 7 --to 7 --string WXYZ\n-A INPUT -m string --algo bm --from 6 --to 6 --string WXYZ\nCOMMIT\n' >"$TMP/rules"
r "iptables-$BACKEND-restore" -n <"$TMP/rules" 2>"$TMP/warning"
is 'the exit status is 0' $? 0
is 'there is one warning' "$(grep -c 'warning: this rule never finds its string' "$TMP/warning")" 1
ipt r -F INPUT

say '--to has the meaning of this kernel in such a rule, and one meaning in ours.'
# IP and UDP headers take 28 bytes: the string is at 28 to 32.
ipt r -A FORWARD -p udp -m string --algo bm --string WXYZ --from 28 --to 30
ipt r -A FORWARD -p udp -m string --algo bm --string WXYZ --from 28 --to 32
ipt r -A FORWARD -p udp -m string --string WXYZ --from 28 --to 30 2>/dev/null
ipt r -A FORWARD -p udp -m string --string WXYZ --from 28 --to 32
n0 "$PWD/tests/lib/udp-send" 10.0.1.2 6969 WXYZ
until_ok 'a string that ends at --to is found' 10 counter_is r 4 filter FORWARD 2 1
is 'also by ours' "$(counter r 4 filter FORWARD 4)" 1
is 'ours does not find one that only begins before' "$(counter r 4 filter FORWARD 3)" 0
begins=1
[[ $(</sys/module/xt_string/parameters/to_is_end) == N ]] || begins=0
is "such a rule of revision 1 finds $begins, as the module says of this kernel" \
	"$(counter r 4 filter FORWARD 1)" $begins
case $(uname -r) in
5.10.*) is 'that is 1 on Linux 5.10' "$begins" 1 ;;
*) is 'that is 0 on this kernel' "$begins" 0 ;;
esac
ipt r -F FORWARD

say 'Thousands of rules'
{
	echo '*filter'
	for ((i = 0; i < 3000; i++)); do
		echo "-A FORWARD -m string --string word$i --base payload"
	done
	echo COMMIT
} >"$TMP/rules"
started=${EPOCHREALTIME/./}
ok '3000 of our own are loaded' r "iptables-$BACKEND-restore" -n "$TMP/rules"
say "That took $(((${EPOCHREALTIME/./} - started) / 1000)) ms."
ipt r -F FORWARD
long=$(printf 'x%.0s' {1..700})
ok 'a long string' r "iptables-$BACKEND" -A FORWARD -m string --string "$long" --string "${long}y" \
	--base payload
ok 'a short one after it' r "iptables-$BACKEND" -A FORWARD -m string --string short --base payload
is 'both are saved' "$(_quiet=1 r "iptables-$BACKEND" -S FORWARD | grep -c -- '--string')" 2
nok 'one that differs in the last byte is another rule' r "iptables-$BACKEND" -C FORWARD -m string \
	--string "$long" --string "${long}z" --base payload
ok 'the long one is found and deleted' r "iptables-$BACKEND" -D FORWARD -m string --string "$long" \
	--string "${long}y" --base payload
ok 'so is the short one' r "iptables-$BACKEND" -D FORWARD -m string --string short --base payload
done_testing
