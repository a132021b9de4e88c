# no nft equivalent: ct timeout needs an object with a name, and takes no part of the states
*mangle
:PREROUTING,FORWARD,OUTPUT,INPUT,POSTROUTING
-j TIMEOUT --set established=1h;=;OK
-j TIMEOUT --set established=3600;-j TIMEOUT --set established=1h;OK
-j TIMEOUT --set established=3600s;-j TIMEOUT --set established=1h;OK
-j TIMEOUT --set udp=90;-j TIMEOUT --set udp=90s;OK
-j TIMEOUT --set udp=120s;-j TIMEOUT --set udp=2m;OK
-j TIMEOUT --set established=24h;-j TIMEOUT --set established=1d;OK
-j TIMEOUT --set established=1h,syn_sent=30s,udp=10s,udp_stream=3m;-j TIMEOUT --set syn_sent=30s,established=1h,udp=10s,udp_stream=3m;OK
-j TIMEOUT --set syn_sent=1s,syn_recv=2s,established=3s,fin_wait=4s,close_wait=5s,last_ack=6s,time_wait=7s,close=8s,syn_sent2=9s,max_retrans=10s,unacknowledged=11s;=;OK
-j TIMEOUT --set icmp=1s,icmpv6=2s,gre=3s,gre_stream=4s,generic=5s;=;OK
-j TIMEOUT --set sctp_closed=1s,sctp_cookie_wait=2s,sctp_cookie_echoed=3s,sctp_established=4s;=;OK
-j TIMEOUT --set sctp_shutdown_sent=5s,sctp_shutdown_recd=6s,sctp_shutdown_ack_sent=7s,sctp_heartbeat_sent=8s;=;OK
-j TIMEOUT --set udp=1;-j TIMEOUT --set udp=1s;OK
-j TIMEOUT --set udp=2147483;-j TIMEOUT --set udp=2147483s;OK
-j TIMEOUT --set udp=24d;=;OK
-j TIMEOUT --set udp=10s --now;=;OK
-j TIMEOUT --set udp=10s --cap 1h;=;OK
-j TIMEOUT --set udp=10s --now --cap 1h;=;OK
-j TIMEOUT --cap 1s;=;OK
-j TIMEOUT --cap 3600;-j TIMEOUT --cap 1h;OK
-j TIMEOUT --cap 2147483;-j TIMEOUT --cap 2147483s;OK
-j TIMEOUT --expire;=;OK
-j TIMEOUT;;FAIL
-j TIMEOUT --now;;FAIL
-j TIMEOUT --cap 1h --now;;FAIL
-j TIMEOUT --expire --cap 1h;;FAIL
-j TIMEOUT --expire --set udp=10s;;FAIL
-j TIMEOUT --set udp;;FAIL
-j TIMEOUT --set udp=;;FAIL
-j TIMEOUT --set udp=0;;FAIL
-j TIMEOUT --set udp=2147484;;FAIL
-j TIMEOUT --set udp=25d;;FAIL
-j TIMEOUT --set udp=4294967297;;FAIL
-j TIMEOUT --set udp=99999999999999999999999;;FAIL
-j TIMEOUT --set udp=-1;;FAIL
-j TIMEOUT --set udp=1w;;FAIL
-j TIMEOUT --set udp=1hs;;FAIL
-j TIMEOUT --set udp=h;;FAIL
-j TIMEOUT --set udp=10s,udp=20s;;FAIL
-j TIMEOUT --set udp=10s,;;FAIL
-j TIMEOUT --set UDP=10s;;FAIL
-j TIMEOUT --set listen=10s;;FAIL
-j TIMEOUT --set udp=10s --set icmp=10s;;FAIL
-j TIMEOUT --cap 0;;FAIL
-j TIMEOUT --cap 2147484;;FAIL
-j TIMEOUT --cap;;FAIL
*filter
:INPUT,FORWARD,OUTPUT
-j TIMEOUT --set established=1h;=;OK
*nat
:PREROUTING,OUTPUT,INPUT,POSTROUTING
-j TIMEOUT --set established=1h;=;OK
*raw
:PREROUTING,OUTPUT
-j TIMEOUT --set established=1h;;FAIL
