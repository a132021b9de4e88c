#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules of every revision of the recent match: which the kernel takes, as what they are listed, who
# can delete them; and our extension with the kernel's own module.
#
#   x (alone)   recent.pl loads rules with nf_tables' netlink messages
#   r (alone)   ours and the distribution's extension load rules of revisions 2 and 1
. "${0%/*}/../lib/scenario.sh"
namespace r
namespace x
send() { x "${0%/*}/send" "$@"; }
netlink() { x perl "${0%/*}/recent.pl" "$@"; }
set -- /usr/lib/*/xtables/libxt_recent.so
libraries=${1%/*}
mkdir "$TMP/stock" && ln -s "$libraries"/lib*t_[!r]*.so "$libraries"/libxt_r[!e]*.so \
	"$libraries/libxt_recent.so" "$TMP/stock"
stock() { # ARGS..: iptables of the backend, without our extension
	r env XTABLES_LIBDIR="$TMP/stock" "iptables-$BACKEND" "$@"
}
unused() { read -r users </sys/module/xt_recent/refcnt && ((users == 0)); }

say 'The kernel checks rules itself: what iptables would never send is refused.'
ipt x -A INPUT -m recent --name by-iptables --rcheck # has the modules loaded
netlink rules >"$TMP/rules"
printf '%s\n' "$(<"$TMP/rules")"
is 'right rules are accepted, wrong ones refused with the right error' \
	"$(grep -v ^ok "$TMP/rules")" ''
is 'the table of rules was gone through' "$(grep -c ^ok "$TMP/rules")" 81
is 'lists of accepted rules are there, and no others' "$(x ls /proc/net/xt_recent | sort | xargs)" \
	"$(printf '%s\n' by-iptables {large,set}{0,1,2} "$(printf '0%.0s' {1..199})" \
		"$(printf '1%.0s' {1..199})" "$(printf '2%.0s' {1..199})" | sort | xargs)"
like 'the log says what was wrong' "$(klog)" 'xt_recent: --hitcount is over 65535'
ipt x -F INPUT

say 'Rules of all revisions act alike: the third packet is one too many.'
for revision in 0 1; do
	netlink old $revision "old$revision"
done
is 'revisions 0 and 1' "$(send 192.0.2.1*2:1000 192.0.2.2:1000 192.0.2.1*2:1000)" 11100
is 'each noted two packets of the first' \
	"$(x grep -ho 'src=192\.0\.2\.1 .*oldest_pkt: [0-9]*' /proc/net/xt_recent/old0 | sed \
	's/.* //')" 2

say "A rule of the distribution's extension is listed by ours. -D finds it if it is typed to the"
say "distribution's, or by its number."
rule=(INPUT -p udp --dport 1001 -m recent --rcheck --name S --mask 255.255.255.255 --rsource -j \
	ACCEPT)
stock -A "${rule[@]}"
like 'ours lists it' "$(ipt r -S INPUT)" \
	'-m recent --rcheck --name S --mask 255\.255\.255\.255 --rsource -j ACCEPT'
nok 'it differs from a rule of this extension' ipt r -C "${rule[@]}"
nok 'and not found by our -D' ipt r -D "${rule[@]}"
ok "it is by the distribution's" stock -D "${rule[@]}"
stock -A "${rule[@]}"
ok 'and by its number' ipt r -D INPUT 1
stock -A "${rule[@]}"
r bash -c "iptables-$BACKEND-save | iptables-$BACKEND-restore"
ok 'saved and restored, it is ours' ipt r -D "${rule[@]}"
is 'all of them are gone' "$(ipt r -S INPUT | grep -c ^-A)" 0

say 'What xtrecent(8) said of a list holds until a rule of it is loaded.'
say 'iptables-legacy loads all rules of a table with each change of it.'
tool=${0%/*}/../../build/tools/recent
if command -v recent >/dev/null; then tool=recent; fi
size_of() { r sed -n "s/^$1 .* size=\([0-9]*\) .*/\1/p" /proc/net/xt_recent_stat; }
ipt r -A INPUT -m recent --name K --set --list-size 7
r "$tool" set K size 9
ipt r -A FORWARD -j ACCEPT
declare -A after_a_change=([nft]=9 [legacy]=7)
is 'another rule in the table' "$(size_of K)" "${after_a_change[$BACKEND]}"
ipt r -A FORWARD -m recent --name K --rcheck --list-size 8
is 'a rule that says otherwise' "$(size_of K)" 8

say "Our extension with the kernel's own module: rules of revision 1, and no others."
ipt r -F INPUT
ipt r -F FORWARD
ip netns delete x
until_ok 'nothing uses our module' 20 unused
rmmod xt_recent
kernels=(/lib/modules/"$(uname -r)"/kernel/net/netfilter/xt_recent.ko*)
if [[ -e ${kernels[0]} ]] && insmod "${kernels[0]}"; then
	ok 'rules are loaded' rules r 46 <<-'RULES'
	*filter
	-A INPUT -p udp --dport 1000 -m recent --name K --set -j ACCEPT
	-A INPUT -p udp --dport 1001 -m recent --name K --rcheck --seconds 60 --hitcount 2 -j ACCEPT
	-A INPUT -p udp -j DROP
	COMMIT
	RULES
	is 'and act' "$(r "${0%/*}/send" 192.0.2.1*2:1001 192.0.2.1:1000 192.0.2.1:1001 \
		192.0.2.1:1000 192.0.2.1:1001)" 001011
	nok 'what is new is refused' ipt r -A INPUT -m recent --set --list-size 7
	nok 'as is a prefix' ipt r -A INPUT -m recent --set --prefix 24
	is 'the program says what is missing' "$(r "$tool" list 2>&1)" \
		'recent: load our module xt_recent first: modprobe xt_recent'
	ipt r -F INPUT
	ip6t r -F INPUT
	until_ok "nothing uses the kernel's module" 20 unused
	rmmod xt_recent
else
	skip "the kernel's own module" 'this kernel has none'
fi
modprobe xt_recent
done_testing
