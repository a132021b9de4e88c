#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The environment of SCRIPT in the guest, and the output and exit status of tests/vm/run.
# inputs: scripts/* tests/lib/guest/*
# copies: *
. "${0%/*}/../lib/tap.sh"
vm=tests/vm/run
export TMPDIR=$TAP_TMP/tmp
mkdir "$TMPDIR"

# Invalid options are refused at once, with status 125.
refused() { # DESC REGEX ARG...
	local status
	"$vm" "${@:3}" >"$TAP_TMP/said" 2>&1 </dev/null
	status=$?
	is "$1: the status" "$status" 125
	like "$1: the message" "$(<"$TAP_TMP/said")" "$2"
}
ok '--help succeeds' "$vm" --help
like '--help names the options' "$("$vm" --help)" '--virtual-time'
refused 'no script' 'no SCRIPT given'
refused 'an unknown option' "unknown option '--fast'" --fast true
refused 'a value that is no number' "--smp needs a number, not '0'" --smp 0 true
refused 'an option without its value' '--kernel needs a value' --kernel
refused 'a script that does not exist' 'script ./nowhere.sh does not exist' --patchlets none \
	./nowhere.sh
refused 'a path that does not exist' '/nowhere/vmlinuz does not exist' --kernel /nowhere/vmlinuz \
	true
refused 'a file that is no kernel' 'is not a Linux kernel image' --kernel ./Makefile true
refused 'a directory that is no kernel tree' 'not a prepared kernel tree' --kernel ./tests true
refused 'an unknown kernel' 'no kernel called 4.4' --kernel 4.4 true
refused 'an architecture without guests' 'there are no guests of s390x' --kernel 6.1-s390x true
refused 'a shell without a terminal' '--shell needs a terminal' --shell
refused 'a patchlet that does not exist' 'no-such-patchlet' --patchlets no-such-patchlet true

POM_OF_THE_TEST=a TEST_OF_THE_TEST='b  c' BACKEND=nft OTHER_OF_THE_TEST=d \
	"$vm" --patchlets none --smp 2 tests/vm/t/guest-state 'one  two' '' \
	"it's" >"$TAP_TMP/said" 2>"$TAP_TMP/complained" </dev/null
is 'the exit status is that of the script' $? 7
is 'the state of the guest' "$(<"$TAP_TMP/said")" "$(
	cat <<-END
		id 0
		directory $POM_TOP
		arguments <one  two> <> <it's>
		input <>
		home /root
		environment a b  c nft none
		TMPDIR tmpfs
		mounted /proc proc
		mounted /sys sysfs
		mounted /sys/fs/cgroup cgroup2fs
		mounted /sys/kernel/debug debugfs
		mounted /sys/kernel/tracing tracefs
		mounted /dev tmpfs
		mounted /dev/pts devpts
		mounted /dev/shm tmpfs
		mounted /run tmpfs
		host name pom
		loopback unknown
		writes written
		redirection works
		namespaces one
		iptables-nft -A INPUT -m limit --limit 1/sec -j ACCEPT
		iptables-legacy -A INPUT -m limit --limit 1/sec -j ACCEPT
		ip6tables-nft -A INPUT -m limit --limit 1/sec -j ACCEPT
		ip6tables-legacy -A INPUT -m limit --limit 1/sec -j ACCEPT
		entropy 16
	END
)"
is 'standard error is separate' "$(<"$TAP_TMP/complained")" 'to standard error'
nok 'writes do not reach the host: a new file' test -e tests/vm/written-by-a-test
nok 'writes do not reach the host: an existing file' grep -qx written README.md

release=$(scripts/kernel release 6.1)

# Output appears while the script runs: the first line arrives at least two seconds before the
# second one.
"$vm" --kernel "$(scripts/kernel image 6.1)" --patchlets none bash \
	-c 'uname -r; sleep 3; echo second' 2>&1 </dev/null |
	while read -r line; do
		echo "$EPOCHREALTIME $line"
	done >"$TAP_TMP/times"
read -r -d '' first booted second _ <"$TAP_TMP/times" || true
is 'a vmlinuz is booted by its path' "$booted" "$release"
ok 'output appears when it is written' awk -v first="$first" -v second="$second" \
	'BEGIN { exit !(second - first > 2) }'

# Virtual time: an hour of sleep takes seconds, and the clock shows an hour. Reading files of the
# host, with a sleeping process, takes little virtual time.
started=$SECONDS
"$vm" --kernel "$(scripts/kernel dir 6.1)" --patchlets none --virtual-time bash -c '
	sleep 1
	read -r before _ </proc/uptime
	sleep 3600
	read -r after _ </proc/uptime
	awk -v time=$after -v before=$before "BEGIN { printf \"%d\n\", time - before }"
	sleep 7200 &
	read -r before _ </proc/uptime
	find /usr/bin /usr/share/doc -type f | head -n 300 | xargs cat | wc -c >/dev/null
	read -r after _ </proc/uptime
	awk -v time=$after -v before=$before "BEGIN { print time - before }"
	uname -r' </dev/null >"$TAP_TMP/said"
{ read -r slept && read -r waited && read -r booted; } <"$TAP_TMP/said"
is 'a kernel is booted by its KERNEL_DIR' "$booted" "$release"
ok "a sleep of an hour takes an hour of virtual time ($slept)" test $((slept - 3600)) -ge 0 \
	-a $((slept - 3600)) -le 30
ok "300 files take less than 20 seconds of it ($waited)" awk -v time="$waited" \
	'BEGIN { exit !(time < 20) }'
is 'and takes less than three minutes of real time' $((SECONDS - started < 180)) 1

# An ordinary user, in a copy of the tree that belongs to that user.
if ((EUID)); then
	skip 'works for an ordinary user' 'this is an ordinary user: all of the above shows it'
else
	copy=$TAP_TMP/copy
	mkdir -p "$copy/cache/kernels/by-name" "$copy/tree"
	chmod 755 "$TAP_TMP"
	cp -d "$POM_CACHE/kernels/by-name/6.1" "$copy/cache/kernels/by-name/"
	mkdir "$copy/cache/kernels/$release"
	cp -r "$POM_CACHE/kernels/$release/image" "$copy/cache/kernels/$release/"
	cp -r scripts tests "$copy/tree/"
	chown -R nobody "$copy"
	(cd "$copy/tree" && exec setpriv --reuid nobody --regid nogroup --groups nogroup,adm env \
		HOME="$copy" TMPDIR="$copy" \
		POM_CACHE="$copy/cache" tests/vm/run --patchlets none bash -c '
		id -u; stat -c %U tests; touch new && iptables-nft -A INPUT -m limit && echo rule
		cat /etc/shadow' \
		>"$TAP_TMP/said" 2>"$TAP_TMP/complained" </dev/null)
	is 'an ordinary user: the status' $? 1
	is 'an ordinary user is root in the guest, and owns the files of the tree' \
		"$(tr '\n' ' ' <"$TAP_TMP/said")" '0 root rule '
	like 'an ordinary user cannot read files that are unreadable on the host' \
		"$(<"$TAP_TMP/complained")" '/etc/shadow: Permission denied'
	nok 'an ordinary user: writes do not reach the host' test -e "$copy/tree/new"
fi
is 'no temporary files are left' "$(ls "$TMPDIR")" ''
done_testing
