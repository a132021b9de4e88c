#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# xtinfo with a made-up kernel, modules and shared objects: rows, what is missing, JSON, errors.
# inputs: tests/project/build/lib.sh tests/project/lint/lib.sh
# shellcheck source=../project/build/lib.sh
. "${0%/*}/../project/build/lib.sh"
for program in gcc jq; do need "$program"; done
unset CFLAGS LDFLAGS CPPFLAGS XTABLES_LIBDIR

modules=$TAP_TMP/modules/$(uname -r)
mkdir -p "$modules" "$TAP_TMP"/{objects,more}
cat >"$TAP_TMP/kernel" <<'END'
match both any 0 all all all 8 xt_both
match both any 1 INPUT,FORWARD filter 6 16 xt_both
match bare ip6 0 all all all variable -
target BOTH ip 2 ? ? ? ? ?
target ERROR ip 0 ? ? ? ? ?
target short
match odd martian 0 all all all 8 xt_odd
END
cat >"$modules/modules.alias" <<'END'
# Aliases extracted from modules themselves.
alias ipt_both xt_both
alias ip6t_both xt_both
alias arpt_both xt_both
alias ipt_BOTH xt_both
alias ipt_disk xt_disk
alias ebt_snat ebt_snat
alias fs-ext4 ext4
END
echo 'kernel/net/ipv4/netfilter/ipt_REJECT.ko.xz: kernel/x.ko.xz' >"$modules/modules.dep"
printf 'xt_in.license=GPL\0xt_in.alias=ipt_IN\0' >"$modules/modules.builtin.modinfo"
touch "$TAP_TMP"/objects/{libxt_both,libipt_both,libxt_BOTH,libipt_REJECT,libip6t_alone}.so \
	"$TAP_TMP"/objects/{libxt_nosuch,libxt_standard,libxtables}.so \
	"$TAP_TMP/objects/libxt_text.a" \
	"$TAP_TMP"/more/{libxt_nosuch,libebt_snat}.so
# shellcheck disable=SC2046 # sources
ok 'the tool is built' gcc -std=gnu11 -Wall -Wextra -Werror -Wno-missing-field-initializers \
	-fsanitize=address,undefined -DPOM_VERSION='"1"' -DPROC_FILE="\"$TAP_TMP/kernel\"" \
	-DMODULES="\"$TAP_TMP/modules\"" -DXTLIBDIR="\"$TAP_TMP/objects:$TAP_TMP/more\"" \
	-o "$TAP_TMP/xtinfo" $(scripts/info sources xtinfo)
cd "$TAP_TMP" || exit 1
export ASAN_OPTIONS=detect_leaks=0 # an exit frees nothing

# rows NAME..: kind, name, family, revisions, module, the file of the shared object, what is missing
rows() {
	./xtinfo list --json "$@" | jq -r '.[] | [.kind, .name, .family,
		(.registered | map(.revision | tostring) | join(",")), .module // "",
		(.shared_object // "" | sub(".*/"; "")), (.missing | join(","))] | join("|")'
}
cat >all <<'END'
target|BOTH|ip|2|xt_both|libxt_BOTH.so|
target|IN|ip||xt_in||shared_object
target|REJECT|ip||ipt_REJECT|libipt_REJECT.so|
match|alone|ip6|||libip6t_alone.so|module
match|bare|ip6|0|||shared_object
match|both|ip|0,1|xt_both|libipt_both.so|
match|both|ip6|0,1|xt_both|libxt_both.so|
match|both|arp|0,1|xt_both|libxt_both.so|
match|disk|ip||xt_disk||shared_object
match|nosuch|ip|||libxt_nosuch.so|module
match|nosuch|ip6|||libxt_nosuch.so|module
target|snat|bridge||ebt_snat|libebt_snat.so|
END
is 'all rows' "$(rows)" "$(<all)"
is 'by name' "$(rows snat both)" "$(grep -E '[|](both|snat)[|]' all)"
is 'a name that nothing has' "$(./xtinfo list --json nobody | jq -c .)" '[]'
is 'what is missing' "$(./xtinfo missing --json | jq -r '.[].name' | xargs)" \
	'IN alone bare disk nosuch nosuch'
is 'names' "$(./xtinfo names | xargs)" \
	'BOTH IN REJECT alone bare both disk nosuch snat'
is 'names with a prefix' "$(./xtinfo names b | xargs)" 'bare both'
is 'the first directory counts' "$(./xtinfo list --json nosuch | jq -r '.[0].shared_object')" \
	"$TAP_TMP/objects/libxt_nosuch.so"
is 'XTABLES_LIBDIR' "$(XTABLES_LIBDIR=$TAP_TMP/more ./xtinfo list --json nosuch |
	jq -r '.[0].shared_object')" "$TAP_TMP/more/libxt_nosuch.so"

