#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# How modules are compressed and signed, and when modprobe's index is made.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

modules=$D/lib/modules/$R/updates/patch-o-matic
tree
patchlet alpha 'Extensions: '

# compressed DESC NAME UNPACK...: alpha is installed as NAME, and UNPACK gives what was built.
compressed() {
	runme --batch alpha
	is "$1" "$(ls "$modules")" "$2"
	ok "$1: its content" cmp <("${@:3}" "$modules/$2") "$T/build/$R/xt_alpha.ko"
	runme --batch alpha
	like "$1: is found again" "$out" 'Already applied'
	rm -rf "$D"
}

kernel "$R" CONFIG_MODULE_COMPRESS_XZ=y
compressed 'by configuration: xz' xt_alpha.ko.xz xz -dc
kernel "$R" CONFIG_MODULE_COMPRESS_ZSTD=y
if command -v zstd >/dev/null; then
	compressed 'by configuration: zstd' xt_alpha.ko.zst zstd -dqc
else
	skip 'by configuration: zstd' 'zstd is not installed'
fi
kernel "$R" CONFIG_MODULE_COMPRESS=y CONFIG_MODULE_COMPRESS_XZ=y
compressed 'since 6.12: a kernel that only can' xt_alpha.ko cat
kernel "$R" CONFIG_MODULE_COMPRESS=y CONFIG_MODULE_COMPRESS_GZIP=y CONFIG_MODULE_COMPRESS_ALL=y
compressed 'since 6.12: a kernel that does' xt_alpha.ko.gz gzip -dc
kernel "$R" CONFIG_MODULE_COMPRESS_XZ=y
mkdir -p "$D/lib/modules/$R/kernel/net"
: >"$D/lib/modules/$R/kernel/net/x.ko"
compressed 'what lies in the module tree counts more' xt_alpha.ko cat
runme --batch alpha
kernel "$R"
mkdir -p "$D/lib/modules/$R/kernel/net"
runme --batch --reverse alpha
kernel "$R" CONFIG_MODULE_COMPRESS_XZ=y
rm -rf "$D"
runme --batch alpha
like 'xz with the check that the kernel knows' \
	"$(xz --robot --list --verbose "$modules/xt_alpha.ko.xz")" 'CRC32'

# The index.
like 'no kernel in the destination: no index of patchlets alone' "$out" \
	"has no kernel $R: run 'depmod $R'"
is 'and none exists' "$(find "$D/lib/modules/$R" -name 'modules.*')" ''
rm -rf "$D"
mkdir -p "$D/lib/modules/$R/kernel"
: >"$D/lib/modules/$R/modules.order"
: >"$D/lib/modules/$R/modules.builtin"
mkdir "$TMP/bin"
printf '#!/bin/sh\necho "depmod $*" >>%q\n' "$TMP/depmod.log" >"$TMP/bin/depmod"
chmod +x "$TMP/bin/depmod"
PATH=$TMP/bin:$PATH runme --batch alpha
is 'with one: depmod, once' "$(cat "$TMP/depmod.log")" "depmod -b $D $R"
PATH=$TMP/bin:$PATH runme --batch alpha
is 'nothing changed: no depmod' "$(wc -l <"$TMP/depmod.log")" 1
printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/depmod"
PATH=$TMP/bin:$PATH runme --batch --reverse alpha
like 'depmod fails: reported' "$out" "fix: depmod -b $D $R"
printf '#!/bin/sh\necho "depmod $*" >>%q\n' "$TMP/depmod.log" >"$TMP/bin/depmod"
PATH=$TMP/bin:$PATH runme --batch alpha
is 'and the next run makes up for it' "$(tail -n 1 "$TMP/depmod.log")" "depmod -b $D $R"
rm -rf "$D"

# Signatures.
kernel "$R" CONFIG_MODULE_SIG_FORCE=y
runme --batch alpha
like 'not signed, and the kernel insists: said' "$out" \
	'CONFIG_MODULE_SIG_FORCE.* will refuse to load them'
rm -rf "$D"

# By a stand-in for the kernel's sign-file; the real one is in build.t.
kernel "$R"
printf '#!/bin/sh\necho "signed $*" | sed "s, [^ ]*/, ,g" >>"$4"\n' >"$K/scripts/sign-file"
chmod +x "$K/scripts/sign-file"
: >"$TMP/key" && echo cert >"$TMP/cert"
runme --batch alpha
runme --batch --sign-key "$TMP/key" --sign-cert "$TMP/cert" alpha
like 'signed with the hash that the kernel expects' "$(tail -n 1 "$modules/xt_alpha.ko")" \
	'^signed sha256 key cert xt_alpha.ko'
like 'an unsigned one is replaced' "$out" '^Applied: alpha'
like 'what must be enrolled' "$out" 'mokutil --import'
runme --batch --sign-key "$TMP/key" --sign-cert "$TMP/cert" alpha
like 'a signed one is left alone' "$out" 'Already applied'
runme --status
like '--status: the signer' "$out" \
	"ok, signed by the certificate with SHA-256 $(sha256sum <"$TMP/cert" | cut -c1-16)"
runme --batch alpha
like 'without a key, nothing changed: it is left alone' "$out" 'Already applied'
sed -i 's/It works/It works well/' "$T/patchlets/alpha/info"
before=$(state_of "$modules")
runme --batch alpha
is 'without a key, another build: status 1' "$status" 1
like 'without a key, another build: the reason' "$out" \
	'alpha: its installed modules are signed, and this run has no key'
is 'without a key, another build: it is left alone' "$(state_of "$modules")" "$before"
runme --batch --force alpha
unlike 'without a key, --force: replaced' "$(cat "$modules/xt_alpha.ko")" '^signed'
rm "$K/scripts/sign-file"
rm -rf "$D"
runme --batch --sign-key "$TMP/key" --sign-cert "$TMP/cert" alpha
is 'no sign-file: status 1' "$status" 1
like 'no sign-file: said' "$out" 'has no scripts/sign-file'
like 'and it is the reason' "$out" '^alpha: cannot sign the modules; nothing was installed'
is 'and nothing is installed unsigned' "$(state_of "$D")" absent
runme --batch --sign-key "$TMP/none" --sign-cert "$TMP/cert" alpha
like 'a key that cannot be read' "$out" "cannot read the key $TMP/none"

done_testing
