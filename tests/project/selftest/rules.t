#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/lib/guest/rules detects faults of rule cases. Runs on the host's kernel with matches that
# every iptables has.
# inputs: tests/lib/guest/rules
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"

in_namespace=(unshare --net)
((EUID == 0)) || in_namespace=(unshare --user --map-root-user --net)
"${in_namespace[@]}" iptables-nft -A INPUT -p tcp -j DROP >/dev/null 2>&1 || {
	skip 'rule cases on the host' 'this user cannot create a namespace with iptables'
	done_testing
}

# counted DESC COUNTS NAME: a test: the rule cases on standard input, in a file called NAME, give
# these counts
counted() {
	local counts
	cat >"$TAP_TMP/$3"
	counts=$(printf 'rules\tthe test\t%s tests/lib/guest/rules nft %s\n' "${in_namespace[*]}" \
		"$TAP_TMP/$3" | tests/harness | tail -n 1)
	is "$1" "$counts" "$2"
}

counted 'accepted, saved, restored, deleted, refused' '12 passed, 0 failed, 0 skipped' \
	libxt_x.t <<-'END'
	:INPUT,FORWARD
	-p tcp -m tcp --dport 80 -j DROP;=;OK
	-p tcp --sport 1:1024;-p tcp -m tcp --sport 1:1024;OK
	-p tcp --dport 65536;;FAIL
END
counted 'a protocol of its own by the name of the file' '3 passed, 0 failed, 0 skipped' \
	libipt_x.t <<<$':INPUT\n-p tcp;=;OK'
counted 'and by a line' '6 passed, 0 failed, 0 skipped' \
	libxt_x.t <<<$':INPUT\n%IPv4\n-s 10.0.0.1/32;=;OK\n%IPv6\n-s fd00::1/128;=;OK'
counted 'refused, not accepted' '3 passed, 1 failed, 0 skipped' \
	libipt_x.t <<<$':INPUT\n-p tcp --dport 65536;=;OK\n-p tcp;=;OK'
counted 'saved as something else' '2 passed, 1 failed, 0 skipped' \
	libipt_x.t <<<$':INPUT\n-p tcp --dport 80;=;OK'
counted 'accepted, not refused' '1 passed, 1 failed, 0 skipped' \
	libipt_x.t <<<$':INPUT\n-p tcp;;FAIL'
counted 'a line that cannot be read' '3 passed, 1 failed, 0 skipped' \
	libipt_x.t <<<$':INPUT\n-p tcp;=;OK\n-p udp;OK'
counted 'no chain' '0 passed, 2 failed, 0 skipped' libipt_x.t <<<'-p tcp;=;OK'
counted 'no case' '0 passed, 1 failed, 0 skipped' libipt_x.t <<<':INPUT'
done_testing
