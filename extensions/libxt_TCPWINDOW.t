# no nft equivalent: no expression changes how strict ct is with a connection
*mangle
:PREROUTING,FORWARD,OUTPUT,INPUT,POSTROUTING
-j TCPWINDOW --be-liberal;=;OK
-j TCPWINDOW --strict;=;OK
-j TCPWINDOW --no-window;=;OK
-j TCPWINDOW --loose 1;=;OK
-j TCPWINDOW --loose 3;=;OK
-j TCPWINDOW --loose 65535;=;OK
-j TCPWINDOW --loose 0;;FAIL
-j TCPWINDOW --loose 65536;;FAIL
-j TCPWINDOW --loose;;FAIL
-j TCPWINDOW --loose 3 --strict;;FAIL
-j TCPWINDOW --loose 3 --zone 1;;FAIL
-j TCPWINDOW;;FAIL
-j TCPWINDOW --be-liberal --strict;;FAIL
-j TCPWINDOW --be-liberal --no-window;;FAIL
-j TCPWINDOW --be-liberal --accept;;FAIL
-j TCPWINDOW --be-liberal --be-liberal;;FAIL
-j TCPWINDOW --zone 1;;FAIL
-j TCPWINDOW --strict --zone 1;;FAIL
:PREROUTING,OUTPUT
-j TCPWINDOW --accept;=;OK
-j TCPWINDOW --accept --zone 0;=;OK
-j TCPWINDOW --accept --zone 65535;=;OK
-j TCPWINDOW --accept --zone 65536;;FAIL
-j TCPWINDOW --accept --zone;;FAIL
:FORWARD,INPUT,POSTROUTING
-j TCPWINDOW --accept;;FAIL
*filter
:FORWARD
-j TCPWINDOW --be-liberal;=;OK
-j TCPWINDOW --accept;;FAIL
*raw
:PREROUTING
-j TCPWINDOW --be-liberal;;FAIL
