#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What every conntrack helper of the collection has in common: how its modules load, attach, list
# and unload.
#
#	initial		the guest's initial namespace
#	a		another namespace
#
# Takes the helpers from patchlets/*/info: each module nf_conntrack_NAME_core is one. A new helper
# needs no line here.
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
initial_namespace
namespace a

installed() { modinfo -n "$1"; }
loaded() { [[ -d /sys/module/$1 ]]; }
list() { "$1" grep -v '^#' /proc/net/nf_autohelper; }
order() { "$1" bash -c 'echo "$1" >/proc/net/nf_autohelper' -- "$2"; }
aliases() { modinfo -F alias "$1" | sed -n "s/^$2//p"; }
resolves() { [[ $(modprobe -R "$1") == "$2" ]]; } # ALIAS MODULE
depends() { modprobe --show-depends "$1" | grep -q "/${2//[_-]/[_-]}\.ko"; } # ALIAS MODULE
unload() { modprobe -r "${own[@]}"; }
refused() { # REASON PARAMETER: modprobe fails, and the kernel log says why
	local before
	before=$(klog | wc -l)
	nok "$attach $2 is refused" modprobe "$attach" "$2"
	like 'the kernel log says why' "$(klog | tail -n "+$((before + 1))")" "$1"
}

modprobe nf_autohelper_core
# One helper after the other, without the ports of the others.
mapfile -t attached < <(sed -n 's/^\(nf_conntrack_[a-z0-9]*\) .*/\1/p' /proc/modules)
mapfile -t attached < <(printf "%s\n" "${attached[@]}" | grep -Fxf <(scripts/info modules))
for module in "${attached[@]}"; do modprobe -r "nf_nat_${module#nf_conntrack_}" "$module"; done
found=0
for info in patchlets/*/info; do
	patchlet=${info#patchlets/}
	patchlet=${patchlet%/info}
	mapfile -t all < <(scripts/info modules "$patchlet")
	for core in "${all[@]}"; do
		[[ $core == nf_conntrack_*_core ]] || continue
		installed "$core" || continue
		found=$((found + 1))
		attach=${core%_core}
		nat=nf_nat_${attach#nf_conntrack_}
		own=("$attach" "$core")
		[[ " ${all[*]} " != *" $nat "* ]] || own=("$nat" "${own[@]}")
		helper=$(aliases "$core" nfct-helper- | head -n 1)

		say "$attach: names."
		ok "$core registers a helper by its alias" test -n "$helper"
		ok 'that alias leads to it' resolves "nfct-helper-$helper" "$core"
		nok 'and not to the module that attaches' depends "nfct-helper-$helper" "$attach"
		ok 'the classic name leads to the module that attaches' resolves \
			"ip_conntrack_${attach#nf_conntrack_}" "$attach"
		if [[ ${own[0]} == "$nat" ]]; then
			ok 'the NAT half has its classic name' resolves \
				"ip_nat_${attach#nf_conntrack_}" "$nat"
			ok 'it needs the helper' depends "$nat" "$core"
			nok 'and not the module that attaches' depends "$nat" "$attach"
		fi

		say "$attach: loading."
		until_ok 'unload' 20 unload
		ok 'as the kernel does for a rule' modprobe "nfct-helper-$helper"
		ok 'the helper is loaded' loaded "$core"
		nok 'the module that attaches is not' loaded "$attach"
		is 'nothing is attached' "$(list initial)$(list a)" ''
		until_ok 'unload' 20 unload
		ok 'as an administrator does' modprobe "$attach"
		for module in "${own[@]}"; do
			ok "$module is loaded" loaded "$module"
			like "$module is ours" "$(<"/sys/module/$module/taint")" O
		done
		lines=$(list initial)
		# H.245 has no port of its own, and H.225 is a second name of Q.931.
		is 'all its helpers are attached in the initial namespace' \
			"$(cut -d ' ' -f 3 <<<"$lines" | sort)" \
			"$(aliases "$core" nfct-helper- | grep -vx 'H\.2[24]5' | sort)"
		nok 'each to a port, and by the module' grep -vE \
			'^(tcp|udp) [1-9][0-9]* [A-Za-z0-9.]+ ipv4(,ipv6)? module 0$' <<<"$lines"
		read -r proto port helper families _ <<<"$lines"
		is 'and nowhere else' "$(list a)" ''

		if [[ -e /sys/module/$attach/parameters/ports ]]; then
			say "$attach: ports=."
			is 'it can be read back' "$(<"/sys/module/$attach/parameters/ports")" ''
			until_ok 'unload' 20 unload
			refused "$helper: 0 is not a port" ports=0
			refused "$helper: $proto:$port is named twice" "ports=$port,$port"
			refused "$attach: .*ports" ports=65536
			refused "$attach: .*ports" ports=-1
			refused "$attach: .*ports" "ports=$helper"
			refused 'ports: can only take 8 arguments' ports=1,2,3,4,5,6,7,8,9
			nok 'nothing is loaded after that' loaded "$attach"
			is 'nothing is attached' "$(list initial)" ''
			ok 'eight ports' modprobe "$attach" ports=1,2,3,4,5,6,7,65535
			is 'are attached' "$(list initial | cut -d' ' -f 2 | paste -sd,)" \
				1,2,3,4,5,6,7,65535
			is 'and can be read back' "$(<"/sys/module/$attach/parameters/ports")" \
				1,2,3,4,5,6,7,65535
		fi

		say "$attach: unloading."
		until_ok 'unload' 20 unload
		is 'nothing is attached' "$(list initial)" ''
		ok 'a line of another namespace' order a "+$proto:$port=$helper"
		ok 'loads the helper' loaded "$core"
		nok 'and not the module that attaches' loaded "$attach"
		is 'is its own' "$(list a) / $(list initial)" \
			"$proto $port $helper $families runtime 0 / "
		nok 'and holds the helper' unload
		ok 'loading the other modules next to it' modprobe "$attach"
		is 'attaches its helpers in the initial namespace' "$(list initial)" "$lines"
		ok 'detach' order a "-$proto:$port"
		until_ok 'unload' 20 unload
		for module in "${own[@]}"; do
			nok "$module is unloaded" loaded "$module"
		done
	done
done
for module in "${attached[@]}"; do modprobe "$module"; done
((found)) || skip 'the helpers of the collection' 'none is installed in this guest'
done_testing
