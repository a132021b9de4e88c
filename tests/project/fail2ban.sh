#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# fail2ban starts, bans, reloads, unbans and stops, with a list of our recent (its action
# iptables-xt_recent-echo) and with our TARPIT (blocktype=TARPIT).
#
#	n0, n1 -- r (fail2ban, and a UDP server)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/servers.list
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
topology
firewall fail2ban
cat >/etc/fail2ban/fail2ban.local <<END
[Definition]
socket = $TMP/f2b.sock
pidfile = $TMP/f2b.pid
logtarget = STDOUT
dbfile = None
END
rm /etc/fail2ban/jail.d/*
configure() { # TIME: of a ban
	cat >/etc/fail2ban/jail.conf <<-END
		[DEFAULT]
		enabled = true
		backend = polling
		usedns = no
		filter =
		failregex = ^\s*no entry for <HOST>\$
		datepattern = {^LN-BEG}EPOCH
		maxretry = 2
		findtime = 1h
		bantime = $1
		[door]
		logpath = $TMP/door.log
		action = iptables-xt_recent-echo[name=door, blocktype=DROP]
		[trap]
		logpath = $TMP/trap.log
		action = iptables-allports[name=trap, protocol=all, blocktype=TARPIT]
	END
}
fail2ban() { r /usr/bin/python3 /usr/bin/fail2ban-client "$@"; }
refuse() { # JAIL ADDRESS: the log of a program that has refused it twice
	printf "$EPOCHSECONDS no entry for $2\n%.0s" 1 2 >>"$TMP/$1.log"
}
in_list() { grep -qs '^src=10\.0\.0\.2 ' <(_quiet=1 r cat /proc/net/xt_recent/f2b-door); }
not_in_list() { ! in_list; }
has_rule() { [[ $'\n'$(_quiet=1 r "iptables-$BACKEND-save") == *$'\n'"-A $1"* ]]; } # TEXT
has_no_rule() { has_rule '' && ! has_rule "$1"; }
syn() { # what answers a SYN of n1
	n1 tests/lib/segments --barrier 10.0.1.2,10.0.1.1,1 <<<"syn from=10.0.1.2 to=10.0.1.1" |
		cut -d ' ' -f 2
}
touch "$TMP/door.log" "$TMP/trap.log"
receive r 7777
configure 1h
bg server r /usr/bin/python3 /usr/bin/fail2ban-server -xf start
until_ok 'fail2ban has its jails' 100 grep -q "Jail 'trap' started" "$TMP/server.out"
passes 'first packet' 7777
is 'a closed port refuses' "$(syn)" AR

refuse door 10.0.0.2
refuse trap 10.0.1.2
until_ok 'an address is in the list' 60 in_list
until_ok 'an address has a rule' 60 has_rule 'f2b-trap -s 10.0.1.2/32 -j TARPIT'
# fail2ban's rules precede this one.
ipt r -A INPUT -p udp --dport 7777
is_banned() { # TEXT: the next packet of n0 is banned
	banned=$((banned + 1))
	n0 tests/lib/udp-send 10.0.0.1 7777 "$1"
	until_ok "$1: fail2ban's rule counts it" 20 counted $banned
	nok "$1 does not arrive" arrived "$1"
}
banned=0
counted() { # N: by the rule of the list
	_quiet=1 r "iptables-$BACKEND-save" -c | grep -q "^\[$1:.* -A INPUT -m recent .*-j DROP\$"
}
is_banned 'second packet'
is 'TARPIT accepts' "$(syn)" SA

configure 2h
ok 'fail2ban reloads' fail2ban reload
until_ok 'the address is in the list' 60 in_list
is_banned 'third packet'
is 'TARPIT accepts still' "$(syn)" SA
ok 'it unbans an address' fail2ban set door unbanip 10.0.0.2
until_ok 'the address is no longer in the list' 20 not_in_list
passes 'fourth packet' 7777

refuse door 10.0.0.2
until_ok 'it bans it again' 60 in_list
ok 'fail2ban stops' fail2ban stop
until_ok 'the rule of the list is gone' 20 has_no_rule 'INPUT -m recent'
until_ok 'the rule of TARPIT is gone' 20 has_no_rule f2b-trap
passes 'fifth packet' 7777
is 'a closed port refuses again' "$(syn)" AR
done_testing
