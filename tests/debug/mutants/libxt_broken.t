:INPUT,FORWARD,OUTPUT
-p udp -m broken --byte 1;=;OK
-p udp -m broken --byte 255;=;OK
-p udp -m broken --byte 256;;FAIL
-m broken --byte 1;;FAIL
