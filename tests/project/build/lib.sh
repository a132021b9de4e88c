# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests/project/build/*.t: a small tree of its own, in which the build can be made to go
# wrong.
# shellcheck source=../lint/lib.sh
. "${BASH_SOURCE[0]%/*}/../lint/lib.sh"

TREE=$TAP_TMP/tree

# The build system with one patchlet, `hello`, whose module uses the parser kernel/hello/greet.c.
small_tree() {
	mkdir -p "$TREE"/{kernel/{compat/probes,hello},patchlets/hello,include,extensions,tools}
	cp -r Makefile Kbuild scripts "$TREE"
	cp -r kernel/compat/probe kernel/compat/compat.h "$TREE/kernel/compat"
	info_file hello
	cat >"$TREE/kernel/hello/greet.h" <<-'C'
		int greet(void);
	C
	cat >"$TREE/kernel/hello/greet.c" <<-'C'
		#include "hello/greet.h"
		int greet(void) { return 0; }
	C
	cat >"$TREE/kernel/hello/xt_hello.c" <<-'C'
		#include <linux/module.h>
		#include "hello/greet.h"
		MODULE_LICENSE("GPL");
		MODULE_DESCRIPTION("A greeting");
		static int __init hello_init(void) { return greet(); }
		static void __exit hello_exit(void) { }
		module_init(hello_init);
		module_exit(hello_exit);
	C
}

# info_file NAME [LINE...]: a valid info file with LINEs added.
info_file() {
	local name=$1
	shift
	mkdir -p "$TREE/patchlets/$name"
	printf '%s\n' "Title: $name" 'Author: nobody' 'Status: a test' 'Suite: extra' 'Version: 1' \
		"Modules: xt_$name" "$@" \
		>"$TREE/patchlets/$name/info"
}

# says DESC REGEX CMD...: CMD fails, and what it prints matches REGEX.
says() {
	local what=$1 regex=$2 status
	shift 2
	"$@" >"$TAP_TMP/out" 2>&1
	status=$?
	[[ $status -ne 0 ]] && grep -qE -- "$regex" "$TAP_TMP/out"
	verdict $? "$what"
}
