#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/lib/scenario.sh: namespaces, traffic, counters and assertions do what they say, a scenario
# that does not end well is noticed, and nothing outlives one. Runs on the host's kernel, without
# root in a user namespace.
# inputs: tests/lib/scenario.sh
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"

as_root=()
((EUID == 0)) || as_root=(unshare --user --map-root-user)
"${as_root[@]}" unshare --net --mount --pid --fork --mount-proc iptables-nft \
	-L -n >/dev/null 2>&1 || {
	skip 'scenarios on the host' 'this user cannot create namespaces with iptables'
	done_testing
}

# scenario: runs the scenario on standard input, prints its TAP
scenario() {
	{ echo ". $POM_TOP/tests/lib/scenario.sh" && cat; } >"$TAP_TMP/scenario.sh"
	timeout -k 10 60 "${as_root[@]}" bash "$TAP_TMP/scenario.sh" 2>&1
}
counted() { # DESC COUNTS: a test: the scenario on standard input gives these counts
	local counts
	scenario >"$TAP_TMP/tap"
	counts=$(printf 'scenario\tthe test\tcat %s; exit %d\n' "$TAP_TMP/tap" $? |
		tests/harness | tail -n 1)
	is "$1" "$counts" "$2"
}

counted 'traffic is counted' '10 passed, 0 failed, 0 skipped' <<-'END'
	topology
	ipt r -A FORWARD -p icmp -s 10.0.0.2
	ip6t r -A FORWARD -p icmpv6 -s fd00:0:0:0::2
	ok 'IPv4 arrives' n0 ping -c 2 -i 0.2 10.0.1.2
	is 'and is counted' "$(counter r 4 filter FORWARD 1)" 2
	ok 'so its rule has packets' has_counted r 4 filter FORWARD 1
	nok 'that of IPv6 has none' has_counted r 6 filter FORWARD 1
	nok 'nor has one that does not exist' has_counted r 4 filter FORWARD 2
	ok 'IPv6 arrives' n0 ping -c 2 -i 0.2 fd00:0:0:2::2
	until_ok 'and is counted' 2 counter_is r 6 filter FORWARD 1 2
	nok 'what is not there does not answer' n0 ping -c 1 -W 1 10.0.1.3
	bg server n1 sleep 1000 # sleep: ended by the library
	runs() { [[ $(<"/proc/$server/comm") == sleep ]]; }
	until_ok 'a process in the background runs' 5 runs
	done_testing
END

counted 'each assertion can fail' '1 passed, 5 failed, 0 skipped' <<-'END'
	ok a false
	nok b true
	is c 1 2
	like d abc 'x$'
	until_ok e 0 false
	done_testing
END
like 'a command is shown so that it can be typed' "$(scenario <<-'END'
	namespace x
	ok a x printf %s 'a b' '$c;d' ''
	done_testing
END
)" "# x# printf %s 'a b' '\\\$c;d' ''"
counted 'a program that is killed has not refused' '1 passed, 1 failed, 0 skipped' <<-'END'
	nok a bash -c 'kill -SEGV $$'
	done_testing
END
counted 'a rule that fails to load is a failure' '2 passed, 1 failed, 0 skipped' <<-'END'
	namespace x
	ipt x -A FORWARD -j NO_SUCH_TARGET
	ok a true
	done_testing
END
counted 'tables are loaded into both families, or one' '5 passed, 0 failed, 0 skipped' <<-'END'
	namespace x
	mine() {
		x "$1-$BACKEND-save" | grep -cE -- "-p udp (-m udp )?--dport $2 -j DROP"
	}
	rules x 46 <<<$'*filter\n-A FORWARD -p udp --dport 1 -j DROP\nCOMMIT'
	rules x 6 <<<$'*filter\n-A FORWARD -p udp --dport 2 -j DROP\nCOMMIT'
	is 'IPv4 has what is for both' "$(mine iptables 1)" 1
	is 'so has IPv6' "$(mine ip6tables 1)" 1
	is 'IPv4 has nothing of IPv6' "$(mine iptables 2)" 0
	is 'which has that, too' "$(mine ip6tables 2)" 1
	done_testing
END
counted 'a process in the background needs the name of a variable' \
	'3 passed, 1 failed, 0 skipped' <<-'END'
	bg 2nd true
	bg second2 true
	ok 'a name may have digits' wait "$second2"
	ok a true
	done_testing
END
counted 'a table that fails to load is a failure in each family' \
	'2 passed, 2 failed, 0 skipped' <<-'END'
	namespace x
	rules x 46 <<<$'*filter\n-A FORWARD -j NO_SUCH_TARGET\nCOMMIT'
	ok a true
	done_testing
END
counted 'a skipped test is counted' \
	'2 passed, 0 failed, 1 skipped' <<<$'ok a true\nskip b "no tool"\ndone_testing'
counted 'a scenario that cannot run is counted' \
	'1 passed, 0 failed, 1 skipped' <<<$'skip_all "no tool"\nok a true\ndone_testing'
counted 'a scenario that asserts nothing fails' '1 passed, 1 failed, 0 skipped' <<<'done_testing'
counted 'a scenario that stops early fails' '1 passed, 1 failed, 0 skipped' <<<$'ok a true\nexit 0'
counted 'an unset variable stops it' \
	'1 passed, 1 failed, 0 skipped' <<<$'ok a true\nok b test $nothing\ndone_testing'
counted 'an assertion in a subshell is refused' \
	'1 passed, 1 failed, 0 skipped' <<<$'ok a true\n( ok b true )\ndone_testing'
counted 'programs cannot forge results' \
	'2 passed, 0 failed, 0 skipped' \
	<<<$'echo "ok 1 - forged"\necho "Bail out!"\nok a true\ndone_testing'
counted 'what is left in a namespace is ended' '2 passed, 0 failed, 0 skipped' <<-'END'
	namespace x
	x setsid -f sh -c 'trap "" TERM; exec sleep 1001' # sleep: ended by the library
	ok a true
	done_testing
END

# KILL leaves the scenario no time to remove anything.
cat >"$TAP_TMP/killed.sh" <<END
. $POM_TOP/tests/lib/scenario.sh
namespace x
x sleep 1002 # sleep: killed below
END
"${as_root[@]}" bash "$TAP_TMP/killed.sh" >/dev/null 2>&1 &
killed=$!
left() { grep -lzx '100[2]' /proc/[0-9]*/cmdline 2>/dev/null | grep -q .; }
gone() { ! left; }
within() { # SECONDS CMD...
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		((SECONDS < end)) || return 1
		sleep 0.1 # sleep: between two polls
	done
}
ok 'a scenario is running' within 20 left
kill -KILL "$killed"
wait "$killed" 2>/dev/null
ok 'killed, it leaves no process' within 20 gone
scenario >"$TAP_TMP/tap" <<-'END'
	namespace a
	ok 'a command with a pattern' a echo 'boot/*' '[a-z]' 'a&b' "it's" ! --x=1 2:3
	bg LATER a true
	done_testing
END
like 'a command is printed as it can be typed' "$(<"$TAP_TMP/tap")" \
	"^# a# echo 'boot/\\*' '\\[a-z\\]' 'a&b' 'it'\\\\''s' ! --x=1 2:3\$"
like 'and a command in the background' "$(<"$TAP_TMP/tap")" '^# a# true &$'

done_testing
