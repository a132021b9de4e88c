#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The module of the helper is not loaded where a different helper has its port. modprobe(8) takes
# EEXIST for a module that is loaded already, and would succeed.
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
ok 'the helper can be unloaded' irc_unload
ok 'so can nf_autohelper' modprobe -r nf_autohelper
ok 'ftp is attached to the port' modprobe nf_autohelper attach=tcp:6667=ftp
nok 'modprobe fails' modprobe nf_conntrack_irc
nok 'the module is not loaded' test -d /sys/module/nf_conntrack_irc
like 'the kernel log says why' "$(klog)" \
	'tcp:6667=irc is refused: ftp has that port already'
ok 'a different port is free' modprobe nf_conntrack_irc ports=6668
ok 'the helper can be unloaded' irc_unload
ok 'and nf_autohelper' modprobe -r nf_autohelper
ok 'nf_autohelper is loaded as it was' modprobe nf_autohelper
ok 'so is the helper' irc_load
done_testing
