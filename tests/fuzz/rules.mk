# SPDX-License-Identifier: GPL-2.0-only
# Fuzzers: tests/fuzz/NAME.c is a libFuzzer target over kernel/proto/NAME.c; its seeds are tests/fuzz/corpus/NAME/.
# A check replays the seeds and goes on from them for FUZZ_SECONDS; `make check-fuzz FUZZ_SECONDS=3600` is for an idle night.

FUZZ_SECONDS ?= 5
CLANG ?= clang
FUZZ_NAMES := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_PROGRAMS := $(FUZZ_NAMES:%=build/fuzz/%)

.PHONY: check-fuzz fuzz
fuzz: $(FUZZ_PROGRAMS)

check-fuzz: fuzz
	prove $(PROVE_FLAGS) --exec 'tests/fuzz/run $(FUZZ_SECONDS)' $(FUZZ_PROGRAMS)

build/fuzz/%: tests/fuzz/%.c $(wildcard kernel/proto/*.[ch] tests/unit/*.h) tests/fuzz/rules.mk
	@mkdir -p $(@D)
	$(CLANG) $(HOST_CFLAGS) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $< $(wildcard kernel/proto/$*.c)
