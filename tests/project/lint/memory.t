#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What a module allocates is charged to a memory cgroup: GFP_KERNEL_ACCOUNT, a cache with
# SLAB_ACCOUNT, or pom_memcg_zalloc() where no process asks for it. Packets (skb) are charged to
# sockets. memory.ignore excuses files by the beginning of their path, with a reason.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

excused() {
	awk -v file="$1" '!/^#/ && NF > 1 && index(file, $1) == 1 { found = 1 }
		END { exit !found }' \
		tests/project/lint/memory.ignore
}

# A call may go over several lines.
not_charged() {
	local names='k[vmz]*alloc(_array|_node)?|kv?calloc|kmemdup|kstrn?dup|kasprintf'
	names+='|alloc_percpu(_gfp)?|__get_free_pages?|alloc_pages?'
	awk -v file="$1" -v names="[^a-z_]($names)[(]" '
		function found(what) {
			printf "%s:%d: %s that nobody is charged for\n", file, start, what
		}
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
		}' "$1"
}

while read -r file; do
	[[ $file == kernel/*.[ch] ]] || continue
	excused "$file" || empty "$file: allocations are charged" not_charged "$file"
done < <(source_files)
done_testing
