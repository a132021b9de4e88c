#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# modprobe nf_autohelper attach=...: what it attaches, where, and what it refuses.
#
#	initial		the guest's initial namespace
#	a, b, c		others, alone; no traffic
#
# A bad parameter fails modprobe, says why in the kernel log and attaches nothing. A good one counts
# in the initial namespace, and in those that follow it, but not where a namespace has chosen
# otherwise. Unloading takes back just that.
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
initial_namespace
namespace a

load() { timeout 20 modprobe nf_autohelper "$@"; }
list() { "$1" grep -v -e '^#' -e ' module ' /proc/net/nf_autohelper; }
modprobe -r nf_autohelper

bad() { # ATTACH MESSAGE
	nok "attach=$1 is refused" load "attach=$1"
	until_ok "... because: $2" 10 says "$@"
}
# Of such lines, the kernel says 32 in five seconds; on a quick machine, those of another scenario
# count as well.
says() { # ATTACH MESSAGE
	! heard "$2" || return 0
	load "attach=$1"
	heard "$2"
}
heard() { klog | tail -n 3 | grep -qE -- "${1//+/[+]}"; }
bad '' '"": the line is empty'
bad 'tcp:21' 'attach="tcp:21": after the port comes = and the name of a helper'
bad 'tcp:21=' 'the name of the helper is missing'
bad 'tcp:21=ftp,' 'attach="": the line is empty'
bad 'tcp:99999=ftp' 'attach="tcp:99999=ftp": a port is a decimal number from 1 to 65535'
bad 'sctp:21=ftp' 'it starts with tcp: or udp:'
bad '+tcp:21=ftp' 'a parameter attaches only, without + or -'
bad 'tcp:21=nonesuch' \
	'attach=tcp:21=nonesuch: no tcp helper of that name or module nfct-helper-nonesuch'
bad 'udp:21=ftp' 'no udp helper of that name'
bad 'tcp:21=ftp,tcp:21=ftp' 'ftp: tcp:21 is named twice'
bad 'udp:5060=sip,udp:5060=tftp' 'tftp: udp:5060 is named twice'
bad "$(printf 'udp:%d=sip,' {1..32})udp:33=sip" 'attach: can only take 32 arguments'
bad 'tcp:21=ftp,udp:5060=sip,udp:1=bad!' \
	'the name of a helper has letters, digits, - _ and [.] only'
nok 'nothing is loaded' test -e /sys/module/nf_autohelper
if [[ -e /proc/net/nf_autohelper ]]; then
	is 'nothing is attached' "$(list initial)$(list a)" ''
fi

say 'One that is right.'
follow() { "$1" bash -c 'echo 2 >/proc/sys/net/netfilter/nf_autohelper'; }
ok 'the core alone' modprobe nf_autohelper_core
ok 'one namespace has chosen already' a bash -c 'echo +udp:5060=tftp >/proc/net/nf_autohelper'
ok 'and follows' follow a
namespace b
ok 'load' load attach=tcp:21=ftp,udp:5060=sip
namespace c
is 'the initial namespace' "$(list initial)" 'tcp 21 ftp ipv4,ipv6 param 0
udp 5060 sip ipv4,ipv6 param 0'
is 'others have nothing of it' "$(list b)" ''
ok 'two that follow now' follow b
ok 'two that follow now' follow c
is 'one that was there' "$(list b)" "$(list initial)"
is 'one that came later' "$(list c)" "$(list initial)"
is 'one that has chosen otherwise' "$(list a)" 'tcp 21 ftp ipv4,ipv6 param 0
udp 5060 tftp ipv4,ipv6 runtime 0'
ok 'it can be read back' grep -q '^tcp:21=ftp,udp:5060=sip' \
	/sys/module/nf_autohelper/parameters/attach
nok 'the helper is in use' modprobe -r nf_conntrack_ftp

say 'A namespace parts from it.'
ok 'detach in one' b bash -c 'echo -udp:5060 >/proc/net/nf_autohelper'
is 'gone there' "$(list b)" 'tcp 21 ftp ipv4,ipv6 param 0'
like 'not elsewhere' "$(list c)" 'udp 5060 sip'
ok 'replace in one' c bash -c 'echo udp:5060=tftp >/proc/net/nf_autohelper'

ok 'unload' modprobe -r nf_autohelper
is 'what the parameter did is undone' "$(list initial)$(list b)" ''
is 'what the namespaces did stays' "$(list a) / $(list c)" \
	'udp 5060 tftp ipv4,ipv6 runtime 0 / udp 5060 tftp ipv4,ipv6 runtime 0'
ok 'the helper is free' modprobe -r nf_nat_ftp nf_conntrack_ftp

say 'A helper module that needs nf_autohelper itself is loaded by the parameter.'
for name in a b c; do ip netns delete "$name"; done
poll 20 modprobe -r nf_nat_tftp nf_conntrack_tftp nf_conntrack_tftp_core
ok 'no deadlock' load attach=udp:1069=tftp
like 'the port' "$(initial cat /proc/net/nf_autohelper)" 'udp 1069 tftp ipv4,ipv6 param 0'
ok 'unload' modprobe -r nf_autohelper
ok 'as it was' modprobe -a nf_autohelper nf_conntrack_tftp
done_testing
