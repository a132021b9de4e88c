#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The conversation: every letter of [N/y/t/f/a/r/b/w/q/?], in both directions, and what is seen on a
# terminal.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# asked: the patchlets that were asked about, in order; those of reversing begin with a minus.
asked() {
	awk '/^(\[[0-9]+\/[0-9]+\] )?The .* patchlet:/ { name = $(NF - 1) }
		/Do you want to apply/ { printf "%s ", name }
		/Do you want to REVERSE/ { printf "-%s ", name }' <<<"$out" | sed 's/ $//'
}
there() { (cd "$D/var/lib/patch-o-matic/$R" 2>/dev/null && printf "%s\n" * | paste -sd " "); }
afresh() { rm -rf "$D"; }

tree
patchlet a
patchlet b 'Depends: a'
patchlet c

answers 'N y q' extra
like 'the classic look: welcome' "$out" '^Welcome to Patch-o-matic \('
unlike 'without its warning of bugs' "$out" '[Bb]ugs'
like 'the classic look: kernel' "$out" "^Kernel:   $R, $K"
like 'the classic look: iptables' "$out" '^Iptables: [0-9.]+, /'
like 'the classic look: advice' "$out" \
	'^Each patchlet adds a feature to iptables. Install what you need.$'
like 'the classic look: test' "$out" '^Testing... not applied$'
like 'the classic look: patchlet' "$out" '^The a patchlet:$'
like 'the classic look: author' "$out" '^   Author: A. U. Thor <author@example.org>$'
like 'the classic look: help' "$out" '^   It has two lines.$'
like 'the classic look: question' "$out" \
	'^Do you want to apply this patchlet \[N/y/t/f/a/r/b/w/q/\?\]'
is 'N continues, and y to a patchlet that needs it is refused' "$(asked)" 'a b b'
like 'with the reason' "$out" 'b: it needs the patchlet a, which is not installed'
is 'and nothing is installed' "$(state_of "$D")" absent

answers 'y ENTER n' extra
is 'y applies; Enter and n do not' "$(there)" 'a'
is 'the end of the list is a good end' "$status" 0
answers 'y y' extra
is 'what is applied is passed over' "$(asked)" 'b c'
like 'and named' "$out" '^Already applied: a$'
is 'y to both' "$(there)" 'a b c'

afresh
answers 'b w b y q' extra
is 'b at the first stays there; w walks on; b comes back' "$(asked)" 'a a b a b'
is 'and y counts there' "$(there)" a
answers 'b N N q' extra
is 'b stops at what is applied, too' "$(asked)" 'b a b c'
answers 'w q' extra
is 'w: no answer' "$(there)" a

afresh
answers 't q' c
like 't: it compiles' "$out" '^Testing... it can be applied, and it compiles; now: not applied$'
is 't: the question is repeated, nothing is installed' "$(asked) $(there)" 'c c '
: >"$T/fail-c"
answers 't f q' c
like 't: it does not compile' "$out" 'c: it does not compile'
is 'f: does not help against that' "$(asked) $(there)" 'c c '
is 'and it was asked for by name: status 1' "$status" 1
rm "$T/fail-c"
patchlet c 'Requires: config NONE'
answers 'y f' c
like 'a failed test is reported' "$out" '^Testing... c cannot be applied$'
like 'y: answers with f' "$out" 'answer f to apply it anyway'
is 'f: applies it' "$(there)" c
patchlet c
afresh

answers 'y N a y y y' extra
is 'a: from the first again' "$(asked)" 'a b c b c'
afresh
answers 'y y r y' extra
is 'r: in reverse mode, who needs another first' "$(asked)" 'a b c -b -a'
is 'r, y: taken away' "$(there)" a
answers 'q' extra
like 'q: ends' "$(asked)" '^b$'
answers 'a q' --reverse extra
is 'in reverse mode, a: back to applying' "$(asked)" '-a b'
afresh
answers 'y r y' extra
is 'applied and reversed in one run: gone' "$(there)" ''
like 'each step is reported' "$out" '^Reversed: a '
unlike 'the summary has the final state: not installed' "$out" '^Excellent! Installed for'
unlike 'the summary has the final state: as before the run' "$out" '^Reversed for'
answers 'y N y' extra
answers 'r y a N y' extra
is 'reversed and applied in one run: there' "$(there)" 'a c'
like 'the summary has the final state: installed' "$out" "^Excellent! Installed for $R: c\$"
unlike 'the summary has the final state: not reversed' "$out" '^Reversed for'
afresh
answers 'y' a
answers '? q' extra
for letter in N y t f a r b w q '\?'; do
	like "?: explains $letter" "$out" "^  $letter  [a-zA-Z]"
done
answers 'x q' extra
like 'any other letter explains too' "$out" '^  y  yes'
is 'and the question is repeated' "$(asked)" 'b b'

answers 'y y' b c
before=$(there)
answers 't N' --reverse a
like 'reverse, t: what it would do' "$out" 'needed by: b'
is 'reverse, N: stays' "$(there)" "$before"
answers 'y N q' --reverse a
like 'reverse what another needs: asks' "$out" '^b needs a. Reverse that too'
is 'and N keeps both' "$(there)" "$before"
answers 'f q' --reverse a
is 'reverse, f: takes it away from below another' "$(there)" 'b c'
answers 'y' a
answers 'y y' --reverse a
is 'reverse what another needs: y takes both' "$(there)" c
echo x >>"$D/lib/modules/$R/updates/patch-o-matic/xt_c.ko"
answers 't y' --reverse c
like 'reverse, t: changed files' "$out" 'kept unless forced: .*xt_c.ko'
is 'reverse, y: they are kept' "$(find "$D" -name '*.ko' | wc -l)" 1
answers 'f' --reverse c
is 'reverse, f: and now they are gone' "$(state_of "$D")" absent

out=$(cd "$T" && printf 'y\n' | KERNEL_DIR=$K timeout 120 ./runme --destdir "$D" \
	extra 2>&1); status=$?
is 'the input ends: status 1, no endless loop' "$status" 1
like 'the input ends: reported, with a fix' "$out" 'input ended .*'
like 'and how to be asked nothing' "$out" '--batch'
is 'what was answered is done' "$(there)" a
runme --batch a b c
is '--batch with no input asks nothing' "$status" 0
afresh

unlike 'piped: no colour' "$out" $'\e'
unlike 'piped: no counter' "$out" '^\[[0-9]+/'
if command -v script >/dev/null; then
	# on_terminal ARG...: runme on a terminal, with what is in $keys typed there.
	on_terminal() {
		out=$(cd "$T" && printf '%s' "$keys" |
			TERM=xterm script -qec "env KERNEL_DIR=$K ./runme --destdir $D $*" \
			/dev/null | tr -d '\r')
	}
	keys=$'N\nN\nq\n'
	on_terminal extra
	like 'on a terminal: colour' "$out" $'\e\\[1m'
	like 'on a terminal: a counter' "$out" '\[1/3\]'
	export NO_COLOR=1
	on_terminal extra
	unlike 'NO_COLOR: none' "$out" $'\e\\['
	like 'NO_COLOR: the counter stays' "$out" '\[2/3\]'
	unset NO_COLOR
	keys=''
	on_terminal --batch a
	like 'on a terminal: --batch shows that it builds' "$out" 'Building 1 for .* [0-9]+ s'
else
	skip 'on a terminal' 'script(1) is not installed'
fi

done_testing
