#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Without nf_ctnetlink, ct gives the same answers through the kernel's ctnetlink.
# inputs: tests/ctnetlink/table.lib
#
#	n0 ---- r ---- n1	connections through r, and some that conntrack(8) has made in r
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=table.lib
. "${0%/*}/table.lib"
topology
r sysctl -q -w net.netfilter.nf_conntrack_timestamp=1
labels=''
r "iptables-$BACKEND" -A FORWARD -m connlabel --label 3 && labels=1
helper=''
ipt r -t raw -A PREROUTING -p udp --dport 7005 -j CT --helper netbios-ns && helper=1
all_kinds
r sysctl -q -w net.netfilter.nf_conntrack_acct=0 net.netfilter.nf_conntrack_timestamp=0
flood n0 10.0.1.2 8000 3

# The answers to all questions, to each in a file of the directory $1.
filters=(
	'' 'family ipv4' 'family ipv6' 'not family ipv6' 'proto tcp,gre' 'proto 99'
	'proto icmp,icmpv6' 'src 192.0.2.0/24' 'dst 10.0.1.2' 'addr 2001:db8::/32'
	'reply-src 10.0.1.2' 'reply-dst 10.0.1.77' 'sport 6000' 'dport 7001-7003'
	'reply-sport 7000' 'reply-dport 1000-2000' 'port 1-1003' 'not port 0-65535' 'icmp-type 8'
	'icmp-type 128' 'icmp-code 0' 'state CLOSE,TIME_WAIT' 'not state ESTABLISHED'
	'status nat' 'status snat' 'status assured' 'status unreplied' 'not status seen_reply'
	'mark 1001,1002' 'mark 1000/0xff8' 'zone 7' 'zone 9' 'helper none' 'helper netbios-ns'
	'label 3' 'not label 3' 'left >2000' 'left <2000' 'age <10000' 'age >10000' 'bytes >300'
	'orig-bytes 1-1000' 'reply-bytes 0' 'packets 2' 'orig-packets 1-2' 'reply-packets >0'
	'not bytes 1' 'proto udp dport 7000-7005 not dport 7001 bytes >1'
)
keys=(src dst dport proto state zone mark helper)
ask() {
	local i filter key
	mkdir "$TMP/$1"
	for i in "${!filters[@]}"; do
		read -ra filter <<<"${filters[i]}"
		r "$tool" list "${filter[@]}" 2>&1 | grep -v modprobe | steady >"$TMP/$1/$i.list"
		r "$tool" count "${filter[@]}" 2>&1 | grep -v modprobe >"$TMP/$1/$i.count"
	done
	r "$tool" list --json 2>/dev/null | jq -c '.[] |
		del(.timeout, .age, .use, .master, (.labels | select(. == [])))' |
		sort >"$TMP/$1/json"
	for key in "${keys[@]}"; do
		r "$tool" count by "$key" 2>/dev/null >"$TMP/$1/by-$key"
		r "$tool" count by "$key" proto tcp 2>/dev/null >"$TMP/$1/tcp-by-$key"
	done
	r "$tool" top -n 1 by dst 2>/dev/null >"$TMP/$1/top"
}
changes() { # what each change prints, and the table afterwards
	local change
	# NAT chooses a port, ping its id.
	r "$tool" delete dport 7003,8000-8002 >/dev/null 2>&1
	r "$tool" delete proto icmp,icmpv6 >/dev/null 2>&1
	[[ ! $labels ]] || r "$tool" set unlabel 3 for dport 7010-7013 >/dev/null 2>&1
	while read -ra change; do
		echo "${change[*]}: $(r "$tool" "${change[@]}" 2>&1 | grep -v modprobe)"
	done <<'END'
set mark 0x10/0xf0 for proto tcp
set mark 77 for dport 7004
set timeout 2h for src 192.0.2.1
set --json mark 5 timeout 1h for proto 99
set mark 6 timeout 30m for status snat
END
	[[ ! $labels ]] || while read -ra change; do
		echo "${change[*]}: $(r "$tool" "${change[@]}" 2>&1 | grep -v modprobe)"
	done <<'END'
set label 3 label 100 for dport 7010-7012
set label 64 unlabel 3 mark 9 for label 100 dport 7010
set label 5 for src 192.0.2.1
END
	r "$tool" list --json 2>/dev/null |
		jq -c '.[] | .timeout = (.timeout > 3500) |
			del(.age, .use, .id, .master, (.labels | select(. == [])))' | sort
	r "$tool" delete dport 7006-7009 2>/dev/null
	r "$tool" delete --json proto gre 2>/dev/null
	r "$tool" delete zone 9 2>/dev/null
	r "$tool" list 2>/dev/null | steady
	r "$tool" delete all 2>/dev/null
	r "$tool" count 2>/dev/null
}
full() { [[ $(r "$tool" count proto udp dport 6990-7019) == 30 ]]; }
settled() { full && [[ $(r "$tool" count proto udp dport 8000-8002) == 3 ]]; }
until_ok 'all packets have arrived' 20 settled

