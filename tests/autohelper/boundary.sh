#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Loading a helper changes no network namespace whose administrator did not ask for it.
#
#	initial		the guest's initial namespace
#	a, b		other namespaces, alone
#	...		namespaces of nobody's own, each in a user namespace of his own
#
# Nobody names the helper in a rule and in his /proc file. The kernel loads the helper, and nothing
# else changes. After that the three ways to ask for it: modprobe by root for the initial namespace,
# and for others their sysctl, their file, a rule.
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
initial_namespace
namespace a
namespace b
chmod 1777 "$TMP"

unload() { modprobe -r nf_nat_tftp nf_conntrack_tftp nf_conntrack_tftp_core; }
loaded() { [[ -d /sys/module/$1 ]]; }
list() { "$1" grep -E ' (sip|tftp) ' /proc/net/nf_autohelper; } # others are attached, too
order() { "$1" bash -c 'echo "$1" >/proc/net/nf_autohelper' -- "$2"; }
switch() { "$1" bash -c 'echo "$1" >/proc/sys/net/netfilter/nf_autohelper' -- "$2"; }

# In a user namespace and a network namespace of his own, nobody is root.
nobody() { # PROGRAM..
	_show nobody "$@"
	env XTABLES_LOCKFILE="$TMP/lock.nobody" setpriv --reuid=65534 --regid=65534 --clear-groups \
		unshare --user --map-root-user --net "$@"
}

# Prints the helper of a request to port 69 of the namespace itself, `none`, or `untracked`.
request() { # NS
	"$1" bash -c 'printf "\0\1f\0octet\0" >/dev/udp/127.0.0.1/69' 2>/dev/null
	"$1" conntrack -D -p udp --orig-port-dst 69 2>/dev/null |
		sed -n 's/.* helper=\([^ ]*\).*/\1/p;t;s/.*/none/p' | tail -n 1 | grep . ||
		echo untracked
}
track() { # NS
	ipt "$1" -t mangle -A INPUT -m conntrack --ctstate NEW
	# none expires before it is looked at
	"$1" bash -c 'echo 600 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout'
}

initial ip link set lo up
# Loads the tables of iptables, which the unprivileged user cannot load.
ipt a -t raw -A PREROUTING -p udp --dport 1 -j CT --notrack
ipt a -t raw -F
modprobe nf_autohelper_core
# DESC: nothing is attached in the initial namespace, in a and in b, and nothing is tracked
nothing() {
	local ns
	for ns in initial a b; do
		is "$1: nothing is attached in $ns" "$(list $ns)" ''
		is "$1: nothing is tracked in $ns" "$(request $ns)" untracked
	done
}

say 'What nobody can do.'
ok 'unload' unload
nothing 'before'
ok 'a rule that names the helper' nobody "iptables-$BACKEND" -w 10 -t raw -A PREROUTING -p udp \
	--dport 69 -j CT --helper tftp
ok 'the helper is loaded' loaded nf_conntrack_tftp_core
nok 'the module that attaches is not' loaded nf_conntrack_tftp
nothing 'after a rule'
until_ok 'unload' 20 unload
ok 'a line to his file' nobody bash -c 'echo +udp:69=tftp >/proc/net/nf_autohelper'
ok 'the helper is loaded' loaded nf_conntrack_tftp_core
nok 'the module that attaches is not' loaded nf_conntrack_tftp
nothing 'after a line'
until_ok 'unload' 20 unload

say 'What the kernel asks modprobe for leads to modules that only register.'
is 'the helper' "$(modprobe --show-depends nfct-helper-tftp | grep -c 'nf_conntrack_tftp\.ko')" 0
is 'its NAT half' "$(modprobe --show-depends ip_nat_tftp | grep -c 'nf_conntrack_tftp\.ko')" 0
is 'an administrator'\''s word' \
	"$(modprobe --show-depends ip_conntrack_tftp | grep -c 'nf_conntrack_tftp\.ko')" 1