revision() { # NAME N
	./xtinfo list --json "$1" | jq -c ".[0].registered[$2] |
		[.revision, .any_family, .hooks, .table, .protocol, .size]"
}
is 'a revision' "$(revision both 1)" '[1,true,["INPUT","FORWARD"],"filter","6",16]'
is 'one of which nothing is known' "$(revision BOTH 0)" '[2,false,null,null,null,null]'
is 'a size that varies' "$(./xtinfo list --json bare | jq -c '.[0].registered[0].size')" null

# The JSON that xtinfo(8) promises.
cat >schema.jq <<'END'
def string_or_null: type == "string" or . == null;
def revision:
	keys == ["any_family", "hooks", "protocol", "revision", "size", "table"] and
	(.revision | type == "number") and (.any_family | type == "boolean") and
	(.hooks == null or (.hooks | type == "array" and all(type == "string"))) and
	(.protocol | string_or_null) and (.table | string_or_null) and
	(.size | type == "number" or . == null);
type == "array" and all(
	keys == ["family", "kind", "missing", "module", "name", "registered",
		"shared_object"] and
	(.kind | IN("match", "target")) and (.name | type == "string") and
	(.family | IN("ip", "ip6", "arp", "bridge")) and
	(.registered | type == "array" and all(revision)) and
	(.module | string_or_null) and (.shared_object | string_or_null) and
	(.missing | . - ["module", "shared_object"] == []))
END
for command in list missing; do
	is "$command: the JSON is what the manual promises" \
		"$(./xtinfo "$command" --json | jq -f schema.jq)" true
done
like 'list for people' "$(./xtinfo list both)" \
	'match +both +ip +0,1 +8,16 +filter +- +xt_both +.*/libipt_both.so INPUT,FORWARD'
is 'as many lines, and a heading' "$(./xtinfo list | wc -l)" "$(($(wc -l <all) + 1))"
for _ in {0..255}; do echo "match many ip $_ all all all 65535 xt_many"; done >>kernel
is 'many revisions' "$(./xtinfo list --json many | jq '.[0].registered | length')" 256
ok 'for people, too' ./xtinfo list many

mv kernel nowhere
run() { out=$("$@" 2>&1 >/dev/null) status=$?; }
run ./xtinfo list
is 'without the module: the message' "$out" \
	"xtinfo: $TAP_TMP/kernel: No such file or directory; fix: modprobe nf_ip_tables_proc"
is 'and the status' "$status" 1
is 'the rest is listed' "$(./xtinfo list --json both 2>/dev/null | jq -r '.[].family' | xargs)" \
	'ip ip6 arp'
run ./xtinfo -q list
is '--quiet' "$status$out" 1
mv nowhere kernel
rm "$modules/modules.alias"
run ./xtinfo list
like 'without modules: the message' "$out" \
	"^xtinfo: $modules/modules.alias: No such file or directory\$"
is 'and the status' "$status" 1
done_testing
