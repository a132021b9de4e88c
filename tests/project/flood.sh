#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A flood of one helper takes no expectation of the others: while clients of quake3 ask for as many
# game servers as the helper takes, amanda and irc keep what they had, and expect more.
#
#	n0 (clients, backup server) -- r (the helpers) -- n1 (master server, irc, backed up)
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/quake3/stub
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
for name in quake3 amanda irc; do
	[[ -d patchlets/$name ]] || skip_all "there is no patchlet $name"
done
# shellcheck source=../lib/helper.lib
. "${0%/*}/../lib/helper.lib"
# shellcheck source=../lib/talk.lib
. "${0%/*}/../lib/talk.lib"
# shellcheck disable=SC2034 # of talk.lib
talk_port=6667 talk_begin='NICK ann\r\n'

# The limit of a helper, by the number of connections that the kernel's table is for.
half=$(($(sysctl -n net.netfilter.nf_conntrack_expect_max) / 2))
((half <= 512)) || half=512
hosts=$((2 * half / 250 + 2))
flood() { # PORT: each host asks from it, and gets 250 servers in two packets
	local host
	for ((host = 10; host < 10 + hosts; host++)); do
		n0 "$udp_send" --source "10.0.0.$host" --from "$1" 10.0.1.2 27950 \
			'\xff\xff\xff\xffgetservers 68' || return
	done
}
of_quake3() { expects | grep -c quake3; }
offer() { # PORT: over DCC
	talk ann "PRIVMSG bob :\\1DCC CHAT chat 167772162 $1\\1\\r\\n"
}
backup() { # SEQ PORT: a request of n0, and the reply
	local handle="HANDLE 000-0 SEQ $1\\x0a" request
	request="Amanda 2.6 REQ ${handle}SERVICE sendbackup\\x0a"
	n0 "$udp_send" --from 900 10.0.1.2 10080 "$request" &&
		n1 "$udp_send" --source 10.0.1.2 --from 10080 10.0.0.2 900 \
			"Amanda 2.6 REP ${handle}CONNECT DATA $2\\x0a"
}
listens() { [[ $("$1" ss -tlnH "sport = :$2") ]]; }
serves() { # VAR NS PORT
	bg "$1" "$2" perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1)
			or die "$@\n";
		$s->accept while 1' "$3"
	poll 20 listens "$2" "$3"
}
connects() { "$1" timeout 5 "$BASH" -c "exec 3<>/dev/tcp/$2/$3"; } # NS HOST PORT

topology
for name in quake3 amanda irc; do ok "$name is loaded" helper_load "$name"; done
for ((host = 10; host < 10 + hosts; host++)); do n0 ip address add "10.0.0.$host/24" dev e0; done
rules r 4 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -p udp -m multiport --dports 27950,10080 -j ACCEPT
-A FORWARD -p tcp --dport 6667 -j ACCEPT
COMMIT
END
mapfile -t servers < <(printf '10.0.1.2,%d\n' {30001..30250})
bg master n1 tests/quake3/stub master 10.0.1.2 27950 "${servers[@]}"
poll 20 grep -q ready "$TMP/master.out"
talk_serve
talk_open ann n0 10.0.1.2

say 'Before'
ok 'irc: an offer' offer 5000
ok 'amanda: a backup' backup 1 50000
until_ok 'the offer is expected' 20 expects_are 1 5000
until_ok 'the backup, too' 20 expects_are 1 50000

say 'A flood of quake3'
ok 'every host asks twice' flood 45000
ok 'from another port, too' flood 45001
evicts() { (($(helper_stats quake3 evicted) > 0)); }
until_ok 'the helper is at its limit' 60 evicts
is 'which is half of all' "$(of_quake3)" "$half"
ok 'the offer is still expected' expects_are 1 5000
ok 'the backup, too' expects_are 1 50000

say 'Meanwhile'
for n in 1 2 3; do
	flood $((45001 + n)) || break
	offer $((5000 + n))
	backup $((1 + n)) $((50000 + n))
done
for n in 1 2 3; do
	until_ok "offer $n is expected" 20 expects_are 1 $((5000 + n))
	until_ok "backup $n, too" 20 expects_are 1 $((50000 + n))
done
named() { r conntrack -L expect 2>/dev/null | grep -E " dport=$1 .*helper=$2( |\$)"; }
ok 'conntrack lists the helper of an offer' named 5003 irc
ok 'and that of a backup' named 50003 amanda
is 'nothing of theirs was refused or evicted' \
	"$(helper_stats irc not-expected evicted) $(helper_stats amanda not-expected evicted)" '0 0 0 0'
serves chat n0 5003
serves data n1 50003
ok 'the other user connects to the offer' connects n1 10.0.0.2 5003
ok 'the backup server connects to the stream' connects n0 10.0.1.2 50003
nok 'and nobody to a port that was not announced' connects n1 10.0.0.2 5004
done_testing
