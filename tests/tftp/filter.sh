#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the TFTP helper opens in a packet filter, exactly: one packet's way for a well-formed
# request, for nobody but the server that was asked, and nothing for anything else.
#
#	n0 (client) -- r (filter: only requests, and what is related) -- n1 (server), n2 (others)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=tftp.lib
. "${0%/*}/tftp.lib"
rrq='\0\1f\0octet\0'

topology
# Only the router tracks and helps.
tftp_serve 69
ok 'the helper is loaded, and its port is 69' helper_load tftp
for family in ipt ip6t; do
	"$family" r -P FORWARD DROP
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p udp --dport 69 -j ACCEPT
done

say 'Helped by its port'
ok 'get over IPv4' tftp_gets n0 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg "$TMP/got"
ok 'get over IPv6' tftp_gets n0 tftp -m binary fd00:0:0:1::2 -c get boot/pxe.cfg "$TMP/got"
ok 'put over IPv4' tftp_puts boot/put n0 atftp -p -r boot/put -l "$TMP/note.txt" 10.0.1.2
until_ok 'no expectation is left' 5 expects_are 0

say 'Switched off, and by a rule'
ok 'the switch' r sysctl -qw net.netfilter.nf_autohelper=0
nok 'no answer while it is off' tftp_gets n0 timeout 2 tftp -m binary 10.0.1.2 -c get \
	boot/pxe.cfg "$TMP/got"
ipt r -t raw -A PREROUTING -i r0 -p udp --dport 69 -j CT --helper tftp
ip6t r -t raw -A PREROUTING -i r0 -p udp --dport 69 -j CT --helper tftp
ok 'CT --helper: get over IPv4' tftp_gets n0 tftp -m binary 10.0.1.2 -c get boot/pxe.cfg "$TMP/got"
ok 'CT --helper: get over IPv6' tftp_gets n0 tftp -m binary fd00:0:0:1::2 -c get \
	boot/pxe.cfg "$TMP/got"
ipt r -t raw -F
ip6t r -t raw -F
r sysctl -qw net.netfilter.nf_autohelper=2

say 'One expectation a request, from the server to the port that asked'
n0 "$udp_send" --from 5000 10.0.2.2 69 "$rrq"
until_ok 'there is one' 20 expects_are 1 5000
like 'the expectation' "$(expects 5000)" '^([1-9]|[12][0-9]|30) .*l3proto = 2 proto=17 src=10\.0\.2\.2 dst=10\.0\.0\.2 sport=0 dport=5000 .*tftp'
n0 "$udp_send" --from 5000 10.0.2.2 69 "$rrq" "$rrq" '\0\2g\0octet\0'
ok 'the same client asking again has one' expects_are 1 5000
n0 "$udp_send" --from 5001 --pieces 4 fd00:0:0:2::2 69 '\0\2f\0netascii\0blksize\01024\0'
until_ok 'IPv6, non-linear: one more' 20 expects_are 1 5001
like 'the expectation' "$(expects 5001)" 'src=fd00:0000:0000:0002:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0002 sport=0'

say 'Nobody else can use it'
bg client n0 "$udp_send" --from 5000 --wait 100 --expect 1 10.0.2.2 69 "$rrq"
until_ok 'the client listens' 60 grep -q listening "$TMP/client.out"
n1 "$udp_send" --from 4000 10.0.0.2 5000 'from the third'
n2 "$udp_send" --from 4000 10.0.0.2 5002 'to another port'
n2 "$udp_send" --from 4000 10.0.0.2 5000 'data' 'more'
ok 'the client gets an answer' wait "${client:?}"
is 'and it is the one of the server' "$(tail -n +2 "$TMP/client.out")" '10.0.2.2 4000 4'
until_ok 'the expectation is used up' 20 expects_are 0 5000
bg late n0 "$udp_send" --from 5000 --wait 5 10.0.2.2 70 x
until_ok 'the client listens' 60 grep -q listening "$TMP/late.out"
n2 "$udp_send" --from 4001 10.0.0.2 5000 'from another port'
wait "${late:?}"
is 'a second port of the server gets nothing' "$(<"$TMP/late.out")" listening

say 'What is no request from the client opens nothing'
modprobe nfnetlink_log
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=17
r sysctl -qw net.netfilter.nf_log.2=nfnetlink_log
bg log r tcpdump --immediate-mode -i nflog:0 -c 1 -w "$TMP/log.pcap"
until_ok 'the log is read' 20 grep -q listening "$TMP/log.out"
malformed=('' x '\0' '\0\1' '\0\1f' '\0\1f\0' '\0\1\0octet\0' '\0\1f\0octet' '\0\1f\0binary\0' \
	'\0\1f\0octet\0blksize\0'
	'\0\1f\0octet\0\0x' '\0\3\0\1data' '\0\4\0\1' '\0\5\0\1no\0' '\0\6tsize\00\0' \
		'\0\7f\0octet\0' '\1\0f\0octet\0' 'a*1400')
ipt r -I FORWARD -p udp --sport 5003 --dport 69 -j ACCEPT
ip6t r -I FORWARD -p udp --sport 5003 --dport 69 -j ACCEPT
n0 "$udp_send" --from 5003 10.0.2.2 69 "${malformed[@]}"
n0 "$udp_send" --from 5003 fd00:0:0:2::2 69 "${malformed[@]}"
until_ok 'they pass over IPv4' 20 counter_is r 4 filter FORWARD 1 ${#malformed[@]}
until_ok 'they pass over IPv6' 20 counter_is r 6 filter FORWARD 1 ${#malformed[@]}
ok 'and raise no expectation' expects_are 0 5003
until_ok 'they are logged when that is wanted' 20 grep -q 'nf_ct_tftp: not helped: ' "$TMP/log.pcap"
r sysctl -qw net.netfilter.nf_conntrack_log_invalid=0

say 'Cut, and in fragments'
n0 "$udp_send" --source 10.0.0.2 --from 5004 --short 1 10.0.2.2 69 "$rrq"
n0 "$udp_send" --source fd00::2 --from 5004 --short 1 fd00:0:0:2::2 69 "$rrq"
n0 "$udp_send" --source 10.0.0.2 --from 5004 --fragments 16 --first 10.0.2.2 69 "$rrq"
n0 "$udp_send" --source fd00::2 --from 5004 --fragments 16 --first fd00:0:0:2::2 69 "$rrq"
n0 "$udp_send" --source 10.0.0.2 --from 5005 --fragments 16 10.0.2.2 69 "$rrq"
n0 "$udp_send" --source fd00::2 --from 5006 --fragments 16 fd00:0:0:2::2 69 "$rrq"
until_ok 'a whole request in fragments is a request over IPv4' 20 expects_are 1 5005
until_ok 'and over IPv6' 20 expects_are 1 5006
ok 'what is not whole opens nothing' expects_are 0 5004

say 'A request in the direction of the replies'
n0 "$udp_send" --from 5007 10.0.2.2 69 '\0\4\0\0'
n2 "$udp_send" --from 69 10.0.0.2 5007 "$rrq"
until_ok 'it passes as a reply' 20 r grep \
	-q 'sport=5007 dport=69 src=10.0.2.2 dst=10.0.0.2 sport=69 dport=5007' \
	/proc/net/nf_conntrack
is 'it raises no expectation' "$(expects | grep -E 'port=(5007|69) ')" ''

say 'Nothing outlives the helper'
ok 'the helper can be unloaded' helper_unload tftp
is 'no expectation is left' "$(expects)" ''
ok 'the helper is as it was' helper_load tftp
done_testing
