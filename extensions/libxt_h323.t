# no nft equivalent: nft compares fixed bytes; it cannot follow the lengths of messages in a segment, nor read PER
:INPUT,FORWARD,OUTPUT
-p tcp -m h323 --message setup;=;OK
-p tcp -m h323 ! --message setup;=;OK
-p tcp -m h323 --message CONNECT,setup;-p tcp -m h323 --message setup,connect;OK
-p tcp -m h323 --message setup,setup-acknowledge,call-proceeding,alerting,progress,connect,facility,notify,information,status-inquiry,status,release-complete;=;OK
-p udp -m h323 --ras rrq;=;OK
-p udp -m h323 ! --ras grq,scr;=;OK
-p udp -m h323 --ras grq,gcf,grj,rrq,rcf,rrj,urq,ucf,urj,arq,acf,arj,brq,bcf,brj,drq,dcf,drj,lrq,lcf,lrj,irq,irr,nsm,xrs,rip,rai,rac,iack,inak,sci,scr;=;OK
-p tcp -m tcp --dport 1720 -m h323 --message setup -m h323 ! --message facility;=;OK
-m h323 --message setup;;FAIL
-m h323 --ras rrq;;FAIL
-p udp -m h323 --message setup;;FAIL
-p tcp -m h323 --ras rrq;;FAIL
! -p tcp -m h323 --message setup;;FAIL
-p tcp -m h323;;FAIL
-p tcp -m h323 --message;;FAIL
-p tcp -m h323 --message "";;FAIL
-p tcp -m h323 --message setup,;;FAIL
-p tcp -m h323 --message setup,setup;;FAIL
-p tcp -m h323 --message rrq;;FAIL
-p tcp -m h323 --message setup --message connect;;FAIL
-p tcp -m h323 --message setup --ras rrq;;FAIL
-p udp -m h323 --ras setup;;FAIL
-p udp -m h323 --ras acs;;FAIL
-p tcp -m h323 ! --message setup,setup-acknowledge,call-proceeding,alerting,progress,connect,facility,notify,information,status-inquiry,status,release-complete;;FAIL
-p udp -m h323 ! --ras grq,gcf,grj,rrq,rcf,rrj,urq,ucf,urj,arq,acf,arj,brq,bcf,brj,drq,dcf,drj,lrq,lcf,lrj,irq,irr,nsm,xrs,rip,rai,rac,iack,inak,sci,scr;;FAIL
