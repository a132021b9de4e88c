#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What is put where, and that reversing leaves the destination as it was.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

modules=$D/lib/modules/$R/updates/patch-o-matic
xtables=$D$(pkg-config --variable=xtlibdir xtables)
records=$D/var/lib/patch-o-matic/$R
man=$D/usr/local/share/man/man8

# A destination with something in it, of which nothing may change.
furnish() {
	rm -rf "$D"
	mkdir -p "$D/lib/modules/$R/kernel/net" "$D/etc" "$D/usr/local"
	echo 'their own' >"$D/etc/file"
	: >"$D/lib/modules/$R/modules.order"
	: >"$D/lib/modules/$R/modules.builtin"
	: >"$D/lib/modules/$R/modules.builtin.modinfo"
	depmod -b "$D" "$R"
}

tree
patchlet alpha
patchlet beta 'Depends: alpha'
patchlet two 'Modules: xt_two nf_two' 'Extensions: '

furnish
before=$(state_of "$D")
runme --batch alpha beta two
is 'install: status 0' "$status" 0
ok 'the module' test -f "$modules/xt_alpha.ko"
is 'all modules of a patchlet' "$(ls "$modules")" $'nf_two.ko\nxt_alpha.ko\nxt_beta.ko\nxt_two.ko'
is 'its mode' "$(stat -c %a "$modules/xt_alpha.ko")" 644
ok 'the shared object where this iptables looks' test -f "$xtables/libipt_alpha.so"
is 'under names that no distribution uses' "$(cd "$xtables" && echo *alpha*)" \
	"libip6t_alpha.so libipt_alpha.so"
ok 'the manual' test -f "$man/stub-extensions.8"
like 'the record: each file with its sum' "$(<"$records/alpha")" \
	"^file $(sha256sum <"$modules/xt_alpha.ko" |
	cut -d ' ' -f 1) [0-9a-f]{64} /lib/modules/$R/updates/patch-o-matic/xt_alpha.ko$"
like 'plainly what Secure Boot will do' "$out" 'not signed: with Secure Boot on, a kernel refuses'
is 'nothing half-done is left' "$(find "$D" -name '*.pom-new' -o -path "$records/.*")" ''
installed=$(state_of "$D")

runme --batch alpha beta two
is 'again: status 0' "$status" 0
is 'again: all are already applied' "$(grep -c '^Already applied' <<<"$out")" 3
is 'again: nothing changes' "$(state_of "$D")" "$installed"
runme --status
is '--status: status 0' "$status" 0
like '--status: the kernel' "$out" "^$R:"
like '--status: what is installed' "$out" 'alpha +1\.0 +4 files  ok'

runme --batch --reverse alpha
is 'reverse what another needs: refused' "$status" 1
like 'and names the dependent and the fix' "$out" \
	"fix: reverse both: KERNEL_DIR=$K ./runme --destdir $D --reverse beta alpha"
is 'nothing was taken away' "$(state_of "$D")" "$installed"
runme --batch --reverse base
is 'reverse: status 0' "$status" 0
like 'reverse: dependents come first' \
	"$(grep Reversed <<<"$out" | cut -d ' ' -f 2 | paste -sd ' ')" 'beta.*alpha'
is 'reverse: the destination is as it was' "$(state_of "$D")" "$before"
runme --batch --reverse alpha
is 'reverse what is not installed: status 1' "$status" 1
like 'reverse what is not installed: said' "$out" "alpha is not installed for $R"
rm -rf "$D"
runme --batch two
runme --batch --reverse two
is 'a destination that was not there is not there again' "$(state_of "$D")" absent

runme --batch alpha beta
runme --batch --reverse beta
like 'a dependency that is not needed any more is named' "$out" \
	'No patchlet needs these any more: alpha'
runme --batch --reverse alpha

# Two kernels, one iptables: the shared object stays while either needs it.
kernel 6.2.0-test
runme --batch alpha
kernel "$R"
runme --batch alpha
runme --batch --reverse alpha
ok 'another kernel has the same patchlet: its shared object stays' test \
	-f "$xtables/libip6t_alpha.so"
runme --status
like 'and is as it should be' "$out" 'alpha .* ok$'
kernel 6.2.0-test
runme --batch --reverse alpha
is 'until that is reversed too' "$(state_of "$D")" absent
kernel "$R"

