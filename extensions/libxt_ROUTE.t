# no nft equivalent: nft can send a copy (dup) or a packet of the netdev hooks (fwd), but no expression changes the route of a packet
*mangle
:PREROUTING,INPUT,FORWARD,OUTPUT,POSTROUTING
-j ROUTE --oif eth1;=;OK
-j ROUTE --oif eth1 --continue;=;OK
-j ROUTE --oif eth1 --tee;=;OK
-j ROUTE --oif eth1 --untrack;=;OK
-j ROUTE --iif eth1;=;OK
:PREROUTING
-p tcp -m tcp --dport 80 -j ROUTE --oif tunl1;=;OK
-p tcp -m tcp --dport 80 -j ROUTE --iface tunl1;-p tcp -m tcp --dport 80 -j ROUTE --oif tunl1;OK
-j ROUTE --continue --oif eth1;-j ROUTE --oif eth1 --continue;OK
-j ROUTE --continue --untrack --oif eth1;-j ROUTE --oif eth1 --untrack --continue;OK
-j ROUTE --oif a;=;OK
-j ROUTE --oif abcdefghijklmno;=;OK
-j ROUTE --iif abcdefghijklmno;=;OK
-j ROUTE --oif eth0.100;=;OK
-j ROUTE --oif e+h;=;OK
-j ROUTE --oif "a\"b";=;OK
-j ROUTE;;FAIL
-j ROUTE --oif abcdefghijklmnop;;FAIL
-j ROUTE --iif abcdefghijklmnop;;FAIL
-j ROUTE --iface abcdefghijklmnop;;FAIL
-j ROUTE --oif eth+;;FAIL
-j ROUTE --iif eth+;;FAIL
-j ROUTE --oif +;;FAIL
-j ROUTE --oif a/b;;FAIL
-j ROUTE --oif eth0:1;;FAIL
-j ROUTE --oif .;;FAIL
-j ROUTE --oif ..;;FAIL
-j ROUTE --oif;;FAIL
-j ROUTE --gw;;FAIL
-j ROUTE --iif;;FAIL
-j ROUTE --tee;;FAIL
-j ROUTE --continue;;FAIL
-j ROUTE --untrack;;FAIL
-j ROUTE --iif eth1 --untrack;;FAIL
-j ROUTE --oif eth1 --tee --untrack;;FAIL
-j ROUTE --oif eth1 --untrack --untrack;;FAIL
-j ROUTE --oif eth1 --iif eth2;;FAIL
-j ROUTE --oif eth1 --oif eth2;;FAIL
-j ROUTE --oif eth1 --iface eth1;;FAIL
-j ROUTE --iif eth1 --iif eth2;;FAIL
-j ROUTE --iif eth1 --continue;;FAIL
-j ROUTE --iif eth1 --tee;;FAIL
-j ROUTE --oif eth1 --tee --continue;;FAIL
-j ROUTE --oif eth1 --tee --tee;;FAIL
-j ROUTE --oif eth1 --continue --continue;;FAIL
-j ROUTE ! --oif eth1;;FAIL
-j ROUTE --oif eth1 --continue yes;;FAIL
-j ROUTE --gw not.an.address.invalid;;FAIL
%IPv4
-j ROUTE --gw 192.0.2.1;=;OK
-j ROUTE --to 192.0.2.1;-j ROUTE --gw 192.0.2.1;OK
-j ROUTE --gw 192.0.2.1 --continue;=;OK
-j ROUTE --gw 192.0.2.1 --tee;=;OK
-j ROUTE --gw 192.0.2.1 --untrack;=;OK
-j ROUTE --oif eth1 --gw 192.0.2.1;=;OK
-j ROUTE --gw 192.0.2.1 --iface eth1;-j ROUTE --oif eth1 --gw 192.0.2.1;OK
-j ROUTE --oif eth1 --gw 192.0.2.1 --tee;=;OK
-j ROUTE --gw 1.0.0.0;=;OK
-j ROUTE --gw 223.255.255.255;=;OK
-j ROUTE --gw 240.0.0.0;=;OK
-j ROUTE --gw 0.255.255.255;;FAIL
-j ROUTE --gw 127.0.0.1;;FAIL
-j ROUTE --gw 224.0.0.0;;FAIL
-j ROUTE --gw 239.255.255.255;;FAIL
-j ROUTE --gw 255.255.255.255;;FAIL
-j ROUTE --gw 192.0.2.0/24;;FAIL
-j ROUTE --gw 2001:db8::1;;FAIL
-j ROUTE --gw 192.0.2.1 --gw 192.0.2.2;;FAIL
-j ROUTE --gw 192.0.2.1 --to 192.0.2.2;;FAIL
-j ROUTE --gw 192.0.2.1 --iif eth1;;FAIL
-j ROUTE ! --gw 192.0.2.1;;FAIL
%IPv6
-j ROUTE --gw 2001:db8::1;=;OK
-j ROUTE --gw 2001:db8::1 --untrack;=;OK
-j ROUTE --to 2001:db8::1;-j ROUTE --gw 2001:db8::1;OK
-j ROUTE --gw 2001:db8::1 --continue;=;OK
-j ROUTE --gw 2001:db8::1 --tee;=;OK
-j ROUTE --oif eth1 --gw fe80::1;=;OK
-j ROUTE --gw fe80::1;;FAIL
-j ROUTE --gw ::;;FAIL
-j ROUTE --gw ::1;;FAIL
-j ROUTE --gw ff02::1;;FAIL
-j ROUTE --gw 192.0.2.1;;FAIL
-j ROUTE --gw 2001:db8::/64;;FAIL
-j ROUTE --gw 2001:db8::1 --iif eth1;;FAIL
%both
*filter
:INPUT,FORWARD,OUTPUT
-j ROUTE --oif eth1;;FAIL
*nat
:PREROUTING,POSTROUTING
-j ROUTE --oif eth1;;FAIL
*raw
:PREROUTING,OUTPUT
-j ROUTE --iif eth1;;FAIL
