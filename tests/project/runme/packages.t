#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The packages of `make check`, with stubs for apt: listed with their sizes, and installed after one
# question on a terminal.
# inputs: scripts/*
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

mkdir "$TMP/bin"
cat >"$TMP/bin/dpkg-query" <<'END'
#!/bin/sh
echo 'installed present'
END
cat >"$TMP/bin/apt-cache" <<'END'
#!/bin/sh
for name; do
	case $name in
	one | two) printf 'Package: %s\nVersion: 1\nSize: 2500000\n\n' "$name" ;;
	esac
done
END
cat >"$TMP/bin/apt-get" <<END
#!/bin/sh
case "\$*" in
*--print-uris*) printf "'http://x/%s.deb' %s.deb 20000000 SHA256:0\n" one one two two need need ;;
*) echo "\$*" >>$TMP/apt.log ;;
esac
END
printf '#!/bin/sh\n[ "$1" != -n ] || shift\nexec "$@"\n' >"$TMP/bin/sudo"
chmod +x "$TMP/bin"/*
PATH=$TMP/bin:$PATH
printf '%s\n' 'one # why' present 'two # why' >"$TMP/list"
cat >"$TMP/require" <<END
. '$POM_TOP/scripts/lib/common.sh'
. '$POM_TOP/scripts/lib/packages.sh'
packages_require '$TMP/list'
END
require() { bash "$TMP/require"; }
asked() { grep -c 'Install them now?' <<<"$out"; }

out=$(require 2>&1 </dev/null)
is 'not on a terminal: status 0' $? 0
like 'each package with its size' "$out" '^  one +2\.5 MB$'
like 'all of them with time' "$out" '^3 packages with what they need, 60 MB, about 1 min$'
is 'not on a terminal: no question' "$(asked)" 0
like 'they are installed' "$(<"$TMP/apt.log")" 'install one two$'
if command -v script >/dev/null; then
	: >"$TMP/apt.log"
	out=$(printf 'n\n' | script -qec "bash $TMP/require" /dev/null)
	is 'on a terminal: one question' "$(asked)" 1
	is 'on a terminal, n: nothing is installed' "$(<"$TMP/apt.log")" ''
	out=$(printf '\n' | script -qec "bash $TMP/require" /dev/null)
	like 'on a terminal, Enter: they are installed' "$(<"$TMP/apt.log")" 'install one two$'
else
	skip 'on a terminal' 'script(1) is not installed'
fi
: >"$TMP/apt.log"
echo present >"$TMP/list"
out=$(require 2>&1 </dev/null)
is 'nothing is missing: no word' "$out" ''

done_testing
