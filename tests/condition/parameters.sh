#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The module's parameters: who may read and write conditions.
#
#   r (alone)      rules in r's INPUT, the module loaded with one set of parameters after the other
. "${0%/*}/../lib/scenario.sh"
namespace r
unused() { read -r users </sys/module/xt_condition/refcnt && ((users == 0)); }
file=/proc/net/nf_condition/gate

until_ok 'no rule uses the module' 20 unused
rmmod xt_condition
for wrong in condition_list_perms=01644 condition_list_perms=0 condition_list_perms=0755 \
	condition_list_perms=-1 condition_list_perms=rw \
	condition_uid_perms=4294967295 condition_uid_perms=-1 condition_uid_perms=nobody \
	condition_gid_perms=4294967295; do
	nok "$wrong is refused" modprobe xt_condition $wrong
done
like 'the log says why, of permissions' "$(klog)" \
	'xt_condition: condition_list_perms=01644: wanted some of the read and write'
like 'of users' "$(klog)" 'xt_condition: condition_uid_perms=4294967295 is not a user id'
like 'of groups' "$(klog)" 'xt_condition: condition_gid_perms=4294967295 is not a group id'

ok 'right ones are taken' modprobe xt_condition condition_list_perms=0640 condition_uid_perms=1000 \
	condition_gid_perms=1001
ipt r -A INPUT -m condition --condition gate
is 'they show at the file' "$(r stat -c '%a %u %g' $file)" '640 1000 1001'
ok 'the owner writes' r setpriv --reuid 1000 --regid 1000 --clear-groups bash -c "echo 1 >$file"
is 'the group reads' "$(r setpriv --reuid 2000 --regid 1001 --clear-groups cat $file)" 1
nok 'but does not write' r setpriv --reuid 2000 --regid 1001 --clear-groups bash -c "echo 0 >$file"
nok 'others do not read' r setpriv --reuid 2000 --regid 2000 --clear-groups cat $file

say 'A user namespace that knows its root only: the files are its root'"'"'s.'
# shellcheck disable=SC2016 # the inner shell expands
is 'owner and group there' \
	"$(XTABLES_LOCKFILE=/dev/null setpriv --reuid 3000 --regid 3000 --clear-groups unshare \
	--user --map-root-user \
	--net bash -c '"iptables-$BACKEND" -A INPUT -m condition --condition gate && stat -c "%a %u %g" /proc/net/nf_condition/gate' 2>&1)" \
	'640 0 0'

ipt r -F INPUT
until_ok 'no rule uses the module again' 20 unused
ok 'it unloads' rmmod xt_condition
ok 'and loads as it was' modprobe xt_condition

done_testing
