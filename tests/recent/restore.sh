#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Listeners hear of a restored address once.
#
#   r (alone)
. "$(dirname "$0")/../lib/scenario.sh"
namespace r
netlink() { r perl "$(dirname "$0")/recent.pl" "$@"; }

ipt r -A INPUT -m recent --name L --set
say 'A restored address is one event, with all of its times.'
is 'a new address' "$(netlink restore L 10.3.0.1 1000,2000,3000)" 'ADD 10.3.0.1: 3 times'
is 'one that is in the list' "$(netlink restore L 10.3.0.1 500,600)" 'ADD 10.3.0.1: 2 times'
done_testing
