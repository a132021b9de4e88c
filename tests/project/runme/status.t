#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --status, --status --json, and the manual pages that patchlets share.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk doc/runme.8
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

man=$D/usr/local/share/man/man8
tree
patchlet alpha
patchlet beta
mkdir -p "$T/tools/alpha"
echo 'the page of a tool' >"$T/tools/alpha/alphactl.8"
printf 'man: tool-pages\ntool-pages:\n\t@mkdir -p build/man; cp tools/*/*.8 build/man\n' \
	>>"$T/Makefile"

# status_json FILTER: what jq makes of --status --json.
status_json() { jq -rc "$1" <<<"$out"; }

runme --status --json
is 'nothing installed: valid JSON' "$(status_json '.patchlets, .destination')" $'[]\n'"$D"
runme --batch beta
nok "the page of a tool: not with another patchlet" test -e "$man/alphactl.8"
runme --batch alpha
ok 'the page of a tool: with its patchlet' test -f "$man/alphactl.8"

runme --status --json
is '--json: status 0' "$status" 0
is '--json: a patchlet' \
	"$(status_json '.patchlets[] | select(.name == "beta") | del(.files)')" \
	"$(jq -nc --arg kernel "$R" '{kernel: $kernel, name: "beta", version: "1.0",
		tree_version: "1.0", state: "ok", parts: "all", signer: null, changed: [],
		missing: [], loaded_differ: []}')"
is '--json: all patchlets' "$(status_json '[.patchlets[].name]')" '["alpha","beta"]'
is '--json: nothing else' "$(status_json '[.shared_pages, .interrupted]')" '[{},[]]'
is '--json: the version of runme' \
	"Patch-o-matic $(status_json .version)" "$(runme --version; echo "${out%% (*}")"
runme --status --json beta
is '--json NAME: only that' "$(status_json '[.patchlets[].name]')" '["beta"]'
keys=$(status_json '(keys_unsorted, (.patchlets[0] | keys_unsorted)) | .[]')
undocumented=''
for key in $keys; do
	grep -qE "^\.(B|BR|RB|TP)? ?.*\b$key\b" "$POM_TOP/doc/runme.8" || undocumented+=" $key"
done
is '--json: runme(8) has all keys' "$undocumented" ''
runme --json --batch alpha
is '--json without --list or --status: refused' "$status" 2

rm "$man/stub-extensions.8"
runme --status
is 'a shared page is lost: status 1' "$status" 1
is 'a shared page is lost: the patchlets are ok' "$(grep -c ' ok$' <<<"$out")" 2
is 'a shared page is lost: reported once' "$(grep -c "missing: $man/stub-extensions.8" <<<"$out")" 1
runme --status --json
is 'a shared page is lost: --json has status 1' "$status" 1
is 'a shared page is lost: in --json' "$(status_json '.shared_pages, [.patchlets[].state]')" \
	"{\"$man/stub-extensions.8\":\"missing\"}"$'\n["ok","ok"]'
runme --batch beta
runme --status
is 'a shared page is lost: any patchlet installs it' "$status" 0

rm "$man/alphactl.8"
echo changed >>"$D/lib/modules/$R/updates/patch-o-matic/xt_alpha.ko"
runme --status --json
is 'changed and missing files: in --json' \
	"$(status_json '.patchlets[] | select(.name == "alpha") | .state, .missing, .changed')" \
	"differs
[\"$man/alphactl.8\"]
[\"$D/lib/modules/$R/updates/patch-o-matic/xt_alpha.ko\"]"
is 'changed and missing files: the other patchlet' \
	"$(status_json '.patchlets[] | select(.name == "beta") | .state')" ok
runme --batch --reverse alpha
: >"$D/var/lib/patch-o-matic/$R/.gamma.moving"
rm -r "$T/patchlets/alpha"
runme --status --json
is 'kept files, a patchlet of another tree, an interrupted run' \
	"$(status_json '(.patchlets[] | select(.name == "alpha") | .state, .tree_version), .interrupted')" \
	"reversed
null
[\"$R/.gamma.moving\"]"

rm -rf "$D"
D="$TMP/a \"quoted\\ dir"
runme --batch beta
runme --status --json
is 'a destination with quotes' "$(status_json .destination)" "$D"

# The records below / are those of a small tree; iptables was upgraded since.
mkdir "$TMP/newer"
printf '#!/bin/sh\necho "iptables v1.8.13 (nf_tables)"\n' >"$TMP/newer/iptables"
chmod +x "$TMP/newer/iptables"
status_of_host() { # VERSION: that of the records
	rm -rf "$TMP/host"
	cp -r "$D/var/lib/patch-o-matic" "$TMP/host"
	sed -i "s/^iptables .*/iptables $1/" "$TMP/host"/*/*
	so=$(sed -n 's/^file [^ ]* [^ ]* \(.*\.so\)$/\1/p' "$TMP/host"/*/alpha | head -n 1)
	# shellcheck disable=SC2016 # for the other shell
	out=$(cd "$T" && unshare --user --map-root-user --mount bash -c '
		mount -t tmpfs none /var/lib && cp -r "$1" /var/lib/patch-o-matic &&
			mount -t tmpfs none "${4%/*}" && cp -r "$3${4%/*}/." "${4%/*}" &&
			PATH=$2:$PATH ./runme --status alpha' \
		bash "$TMP/host" "$TMP/newer" "$D" "$so" 2>&1)
}
patchlet alpha 'Extensions: alpha'
echo 'int x;' >"$T/extensions/libxt_alpha.c"
runme --batch alpha
like 'the record has the version of iptables' "$(cat "$D"/var/lib/patch-o-matic/*/alpha)" \
	'^iptables [0-9.]+$'
status_of_host 1.8.9
like 'another layout: said' "$out" 'were built for iptables 1.8.9, and 1.8.13 refuses them'
like 'another layout: the fix' "$out" 'fix: .*runme --userspace alpha'
status_of_host 1.8.12
unlike 'the same layout: nothing is said' "$out" 'refuses them'
echo >>"$D$so"
status_of_host 1.8.9
unlike 'an extension that was built again: nothing is said' "$out" 'refuses them'
done_testing
