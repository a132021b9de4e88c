# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of tests/vm/run and its other parts
# The verdict of a run. The guest writes these lines to its own port:
#   booted SECONDS          the guest is up
#   module NAME MESSAGE     a module could not be loaded
#   started SECONDS         SCRIPT starts
#   status N                SCRIPT's exit status
#   taint BEFORE AFTER      of the kernel
#   kernel LINE             a line of the kernel log that reports a fault
#   end                     the verdict is complete; without this line the run has failed

# Lines that a healthy kernel never prints. Tests that scan with kmemleak check its reports:
# tests/debug/guest/lib.sh.
bad_lines='(^|\] )(\[ )?(WARNING: |BUG: |BUG |INFO: (rcu|task|possible|trying|inconsistent|suspicious)|kernel BUG at|Oops|general protection|'\
'Kernel panic|watchdog: BUG|rcu: INFO|unregister_netdevice: waiting|refcount_t: |UBSAN: |KASAN: |double fault|list_(add|del) corruption|'\
'.*possible (circular|recursive) locking|.*suspicious RCU usage|.*inconsistent lock state|Out of memory: |ODEBUG: )'

# Prints the first fault in the console log, with its context.
print_fault() {
	local first
	first=$(grep -anE "$bad_lines" "$console" | head -n 1 | cut -d: -f1 || true)
	if [[ -n $first ]]; then
		sed -n "$((first > 3 ? first - 3 : 1)),$((first + 60))p" "$console"
	else
		tail -n 15 "$console"
	fi | tr -d '\r' | sed 's/^/  | /' >&2
}

failure() {
	printf '%s: %s\n' "$POM_PROGRAM" "$1" >&2
	info "the kernel's console: $console"
	concluded=1
	exit "${2:-$STATUS_MACHINE}"
}

# Ends with the exit status of the run.
judge() {
	local word rest status='' ended=0 before=0 after=0 faults=() failed=() started=''
	while read -r word rest; do
		case $word in
		started) started=$rest ;;
		status) status=$rest ;;
		taint) read -r before after <<<"$rest" ;;
		kernel) faults+=("$rest") ;;
		module) failed+=("$rest") ;;
		end) ended=1 ;;
		esac
	done <"$tmp/verdict"
	# The names sort by time.
	find "$state/console" -name '*.log' | LC_ALL=C sort | head -n -20 | xargs -r rm -f

	if ((!ended)); then
		no_verdict "$started"
	elif ((${#failed[@]})); then
		printf '  | %s\n' "${failed[@]}" >&2
		failure "patchlets do not load into $release"
	elif ((${#faults[@]})); then
		printf '  | %s\n' "${faults[@]}" >&2
		failure "the kernel $release reported a fault (the script's exit status was $status)"
	elif ((after & ~(before | 1 << 12 | 1 << 13))); then
		print_fault
		failure "the kernel $release is tainted: $before before, $after after (the script's exit status was $status)"
	fi
	concluded=1
	exit "$status"
}

no_verdict() {
	if [[ -s $tmp/qemu.log ]]; then
		sed 's/^/  | /' "$tmp/qemu.log" >&2
	fi
	print_fault
	if ((timed_out)); then
		failure "timeout: not done after $timeout seconds$([[ -n $1 ]] ||
			echo ', the script had not started')" "$STATUS_TIMEOUT"
	fi
	[[ -n $1 ]] || failure "the guest ended before the script started"
	failure "the guest ended while the script ran: panic or power-off"
}
