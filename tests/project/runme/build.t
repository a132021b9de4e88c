#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Compile, sign, index, replace the kernel's own module, and reverse, with the headers and module
# tree of a real kernel.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk extensions/built-for.h tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
unset STRIP

SPEC=${POM_TEST_KERNEL:-6.1}
K=$("$POM_TOP/scripts/kernel" dir "$SPEC") && root=$("$POM_TOP/scripts/kernel" root "$SPEC") || exit
R=$("$POM_TOP/scripts/kernel" release "$SPEC")

# A tree with the real build system, a module that replaces one of the kernel's, and an extension.
mkdir -p "$T"/{kernel/sample,patchlets,include/linux/netfilter,extensions,tools,doc}
cp -r "$POM_TOP"/{runme,scripts,Makefile,Kbuild} "$T/"
cp -r "$POM_TOP/kernel/compat" "$T/kernel/"
cp "$POM_TOP"/extensions/{rules.mk,built-for.h} "$T/extensions/"
cp "$POM_TOP"/tools/rules.mk "$T/tools/"
patchlet sample 'Modules: nf_conntrack_tftp' 'Extensions: sample' 'Replaces: nf_conntrack_tftp' \
	'Requires: config NF_CONNTRACK' \
	'Requires: symbol xt_register_match' 'Requires: linux >= 5.10' 'Requires: iptables >= 1.8'
cat >"$T/kernel/sample/nf_conntrack_tftp.c" <<'C'
#include <linux/module.h>
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Stands where another stood");
MODULE_ALIAS("ip_conntrack_tftp");
static int __init sample_init(void) { return 0; }
static void __exit sample_exit(void) { }
module_init(sample_init);
module_exit(sample_exit);
C
cat >"$T/extensions/libxt_sample.c" <<'C'
#include <xtables.h>
static struct xtables_match sample = { .name = "sample", .version = XTABLES_VERSION };
static __attribute__((constructor)) void sample_register(void) { xtables_register_match(&sample); }
C
printf 'man:\n' >"$T/doc/rules.mk"

# A destination with the kernel's own modules.
own=$D/lib/modules/$R
mkdir -p "$own/kernel/net"
cp -r "$root/lib/modules/$R/kernel/net/netfilter" "$own/kernel/net/"
cp "$root/lib/modules/$R"/modules.{order,builtin,builtin.modinfo} "$own/"
depmod -b "$D" "$R" 2>/dev/null
before=$(state_of "$D")
which_module() { modinfo -b "$D" -k "$R" -n "$1" | sed "s,^$own/,,"; }
theirs=$(which_module nf_conntrack_tftp)
like "the kernel's own module is found" "$theirs" '^kernel/net/netfilter/nf_conntrack_tftp\.ko'

openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Patch-o-matic test/' \
	-keyout "$TMP/key.pem" -outform DER \
	-out "$TMP/cert.der" 2>/dev/null
runme --batch --sign-key "$TMP/key.pem" --sign-cert "$TMP/cert.der" sample
is 'it is checked, built, signed and installed' "$status" 0
[[ $status == 0 ]] || printf '# %s\n' "${out//$'\n'/$'\n'# }"
like "modprobe's index prefers it" "$(which_module nf_conntrack_tftp)" \
	'^updates/patch-o-matic/nf_conntrack_tftp\.ko'
is 'by its alias, too' "$(which_module ip_conntrack_tftp)" "$(which_module nf_conntrack_tftp)"
is 'it is signed with that key' "$(modinfo -b "$D" -k "$R" -F signer nf_conntrack_tftp)" \
	'Patch-o-matic test'
is "compressed as the kernel's own are" "$(which_module nf_conntrack_tftp | sed 's/.*\.ko//')" \
	"${theirs##*.ko}"
file=$own/$(which_module nf_conntrack_tftp)
is 'without debug information' \
	"$(case $file in *.xz) xz -dc "$file" ;; *) cat "$file" ;; esac >"$TMP/m.ko" &&
	readelf -SW "$TMP/m.ko" | grep -c '\.debug_')" 0
ok 'the shared object is one' readelf \
	-h "$D$(pkg-config --variable=xtlibdir xtables)/libipt_sample.so"

started=${EPOCHREALTIME/./}
runme --batch --sign-key "$TMP/key.pem" --sign-cert "$TMP/cert.der" sample
spent=$(((${EPOCHREALTIME/./} - started) / 1000))
like 'nothing changed: nothing is done' "$out" 'Already applied: sample'
printf '# which took %d ms\n' "$spent"

out=$(cd "$T" && make reverse PATCHLETS=sample KERNEL_DIR="$K" DESTDIR="$D" 2>&1)
like 'make reverse' "$out" 'Reversed: sample'
is "the kernel's own module is back" "$(which_module nf_conntrack_tftp)" "$theirs"
is 'the destination is as it was' "$(state_of "$D")" "$before"

out=$(cd "$T" && make install KERNEL_DIR="$K" DESTDIR="$D" 2>&1)
like 'make install' "$out" 'Applied: sample'
for target in pending-patches:0 most-of-pom:1 patch-o-matic:1; do
	out=$(cd "$T" && make "${target%:*}" BATCH=1 KERNEL_DIR="$K" DESTDIR="$D" 2>&1)
	is "make ${target%:*}: its suites" "$(grep -c 'Already applied: sample' <<<"$out")" \
		"${target#*:}"
done

sed -i 's/return 0/return missing_thing/' "$T/kernel/sample/nf_conntrack_tftp.c"
runme --test sample
is 'what does not compile: status 1' "$status" 1
like 'with the error of the compiler' "$out" 'compile for .*: kernel/sample/nf_conntrack_tftp\.c:[0-9:]+ error: .*missing_thing.* undeclared'
runme --batch --reverse sample
is 'and it can still be reversed' "$(state_of "$D")" "$before"

done_testing
