#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# TFTP through a NAT router that forwards only requests and RELATED packets: four clients and two
# servers, SNAT, DNAT and MASQUERADE, both families, get and put, options, a second port; and
# nothing of it without the helper.
#
#	n0 (clients) -- r (NAT, filter) -- n1 (servers)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"

# Clients, as one types them: HOST and PORT go to the end.
hpa() { n0 tftp -m binary "$1" "${2:-69}" -c get boot/pxe.cfg "$TMP/got"; }
hpa_put() { n0 tftp -m netascii "$1" "${2:-69}" -c put "$TMP/note.txt" boot/put; }
atftp() { n0 atftp -g -r boot/pxe.cfg -l "$TMP/got" "$1" "${2:-69}"; }
atftp_put() { n0 atftp -p -r boot/put -l "$TMP/note.txt" "$1" "${2:-69}"; }
atftp_options() {
	n0 atftp --option 'blksize 1428' --option 'windowsize 4' -g -r boot/pxe.cfg -l "$TMP/got" \
		"$1" "${2:-69}"
}
curl() { n0 curl -sS -m 5 -o "$TMP/got" "tftp://$1:${2:-69}/boot/pxe.cfg"; }
curl_put() {
	n0 curl -sS -m 5 --tftp-blksize 1024 -T "$TMP/note.txt" "tftp://$1:${2:-69}/boot/put"
}
busybox() { n0 busybox tftp -g -b 1400 -r boot/pxe.cfg -l "$TMP/got" "$1" "${2:-69}"; }

topology
tftp_serve 69 70
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p udp -m multiport --dports 69,70,7069 -j ACCEPT
-A INPUT -i r1 -p udp -j DROP
COMMIT
*nat
-A POSTROUTING -o r1 -j MASQUERADE
COMMIT
END
# The server knows no way to the client, so an answer proves NAT.
n1 ip route del default
n1 ip -6 route del default

say 'Without the helper'
ok 'the helper can be unloaded' helper_unload tftp
# It comes to the router, whose address the server knows, and from another port.
dropped() { has_counted r "$1" filter INPUT 1; } # 4|6
unanswered() { # HOST: until the answer has been dropped
	local client=''
	bg client n0 tftp -m binary "$1" -c get boot/pxe.cfg "$TMP/got"
	poll 5 dropped "$([[ $1 == *:* ]] && echo 6 || echo 4)" || return
	kill "$client"
	wait "$client"
}
nok 'IPv4: no answer' tftp_gets unanswered 10.0.1.2
nok 'IPv6: no answer' tftp_gets unanswered fd00:0:0:1::2
ok 'IPv4: the answer was dropped' dropped 4
ok 'IPv6: the answer was dropped' dropped 6
ok 'the helper can be loaded for two ports' helper_load tftp ports=69,70
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_tftp

say 'MASQUERADE'
for server in 10.0.1.2 fd00:0:0:1::2; do
	ok "tftp-hpa gets from $server" tftp_gets hpa "$server"
	ok "tftp-hpa puts to $server" tftp_puts boot/put hpa_put "$server"
	ok "atftp gets from $server, with options" tftp_gets atftp_options "$server"
	ok "atftp puts to $server" tftp_puts boot/put atftp_put "$server"
done
ok 'curl gets over IPv4' tftp_gets curl 10.0.1.2
ok 'curl puts over IPv6, with a block size' tftp_puts boot/put curl_put '[fd00:0:0:1::2]'
ok 'busybox gets over IPv4, with a block size' tftp_gets busybox 10.0.1.2
ok 'port 70 over IPv4' tftp_gets hpa 10.0.1.2 70
ok 'port 70 over IPv6' tftp_gets atftp fd00:0:0:1::2 70

say 'SNAT that changes the port too'
ipt r -t nat -R POSTROUTING 1 -o r1 -p udp -j SNAT --to-source 10.0.1.1:40000-40010
ip6t r -t nat -R POSTROUTING 1 -o r1 -p udp -j SNAT --to-source '[fd00:0:0:1::1]:40000-40010'
ok 'get over IPv4' tftp_gets hpa 10.0.1.2
ok 'get over IPv6' tftp_gets hpa fd00:0:0:1::2
ok 'put over IPv4' tftp_puts boot/put atftp_put 10.0.1.2
ok 'the port was changed' r grep -q 'dport=400[01][0-9]' /proc/net/nf_conntrack

say 'DNAT and SNAT together'
ipt r -t nat -A PREROUTING -i r0 -p udp -d 10.0.0.1 --dport 69 -j DNAT --to-destination 10.0.1.2:70
ip6t r -t nat -A PREROUTING -i r0 -p udp -d fd00::1 --dport 69 -j DNAT \
	--to-destination '[fd00:0:0:1::2]:70'
ok 'get over IPv4' tftp_gets hpa 10.0.0.1
ok 'get over IPv6' tftp_gets hpa fd00::1

say 'DNAT alone'
n1 ip route add default via 10.0.1.1
n1 ip -6 route add default via fd00:0:0:1::1
rules r 46 <<END
*nat
-F POSTROUTING
COMMIT
END
ok 'get over IPv4' tftp_gets hpa 10.0.0.1
ok 'get over IPv6' tftp_gets hpa fd00::1
ok 'put over IPv4' tftp_puts boot/put hpa_put 10.0.0.1
ok 'put over IPv6' tftp_puts boot/put atftp_put fd00::1

until_ok 'no expectation is left' 5 expects_are 0

say 'Another server: atftpd'
bg atftpd_pid n1 "$atftpd" --daemon --no-fork --user root --group root --port 7069 \
	--bind-address 10.0.1.2 "$TMP/srv"
ipt r -t nat -R PREROUTING 1 -i r0 -p udp -d 10.0.0.1 --dport 69 -j DNAT \
	--to-destination 10.0.1.2:7069
atftpd_listens() { [[ $(n1 ss -ulnH 'sport = :7069') ]]; }
until_ok 'it listens' 20 atftpd_listens
ok 'get' tftp_gets atftp_options 10.0.0.1
ok 'put' tftp_puts boot/put hpa_put 10.0.0.1
ok 'the helper is as it was' helper_load tftp
done_testing
