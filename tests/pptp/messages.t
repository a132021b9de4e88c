#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The messages of tests/pptp/peer are those of pptp-linux and pptpd, byte for byte.
# inputs: tests/pptp/* tests/lib/tap.sh
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# messages TYPE..: those of stdin, in hexadecimal, one a line
messages() {
	perl -0777 -ne '
		while (length) {
			my ($len, $type) = (unpack "nnNn", $_)[0, 3];
			my $message = substr $_, 0, $len, "";
			print unpack("H*", $message), "\n" if grep { $_ == $type } @ARGV2;
		}
		BEGIN { our @ARGV2 = @ARGV; @ARGV = () }' "$@"
}
# same WHAT FILE FIRST SECOND TYPE..: the ids are those of the capture
same() {
	tests/pptp/peer messages "$3" "$4" | messages "${@:5}" >"$TAP_TMP/made"
	messages "${@:5}" <"tests/pptp/captures/$2" >"$TAP_TMP/captured"
	ok "$1: $((($#) - 4)) messages" test "$(wc -l <"$TAP_TMP/captured")" = $(($# - 4))
	ok "$1: they are the same" cmp "$TAP_TMP/made" "$TAP_TMP/captured"
}
same 'pptp-linux' clear.client $((0xfef0)) 0 1 7 12
same 'pptpd' clear.server 0 $((0xfef0)) 2 8
done_testing
