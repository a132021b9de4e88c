#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# inputs: extensions/libxt_string.man patchlets/string/manual.man
# The examples of the string match's manual and of stringset(8) work literally: the rules, and the
# pattern set. Each rule meets the packet that it is for, and one that it is not for.
#
#	n0 -- r (the examples) -- n1
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
topology

# iptables in an example is that of the backend under test.
mkdir "$TMP/bin"
ln -s "$(command -v "iptables-$BACKEND")" "$TMP/bin/iptables"
PATH=$TMP/bin:$PWD/build/tools:$PATH

like 'man finds stringset' "$(man -w stringset)" '/stringset\.8$'
text() { sed 's/\\-/-/g; s/\\e/\\/g; s/\\(aq/'"'"'/g' "$1"; }
text patchlets/string/manual.man | sed -n '/^\.nf/,/^\.fi/p' | sed '/^\./d' >/etc/bad.patterns
ok 'the manual has an example of a set' stringset check /etc/bad.patterns
mapfile -t examples < <(text extensions/libxt_string.man | grep -E '^(iptables|stringset) ')
ok 'and examples of rules' test "${#examples[@]}" -ge 11
wanted=0
for example in "${examples[@]}"; do
	ok "$example" r bash -c "$example"
	[[ $example != iptables* ]] || wanted=$((wanted + 1))
done
is 'the rules are there' "$(r "iptables-$BACKEND-save" | grep -c '^-A')" "$wanted"

ipt n1 -A INPUT -p tcp -j DROP # or it would end what is made up
# What a rule drops is not seen by those behind it.
segments() { n0 tests/lib/segments --barrier none; }
segments <<'END'
begin from=10.0.0.2 to=10.0.1.2 sport=80 dport=5000 flags=A seq=1000
elf as=begin flags=A seq=1000 data=.|7F|E
elf as=begin flags=A seq=1003 data=LF.
text as=begin flags=A seq=2000 data=text
set from=10.0.0.2 to=10.0.1.2 dport=5001 flags=A data=.|7F|ELF
admin from=10.0.0.2 to=10.0.0.1 dport=80 flags=A data=GeT|20|/admin/
index from=10.0.0.2 to=10.0.0.1 dport=80 flags=A data=GET|20|/index.html
END
question() { printf '%s' 'idFLcountsXX\7' "$1" '\3com\0\0\1\0\1'; }
n0 tests/lib/udp-send 10.0.1.2 53 "$(question eXample)" "$(question another)"
n0 tests/lib/udp-send 10.0.1.2 54 'cmd.exe' 'GET /admin' "$(printf 'x%.0s' {1..80})cmd.exe"
nok 'no answer to an echo request' n0 ping -n -q -c 1 -W 1 10.0.0.1
seen=(
	'-A FORWARD .*7f454c46 1'		# over two segments
	'-A FORWARD .*--set bad .*payload -j 1'	# in one
	'-A FORWARD .*to 268 .*-j REJECT 1'	# the name
	'-A FORWARD .*! .*to 268 .*-j LOG 1'	# another one
	'-A FORWARD .*cmd.exe.* 1'		# not where it is too far behind
	'-A FORWARD .*--mark 0x10/0xff .* 1'	# the pattern with this mark
	# in another case of letters; what is another request is not meant
	'-A INPUT .*GET /admin.* 1'
	'-A INPUT .*0800.* 1'			# the type and code
)
rule_counts() { _quiet=1 r "iptables-$BACKEND-save" -c; }
count_is() { # REGEX N
	[[ $(grep -cE "^\[$2:[0-9]+\] $1" <<<"$saved") == 1 ]] ||
		{ printf 'wanted one rule %s that has counted %s in\n%s\n' "$1" "$2" "$saved" &&
		return 1; }
}
counts_are_those() {
	local line
	saved=$(rule_counts)
	for line in "${seen[@]}"; do count_is "${line% *}" "${line##* }" || return; done
}
until_ok 'each rule meets what it is for, and nothing else' 10 counts_are_those
like 'the set tells what was found' "$(r stringset list bad)" \
	' 2  --icase --prefix --mark 0x10 GET /admin'
like 'on a terminal the pattern with most hits is first' \
	"$(r script -qec 'stringset list bad' /dev/null </dev/null | tr -d '\r')" \
	$'^bad: 3 patterns, [0-9.]+ [KM]?i?B\nlast: .*\nHITS  PATTERN\n   2  --icase --prefix --mark 0x10 GET /admin\n'
is 'so are the patterns' \
	"$(r stringset list --json bad |
	jq -c '.[0].patterns | map([.pattern, .icase, .prefix, .mark])')" \
	'[["|7f|ELF",false,false,null],["GET /admin",true,true,16],["|2d|-a pattern that begins with dashes",false,false,null]]'
r stringset save bad >"$TMP/saved"
mapfile -t examples < <(text patchlets/string/manual.man | grep -E '^(echo|printf) ')
is 'there are examples without the program' "${#examples[@]}" 2
for example in "${examples[@]}"; do
	ok "$example" r bash -c "$example"
done
like 'which load a set' "$(r stringset list ours)" '^ours: 2 patterns'
ok 'it can be removed' r stringset destroy ours
for verb in 'create other' "load other $TMP/saved" 'list' 'destroy other'; do
	ok "stringset $verb" r bash -c "stringset $verb"
done
is 'what is saved is what was loaded' "$(sed '/^#/d; s/^--hits [0-9]* //' "$TMP/saved")" \
	"$(sed '/^#/d; s/^-- --/|2d|-/; s/|7F|/|7f|/' /etc/bad.patterns)"

echo "don't" >/etc/words
mapfile -t examples < <(text tools/string/stringset.8 | sed -n '/^\.SH EXAMPLES/,/^\.SH EXIT/p' |
	grep -E '^(stringset|sed) ')
ok 'the manual of stringset has examples' test "${#examples[@]}" -ge 8
for example in "${examples[@]}"; do
	ok "$example" r bash -o pipefail -c "$example"
done
is 'the last ones emptied the set' "$(r stringset list)" 'bad: 0 patterns, 0 bytes'
rm /etc/bad.patterns /etc/words /var/lib/bad.patterns
ipt r -F
ipt r -t mangle -F
done_testing
