#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The classic sysctls read and write the kernel's own timeouts, per namespace.
#
#	a, b	namespaces, alone
. "${0%/*}/../lib/scenario.sh"
namespace a
namespace b

sys=/proc/sys/net
read_file() { # NS FILE
	"$1" cat "$sys/$2" | xargs
}
write_file() { # NS FILE TEXT
	# shellcheck disable=SC2016 # the inner shell expands
	"$1" bash -c 'printf "%s" "$2" >"$1"' -- "$sys/$2" "$3"
}
kernel() { read_file "$1" "netfilter/nf_conntrack_$2"; }
# All tracking timeouts of the kernel.
all() { "$1" bash -c 'cd /proc/sys/net/netfilter && grep . nf_conntrack_*_timeout*' | sort; }

say 'Loading changes no value.'
modprobe -r nf_ct_timeouts
nok 'no file without the module' a test -e $sys/ipv4/ip_conntrack_tcp_timeouts
before=$(all a)
modprobe nf_ct_timeouts
is 'the values are the same' "$(all a)" "$before"

say 'The names of single values.'
names='tcp_timeout_syn_sent tcp_timeout_syn_recv tcp_timeout_established tcp_timeout_fin_wait
	tcp_timeout_close_wait tcp_timeout_last_ack tcp_timeout_time_wait tcp_timeout_close
	tcp_timeout_max_retrans udp_timeout udp_timeout_stream icmp_timeout generic_timeout
	sctp_timeout_closed sctp_timeout_cookie_wait sctp_timeout_cookie_echoed
	sctp_timeout_established sctp_timeout_shutdown_sent sctp_timeout_shutdown_recd
	sctp_timeout_shutdown_ack_sent gre_timeout gre_timeout_stream'
# In one process: it prints names that do not read or write the kernel's value.
# shellcheck disable=SC2016,SC2086 # the inner shell expands; words
is 'each name has four files' "$(a bash -c 'cd /proc/sys/net; value=1000
	for name; do
		kernel=netfilter/nf_conntrack_$name
		read -r old <"$kernel"
		for file in ipv4/{,netfilter/}ip_{ct,conntrack}_$name; do
			[[ $(<"$file") == "$old" ]] || echo "$file does not read the value"
			echo $((++value)) >"$file"
			[[ $(<"$kernel") == "$value" ]] || echo "$file does not write it"
			echo "$old" >"$kernel"
		done
	done' -- $names)" ''
is 'a second namespace has kept its values' "$(all b)" "$before"
is 'all values of the first are the old ones' "$(all a)" "$before"

say 'The vectors.'
for dir in ipv4 ipv4/netfilter; do
	write_file a $dir/ip_conntrack_tcp_timeouts '300 600 120 60 121 122 10 61 30 123'
	is "$dir: it reads as written" "$(read_file a $dir/ip_conntrack_tcp_timeouts)" \
		'300 600 120 60 121 122 10 61 30 123'
	is "$dir: the kernel has the values" "$(for state in established syn_sent syn_recv \
		fin_wait time_wait close close_wait last_ack; do
		kernel a tcp_timeout_$state
	done | xargs)" '600 120 60 121 122 10 61 30'
	write_file a $dir/ip_conntrack_udp_timeouts '61 181'
	is "$dir: UDP" "$(kernel a udp_timeout) $(kernel a udp_timeout_stream)" '61 181'
	write_file a $dir/ip_conntrack_tcp_timeouts $'301\t601\n'
	is "$dir: fewer numbers change the first ones" \
		"$(read_file a $dir/ip_conntrack_tcp_timeouts)" \
		'301 601 120 60 121 122 10 61 30 123'
done
is 'a second namespace has kept its values' "$(all b)" "$before"

say 'Invalid values are refused, and change nothing.'
before=$(all a)
for text in '1 2 3 4 5 6 7 8 9 10 11' '1 2 x' '1 2 -3' '1 2 3x' '1 4294967296' ' ' 'x' \
	'1 99999999999999999999'; do
	nok "TCP: \"$text\"" write_file a ipv4/ip_conntrack_tcp_timeouts "$text"
done
for text in '1 2 3' '-1' '1,2' 'x'; do
	nok "UDP: \"$text\"" write_file a ipv4/ip_conntrack_udp_timeouts "$text"
done
for text in '1 2' '-1' ' ' '1h' '2147483648'; do
	nok "one number: \"$text\"" write_file a ipv4/netfilter/ip_ct_udp_timeout "$text"
done
is 'nothing has changed' "$(all a)" "$before"
write_file a ipv4/netfilter/ip_ct_udp_timeout 432000
is 'five days are valid' "$(kernel a udp_timeout)" 432000

say 'An old configuration file.'
cat >"$TMP/sysctl.conf" <<'END'
net.ipv4.ip_conntrack_tcp_timeouts = 300 3600 120 60 120 120 10 60 30 120
net.ipv4.ip_conntrack_udp_timeouts = 60 180
net.ipv4.netfilter.ip_conntrack_tcp_timeout_established = 7200
net.ipv4.netfilter.ip_ct_generic_timeout = 601
END
ok 'sysctl -p succeeds' b sysctl -p "$TMP/sysctl.conf"
is 'the last value counts' "$(kernel b tcp_timeout_established)" 7200
is 'generic' "$(kernel b generic_timeout)" 601

say 'Who writes them.'
user=(setpriv --reuid 1000 --regid 1000 --clear-groups)
nok 'no other user' a "${user[@]}" sysctl -w net.ipv4.ip_conntrack_udp_timeouts='71 191'
if "${user[@]}" unshare --user --map-root-user --net true; then
	is 'the root of a user namespace, made in one step with the network namespace' \
		"$("${user[@]}" unshare --user --map-root-user --net bash -c \
			'sysctl -q -w net.ipv4.netfilter.ip_conntrack_udp_timeouts="71 191"
			sysctl -n net.ipv4.ip_conntrack_udp_timeouts \
				net.netfilter.nf_conntrack_udp_timeout' 2>&1 | xargs)" '71 191 71'
fi
done_testing
