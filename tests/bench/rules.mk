# SPDX-License-Identifier: GPL-2.0-only
# make bench [MODULE=NAME]: ours beside the kernel's own, see tests/bench/run.

.PHONY: bench bench-programs
bench:
	@tests/bench/run --publish $(MODULE)

# The cores of string in user space, which tell time: build/bench/string-core and build/bench/string-set.
bench-programs: build/bench/string-core build/bench/string-set

build/bench/%: tests/bench/%.c $(wildcard kernel/proto/string*.[ch] tests/unit/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Ikernel -Itests/unit -o $@ $< kernel/proto/string.c kernel/proto/string_set.c
