# SPDX-License-Identifier: GPL-2.0-only
# make bench [MODULE=NAME]: compares modules with the kernel's own, see tests/lib/bench/run.

.PHONY: bench bench-programs
bench:
	@tests/lib/bench/run --publish $(MODULE)

# The cores of string in user space, which tell time: build/bench/string/search and
# build/bench/string/automaton.
bench-programs: $(patsubst tests/%.bench.c,build/bench/%,$(wildcard tests/*/*.bench.c))

build/bench/%: tests/%.bench.c $(wildcard kernel/*/*.[ch] tests/*/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Ikernel -o $@ $< \
		$$(scripts/info parsers | grep '^kernel/$(*D)/')
