#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real clients: held for as long as the scenario lasts, read by a honeypot, refused and reset.
#
#   n0 ---- r      n0 has the clients (curl, bash, perl); in r, where nothing listens, port 80 is a
#                  tarpit, 81 a honeypot, 82 resets; on 83 a program listens until the rule comes.
#                  Conntrack is on.
. "${0%/*}/../lib/scenario.sh"
topology

for iptables in ipt ip6t; do
	"$iptables" r -A INPUT -m conntrack --ctstate INVALID # conntrack is on from now on
	"$iptables" r -A INPUT -p tcp --dport 80 -j TARPIT
	"$iptables" r -A INPUT -p tcp --dport 81 -j TARPIT --honeypot
	"$iptables" r -A INPUT -p tcp --dport 82 -j TARPIT --reset
done

sockets() { n0 ss -Htnoi "$@" | tr '\n' ' '; } # all that is known of them
held() {
	[[ $(_quiet=1 sockets state established "dst $1 and dport = 80") =~ ESTAB|timer:\(persist ]]
}
persisting() { [[ $(_quiet=1 sockets state "$1" "dst $2 and dport = 80") == *'timer:(persist'* ]]; }

say 'Two clients that want a page, and two that have said all that they had to say.'
four='' six=''
bg four n0 curl -sS --no-keepalive --connect-timeout 5 --max-time 1000 http://10.0.0.1/
bg six n0 curl -sS --no-keepalive --connect-timeout 5 --max-time 1000 'http://[fd00::1]/'
# shellcheck disable=SC2016 # Perl
bg half n0 perl -MIO::Socket::IP -e '
	my @s = map {
		IO::Socket::IP->new(PeerHost => $_, PeerPort => 80, Timeout => 10) or die "$@\n"
	} @ARGV;
	shutdown $_, 1 for @s;
	select undef, undef, undef, undef' 10.0.0.1 fd00::1
for to in 10.0.0.1 '[fd00::1]'; do
	until_ok "curl is connected to $to, and in persist state" 20 persisting established "$to"
	until_ok "a client that closes its side to $to cannot send its FIN" 20 persisting \
		fin-wait-1 "$to"
done

say 'A honeypot.'
# shellcheck disable=SC2016 # Perl
honeypot=$(n0 perl -MIO::Socket::IP -e '
	alarm 60;
	for (@ARGV) {
		my $s = IO::Socket::IP->new(PeerHost => $_, PeerPort => 81, Timeout => 10)
			or die "connect: $@\n";
		print $s "x" x 100000 and $s->flush or die "write: $!\n";
		shutdown $s, 1;
		print sysread($s, my $text, 100) ? "$_ sent something " : "$_ closed " }' \
			10.0.0.1 fd00::1)
is 'reads 100,000 bytes and closes after the client' "$honeypot" '10.0.0.1 closed fd00::1 closed '
acknowledged() { [[ $(_quiet=1 n0 ss -Htn state time-wait 'dport = :81' | wc -l) == 2 ]]; }
until_ok 'both connections ended in order' 10 acknowledged

say 'Refusal.'
refused() { # ADDRESS: at once, and not after a timeout
	local status
	n0 curl -sS --max-time 20 "http://$1:82/"
	status=$?
	((status == 7)) || { echo "curl: exit status $status" && return 1; }
}
ok 'curl is refused, IPv4' refused 10.0.0.1
ok 'curl is refused, IPv6' refused '[fd00::1]'

say 'A connection that was there before the rule.'
# shellcheck disable=SC2016 # Perl
bg server r perl -MIO::Socket::IP -e '
	my $l = IO::Socket::IP->new(Listen => 9, LocalHost => "::", LocalPort => 83, V6Only => 0)
		or die;
	syswrite STDOUT, "listens";
	my $s = $l->accept or die;
	while (sysread $s, my $text, 100) { syswrite $s, $text }'
listening() { [[ $(<"$TMP/server.out") == listens ]]; }
until_ok 'a program listens' 20 listening
mkfifo "$TMP/go"
# shellcheck disable=SC2016 # Perl
bg client n0 perl -MIO::Socket::IP -e '$| = 1;
	my $s = IO::Socket::IP->new(PeerHost => "10.0.0.1", PeerPort => 83, Timeout => 10) or die;
	syswrite $s, "one"; sysread $s, my $text, 100; print "$text\n";
	open my $go, "<", $ARGV[0]; <$go>;
	syswrite $s, "two"; alarm 20; print defined sysread($s, $text, 100) ? "read\n" : "$!\n"' \
		"$TMP/go"
said() { [[ $(<"$TMP/client.out") == *"$1"* ]]; }
until_ok 'it works' 10 said one
is 'conntrack knows it' "$(r conntrack -L -p tcp --dport 83 2>/dev/null | grep -c ESTABLISHED)" 1
ipt r -I INPUT -p tcp --dport 83 -j TARPIT --reset
echo >"$TMP/go"
until_ok 'it is reset when its client speaks' 10 said 'Connection reset by peer'
is 'and conntrack has seen that' \
	"$(r conntrack -L -p tcp --dport 83 2>/dev/null | grep -c ESTABLISHED)" 0

say 'Meanwhile.'
for to in 10.0.0.1 '[fd00::1]'; do
	ok "curl is still held by $to" persisting established "$to"
	ok "the FIN to $to is still not sent" persisting fin-wait-1 "$to"
done
ok 'curl runs' kill -0 "$four" "$six"
is 'curl has got nothing' "$(<"$TMP/four.out")$(<"$TMP/six.out")" ''
answered() { (($(_quiet=1 counter r 4 filter INPUT 3) >= 10)); }
until_ok 'window probes go on' 20 answered
ok 'curl is still held' persisting established 10.0.0.1
like 'no request was acknowledged' "$(sockets state established 'dst 10.0.0.1 and dport = 80')" \
	' notsent:[1-9]| unacked:[1-9]'
is 'conntrack keeps no entry of what was dropped' \
	"$(r conntrack -L -p tcp 2>/dev/null | grep -c 'dport=8[012] ')" 0

# A socket whose program has gone would hold its namespace until it gives up: minutes.
n0 ss -K >/dev/null
r ss -K >/dev/null
done_testing
