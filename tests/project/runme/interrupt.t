#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs that do not come to their end: killed at every step, Ctrl-C, full disk. No patchlet may be
# left half installed.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

modules=$D/lib/modules/$R/updates/patch-o-matic
records=$D/var/lib/patch-o-matic/$R
tree
patchlet alpha 'Version: 1.0' 'Modules: xt_alpha xt_alpha2'
patchlet other

# killer PROGRAM N SIGNAL: a PATH in which the Nth call of PROGRAM kills runme instead, which may
# have called it from a subshell.
killer() {
	rm -rf "${TMP:?}/bin" && mkdir "$TMP/bin"
	cat >"$TMP/bin/$1" <<-END
		#!/bin/bash
		echo >>"$TMP/bin/calls"
		if ((\$(wc -l <"$TMP/bin/calls") == $2)); then
			pid=\$PPID
			while up=\$(cut -d ' ' -f 4 "/proc/\$pid/stat") &&
				tr '\\0' ' ' <"/proc/\$up/cmdline" | grep -q 'runme --destdir'; do
				pid=\$up
			done
			kill -$3 "\$pid"
			exit 1
		fi
		exec "$(command -v "$1")" "\$@"
	END
	chmod +x "$TMP/bin/$1"
}

# whole DESC: after a second run, all files of alpha are of one version, or none exists.
whole() {
	local version
	runme --batch other
	is "$1: the next run succeeds" "$status" 0
	is "$1: nothing half-done is left" \
		"$(find "$D" -name '*.pom-new' -o -path "$records/.*" 2>/dev/null)" ''
	version=$(sed -n 's/^version //p' "$records/alpha" 2>/dev/null)
	if [[ -z $version ]]; then
		is "$1: all of it is gone" "$(find "$D" -name '*alpha*' 2>/dev/null)" ''
	else
		is "$1: all of it is of version $version" \
			"$(sed -n 's/^Version: //p' "$modules"/xt_alpha*.ko | sort | uniq -c |
			tr -s ' ')" " 2 $version"
		runme --status alpha
		is "$1: its checksums are right" "$status" 0
	fi
}

# Killed at each of the steps of a first installation, of a replacement, and of a reversal.
for step in 'cp 3' 'cp 5' 'sync 1' 'mv 1' 'mv 2' 'mv 3' 'mv 4' 'mv 5' 'mv 6'; do
	rm -rf "$D"
	# shellcheck disable=SC2086 # two words
	killer $step KILL
	PATH=$TMP/bin:$PATH runme --batch alpha
	[[ $status == 137 ]] || { skip "killed at $step" 'it has fewer steps'; continue; }
	whole "killed at $step of installing"
done
for step in 'cp 4' 'mv 2' 'mv 4'; do
	rm -rf "$D"
	patchlet alpha 'Version: 1.0' 'Modules: xt_alpha xt_alpha2'
	runme --batch alpha
	patchlet alpha 'Version: 2.0' 'Modules: xt_alpha xt_alpha2'
	# shellcheck disable=SC2086
	killer $step KILL
	PATH=$TMP/bin:$PATH runme --batch alpha
	is "killed at $step of replacing: it was killed" "$status" 137
	whole "killed at $step of replacing"
done
for step in 'mv 1' 'rm 1' 'rm 2' 'rm 3'; do
	rm -rf "$D"
	runme --batch alpha
	# shellcheck disable=SC2086
	killer $step KILL
	PATH=$TMP/bin:$PATH runme --batch --reverse alpha
	is "killed at $step of reversing: it was killed" "$status" 137
	whole "killed at $step of reversing"
done
rm -rf "$D"

# Ctrl-C while files are written, and while it compiles: what was begun is undone at once.
for step in 'cp 4' 'sync 1' 'make 1'; do
	# shellcheck disable=SC2086
	killer $step INT
	PATH=$TMP/bin:$PATH runme --batch alpha
	is "Ctrl-C at $step: the status" "$status" 130
	is "Ctrl-C at $step: nothing is left" "$(state_of "$D")" absent
done

# A full disk.
mkdir -p "$D"
if ((EUID == 0)) && mount -t tmpfs -o size=64k tmpfs "$D" 2>/dev/null; then
	before=$(state_of "$D")
	head -c 40k /dev/urandom >"$T/build/big"
	sed -i 's,cat patchlets/$$n/info ,cat patchlets/$$n/info build/big ,' "$T/Makefile"
	runme --batch alpha
	is 'full disk: status 1' "$status" 1
	like 'full disk: names the patchlet, and nothing is installed' "$out" \
		'alpha: cannot write below .*nothing was installed'
	like 'full disk: the fix' "$out" "fix: free space on $D"
	like 'full disk: the error' "$out" 'No space left on device'
	is 'full disk: the destination is as it was' "$(state_of "$D")" "$before"
	umount "$D"
else
	skip 'full disk' 'no right to mount a small file system here'
fi

# Two at a time.
rmdir "$D"
mkdir "$D"
killer make 1 0
sed -i 's/exec/sleep 2 # sleep: the time that the other run waits\nexec/' "$TMP/bin/make"
(PATH=$TMP/bin:$PATH; runme --batch alpha) &
runme --batch other
wait
runme --status
is 'two runs at a time: both are installed' "$(grep -c ' ok$' <<<"$out")" 2

done_testing
