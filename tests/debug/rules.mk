# SPDX-License-Identifier: GPL-2.0-only
# Kernels that look for mistakes, and what is to run on them; tests/debug/README tells how far this is.
#
#   make debug-kernels    builds all of them into the cache (some minutes each)

DEBUG_KERNELS ?= $(shell tests/debug/kernel names)
DEBUG_PROGRAMS := $(patsubst tests/debug/%.c,build/debug/%,$(wildcard tests/debug/*.c))

.PHONY: debug-kernels debug-programs
debug-kernels:
	tests/debug/kernel build $(DEBUG_KERNELS)

debug-programs: $(DEBUG_PROGRAMS)

build/debug/%: tests/debug/%.c $(wildcard tests/debug/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O1 -g -Wall -Wextra -Werror -Iinclude -o $@ $< $(LDLIBS)

build/debug/abi-fuzz: LDLIBS += -lmnl
