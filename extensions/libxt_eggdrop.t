# no nft equivalent: nft compares fixed bytes; it cannot find lines
:INPUT,FORWARD,OUTPUT
-p tcp -m eggdrop --share offer;=;OK
-p tcp -m eggdrop ! --share offer;=;OK
-p tcp -m eggdrop --share send;=;OK
-p tcp -m eggdrop --share SEND,offer;-p tcp -m eggdrop --share offer,send;OK
-p tcp -m eggdrop --share offer,accept,refuse,send;=;OK
-p tcp -m eggdrop ! --share accept,refuse,send;=;OK
-p tcp -m tcp --dport 3333 -m eggdrop --share refuse -m eggdrop ! --share accept;=;OK
-p tcp -m eggdrop;;FAIL
-m eggdrop --share offer;;FAIL
-p udp -m eggdrop --share offer;;FAIL
-p tcp -m eggdrop --share;;FAIL
-p tcp -m eggdrop --share "";;FAIL
-p tcp -m eggdrop --share offer,;;FAIL
-p tcp -m eggdrop --share get;;FAIL
-p tcp -m eggdrop --share offer,offer;;FAIL
-p tcp -m eggdrop --share offer --share send;;FAIL
-p tcp -m eggdrop ! --share offer,accept,refuse,send;;FAIL
