#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Links and records that another user has put below the destination: runme changes nothing outside.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

modules=/lib/modules/$R/updates/patch-o-matic
state=/var/lib/patch-o-matic
outside=$TMP/outside
tree
patchlet alpha
patchlet beta

prepare() { # an empty destination and a file outside of it
	rm -rf "$D" "$outside"
	mkdir -p "$outside" "$D$modules" "$D$state/$R"
	echo theirs >"$outside/file"
}
unchanged() {
	is "$1: nothing outside has changed" "$(ls "$outside")=$(<"$outside/file")" file=theirs
}

for link in "$modules/xt_alpha.ko.pom-new" "$state/$R/.alpha.staging" "$state/$R/.depmod"; do
	for target in file none; do
		prepare
		ln -s "$outside/$target" "$D$link"
		runme --batch alpha
		unchanged "$link is a link to a file (install, $target)"
		is 'it is installed: status 0' "$status" 0
		is 'it is a file now' "$(stat -c %F "$D$modules/xt_alpha.ko")" 'regular file'
	done
done
prepare
ln -s "$outside/none" "$D$state/dirs"
runme --batch alpha
unchanged 'the list of directories is a link'

prepare
runme --batch alpha
ln -s "$outside/none" "$D$state/$R/.depmod"
ln -s "$outside/none" "$D$state/$R/.alpha.removing.pom-new"
echo changed >>"$D$modules/xt_alpha.ko"
runme --batch --reverse alpha
unchanged 'links during a reversal'

say_record() { # PATH: a record of alpha that claims the file
	local sum
	sum=$(sha256sum <"$outside/file" | cut -d ' ' -f 1)
	printf '%s\n' 'version 1.0' depends conflicts 'signed no' "file $sum $sum $1"
}
for kind in alpha .alpha.removing .alpha.moving .alpha.staging; do
	for path in /../outside/file /link/file; do
		prepare
		ln -s "$outside" "$D/link"
		cp "$outside/file" "$outside/file.pom-new"
		say_record "$path" >"$D$state/$R/$kind"
		runme --batch --reverse alpha
		rm -f "$D$state/$R"/*alpha*
		is "a record $kind of $path: nothing outside has changed" \
			"$(cd "$outside" && echo *)=$(<"$outside/file")" 'file file.pom-new=theirs'
	done
done

# Another user exchanges a directory right after runme has checked it for the last time before it
# removes a file there: a realpath that counts its calls, and does so at number $EXCHANGE_AT.
mkdir "$TMP/exchange"
cat >"$TMP/exchange/realpath" <<-END
	#!/bin/sh
	$(command -v realpath) "\$@" || exit
	case "\$*" in *" $D$modules/") ;; *) exit 0 ;; esac
	echo >>"$TMP/exchange/calls"
	[ "\$(wc -l <"$TMP/exchange/calls")" != "\$EXCHANGE_AT" ] ||
		{ mv "$D$modules" "$D/aside" && ln -s "$outside" "$D$modules"; }
END
chmod +x "$TMP/exchange/realpath"
reverse_and_exchange() { # NUMBER
	prepare
	runme --batch alpha
	mv "$outside/file" "$outside/xt_alpha.ko"
	rm -f "$TMP/exchange/calls"
	EXCHANGE_AT=$1 PATH=$TMP/exchange:$PATH runme --batch --reverse --force alpha
}
reverse_and_exchange none
reverse_and_exchange "$(wc -l <"$TMP/exchange/calls")"
is 'the directory is exchanged after the check: it was' "$(readlink "$D$modules")" "$outside"
is 'the directory is exchanged after the check: nothing outside has changed' \
	"$(ls "$outside")=$(<"$outside/xt_alpha.ko")" xt_alpha.ko=theirs

prepare
rm -r "${D:?}$state"
ln -s "$outside" "$D$state"
runme --batch alpha
is 'the records are elsewhere: status 1' "$status" 1
like 'the records are elsewhere: said' "$out" \
	"$D$state leads out of $D through a link; fix: remove the link"
unchanged 'the records are elsewhere'

# Characters that the path of a clone may have.
prepare
T="$TMP/a,b&c"
tree
patchlet alpha
runme --batch alpha
is 'a clone with odd characters in its path: status 0' "$status" 0
runme --test alpha
like 'a clone with odd characters in its path: known again' "$out" 'applied \(version 1.0\)'
unlike 'a clone with odd characters in its path: no error' "$out" 'sed:'
done_testing
