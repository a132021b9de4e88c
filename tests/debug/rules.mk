# SPDX-License-Identifier: GPL-2.0-only
# Debug kernels and the tests that run on them: see tests/debug/check.
#
#   make debug-kernels                 builds all debug kernels into the cache
#   make check-debug [LEVEL=quick]     runs all tests on them

DEBUG_PROGRAMS := $(patsubst tests/debug/%.c,build/debug/%,$(wildcard tests/debug/*.c))

.PHONY: debug-kernels debug-programs check-debug
debug-kernels:
	tests/debug/kernel build $(or $(DEBUG_KERNELS),$(shell tests/debug/kernel names))

export DEBUG_KERNELS TEST_SEED
check-debug:
	@tests/debug/check

debug-programs: $(DEBUG_PROGRAMS)

build/debug/%: tests/debug/%.c $(wildcard tests/debug/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O1 -g -Wall -Wextra -Werror -Iinclude -o $@ $(filter %.c,$^) $(LDLIBS)

build/debug/abi-fuzz: LDLIBS += -lmnl
build/debug/abi-fuzz: $(wildcard tests/debug/abi/*.[ch])
