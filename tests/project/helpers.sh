#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every conntrack helper of patchlets/*/info loads by the kernel's alias without attaching itself,
# attaches a port when an administrator loads it, is listed, serves connections by a rule and by a
# namespace's own list, and unloads.
#
#	n0 -- r -- n1		a packet from n0 to n1 makes a connection in r
#
# deadline: 900
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme
# shellcheck source=../lib/initial.lib
. "${0%/*}/../lib/initial.lib"
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"

mapfile -t before < <(cut -d ' ' -f 1 /proc/modules)
topology
# A reset would end the connection before anything can look at it.
ipt n1 -A INPUT -p tcp -j DROP
initial_namespace

several() { # MODULE: the helpers that it attaches
	modprobe "$1" && _quiet=1 initial awk '!/^#/ { print $3 }' /proc/net/nf_autohelper |
		grep -Fxf <(modinfo -F alias "$1_core" | sed -n 's/^nfct-helper-//p') | sort -u
}
# For each helper the module that attaches it, and the modules of its patchlet, the ones that need
# others first. Where no helper has the name of its module, the module attaches several.
declare -A modules loader
for name in $(scripts/info list); do
	mapfile -t of_patchlet < <(scripts/info modules "$name" | grep '^nf_' | tac)
	for module in "${of_patchlet[@]}"; do
		[[ $module =~ ^nf_conntrack_(.*) && $module != *_core ]] || continue
		helpers=("${BASH_REMATCH[1]}")
		modinfo -F alias "${module}_core" | grep -qx "nfct-helper-${helpers[0]}" ||
			mapfile -t helpers < <(several "$module")
		for helper in "${helpers[@]}"; do
			modules[$helper]=${of_patchlet[*]}
			loader[$helper]=$module
		done
	done
done
((${#modules[@]})) || skip_all 'no patchlet has a helper'

unload() { # HELPER; its modules leave in any order that their needs allow
	local name
	for name in ${modules[$1]}; do modprobe -r "$name" 2>/dev/null; done
	for name in ${modules[$1]}; do
		[[ ! -d /sys/module/$name ]] || { echo "$name is still loaded" && return 1; }
	done
}
attached() { # HELPER NS: protocol and port of its entries
	_quiet=1 "$2" sed -nE "s/^([a-z]+) ([0-9]+) $1 .*/\1 \2/p" /proc/net/nf_autohelper
}
send() { # PROTOCOL PORT
	if [[ $1 == udp ]]; then
		n0 tests/lib/udp-send 10.0.1.2 "$2" x
	else
		n0 tests/lib/segments --barrier none <<<"syn from=10.0.0.2 to=10.0.1.2 dport=$2"
	fi
}
served() { # HELPER PROTOCOL PORT: a connection has the helper
	r conntrack -L -p "$2" --orig-port-dst "$3" 2>/dev/null | grep "helper=$1"
}
order() { r "$BASH" -c 'echo "$1" >/proc/net/nf_autohelper' -- "$1"; }

for helper in "${!modules[@]}"; do
	say "$helper"
	ok 'its modules unload' unload "$helper"
	is 'and attach no port' "$(attached "$helper" initial)" ''
	ok "the kernel's alias loads it" modprobe "nfct-helper-$helper"
	is 'and attaches no port' "$(attached "$helper" initial)" ''
	ok 'an administrator loads it' modprobe "${loader[$helper]}"
	like 'and it attaches a port' "$(attached "$helper" initial)" '^(tcp|udp) [0-9]+'
	is 'in no other namespace' "$(attached "$helper" r)" ''
	read -r protocol port < <(attached "$helper" initial)

	ipt r -t raw -A PREROUTING -p "$protocol" --dport "$port" -j CT --helper "$helper"
	ok 'a packet meets the rule' send "$protocol" "$port"
	until_ok 'its connection is served' 5 served "$helper" "$protocol" "$port"
	ipt r -t raw -F
	ok 'connections are forgotten' r conntrack -F
	ok "the namespace's own list takes it" order "+$protocol:$port=$helper"
	is 'and lists it' "$(attached "$helper" r)" "$protocol $port"
	ipt r -A FORWARD -m conntrack --ctstate NEW
	ok 'a packet for that port' send "$protocol" "$port"
	until_ok 'its connection is served' 5 served "$helper" "$protocol" "$port"
	ok 'the entry is removed' order "-$protocol:$port"
	ipt r -F
	ok 'connections are forgotten' r conntrack -F
	ok 'its modules unload again' unload "$helper"
	is 'and leave no port' "$(attached "$helper" initial)" ''
done
for name in "${before[@]}"; do
	[[ -d /sys/module/$name ]] || modprobe "$name"
done
done_testing
