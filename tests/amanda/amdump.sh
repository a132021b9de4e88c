#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The programs of a backup server check a client and write its files to a tape of a directory
# (amcheck, amdump), through a router that forwards only requests and RELATED packets: plain
# routing, MASQUERADE and DNAT. Without the helper nothing is written.
#
#	n0 (amcheck, amdump) -- r (NAT, filter) -- n1 (amandad), n2 (amandad)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=amanda.lib
. "${0%/*}/amanda.lib"
tapes=/var/lib/amanda/tapes

configure() {
	local host
	mkdir -p /etc/amanda/test "$tapes"/slot{1..4} /var/lib/amanda/{holding,state} \
		/var/log/amanda/test
	cat >/etc/amanda/test/amanda.conf <<-END
		org "test"
		mailto ""
		dumpcycle 0
		runspercycle 1
		tapecycle 2
		infofile "/var/lib/amanda/state/info"
		indexdir "/var/lib/amanda/state/index"
		logdir "/var/log/amanda/test"
		tpchanger "chg-disk:$tapes"
		tapetype directory
		labelstr "^test-"
		autolabel "test-%" empty
		etimeout 60
		unreserved-tcp-port 51000,51020
		define tapetype directory {
		  length 100 mbytes
		}
		define holdingdisk disk {
		  directory "/var/lib/amanda/holding"
		}
		define dumptype plain {
		  auth "bsd"
		  program "GNUTAR"
		  index yes
		  compress none
		  strategy noinc
		  retry-dump 1
		}
	END
	for host in client front other; do
		echo "$host $TMP/home plain"
	done >/etc/amanda/test/disklist
	chown -R backup:backup /etc/amanda /var/lib/amanda /var/log/amanda
}
checks() { n0 "${amanda_user[@]}" amcheck -c test "$1" | grep ' 0 problems found'; } # HOST
dumps() { # HOST: its files are on a tape
	local tape
	rm -f "$tapes"/slot*/*."$1".*
	n0 "${amanda_user[@]}" timeout 200 amdump test "$1"
	tape=$(echo "$tapes"/slot*/00001."$1".*)
	# Behind a header of 32 KiB.
	tail -c +32769 "$tape" | tar -xO ./note.txt | cmp - "$TMP/home/note.txt" && return
	cat /var/log/amanda/test/{,oldlog/}log.*
	return 1
}

topology
ok 'the programs' amanda_programs
configure
ok 'amandad listens' amanda_serve amandad n1 10080
ok 'amandad listens' amanda_serve unhelped_pid n2 10080
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p udp --dport 10080 -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 50000:50003 -j REJECT --reject-with tcp-reset
COMMIT
END

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload amanda
ok 'a check needs no stream' checks other
nok 'nothing is written' dumps other
ok 'a connection to a stream was refused' has_counted r 4 filter FORWARD 3
ok 'the helper can be loaded' helper_load amanda

say 'Plain routing'
ok 'a check' checks client
ok 'a backup' dumps client
is 'its streams were expected' "$(helper_stats amanda expectations not-expected)" '4 0'

say 'MASQUERADE, and a client that knows no way to the server'
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
r conntrack -F # earlier connections from the same port have no NAT
ok 'a check' checks client
ok 'a backup' dumps client

say 'DNAT alone'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
ipt r -t nat -A PREROUTING -i r0 -p udp -d 10.0.0.1 --dport 10080 -j DNAT --to-destination 10.0.1.2
ok 'a check' checks front
ok 'a backup' dumps front
done_testing
