#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A libxtables whose structures have another layout than those that an extension was built for: the
# extension prints what to do and is not there. Nothing crashes.
# inputs: extensions/* Makefile include/* scripts/* patchlets/*/info
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
need iptables-translate
unset MAKEFLAGS MFLAGS MAKELEVEL
# The headers of an iptables with the member `base` of struct xt_option_entry, and of one without.
header=$(echo '#include <xtables.h>' | cc -E - | sed -n 's/^# 1 "\(.*xtables\.h\)".*/\1/p;T;q')
mkdir -p "$TAP_TMP/other"
if grep -q 'min, max, base;' "$header"; then
	sed 's/min, max, base;/min, max;/' "$header" >"$TAP_TMP/other/xtables.h"
else
	sed 's/unsigned int min, max;/unsigned int min, max, base;/' "$header" \
		>"$TAP_TMP/other/xtables.h"
fi
nok 'the two headers differ' cmp -s "$header" "$TAP_TMP/other/xtables.h"

# build NAME [VARIABLE=VALUE...]
build() {
	make -s extensions PATCHLETS='recent TARPIT CONNMARK' "O=$TAP_TMP/$1" "${@:2}" >/dev/null
}
translate() { # NAME WORDS...
	out=$(XTABLES_LIBDIR=$TAP_TMP/$1/extensions iptables-translate -A INPUT "${@:2}" 2>&1)
	status=$?
}
ok 'extensions for this layout' build same
ok 'extensions for another layout' build wrong "CPPFLAGS=-I$TAP_TMP/other" XTABLES_VERSION=1.2.3

for words in '-m recent --set' '-p tcp -j TARPIT' '-j CONNMARK --save-mark'; do
	# shellcheck disable=SC2086 # words
	translate same $words
	is "$words: status" "$status" 0
	like "$words: output" "$out" '^nft'
	# shellcheck disable=SC2086
	translate wrong $words
	# A target that is not there is a chain.
	[[ $words == *TARPIT ]] || is "$words, another layout: an error" "$status" 2
	wrong=$out
	like "$words, another layout: said" "$out" \
		'were built for iptables 1.2.3, and this libxtables cannot load them; fix: run ./runme'
done
# The second and third rule are parsed with the options of the extensions that the first has loaded.
printf '%s\n' '*filter' '-A INPUT -p tcp -m tcp --dport 80 -j TARPIT' \
	'-A INPUT -p tcp -m tcp --dport 81 -m recent --set -j TARPIT --honeypot' \
	'-A INPUT -p tcp -m tcp --dport 82 -m recent --rcheck -j CONNMARK --save-mark' COMMIT \
	>"$TAP_TMP/rules"
cp "$(pkg-config --variable=xtlibdir xtables)/libxt_tcp.so" "$TAP_TMP/same/extensions/"
out=$(MALLOC_PERTURB_=165 XTABLES_LIBDIR=$TAP_TMP/same/extensions \
	iptables-restore-translate -f "$TAP_TMP/rules" 2>&1)
is 'several rules: status' $? 0
is 'several rules: all are read' "$(grep -c '^# -t filter -A' <<<"$out")" 3
is 'it is said once' "$(grep -c 'were built' <<<"$wrong")" 1
translate wrong -s 192.0.2.1
is 'another layout: rules without them work' "$status" 0

# Like nft: a program with a version of its own, which continues without the extension.
cat >"$TAP_TMP/program.c" <<'C'
#include <getopt.h>
#include <stdio.h>
#include <xtables.h>
static struct option none[] = { { NULL, 0, NULL, 0 } };
static int knows(const char *name, uint8_t revision, int option) { return 1; }
static struct xtables_globals globals = {
	.program_name = "other", .program_version = "1.1.3", .orig_opts = none,
	.compat_rev = knows,
};
int main(void)
{
	xtables_init_all(&globals, NFPROTO_IPV4);
	printf("%s\n", xtables_find_match("recent", XTF_TRY_LOAD, NULL) ? "found" : "none");
	return 0;
}
C
cc -o "$TAP_TMP/program" "$TAP_TMP/program.c" -lxtables
for name in same wrong; do
	out=$(XTABLES_LIBDIR=$TAP_TMP/$name/extensions "$TAP_TMP/program" 2>/dev/null)
	is "a different program, $name layout" "$?/$out" \
		"0/$([[ $name == same ]] && echo found || echo none)"
done
# iptables 1.8.11 frees them whether or not they are the original ones.
cat >"$TAP_TMP/free.c" <<'C'
#include <stdlib.h>
#include <xtables.h>
void xtables_free_opts(int unused)
{
	free(xt_params->opts);
	xt_params->opts = NULL;
}
C
cc -shared -fPIC -o "$TAP_TMP/free.so" "$TAP_TMP/free.c"
out=$(LD_PRELOAD=$TAP_TMP/free.so XTABLES_LIBDIR=$TAP_TMP/same/extensions "$TAP_TMP/program" 2>&1)
is 'a libxtables that always frees the options of the program' "$?/$out" 0/found
done_testing
