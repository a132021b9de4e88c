#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The classic sysctls read and write the kernel's own values, per namespace.
#
#	a, b	namespaces, alone
. "${0%/*}/../lib/scenario.sh"
namespace a
namespace b

all() { # NS: the kernel's values
	"$1" bash -c 'cd /proc/sys/net/netfilter &&
		grep . nf_conntrack_{tcp_*,log_invalid,checksum}' | sort
}
# In one process: it prints names that do not read or write the kernel's value.
check_names() { # KERNEL NUMBER FILE..
	# shellcheck disable=SC2016 # the inner shell expands
	a bash -c 'cd /proc/sys/net
		kernel=netfilter/nf_conntrack_$1 number=$2
		read -r old <"$kernel"
		for file in "${@:3}"; do
			for path in ipv4/"$file" ipv4/netfilter/"$file"; do
				[[ $(<"$path") == "$old" ]] || echo "$path does not read the value"
				echo "$number" >"$path"
				[[ $(<"$kernel") == "$number" ]] || echo "$path does not write it"
				echo "$old" >"$kernel"
			done
		done' -- "$@"
}

say 'Loading changes no value.'
modprobe -r nf_ct_tcpwindow
nok 'no file without the module' a test -e /proc/sys/net/ipv4/ip_ct_tcp_loose
before=$(all a)
modprobe nf_ct_tcpwindow
is 'the values are the same' "$(all a)" "$before"

say 'The names.'
is 'tcp_be_liberal' "$(check_names tcp_be_liberal 1 ip_{ct,conntrack}_tcp_be_liberal)" ''
is 'tcp_loose' "$(check_names tcp_loose 0 ip_{ct,conntrack}_tcp_loose)" ''
is 'tcp_max_retrans' "$(check_names tcp_max_retrans 7 ip_{ct,conntrack}_tcp_max_retrans)" ''
is 'log_invalid' "$(check_names log_invalid 6 ip_conntrack_log_invalid)" ''
is 'checksum' "$(check_names checksum 0 ip_conntrack_checksum)" ''
is 'the kernel has its old values' "$(all a)" "$before"
is 'a second namespace, too' "$(all b)" "$before"

say 'The names that are not the kernel'\''s.'
for name in ip_{ct,conntrack}_tcp_log_{out_of_window,invalid_scale} ip_ct_tcp_record_invalid; do
	is "$name is off" "$(a sysctl -n net.ipv4.netfilter."$name")" 0
	a sysctl -q -w net.ipv4."$name"=1
	is "$name: one directory writes what the other reads" \
		"$(a sysctl -n net.ipv4.netfilter."$name")" 1
	is "$name: the other namespace" "$(b sysctl -n net.ipv4."$name")" 0
	a sysctl -q -w net.ipv4."$name"=0
done

say 'Invalid values are refused, and change nothing.'
for text in 2 -1 x '' '1 1' 4294967296; do
	nok "be_liberal: \"$text\"" a sysctl -w net.ipv4.ip_ct_tcp_be_liberal="$text"
	nok "log_out_of_window: \"$text\"" \
		a sysctl -w net.ipv4.netfilter.ip_ct_tcp_log_out_of_window="$text"
done
for text in 256 -1 x '3 3'; do
	nok "loose: \"$text\"" a sysctl -w net.ipv4.ip_ct_tcp_loose="$text"
	nok "max_retrans: \"$text\"" a sysctl -w net.ipv4.ip_ct_tcp_max_retrans="$text"
done
is 'nothing has changed' "$(all a)" "$before"

say 'A configuration file of 2003, with the other patchlet'\''s names.'
cat >"$TMP/sysctl.conf" <<'END'
net.ipv4.netfilter.ip_ct_tcp_timeout_established = 432000
net.ipv4.netfilter.ip_ct_tcp_log_invalid_scale = 1
net.ipv4.netfilter.ip_ct_tcp_log_out_of_window = 1
net.ipv4.netfilter.ip_ct_tcp_be_liberal = 0
net.ipv4.netfilter.ip_ct_tcp_loose = 3
net.ipv4.netfilter.ip_ct_tcp_max_retrans = 3
END
[[ -e /proc/sys/net/ipv4/netfilter/ip_ct_tcp_timeout_established ]] ||
	sed -i 1d "$TMP/sysctl.conf" # the other patchlet is not loaded
ok 'sysctl -p succeeds' b sysctl -p "$TMP/sysctl.conf"
is 'loose=3 means that the kernel picks up' \
	"$(b sysctl -n net.netfilter.nf_conntrack_tcp_loose)" 1
is 'and it reads as written' "$(b sysctl -n net.ipv4.ip_conntrack_tcp_loose)" 3
b sysctl -w net.netfilter.nf_conntrack_tcp_loose=0
is 'unless the kernel picks up nothing' "$(b sysctl -n net.ipv4.ip_conntrack_tcp_loose)" 0

say 'Who writes them.'
user=(setpriv --reuid 1000 --regid 1000 --clear-groups)
nok 'no other user' a "${user[@]}" sysctl -w net.ipv4.ip_ct_tcp_be_liberal=1
done_testing
