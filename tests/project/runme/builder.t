#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Who builds: after root has installed, the owner of the clone can go on; a build directory that
# cannot be written is the reason given.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

((EUID == 0)) || { skip 'root and the owner of the clone' 'needs root'; done_testing; }
owner=12345
chmod 755 "$TMP"
tree
patchlet alpha
patchlet beta
chown -R "$owner:$owner" "$T"

as_owner() {
	out=$(cd "$T" && setpriv --reuid "$owner" --regid "$owner" --clear-groups env \
		"KERNEL_DIR=$K" HOME="$T" ./runme "$@" 2>&1 </dev/null)
	status=$?
}

runme --batch base
is 'root installs: status 0' "$status" 0
is "and leaves nothing of root's in the clone" "$(find "$T" -user 0)" ''
is "what is installed is root's" "$(find "$D" ! -user 0)" ''
sed -i 's/It works/It works well/' "$T/patchlets/alpha/info"
as_owner --test base
is 'then the owner tests: status 0' "$status" 0
like 'and builds' "$out" 'alpha: can be installed'

# signed: sign-file runs as root, which alone may read the key
printf '#!/bin/sh\ncat "$2" >>"$4"\n' >"$K/scripts/sign-file"
chmod +x "$K/scripts/sign-file"
(umask 077 && echo key >"$TMP/key" && echo cert >"$TMP/cert")
runme --batch --sign-key "$TMP/key" --sign-cert "$TMP/cert" base
is "root signs with a key that is root's: status 0" "$status" 0

# The owner of the kernel's directory could exchange sign-file.
chown "$owner" "$K/scripts"
rm -rf "$D"
runme --batch --sign-key "$TMP/key" --sign-cert "$TMP/cert" base
is "a sign-file that is not root's: status 1" "$status" 1
like "a sign-file that is not root's: said" "$out" \
	"root does not run $K/scripts/sign-file, which uid $owner can change; fix: chown -R root"
runme --batch --force --sign-key "$TMP/key" --sign-cert "$TMP/cert" base
is "a sign-file that is not root's, --force: status 0" "$status" 0
like "a sign-file that is not root's, --force: said" "$out" "root runs $K/scripts/sign-file, which"
chown 0 "$K/scripts"

# A link where sign-file or the module would be written.
echo theirs >"$TMP/theirs"
ready=$T/build/$R/ready
rm -f "$ready/xt_alpha.ko"
as_owner --test alpha
setpriv --reuid "$owner" --regid "$owner" --clear-groups ln -sf "$TMP/theirs" \
	"$ready/xt_alpha.ko.~signed~"
runme --batch --sign-key "$TMP/key" --sign-cert "$TMP/cert" base
is 'root signs where nobody else can put links' "$(<"$TMP/theirs")" theirs
rm -f "$ready/xt_alpha.ko.~signed~"
as_owner --batch --destdir "$T/dest" base
is 'then the owner installs elsewhere: status 0' "$status" 0

chown -R 0:0 "$T/build"
for user in owner root; do
	if [[ $user == root ]]; then runme --test base; else as_owner --test base; fi
	is "$user, and build/ is root's: status 1" "$status" 1
	is "$user, and build/ is root's: one line of reason" \
		"$(grep -c 'Permission denied\|cannot write' <<<"$out")" 1
	like "$user, and build/ is root's: the fix" "$out" "cannot write $T/build.*, which belongs to root; fix: sudo chown -R $owner $T/build$"
	unlike "$user, and build/ is root's: no compiler is blamed" "$out" 'does not compile'
done
chown -R "$owner" "$T/build"
for out_of in "$TMP/none/build" /pom-none/build; do
	out=$(cd "$T" && timeout 20 setpriv --reuid "$owner" --regid "$owner" --clear-groups env \
		"POM_OUT=$out_of" "KERNEL_DIR=$K" HOME="$T" ./runme --test base 2>&1 </dev/null)
	is "POM_OUT=$out_of, which cannot be made: status 1" "$?" 1
	like "POM_OUT=$out_of, which cannot be made: said" "$out" 'cannot write /'
done

# In a user namespace without the owner, stat shows 65534, and a user may have that number.
chmod -R a+rwX "$T"
unshare --user sleep 60 & # sleep: killed below
child=$!
await() { [[ $(readlink "/proc/$child/ns/user") != "$(readlink /proc/self/ns/user)" ]]; }
for ((i = 0; i < 100; i++)); do await && break; read -rt 0.05 <> <(:); done
map=$'0 0 1\n65534 65534 1'
if await && cat <<<"$map" >"/proc/$child/uid_map" && cat <<<"$map" >"/proc/$child/gid_map"; then
	rm -rf "$T/build" "$D"
	out=$(cd "$T" && KERNEL_DIR=$K nsenter --user --target "$child" --setuid 0 --setgid 0 \
		./runme --destdir "$D" --batch alpha 2>&1 </dev/null)
	is 'an owner that is not mapped: status 0' "$?" 0
	is 'an owner that is not mapped: root builds' "$(find "$T/build" -user 65534)" ''
else
	skip 'an owner that is not mapped' 'no user namespaces here'
fi
kill "$child"
rm -rf "$T/build"

chmod 700 "$K"
runme --test base
is 'headers that the owner cannot read: status 1' "$status" 1
like 'headers that the owner cannot read: said' "$out" "cannot read KERNEL_DIR=$K"

done_testing