ask module
like 'the table is not empty' "$(wc -l <"$TMP/module/0.list")" '^4[0-9]$'
if [[ $labels ]]; then
	r "$tool" set label 3 for dport 7010-7013 >/dev/null
	rm -r "$TMP/module"
	ask module
	is 'some have a label' "$(r "$tool" count label 3)" 4
	r conntrack -U --label-del 3 >/dev/null 2>&1
fi
[[ ! $helper ]] || is 'one has a helper' "$(r "$tool" count helper netbios-ns)" 1

say 'Without the module, which the kernel cannot load.'
modprobe_was=$(</proc/sys/kernel/modprobe)
echo /bin/false >/proc/sys/kernel/modprobe
loaded=()
for module in nf_ip_conntrack_proc xt_CTEVENT nf_ctnetlink_events nf_ctnetlink; do
	[[ ! -d /sys/module/$module ]] || loaded+=("$module")
done
ok 'it is unloaded' modprobe -r "${loaded[@]}"
ask kernel
ok 'all answers are the same' diff -r "$TMP/module" "$TMP/kernel"
is 'ids are those of ctnetlink' "$(r "$tool" list --json 2>/dev/null | jq '.[].id' | sort)" \
	"$(r conntrack -L -o id 2>/dev/null | sed -n 's/.* id=//p' | sort)"
like 'a filter reports missing counters' \
	"$(r "$tool" count proto udp dport 8000-8002 not bytes 1 2>&1 | grep -v modprobe)" \
	$'^ct: 3 connections have no counters; .*nf_conntrack_acct=1\n0$'
like 'ct says that it is slower' "$(r "$tool" count 2>&1 >/dev/null)" \
	'^ct: this is slower without nf_ctnetlink; fix: modprobe nf_ctnetlink$'
is 'once' "$(r "$tool" top -n 2 -d 0.1 2>&1 | grep -c modprobe)" 1
is 'and not with -q' "$(r "$tool" -q count proto 99 2>&1)" 1
like 'watch needs its own module' "$(r timeout 5 "$tool" watch 2>&1)" \
	'^ct: nf_ctnetlink_events is not loaded; fix: modprobe it; less: ct -E$'
like 'a user has no rights' "$(n0 setpriv --reuid 65534 --clear-groups "$tool" count 2>&1)" \
	'needs root'
changes >"$TMP/kernel.changes"
echo "$modprobe_was" >/proc/sys/kernel/modprobe

say 'With the module again.'
ok 'it is loaded' modprobe -a "${loaded[@]}"
r sysctl -q -w net.netfilter.nf_conntrack_acct=1
more_kinds
until_ok 'the table is full' 20 full
changes >"$TMP/module.changes"
ok 'all changes had the same results' diff "$TMP/module.changes" "$TMP/kernel.changes"
like 'they changed something' "$(<"$TMP/module.changes")" 'set mark 0x10/0xf0 for proto tcp: 10'
done_testing
