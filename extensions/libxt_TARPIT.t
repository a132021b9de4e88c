# no nft equivalent: nft can refuse a connection (reject with tcp reset) and pass it to a listener of this host (synproxy), but not accept one and keep it waiting
:INPUT,FORWARD
-p tcp -j TARPIT;-p tcp -j TARPIT --tarpit;OK
-p tcp -j TARPIT --tarpit;=;OK
-p tcp -j TARPIT --honeypot;=;OK
-p tcp -j TARPIT --reset;=;OK
-p tcp -m tcp --dport 80 -j TARPIT --tarpit;=;OK
-p tcp -m tcp ! --sport 65535 -j TARPIT --honeypot;=;OK
-j TARPIT;-j TARPIT --tarpit;OK
-j TARPIT --honeypot;=;OK
-p udp -j TARPIT;-p udp -j TARPIT --tarpit;OK
! -p tcp -j TARPIT --tarpit;=;OK
-p tcp -m multiport --dports 22,25 -j TARPIT;-p tcp -m multiport --dports 22,25 -j TARPIT --tarpit;OK
-p tcp -j TARPIT --tarpit --honeypot;;FAIL
-p tcp -j TARPIT --honeypot --reset;;FAIL
-p tcp -j TARPIT --tarpit --reset;;FAIL
-p tcp -j TARPIT --reset --reset;;FAIL
-p tcp -j TARPIT ! --reset;;FAIL
-p tcp -j TARPIT --tarpit yes;;FAIL
-p tcp -j TARPIT --tarpits;;FAIL
:OUTPUT
-p tcp -j TARPIT;;FAIL
-p tcp -j TARPIT --reset;;FAIL
-j TARPIT;;FAIL
*mangle
:PREROUTING,INPUT,FORWARD
-p tcp -j TARPIT --tarpit;=;OK
-p tcp -j TARPIT --honeypot;=;OK
-p tcp -j TARPIT --reset;=;OK
:OUTPUT
-p tcp -j TARPIT;;FAIL
:POSTROUTING
-p tcp -j TARPIT;;FAIL
*raw
:PREROUTING
-p tcp -j TARPIT --tarpit;=;OK
-p tcp -j TARPIT --honeypot;=;OK
-p tcp -j TARPIT --reset;=;OK
-j TARPIT --tarpit;=;OK
:OUTPUT
-p tcp -j TARPIT;;FAIL
*nat
:PREROUTING
-p tcp -j TARPIT;;FAIL
:INPUT
-p tcp -j TARPIT --honeypot;;FAIL
*security
:INPUT
-p tcp -j TARPIT;;FAIL
:FORWARD
-p tcp -j TARPIT --reset;;FAIL
