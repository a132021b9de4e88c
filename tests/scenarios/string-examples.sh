#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The examples of the string match's manual and of stringset(8) work as they stand there: the rules, and the pattern set.
#
#	r	the examples are typed in a namespace without neighbours: what the rules do is shown by other scenarios
#
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
namespace r

# iptables in an example is that of the backend under test.
mkdir "$TMP/bin"
ln -s "$(command -v "iptables-$BACKEND")" "$TMP/bin/iptables"
PATH=$TMP/bin:$PWD/build/tools:$PATH

for page in recent stringset; do
	like "man finds $page" "$(man -w $page)" "/$page\.8\$"
done
text() { sed 's/\\-/-/g; s/\\(aq/'"'"'/g' "$1"; }
text patchlets/string/manual.man | sed -n '/^\.nf/,/^\.fi/p' | sed '/^\./d' >/etc/bad.patterns
ok 'the manual has an example of a set' stringset check /etc/bad.patterns
mapfile -t examples < <(text extensions/libxt_string.man | grep -E '^(iptables|stringset) ')
ok 'and examples of rules' test "${#examples[@]}" -ge 7
wanted=0
for example in "${examples[@]}"; do
	ok "$example" r bash -c "$example"
	[[ $example != iptables* ]] || wanted=$((wanted + 1))
done
is 'the rules are there' "$(r "iptables-$BACKEND-save" | grep -c '^-A')" "$wanted"
is 'so are the patterns' "$(r stringset list --json bad | jq -c '.[0].patterns | map([.pattern, .icase, .prefix, .mark])')" \
	'[["|7f|ELF",false,false,null],["GET /admin",true,true,16],["|2d|-a pattern that begins with dashes",false,false,null]]'
r stringset save bad >"$TMP/saved"
for verb in 'create other' "load other $TMP/saved" 'list' 'destroy other'; do
	ok "stringset $verb" r bash -c "stringset $verb"
done
is 'what is saved is what was loaded' "$(sed '/^#/d; s/^--hits 0 //' "$TMP/saved")" \
	"$(sed '/^#/d; s/^-- --/|2d|-/; s/|7F|/|7f|/' /etc/bad.patterns)"

echo "don't" >/etc/words
mapfile -t examples < <(text doc/stringset.8 | sed -n '/^\.SH EXAMPLES/,/^\.SH EXIT/p' | grep -E '^(stringset|sed) ')
ok 'the manual of stringset has examples' test "${#examples[@]}" -ge 8
for example in "${examples[@]}"; do
	ok "$example" r bash -o pipefail -c "$example"
done
is 'the last ones emptied the set' "$(r stringset list)" 'bad: 0 patterns, 0 bytes'
rm /etc/bad.patterns /etc/words /var/lib/bad.patterns
ipt r -F
ipt r -t mangle -F
done_testing