say 'modprobe by root: the initial namespace.'
ok 'modprobe' modprobe nf_conntrack_tftp
ok 'the NAT half comes along' loaded nf_nat_tftp
is 'the list' "$(list initial)" 'udp 69 tftp ipv4,ipv6 module 0'
is 'nothing is tracked for its sake' "$(request initial)" untracked
track initial
is 'where a rule tracks, the request is helped' "$(request initial)" tftp
is 'the list counts it' "$(list initial)" 'udp 69 tftp ipv4,ipv6 module 1'
track a
is 'another namespace has nothing' "$(list a)" ''
is 'its requests are not helped' "$(request a)" none

say 'Another namespace, by its sysctl.'
ok '2' switch a 2
is 'the list' "$(list a)" 'udp 69 tftp ipv4,ipv6 module 0'
is 'a request is helped' "$(request a)" tftp
is 'and counted, there' "$(list a) / $(list initial)" \
	'udp 69 tftp ipv4,ipv6 module 1 / udp 69 tftp ipv4,ipv6 module 1'
ok '1' switch a 1
is 'nothing is left' "$(list a)" ''
is 'a request is not helped' "$(request a)" none
ok '2 again' switch a 2
ok 'the namespace detaches it' order a -udp:69
is 'there' "$(list a) / $(list initial)" ' / udp 69 tftp ipv4,ipv6 module 1'
nok 'it cannot be detached twice' order a -udp:69
ok 'and attaches another helper' order a +udp:69=sip
is 'which it then has' "$(request a)" sip
ok 'or one in its place' order a udp:69=tftp
is 'which it then has' "$(list a)" 'udp 69 tftp ipv4,ipv6 runtime 0'
ok 'its own is detached' order a -udp:69
is 'and what was detached before does not come back' "$(list a)" ''
ok 'other ports' modprobe -r nf_nat_tftp nf_conntrack_tftp
ok 'are attached later' modprobe nf_conntrack_tftp ports=70,69
is 'and are what is new' "$(list a)" \
	$'udp 69 tftp ipv4,ipv6 module 0\nudp 70 tftp ipv4,ipv6 module 0'
ok 'off' switch a 0
is 'at 0 nothing is helped' "$(request a)" none
is 'nor listed' "$(list a)" ''
ok 'a choice of its own comes first' order a +udp:69=sip
ok '2' switch a 2
is 'the list has both' "$(list a)" $'udp 69 sip ipv4,ipv6 runtime 0\nudp 70 tftp ipv4,ipv6 module 0'
is 'the request has the namespace'\''s own' "$(request a)" sip
nok 'a requested port conflicts with +' order a +udp:70=sip
ok 'unloading' modprobe -r nf_nat_tftp nf_conntrack_tftp
is 'takes back what was requested' "$(list a) / $(list initial)" 'udp 69 sip ipv4,ipv6 runtime 1 / '
ok 'detach' order a -udp:69
ok 'as it was' switch a 1

say 'Another namespace, by its file.'
track b
ok 'a line' order b +udp:69=tftp
nok 'does not load the module that attaches' loaded nf_conntrack_tftp
is 'a request is helped' "$(request b)" tftp
is 'nobody else has it' "$(list initial)$(list a)" ''
ok 'detach' order b -udp:69

say 'Another namespace, by a rule.'
is 'without it' "$(request b)" none
ipt b -t raw -A OUTPUT -p udp --dport 69 -j CT --helper tftp
is 'a request is helped' "$(request b)" tftp
is 'the list does not name it' "$(list b)" ''
nok 'it does not load the module that attaches' loaded nf_conntrack_tftp

ipt initial -t mangle -D INPUT -m conntrack --ctstate NEW
initial bash -c 'echo 30 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout' # the kernel's default
ok 'as it was' modprobe nf_conntrack_tftp
done_testing
