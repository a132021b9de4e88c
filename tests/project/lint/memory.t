#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What a module allocates is charged to a memory cgroup: GFP_KERNEL_ACCOUNT, a cache with
# SLAB_ACCOUNT, or pom_memcg_zalloc() where no process asks for it. Packets (skb) are charged to
# sockets. memory.ignore excuses files by the beginning of their path, with a reason.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# FILE...: a call may go over several lines.
not_charged() {
	local names='k[vmz]*alloc(_array|_node)?|kv?calloc|kmemdup|kstrn?dup|kasprintf'
	names+='|alloc_percpu(_gfp)?|__get_free_pages?|alloc_pages?'
	awk -v names="[^a-z_]($names)[(]" '
		function found(what) {
			printf "%s:%d: %s that nobody is charged for\n", FILENAME, start, what
		}
		FNR == 1 { call = cache = "" }
		!call && $0 ~ names {
			call = "."
			start = FNR
		}
		call {
			call = call $0
			if (/;/) {
				if (call !~ /ACCOUNT/)
					found("an allocation")
				call = ""
			}
		}
		!call && /KMEM_CACHE\(|kmem_cache_create/ { cache = "."; start = FNR }
		cache {
			cache = cache $0
			if (/;/) {
				if (cache !~ /SLAB_ACCOUNT/)
					found("a cache")
				cache = ""
			}
		}' "$@" </dev/null
}

# Those that memory.ignore does not excuse.
mapfile -t all < <(source_files | grep '^kernel/.*[.][ch]$' |
	grep -vE "^($(awk '!/^#/ && NF > 1 { print $1 }' tests/project/lint/memory.ignore |
		paste -sd '|'))")
each_file 'allocations are charged' "${all[@]}" < <(not_charged "${all[@]}")
done_testing
