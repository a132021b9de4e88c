# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The scenario library. A scenario is a bash program that wires network namespaces together, adds
# rules, sends real traffic and asserts what a user would notice. It starts with
#
#	. "${0%/*}/../lib/scenario.sh"
#
# and ends with `done_testing`. Its output is TAP. Everything that any command writes to stdout or
# stderr comes out as TAP diagnostics (`# ...`), in order, whenever a function of the library is
# called, so no program can corrupt the stream; `$(...)` and redirections work as always.
#
# A scenario runs in network, mount and process namespaces of its own (the library starts it again
# under unshare(1)): namespaces may be called n0 in every scenario, and when the scenario is killed,
# even by SIGKILL, all its processes, namespaces and rules end with it. It needs root.
#
#	topology		creates the namespaces n0 n1 n2, each with a veth e0 to the router r
#				(its ends are r0 r1 r2). n0 is 10.0.0.2 fd00:0:0:0::2, n1 is
#				10.0.1.2 fd00:0:0:1::2, n2 is 10.0.2.2 fd00:0:0:2::2; r is .1 and
#				::1 on each, and forwards. n0, n1 and n2 have no link-local
#				addresses, so they send no packets of their own. They and r have
#				permanent neighbour entries.
#	namespace NAME		creates one more namespace with lo up; `NAME CMD..` works as below
#	n0|n1|n2|r CMD..	runs CMD (a program, not a function) there; prints `n0# CMD`
#	bg VAR n0 CMD..		the same in the background: pid in VAR, output in $TMP/VAR.out
#	ipt|ip6t NS ARGS..	(iptables|ip6tables)-$BACKEND ARGS in NS. A failure outside of an
#				assertion is a failed test: the rest would test nothing.
#	rules NS 4|6|46 <<END	iptables-restore --noflush, of one family or both
#	counter NS 4|6 TABLE CHAIN N	prints how many packets rule N of CHAIN has counted
#	counter_is NS 4|6 TABLE CHAIN N WANT	true if it is WANT (for until_ok)
#	has_counted NS 4|6 TABLE CHAIN N	true if it is not 0; false without such a rule
#	ok DESC CMD..		a test: CMD succeeds (may be a function; not run in a subshell)
#	nok DESC CMD..		a test: CMD fails, and no signal kills it
#	is DESC GOT WANT	a test: the strings are equal
#	like DESC GOT REGEX	a test: GOT matches the extended regular expression
#	skip DESC REASON	a test that cannot run here, counted as skipped
#	skip_all REASON		the whole scenario cannot run here: one skipped test, and the end
#	poll SECONDS CMD..	runs CMD until it succeeds; false after SECONDS, times $POM_PATIENCE
#				(3 in the emulated guest)
#	until_ok DESC SECONDS CMD..	poll as a test
#	klog			prints the kernel log since the scenario began
#	say TEXT..		prints a line for the reader
#	done_testing		removes everything, checks that nothing is left, prints the plan,
#				exits
#
# $BACKEND is nft (default) or legacy. $TMP is a temporary directory in memory.
# Assertions belong into the scenario's own shell, never into ( ) or $( ), where they could not be
# counted: the library refuses that.
#
# A program called `demo` speaks plain words instead of TAP and uses the same functions.
set -u

if [[ ! ${POM_ISOLATED-} ]]; then
	if ((EUID != 0)); then
		echo "${0##*/}: needs root; fix: run it in the guest: tests/check-one $0" >&2
		exit 1
	fi
	POM_ISOLATED=1 PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin exec unshare \
		--net --mount --pid --fork \
		--kill-child --mount-proc -- "$BASH" "$0" "$@" </dev/null
fi
unset POM_ISOLATED

: "${BACKEND:=nft}"
case $BACKEND in
nft | legacy) ;;
*)
	echo "${0##*/}: BACKEND=$BACKEND: wanted nft or legacy" >&2
	exit 1
	;;
esac

# shellcheck source=assert.sh
. "${BASH_SOURCE[0]%/*}/assert.sh"

# ---- output: fd 3 is the TAP stream, stdout and stderr a file that fd 4 reads after it ----

_name=${0##*/}
[[ $_name != demo ]] || _demo=1
_explained=0 _asserting='' _finished=''
declare -A _ruled=()	# "NS 4|6" of every rule set touched: what a failure shows
declare -A _background=() # VAR -> pid

TMP=/run/pom-scenario
mkdir -p "$TMP" /run/netns && mount -t tmpfs pom "$TMP" && mount -t tmpfs pom /run/netns || exit
export TMP TMPDIR=$TMP
# shellcheck disable=SC2094 # written by commands, read by _flush
exec 3>&1 >>"$TMP/.output" 2>&1 4<"$TMP/.output"
exec 5<> <(:) # a pipe that never has anything to read: what _nap waits for

case $_name in
demo) _prefix='    ' ;;
*) _prefix='# ' ;;
esac

