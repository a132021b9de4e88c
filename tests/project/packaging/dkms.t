#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# dkms builds the modules from what packaging/dkms/conf says, in a small tree and in temporary
# directories.
# inputs: packaging/* scripts/* Kbuild Makefile kernel/compat/* tests/project/build/lib.sh tests/project/lint/lib.sh
# shellcheck source=../build/lib.sh
. "${0%/*}/../build/lib.sh"
need dkms
small_tree
mkdir -p "$TREE/packaging" "$TAP_TMP"/{dkms,modules,src}
cp -r packaging/dkms "$TREE/packaging"

says 'a version must be said' 'usage: ' "$TREE/packaging/dkms/conf"
says 'a version is a version' 'usage: ' "$TREE/packaging/dkms/conf" '1.0;reboot'

info_file other
cp "$TREE/kernel/hello/xt_hello.c" "$TAP_TMP/hello.c"
mkdir "$TREE/kernel/other"
sed 's/hello_/other_/g' "$TAP_TMP/hello.c" >"$TREE/kernel/other/xt_other.c"
says 'a patchlet that does not exist' nosuch "$TREE/packaging/dkms/conf" 1.0 nosuch
modules_of() {
	"$TREE/packaging/dkms/conf" 1.0 "$@" | sed -n 's/^BUILT_MODULE_NAME.*="\(.*\)"/\1/p' | xargs
}
is 'all patchlets' "$(modules_of)" 'xt_hello xt_other'
is 'a choice of patchlets' "$(modules_of hello)" xt_hello

mv "$TREE" "$TAP_TMP/src/patch-o-matic-1.0"
tree=$TAP_TMP/src/patch-o-matic-1.0
ok 'the configuration is made' bash -c "'$tree/packaging/dkms/conf' 1.0 hello >'$tree/dkms.conf'"

kernel=$(scripts/kernel dir 6.1)
release=$(scripts/kernel release 6.1)
run_dkms() {
	env -u POM_OUT dkms --dkmstree "$TAP_TMP/dkms" --sourcetree "$TAP_TMP/src" \
		--installtree "$TAP_TMP/modules" "$@" \
		-m patch-o-matic -v 1.0 -k "$release" --kernelsourcedir "$kernel"
}
ok 'dkms takes it' run_dkms add
ok 'dkms builds it' run_dkms build
ok 'the module is built' test -n "$(find "$TAP_TMP/dkms" -name 'xt_hello.ko*')"
is 'nothing else is compiled' "$(find "$TAP_TMP/dkms" -name make.log \
	-exec grep -ohE 'xt_(hello|other)\.o' {} + | sort -u)" xt_hello.o
done_testing
