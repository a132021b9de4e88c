#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# packaging/kernel/check-rules: which rules would fail on a new kernel, with small module trees.
# inputs: packaging/kernel/*
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
need gcc
need depmod
check=$PWD/packaging/kernel/check-rules
root=$TAP_TMP/root
cd "$TAP_TMP" || exit

# module RELEASE PATH [ALIAS...]: a module in a kernel's tree.
module() {
	local file=$root/lib/modules/$1/$2 alias n=0
	mkdir -p "${file%/*}"
	{
		echo 'int x;'
		for alias in "${@:3}"; do
			printf '%s static const char a%d[] = "alias=%s";\n' \
				'__attribute__((section(".modinfo"), used))' $((n++)) "$alias"
		done
	} | gcc -x c -c -o "$file" -
}
indexed() { depmod -b "$root" "$1" 2>/dev/null; }
run() { out=$("$check" --root "$root" "$@" 2>&1) status=$?; }
saved() { mkdir -p "$root/etc/iptables" && cat >"$root/etc/iptables/$1"; }

for release in 6.1.0-1 6.1.0-2; do
	module "$release" kernel/net/netfilter/xt_tcpudp.ko ipt_tcp ip6t_tcp xt_tcp
	module "$release" kernel/net/netfilter/xt_recent.ko ipt_recent ip6t_recent
	: >"$root/lib/modules/$release/modules.order"
	: >"$root/lib/modules/$release/modules.builtin"
done
module 6.1.0-1 updates/patch-o-matic/xt_recent.ko ipt_recent ip6t_recent
module 6.1.0-1 updates/patch-o-matic/xt_TARPIT.ko ipt_TARPIT ip6t_TARPIT
module 6.1.0-1 updates/patch-o-matic/xt_connmark.ko xt_CONNMARK ipt_CONNMARK
indexed 6.1.0-1
indexed 6.1.0-2
saved rules.v4 <<'END'
*filter
:INPUT ACCEPT [0:0]
:mine - [0:0]
:ufw-before-input - [0:0]
:f2b-sshd - [0:0]
-A INPUT -j ufw-before-input
-A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd
[7:420] -A mine -j TARPIT
-A INPUT -p tcp -m tcp --dport 22 -m recent --name L --set -j mine
-A INPUT -p tcp -m tcp --dport 23 -j TARPIT
-A INPUT -p tcp -m tcp --dport 24 -m comment_none -j ACCEPT
-A mine -j CONNMARK --save-mark
-A mine -j RETURN
COMMIT
END
saved rules.v6 <<'END'
*filter
-A INPUT -p tcp -m tcp --dport 80 -j DROP
COMMIT
END

run 6.1.0-1
is 'a kernel with all modules but one: status 0' "$status" 0
is 'a kernel with all modules but one: the rule' "$(grep '^   /' <<<"$out")" \
	'   /etc/iptables/rules.v4: -A INPUT -p tcp -m tcp --dport 24 -m comment_none -j ACCEPT'
unlike 'a kernel with the patchlets: its own modules are not used' "$out" 'its own modules'
run 6.1.0-2
is 'a kernel without the patchlets: status 0' "$status" 0
is 'a kernel without the patchlets: the rules' "$(grep -c '^   /' <<<"$out")" 4
like 'a kernel without the patchlets: a target' "$out" 'rules.v4: .* -j TARPIT$'
like 'a kernel without the patchlets: an alias' "$out" 'rules.v4: -A mine -j CONNMARK'
like "the kernel's own module has the name: said" "$out" \
	'6.1.0-2 would use its own modules .*: xt_recent$'
like 'the fix' "$out" 'fix, .*KERNEL_DIR=/lib/modules/6.1.0-2/build ./runme'
unlike 'chains and verdicts are no modules' "$(grep '^   /' <<<"$out")" '-j (mine|RETURN|DROP)$'

saved rules.v4 <<'END'
-A INPUT -p tcp -m tcp -j ACCEPT
-A INPUT -p tcp -m tcp --name "a -m nothing \" -j NONE" -j DROP
END
run 6.1.0-2
is 'no rule fails: nothing is printed' "$status$out" 0
for ((i = 0; i < 30; i++)); do echo "-A INPUT -m none$((i % 2))"; done | saved rules.v6
run 6.1.0-2
is 'many rules: 20 of them' "$(grep -c rules.v6 <<<"$out")" 20
like 'many rules: the number of the others' "$out" '^   and 10 more$'
mkdir -p "$root/lib/modules/6.1.0-3/build"
run 6.1.0-3
is 'only headers: nothing is printed' "$status$out" 0
mkdir -p "$root/var/lib/dkms/patch-o-matic"
run 6.1.0-2
like 'no headers yet for DKMS: said' "$out" 'fix: apt-get install linux-headers-6.1.0-2$'
mkdir "$root/lib/modules/6.1.0-2/build"
: >"$root/lib/modules/6.1.0-2/build/Makefile"
run 6.1.0-2
like 'the headers are there: the fix' "$out" 'fix, .*dkms autoinstall -k 6.1.0-2'
run 9.9
is 'an unknown kernel: status 0' "$status" 0
like 'an unknown kernel: said' "$out" 'not checked'
run ''
is 'no kernel: status 0' "$status" 0
ok 'no programs in PATH: status 0' env PATH=/nonexistent "$BASH" "$check" --root "$root" 6.1.0-2
ok 'run-parts runs it' bash -c 'mkdir parts && cp "$1" parts/zz-patch-o-matic &&
	[[ $(run-parts --test --arg=9.9 parts) == parts/zz-patch-o-matic ]] &&
	run-parts --arg=9.9 parts' - "$check"
done_testing