_comment() { # TEXT: a diagnostic line for each of its lines
	local line
	while IFS= read -r line; do
		printf '%s%s\n' "$_prefix" "$line"
	done <<<"$1" >&3
}

_flush() { # pass on what commands have written until now
	local line
	while IFS= read -r line <&4 || [[ $line ]]; do
		printf '%s  %s\n' "$_prefix" "$line"
	done >&3
}

_show() { # PROMPT CMD..: the command as one could type it
	local word text=''
	for word in "${@:2}"; do
		[[ $word =~ ^([A-Za-z0-9_./:=,@%+!-]+|\&)$ ]] || word=${word@Q}
		text+=" $word"
	done
	_flush
	_comment "$1#$text"
}

say() {
	_flush
	if [[ $_name == demo ]]; then printf '%s\n' "$*" >&3; else _comment "$*"; fi
}

# ---- time ----

_now() { # into $now: microseconds
	now=${EPOCHREALTIME/[.,]/}
}

_nap() { read -rt "${_pause:-0.05}" -u 5; } # a pause without a process

poll() { # SECONDS CMD..
	local now end asserting=$_asserting quiet=${_quiet-} status=0
	_now
	end=$((now + ${1%.*} * ${POM_PATIENCE:-1} * 1000000))
	_asserting=1
	while :; do
		"${@:2}" >"$TMP/.poll" 2>&1 && break
		status=$?
		_quiet=1
		_now
		((now < end)) || break
		_nap
		status=0
	done
	_asserting=$asserting _quiet=$quiet
	if ((status)); then
		printf 'still failing after %s s: %s\n' $((${1%.*} * ${POM_PATIENCE:-1})) "${*:2}"
		printf '%s\n' "$(<"$TMP/.poll")"
	fi
	return "$status"
}

# ---- namespaces, commands, rules ----

# tests/vm/run has compiled something cheaper than nsenter.
_enter=/run/pom/enter
[[ -x $_enter ]] || _enter=nsenter

_in() { # NS CMD..
	[[ ${_quiet-} ]] || _show "$@"
	"$_enter" --net="/run/netns/$1" "${@:2}" 3>&- 4<&- 5>&-
}

namespace() { # NAME
	[[ $1 =~ ^[a-z][a-z0-9]*$ ]] || { echo "namespace: '$1' is no name for one" && return 1; }
	_netns=$((_netns + 1)) # not in the pipeline, which is a subshell
	printf '%s\n' "netns add $1" "netns set $1 $_netns" | ip -batch - &&
		ip -n "$1" link set lo up && eval "$1() { _in $1 \"\$@\"; }"
}
_netns=0

# A TCP socket whose program has gone holds its namespace: it gives up soon. (ss -K would make it
# immortal on 5.10.)
_short_lives='echo 1 >/proc/sys/net/ipv4/tcp_orphan_retries'

topology() {
	local i
	printf '%s\n' 'netns add r' 'netns set r 1' 'netns add n0' 'netns set n0 2' \
		'netns add n1' 'netns set n1 3' 'netns add n2' 'netns set n2 4' |
		ip -batch - || exit
	_netns=4
	for i in 0 1 2; do
		printf '%s\n' "link add r$i address 02:00:00:00:0$i:01 type veth peer name e0 address 02:00:00:00:0$i:02 netns n$i" \
			"link set r$i addrgenmode none" "link set r$i up" \
			"address add 10.0.$i.1/24 dev r$i" \
			"address add fd00:0:0:$i::1/64 dev r$i nodad" \
			"neighbour add 10.0.$i.2 lladdr 02:00:00:00:0$i:02 dev r$i" \
			"neighbour add fd00:0:0:$i::2 lladdr 02:00:00:00:0$i:02 dev r$i"
	done | "$_enter" --net=/run/netns/r "$BASH" -c "$_short_lives"'
		echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
		ip link set lo up; exec ip -batch -' || exit
	for i in 0 1 2; do
		printf '%s\n' 'link set lo up' 'link set e0 addrgenmode none' 'link set e0 up' \
			"address add 10.0.$i.2/24 dev e0" \
			"address add fd00:0:0:$i::2/64 dev e0 nodad" \
			"neighbour add 10.0.$i.1 lladdr 02:00:00:00:0$i:01 dev e0" \
			"neighbour add fd00:0:0:$i::1 lladdr 02:00:00:00:0$i:01 dev e0" \
			"route add default via 10.0.$i.1" "route add default via fd00:0:0:$i::1" |
			"$_enter" --net="/run/netns/n$i" "$BASH" \
			-c "$_short_lives; exec ip -batch -" || exit
	done
	r() { _in r "$@"; }
	n0() { _in n0 "$@"; }
	n1() { _in n1 "$@"; }
	n2() { _in n2 "$@"; }
	local _quiet=1
	for i in 0 2; do # IPv6 is the later one to work
		poll 20 "n$i" ping -n -c 1 -W 1 fd00:0:0:1::2 && continue
		_fail 'the topology works' "n$i reaches n1" 'no answer to any ping'
		done_testing
	done
	_flush
}