# Changed files.
furnish
before=$(state_of "$D")
runme --batch alpha
echo changed >>"$modules/xt_alpha.ko"
runme --status
is '--status: a changed file is status 1' "$status" 1
like '--status: which' "$out" "changed: $modules/xt_alpha.ko"
runme --batch alpha
is 'installing over a changed file by name: status 1' "$status" 1
like 'and the fix' "$out" "fix: KERNEL_DIR=$K ./runme --destdir $D --force alpha replaces them"
runme --batch --force alpha
unlike '--force puts ours back' "$(tail -n 1 "$modules/xt_alpha.ko")" changed
echo changed >>"$modules/xt_alpha.ko"
rm "$man/stub-extensions.8"
runme --batch --reverse alpha
is 'reversing: a changed file is kept, status 1' "$status" 1
like 'and named' "$out" 'kept these files, which were changed since: /lib/modules/.*/xt_alpha.ko$'
is 'all else is gone' "$(find "$D/usr" "$D/lib/modules/$R/updates" -type f)" "$modules/xt_alpha.ko"
runme --status
like '--status knows it' "$out" 'alpha .*reversed, except changed files'
runme --batch --reverse --force alpha
is '--reverse --force takes it away' "$(state_of "$D")" "$before"

# Versions.
runme --batch alpha
patchlet alpha 'Version: 1.1'
runme --test alpha
like 'an older version is installed: said' "$out" 'version 1\.0 is applied, this tree has 1\.1'
runme --batch alpha
like 'an older version is replaced' "$(<"$records/alpha")" '^version 1\.1$'
patchlet alpha 'Version: 1.0.9'
runme --batch alpha
is 'a newer version is not' "$status" 1
like 'and the fix' "$out" 'install the older version with KERNEL_DIR.* --force alpha'
runme --batch --force alpha
like 'but by force' "$(<"$records/alpha")" '^version 1\.0\.9$'
sed -i 's/It works/It works well/' "$T/patchlets/alpha/info"
runme --batch alpha
like 'the same version, built from other sources, is replaced' "$out" '^Applied: alpha'
ok 'with the new build' cmp "$T/patchlets/alpha/info" "$modules/xt_alpha.ko"
patchlet alpha 'Version: 1.2' 'Extensions: '
runme --batch alpha
nok 'a file that the newer version has not is removed' test -e "$xtables/libipt_alpha.so"
rm -r "$T/patchlets/alpha" "$T/patchlets/beta"
runme --batch --reverse alpha
is 'a patchlet that the tree has no more can be reversed' "$(state_of "$D")" "$before"
patchlet alpha

# What others put there.
mkdir -p "$xtables"
echo theirs >"$xtables/libxt_alpha.so"
before=$(state_of "$D")
runme --batch alpha
is "a distribution's shared object stays" "$(<"$xtables/libxt_alpha.so")" theirs
is 'ours is installed next to it, for both families' "$(cat "$xtables"/lib{ip,ip6}t_alpha.so)" \
	$'shared alpha\nshared alpha'
runme --batch alpha
like 'and that is remembered' "$out" 'Already applied: alpha'
runme --batch --reverse alpha
is 'reversing leaves theirs' "$(state_of "$D")" "$before"
mkdir -p "$modules"
echo theirs >"$modules/xt_two.ko"
runme --batch two
is 'a file of others in our way: status 1' "$status" 1
like 'named, with the fix' "$out" 'do not belong to a patchlet: /lib/.*/xt_two.ko'
is 'and kept' "$(<"$modules/xt_two.ko")" theirs

# What cannot be written: the cause is named, not guessed.
furnish
before=$(state_of "$D")
STRIP=false runme --batch alpha
is 'strip fails: status 1' "$status" 1
like 'strip fails: said' "$out" '^ *alpha: false failed; nothing was installed'
is 'strip fails: the destination is as it was' "$(state_of "$D")" "$before"
if ((EUID == 0)); then
	out=$(cd "$T" && KERNEL_DIR=$K unshare --mount sh -c '
		mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" &&
		./runme --batch --destdir "$1" alpha' - "$D" 2>&1 </dev/null) status=$?
	is 'a file system that is read-only: status 1' "$status" 1
	like 'a file system that is read-only: said' "$out" '[Rr]ead-only'
	unlike 'a file system that is read-only: no guess' "$out" 'free space|full'
else
	skip 'a file system that is read-only' 'needs root'
fi

# Links and rights.
furnish
mkdir "$TMP/outside"
ln -s "$TMP/outside" "$D/lib/modules/$R/updates"
runme --batch two
is 'a link that leads out of the destination: status 1' "$status" 1
like 'and said' "$out" 'leads out of'
is 'nothing was written there' "$(ls -A "$TMP/outside")" ''
if ((EUID == 0)); then
	chmod 755 "$TMP" "$D"
	out=$(cd "$T" && find . -type d -exec chmod 777 {} + &&
		setpriv --reuid 65534 --regid 65534 --clear-groups \
		env "KERNEL_DIR=$K" HOME=/ ./runme --batch --destdir "$D" two 2>&1 </dev/null)
	like 'no right to write: what to do' "$out" 'cannot write .*: run as root, or .*--destdir'
else
	ok 'no right to write: what to do' bash -c "cd '$T' && KERNEL_DIR='$K' ./runme --batch two 2>&1 | grep 'run as root, or .*--destdir'"
fi

done_testing
