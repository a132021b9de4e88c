#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Containers with the iptables and the stock extensions of other Debian suites load rules into our
# modules.
#
#	n0 -- r (the rules of each container in turn, and a UDP server)
#
# deadline: 900
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/containers
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
# shellcheck source=../lib/container.lib
. "${0%/*}/../lib/container.lib"
topology
receive r 7777 7778 7779 9999
for name in bullseye-amd64 bookworm-amd64 trixie-amd64 sid-amd64; do
	container "$name" || continue
	try_stock_rules "$name"
done
done_testing