bg() { # VAR CMD..
	[[ $1 =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || {
		_fail "bg $1" 'the name of a variable' "$1"
		return 1
	}
	: >"$TMP/$1.out" # here, so that nobody reads what was there before
	if [[ -e /run/netns/$2 ]]; then
		_show "$2" "${@:3}" '&'
		"$_enter" --net="/run/netns/$2" "${@:3}" 3>&- 4<&- 5>&- >"$TMP/$1.out" 2>&1 &
	else
		"${@:2}" 3>&- 4<&- >"$TMP/$1.out" 2>&1 &
	fi
	_background[$1]=$!
	printf -v "$1" %s "$!"
}

_iptables() { # PROGRAM 4|6 NS ARGS..
	local status
	_ruled["$3 $2"]=1
	[[ ${_quiet-} ]] || _show "$3" "$1" "${@:4}"
	_quiet=1 _in "$3" "$1-$BACKEND" -w 10 "${@:4}"
	status=$?
	((status == 0)) || [[ $_asserting ]] || ((BASHPID != $$)) ||
		_fail "$1 ${*:4}" 'exit status 0' "exit status $status"
	return "$status"
}
ipt() { _iptables iptables 4 "$@"; }
ip6t() { _iptables ip6tables 6 "$@"; }

rules() { # NS 4|6|46 <<END
	local family program text status=0
	IFS= read -rd '' text
	for family in 4 6; do
		[[ $2 == *$family* ]] || continue
		program=iptables
		[[ $family == 4 ]] || program=ip6tables
		_ruled["$1 $family"]=1
		_show "$1" "$program-restore" --noflush
		_comment "${text%$'\n'}"
		_quiet=1 _in "$1" "$program-$BACKEND-restore" -w 10 --noflush <<<"$text" && continue
		status=1
		[[ $_asserting ]] || _fail "$program-restore in $1" 'exit status 0' 'another'
	done
	return "$status"
}

counter() { # NS 4|6 TABLE CHAIN N
	local program=iptables line packets
	[[ $2 == 4 ]] || program=ip6tables
	line=$(_quiet=1 _in "$1" "$program-$BACKEND" -w 10 -t "$3" -L "$4" "$5" -v -n -x) || return
	read -r packets _ <<<"$line"
	printf '%s\n' "${packets:-none}"
}

counter_is() { # NS 4|6 TABLE CHAIN N WANT
	local got
	got=$(counter "${@:1:5}")
	[[ $got == "$6" ]] ||
		{ echo "rule $5 of $4 in $1 (IPv$2, table $3): wanted $6 packets, got $got" &&
		return 1; }
}

has_counted() { # NS 4|6 TABLE CHAIN N
	local got
	got=$(counter "$@")
	[[ $got == [1-9]* ]] ||
		{ echo "rule $5 of $4 in $1 (IPv$2, table $3): wanted some packets, got $got" &&
		return 1; }
}

# The marker is written when the scenario starts. The lines after it may also come from other
# causes.
klog() {
	dmesg | sed "1,/$_marker\$/d"
}
_marker="pom: scenario $_name $BACKEND ${EPOCHREALTIME/[.,]/} begins"
echo "<6>$_marker" >/dev/kmsg

# ---- assertions ----

tap_print() { # ok|'not ok' DESC [NOTE]
	if ((BASHPID != $$)); then
		echo "an assertion ran in a subshell, where it cannot be counted: $2"
		kill -TERM $$
		exit 1
	fi
	_flush
	if [[ $_name == demo ]]; then
		printf '  %s  %s\n' "$([[ $1 == ok ]] && echo yes || echo NO)" "$2${3:+ ($3)}" >&3
	else
		printf '%s %d - %s\n' "$1" "$tap_cases" "${2//#/\\#}${3:+ # $3}" >&3
	fi
}

tap_explain() { # WANTED GOT
	local i
	_comment "wanted: $1"
	_comment "got:    $2"
	for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
		[[ ${BASH_SOURCE[i]} != "${BASH_SOURCE[0]}" &&
			${BASH_SOURCE[i]} != */assert.sh ]] || continue
		_comment "at:     ${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
		break
	done
	((++_explained <= 3)) || return 0
	_explain
}

_fail() { verdict 1 "$@"; } # DESC WANTED GOT

_explain() { # what a person wants to see after a failure
	local key program text
	for key in "${!_ruled[@]}"; do
		program=iptables
		[[ $key == *4 ]] || program=ip6tables
		_comment "---- $program-$BACKEND in ${key% ?}"
		text=$(_quiet=1 _in "${key% ?}" "$program-$BACKEND-save" -c 2>&1)
		_comment "$text"
	done
	for key in "${!_background[@]}"; do
		[[ -s $TMP/$key.out ]] || continue
		_comment "---- last lines of $key"
		text=$(tail -n 5 "$TMP/$key.out")
		_comment "$text"
	done
	text=$(klog | tail -n 15)
	[[ ! $text ]] || _comment "---- the kernel"$'\n'"$text"
}

tap_run() { # CMD..
	local status
	_asserting=1
	"$@"
	status=$?
	_asserting=
	return "$status"
}

tap_matches() { [[ $1 =~ $2 ]]; } # GOT REGEX

until_ok() { # DESC SECONDS CMD..
	poll "${@:2}"
	verdict $? "$1" "success within $2 s of: ${*:3}" 'none'
}

skip_all() { # REASON
	skip "$_name" "$1"
	done_testing
}

# ---- the end ----

_others() { # print the processes of this scenario that still run (process 1 is this shell)
	local p name
	for p in /proc/[0-9]*; do
		[[ ${p##*/} != "$$" && ${p##*/} != "$BASHPID" ]] || continue
		{ read -r name <"$p/comm"; } 2>/dev/null && printf '%s\n' "$name (process ${p##*/})"
	done
}

# References to modules of netfilter that are not explained by other modules using them: rules,
# helpers in use and the like. They must end as they began.
_references() {
	local m own
	for m in /sys/module/{xt_,x_tables,ip_,ip6_,ipt_,ip6t_,nf_,nft_}*; do
		[[ -e $m/refcnt ]] || continue
		read -r own <"$m/refcnt"
		set -- "$m"/holders/*
		[[ ! -e $1 ]] || own=$((own - $#))
		((own == 0)) || printf '%s ' "${m##*/}:$own"
	done
}
_references_before=$(_references)

_nothing_left() {
	local left
	left=$(ip netns list-id 2>&1)
	[[ ! $left ]] || { echo "network namespaces that something holds: $left" && return 1; }
	left=$(_references)
	[[ $left == "$_references_before" ]] ||
		{ echo "references to modules: '$left', at the start '$_references_before'" &&
		return 1; }
}

# TERM to all that still run, KILL to those that do not listen; false if even that fails
_kill_others() {
	local signal now end pid
	for signal in TERM KILL; do
		[[ $(_others) ]] || break
		kill -s "$signal" -- -1
		_now
		end=$((now + 2000000))
		while [[ $(_others) ]] && ((now < end)); do
			_nap
			_now
		done
	done 2>/dev/null
	for pid in "${_background[@]}"; do wait "$pid"; done 2>/dev/null
	[[ ! $(_others) ]]
}

_remove() { # everything; the mounts go with this process
	local path
	_kill_others
	for path in /run/netns/*; do
		[[ ! -e $path ]] || echo "netns delete ${path##*/}"
	done | ip -batch -
}

done_testing() {
	local asserted=$tap_cases
	_flush
	if ((tap_failed && _explained == 0)); then _explain; fi
	_ruled=()
	_remove
	if [[ $(_others) ]]; then
		_fail 'processes, namespaces and rules are gone' 'no process left' "$(_others)"
	elif _pause=0.2 poll 20 _nothing_left; then # some kernels take seconds, and looking is dear
		[[ $_name == demo ]] || verdict 0 'processes, namespaces and rules are gone'
	else
		_fail 'processes, namespaces and rules are gone' 'nothing left' 'what is said above'
	fi
	((asserted)) || _fail 'the scenario asserts something' 'an assertion' 'none'
	[[ $_name == demo ]] || printf '1..%d\n' "$tap_cases" >&3
	_finished=1
	exit $((tap_failed > 0))
}

_ended() { # whatever ended the scenario
	local status=$?
	trap '' TERM INT HUP
	[[ $_finished ]] || {
		_flush
		_comment "ended with status $status before done_testing"
		_explain
		_remove
	}
	_flush
	((status || !_finished)) || exit 0
	exit $((status ? status : 1))
}
trap _ended EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP
