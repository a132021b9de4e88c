#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --reverse while rules use an extension, with stubs in place of lsmod, nsenter and the list of
# namespaces.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

tree
patchlet alpha
patchlet beta
patchlet gamma 'Modules: xt_alp' 'Extensions: OTHER alpha'
mkdir "$TMP/bin"
cat >"$T/scripts/runme/zz-test.sh" <<'END'
affects_rules() { true; }
net_namespaces() { printf '%s\t%s\n' 'this namespace' /self 'namespace blue' /blue; }
END
cat >"$TMP/bin/lsmod" <<END
#!/bin/sh
cat $TMP/lsmod
END
cat >"$TMP/bin/nsenter" <<END
#!/bin/sh
case "\$*" in
'--net=/blue cat /proc/net/ip_tables_names') echo filter ;;
'--net=/self iptables-nft-save')
	printf '%s\n' '*filter' '-A INPUT -m alphabet -j DROP' \
		'-A INPUT -m alpha -m alpha -j ACCEPT' ;;
'--net=/self ip6tables-nft-save') printf '%s\n' '-A FORWARD -j alpha' ;;
'--net=/blue iptables-nft-save')
	[ ! -e $TMP/escape ] || printf '%s\033[2J\n' '-A INPUT -m alpha --comment ' ;;
'--net=/blue iptables-legacy-save') echo '-A OUTPUT ! -o lo -m alpha --x y -j DROP' ;;
'--net=/blue ip6tables-legacy-save') echo '-A OUTPUT -m alpha # there are no legacy tables' ;;
*) exit 1 ;;
esac
END
chmod +x "$TMP/bin"/*
PATH=$TMP/bin:$PATH
modules() { printf '%s\n' 'Module Size Used by' "$@" >"$TMP/lsmod"; }

runme --batch alpha beta
before=$(state_of "$D")
modules 'xt_alpha 16384 5 xt_other' 'xt_beta 16384 2 xt_a,xt_b'
runme --batch --reverse alpha
is 'in use, --batch: status 1' "$status" 1
is 'in use, --batch: the rules of all namespaces' "$(sed -n 's/^   //p' <<<"$out")" "$(cat <<-END
	this namespace: iptables-nft -A INPUT -m alpha -m alpha -j ACCEPT
	this namespace: ip6tables-nft -A FORWARD -j alpha
	namespace blue: iptables-legacy -A OUTPUT ! -o lo -m alpha --x y -j DROP
	   fix: delete these rules, or KERNEL_DIR=$K ./runme --destdir $D --reverse --force alpha
END
)"
is 'in use, --batch: the last line' "$(tail -n 1 <<<"$out")" \
	"Not reversed for $R: alpha (the reasons are above)"
is 'in use, --batch: nothing is removed' "$(state_of "$D")" "$before"
modules 'xt_alpha 16384 7'
runme --batch --reverse alpha
like 'more references than rules: said' "$out" '^   3 more in namespaces that neither'

touch "$TMP/escape"
runme --batch --reverse alpha
like 'a comment cannot control the terminal' "$out" '--comment \?\[2J'
rm "$TMP/escape"

answers 'y N q' --reverse alpha
like 'in use: asks' "$out" '^Reverse alpha all the same\?'
is 'in use, N: nothing is removed' "$(state_of "$D")" "$before"
answers 'y y' --reverse alpha
like 'in use, y: reverses' "$out" '^Reversed: alpha'
modules 'xt_beta 16384 2 xt_a,xt_b'
runme --batch --reverse beta
is 'references of other modules do not count: status 0' "$status" 0
runme --batch alpha
modules 'xt_alpha 16384 4'
runme --batch --reverse --force alpha
is 'in use, --force: status 0' "$status" 0
is 'in use, --force: reversed' "$(state_of "$D")" absent

runme --batch gamma
modules 'xt_alp 16384 4'
runme --batch --reverse gamma
like 'a module with two extensions' "$out" '^   this namespace: ip6tables-nft -A FORWARD -j alpha$'

# The real list of namespaces.
rm "$T/scripts/runme/zz-test.sh"
like 'this namespace is in the list' "$(cd "$T" && . scripts/runme/inuse.sh && net_namespaces)" \
	$'^this namespace\t/proc/self/ns/net$'

done_testing
