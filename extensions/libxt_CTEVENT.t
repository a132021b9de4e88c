# no nft equivalent: nothing in nft chooses the listener of a connection's events
*mangle
:PREROUTING,FORWARD,OUTPUT,INPUT,POSTROUTING
-j CTEVENT;=;OK
-j CTEVENT --channel web;=;OK
-j CTEVENT --channel "two words";=;OK
-j CTEVENT --channel 1234567890123456789012345678901;=;OK
-j CTEVENT --sample 1/100;=;OK
-j CTEVENT --sample 1/1;=;OK
-j CTEVENT --sample 1/1000000000;=;OK
-j CTEVENT --once;=;OK
-j CTEVENT --channel web --sample 1/10 --once;=;OK
-j CTEVENT --channel 12345678901234567890123456789012;;FAIL
-j CTEVENT --channel;;FAIL
-j CTEVENT --channel a --channel b;;FAIL
-j CTEVENT --sample 100;;FAIL
-j CTEVENT --sample 1/0;;FAIL
-j CTEVENT --sample 1/1000000001;;FAIL
-j CTEVENT --sample 2/3;;FAIL
-j CTEVENT --sample 1/x;;FAIL
-j CTEVENT --sample 1/-1;;FAIL
-j CTEVENT --once 1;;FAIL
*filter
:INPUT,FORWARD,OUTPUT
-j CTEVENT --channel web;=;OK
*nat
:PREROUTING,OUTPUT,INPUT,POSTROUTING
-j CTEVENT --channel web;=;OK
*raw
:PREROUTING,OUTPUT
-j CTEVENT --channel web;;FAIL
