#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A sysctl that loads the module of the kernel log, while that takes long: nf_ct_tcpwindow cannot be
# unloaded meanwhile, and network namespaces begin.
#
#	r	alone
# deadline: 120
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
. "${0%/*}/../lib/scenario.sh"
initial_namespace
namespace r
hold=/etc/pom-hold config=/etc/modprobe.d/pom-hold.conf
for module in nf_log_ipv4 nf_log_ipv6 nf_log_syslog nf_log_common; do
	! grep -q "^$module " /proc/modules || initial modprobe -r "$module"
done
# modprobe waits until something is written to $hold.
mkfifo "$hold"
modprobe --resolve-alias nf-logger-2-0 | while read -r module; do
	echo "install $module /bin/sh -c 'touch $hold.waits; read go <$hold; exec modprobe --ignore-install $module'"
done >"$config"
ok 'the log is in a module' test -s "$config"

value=net.ipv4.netfilter.ip_ct_tcp_log_out_of_window
bg writer initial sysctl -qw "$value=1"
until_ok 'a write to the sysctl loads it' 20 test -e "$hold.waits"
nok 'nf_ct_tcpwindow is not unloaded' timeout 10 rmmod nf_ct_tcpwindow
ok 'a namespace begins' timeout 10 unshare --net true
ok 'a further sysctl can be read' initial timeout 10 sysctl -n net.ipv4.netfilter.ip_ct_tcp_loose
echo go >"$hold"
ok 'the write ends' wait "${writer:?}"
is 'its value is set' "$(initial sysctl -n "$value")" 1
initial sysctl -qw "$value=0"
rm -f "$config" "$hold" "$hold.waits"
done_testing
